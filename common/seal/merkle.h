/* merkle.h -- the tree of RFC 6962: leaf and node hashes, a compact range that grows, proofs. */
#ifndef COMMON_SEAL_MERKLE_H
#define COMMON_SEAL_MERKLE_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"

enum { MERKLE_HASH = 32, MERKLE_LEVELS = 64 };

void merkle_leaf(const void *bytes, size_t len, uint8_t out[static 32]); /* SHA-256(0x00 ‖ bytes) */
void merkle_node(const uint8_t left[static 32], const uint8_t right[static 32], uint8_t out[static 32]);

/* The right edge of a tree of `size` leaves: enough to append and to tell the root. */
struct merkle {
    uint64_t size;
    uint8_t peaks[MERKLE_LEVELS][MERKLE_HASH];
    size_t peak_count;
};
void merkle_init(struct merkle *tree);
void merkle_add(struct merkle *tree, const uint8_t leaf_hash[static 32]);
void merkle_root(const struct merkle *tree, uint8_t out[static 32]); /* of an empty tree: SHA-256("") */

/* ERR_CRYPTO when the proof does not hold, ERR_MALFORMED for impossible sizes. `proof` is `count` hashes in a row. */
MUST_CHECK enum err merkle_check_inclusion(uint64_t index, uint64_t size, const uint8_t leaf_hash[static 32],
                                           const uint8_t *proof, size_t count, const uint8_t root[static 32]);
MUST_CHECK enum err merkle_check_consistency(uint64_t old_size, uint64_t new_size, const uint8_t old_root[static 32],
                                             const uint8_t new_root[static 32], const uint8_t *proof, size_t count);

#endif
