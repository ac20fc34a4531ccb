/* linked.h -- cases that the vault itself begins: danger found in input that is not a complaint, what another
 * desk has to see at once, and walk-ins.
 *
 * They enter through an inbox like any other report, so that they are scored and queued the same way. */
#ifndef TRIAGE_VAULT_LINKED_H
#define TRIAGE_VAULT_LINKED_H

#include "triage/vault/case_change.h"
#include "triage/vault/message.h"

/* Open a case of kind "flag" with the same words at `desk`; the two name each other. Where it cannot be sealed to that
 * desk, danger in a consultation, thanks, a suggestion or a question opens it here: anything else is in the queue
 * already.
 */
void linked_open(struct case_change *cc, const struct message *message, const char *desk);

/* A new case at `desk`: head, both roots wrapped to that desk's key of today, one row with `json` inside under `root`
 * (written as `author`), its place in that desk's inbox. `thread_key` receives the thread root's key and `case_id` the
 * id. ERR_NOT_FOUND, ERR_LOCKED: no key to seal to; nothing was added then. */
MUST_CHECK enum err linked_case(struct vault *vault, struct change *change, const char *desk, uint8_t root,
                                uint8_t author, const json_t *json, uint8_t case_id[static 16],
                                uint8_t thread_key[static 32]);

#endif
