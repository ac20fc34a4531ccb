/* x25519.h -- Diffie-Hellman on Curve25519 (RFC 7748) by EVP. Internal to common/seal. */
#ifndef COMMON_SEAL_X25519_H
#define COMMON_SEAL_X25519_H

#include <openssl/evp.h>
#include <stdint.h>

#include "common/base/err.h"

enum { X25519_SIZE = 32 };

/* A private key, imported, and its public half. */
struct x25519 {
    EVP_PKEY_CTX *ctx; /* NULL when empty */
    uint8_t public_key[X25519_SIZE];
};

/* Import 32 bytes (clamped by the algorithm). The caller ends it with x25519_end(). */
void x25519_begin(struct x25519 *mine, const uint8_t private_key[static 32]);
/* ERR_CRYPTO when the other key yields the all-zero secret; `secret` is then zero. */
MUST_CHECK enum err x25519_agree(struct x25519 *mine, const uint8_t public_key[static 32], uint8_t secret[static 32]);
/* Wipes the key. An empty one is fine. */
void x25519_end(struct x25519 *mine);

#endif
