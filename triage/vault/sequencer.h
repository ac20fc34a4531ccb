/* sequencer.h -- the one who puts the audit log in order: a child of the usual desk's vault, forked before any secret.
 *
 * Each second it places the pending leaves of all desks at the end of an RFC 6962 tree, each minute it signs a
 * checkpoint (C2SP signed note) into the database and a file. It holds the checkpoint key and nothing of any case. */
#ifndef TRIAGE_VAULT_SEQUENCER_H
#define TRIAGE_VAULT_SEQUENCER_H

#include "common/seal/merkle.h"
#include "store/door_audit.h"
#include "triage/vault/settings.h"

struct sequencer;

/* Forks. Before any loop, thread or secret. ERR_SYSTEM. */
MUST_CHECK enum err sequencer_fork(const struct settings *settings, struct sequencer **out);
/* Hand it the seed of its signing key. Only the first time does anything. */
void sequencer_unlock(struct sequencer *sequencer, const uint8_t seed[static 32]);
/* The child ends when this end is closed. */
void sequencer_free(struct sequencer *sequencer);

/* The hash of a leaf (docs/audit.md). */
void sequencer_leaf_hash(const struct audit_leaf *leaf, uint8_t out[static MERKLE_HASH]);
/* The text of a checkpoint, without its signature: origin, size, root, time. ERR_TOO_BIG. */
MUST_CHECK enum err sequencer_checkpoint_text(const char *origin, const struct merkle *tree, int64_t now,
                                              struct buf *out);

#endif
