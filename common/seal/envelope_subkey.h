/* envelope_subkey.h -- the key and nonce of one sealed thing: HKDF-SHA256 of a longer-lived key, 32 fresh random bytes
 * kept beside the ciphertext, a name for the use, and the associated data.
 *
 * Internal to common/seal. The salt is drawn anew for every sealing, so no subkey is ever used twice, even where the
 * same place is sealed again after an old database came back. */
#ifndef COMMON_SEAL_ENVELOPE_SUBKEY_H
#define COMMON_SEAL_ENVELOPE_SUBKEY_H

#include "common/seal/aead.h"
#include "common/seal/kdf.h"

enum { ENVELOPE_SALT = 32 };

struct envelope_subkey {
    uint8_t bytes[32 + AEAD_NONCE]; /* wiped by the caller */
    struct aead_key aead;           /* points into bytes */
};

void envelope_subkey(struct envelope_subkey *out, const uint8_t key[static 32], const uint8_t salt[static 32],
                     const char *name, const void *aad, size_t aad_len);

#endif
