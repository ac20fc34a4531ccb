/* endings.h -- what the gateway says became of texts: sent, given up, refused. Each is written into the case's state,
 * or told to who waits for it (hooks.h, pager.h).
 *
 * Whoever forgot an ending would send the text once more under the gateway's next key, and hold the case as one with a
 * text under way until then. The database tells it at every look until it was kept, in the same transaction as what
 * follows from it: what could not be written now is tried at the next look. Neighbour: outbox.c. */
#ifndef TRIAGE_VAULT_ENDINGS_H
#define TRIAGE_VAULT_ENDINGS_H

#include "triage/vault/vault.h"

struct endings;

struct endings *endings_new(struct vault *vault);
void endings_free(struct endings *endings);
/* What the database tells now; borrowed. Nothing is done with it while the vault is not open. */
void endings_take(struct endings *endings, const struct outbox_end *ends, size_t count);

#endif
