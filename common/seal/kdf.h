/* kdf.h -- hash, HMAC (RFC 2104) and HKDF (RFC 5869) over a list of parts, so that nothing secret is joined in a buffer
 * first. Internal to common/seal; everyone else uses sign_sha256, sign_hmac and sign_hkdf (sign.h).
 *
 * Assembled from the digest itself: EVP_MAC and EVP_KDF cost several times the hashing for inputs of this size. */
#ifndef COMMON_SEAL_KDF_H
#define COMMON_SEAL_KDF_H

#include <stdint.h>

#include "common/seal/algorithm.h"

enum { KDF_HASH_MAX = 64, KDF_BLOCK_MAX = 128, KDF_PARTS_MAX = 6 };

struct kdf_part {
    const void *bytes; /* may be NULL when len is 0 */
    size_t len;
};

/* `out` holds the hash's size. */
void kdf_hash(enum algorithm_hash hash, const struct kdf_part *parts, size_t count, uint8_t *out);
void kdf_hmac(enum algorithm_hash hash, const void *key, size_t key_len, const struct kdf_part *parts, size_t count,
              uint8_t *out);
/* HKDF-Extract is kdf_hmac with the salt as key. HKDF-Expand: `prk` has the hash's size, `parts` are the info (at most
 * KDF_PARTS_MAX), `len` at most 255 hashes. */
void kdf_expand(enum algorithm_hash hash, const uint8_t *prk, const struct kdf_part *parts, size_t count, uint8_t *out,
                size_t len);

#endif
