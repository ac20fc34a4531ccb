/* likeness.h -- links that the vault proposes: the rarest words of a message and the codes of its case against the
 * impacts that are tracked.
 *
 * A proposal is a question to a person, with the words and codes that it rests on; it links nothing, and nothing is
 * learned from what becomes of it. */
#ifndef TRIAGE_VAULT_LIKENESS_H
#define TRIAGE_VAULT_LIKENESS_H

#include <jansson.h>

#include "triage/vault/vault.h"

struct message;

/* Add proposed links to the draft's "links": at most three impacts that share at least two of the ten rarest words, or
 * one and a code. Codes are the groups that were answered, and the rights of the danger classes that fired. */
void likeness_propose(struct vault *vault, const struct message *message, json_t *state);

#endif
