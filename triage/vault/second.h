/* second.h -- what one person asks for and another confirms, or refuses with a reason: closing a grave case, lowering a
 * severe one, sending a part of a grave case elsewhere; and what the person asks for and staff decide: erasing it.
 *
 * What is asked stands in the case's state under a key of its own ("closing", "lowering", "referral", "erasure") until it is
 * settled; then it stands in "seconds" with both names, both reasons and both dates. Changes drafts. */
#ifndef TRIAGE_VAULT_SECOND_H
#define TRIAGE_VAULT_SECOND_H

#include <jansson.h>

#include "common/base/err.h"

/* `who` asks ("" is the person who complained). `what` (taken) is what is asked for: its members are kept beside "by",
 * "reason" and "at". What was asked before under this key is asked no more. */
void second_ask(json_t *state, const char *key, const char *who, const char *reason, json_t *what);
/* 1: there is such a key. */
int second_is_key(const char *key);
/* What waits under `key`, or NULL. Borrowed. */
const json_t *second_asked(const json_t *state, const char *key);
/* 1 if something waits and `who` is someone else. */
int second_may(const json_t *state, const char *key, const char *who);
/* `who` confirms or refuses; second_may() was asked. What was asked, with "second", "second_reason", "second_at" and
 * "confirmed", is put to "seconds" and nothing waits any more. New reference to it. */
MUST_CHECK json_t *second_settle(json_t *state, const char *key, const char *who, const char *reason, int confirm);
/* Something waits for a second person, whatever it is. */
int second_is_wanted(const json_t *state);

#endif
