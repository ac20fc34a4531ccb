/* stages.h -- what has to be done about a case by when, and what was done when: the office's deadlines on one state.
 *
 * The five stages of deadlines.h. A state keeps when each was reached, "stages" {"look","contact","acknowledge",
 * "outcome","anew"}: a time that is missing was not reached yet, and "anew" says of each stage where its clock began
 * anew, because new words of danger came or the case was opened again: no other stage is put off by it. Deadlines
 * themselves are never stored: whoever changes the profiles sees at once what they mean. A case that reached its stage
 * late stays late. The fifth, of receivers, is read from the referrals (docs/deadlines.md). */
#ifndef TRIAGE_VAULT_STAGES_H
#define TRIAGE_VAULT_STAGES_H

#include "triage/vault/deadlines.h"
#include "triage/vault/life.h"

/* Nothing has to be done by then: 31 December 9999. Sorts behind every time that is due. */
#define STAGES_NEVER INT64_C(253402300799)

/* By which deadlines and on which days this office works. */
struct stages_office {
    struct deadlines *deadlines;
    uint32_t profiles; /* one bit each */
    struct workdays calendar;
};

/* From the settings of a vault: `folder` of the sets, `profiles` "default psea", `rest` "saturday sunday", `holidays`
 * "2026-12-25 2027-01-01", `ahead` minutes of UTC. ERR_NOT_FOUND, ERR_MALFORMED, ERR_TOO_BIG, ERR_SYSTEM, with a
 * sentence. End with stages_office_end(), also after an error. */
MUST_CHECK enum err stages_office_begin(struct stages_office *office, const char *folder, const char *profiles,
                                        char says[static SAYS_SIZE]);
MUST_CHECK enum err stages_office_days(struct stages_office *office, const char *rest, const char *holidays,
                                       int64_t ahead_minutes, char says[static SAYS_SIZE]);
void stages_office_end(struct stages_office *office);

/* The stage is reached now; the first time counts. Changes a draft. */
void stages_did(json_t *state, enum deadline_stage stage);
/* The same for what a move of the case's life means. Called by the one setter. */
void stages_moved(json_t *state, enum life to, enum life_mover mover);
/* New words of danger: somebody has to look again, counted from now. */
void stages_look_again(json_t *state);

/* 1 if it was reached, since the clock last began anew. */
int stages_is_reached(const json_t *state, enum deadline_stage stage);

/* How a stage stands. NONE: nothing asks for it, not any more, or not while a pause goes on. */
enum stage_standing { STAGE_NONE, STAGE_OPEN, STAGE_IN_TIME, STAGE_LATE, STAGE_STANDINGS };
struct stage_fact {
    int64_t due; /* STAGES_NEVER: there is none */
    enum stage_standing standing;
    int is_reached;
};
/* Of each stage; what is open may be late by now. What a person left behind who ended the case is late where it was
 * missed until then. */
void stages_facts(const struct stages_office *office, const json_t *state, const struct severity *severity, int64_t now,
                  struct stage_fact out[static DEADLINE_STAGES]);
/* Out of these, as stages_due(). */
int64_t stages_next(const struct stage_fact facts[static DEADLINE_STAGES], enum deadline_stage *next);
/* By when the receiver of what was sent at `sent` has to have answered (wall seconds); STAGES_NEVER: no profile asks.
 */
int64_t stages_receiver_due(const struct stages_office *office, const json_t *state, const struct severity *severity,
                            int64_t now, int64_t sent);
/* By when the next stage has to be reached (wall seconds); STAGES_NEVER: nothing asks for one. `severity` is the one
 * that counts now; `next` receives the stage (DEADLINE_STAGES: none), and may be NULL. */
int64_t stages_due(const struct stages_office *office, const json_t *state, const struct severity *severity,
                   int64_t now, enum deadline_stage *next);
/* Of every stage that has a deadline or was reached: [{"stage","due","reached","late","paused"}], due and reached null
 * where there is none; `paused`: a pause that goes on holds it up. New reference. */
json_t *stages_json(const struct stages_office *office, const json_t *state, const struct severity *severity,
                    int64_t now);

#endif
