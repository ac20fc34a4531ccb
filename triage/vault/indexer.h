/* indexer.h -- filling the search index in the background after a start: case by case, from the rows. */
#ifndef TRIAGE_VAULT_INDEXER_H
#define TRIAGE_VAULT_INDEXER_H

#include "triage/vault/vault.h"

/* Index every case of the book that is not yet; goes on by itself, ends by itself when the vault rebuilds. */
void indexer_begin(struct vault *vault);

#endif
