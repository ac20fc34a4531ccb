/* route.h -- where the vault sends a case by itself: about staff to oversight, by rule to the desk that the rule names.
 *
 * Said of a case when it arrives (docs/whose-desk.md, "Routing"): the draft has "route", nobody is given the case from
 * then on, and it is moved as a person would move it (move.h), as soon as that can be. Neighbours: offers.h,
 * conflict.h. */
#ifndef TRIAGE_VAULT_ROUTE_H
#define TRIAGE_VAULT_ROUTE_H

#include "triage/vault/case_change.h"
#include "triage/vault/names.h"

struct message;

/* Whether the vault may still send it there: that desk is another one, offered, and the case never was there. */
int route_may_go(const struct vault *vault, const json_t *state, const char *desk);
/* The desk of the first rule that fired and names one, none of them being our own; NULL. Borrowed from the state. */
const char *route_by_rules(const struct vault *vault, const json_t *state);

/* A first message: looks whom it names, and says in the draft where the case goes, or opens a linked one there. */
void route_first(struct case_change *cc, const struct message *message);
/* A further one, whose number it is: only whom it newly names sends the case on. */
void route_further(struct case_change *cc, const struct message *message, int64_t number);
/* A case that was moved here, with all that the person wrote. */
void route_taken_up(struct case_change *cc, const struct names_text *text);
/* Move what is on its way, as far as it can be moved now. Behind a commit, and on a tick. */
void route_go_on(struct vault *vault);

#endif
