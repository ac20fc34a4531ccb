/* alike.h -- messages that say nearly the same are one item at the first look: a campaign, a flood. Every voice is
 * kept.
 *
 * MinHash of three words in a row (Broder 1997), found again by bands of the signature. The hash is keyed with random
 * bytes of this run, so that nobody outside can make a text that lands in another's group without saying the same.
 * Groups are for the order of work alone: nothing is merged, no thread or state is shared, and nobody outside learns of
 * it. Pure; knows numbers, not cases. */
#ifndef TRIAGE_VAULT_ALIKE_H
#define TRIAGE_VAULT_ALIKE_H

#include <stddef.h>
#include <stdint.h>

struct alike;

#define ALIKE_NONE UINT32_MAX

struct alike *alike_new(void);
void alike_free(struct alike *alike);
/* `number` says `text`: it joins those that say nearly the same, or begins a group of its own. The first of the group,
 * who stands for all; `number` itself when it is the first. It must not be in a group yet. */
uint32_t alike_add(struct alike *alike, uint32_t number, const char *text, size_t len);
/* It leaves (somebody looked, or it changed). Who stands for the others now, ALIKE_NONE when nobody is left or it was
 * in no group. */
uint32_t alike_remove(struct alike *alike, uint32_t number);
/* Who stands for it; ALIKE_NONE when it is in no group. */
uint32_t alike_first(const struct alike *alike, uint32_t number);
/* All of its group in the order in which they came, itself among them; borrowed until the next change. 0: in no group.
 */
size_t alike_members(const struct alike *alike, uint32_t number, const uint32_t **out);
/* ---- for a snapshot: what is kept of a text is its signature, of no use without the hash's key ---- */

enum { ALIKE_MINIMA = 24, ALIKE_KEY = 8 + 2 * 8 * ALIKE_MINIMA };
/* The signature of the group that `number` is in; NULL: in none. Borrowed until the next change. */
const uint32_t *alike_minima(const struct alike *alike, uint32_t number);
/* As alike_add(), by a signature. */
uint32_t alike_add_minima(struct alike *alike, uint32_t number, const uint32_t minima[static ALIKE_MINIMA]);
void alike_key(const struct alike *alike, uint8_t out[static ALIKE_KEY]);
/* Only while it has no group. */
void alike_take_key(struct alike *alike, const uint8_t key[static ALIKE_KEY]);

/* How many groups there are. */
size_t alike_groups(const struct alike *alike);

#endif
