/* endings.h -- what the gateway says became of texts: sent, given up, refused. Each is written into the case's state,
 * or told to who waits for it (hooks.h, pager.h).
 *
 * The database gives an ending away as it is asked for it. Whoever forgot it would send the text once more under the
 * gateway's next key, and hold the case as one with a text under way until then: it is kept here until the state has
 * it. Neighbour: outbox.c. */
#ifndef TRIAGE_VAULT_ENDINGS_H
#define TRIAGE_VAULT_ENDINGS_H

#include "triage/vault/vault.h"

struct endings;

struct endings *endings_new(struct vault *vault);
void endings_free(struct endings *endings);
/* Copies what the database gave. */
void endings_take(struct endings *endings, const struct outbox_end *ends, size_t count);
/* Write what is not written yet, while the vault is open; what fails is tried again when this is called next. */
void endings_go_on(struct endings *endings);

#endif
