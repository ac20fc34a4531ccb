/* pauses.h -- the deadlines of a case stand still for a reason that the person can see.
 *
 * State "pauses" [{"from","to","code","by","says","reason"}], one at a time: `says` is for the person and stands on the
 * page of the receipt beside the code's own sentence, `reason` is for staff. Two codes end by themselves as soon as the
 * person writes. "no_safe_way" has no other end: no deadline may be a reason for an unsafe call. A first look waits for
 * nobody outside, so no pause puts it off (stages.c). */
#ifndef TRIAGE_VAULT_PAUSES_H
#define TRIAGE_VAULT_PAUSES_H

#include <jansson.h>

#include "triage/vault/deadlines.h"

enum { PAUSES_MAX = 100 };
#define PAUSE_NO_SAFE_WAY "no_safe_way"

/* 1 for a code of the table. */
int pauses_is_code(const char *code);
/* The pause that goes on, or NULL. Borrowed. */
const json_t *pauses_now(const json_t *state);
/* 1 if it began; 0: one goes on, or there are PAUSES_MAX already. Changes a draft, with a line of its history. */
MUST_CHECK int pauses_begin(json_t *state, const char *code, const char *by, const char *reason, const char *says);
/* The one that goes on is over; `by` "" where nobody of staff ended it, NULL where the history says it otherwise. 1:
 * there was one. */
int pauses_end(json_t *state, const char *by);
/* The person wrote: what waited for that is over. 1: it was. */
int pauses_heard(json_t *state);
/* As deadlines.h wants them, cut to what lies behind `from`; the newest PAUSES_MAX. How many there are. */
size_t pauses_read(const json_t *state, int64_t from, struct deadline_pause out[static PAUSES_MAX]);
/* For the person: {"code","since","says"} of the one that goes on, or NULL. New reference. */
json_t *pauses_notice(const json_t *state);

#endif
