/* hpke_schedule.h -- what both halves of HPKE share: RFC 9180, sections 4 (DHKEM), 5.1 (key schedule) and 5.2 (nonces).
 *
 * Internal to common/seal. Holds no private key and agrees on nothing: that is hpke.c's and hpke_open.c's part. */
#ifndef COMMON_SEAL_HPKE_SCHEDULE_H
#define COMMON_SEAL_HPKE_SCHEDULE_H

#include "common/seal/aead.h"
#include "common/seal/hpke.h"

/* ERR_MALFORMED: a suite we do not have, a pre-shared key without its mode, or a mode without its pre-shared key. */
MUST_CHECK enum err hpke_schedule_check(const struct hpke_params *params);
/* AUTH and AUTH_PSK: the sender's own key takes part. */
int hpke_schedule_is_auth(enum hpke_mode mode);

/* What the two sides agreed on: one or two X25519 secrets, and the public keys that they came from. */
struct hpke_agreed {
    uint8_t secrets[2][32];
    uint8_t enc[32], receiver_public[32], sender_public[32];
};
/* Fill `out` from a checked `params`; wipes `agreed`. */
void hpke_schedule_run(const struct hpke_params *params, struct hpke_agreed *agreed, struct hpke_context *out);

/* Key and nonce of the next message; ERR_MALFORMED for an export-only suite, ERR_TOO_BIG after the last number. `nonce`
 * is kept alive by the caller for as long as `out`. */
MUST_CHECK enum err hpke_schedule_next(const struct hpke_context *context, uint8_t nonce[static AEAD_NONCE],
                                       struct aead_key *out);

#endif
