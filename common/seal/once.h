/* once.h -- the same request twice is one request: everything that names its rows is derived from the client's
 * Idempotency-Key, a server secret and the body's hash (details: docs/envelope.md, "Once"). */
#ifndef COMMON_SEAL_ONCE_H
#define COMMON_SEAL_ONCE_H

#include "common/seal/receipt.h"

struct once {
    uint8_t handle[32];   /* names the idempotency record; from the key alone */
    uint8_t body_tag[32]; /* tells another body under the same key */
    uint8_t case_id[16];
    uint8_t row_id[16];
    uint8_t receipt_seed[32];
};

/* A UUID version 4, or 22 to 128 base64url characters; in either, five different ones at least. ERR_MALFORMED
 * otherwise: weak keys are refused. */
MUST_CHECK enum err once_key_check(const char *key, size_t len);
void once_derive(const uint8_t secret[static 32], const char *key, size_t key_len, const uint8_t body_sha256[static 32],
                 struct once *out);
/* Without a key from the client: all of it random. The ids of some thousand rows that this thread makes after one
 * another have their first 4 bytes in common. */
void once_random(struct once *out);

#endif
