/* audit_tree.h -- the audit log's leaves in their order, and its tree against the checkpoints that were published.
 * Pure.
 *
 * Checkpoints first, then the leaves in order of their places, then the end. Each finding is one sentence. */
#ifndef OPERATOR_AUDIT_TREE_H
#define OPERATOR_AUDIT_TREE_H

#include "operator/audit_findings.h"
#include "operator/audit_note.h"
#include "store/door_operator.h"

struct audit_tree;

/* `found` is borrowed for its life; `public_key` signs checkpoints. Never NULL. */
struct audit_tree *audit_tree_new(struct audit_findings *found, const uint8_t public_key[static 32]);
void audit_tree_free(struct audit_tree *tree); /* NULL is fine */

/* A checkpoint; `whence` says where it was found ("the database", a path). `size`: as stored beside it, -1 when nothing
 * is. One that is not a good note is a finding. */
void audit_tree_checkpoint(struct audit_tree *tree, const char *note, size_t len, int64_t size, const char *whence);
/* A leaf with its place, or (seq 0) one that waits for its place. 1 when its content is what the log says, so that its
 * hashes may be used. */
int audit_tree_leaf(struct audit_tree *tree, const struct operator_leaf *leaf);
/* After the last leaf. */
void audit_tree_end(struct audit_tree *tree);

struct audit_tree_counts {
    uint64_t leaves, waiting, checkpoints, newer; /* newer: leaves behind the last checkpoint */
    uint64_t signed_size;                         /* of the last checkpoint, wherever it was kept */
    char signed_day[11];                          /* "": there was none */
};
struct audit_tree_counts audit_tree_counts(const struct audit_tree *tree);

/* The hash of a leaf from its content. */
void audit_leaf_hash(const uint8_t leaf_id[static 16], const char *desk, const uint8_t state_hash[static 32],
                     const uint8_t before_hash[static 32], const uint8_t entry_sha256[static 32],
                     uint8_t out[static 32]);

#endif
