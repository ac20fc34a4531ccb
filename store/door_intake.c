/* door_intake.c -- see door_intake.h. The SQL behind each statement is in migrations/004_door_intake.sql, of
 * letters in 010_letters.sql. */
#include "store/door_intake.h"

#include <string.h>

#include "common/base/mem.h"
#include "store/appender.h"
#include "store/door_ask.h"
#include "store/door_intake_inside.h"
#include "store/door_rows.h"
#include "store/drain.h"
#include "store/pg_array.h"

enum { CONNECTIONS = 2, THREAD_WRAPS_MAX = 8, DESK_MS = 10000 };

static const struct store_statement intake_append = {
    "intake_append", "SELECT outcome, at_desk FROM door_intake.append(" APPENDER_ARGUMENTS ")", APPENDER_PARAMS};
static const struct store_statement intake_ring = {"intake_ring", "SELECT door_intake.ring($1)", 1};
static const struct store_statement intake_thread = {"intake_thread", "SELECT * FROM door_intake.thread($1)", 1};
static const struct store_statement intake_partner = {
    "intake_partner", "SELECT partner_id, name, scopes FROM door_intake.partner($1)", 1};
static const struct store_statement intake_round = {
    "intake_round", "SELECT code, desk, title, questions, opens, closes FROM door_intake.round($1)", 1};
static const struct store_statement intake_desk_of = {"intake_desk_of", "SELECT door_intake.desk_of($1)", 1};
static const struct store_statement intake_desks = {"intake_desks", "SELECT door_intake.desks()", 0};
static const struct store_statement intake_beat = {"intake_beat", "SELECT door_intake.beat($1, $2, $3, $4, $5, $6, $7)",
                                                   7};

static void intake_up(void *room)
{
    struct door_intake *door = room;
    if (door->appender)
        appender_up(door->appender);
}

struct door_intake *door_intake_new(struct loop *loop, const char *conninfo, const char *password_path,
                                    unsigned connections)
{
    struct door_intake *door = mem_new(sizeof *door);
    if (connections == 0)
        connections = CONNECTIONS;
    door->loop = loop;
    door->store = store_new(loop, &(struct store_options){.conninfo = conninfo,
                                                          .password_path = password_path,
                                                          .connections = connections,
                                                          .on_up = intake_up,
                                                          .room = door});
    door->appender = appender_new(
        loop, &(struct appender_options){
                  .store = door->store, .batches = connections, .append = &intake_append, .ring = &intake_ring});
    return door;
}

void door_intake_free(struct door_intake *door)
{
    if (!door)
        return;
    store_free(door->store);
    appender_free(door->appender);
    drain_free(door->drain);
    loop_bury(door->loop, door, mem_free);
}

/* --- letters --- */

static void desk_done(void *room, uint64_t tag, enum err err, const struct store_result *result)
{
    (void)tag;
    struct door_ask ask = door_ask_take(room);
    if (err == ERR_OK && store_is_null(result, 0, 0, 0))
        err = ERR_NOT_FOUND;
    ((drain_desk_fn *)ask.done)(ask.room, ask.tag, err, err == ERR_OK ? store_text(result, 0, 0, 0) : NULL);
}

static void desk_ask(void *room, const struct append_letter *letter, drain_desk_fn *done, void *asker, uint64_t tag)
{
    struct door_intake *door = room;
    struct pg_array array;
    pg_array_init(&array, STORE_BYTEA_A);
    for (size_t i = 0; i < letter->handle_count; i++)
        pg_array_bytes(&array, letter->handles[i], sizeof letter->handles[i]);
    struct store_unit *unit = store_unit_new(1);
    store_begin(unit, &intake_desk_of);
    store_put_array(unit, &array);
    store_end(unit);
    store_submit(door->store, unit, DESK_MS, desk_done, door_ask_new((door_any_fn *)done, asker, tag), 0);
}

void door_intake_spool(struct door_intake *door, const struct append_spool *with)
{
    appender_with_spool(door->appender, with);
    door->drain = drain_new(door->loop, door->appender, with, &(struct drain_desks){desk_ask, door});
}

void door_intake_letter(struct door_intake *door, struct append_unit *unit, append_done_fn *done, void *room,
                        uint64_t tag)
{
    appender_letter(door->appender, unit, done, room, tag);
}

int door_intake_is_up(const struct door_intake *door)
{
    return store_is_up(door->store);
}

void door_intake_append(struct door_intake *door, struct append_unit *unit, int64_t deadline_ms, append_done_fn *done,
                        void *room, uint64_t tag)
{
    appender_add(door->appender, unit, deadline_ms, done, room, tag);
}

/* --- one thread --- */

static void thread_read(const struct store_result *result, struct thread_found *found, struct thread_row *rows)
{
    unsigned count = store_rows(result, 0);
    for (unsigned i = 0; i < count; i++) {
        int64_t kind = store_i64(result, 0, i, ROWS_KIND);
        if (kind == ROWS_IS_HEAD) {
            store_id(result, 0, i, ROWS_CASE, found->case_id);
            found->office = (uint32_t)store_i64(result, 0, i, ROWS_OFFICE);
            door_rows_copy_text(result, 0, i, ROWS_DESK, found->desk, sizeof found->desk);
        } else if (kind == ROWS_IS_WRAP && found->wrap_count < THREAD_WRAPS_MAX) {
            door_rows_wrap(result, 0, i, RECIPIENT_RECEIPT, &found->wraps[found->wrap_count++]);
        } else if (kind == ROWS_IS_ROW) {
            struct thread_row *row = &rows[found->row_count++];
            door_rows_place(result, 0, i, &row->place);
            row->body = store_bytes(result, 0, i, ROWS_BODY, &row->body_len);
            size_t len;
            row->signature = store_bytes(result, 0, i, ROWS_SIGNATURE, &len);
            row->position = store_i64(result, 0, i, ROWS_POS);
        }
    }
    found->rows = rows;
}

static void thread_done(void *room, uint64_t tag, enum err err, const struct store_result *result)
{
    (void)tag;
    struct door_ask ask = door_ask_take(room);
    thread_done_fn *done = (thread_done_fn *)ask.done;
    unsigned count = err == ERR_OK ? store_rows(result, 0) : 0;
    if (count == 0) {
        done(ask.room, ask.tag, err == ERR_OK ? ERR_NOT_FOUND : err, NULL);
        return;
    }
    struct thread_found *found = mem_new(sizeof *found);
    struct thread_row *rows = mem_new_array(count, sizeof *rows);
    thread_read(result, found, rows);
    done(ask.room, ask.tag, ERR_OK, found);
    mem_free(rows);
    mem_free(found);
}

void door_intake_thread(struct door_intake *door, const uint8_t (*handles)[32], size_t count, int64_t deadline_ms,
                        thread_done_fn *done, void *room, uint64_t tag)
{
    struct pg_array array;
    pg_array_init(&array, STORE_BYTEA_A);
    for (size_t i = 0; i < count; i++)
        pg_array_bytes(&array, handles[i], 32);
    struct store_unit *unit = store_unit_new(1);
    store_begin(unit, &intake_thread);
    store_put_array(unit, &array);
    store_end(unit);
    store_submit(door->store, unit, deadline_ms, thread_done, door_ask_new((door_any_fn *)done, room, tag), 0);
}

/* --- what is published for partners --- */

static void partner_done(void *room, uint64_t tag, enum err err, const struct store_result *result)
{
    (void)tag;
    struct door_ask ask = door_ask_take(room);
    partner_done_fn *done = (partner_done_fn *)ask.done;
    if (err == ERR_OK && store_rows(result, 0) == 0)
        err = ERR_NOT_FOUND;
    if (err != ERR_OK) {
        done(ask.room, ask.tag, err, NULL);
        return;
    }
    struct partner_found found = {0};
    store_id(result, 0, 0, 0, found.partner_id);
    door_rows_copy_text(result, 0, 0, 1, found.partner, sizeof found.partner);
    door_rows_copy_text(result, 0, 0, 2, found.scopes, sizeof found.scopes);
    done(ask.room, ask.tag, ERR_OK, &found);
}

void door_intake_partner(struct door_intake *door, const uint8_t token_sha256[static 32], int64_t deadline_ms,
                         partner_done_fn *done, void *room, uint64_t tag)
{
    struct store_unit *unit = store_unit_new(1);
    store_begin(unit, &intake_partner);
    store_put_bytes(unit, token_sha256, 32);
    store_end(unit);
    store_submit(door->store, unit, deadline_ms, partner_done, door_ask_new((door_any_fn *)done, room, tag), 0);
}

static void round_done(void *room, uint64_t tag, enum err err, const struct store_result *result)
{
    (void)tag;
    struct door_ask ask = door_ask_take(room);
    round_done_fn *done = (round_done_fn *)ask.done;
    if (err == ERR_OK && store_rows(result, 0) == 0)
        err = ERR_NOT_FOUND;
    if (err != ERR_OK) {
        done(ask.room, ask.tag, err, NULL);
        return;
    }
    struct round_found found = {.title = store_text(result, 0, 0, 2),
                                .questions = store_text(result, 0, 0, 3),
                                .opens = store_i64(result, 0, 0, 4),
                                .closes = store_i64(result, 0, 0, 5)};
    door_rows_copy_text(result, 0, 0, 0, found.code, sizeof found.code);
    door_rows_copy_text(result, 0, 0, 1, found.desk, sizeof found.desk);
    done(ask.room, ask.tag, ERR_OK, &found);
}

void door_intake_round(struct door_intake *door, const char *code, int64_t deadline_ms, round_done_fn *done, void *room,
                       uint64_t tag)
{
    struct store_unit *unit = store_unit_new(1);
    store_begin(unit, &intake_round);
    store_put_text(unit, code);
    store_end(unit);
    store_submit(door->store, unit, deadline_ms, round_done, door_ask_new((door_any_fn *)done, room, tag), 0);
}

static void desks_done(void *room, uint64_t tag, enum err err, const struct store_result *result)
{
    (void)tag;
    struct door_ask ask = door_ask_take(room);
    ((desks_done_fn *)ask.done)(ask.room, ask.tag, err, err == ERR_OK ? store_text(result, 0, 0, 0) : NULL);
}

void door_intake_desks(struct door_intake *door, int64_t deadline_ms, desks_done_fn *done, void *room, uint64_t tag)
{
    struct store_unit *unit = store_unit_new(1);
    store_begin(unit, &intake_desks);
    store_end(unit);
    store_submit(door->store, unit, deadline_ms, desks_done, door_ask_new((door_any_fn *)done, room, tag), 0);
}

void door_intake_beat(struct door_intake *door, uint64_t incarnation, uint64_t n, const uint8_t signature[static 64],
                      uint32_t manifest_version, int16_t oldest_slot, int16_t newest_slot)
{
    appender_beat(door->store, &intake_beat,
                  &(struct appender_beat_of){incarnation, n, signature, manifest_version, oldest_slot, newest_slot});
}
