/* action.h -- one action on an impact as JSON (docs/register.md, "Impacts and actions"): its states, and what each of
 * them asks for.
 *
 * Pure: no memory of its own, no clock but its arguments. An action belongs to an impact and to one entity: each has
 * its own responsibility, and what one does discharges no other. */
#ifndef TRIAGE_VAULT_ACTION_H
#define TRIAGE_VAULT_ACTION_H

#include <jansson.h>
#include <stdint.h>

enum { ACTION_ATTEMPTS_MAX = 200 };

/* planned, consulted, under_way, done, effective, not_effective, dropped; ends with NULL. */
extern const char *const action_states[];

/* 1 if an action may go from one state to the other. */
int action_may_move(const char *from, const char *to);
/* Where it may go from there, as a list of codes. New reference. */
json_t *action_moves(const char *from);
/* What is missing for the action to stand in its state: an English sentence of the console's catalogue, and its field;
 * NULL: nothing. People who are affected are asked before something is done, or it is said why not. */
const char *action_lacks(const json_t *action, const char **field);

/* Somebody still has to do something: all but effective and dropped. */
int action_is_open(const json_t *action);
/* Its deadline is over and it is not done. */
int action_is_overdue(const json_t *action, int64_t now);
/* It keeps "linked" from being called inaction: under way in its time, done, or found effective. */
int action_holds(const json_t *action, int64_t now);

#endif
