/* case_state.h -- a case's state as JSON, and what is read out of it (docs/case-state.md).
 *
 * The JSON is the truth; the fields of a case file are read from it each time it is kept. Helpers here change drafts.
 */
#ifndef TRIAGE_VAULT_CASE_STATE_H
#define TRIAGE_VAULT_CASE_STATE_H

#include <jansson.h>

#include "triage/vault/book.h"
#include "triage/vault/item.h"

struct message;

/* What staff add ends a little before a state can hold no more: what persons write must still find room. */
enum { STATE_FULL = ITEM_TEXT_MAX - (1 << 20) };

/* The first state of a case from its first message and what the rules say of it. New reference. */
json_t *state_new(const struct message *message, json_t *proposal);
/* A further message: its proposal raises, what was looked at is looked at again. Takes `proposal`. */
void state_add_message(json_t *state, const struct message *message, json_t *proposal);
/* The person wrote, and nothing else was done with it: what had ended opens, what waited for them waits for us. A
 * remedy that is offered or delivered stays so, but somebody has to read what they say of it. */
void state_heard(json_t *state);
/* Staff learned of something that a person has to look at within `seconds` from now, as if words about danger had come.
 */
void state_look_within(json_t *state, int64_t seconds);
/* The draft of the next state: a copy of what is kept. New reference. */
json_t *state_draft(const struct case_file *file);
/* Read severity, lane and holder out of `state`. */
void state_read(const json_t *state, struct case_file *file);

/* One more in the conversation. */
void state_count_message(json_t *state);
/* "history": who did what, when. `what` is an English sentence of ours. Moves are written by life_move(). */
void state_history(json_t *state, const char *who, const char *what);
/* 1: the vault opened it for another case (linked.h), so the person has neither a receipt nor a number to it: what is
 * answered here, nobody reads. */
int state_is_copy(const json_t *state);
/* 1 while somebody of ours has to do something about it: it has not ended, and does not wait for the person alone. What
 * nobody has looked at does not, whatever else was done: its deadline runs. */
int state_is_ours(const json_t *state);
/* Severity that counts now: the person's assessment, or the proposal; raised by what came since. */
void state_severity(const json_t *state, struct severity *out);

const char *state_text(const json_t *state, const char *key); /* "" when missing */
void state_set_text(json_t *state, const char *key, const char *text);
/* A list under `key`, made when it is not there. Borrowed. */
json_t *state_list(json_t *state, const char *key);
/* "2026-11-22T08:00:00Z" of now. New reference. */
json_t *state_now(void);

#endif
