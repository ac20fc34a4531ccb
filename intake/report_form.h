/* report_form.h -- the web form of a report: its fields, as the JSON that report.h reads, and back into the page when
 * something has to be put right, so that nobody types twice. */
#ifndef INTAKE_REPORT_FORM_H
#define INTAKE_REPORT_FORM_H

#include <jansson.h>

#include "common/http/form.h"
#include "common/office/office.h"
#include "common/text/json.h"

/* The body of a report, to be released by the caller. A field left empty is not there. A NUL in a field, which no
 * browser sends, gives NULL. */
json_t *report_form_body(const struct office *office, const struct form *form, const char *language);
/* 1 for the name of a field that holds an answer to a question of ours; others are the office's own, or lead the page
 * through its steps. */
int report_form_knows(const char *name);
/* What was chosen, for the template: each choice as name_value: true, and the list of files. What was typed stands with
 * its question (form_words.h). Owned by the caller. */
json_t *report_form_context(const struct form *form);
/* The field of the page that a fault belongs to. */
const char *report_form_field(const struct json_fault *fault);
/* Put the sentence that belongs to a fault into the template's context: "errors", a list of one {field, says}. `says`
 * finds the words in the reader's language. */
void report_form_explain(json_t *context, const struct json_fault *fault,
                         const char *(*says)(void *arg, const char *english), void *arg);

#endif
