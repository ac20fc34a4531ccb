/* signin.h -- name, password and second factor: checked by the vault itself, never by the console.
 *
 * Keeps the throttle, the device cookies (under a key made from the record key, so that they outlive a restart) and the
 * count of failed tries, which become one audit leaf an account and minute. */
#ifndef TRIAGE_VAULT_SIGNIN_H
#define TRIAGE_VAULT_SIGNIN_H

#include "triage/vault/factor.h"
#include "triage/vault/request.h"

struct signin;

struct signin *signin_new(struct vault *vault);
void signin_free(struct signin *signin);

/* Who it is has been shown: give a session, or refuse it where oversight and another desk exclude each other. Takes
 * `json`, the record as it is when code or passkey have counted. Answers the request. */
void signin_let_in(struct request *request, struct person *person, json_t *json, enum factor_use use);
/* For fresh.c: the same throttle and the same count. 0: too many tries. `person` NULL: no account of ours. */
int signin_may_try(struct vault *vault, const struct person *person);
void signin_right(struct vault *vault, const struct person *person);
void signin_failed(struct vault *vault, const struct person *person);

/* 1 if an account without a second factor may only set one up. */
int signin_wants_factor(const struct vault *vault);

#endif
