/* door_audit.h -- what the sequencer may do: put pending leaves in order, publish checkpoints. Role recourse_audit. */
#ifndef STORE_DOOR_AUDIT_H
#define STORE_DOOR_AUDIT_H

#include "store/store.h"

struct door_audit;
struct door_audit *door_audit_new(struct loop *loop, const char *conninfo, const char *password_path);
void door_audit_free(struct door_audit *door);

struct audit_leaf {
    uint8_t leaf_id[16];
    char desk[17];
    uint8_t state_hash[32], before_hash[32], entry_sha256[32];
    int64_t seq;           /* from 1 without a gap (the tree's index is one less); 0 while not placed */
    uint8_t leaf_hash[32]; /* as placed */
};
typedef void audit_leaves_fn(void *room, uint64_t tag, enum err err, const struct audit_leaf *leaves, size_t count);
/* Not yet placed, at most `limit`. */
void door_audit_pending(struct door_audit *door, unsigned limit, int64_t deadline_ms, audit_leaves_fn *done, void *room,
                        uint64_t tag);
/* Placed ones from `seq` on (rebuilding the tree at start). One whose leaf was removed has an empty desk. */
void door_audit_placed(struct door_audit *door, int64_t from_seq, unsigned limit, int64_t deadline_ms,
                       audit_leaves_fn *done, void *room, uint64_t tag);
typedef void audit_done_fn(void *room, uint64_t tag, enum err err);
/* Place `count` leaves at seq first, first+1, ...; ERR_CONFLICT when another sequencer was faster, `first` is not the
 * next place, or a leaf is unknown. The same call again does nothing and is ERR_OK. */
void door_audit_place(struct door_audit *door, int64_t first, const uint8_t (*leaf_ids)[16],
                      const uint8_t (*leaf_hashes)[32], size_t count, int64_t deadline_ms, audit_done_fn *done,
                      void *room, uint64_t tag);
/* Publish; a size that has a checkpoint keeps it. Also the sequencer's beat. */
void door_audit_checkpoint(struct door_audit *door, int64_t size, const char *note, int64_t deadline_ms,
                           audit_done_fn *done, void *room, uint64_t tag);

#endif
