/* door_audit.c -- see door_audit.h. The SQL behind each statement is in migrations/008_door_audit.sql. */
#include "store/door_audit.h"

#include "common/base/mem.h"
#include "store/door_ask.h"
#include "store/door_rows.h"
#include "store/pg_array.h"

struct door_audit {
    struct loop *loop;
    struct store *store;
};

static const struct store_statement audit_pending = {"audit_pending", "SELECT * FROM door_audit.pending($1)", 1};
static const struct store_statement audit_placed = {"audit_placed", "SELECT * FROM door_audit.placed($1, $2)", 2};
static const struct store_statement audit_place = {"audit_place", "SELECT door_audit.place($1, $2, $3)", 3};
static const struct store_statement audit_checkpoint = {"audit_checkpoint", "SELECT door_audit.checkpoint($1, $2)", 2};

/* Columns of pending() and placed(). */
enum { LEAF_ID, LEAF_DESK, LEAF_STATE_HASH, LEAF_BEFORE_HASH, LEAF_ENTRY_SHA256, LEAF_SEQ, LEAF_HASH };

struct door_audit *door_audit_new(struct loop *loop, const char *conninfo, const char *password_path)
{
    struct door_audit *door = mem_new(sizeof *door);
    door->loop = loop;
    door->store = store_new(
        loop, &(struct store_options){.conninfo = conninfo, .password_path = password_path, .connections = 1});
    return door;
}

void door_audit_free(struct door_audit *door)
{
    if (!door)
        return;
    store_free(door->store);
    loop_bury(door->loop, door, mem_free);
}

static void leaves_done(void *room, uint64_t tag, enum err err, const struct store_result *result)
{
    (void)tag;
    struct door_ask ask = door_ask_take(room);
    unsigned count = err == ERR_OK ? store_rows(result, 0) : 0;
    struct audit_leaf *leaves = mem_new_array(count, sizeof *leaves);
    for (unsigned i = 0; i < count; i++) {
        store_id(result, 0, i, LEAF_ID, leaves[i].leaf_id);
        door_rows_copy_text(result, 0, i, LEAF_DESK, leaves[i].desk, sizeof leaves[i].desk);
        store_fixed(result, 0, i, LEAF_STATE_HASH, leaves[i].state_hash, 32);
        store_fixed(result, 0, i, LEAF_BEFORE_HASH, leaves[i].before_hash, 32);
        store_fixed(result, 0, i, LEAF_ENTRY_SHA256, leaves[i].entry_sha256, 32);
        leaves[i].seq = store_i64(result, 0, i, LEAF_SEQ);
        store_fixed(result, 0, i, LEAF_HASH, leaves[i].leaf_hash, 32);
    }
    ((audit_leaves_fn *)ask.done)(ask.room, ask.tag, err, leaves, count);
    mem_free(leaves);
}

void door_audit_pending(struct door_audit *door, unsigned limit, int64_t deadline_ms, audit_leaves_fn *done, void *room,
                        uint64_t tag)
{
    struct store_unit *unit = store_unit_new(1);
    store_begin(unit, &audit_pending);
    store_put_i32(unit, (int32_t)limit);
    store_end(unit);
    store_submit(door->store, unit, deadline_ms, leaves_done, door_ask_new((door_any_fn *)done, room, tag), 0);
}

void door_audit_placed(struct door_audit *door, int64_t from_seq, unsigned limit, int64_t deadline_ms,
                       audit_leaves_fn *done, void *room, uint64_t tag)
{
    struct store_unit *unit = store_unit_new(1);
    store_begin(unit, &audit_placed);
    store_put_i64(unit, from_seq);
    store_put_i32(unit, (int32_t)limit);
    store_end(unit);
    store_submit(door->store, unit, deadline_ms, leaves_done, door_ask_new((door_any_fn *)done, room, tag), 0);
}

static void audit_done(void *room, uint64_t tag, enum err err, const struct store_result *result)
{
    (void)tag;
    (void)result;
    struct door_ask ask = door_ask_take(room);
    ((audit_done_fn *)ask.done)(ask.room, ask.tag, err);
}

void door_audit_place(struct door_audit *door, int64_t first, const uint8_t (*leaf_ids)[16],
                      const uint8_t (*leaf_hashes)[32], size_t count, int64_t deadline_ms, audit_done_fn *done,
                      void *room, uint64_t tag)
{
    struct pg_array ids, hashes;
    pg_array_init(&ids, STORE_UUID_A);
    pg_array_init(&hashes, STORE_BYTEA_A);
    for (size_t i = 0; i < count; i++) {
        pg_array_bytes(&ids, leaf_ids[i], 16);
        pg_array_bytes(&hashes, leaf_hashes[i], 32);
    }
    struct store_unit *unit = store_unit_new(1);
    store_begin(unit, &audit_place);
    store_put_i64(unit, first);
    store_put_array(unit, &ids);
    store_put_array(unit, &hashes);
    store_end(unit);
    store_submit(door->store, unit, deadline_ms, audit_done, door_ask_new((door_any_fn *)done, room, tag), 0);
}

void door_audit_checkpoint(struct door_audit *door, int64_t size, const char *note, int64_t deadline_ms,
                           audit_done_fn *done, void *room, uint64_t tag)
{
    struct store_unit *unit = store_unit_new(1);
    store_begin(unit, &audit_checkpoint);
    store_put_i64(unit, size);
    store_put_text(unit, note);
    store_end(unit);
    store_submit(door->store, unit, deadline_ms, audit_done, door_ask_new((door_any_fn *)done, room, tag), 0);
}
