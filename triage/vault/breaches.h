/* breaches.h -- how many deadlines were missed, by stage and by the month in which they were due.
 *
 * Counted from states and never by itself: what a case says replaces what it said before, so the figures cannot drift.
 * What is settled (reached in time, reached late) stands in totals; what is open is looked through when somebody asks,
 * twenty-four bytes a case side by side. A pause that goes on has no deadline and is no breach. Pure: no clock, no
 * vault. */
#ifndef TRIAGE_VAULT_BREACHES_H
#define TRIAGE_VAULT_BREACHES_H

#include <jansson.h>

#include "triage/vault/hidden.h"
#include "triage/vault/stages.h"

struct breaches;

enum { BREACHES_SHOWN = 12 };

struct breaches *breaches_new(void);
void breaches_free(struct breaches *breaches);
/* What case `number` says now; NULL: it is gone, or counts in no figures. `escalated`: bits of stages (escalation.h).
 */
void breaches_know(struct breaches *breaches, uint32_t number, const struct stage_fact *facts, unsigned escalated);
/* Look through at most `most` cases from `from` on for what is open, not escalated, and late by more than `after_s` (0:
 * never), and call `fn` once for each such case until it says 0. Where to go on; 0 behind the last. */
typedef int breaches_fn(void *room, uint32_t number);
size_t breaches_overdue(const struct breaches *breaches, size_t from, size_t most, int64_t now,
                        const int64_t after_s[static DEADLINE_STAGES], breaches_fn *fn, void *room);
/* The last BREACHES_SHOWN months in which something was due, the newest first: [{"month":"2026-11","stages":[{"stage",
 * "due","late"}]}]; `due` counts what was reached or whose time has come, `late` what was reached late or is late now.
 * `hidden` is left out (NULL: nothing is). New reference. */
json_t *breaches_list(const struct breaches *breaches, int64_t now, const struct hidden *hidden);
/* How many are late at this moment, by stage. */
void breaches_now(const struct breaches *breaches, int64_t now, size_t late[static DEADLINE_STAGES]);

#endif
