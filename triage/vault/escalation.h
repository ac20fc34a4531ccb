/* escalation.h -- a deadline that was missed by long is shown to more people: in the members' list `escalated` and, as
 * a number, to the manager.
 *
 * State "escalated" {stage: when}: once for each stage, until its clock begins anew. Which cases are due is found in
 * the lines of breaches.h, some at each tick; what happens is a change like any other, with a line of the history and
 * an audit leaf for each stage. */
#ifndef TRIAGE_VAULT_ESCALATION_H
#define TRIAGE_VAULT_ESCALATION_H

#include "triage/vault/stages.h"

struct vault;

/* Bits of the stages that were escalated. */
unsigned escalation_done(const json_t *state);
/* Bits of those that are to be, now: open, late by more than `after_s` (0: never), and not escalated. */
unsigned escalation_due(const json_t *state, const struct stage_fact facts[static DEADLINE_STAGES],
                        const int64_t after_s[static DEADLINE_STAGES], int64_t now);
/* It is escalated, with a line of the history. Changes a draft. */
void escalation_make(json_t *state, enum deadline_stage stage);
/* The clock of these stages begins anew. */
void escalation_over(json_t *state, unsigned stages);
/* 1 while a stage that was escalated is still not reached. */
int escalation_stands(const json_t *state, const struct stage_fact facts[static DEADLINE_STAGES]);

/* After how much lateness, in seconds, as the settings say. */
void escalation_after(const struct vault *vault, int64_t after_s[static DEADLINE_STAGES]);
/* Look through some of the cases, and escalate what is due. On a tick. */
void escalation_tick(struct vault *vault, int64_t now);

#endif
