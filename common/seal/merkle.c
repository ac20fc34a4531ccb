/* merkle.c -- see merkle.h. Proofs are checked as RFC 9162, sections 2.1.3.2 and 2.1.4.2, which RFC 6962's trees share.
 */
#include "common/seal/merkle.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/seal/kdf.h"

static const uint8_t leaf_mark = 0, node_mark = 1; /* a leaf can never be taken for a node */

void merkle_leaf(const void *bytes, size_t len, uint8_t out[static 32])
{
    kdf_hash(HASH_SHA256, (struct kdf_part[]){{&leaf_mark, 1}, {bytes, len}}, 2, out);
}

void merkle_node(const uint8_t left[static 32], const uint8_t right[static 32], uint8_t out[static 32])
{
    kdf_hash(HASH_SHA256, (struct kdf_part[]){{&node_mark, 1}, {left, MERKLE_HASH}, {right, MERKLE_HASH}}, 3, out);
}

void merkle_init(struct merkle *tree)
{
    memset(tree, 0, sizeof *tree);
}

void merkle_add(struct merkle *tree, const uint8_t leaf_hash[static 32])
{
    uint8_t rising[MERKLE_HASH];
    memcpy(rising, leaf_hash, sizeof rising);
    /* As in binary counting: every one at the end of `size` is a whole subtree that joins the new one. */
    for (uint64_t carry = tree->size; carry & 1; carry >>= 1)
        merkle_node(tree->peaks[--tree->peak_count], rising, rising);
    need(tree->peak_count < MERKLE_LEVELS);
    memcpy(tree->peaks[tree->peak_count++], rising, sizeof rising);
    tree->size++;
}

void merkle_root(const struct merkle *tree, uint8_t out[static 32])
{
    if (tree->peak_count == 0) {
        kdf_hash(HASH_SHA256, NULL, 0, out);
        return;
    }
    size_t i = tree->peak_count - 1;
    memcpy(out, tree->peaks[i], MERKLE_HASH);
    while (i-- > 0)
        merkle_node(tree->peaks[i], out, out);
}

enum err merkle_check_inclusion(uint64_t index, uint64_t size, const uint8_t leaf_hash[static 32], const uint8_t *proof,
                                size_t count, const uint8_t root[static 32])
{
    if (index >= size)
        return ERR_MALFORMED;
    uint64_t at = index, last = size - 1;
    uint8_t hash[MERKLE_HASH];
    memcpy(hash, leaf_hash, sizeof hash);
    for (size_t i = 0; i < count; i++, proof += MERKLE_HASH) {
        if (last == 0)
            return ERR_CRYPTO;
        if (!(at & 1) && at != last) {
            merkle_node(hash, proof, hash);
        } else {
            merkle_node(proof, hash, hash);
            for (; !(at & 1) && at; at >>= 1)
                last >>= 1;
        }
        at >>= 1;
        last >>= 1;
    }
    return last == 0 && mem_same(hash, root, sizeof hash) ? ERR_OK : ERR_CRYPTO;
}

enum err merkle_check_consistency(uint64_t old_size, uint64_t new_size, const uint8_t old_root[static 32],
                                  const uint8_t new_root[static 32], const uint8_t *proof, size_t count)
{
    if (old_size == 0 || old_size > new_size)
        return ERR_MALFORMED;
    if (old_size == new_size)
        return count == 0 && mem_same(old_root, new_root, MERKLE_HASH) ? ERR_OK : ERR_CRYPTO;
    uint64_t at = old_size - 1, last = new_size - 1;
    for (; at & 1; at >>= 1)
        last >>= 1;
    /* A tree of 2^n leaves is a node of the newer one: the proof leaves it out, because it is the old root. */
    const uint8_t *seed = at ? proof : old_root, *end = proof + count * MERKLE_HASH;
    if (at && count == 0)
        return ERR_CRYPTO;
    if (at)
        proof += MERKLE_HASH;
    uint8_t old_hash[MERKLE_HASH], new_hash[MERKLE_HASH];
    memcpy(old_hash, seed, MERKLE_HASH);
    memcpy(new_hash, seed, MERKLE_HASH);
    for (; proof < end; proof += MERKLE_HASH) {
        if (last == 0)
            return ERR_CRYPTO;
        if ((at & 1) || at == last) {
            merkle_node(proof, old_hash, old_hash);
            merkle_node(proof, new_hash, new_hash);
            for (; !(at & 1) && at; at >>= 1)
                last >>= 1;
        } else {
            merkle_node(new_hash, proof, new_hash);
        }
        at >>= 1;
        last >>= 1;
    }
    return last == 0 && mem_same(old_hash, old_root, MERKLE_HASH) && mem_same(new_hash, new_root, MERKLE_HASH)
               ? ERR_OK
               : ERR_CRYPTO;
}
