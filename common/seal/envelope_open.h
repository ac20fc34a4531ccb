/* envelope_open.h -- opening with a private key: library rc_seal_open (see hpke_open.h for who links it). */
#ifndef COMMON_SEAL_ENVELOPE_OPEN_H
#define COMMON_SEAL_ENVELOPE_OPEN_H

#include "common/seal/envelope.h"

/* Unwrap one desk wrap with the desk's private key of its epoch; the commitment is checked. ERR_MALFORMED, ERR_CRYPTO.
 */
MUST_CHECK enum err envelope_open_desk_wrap(const struct envelope_desk *desk, const uint8_t private_key[static 32],
                                            const struct envelope_wrap *wrap, uint8_t key[static 32]);
/* Open an envelope_box. ERR_MALFORMED, ERR_CRYPTO, ERR_TOO_BIG. */
MUST_CHECK enum err envelope_open_box(const uint8_t private_key[static 32], const char *label, const void *aad,
                                      size_t aad_len, const uint8_t *sealed, size_t len, struct buf *out);

#endif
