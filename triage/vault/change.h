/* change.h -- one decision: all it writes, in one transaction, with its audit leaves; committed together with others.
 *
 * A change is filled piece by piece and submitted once. Changes that come while a transaction is under way are
 * committed together in the next (takes and arrivals share a COMMIT); when that one is refused each is tried alone, so
 * that only the one at fault fails. A change that is refused alone for its version means that another vault writes for
 * this desk, or that it is not known what was kept: the vault then rebuilds its meaning from the database (boot_again).
 */
#ifndef TRIAGE_VAULT_CHANGE_H
#define TRIAGE_VAULT_CHANGE_H

#include "triage/vault/item.h"

struct change;

enum { CHANGE_FILES_MAX = 20 };

/* Owned by the caller until change_submit() or change_free(). */
struct change *change_new(struct vault *vault);
void change_free(struct change *change);

/* Takes the content of `item`. `before` is the hash of the version before, NULL for the first. */
void change_put(struct change *change, struct sealed_item *item, const uint8_t *before);
/* Takes the content of `body`. `signature` may be NULL. */
void change_row(struct change *change, const struct envelope_place *place, struct buf *body, const uint8_t *signature);
void change_wrap(struct change *change, const struct envelope_wrap *wrap);
void change_case(struct change *change, const uint8_t case_id[static 16], const char *desk, const char *month);
void change_inbox(struct change *change, const uint8_t row_id[static 16], const char *desk);
void change_taken(struct change *change, int64_t inbox);
/* These files (at most CHANGE_FILES_MAX) are the case's from now on; `ids` is borrowed. */
void change_claim(struct change *change, const uint8_t case_id[static 16], const uint8_t (*ids)[16], size_t count);
void change_dissolve(struct change *change, const uint8_t case_id[static 16]);
/* The case of this version, whose state has this hash, is erased: nothing else in the change may be about it but its
 * leaf, which says that the state was ended. */
void change_erase(struct change *change, const uint8_t case_id[static 16], int64_t version,
                  const uint8_t state_hash[static 32]);
/* The case goes to another desk; `version` is that of its last state here, put in this change. */
void change_move(struct change *change, const uint8_t case_id[static 16], int64_t version, const char *desk);
/* Takes the content of `body`. */
void change_outbox(struct change *change, const uint8_t id[static 16], const char *channel,
                   const uint8_t key_id[static 8], struct buf *body);
/* What became of that text is known: nobody is told it again. */
void change_ended(struct change *change, const uint8_t id[static 16]);
void change_offered(struct change *change, int offered);
/* An audit leaf; takes the content of `entry` (sealed). The first leaf carries the hashes of the first item. */
void change_leaf(struct change *change, const uint8_t leaf_id[static 16], struct buf *entry);

/* Fires exactly once, never before change_submit() returned. ERR_CONFLICT: someone was faster with an impact;
 * ERR_CANCELLED: the vault rebuilds; ERR_DB_DOWN, ERR_BUSY, ERR_DB_REFUSED. */
typedef void change_done_fn(void *room, enum err err);
/* Takes the change. */
void change_submit(struct change *change, change_done_fn *done, void *room);

/* Where submitted changes gather. */
struct committer *committer_new(struct vault *vault);
/* Tell all that wait ERR_CANCELLED. */
void committer_cancel(struct committer *committer);
void committer_free(struct committer *committer);

#endif
