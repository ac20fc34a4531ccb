/* acts.h -- what the person does with the receipt, or by text, besides writing: asking for one review by someone else,
 * withdrawing, saying that it is solved, or in part, or not, asking that it is erased, taking that back; hiding what
 * they have read; accepting or refusing what is offered, and saying whether it helped (remedy.h); and what they say to
 * questions (consent.h).
 *
 * A receipt can be stolen, and somebody can be made to write: what ends a case (withdrawn, solved, it helped) waits
 * seven days where the person sees it, and nothing else ends by time. What it is erased by waits the same days, and
 * then somebody of staff decides (second.h, "erasure"), for the law may ask that it is kept. In the floor it then still
 * takes a person of staff who confirms it. What ends nothing counts at once. */
#ifndef TRIAGE_VAULT_ACTS_H
#define TRIAGE_VAULT_ACTS_H

#include "triage/vault/case_change.h"
#include "triage/vault/remedy.h"

struct act {
    const char *act; /* "review", "withdraw", "solved", "partly", "not_solved", "erase", "keep" (takes a wish back),
                        "hide:N" (the first N messages of the conversation), "show", one of remedy.h, or as consent_do()
                        has them */
    struct remedy_voice voice; /* staff say for somebody what ends nothing: acts of remedy.h but "helped" */
    int64_t now, wait_s;       /* how long a wish waits */
    int64_t copies_days;       /* after which no backup has what was erased */
};
/* 1 if it can be done now: the draft was changed and the person is to be told (case_change_notice). 0: it is not open
 * to them (any more), and the message counts as any other. */
MUST_CHECK int acts_do(json_t *state, const struct act *act);
/* When what waits next takes effect (wall seconds); 0: nothing waits, or it waits for a person of staff. */
int64_t acts_due(const json_t *state);
/* The time of that has come: the case ends, or a person of staff is asked. */
void acts_end(json_t *state);
/* Staff have decided not to erase it, or it was taken back: it waits no more. */
void acts_erase_over(json_t *state);
/* What the person is told of their case: state, day, wish, review, why its deadlines stand still, questions, referrals.
 * New reference. */
json_t *acts_notice(const json_t *state);

#endif
