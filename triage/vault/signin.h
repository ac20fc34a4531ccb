/* signin.h -- name and password: checked by the vault itself, never by the console.
 *
 * Keeps the throttle, the device cookies (under a key made from the record key, so that they outlive a restart) and the
 * count of failed tries, which become one audit leaf an account and minute. */
#ifndef TRIAGE_VAULT_SIGNIN_H
#define TRIAGE_VAULT_SIGNIN_H

#include "triage/vault/request.h"

struct signin;

struct signin *signin_new(struct vault *vault);
void signin_free(struct signin *signin);

#endif
