/* challenge.h -- what a passkey signs: made here, good for five minutes, for one use.
 *
 * A challenge carries its own end, its use and its person under a MAC whose key lives in this process, so that asking
 * for them costs no memory; those that were spent are remembered until they would have ended. */
#ifndef TRIAGE_VAULT_CHALLENGE_H
#define TRIAGE_VAULT_CHALLENGE_H

#include <stdint.h>

struct challenges;

enum { CHALLENGE_TEXT = 76, CHALLENGE_LIFE_S = 300, CHALLENGES_SPENT = 4096 };

/* To sign in (whoever it is), to add a passkey, to show once more who asks: none stands for another. */
enum challenge_use { CHALLENGE_SIGNIN = 's', CHALLENGE_ADD = 'a', CHALLENGE_FRESH = 'f' };

struct challenges *challenges_new(void);
void challenges_free(struct challenges *challenges);

/* Base64url without padding. `person` NULL: nobody yet. Time is a parameter (wall seconds). */
void challenge_new(const struct challenges *challenges, enum challenge_use use, const uint8_t *person, int64_t now,
                   char out[static CHALLENGE_TEXT]);
/* 1: it is ours, for this use and person, has not ended and was not spent before; it is spent now. */
int challenge_spend(struct challenges *challenges, enum challenge_use use, const uint8_t *person, const char *text,
                    int64_t now);

#endif
