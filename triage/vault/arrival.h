/* arrival.h -- one row of the inbox becomes a case, a further message of one, or a text threaded into one.
 *
 * Opened, looked at by the rules, likened to impacts, written into the case's state: one change, which also takes the
 * row out of the inbox. What cannot be opened stays there. */
#ifndef TRIAGE_VAULT_ARRIVAL_H
#define TRIAGE_VAULT_ARRIVAL_H

#include "triage/vault/change.h"

/* ERR_CRYPTO: it cannot be opened (now). Errors of change.h. The keys of the row's case are in the book
 * (case_keys_want), as far as they can be had. `row` is borrowed until return. Fires once, never before the call
 * returned. */
void arrival_take(struct vault *vault, const struct vault_row *row, change_done_fn *done, void *room);

#endif
