/* passkey.h -- what a browser's authenticator says (WebAuthn Level 2), looked at with libfido2: the origin, the relying
 * party, that the person was there and was verified, the signature, the counter. Pure: who the key belongs to and
 * whether the challenge was ours, the caller looks at.
 *
 * No attestation is asked for: it would tell the make of the device and nothing that we need. */
#ifndef TRIAGE_VAULT_PASSKEY_H
#define TRIAGE_VAULT_PASSKEY_H

#include <jansson.h>

#include "common/base/err.h"

enum { PASSKEY_FIELD_MAX = 4096, PASSKEY_ID_MAX = 1024, PASSKEY_CHALLENGE = 128, PASSKEY_RP = 128 };

/* As it came, each base64url; `signature` only where something is asserted. Borrowed. */
struct passkey_given {
    const char *id, *client, *authenticator, *signature;
};

/* Once, before the sandbox: the library looks for no device, ever, and says nothing. */
void passkey_start(void);
/* The host of "https://HOST:PORT": what browsers bind a passkey to. 0: the origin is not of that form. */
int passkey_rp(const char *origin, char out[static PASSKEY_RP]);

/* A new one: {"id","alg","key","count"} for the record (new reference), and the challenge that it answered. ERR_DENIED:
 * not for this origin, or without the person being verified; ERR_MALFORMED, also where the key is none. */
MUST_CHECK enum err passkey_read(const char *origin, const struct passkey_given *given, json_t **out,
                                 char challenge[static PASSKEY_CHALLENGE]);
/* It is signed by `passkey` (an entry of the record), whose counter is then that of the signature. ERR_DENIED: as
 * above, or the signature does not fit, or the counter did not rise: there is a copy of the authenticator.
 * ERR_MALFORMED. */
MUST_CHECK enum err passkey_check(const char *origin, const struct passkey_given *given, json_t *passkey,
                                  char challenge[static PASSKEY_CHALLENGE]);

#endif
