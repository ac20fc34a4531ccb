/* door_vault_items.c -- see door_vault.h: what a desk keeps on its shelves (records, impacts, states), page by page. */
#include <string.h>

#include "common/base/mem.h"
#include "store/door_ask.h"
#include "store/door_rows.h"
#include "store/door_vault_inside.h"
#include "store/pg_array.h"

static const struct store_statement vault_items = {"vault_items", "SELECT * FROM door_vault.items($1, $2, $3)", 3};
static const struct store_statement vault_states = {"vault_states", "SELECT * FROM door_vault.states($1)", 1};
static const struct store_statement vault_state_names = {
    "vault_state_names", "SELECT id, version, state_hash FROM door_vault.state_names($1, $2)", 2};

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
