/* take_up.h -- what was moved here is looked through for names of our own staff before anybody sees it.
 *
 * The desk that it came from knows its own staff and not ours. Until then the case exists for nobody (seen.h); then its
 * state says so ("matched"), bears our signature, and who is named does not have it. Neighbours: move.c, conflict.h. */
#ifndef TRIAGE_VAULT_TAKE_UP_H
#define TRIAGE_VAULT_TAKE_UP_H

#include "triage/vault/book.h"

/* Begin with those that wait, some at a time. On a tick, and when something was moved here. */
void take_up(struct vault *vault);
/* Look a case through once more, because somebody is new here or has another name: who is named does not have it from
 * then on, and it stays where it is. `done` fires once, never before the call returned. */
void take_up_again(struct vault *vault, struct case_file *file, loop_fn *done, void *room);

#endif
