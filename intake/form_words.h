/* form_words.h -- the questions of the report form in words: what each asks and what its choices are called, for the
 * page that asks and for the page on which answers are checked. The office's words, where it gives its own, and its own
 * questions (own.h) beside ours. Neighbours: form_questions.c has ours, steps.c knows what is asked. */
#ifndef INTAKE_FORM_WORDS_H
#define INTAKE_FORM_WORDS_H

#include <jansson.h>

#include "common/http/form.h"
#include "intake/form_questions.h"
#include "intake/pages.h"
#include "intake/steps.h"

/* Into a page's context for each question that is asked on `step` (NULL: on all) its NAME_asks {field, says, help,
 * value, options, error}, for each step that has any its title_STEP, and own_STEP, the office's own as a list of the
 * same. What is in another language than the page has `in` and `dir`. */
void form_words_put(json_t *context, const struct step *step, const struct form *told, struct pages_words *words);
/* Puts the first of a page's "errors" beside its question. */
void form_words_mark(json_t *context);
/* What was answered, for reading: [{step, field, says, answers: [{says}]}], and of the steps that were not answered
 * [{step, title}]. */
json_t *form_words_answers(const struct form *told, struct pages_words *words);
json_t *form_words_open(const struct form *told, struct pages_words *words);

#endif
