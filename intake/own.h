/* own.h -- questions of the office's own (office.yaml, "own_questions"): which field of the form asks one, what of it
 * is an answer, and what is kept of it: the question and the choices in the words in which they were read, so that a
 * report says what was asked also when the office asks something else by then.
 *
 * Neighbours: steps.c asks which step one stands on, form_words.c shows it, report.c puts the answers under the seal.
 */
#ifndef INTAKE_OWN_H
#define INTAKE_OWN_H

#include "common/http/form.h"
#include "common/office/office.h"
#include "common/text/json.h"

#define OWN_PATH "answers.own" /* as a fault names it */

/* The question that a field of the form belongs to; NULL: none. */
const struct office_own *own_of(const struct office *office, const char *field);
/* NULL: it has no choice of that code. */
const struct office_choice *own_choice(const struct office_own *own, const char *code);
/* 1 if `value` can be an answer: any text, or the code of a choice. */
int own_takes(const struct office_own *own, const char *value);

/* What a form says, as programs say it: [{"code", "says"} or {"code", "codes": [...]}]. Empty: nothing. */
json_t *own_body(const struct office *office, const struct form *form);
/* Such a list checked, into answers.own: [{"code", "asks", "says": [...], "codes": [...]}], in the words of `language`
 * (a tag) or in English. What is left empty is left out. ERR_MALFORMED, ERR_TOO_BIG: `fault` names OWN_PATH and, where
 * one question is at fault, its field. */
MUST_CHECK enum err own_read(const struct office *office, const json_t *said, const char *language, json_t *answers,
                             struct json_fault *fault);

#endif
