/* sign.h -- Ed25519 (RFC 8032) by EVP. */
#ifndef COMMON_SEAL_SIGN_H
#define COMMON_SEAL_SIGN_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"

enum { SIGN_PUBLIC = 32, SIGN_SEED = 32, SIGN_SIZE = 64 };
struct sign_key; /* a private key, imported once */

void sign_seed_new(uint8_t seed[static 32], uint8_t public_key[static 32]);
MUST_CHECK enum err sign_key_new(const uint8_t seed[static 32], struct sign_key **out);
void sign_key_free(struct sign_key *key);
void sign_key_public(const struct sign_key *key, uint8_t out[static 32]);
MUST_CHECK enum err sign_make(const struct sign_key *key, const void *bytes, size_t len, uint8_t out[static 64]);
/* ERR_CRYPTO when it does not verify. */
MUST_CHECK enum err sign_check(const uint8_t public_key[static 32], const void *bytes, size_t len,
                               const uint8_t signature[static 64]);

/* SHA-256 and HMAC-SHA256 and HKDF-SHA256 with fetched algorithms kept. */
void sign_sha256(const void *bytes, size_t len, uint8_t out[static 32]);
void sign_hmac(const void *key, size_t key_len, const void *bytes, size_t len, uint8_t out[static 32]);
void sign_hkdf(const void *ikm, size_t ikm_len, const void *salt, size_t salt_len, const void *info, size_t info_len,
               uint8_t *out, size_t len);

#endif
