/* safety.h -- keeping who complained from being punished for it: how likely that is and what is planned against it, the
 * steps that were taken outside this office, and asking afterwards whether somebody made them pay for it.
 *
 * Three parts of a case's state (docs/safety.md): "safety" {"level","plan","by","at"}, "outside" [{"what",
 * "says","could_tell","consent","consent_how","by","at"}] and "checkins" [{"step","due","done"}]. Each step outside is
 * followed by two check-ins, two weeks and three months later, since retaliation often waits until nobody looks.
 * Changes drafts; neighbours: ops_safety.c (who asks), sides.c (the list of what is due). */
#ifndef TRIAGE_VAULT_SAFETY_H
#define TRIAGE_VAULT_SAFETY_H

#include <jansson.h>

#include "common/base/err.h"

enum { SAFETY_STEPS_MAX = 50, SAFETY_FIRST_S = 14 * 86400, SAFETY_SECOND_S = 91 * 86400 };

/* "low", "medium", "high", "unknown"; what a step is: "contact", "visit", "referral", "respondent", "publication";
 * what is known afterwards: "well", "harmed", "not_reached". 1 if it is one of them. */
int safety_is_level(const char *code);
int safety_is_step(const char *code);
int safety_is_outcome(const char *code);

/* What is feared and planned, in place of what was. */
void safety_assess(json_t *state, const char *level, const char *plan, const char *who);

struct safety_step {
    const char *what, *says;
    const char *could_tell;  /* what of it could tell who complained; looked for before, never "" */
    int is_consented;        /* by the person; 0: without, because a life was in danger */
    const char *consent_how; /* how and when they said so, or why it could not be asked; never "" */
};
/* A step is taken at `now`: two check-ins follow. 0: there are too many already, and nothing was changed. */
MUST_CHECK int safety_take_step(json_t *state, const struct safety_step *step, const char *who, int64_t now);

/* When the next check-in is due (wall seconds); 0: none is. */
int64_t safety_due(const json_t *state);
/* The same, and its index. */
int64_t safety_due_first(const json_t *state, size_t *index);
/* The check-in of that index was done. "harmed" begins the look anew (retaliation is a danger of its own, 24 h), opens
 * a case that had ended, and makes the level high. "not_reached" leaves the next try to another check-in, a week later.
 * 0: there is no such open check-in, and nothing was changed. */
MUST_CHECK int safety_check_in(json_t *state, size_t index, const char *outcome, const char *says, const char *who,
                               int64_t now);

#endif
