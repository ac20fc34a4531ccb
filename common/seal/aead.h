/* aead.h -- authenticated encryption with a key used once. Internal to common/seal. */
#ifndef COMMON_SEAL_AEAD_H
#define COMMON_SEAL_AEAD_H

#include <stdint.h>

#include "common/base/err.h"
#include "common/seal/algorithm.h"

enum { AEAD_NONCE = 12, AEAD_TAG = 16, AEAD_KEY_MAX = 32, AEAD_TEXT_MAX = 1 << 30 };

struct aead_key {
    enum algorithm_aead which;
    const uint8_t *key; /* of the algorithm's size; borrowed */
    const uint8_t *nonce;
};

/* `out` holds len + AEAD_TAG and may be `text` itself. ERR_TOO_BIG over AEAD_TEXT_MAX. */
MUST_CHECK enum err aead_seal(const struct aead_key *key, const void *aad, size_t aad_len, const uint8_t *text,
                              size_t len, uint8_t *out);
/* `out` holds len - AEAD_TAG. ERR_MALFORMED: too short; ERR_TOO_BIG; ERR_CRYPTO: the tag does not fit. On any error
 * `out` holds no plaintext. */
MUST_CHECK enum err aead_open(const struct aead_key *key, const void *aad, size_t aad_len, const uint8_t *sealed,
                              size_t len, uint8_t *out);

#endif
