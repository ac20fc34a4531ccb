/* throttle.h -- how often a sign-in may be tried: a bucket for each account, and one for each device that has signed in
 * before, so that guessing from elsewhere locks nobody out of their own device.
 *
 * Ten tries, then one a minute. Time is a parameter (wall seconds). Bounded; who was not heard of for longest is
 * forgotten. */
#ifndef TRIAGE_VAULT_THROTTLE_H
#define TRIAGE_VAULT_THROTTLE_H

#include <stdint.h>

struct throttle;

enum { THROTTLE_TRIES = 10, THROTTLE_REFILL_S = 60 };

struct throttle *throttle_new(void);
void throttle_free(struct throttle *throttle);
/* Take one try for `name` from the device named by `device` ("" : unknown). 0: not now. */
int throttle_try(struct throttle *throttle, const char *name, const char *device, int64_t now);
/* It was the right password: its try is given back. */
void throttle_good(struct throttle *throttle, const char *name, const char *device, int64_t now);

#endif
