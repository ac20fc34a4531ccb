/* stages.h -- what has to be done about a case by when, and what was done when: the office's deadlines on one state.
 *
 * The four stages of deadlines.h. A state keeps when each was reached, "stages" {"look","contact","acknowledge",
 * "outcome","from"}: a time that is missing was not reached yet, and "from" is where the clock began anew, because new
 * words of danger came or the case was opened again. Deadlines themselves are never stored: whoever changes the
 * profiles sees at once what they mean. A case that reached its stage late stays late (docs/triage.md, "Deadlines"). */
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

/* What became of a stage: nothing asks for it (or nobody has to any more), nobody has reached it yet, reached in time
 * or late. */
enum stages_end { STAGES_NONE, STAGES_OPEN, STAGES_KEPT, STAGES_MISSED, STAGES_ENDS };
void stages_ends(const struct stages_office *office, const json_t *state, const struct severity *severity, int64_t now,
                 enum stages_end out[static DEADLINE_STAGES]);

/* By when the next stage has to be reached (wall seconds); STAGES_NEVER: nothing asks for one. `severity` is the one
 * that counts now; `next` receives the stage (DEADLINE_STAGES: none), and may be NULL. */
int64_t stages_due(const struct stages_office *office, const json_t *state, const struct severity *severity,
                   int64_t now, enum deadline_stage *next);
/* Of every stage that has a deadline or was reached: [{"stage","due","reached","late"}], due and reached null where
 * there is none. New reference. */
json_t *stages_json(const struct stages_office *office, const json_t *state, const struct severity *severity,
                    int64_t now);

#endif
