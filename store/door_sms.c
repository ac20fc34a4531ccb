/* door_sms.c -- see door_sms.h. The SQL behind each statement is in migrations/006_door_sms.sql. */
#include "store/door_sms.h"

#include "common/base/mem.h"
#include "store/appender.h"
#include "store/door_ask.h"
#include "store/door_rows.h"
#include "store/drain.h"
#include "store/pg_array.h"

enum { CONNECTIONS = 2, OFFICE = 1 };

struct door_sms {
    struct loop *loop;
    struct store *store;
    struct appender *appender;
    struct drain *drain; /* NULL: no spool */
    void (*on_bell)(void *room);
    void *room;
};

static const struct store_statement sms_append = {
    "sms_append", "SELECT outcome, at_desk FROM door_sms.append(" APPENDER_ARGUMENTS ")", APPENDER_PARAMS};
static const struct store_statement sms_ring = {"sms_ring", "SELECT door_sms.ring($1)", 1};
static const struct store_statement sms_key = {"sms_key", "SELECT door_sms.key($1, $2, $3, $4)", 4};
/* Texts to people first, each channel in turn; then webhooks of the office's own systems in turn, some of each: a
 * provider or receiver that is down holds up nobody else. A vault keeps a thousand of them at most. */
static const struct store_statement sms_outbox = {
    "sms_outbox",
    "SELECT id, key_id, channel, body"
    " FROM (SELECT o.*, o.channel LIKE 'webhook:%' AS hook, row_number() OVER (PARTITION BY o.channel) AS turn"
    " FROM door_sms.outbox($1, 20000) o WHERE o.id <> ALL ($3)) q"
    " WHERE turn <= CASE WHEN hook THEN 8 ELSE $4 END ORDER BY hook, turn LIMIT $2",
    4};
static const struct store_statement sms_outbox_end = {"sms_outbox_end", "SELECT door_sms.outbox_end($1, $2)", 2};
static const struct store_statement sms_beat = {"sms_beat", "SELECT door_sms.beat($1, $2, $3, $4, $5, $6, $7)", 7};

static void sms_up(void *room)
{
    struct door_sms *door = room;
    if (door->appender)
        appender_up(door->appender);
}

static void sms_notified(void *room, const char *channel)
{
    struct door_sms *door = room;
    (void)channel;
    door->on_bell(door->room);
}

struct door_sms *door_sms_new(struct loop *loop, const char *conninfo, const char *password_path, unsigned connections,
                              void (*on_bell)(void *room), void *room)
{
    struct door_sms *door = mem_new(sizeof *door);
    if (connections == 0)
        connections = CONNECTIONS;
    *door = (struct door_sms){.loop = loop, .on_bell = on_bell, .room = room};
    door->store = store_new(loop, &(struct store_options){.conninfo = conninfo,
                                                          .password_path = password_path,
                                                          .connections = connections,
                                                          .on_up = sms_up,
                                                          .room = door,
                                                          .listen = on_bell ? "outbox" : NULL,
                                                          .on_notify = sms_notified});
    door->appender =
        appender_new(loop, &(struct appender_options){
                               .store = door->store, .batches = connections, .append = &sms_append, .ring = &sms_ring});
    return door;
}

void door_sms_free(struct door_sms *door)
{
    if (!door)
        return;
    store_free(door->store);
    appender_free(door->appender);
    drain_free(door->drain);
    loop_bury(door->loop, door, mem_free);
}

void door_sms_spool(struct door_sms *door, const struct append_spool *with)
{
    appender_with_spool(door->appender, with);
    door->drain = drain_new(door->loop, door->appender, with, NULL);
}

int door_sms_is_up(const struct door_sms *door)
{
    return store_is_up(door->store);
}

void door_sms_append(struct door_sms *door, struct append_unit *unit, int64_t deadline_ms, append_done_fn *done,
                     void *room, uint64_t tag)
{
    appender_add(door->appender, unit, deadline_ms, done, room, tag);
}

static void sms_done(void *room, uint64_t tag, enum err err, const struct store_result *result)
{
    (void)tag;
    (void)result;
    struct door_ask ask = door_ask_take(room);
    ((door_sms_done_fn *)ask.done)(ask.room, ask.tag, err);
}

void door_sms_key(struct door_sms *door, const uint8_t key_id[static 8], const uint8_t public_key[static 32],
                  const uint8_t signature[static 64], int64_t deadline_ms, door_sms_done_fn *done, void *room,
                  uint64_t tag)
{
    struct store_unit *unit = store_unit_new(1);
    store_begin(unit, &sms_key);
    store_put_i32(unit, OFFICE);
    store_put_bytes(unit, key_id, 8);
    store_put_bytes(unit, public_key, 32);
    store_put_bytes(unit, signature, 64);
    store_end(unit);
    store_submit(door->store, unit, deadline_ms, sms_done, door_ask_new((door_any_fn *)done, room, tag), 0);
}

static void outbox_done(void *room, uint64_t tag, enum err err, const struct store_result *result)
{
    (void)tag;
    struct door_ask ask = door_ask_take(room);
    unsigned count = err == ERR_OK ? store_rows(result, 0) : 0;
    struct outbox_row *rows = mem_new_array(count, sizeof *rows);
    for (unsigned i = 0; i < count; i++) {
        store_id(result, 0, i, 0, rows[i].id);
        store_fixed(result, 0, i, 1, rows[i].key_id, sizeof rows[i].key_id);
        door_rows_copy_text(result, 0, i, 2, rows[i].channel, sizeof rows[i].channel);
        rows[i].body = store_bytes(result, 0, i, 3, &rows[i].body_len);
    }
    ((outbox_done_fn *)ask.done)(ask.room, ask.tag, err, rows, count);
    mem_free(rows);
}

void door_sms_outbox(struct door_sms *door, const struct outbox_wanted *wanted, int64_t deadline_ms,
                     outbox_done_fn *done, void *room, uint64_t tag)
{
    struct pg_array ids, without;
    pg_array_init(&ids, STORE_BYTEA_A);
    pg_array_init(&without, STORE_UUID_A);
    for (size_t i = 0; i < wanted->count; i++)
        pg_array_bytes(&ids, wanted->key_ids[i], 8);
    for (size_t i = 0; i < wanted->without_count; i++)
        pg_array_bytes(&without, wanted->without[i], 16);
    struct store_unit *unit = store_unit_new(1);
    store_begin(unit, &sms_outbox);
    store_put_array(unit, &ids);
    store_put_i32(unit, (int32_t)wanted->limit);
    store_put_array(unit, &without);
    store_put_i32(unit, (int32_t)wanted->of_one);
    store_end(unit);
    store_submit(door->store, unit, deadline_ms, outbox_done, door_ask_new((door_any_fn *)done, room, tag), 0);
}

void door_sms_outbox_end(struct door_sms *door, const uint8_t id[static 16], int16_t outcome, int64_t deadline_ms,
                         door_sms_done_fn *done, void *room, uint64_t tag)
{
    struct store_unit *unit = store_unit_new(1);
    store_begin(unit, &sms_outbox_end);
    store_put_id(unit, id);
    store_put_i16(unit, outcome);
    store_end(unit);
    store_submit(door->store, unit, deadline_ms, sms_done, door_ask_new((door_any_fn *)done, room, tag), 0);
}

void door_sms_beat(struct door_sms *door, uint64_t incarnation, uint64_t n, const uint8_t signature[static 64],
                   uint32_t manifest_version, int16_t oldest_slot, int16_t newest_slot)
{
    appender_beat(door->store, &sms_beat,
                  &(struct appender_beat_of){incarnation, n, signature, manifest_version, oldest_slot, newest_slot});
}
