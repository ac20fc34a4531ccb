/* acts.h -- what the person does with the receipt, or by text, besides writing: asking for one review by someone else,
 * withdrawing, saying that it is solved, taking that back; accepting or refusing what is offered, and saying whether it
 * helped (remedy.h); and what they say to questions (consent.h).
 *
 * A receipt can be stolen, and somebody can be made to write: what ends a case (withdrawn, solved, it helped) waits
 * seven days where the person sees it, and nothing else ends by time. In the floor it then still takes a person of
 * staff who confirms it. What ends nothing counts at once. */
#ifndef TRIAGE_VAULT_ACTS_H
#define TRIAGE_VAULT_ACTS_H

#include "triage/vault/case_change.h"
#include "triage/vault/remedy.h"

struct act {
    const char *act; /* "review", "withdraw", "solved", "keep" (takes a wish back), one of remedy.h, or as consent_do()
                        has them */
    struct remedy_voice voice; /* staff say for somebody what ends nothing: acts of remedy.h but "helped" */
    int64_t now, wait_s;       /* how long a wish waits */
};
/* 1 if it can be done now: the draft was changed and the person is to be told (case_change_notice). 0: it is not open
 * to them (any more), and the message counts as any other. */
MUST_CHECK int acts_do(json_t *state, const struct act *act);
/* When the wish that waits takes effect (wall seconds); 0: none waits, or it waits for a person of staff. */
int64_t acts_due(const json_t *state);
/* The time of a wish has come: the case ends, or a person of staff is asked. */
void acts_end(json_t *state);
/* What the person is told of their case: state, day, wish, review, why its deadlines stand still, questions, referrals.
 * New reference. */
json_t *acts_notice(const json_t *state);

#endif
