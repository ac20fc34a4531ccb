/* audit.h -- what was done, by whom, as leaves of the audit log, each in the transaction of what it tells.
 *
 * An entry is JSON sealed to the auditors' key; the vault cannot read it again. Leaves are put in order by the
 * sequencer. */
#ifndef TRIAGE_VAULT_AUDIT_H
#define TRIAGE_VAULT_AUDIT_H

#include <jansson.h>

#include "triage/vault/change.h"

/* Add a leaf to `change`. `who` is a person's name or "" for the vault; `what` a literal of ours ("case.show");
 * `case_id` may be NULL; takes `detail`, which may be NULL. */
void audit_leaf(struct vault *vault, struct change *change, const char *who, const char *what, const uint8_t *case_id,
                json_t *detail);
/* A leaf alone: for refusals and sign-ins. `done` may be NULL. */
void audit_alone(struct vault *vault, const char *who, const char *what, const uint8_t *case_id, json_t *detail,
                 change_done_fn *done, void *room);

#endif
