/* tally.h -- how the desk did over time: what came in and by which door, what ended and how, how long each state took,
 * which deadlines were kept.
 *
 * One line of 36 bytes for each case, side by side, written anew whenever the case is kept and counted when somebody
 * asks: a million in some milliseconds. Demonstrations are never counted. Pure: no clock, no vault. Days are the
 * office's own. What small numbers tell is kept from those who see no cases (docs/figures.md). */
#ifndef TRIAGE_VAULT_TALLY_H
#define TRIAGE_VAULT_TALLY_H

#include <jansson.h>

#include "triage/vault/hidden.h"
#include "triage/vault/stages.h"

enum {
    TALLY_DAYS = 30,
    TALLY_MONTHS = 12,
    TALLY_SPAN_DAYS = 90, /* times in a state and deadlines are of cases that arrived within these */
    TALLY_FEW = 3,        /* a number below this could point to a person */
};

/* What is known of a case. */
struct tally_facts {
    const char *kind, *channel;  /* borrowed */
    enum life life;              /* what it is in now */
    int64_t arrived, since;      /* wall seconds: when it came, and since when it is in that state; 0: not known */
    int64_t seconds[LIFE_COUNT]; /* in the states that it has left; -1: never in it, or not known */
    enum stage_standing stages[DEADLINE_STAGES];
};

struct tally;

struct tally *tally_new(void);
void tally_free(struct tally *tally);

/* Read out of a state, but for `stages`. 0: it is none that counts (a demonstration). */
int tally_read(const json_t *state, struct tally_facts *out);
/* The case has a state, a new one, or (`facts` NULL) it counts no more. `ahead_s` of UTC begins the office's day. */
void tally_note(struct tally *tally, uint32_t number, const struct tally_facts *facts, int32_t ahead_s);

/* {"days","months","states","stages"} as docs/vault-protocol.md has them; with `is_guarded` numbers that could point to
 * a person are null. `hidden` is left out (NULL: nothing is). New reference. */
json_t *tally_json(const struct tally *tally, int64_t now, int32_t ahead_s, int is_guarded,
                   const struct hidden *hidden);

#endif
