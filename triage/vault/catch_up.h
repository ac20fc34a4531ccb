/* catch_up.h -- after a snapshot was read: what the database has that it has not, or has otherwise.
 *
 * Every state's name in the audit is compared. One that is the same was checked when it was kept; one that differs is
 * forgotten, opened and checked as at any start; a case that the database does not give this desk any more is
 * forgotten. */
#ifndef TRIAGE_VAULT_CATCH_UP_H
#define TRIAGE_VAULT_CATCH_UP_H

#include "triage/vault/vault.h"

/* `refused`: states that did not open. Fires once, never before the call returned. */
typedef void catch_up_fn(void *room, enum err err, size_t refused);
void catch_up(struct vault *vault, catch_up_fn *done, void *room);

#endif
