/* factor.h -- the second factor in a staff record: is there one, is what was given right, and what that uses up. */
#ifndef TRIAGE_VAULT_FACTOR_H
#define TRIAGE_VAULT_FACTOR_H

#include <jansson.h>
#include <stdint.h>

enum { FACTOR_CODE_MAX = 40 };

/* NONE: the account has no second factor. RIGHT: `json`, the draft of the record's next version, was changed so that
 * the code counts this once. */
enum factor_use { FACTOR_NONE, FACTOR_RIGHT, FACTOR_WRONG };

/* A TOTP secret or a passkey. */
int factor_has(const json_t *json);
enum factor_use factor_use(json_t *json, const char *code, int64_t now);

#endif
