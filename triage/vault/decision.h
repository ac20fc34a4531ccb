/* decision.h -- what the office decided about a case: kept in its state under "decisions", told to the person in their
 * language with their reasons and the other remedies that stay open, and reviewed once by someone else if they ask.
 *
 * [{"state","by","at","reason","language","open_remedies","second","second_reason","second_at","final"}]; the words to
 * the person stand in the conversation. */
#ifndef TRIAGE_VAULT_DECISION_H
#define TRIAGE_VAULT_DECISION_H

#include "triage/vault/case_change.h"
#include "triage/vault/life.h"

enum { DECISION_REVIEW_DAYS = 30 };

/* The newest, or NULL. Borrowed. */
const json_t *decision_last(const json_t *state);
/* Until when the person may ask for a review (wall seconds); 0: it cannot be reviewed (any more). */
int64_t decision_review_until(const json_t *state);
/* Until when a review that was asked for has to be done (wall seconds); 0: there is none. */
int64_t decision_review_due(const json_t *state);
/* 1 if `who` made the newest decision or confirmed it: a review is for somebody else. */
int decision_is_of(const json_t *state, const char *who);

/* What is decided: "state", "by", "reason", "text", "language", "open_remedies" (may be missing), and where a second
 * person confirmed it what second_settle() adds. Moves the case, writes the words to the person and a notice, sends
 * them as a text to those who text. Anything but LIFE_MOVED leaves the draft as it was. */
MUST_CHECK enum life_end decision_make(struct case_change *cc, enum life_mover mover, const json_t *what);
/* A staff message in the thread, and who wrote it (none where the person's part has ended); the same as an answer,
 * which says that somebody has read. `inside` (borrowed) has "text" and "language". */
void decision_write(struct case_change *cc, const char *who, json_t *inside);
void decision_say(struct case_change *cc, const char *who, json_t *inside);

#endif
