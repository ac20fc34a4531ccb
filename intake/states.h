/* states.h -- the states of a case as its person is told them, and what they may do in each with the receipt.
 *
 * The names come from the desk's vault (docs/case-life.md) and are what the API gives; those of earlier
 * versions stand in older conversations and are told as before. */
#ifndef INTAKE_STATES_H
#define INTAKE_STATES_H

#include <jansson.h>

/* 1 for a name that we know. */
int states_is_known(const char *state);
/* The sentence for it, a msgid; that of "received" for an unknown one. */
const char *states_says(const char *state);
/* What waits until its day, and can be taken back: that it ends, that it is erased. */
struct states_waits {
    int wish, erase;
};
/* "can" of a conversation: "add"; "accept" and "refuse" of what is offered, "helped" and "not_helped" of what was
 * delivered; while it goes on "solved", "partly", "not_solved" and "withdraw", or "keep" in their place while something
 * waits; "erase" unless that waits; "review" until the day `review_until` (NULL: none). `state` NULL: nobody of the
 * desk has told a state yet. New reference. */
json_t *states_can(const char *state, const struct states_waits *waits, const char *review_until, const char *today);
/* Add "hide:N" where `messages` (all that there are) is not 0, and "show" where some are hidden. */
void states_can_hide(json_t *can, size_t messages, int has_hidden);

/* What the person can do besides writing: "review", "withdraw", "solved", "keep", "accept", "refuse", "helped",
 * "not_helped", "partly", "not_solved", "erase", "show", "hide:4" (the first four messages), "alone" (nobody speaks for
 * me any more), "together" (takes that back); of a question "agree:2", "disagree:2", "revoke:2". */
int states_is_act(const char *act);
/* 1: it is about what is shown alone, and stands in no conversation ("hide:4", "show"). */
int states_is_quiet(const char *act);
/* Add to "can" what can be said to each of `questions` ("consents" of a conversation; NULL: none). */
void states_can_say(json_t *can, const json_t *questions);
/* Add to "can" what can be said to that somebody speaks for them: `represented` is "now", "ended", or "". */
void states_can_end(json_t *can, const char *represented);
/* What stands beside a message that did it, and what is said when it has arrived: msgids; NULL for an unknown one. */
const char *states_act_says(const char *act);
const char *states_act_arrived(const char *act);
/* What became of what was passed on: a msgid; NULL for an unknown status. */
const char *states_passed_says(const char *status);
/* What is said of a wish that waits, with {{day}}: a msgid; NULL where there is none for it. */
const char *states_wish_says(const char *act);

/* Why the office's time limits stand still: a msgid; NULL for an unknown code. */
const char *states_pause_says(const char *code);

#endif
