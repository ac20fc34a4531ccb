/* door_vault.c -- see door_vault.h; what lies on shelves is door_vault_items.c. One working connection, so that units
 * commit in order; one that listens; one that holds the lock. The SQL behind each statement is in
 * migrations/007_door_vault.sql. */
#include "store/door_vault_inside.h"

#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "store/door_ask.h"
#include "store/door_rows.h"
#include "store/pg_array.h"
#include "store/pg_user.h"
#include "store/vault_unit.h"

enum { HOLD_EVERY_MS = 5000, HOLD_DEADLINE_MS = 4000 };

static const struct store_statement vault_fence = {"vault_fence", "SELECT door_vault.fence()", 0};
static const struct store_statement vault_hold = {"vault_hold", "SELECT door_vault.hold($1)", 1};
static const struct store_statement vault_inbox = {"vault_inbox", "SELECT * FROM door_vault.inbox($1, $2)", 2};
static const struct store_statement vault_case = {"vault_case", "SELECT * FROM door_vault.case_rows($1)", 1};
static const struct store_statement vault_messages = {"vault_messages", "SELECT * FROM door_vault.messages($1)", 1};
static const struct store_statement vault_gateway_key = {
    "vault_gateway_key", "SELECT key_id, public, signature FROM door_vault.gateway_key()", 0};
static const struct store_statement vault_outbox_ends = {"vault_outbox_ends",
                                                         "SELECT id, outcome FROM door_vault.outbox_ends()", 0};

static const struct store_statement vault_case_of = {"vault_case_of", "SELECT door_vault.case_of($1)", 1};
static const struct store_statement vault_is_offered = {"vault_is_offered", "SELECT door_vault.offered($1)", 1};

/* --- the lock --- */

static void hold_done(void *room, uint64_t tag, enum err err, const struct store_result *result)
{
    struct door_vault *door = room;
    if (err == ERR_OK && !store_i64(result, 0, 0, 0) && door->fence == tag) {
        log_error("vault_replaced");
        door->fence = 0;
    }
}

static void vault_tick(void *room, int64_t now)
{
    struct door_vault *door = room;
    if (!door->fence || now < door->hold_at)
        return;
    door->hold_at = now + HOLD_EVERY_MS;
    struct store_unit *unit = store_unit_new(1);
    store_begin(unit, &vault_hold);
    store_put_i64(unit, (int64_t)door->fence);
    store_end(unit);
    store_submit(door->lock, unit, HOLD_DEADLINE_MS, hold_done, door, door->fence);
}

struct fence_ask {
    struct door_vault *door;
    struct door_ask ask;
};

static void fence_done(void *room, uint64_t tag, enum err err, const struct store_result *result)
{
    (void)tag;
    struct fence_ask asked = *(struct fence_ask *)room;
    mem_free(room);
    uint64_t fence = 0;
    if (err == ERR_OK && store_is_null(result, 0, 0, 0))
        err = ERR_BUSY;
    else if (err == ERR_OK)
        asked.door->fence = fence = (uint64_t)store_i64(result, 0, 0, 0);
    ((fence_done_fn *)asked.ask.done)(asked.ask.room, asked.ask.tag, err, fence);
}

void door_vault_fence(struct door_vault *door, int64_t deadline_ms, fence_done_fn *done, void *room, uint64_t tag)
{
    struct fence_ask *asked = mem_new(sizeof *asked);
    *asked = (struct fence_ask){door, {(door_any_fn *)done, room, tag}};
    struct store_unit *unit = store_unit_new(0);
    store_begin(unit, &vault_fence);
    store_end(unit);
    store_submit(door->lock, unit, deadline_ms, fence_done, asked, 0);
}

/* --- coming and going --- */

static void vault_notified(void *room, const char *channel)
{
    struct door_vault *door = room;
    (void)channel;
    door->on_bell(door->room);
}

struct door_vault *door_vault_new(struct loop *loop, const char *conninfo, const char *password_path,
                                  void (*on_bell)(void *room), void *room)
{
    static const char prefix[] = "recourse_vault_";
    struct door_vault *door = mem_new(sizeof *door);
    *door = (struct door_vault){.loop = loop, .on_bell = on_bell, .room = room};
    char user[64], channels[64];
    pg_user_of(conninfo, user);
    if (strncmp(user, prefix, sizeof prefix - 1) != 0)
        err_die("the vault's database role must be recourse_vault_ and the desk's code");
    snprintf(channels, sizeof channels, "desk_%.16s,register", user + sizeof prefix - 1);
    struct store_options options = {.conninfo = conninfo,
                                    .password_path = password_path,
                                    .connections = 1,
                                    .listen = channels,
                                    .on_notify = vault_notified,
                                    .room = door};
    door->store = store_new(loop, &options);
    options.listen = NULL;
    door->lock = store_new(loop, &options);
    loop_on_tick(loop, vault_tick, door);
    return door;
}

void door_vault_free(struct door_vault *door)
{
    if (!door)
        return;
    loop_off_tick(door->loop, vault_tick, door);
    door->fence = 0;
    store_free(door->store);
    store_free(door->lock);
    loop_bury(door->loop, door, mem_free);
}

int door_vault_is_up(const struct door_vault *door)
{
    return store_is_up(door->store);
}

/* --- pages of rows --- */

static void page_done(void *room, uint64_t tag, enum err err, const struct store_result *result)
{
    (void)tag;
    struct door_ask ask = door_ask_take(room);
    unsigned count = err == ERR_OK ? store_rows(result, 0) : 0;
    struct vault_row *rows = mem_new_array(count, sizeof *rows);
    struct envelope_wrap *wraps = mem_new_array(count, sizeof *wraps);
    struct vault_page page = {.rows = rows, .wraps = wraps};
    for (unsigned i = 0; i < count; i++) {
        if (store_i64(result, 0, i, ROWS_KIND) == ROWS_IS_WRAP) {
            door_rows_wrap(result, 0, i, RECIPIENT_DESK, &wraps[page.wrap_count++]);
            continue;
        }
        struct vault_row *row = &rows[page.row_count++];
        size_t len;
        door_rows_place(result, 0, i, &row->place);
        row->body = store_bytes(result, 0, i, ROWS_BODY, &row->body_len);
        row->signature = store_bytes(result, 0, i, ROWS_SIGNATURE, &len);
        row->position = store_i64(result, 0, i, ROWS_POS);
        row->inbox = store_i64(result, 0, i, ROWS_INBOX);
    }
    ((vault_page_fn *)ask.done)(ask.room, ask.tag, err, err == ERR_OK ? &page : NULL);
    mem_free(rows);
    mem_free(wraps);
}

void door_vault_inbox(struct door_vault *door, int64_t after, unsigned limit, int64_t deadline_ms, vault_page_fn *done,
                      void *room, uint64_t tag)
{
    struct store_unit *unit = store_unit_new(1);
    store_begin(unit, &vault_inbox);
    store_put_i64(unit, after);
    store_put_i32(unit, (int32_t)limit);
    store_end(unit);
    store_submit(door->store, unit, deadline_ms, page_done, door_ask_new((door_any_fn *)done, room, tag), 0);
}

void door_vault_case(struct door_vault *door, const uint8_t case_id[static 16], int64_t deadline_ms,
                     vault_page_fn *done, void *room, uint64_t tag)
{
    struct store_unit *unit = store_unit_new(1);
    store_begin(unit, &vault_case);
    store_put_id(unit, case_id);
    store_end(unit);
    store_submit(door->store, unit, deadline_ms, page_done, door_ask_new((door_any_fn *)done, room, tag), 0);
}

void door_vault_messages(struct door_vault *door, const uint8_t (*case_ids)[16], size_t count, int64_t deadline_ms,
                         vault_page_fn *done, void *room, uint64_t tag)
{
    struct pg_array array;
    pg_array_init(&array, STORE_UUID_A);
    for (size_t i = 0; i < count; i++)
        pg_array_bytes(&array, case_ids[i], sizeof case_ids[i]);
    struct store_unit *unit = store_unit_new(1);
    store_begin(unit, &vault_messages);
    store_put_array(unit, &array);
    store_end(unit);
    store_submit(door->store, unit, deadline_ms, page_done, door_ask_new((door_any_fn *)done, room, tag), 0);
}

/* --- the gateway --- */

static void gateway_key_done(void *room, uint64_t tag, enum err err, const struct store_result *result)
{
    (void)tag;
    struct door_ask ask = door_ask_take(room);
    gateway_key_fn *done = (gateway_key_fn *)ask.done;
    size_t len;
    if (err == ERR_OK && store_rows(result, 0) == 0)
        err = ERR_NOT_FOUND;
    if (err != ERR_OK)
        done(ask.room, ask.tag, err, NULL, NULL, NULL);
    else
        done(ask.room, ask.tag, ERR_OK, store_bytes(result, 0, 0, 0, &len), store_bytes(result, 0, 0, 1, &len),
             store_bytes(result, 0, 0, 2, &len));
}

void door_vault_gateway_key(struct door_vault *door, int64_t deadline_ms, gateway_key_fn *done, void *room,
                            uint64_t tag)
{
    struct store_unit *unit = store_unit_new(1);
    store_begin(unit, &vault_gateway_key);
    store_end(unit);
    store_submit(door->store, unit, deadline_ms, gateway_key_done, door_ask_new((door_any_fn *)done, room, tag), 0);
}

static void outbox_ends_done(void *room, uint64_t tag, enum err err, const struct store_result *result)
{
    (void)tag;
    struct door_ask ask = door_ask_take(room);
    unsigned count = err == ERR_OK ? store_rows(result, 0) : 0;
    struct outbox_end *ends = mem_new_array(count, sizeof *ends);
    for (unsigned i = 0; i < count; i++) {
        store_id(result, 0, i, 0, ends[i].id);
        ends[i].outcome = (int16_t)store_i64(result, 0, i, 1);
    }
    ((outbox_ends_fn *)ask.done)(ask.room, ask.tag, err, ends, count);
    mem_free(ends);
}

void door_vault_outbox_ends(struct door_vault *door, int64_t deadline_ms, outbox_ends_fn *done, void *room,
                            uint64_t tag)
{
    /* Not again: ids come once, and what a lost answer held is sealed anew by the vault. */
    struct store_unit *unit = store_unit_new(0);
    store_begin(unit, &vault_outbox_ends);
    store_end(unit);
    store_submit(door->store, unit, deadline_ms, outbox_ends_done, door_ask_new((door_any_fn *)done, room, tag), 0);
}

/* --- a receipt's case --- */

static void case_of_done(void *room, uint64_t tag, enum err err, const struct store_result *result)
{
    (void)tag;
    struct door_ask ask = door_ask_take(room);
    uint8_t id[16] = {0};
    if (err == ERR_OK && store_is_null(result, 0, 0, 0))
        err = ERR_NOT_FOUND;
    if (err == ERR_OK)
        store_id(result, 0, 0, 0, id);
    ((vault_case_of_fn *)ask.done)(ask.room, ask.tag, err, err == ERR_OK ? id : NULL);
}

void door_vault_case_of(struct door_vault *door, const uint8_t (*handles)[32], size_t count, int64_t deadline_ms,
                        vault_case_of_fn *done, void *room, uint64_t tag)
{
    struct pg_array array;
    pg_array_init(&array, STORE_BYTEA_A);
    for (size_t i = 0; i < count; i++)
        pg_array_bytes(&array, handles[i], 32);
    struct store_unit *unit = store_unit_new(1);
    store_begin(unit, &vault_case_of);
    store_put_array(unit, &array);
    store_end(unit);
    store_submit(door->store, unit, deadline_ms, case_of_done, door_ask_new((door_any_fn *)done, room, tag), 0);
}

/* --- another desk --- */

static void offered_done(void *room, uint64_t tag, enum err err, const struct store_result *result)
{
    (void)tag;
    struct door_ask ask = door_ask_take(room);
    ((vault_offered_fn *)ask.done)(ask.room, ask.tag, err, err == ERR_OK && store_i64(result, 0, 0, 0) != 0);
}

void door_vault_offered(struct door_vault *door, const char *desk, int64_t deadline_ms, vault_offered_fn *done,
                        void *room, uint64_t tag)
{
    struct store_unit *unit = store_unit_new(1);
    store_begin(unit, &vault_is_offered);
    store_put_text(unit, desk);
    store_end(unit);
    store_submit(door->store, unit, deadline_ms, offered_done, door_ask_new((door_any_fn *)done, room, tag), 0);
}

/* --- a unit of change --- */

static void submit_done(void *room, uint64_t tag, enum err err, const struct store_result *result)
{
    (void)tag;
    (void)result;
    struct door_ask ask = door_ask_take(room);
    /* Its own leaf was there: the first sending had been committed. */
    ((door_vault_done_fn *)ask.done)(ask.room, ask.tag, err == ERR_AGAIN ? ERR_OK : err);
}

void door_vault_submit(struct door_vault *door, struct vault_unit *unit, int64_t deadline_ms, door_vault_done_fn *done,
                       void *room, uint64_t tag)
{
    store_submit(door->store, vault_unit_end(unit), deadline_ms, submit_done,
                 door_ask_new((door_any_fn *)done, room, tag), 0);
}
