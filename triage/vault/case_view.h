/* case_view.h -- the case that an operation asks for, and a case as the console is shown it: the whole page. The line
 * of a list: case_item.h. */
#ifndef TRIAGE_VAULT_CASE_VIEW_H
#define TRIAGE_VAULT_CASE_VIEW_H

#include "triage/vault/book.h"
#include "triage/vault/case_item.h"
#include "triage/vault/request.h"

/* Read the conversation and answer the request with all of the case. Takes the request. */
void case_answer_full(struct request *request, const struct case_file *file);
/* The case that the request names in "case"; NULL when the request was answered (`malformed`, `not_found`) or waits at
 * the case (`to_write` and somebody is writing it: it will run again). */
struct case_file *case_asked(struct request *request, int to_write);
/* The same for operations of a second person: an external reviewer sees only cases where one is wanted (`denied`). */
struct case_file *case_asked_as_second(struct request *request, int to_write);
/* Refuse: the case is not as who asks has seen it. Says what happened last, and who did it. */
void case_conflict(struct request *request, const struct case_file *file);
/* referral_row() of one of the state, with "answer_due", "waits" (for the answer) and "late" where the receiver of what
 * was sent has to answer by a time. New reference. */
json_t *case_referral_row(const struct vault *vault, const struct case_file *file, const json_t *state,
                          const json_t *referral);
/* "links" of a state with the impacts' titles. New reference. */
json_t *case_links(const struct vault *vault, const json_t *state);

#endif
