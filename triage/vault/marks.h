/* marks.h -- who has an account where, without names: so that nobody works at oversight and at another desk.
 *
 * Vaults do not see each other's staff. Each keeps one item on the office's register: for every account that has not
 * ended the HMAC of its name under the register key, which the office's vaults alone hold. A vault of another desk can
 * ask it "has this name an account there?" and nothing else; who guesses names with the register key in hand can guess
 * them here. Names are compared folded, in any order of their words; a person under two names is not found.
 *
 * The mark follows the account in a change of its own, and whoever adds an account reads the marks first; two desks
 * that admit one name at the same moment both refuse it afterwards, until one account has ended. Neighbours: people.c
 * (asks for marks_sync), impacts.c (reads the shelf). */
#ifndef TRIAGE_VAULT_MARKS_H
#define TRIAGE_VAULT_MARKS_H

#include "triage/vault/vault.h"

struct marks;

struct marks *marks_new(void);
void marks_free(struct marks *marks);

/* 1: the item of the register was a desk's marks, and has been looked at (kept, or logged and left out). */
int marks_read(struct vault *vault, const struct vault_item *item);
/* Write our desk's marks again if they are not those of its people. Needs an open vault. */
void marks_sync(struct vault *vault);
/* 1: somebody of this name has an account at a desk that excludes ours. */
int marks_exclude(const struct vault *vault, const char *name);

#endif
