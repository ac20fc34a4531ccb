/* case_place.h -- what a state that was kept means for everything in memory: who waits where, which numbers and impacts
 * belong to the case, how wide its impact is.
 *
 * A case takes the scope of its confirmed impact where that is wider: five hundred people with one pay cut are not five
 * hundred small cases. Its own assessment stays as it is. */
#ifndef TRIAGE_VAULT_CASE_PLACE_H
#define TRIAGE_VAULT_CASE_PLACE_H

#include <jansson.h>

#include "triage/vault/book.h"
#include "triage/vault/impacts.h"
#include "triage/vault/item.h"

/* After a commit, or read at the rebuild: `file` has the text of `state` (borrowed). */
void case_place(struct vault *vault, const json_t *state, struct case_file *file);
/* Fewer that say nearly the same are no flood: a person may as well see each of them. */
enum { ALIKE_FROM = 5 };
/* What its first message says: while it waits for a first look it is one item with those that say nearly the same, and
 * the first of them stands in the queue for all. Nothing in danger is ever put behind another. */
void case_says(struct vault *vault, struct case_file *file, const char *text, size_t len);
/* The same where only the signature of its first message is known (alike.h). */
void case_says_as(struct vault *vault, struct case_file *file, const uint32_t *minima);
/* The same from a state as it is stored: opened under the case's staff key (which the book has, or it is refused), its
 * signature checked, and placed; nothing when a version at least as new is there. A state signed by another desk counts
 * only if it was moved here. ERR_CRYPTO, ERR_MALFORMED, ERR_NOT_FOUND (no such signer). */
MUST_CHECK enum err case_place_item(struct vault *vault, const struct vault_item *item);
/* The same where the signature was checked before. */
MUST_CHECK enum err case_place_checked(struct vault *vault, const struct vault_item *item,
                                       const struct item_check *check);
/* The case is this desk's no longer: its words, keys, number and place in the queue are forgotten. */
void case_forget(struct vault *vault, struct case_file *file);
/* The impact's record changed: its cases stand where they belong now. One that is being written is put there by its
 * own change. */
void case_place_with_impact(struct vault *vault, const struct impact *impact);

#endif
