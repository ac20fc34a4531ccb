/* door_intake.h -- what the public door may do in the database: append, read one thread by its handle, read what is
 * published for partners. Role recourse_intake. */
#ifndef STORE_DOOR_INTAKE_H
#define STORE_DOOR_INTAKE_H

#include "store/door_append.h"

struct door_intake;
/* `connections` 0: two. */
struct door_intake *door_intake_new(struct loop *loop, const char *conninfo, const char *password_path,
                                    unsigned connections);
void door_intake_free(struct door_intake *door);
int door_intake_is_up(const struct door_intake *door);
/* At most once, before the first unit. `with` is copied; what it points to must outlive the door. */
void door_intake_spool(struct door_intake *door, const struct append_spool *with);

/* Takes the unit's body. The callback fires exactly once, later; ERR_OK only after COMMIT. Rings the desk's bell. */
void door_intake_append(struct door_intake *door, struct append_unit *unit, int64_t deadline_ms, append_done_fn *done,
                        void *room, uint64_t tag);

/* A letter (door_append.h): takes the unit and its letter. ERR_OK with APPEND_SPOOLED, else ERR_DB_DOWN. */
void door_intake_letter(struct door_intake *door, struct append_unit *unit, append_done_fn *done, void *room,
                        uint64_t tag);

/* One thread by the handles its receipt may have (one per pepper epoch). */
struct thread_row {
    struct envelope_place place;     /* complete, as bound in the row */
    const uint8_t *body, *signature; /* signature: 64 bytes of a staff row, else NULL */
    size_t body_len;
    int64_t position;
};
struct thread_found {
    uint8_t case_id[16];
    char desk[17];
    uint32_t office;
    struct envelope_wrap wraps[8]; /* the receipt's wraps of the thread root, one per generation */
    size_t wrap_count;
    const struct thread_row *rows; /* THREAD root rows in order; borrowed until return */
    size_t row_count;
};
/* `found` is NULL when no handle is known (err is then ERR_NOT_FOUND); both ways cost the same statements. */
typedef void thread_done_fn(void *room, uint64_t tag, enum err err, const struct thread_found *found);
void door_intake_thread(struct door_intake *door, const uint8_t (*handles)[32], size_t count, int64_t deadline_ms,
                        thread_done_fn *done, void *room, uint64_t tag);

struct partner_found {
    char partner[65], scopes[129]; /* name of the organisation; scopes separated by spaces */
    uint8_t partner_id[16];
};
typedef void partner_done_fn(void *room, uint64_t tag, enum err err, const struct partner_found *found);
void door_intake_partner(struct door_intake *door, const uint8_t token_sha256[static 32], int64_t deadline_ms,
                         partner_done_fn *done, void *room, uint64_t tag);

struct round_found {
    char code[33], desk[17];
    const char *title, *questions; /* questions: JSON array text */
    int64_t opens, closes;         /* wall seconds */
};
typedef void round_done_fn(void *room, uint64_t tag, enum err err, const struct round_found *found);
void door_intake_round(struct door_intake *door, const char *code, int64_t deadline_ms, round_done_fn *done, void *room,
                       uint64_t tag);

/* Desks that have members, so that the page offers no others: codes separated by spaces, for the callback. */
typedef void desks_done_fn(void *room, uint64_t tag, enum err err, const char *codes);
void door_intake_desks(struct door_intake *door, int64_t deadline_ms, desks_done_fn *done, void *room, uint64_t tag);

/* Once a minute: how many rows this incarnation has written (signed), which manifest it uses; purge old once-records.
 */
void door_intake_beat(struct door_intake *door, uint64_t incarnation, uint64_t n, const uint8_t signature[static 64],
                      uint32_t manifest_version, int16_t oldest_slot, int16_t newest_slot);

/* --- files (docs/evidence.md) --- */

enum { UPLOADS_A_CALL = 32 };
struct upload_found {
    const uint8_t *head; /* sealed; borrowed until return */
    size_t head_len;
    int32_t pieces;
    int64_t bytes; /* sealed ones, of all pieces */
    int is_whole, is_kept;
};
/* `found` only with ERR_OK; ERR_NOT_FOUND: there is none, or a desk has it already. */
typedef void upload_done_fn(void *room, uint64_t tag, enum err err, const struct upload_found *found);
void door_intake_upload(struct door_intake *door, const uint8_t id[static 16], int64_t deadline_ms,
                        upload_done_fn *done, void *room, uint64_t tag);

typedef void upload_wrote_fn(void *room, uint64_t tag, enum err err);
/* A new, empty one. ERR_CONFLICT: it is there. */
void door_intake_upload_begin(struct door_intake *door, const uint8_t id[static 16], uint32_t office, int16_t slot,
                              const struct buf *head, int64_t deadline_ms, upload_wrote_fn *done, void *room,
                              uint64_t tag);
/* The next piece, with the head as it is after it; durable with ERR_OK. ERR_CONFLICT: another stands there, or the file
 * is whole; ERR_NOT_FOUND. Copies. */
struct upload_piece {
    const uint8_t *id;
    int32_t n;
    const struct buf *body, *head;
    int is_whole;
    int16_t slot;
};
void door_intake_upload_piece(struct door_intake *door, const struct upload_piece *piece, int64_t deadline_ms,
                              upload_wrote_fn *done, void *room, uint64_t tag);
/* Which of these are whole (at most UPLOADS_A_CALL); those are kept until their desk takes them. */
struct upload_kept {
    uint8_t id[16];
    int64_t bytes;       /* sealed ones, of all pieces */
    const uint8_t *head; /* sealed, borrowed until return; NULL: a desk has it already */
    size_t head_len;
};
typedef void uploads_kept_fn(void *room, uint64_t tag, enum err err, const struct upload_kept *kept, size_t count);
void door_intake_uploads_keep(struct door_intake *door, const uint8_t (*ids)[16], size_t count, int64_t deadline_ms,
                              uploads_kept_fn *done, void *room, uint64_t tag);
/* Ends one that nobody has kept; ERR_NOT_FOUND for any other. */
void door_intake_upload_end(struct door_intake *door, const uint8_t id[static 16], int64_t deadline_ms,
                            upload_wrote_fn *done, void *room, uint64_t tag);
/* What nobody sent goes once its slot is outside oldest..newest; what was kept, outside kept_oldest..newest. */
void door_intake_uploads_purge(struct door_intake *door, int16_t oldest_slot, int16_t newest_slot,
                               int16_t kept_oldest_slot);

#endif
