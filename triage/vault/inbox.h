/* inbox.h -- taking new rows: on the database's bell, and by a slow look of our own.
 *
 * A sweep: page by page the rows, the keys of their cases, one change a row (committed together), to the end of the
 * inbox. One page at a time, so that no row is taken twice; what cannot be opened is left for the next sweep. */
#ifndef TRIAGE_VAULT_INBOX_H
#define TRIAGE_VAULT_INBOX_H

#include "triage/vault/vault.h"

struct inbox;

struct inbox *inbox_new(struct vault *vault);
void inbox_free(struct inbox *inbox);
/* There may be something new. */
void inbox_bell(struct inbox *inbox);

#endif
