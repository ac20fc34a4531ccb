/* participants.h -- several people in one case, each with an own receipt, conversation and say: who has which part, and
 * what they say counts for what. Pure: works on the JSON of states; what follows from it: participants_keep.h.
 *
 * Each participant is a case file of its own and says so itself: state "participant" {"id" (the same for all of the
 * case), "role", "by", "at", "reason", "mandate" {"how","by","at"}, "ended" {"by","at","reason"}, "alone" {"at","via"},
 * "told"}. Nothing of one is shown to another. The affected person speaks for themself, each member of a group for
 * themself alone; who represents decides only where the person agreed to it and takes no part of their own
 * (docs/participants.md). */
#ifndef TRIAGE_VAULT_PARTICIPANTS_H
#define TRIAGE_VAULT_PARTICIPANTS_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "triage/vault/remedy.h"

enum { PARTICIPANTS_MAX = 16, PARTICIPANTS_NOTED_MAX = 20 };
enum participant_role { PARTICIPANT_AFFECTED, PARTICIPANT_REPRESENTATIVE, PARTICIPANT_MEMBER, PARTICIPANT_ROLES };
/* Whether what they say decides; else why not. */
enum participant_say { SAY_DECIDES, SAY_NO_MANDATE, SAY_BESIDE, SAY_ENDED, PARTICIPANT_SAYS };

/* The others of the same case, counted. */
struct participants_others {
    size_t affected;        /* affected persons and members */
    size_t alone;           /* of these: nobody speaks for them any more, they say */
    size_t representatives; /* whose part has not ended */
};

/* By its code, PARTICIPANT_ROLES for another word; and the codes. */
enum participant_role participant_role_of(const char *code);
const char *participant_role_name(enum participant_role role);
const char *participant_say_name(enum participant_say say);
/* As staff said it, or else as the person said when they reported. */
enum participant_role participant_role(const json_t *state);
/* The id that all of the case share, as text; "": it is no part of such a case. */
const char *participant_id(const json_t *state);
/* 1: their part has ended, and nothing more goes to them. */
int participant_is_ended(const json_t *state);
/* Add what this state is to `others`. */
void participant_count(const json_t *state, struct participants_others *others);
/* Whether what this one says decides, with those beside them. */
enum participant_say participant_say(const json_t *state, const struct participants_others *others);
/* 1 if `act` (acts.h) does what it says; 0: it is noted and no more. What only protects always counts. */
int participant_counts(enum participant_say say, const char *act);

/* ---- changes of a draft ---- */

/* One more who takes part, or another role: "by", "at", "reason". What was agreed stays with who represents. */
void participant_set(json_t *state, const char *id, enum participant_role role, const char *who, const char *reason);
/* The person agreed that who represents them decides for them (`how` says how and when), or does not any more (NULL).
 */
void participant_mandate(json_t *state, const char *how, const char *who);
/* The representative's part ends; `who` "": the affected person said so. Deadlines stand still: nobody can be told.
 * What waits to be told them: participants_end() (participants_keep.h). */
void participant_end(json_t *state, const char *who, const char *reason);
/* It goes on after all: another role, or the person wants it. */
void participant_resume(json_t *state, const char *who);
/* What was said without deciding: kept under "noted" [{"act","remedy","at","via","by","words"}], the newest. */
void participant_note(json_t *state, const char *act, const struct remedy_voice *voice);
/* 1 if `act` was noted of the newest remedy already. */
int participant_has_noted(const json_t *state, const char *act);
/* What the affected person does: "alone" (nobody speaks for me any more), "together" (that is taken back). 1: done. */
MUST_CHECK int participant_do(json_t *state, const char *act, const char *via);

/* For the notice to the person: {"speaks_for":true} to who represents; {"represented":"now"} or "ended" to who is told
 * that somebody speaks for them. NULL: nothing. New reference. */
json_t *participant_notice(const json_t *state);

#endif
