/* hpke_open.h -- the receiver's half of HPKE. Library rc_seal_open, linked only where a private key lives:
 * recourse-keys (desks), recourse (key ceremonies), recourse-sms (its own outbox key). */
#ifndef COMMON_SEAL_HPKE_OPEN_H
#define COMMON_SEAL_HPKE_OPEN_H

#include "common/seal/hpke.h"

/* `sender_public` only in AUTH modes. ERR_CRYPTO; ERR_MALFORMED as for hpke_setup_sender. */
MUST_CHECK enum err hpke_open_setup(const struct hpke_params *params, const uint8_t enc[static 32],
                                    const uint8_t receiver_private[static 32], const uint8_t *sender_public,
                                    struct hpke_context *out);
/* `out` holds len - HPKE_TAG. ERR_CRYPTO: not ours, or changed; nothing is then in `out`. Raises seq on success.
 * ERR_MALFORMED: shorter than a tag, or a suite that only exports. */
MUST_CHECK enum err hpke_open(struct hpke_context *context, const void *aad, size_t aad_len, const uint8_t *sealed,
                              size_t len, uint8_t *out);
/* Imported private keys are kept for speed (this thread's last eight). Wipe them: when a room locks, and when an
 * epoch's key is destroyed. */
void hpke_open_forget(void);

#endif
