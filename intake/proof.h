/* proof.h -- how a report is paid for while too many come: a short computation or a short wait (docs/abuse.md).
 *
 * Both are a stamp that we sign and the client brings back; nothing about it is remembered here. A stamp is good for
 * one report: it is bound to the report's key (Idempotency-Key, or the form's), so that the same stamp again is the
 * same report again. What is computed is bound to the network too. A wait is not: a telephone that changes its network
 * between two tries would be sent to wait for ever. */
#ifndef INTAKE_PROOF_H
#define INTAKE_PROOF_H

#include <stddef.h>
#include <stdint.h>

enum { PROOF_STAMP = 48, PROOF_TEXT = 96 }; /* bytes of a stamp and of "stamp:nonce" as text, with the NUL */

struct proof_about {
    const uint8_t *sign_key; /* 32 bytes */
    const uint8_t *network;  /* HTTP_NETWORK bytes, or NULL */
    const char *key;         /* of the report; at most 128 bytes count */
};

/* What is to be computed for: find a nonce (1 to 20 characters of A-Z a-z 0-9) such that the SHA-256 of "stamp:nonce"
 * begins with LIMIT_PROOF_BITS zero bits. `now` is wall seconds. */
void proof_work(const struct proof_about *about, int64_t now, char out[static PROOF_STAMP]);
/* 1 if `text` is "stamp:nonce", ours, not older than LIMIT_PROOF_LIFE_S, and right. */
int proof_is_done(const struct proof_about *about, const char *text, int64_t now);

/* Says when the wait began. */
void proof_wait(const struct proof_about *about, int64_t now, char out[static PROOF_STAMP]);
/* Seconds that are left of a wait of `wait_s`; 0: it is over. -1: no stamp of ours, or older than LIMIT_WAIT_LIFE_S. */
int64_t proof_wait_left(const struct proof_about *about, const char *stamp, int64_t wait_s, int64_t now);

#endif
