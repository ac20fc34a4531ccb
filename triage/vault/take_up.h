/* take_up.h -- what was moved here is looked through for names of our own staff before anybody sees it.
 *
 * The desk that it came from knows its own staff and not ours. Until then the case exists for nobody (seen.h); then its
 * state says so ("matched"), bears our signature, and who is named does not have it. Neighbours: move.c, conflict.h. */
#ifndef TRIAGE_VAULT_TAKE_UP_H
#define TRIAGE_VAULT_TAKE_UP_H

#include "triage/vault/vault.h"

/* Begin with those that wait, some at a time. On a tick, and when something was moved here. */
void take_up(struct vault *vault);

#endif
