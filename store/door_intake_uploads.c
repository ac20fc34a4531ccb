/* door_intake_uploads.c -- see door_intake.h: files on their way in. The SQL is in migrations/015_evidence.sql. */
#include <string.h>

#include "common/base/mem.h"
#include "store/door_ask.h"
#include "store/door_intake_inside.h"
#include "store/pg_array.h"

enum { PURGE_MS = 10000 };

static const struct store_statement intake_upload = {
    "intake_upload", "SELECT head, pieces, bytes, is_whole, kept FROM door_intake.upload($1)", 1};
static const struct store_statement intake_upload_begin = {"intake_upload_begin",
                                                           "SELECT door_intake.upload_begin($1, $2, $3, $4)", 4};
static const struct store_statement intake_upload_piece = {
    "intake_upload_piece", "SELECT door_intake.upload_piece($1, $2, $3, $4, $5, $6)", 6};
static const struct store_statement intake_uploads_keep = {
    "intake_uploads_keep",
    "SELECT k.upload_id, k.bytes, u.head FROM door_intake.uploads_keep($1) k"
    " LEFT JOIN LATERAL door_intake.upload(k.upload_id) u ON true",
    1};
static const struct store_statement intake_upload_end = {"intake_upload_end", "SELECT door_intake.upload_end($1)", 1};
static const struct store_statement intake_uploads_purge = {"intake_uploads_purge",
                                                            "SELECT door_intake.uploads_purge($1, $2, $3)", 3};

static void upload_done(void *room, uint64_t tag, enum err err, const struct store_result *result)
{
    (void)tag;
    struct door_ask ask = door_ask_take(room);
    struct upload_found found = {0};
    if (err == ERR_OK && store_rows(result, 0) == 0)
        err = ERR_NOT_FOUND;
    if (err == ERR_OK) {
        found.head = store_bytes(result, 0, 0, 0, &found.head_len);
        found.pieces = (int32_t)store_i64(result, 0, 0, 1);
        found.bytes = store_i64(result, 0, 0, 2);
        found.is_whole = store_i64(result, 0, 0, 3) != 0;
        found.is_kept = store_i64(result, 0, 0, 4) != 0;
    }
    ((upload_done_fn *)ask.done)(ask.room, ask.tag, err, err == ERR_OK ? &found : NULL);
}

void door_intake_upload(struct door_intake *door, const uint8_t id[static 16], int64_t deadline_ms,
                        upload_done_fn *done, void *room, uint64_t tag)
{
    struct store_unit *unit = store_unit_new(1);
    store_begin(unit, &intake_upload);
    store_put_id(unit, id);
    store_end(unit);
    store_submit(door->store, unit, deadline_ms, upload_done, door_ask_new((door_any_fn *)done, room, tag), 0);
}

static void wrote(struct door_ask ask, enum err err)
{
    ((upload_wrote_fn *)ask.done)(ask.room, ask.tag, err);
}

static void begin_done(void *room, uint64_t tag, enum err err, const struct store_result *result)
{
    (void)tag;
    if (err == ERR_OK && !store_i64(result, 0, 0, 0))
        err = ERR_CONFLICT;
    wrote(door_ask_take(room), err);
}

void door_intake_upload_begin(struct door_intake *door, const uint8_t id[static 16], uint32_t office, int16_t slot,
                              const struct buf *head, int64_t deadline_ms, upload_wrote_fn *done, void *room,
                              uint64_t tag)
{
    struct store_unit *unit = store_unit_new(1);
    store_begin(unit, &intake_upload_begin);
    store_put_id(unit, id);
    store_put_i32(unit, (int32_t)office);
    store_put_i16(unit, slot);
    store_put_bytes(unit, head->bytes, head->len);
    store_end(unit);
    store_submit(door->store, unit, deadline_ms, begin_done, door_ask_new((door_any_fn *)done, room, tag), 0);
}

static void piece_done(void *room, uint64_t tag, enum err err, const struct store_result *result)
{
    (void)tag;
    (void)result;
    wrote(door_ask_take(room), err);
}

void door_intake_upload_piece(struct door_intake *door, const struct upload_piece *piece, int64_t deadline_ms,
                              upload_wrote_fn *done, void *room, uint64_t tag)
{
    /* Not to be sent again by itself: a second run would find its own piece and call it another's. Whoever asks after
     * an unknown answer looks at the upload. */
    struct store_unit *unit = store_unit_new(0);
    store_begin(unit, &intake_upload_piece);
    store_put_id(unit, piece->id);
    store_put_i32(unit, piece->n);
    store_put_bytes(unit, piece->body->bytes, piece->body->len);
    store_put_bytes(unit, piece->head->bytes, piece->head->len);
    store_put_bool(unit, piece->is_whole);
    store_put_i16(unit, piece->slot);
    store_end(unit);
    store_submit(door->store, unit, deadline_ms, piece_done, door_ask_new((door_any_fn *)done, room, tag), 0);
}

static void keep_done(void *room, uint64_t tag, enum err err, const struct store_result *result)
{
    (void)tag;
    struct door_ask ask = door_ask_take(room);
    struct upload_kept kept[UPLOADS_A_CALL];
    size_t count = 0;
    for (unsigned i = 0; err == ERR_OK && i < store_rows(result, 0) && count < UPLOADS_A_CALL; i++) {
        struct upload_kept *one = &kept[count++];
        *one = (struct upload_kept){.bytes = store_i64(result, 0, i, 1)};
        store_id(result, 0, i, 0, one->id);
        if (!store_is_null(result, 0, i, 2))
            one->head = store_bytes(result, 0, i, 2, &one->head_len);
    }
    ((uploads_kept_fn *)ask.done)(ask.room, ask.tag, err, kept, count);
}

void door_intake_uploads_keep(struct door_intake *door, const uint8_t (*ids)[16], size_t count, int64_t deadline_ms,
                              uploads_kept_fn *done, void *room, uint64_t tag)
{
    need(count <= UPLOADS_A_CALL);
    struct pg_array array;
    pg_array_init(&array, STORE_UUID_A);
    for (size_t i = 0; i < count; i++)
        pg_array_bytes(&array, ids[i], 16);
    struct store_unit *unit = store_unit_new(1);
    store_begin(unit, &intake_uploads_keep);
    store_put_array(unit, &array);
    store_end(unit);
    store_submit(door->store, unit, deadline_ms, keep_done, door_ask_new((door_any_fn *)done, room, tag), 0);
}

static void end_done(void *room, uint64_t tag, enum err err, const struct store_result *result)
{
    (void)tag;
    if (err == ERR_OK && !store_i64(result, 0, 0, 0))
        err = ERR_NOT_FOUND;
    wrote(door_ask_take(room), err);
}

void door_intake_upload_end(struct door_intake *door, const uint8_t id[static 16], int64_t deadline_ms,
                            upload_wrote_fn *done, void *room, uint64_t tag)
{
    struct store_unit *unit = store_unit_new(1);
    store_begin(unit, &intake_upload_end);
    store_put_id(unit, id);
    store_end(unit);
    store_submit(door->store, unit, deadline_ms, end_done, door_ask_new((door_any_fn *)done, room, tag), 0);
}

/* What this run leaves the next one takes. */
static void purged(void *room, uint64_t tag, enum err err, const struct store_result *result)
{
    (void)room;
    (void)tag;
    (void)err;
    (void)result;
}

void door_intake_uploads_purge(struct door_intake *door, int16_t oldest_slot, int16_t newest_slot,
                               int16_t kept_oldest_slot)
{
    struct store_unit *unit = store_unit_new(0);
    store_begin(unit, &intake_uploads_purge);
    store_put_i16(unit, oldest_slot);
    store_put_i16(unit, newest_slot);
    store_put_i16(unit, kept_oldest_slot);
    store_end(unit);
    store_submit(door->store, unit, PURGE_MS, purged, NULL, 0);
}
