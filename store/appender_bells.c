/* appender_bells.c -- see appender_inside.h: what the doors tell the server and nobody waits for. */
#include <string.h>

#include "common/base/clock.h"
#include "store/appender_inside.h"
#include "store/pg_array.h"

enum { RING_EVERY_MS = 100, RING_DEADLINE_MS = 2000, BEAT_DEADLINE_MS = 10000, OFFICE = 1 };

/* For what is made good by the next one: a lost bell by the vault's slow poll, a lost beat by the next beat. */
static void nobody_waits(void *room, uint64_t tag, enum err err, const struct store_result *result)
{
    (void)room;
    (void)tag;
    (void)err;
    (void)result;
}

void appender_ring(struct appender *a)
{
    int64_t now = clock_ms();
    if (a->ring_count == 0 || now - a->rung_at < RING_EVERY_MS || a->closing)
        return;
    a->rung_at = now;
    struct pg_array desks;
    pg_array_init(&desks, STORE_TEXT_A);
    for (unsigned i = 0; i < a->ring_count; i++)
        pg_array_text(&desks, a->rings[i]);
    a->ring_count = 0;
    struct store_unit *unit = store_unit_new(0);
    store_begin(unit, a->options.ring);
    store_put_array(unit, &desks);
    store_end(unit);
    store_submit(a->options.store, unit, RING_DEADLINE_MS, nobody_waits, NULL, 0);
}

void appender_must_ring(struct appender *a, const char *desk)
{
    for (unsigned i = 0; i < a->ring_count; i++)
        if (strcmp(a->rings[i], desk) == 0)
            return;
    if (a->ring_count < RINGS_MAX && strlen(desk) < sizeof a->rings[0])
        memcpy(a->rings[a->ring_count++], desk, strlen(desk) + 1);
}

void appender_beat(struct store *store, const struct store_statement *statement, const struct appender_beat_of *of)
{
    struct store_unit *unit = store_unit_new(0);
    store_begin(unit, statement);
    store_put_i32(unit, OFFICE);
    store_put_i64(unit, (int64_t)of->incarnation);
    store_put_i64(unit, (int64_t)of->n);
    store_put_bytes(unit, of->signature, 64);
    store_put_i32(unit, (int32_t)of->manifest_version);
    store_put_i16(unit, of->oldest_slot);
    store_put_i16(unit, of->newest_slot);
    store_end(unit);
    store_submit(store, unit, BEAT_DEADLINE_MS, nobody_waits, NULL, 0);
}
