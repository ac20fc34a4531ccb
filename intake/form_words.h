/* form_words.h -- the questions of the report form in words: what each asks and what its choices are called, for the
 * page that asks and for the page on which answers are checked. Neighbours: report_form.c knows the fields. */
#ifndef INTAKE_FORM_WORDS_H
#define INTAKE_FORM_WORDS_H

#include <jansson.h>

#include "common/http/form.h"
#include "intake/pages.h"
#include "intake/steps.h"

struct form_option {
    const char *value, *says; /* says: a msgid */
};
struct form_question {
    const char *field, *asks;          /* asks: a msgid */
    const struct form_option *options; /* NULL: free words */
};

/* In the order of the page; ends with a question without a field. */
extern const struct form_question form_questions[];

/* For each question with choices its list NAME_options of {name, value, says, on}, and NAME_asks, into a page's
 * context. */
void form_words_put(json_t *context, const struct step *step, const struct form *told, struct pages_words *words);
/* What was answered, for reading: [{step, field, asks, answers: [...]}], and of the steps that were not answered
 * [{step, title}]. */
json_t *form_words_answers(const struct form *told, struct pages_words *words);
json_t *form_words_open(const struct form *told, struct pages_words *words);

#endif
