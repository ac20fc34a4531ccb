/* likeness.h -- links that the vault proposes: the rarest words of a message against the impacts that are tracked.
 *
 * A proposal is a question to a person, with the words that it rests on; it links nothing. */
#ifndef TRIAGE_VAULT_LIKENESS_H
#define TRIAGE_VAULT_LIKENESS_H

#include <jansson.h>

#include "triage/vault/vault.h"

/* Add proposed links to the draft's "links": at most three impacts that share at least two of the ten rarest words. */
void likeness_propose(struct vault *vault, const char *text, size_t len, json_t *state);

#endif
