/* door_vault.h -- what one desk's vault may do: its desk's sealed rows, states, records, audit, outbox; the office's
 * register. Role recourse_vault_<desk>; every function refuses rows of another desk (row security says the same).
 *
 * Writing is by units: everything that one decision changes is one transaction (state, rows, keys, inbox, audit leaf,
 * outbox). Each unit begins with the fence: a vault that has been replaced writes nothing more (ERR_CONFLICT). */
#ifndef STORE_DOOR_VAULT_H
#define STORE_DOOR_VAULT_H

#include "common/seal/envelope.h"
#include "store/store.h"

struct door_vault;
/* `on_bell`: something may be in the inbox (or the register changed): take. */
/* The desk is the one that the role in `conninfo`, recourse_vault_<desk>, names. */
struct door_vault *door_vault_new(struct loop *loop, const char *conninfo, const char *password_path,
                                  void (*on_bell)(void *room), void *room);
void door_vault_free(struct door_vault *door);
int door_vault_is_up(const struct door_vault *door);

typedef void door_vault_done_fn(void *room, uint64_t tag, enum err err);
/* Become the desk's one vault: advisory lock (ERR_BUSY when another holds it; try again later), fence raised by one.
 * The lock is held on a connection of its own for as long as the door lives, and taken again when that connection was
 * lost; what counts is the fence: units of a vault whose fence is not the last are ERR_CONFLICT. ERR_NOT_FOUND: no such
 * desk. */
typedef void fence_done_fn(void *room, uint64_t tag, enum err err, uint64_t fence);
void door_vault_fence(struct door_vault *door, int64_t deadline_ms, fence_done_fn *done, void *room, uint64_t tag);

struct vault_row {
    struct envelope_place place;
    const uint8_t *body, *signature; /* signature: 64 bytes of a row that a vault wrote, else NULL */
    size_t body_len;
    int64_t position, inbox; /* inbox: its place in the inbox, 0 when it was taken already */
};
struct vault_page {
    const struct vault_row *rows;
    size_t row_count;
    const struct envelope_wrap *wraps; /* desk wraps of every case in `rows` */
    size_t wrap_count;
};
/* Borrowed until return. */
typedef void vault_page_fn(void *room, uint64_t tag, enum err err, const struct vault_page *page);
/* The next rows of the inbox behind `after`, with the desk wraps of their cases. Places are given before COMMIT, so a
 * row with a lower place can appear later: after a bell or a poll begin again from 0 (what is done is no longer there);
 * `after` is for the pages of one sweep. */
void door_vault_inbox(struct door_vault *door, int64_t after, unsigned limit, int64_t deadline_ms, vault_page_fn *done,
                      void *room, uint64_t tag);
/* All rows of one case, with its desk wraps. ERR_NOT_FOUND: not of this desk. */
void door_vault_case(struct door_vault *door, const uint8_t case_id[static 16], int64_t deadline_ms,
                     vault_page_fn *done, void *room, uint64_t tag);

/* The messages of these cases, those that are this desk's, case by case in their order; no wraps, and the inbox is not
 * looked at. */
void door_vault_messages(struct door_vault *door, const uint8_t (*case_ids)[16], size_t count, int64_t deadline_ms,
                         vault_page_fn *done, void *room, uint64_t tag);

/* Sealed and signed things with a version: case states, the desk's records, the office's impacts. For reading also the
 * states that were moved here from another desk and that this one has not written since. */
enum vault_shelf { SHELF_STATE = 1, SHELF_RECORD = 2, SHELF_IMPACT = 3, SHELF_MOVED = 4 };
struct vault_item {
    uint8_t id[16];
    int64_t version;
    const uint8_t *body, *signature; /* 64 bytes */
    size_t body_len;
    uint64_t fence;   /* of the vault that wrote it, bound in the signature */
    int64_t messages; /* states: rows counted, and the running hash over them (docs/envelope.md) */
    uint8_t rows_hash[32];
    char desk[17]; /* whose vault signed it */
};
typedef void vault_items_fn(void *room, uint64_t tag, enum err err, const struct vault_item *items, size_t count,
                            const struct envelope_wrap *wraps, size_t wrap_count);
/* A page of a shelf ordered by id, ids behind `after` (zeroes: from the start); states come with the desk wraps of
 * their cases. For the rebuild at start, and for the register after a bell. Latest versions only. */
void door_vault_items(struct door_vault *door, enum vault_shelf shelf, const uint8_t after[static 16], unsigned limit,
                      int64_t deadline_ms, vault_items_fn *done, void *room, uint64_t tag);

/* These states of the desk, those that are there, as a page of the shelf. */
void door_vault_states(struct door_vault *door, const uint8_t (*ids)[16], size_t count, int64_t deadline_ms,
                       vault_items_fn *done, void *room, uint64_t tag);
/* Which version each state of the desk has, and its name in the audit (store/hashes.h): a page in order of their ids
 * behind `after`, for a vault that has most of them from a snapshot. Borrowed until return. */
struct vault_state_name {
    uint8_t id[16];
    int64_t version;
    uint8_t hash[32];
};
typedef void vault_names_fn(void *room, uint64_t tag, enum err err, const struct vault_state_name *names, size_t count);
void door_vault_state_names(struct door_vault *door, const uint8_t after[static 16], unsigned limit,
                            int64_t deadline_ms, vault_names_fn *done, void *room, uint64_t tag);

/* The gateway's key of the day, the newest it has published; ERR_NOT_FOUND when it has published none. The caller
 * checks the signature. */
typedef void gateway_key_fn(void *room, uint64_t tag, enum err err, const uint8_t *key_id, const uint8_t *public_key,
                            const uint8_t *signature);
void door_vault_gateway_key(struct door_vault *door, int64_t deadline_ms, gateway_key_fn *done, void *room,
                            uint64_t tag);
/* What became of texts; each comes until a unit says that it is known. */
struct outbox_end {
    uint8_t id[16];
    int16_t outcome;
};
typedef void outbox_ends_fn(void *room, uint64_t tag, enum err err, const struct outbox_end *ends, size_t count);
void door_vault_outbox_ends(struct door_vault *door, int64_t deadline_ms, outbox_ends_fn *done, void *room,
                            uint64_t tag);

/* The case of this desk that a receipt leads to, by its handles (one for each pepper); ERR_NOT_FOUND. */
typedef void vault_case_of_fn(void *room, uint64_t tag, enum err err, const uint8_t *case_id);
void door_vault_case_of(struct door_vault *door, const uint8_t (*handles)[32], size_t count, int64_t deadline_ms,
                        vault_case_of_fn *done, void *room, uint64_t tag);

/* Whether that desk, ours or another, is offered: an officer works there. 0 for a desk that does not exist. */
typedef void vault_offered_fn(void *room, uint64_t tag, enum err err, int is_offered);
void door_vault_offered(struct door_vault *door, const char *desk, int64_t deadline_ms, vault_offered_fn *done,
                        void *room, uint64_t tag);

/* One file of a case of this desk: its head, and `count` pieces from number `from` on, at most `limit` (0: the head
 * alone). Borrowed until return. ERR_NOT_FOUND: not this case's, or not there. */
struct vault_upload {
    const uint8_t *head;
    size_t head_len;
    int32_t pieces; /* of the whole file */
    int is_whole;
    size_t count;
    const struct vault_piece {
        int32_t n;
        const uint8_t *body;
        size_t len;
    } * piece;
};
enum { VAULT_PIECES_MAX = 16 };
typedef void vault_upload_fn(void *room, uint64_t tag, enum err err, const struct vault_upload *upload);
void door_vault_upload(struct door_vault *door, const uint8_t case_id[static 16], const uint8_t id[static 16],
                       int32_t from, int32_t limit, int64_t deadline_ms, vault_upload_fn *done, void *room,
                       uint64_t tag);

/* A unit of change. */
struct vault_unit;
struct vault_unit *vault_unit_new(uint64_t fence);
void vault_unit_free(struct vault_unit *unit);
/* A new version; `item->version` is the one to be written, and must be one above what is there (1: must not be there),
 * else the whole unit is ERR_CONFLICT. */
void vault_unit_put(struct vault_unit *unit, enum vault_shelf shelf, const struct vault_item *item);
/* A sealed row of a case (answer, notice, text threaded into it); `signature` 64 bytes or NULL. */
void vault_unit_row(struct vault_unit *unit, const struct envelope_place *place, const struct buf *body,
                    const uint8_t *signature);
void vault_unit_wrap(struct vault_unit *unit, const struct envelope_wrap *wrap);
/* A case that the vault itself begins (walk-in, danger found in consultation), at this desk or another. */
void vault_unit_case(struct vault_unit *unit, const uint8_t case_id[static 16], uint32_t office, const char *desk,
                     const char *month);
/* Put a row into another desk's inbox or one's own (with vault_unit_case and vault_unit_row). */
void vault_unit_inbox(struct vault_unit *unit, const uint8_t row_id[static 16], const char *desk);
/* These inbox places are done. */
void vault_unit_taken(struct vault_unit *unit, int64_t inbox);
/* These files belong to that case from now on, where they belong to none yet. */
void vault_unit_claim(struct vault_unit *unit, const uint8_t case_id[static 16], const uint8_t (*ids)[16],
                      size_t count);
/* Remove a case that was only an envelope for one text, now threaded elsewhere: its rows, keys and head. */
void vault_unit_dissolve(struct vault_unit *unit, const uint8_t case_id[static 16]);
/* A case that was opened is no more: rows, wraps, state and head. `version` is that of its state, which is not put in
 * this unit. ERR_NOT_FOUND: no such case of ours; ERR_DENIED: something of it waits to be opened. */
void vault_unit_erase(struct vault_unit *unit, const uint8_t case_id[static 16], int64_t version);
/* The case goes to another desk: `version` is that of its last state here, which may be put in this unit, as may the
 * wraps of all its roots for the target (ERR_DENIED when one has none). Its wraps for this desk go, and what waits in
 * the inbox waits there. ERR_NOT_FOUND: no such case of ours, or no such other desk of the office. */
void vault_unit_move(struct vault_unit *unit, const uint8_t case_id[static 16], int64_t version, const char *desk);
/* An audit leaf: sealed entry; for a state written in this unit its hash and the hash of the version before (zeroes:
 * none). */
void vault_unit_leaf(struct vault_unit *unit, const uint8_t leaf_id[static 16], const struct buf *entry,
                     const uint8_t state_hash[static 32], const uint8_t before_hash[static 32]);
/* A text that has ended (door_vault_outbox_ends()) is not put there again. */
void vault_unit_outbox(struct vault_unit *unit, const uint8_t id[static 16], const char *channel,
                       const uint8_t key_id[static 8], const struct buf *body);
/* What became of that text is known. */
void vault_unit_ended(struct vault_unit *unit, const uint8_t id[static 16]);
/* Whether the desk is offered on the public page. */
void vault_unit_offered(struct vault_unit *unit, int offered);
/* Takes the unit. One transaction, one answer; units commit in the order of submission. A unit with an audit leaf may
 * be sent twice (the leaf's id tells): when a connection is lost at COMMIT it is, until the deadline, and ERR_OK means
 * that it is there once. A unit without a leaf then answers ERR_DB_UNKNOWN. ERR_CONFLICT: fence, a version, an inbox
 * place that was done already, a row or case id that is there, a case that cannot be dissolved. ERR_NOT_FOUND: no such
 * case or desk; ERR_DENIED: a row, wrap or inbox place for a case that is neither this desk's nor begun in this unit.
 * The order within the unit does not matter, but for rows, whose positions rise in the order of vault_unit_row(). */
void door_vault_submit(struct door_vault *door, struct vault_unit *unit, int64_t deadline_ms, door_vault_done_fn *done,
                       void *room, uint64_t tag);

#endif
