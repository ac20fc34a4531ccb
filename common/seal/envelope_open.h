/* envelope_open.h -- opening with a private key: library rc_seal_open (see hpke_open.h for who links it). */
#ifndef COMMON_SEAL_ENVELOPE_OPEN_H
#define COMMON_SEAL_ENVELOPE_OPEN_H

#include "common/seal/envelope.h"
#include "common/seal/hpke.h"

/* Unwrap one desk wrap with the desk's private key of its epoch; the commitment is checked. ERR_MALFORMED, ERR_CRYPTO.
 */
MUST_CHECK enum err envelope_open_desk_wrap(const struct envelope_desk *desk, const uint8_t private_key[static 32],
                                            const struct envelope_wrap *wrap, uint8_t key[static 32]);

/* The same for many in a row: the wraps of a case are made with one ephemeral key, and agreeing with it costs more than
 * all else. Zeroed before the first; the caller ends it with envelope_agreed_wipe(). */
struct envelope_agreed {
    struct hpke_context context;
    uint8_t enc[HPKE_ENC];
    struct envelope_desk desk;
    int is_there;
};
MUST_CHECK enum err envelope_open_next_wrap(struct envelope_agreed *agreed, const struct envelope_desk *desk,
                                            const uint8_t private_key[static 32], const struct envelope_wrap *wrap,
                                            uint8_t key[static 32]);
void envelope_agreed_wipe(struct envelope_agreed *agreed);
/* Open an envelope_box. ERR_MALFORMED, ERR_CRYPTO, ERR_TOO_BIG. */
MUST_CHECK enum err envelope_open_box(const uint8_t private_key[static 32], const char *label, const void *aad,
                                      size_t aad_len, const uint8_t *sealed, size_t len, struct buf *out);

#endif
