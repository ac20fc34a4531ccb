/* remedy.h -- what is done to make it good, as data: offered, answered by the person, delivered, and what the person
 * says of it. Pure: works on the JSON of a state (case_state.h); acts.c and ops_remedy.c say when, decision.c tells the
 * person.
 *
 * "remedies": [{"number","types","what","by","offered" {"by","at"}, "answer" {"accepted","at","via","by","words"},
 * "delivered" {"by","at","evidence"}, "ask_on","asked","texted", "verified" {"helped","at","via","by","words"}}]. An
 * offer is never changed: a better one stands behind it. What has not happened is missing (docs/remedy.md).
 */
#ifndef TRIAGE_VAULT_REMEDY_H
#define TRIAGE_VAULT_REMEDY_H

#include <stdint.h>

#include "triage/vault/life.h"

enum { REMEDY_MAX = 16, REMEDY_WORDS_MAX = 2000 /* bytes of the person's own words that stand with the answer */ };
/* Promised without a day. */
#define REMEDY_SOME_DAY INT64_MAX

/* Who says something of a remedy: the person by "page" or "text" (`who` ""), or staff who heard it elsewhere ("staff").
 */
struct remedy_voice {
    const char *via, *who, *words;
};

/* ---- what staff do ---- */

/* 0: there is room for no more. */
int remedy_has_room(const json_t *state);
/* Offer it: "types", "what" and "by" (may be missing) of `offer` (borrowed). Anything but LIFE_MOVED leaves the state
 * as it was. */
MUST_CHECK enum life_end remedy_offer(json_t *state, const json_t *offer, const char *who);
/* The one of that number that can be delivered; `number` 0: the newest that can. NULL: there is none. Borrowed. */
json_t *remedy_to_deliver(const json_t *state, int64_t number);
/* It is delivered: written into `remedy`, which is of the state. The case is moved by the caller (life_move). */
void remedy_delivered(json_t *remedy, const char *who, const char *evidence);
/* What a decision says of the remedies: that the person refused elsewhere, that it was delivered, that the person said
 * elsewhere that it helped. The case has been moved there. */
void remedy_decided(json_t *state, enum life to, const char *who, const char *reason);

/* ---- what the person says ---- */

/* "accept", "refuse", "helped", "not_helped". 1: it was open and is written down; the case has moved, but for "helped",
 * which ends a case and is a wish (acts.h). 0: it is not open, or was said already; the state is as it was. */
MUST_CHECK int remedy_said(json_t *state, const char *act, const struct remedy_voice *voice);
/* 1 for these four. */
int remedy_is_act(const char *act);
/* They took back that it helped: it is as before. */
void remedy_unsaid(json_t *state);
/* What the person does with a text that is only a yes or a no (by_text.h); NULL: nothing is open by text. */
const char *remedy_act_of_text(const json_t *state, int is_yes);

/* ---- asking whether it helped ---- */

/* The one that was delivered and is to be asked about: when (wall seconds); 0: there is none, or it was asked. */
int64_t remedy_ask_due(const json_t *state);
/* It is asked now. `by_text`: in a text too, which can be answered by one. */
void remedy_ask(json_t *state, int by_text);
/* 1: something was asked by text, once. */
int remedy_was_texted(const json_t *state);
/* The newest offer was sent as a text, which can be answered by one. */
void remedy_offer_texted(json_t *state);

/* ---- what is promised ---- */

/* Accepted by the person and not delivered yet. */
int remedy_is_promised(const json_t *remedy);
/* By when the earliest that is promised in an open case has to be there (wall seconds, REMEDY_SOME_DAY); 0: none is. */
int64_t remedy_due(const json_t *state);
/* A case in which something is promised, as the list of them sorts it. */
struct remedy_owed {
    int is_over;     /* its day is */
    uint32_t weight; /* severity_weight() */
    int64_t due;
    uint32_t number; /* of the case: the older goes first */
};
/* For qsort: overdue first, then the graver, then the earlier day. */
int remedy_compare(const void *a, const void *b);

#endif
