/* hpke.h -- Hybrid Public Key Encryption, RFC 9180, the sender's half, assembled from OpenSSL's EVP.
 *
 * The product uses one suite: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, base mode (HPKE_SUITE). Mode, KDF
 * and AEAD are parameters so that the tests can play every published vector for this KEM. The receiver's half is
 * hpke_open.h, in a library of its own: what is not linked cannot be called. */
#ifndef COMMON_SEAL_HPKE_H
#define COMMON_SEAL_HPKE_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"

enum hpke_mode { HPKE_BASE = 0, HPKE_PSK = 1, HPKE_AUTH = 2, HPKE_AUTH_PSK = 3 };

struct hpke_suite {
    uint16_t kem, kdf, aead; /* IANA numbers; kem is always 0x0020 */
};
extern const struct hpke_suite HPKE_SUITE; /* 0x0020, 0x0001, 0x0002 */

enum { HPKE_KEY = 32, HPKE_ENC = 32, HPKE_TAG = 16 };

struct hpke_params {
    struct hpke_suite suite;
    enum hpke_mode mode;
    const void *info;
    size_t info_len;
    const void *psk; /* modes with PSK only */
    size_t psk_len;
    const void *psk_id;
    size_t psk_id_len;
};

/* One context seals or opens several messages in order (seq 0, 1, ...). */
struct hpke_context {
    struct hpke_suite suite;
    uint8_t key[32], base_nonce[12], exporter_secret[64];
    uint64_t seq;
};

/* Once at start: fetch algorithms and keep them (implicit fetching is slow in OpenSSL 3.0). Safe to call again. */
void hpke_start(void);
/* Sender. `ephemeral` is NULL but in tests (32-byte private key). `sender_private` only in AUTH modes. Writes the 32
 * bytes of `enc`. ERR_CRYPTO for a public key that yields the all-zero secret; ERR_MALFORMED for a suite we do not
 * have, or a key or PSK that the mode does not want, or wants. */
MUST_CHECK enum err hpke_setup_sender(const struct hpke_params *params, const uint8_t receiver_public[static 32],
                                      const uint8_t *sender_private, const uint8_t *ephemeral, uint8_t enc[static 32],
                                      struct hpke_context *out);
/* `out` holds len + HPKE_TAG and may be `text` itself. Raises seq. ERR_TOO_BIG over 1 GiB; ERR_MALFORMED for a suite
 * that only exports. */
MUST_CHECK enum err hpke_seal(struct hpke_context *context, const void *aad, size_t aad_len, const void *text,
                              size_t len, uint8_t *out);
/* ERR_TOO_BIG over 255 hashes. */
MUST_CHECK enum err hpke_export(const struct hpke_context *context, const void *exporter_context, size_t context_len,
                                uint8_t *out, size_t len);
void hpke_wipe(struct hpke_context *context);

/* X25519 key pair from the system's generator. */
void hpke_key_new(uint8_t private_key[static 32], uint8_t public_key[static 32]);
MUST_CHECK enum err hpke_key_public(const uint8_t private_key[static 32], uint8_t public_key[static 32]);

#endif
