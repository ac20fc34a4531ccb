/* totp.h -- codes of an authenticator app (RFC 6238: SHA-1, six digits, 30 seconds, by liboath) and the ten single-use
 * recovery codes for the day it is lost. Pure but for randomness; time is a parameter (wall seconds). */
#ifndef TRIAGE_VAULT_TOTP_H
#define TRIAGE_VAULT_TOTP_H

#include <jansson.h>
#include <stdint.h>

enum { TOTP_SECRET = 33, TOTP_CODES = 10, TOTP_CODE = 15 };

/* 160 random bits in base32. */
void totp_secret(char out[static TOTP_SECRET]);
/* The number of the period that `code` (six digits, blanks between them allowed) is of: the present one or a neighbour
 * of it, and behind `last`, so that no code counts twice. -1: it is not right. */
int64_t totp_check(const char *secret, const char *code, int64_t last, int64_t now);

/* Ten codes "xxxx-xxxx-xxxx" (59 bits each) to show once, and what is kept of them. New references. */
void totp_codes(json_t **shown, json_t **kept);
/* Strike out the one that `code` is (case and dashes do not matter). 0: it is none of them. */
int totp_codes_use(json_t *kept, const char *code);

#endif
