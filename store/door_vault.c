/* door_vault.c -- see door_vault.h. One working connection, so that units commit in order; one that listens; one that
 * holds the lock. The SQL behind each statement is in migrations/007_door_vault.sql. */
#include "store/door_vault.h"

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

struct door_vault {
    struct loop *loop;
    struct store *store, *lock;
    void (*on_bell)(void *room);
    void *room;
    uint64_t fence; /* 0: not the desk's vault */
    int64_t hold_at;
};

static const struct store_statement vault_fence = {"vault_fence", "SELECT door_vault.fence()", 0};
static const struct store_statement vault_hold = {"vault_hold", "SELECT door_vault.hold($1)", 1};
static const struct store_statement vault_inbox = {"vault_inbox", "SELECT * FROM door_vault.inbox($1, $2)", 2};
static const struct store_statement vault_case = {"vault_case", "SELECT * FROM door_vault.case_rows($1)", 1};
static const struct store_statement vault_items = {"vault_items", "SELECT * FROM door_vault.items($1, $2, $3)", 3};
static const struct store_statement vault_states = {"vault_states", "SELECT * FROM door_vault.states($1)", 1};
static const struct store_statement vault_state_names = {
    "vault_state_names", "SELECT id, version, state_hash FROM door_vault.state_names($1, $2)", 2};
static const struct store_statement vault_gateway_key = {
    "vault_gateway_key", "SELECT key_id, public, signature FROM door_vault.gateway_key()", 0};
static const struct store_statement vault_outbox_ends = {"vault_outbox_ends",
                                                         "SELECT id, outcome FROM door_vault.outbox_ends()", 0};

static const struct store_statement vault_case_of = {"vault_case_of", "SELECT door_vault.case_of($1)", 1};
static const struct store_statement vault_is_offered = {"vault_is_offered", "SELECT door_vault.offered($1)", 1};

/* Columns of door_vault.items(). */
enum {
    ITEM_KIND,
    ITEM_ID,
    ITEM_VERSION,
    ITEM_FENCE,
    ITEM_BODY,
    ITEM_SIGNATURE,
    ITEM_MESSAGES,
    ITEM_ROWS_HASH,
    ITEM_DESK,
    ITEM_ROOT,
    ITEM_GENERATION,
    ITEM_EPOCH,
    ITEM_RECIPIENT,
    ITEM_COMMITMENT
};

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

/* --- shelves --- */

static void item_read(const struct store_result *result, unsigned row, struct vault_item *item)
{
    size_t len;
    store_id(result, 0, row, ITEM_ID, item->id);
    item->version = store_i64(result, 0, row, ITEM_VERSION);
    item->fence = (uint64_t)store_i64(result, 0, row, ITEM_FENCE);
    item->body = store_bytes(result, 0, row, ITEM_BODY, &item->body_len);
    item->signature = store_bytes(result, 0, row, ITEM_SIGNATURE, &len);
    item->messages = store_i64(result, 0, row, ITEM_MESSAGES);
    store_fixed(result, 0, row, ITEM_ROWS_HASH, item->rows_hash, sizeof item->rows_hash);
    door_rows_copy_text(result, 0, row, ITEM_DESK, item->desk, sizeof item->desk);
}

static void item_wrap_read(const struct store_result *result, unsigned row, struct envelope_wrap *wrap)
{
    size_t len;
    *wrap = (struct envelope_wrap){.root = (uint8_t)store_i64(result, 0, row, ITEM_ROOT),
                                   .recipient_kind = RECIPIENT_DESK,
                                   .generation = (uint64_t)store_i64(result, 0, row, ITEM_GENERATION),
                                   .epoch = (uint32_t)store_i64(result, 0, row, ITEM_EPOCH)};
    store_id(result, 0, row, ITEM_ID, wrap->case_id);
    store_fixed(result, 0, row, ITEM_RECIPIENT, wrap->recipient_id, sizeof wrap->recipient_id);
    store_fixed(result, 0, row, ITEM_COMMITMENT, wrap->commitment, sizeof wrap->commitment);
    const uint8_t *bytes = store_bytes(result, 0, row, ITEM_BODY, &len);
    if (bytes && len <= sizeof wrap->wrap) {
        memcpy(wrap->wrap, bytes, len);
        wrap->wrap_len = len;
    }
}

static void items_done(void *room, uint64_t tag, enum err err, const struct store_result *result)
{
    (void)tag;
    struct door_ask ask = door_ask_take(room);
    unsigned count = err == ERR_OK ? store_rows(result, 0) : 0, items_count = 0, wrap_count = 0;
    struct vault_item *items = mem_new_array(count, sizeof *items);
    struct envelope_wrap *wraps = mem_new_array(count, sizeof *wraps);
    for (unsigned i = 0; i < count; i++)
        if (store_i64(result, 0, i, ITEM_KIND) == ROWS_IS_WRAP)
            item_wrap_read(result, i, &wraps[wrap_count++]);
        else
            item_read(result, i, &items[items_count++]);
    ((vault_items_fn *)ask.done)(ask.room, ask.tag, err, items, items_count, wraps, wrap_count);
    mem_free(items);
    mem_free(wraps);
}

void door_vault_items(struct door_vault *door, enum vault_shelf shelf, const uint8_t after[static 16], unsigned limit,
                      int64_t deadline_ms, vault_items_fn *done, void *room, uint64_t tag)
{
    struct store_unit *unit = store_unit_new(1);
    store_begin(unit, &vault_items);
    store_put_i16(unit, (int16_t)shelf);
    store_put_id(unit, after);
    store_put_i32(unit, (int32_t)limit);
    store_end(unit);
    store_submit(door->store, unit, deadline_ms, items_done, door_ask_new((door_any_fn *)done, room, tag), 0);
}

void door_vault_states(struct door_vault *door, const uint8_t (*ids)[16], size_t count, int64_t deadline_ms,
                       vault_items_fn *done, void *room, uint64_t tag)
{
    struct pg_array array;
    pg_array_init(&array, STORE_UUID_A);
    for (size_t i = 0; i < count; i++)
        pg_array_bytes(&array, ids[i], sizeof ids[i]);
    struct store_unit *unit = store_unit_new(1);
    store_begin(unit, &vault_states);
    store_put_array(unit, &array);
    store_end(unit);
    store_submit(door->store, unit, deadline_ms, items_done, door_ask_new((door_any_fn *)done, room, tag), 0);
}

static void names_done(void *room, uint64_t tag, enum err err, const struct store_result *result)
{
    (void)tag;
    struct door_ask ask = door_ask_take(room);
    unsigned count = err == ERR_OK ? store_rows(result, 0) : 0;
    struct vault_state_name *names = mem_new_array(count, sizeof *names);
    for (unsigned i = 0; i < count; i++) {
        store_id(result, 0, i, 0, names[i].id);
        names[i].version = store_i64(result, 0, i, 1);
        store_fixed(result, 0, i, 2, names[i].hash, sizeof names[i].hash);
    }
    ((vault_names_fn *)ask.done)(ask.room, ask.tag, err, names, count);
    mem_free(names);
}

void door_vault_state_names(struct door_vault *door, const uint8_t after[static 16], unsigned limit,
                            int64_t deadline_ms, vault_names_fn *done, void *room, uint64_t tag)
{
    struct store_unit *unit = store_unit_new(1);
    store_begin(unit, &vault_state_names);
    store_put_id(unit, after);
    store_put_i32(unit, (int32_t)limit);
    store_end(unit);
    store_submit(door->store, unit, deadline_ms, names_done, door_ask_new((door_any_fn *)done, room, tag), 0);
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
