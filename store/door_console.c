/* door_console.c -- see door_console.h. The SQL is in migrations/009_door_console.sql. */
#include "store/door_console.h"

#include "common/base/mem.h"

enum { BEAT_DEADLINE_MS = 10000 };

struct door_console {
    struct loop *loop;
    struct store *store;
};

static const struct store_statement console_beat = {"console_beat", "SELECT door_console.beat()", 0};

struct door_console *door_console_new(struct loop *loop, const char *conninfo, const char *password_path)
{
    struct door_console *door = mem_new(sizeof *door);
    door->loop = loop;
    door->store = store_new(
        loop, &(struct store_options){.conninfo = conninfo, .password_path = password_path, .connections = 1});
    return door;
}

void door_console_free(struct door_console *door)
{
    if (!door)
        return;
    store_free(door->store);
    loop_bury(door->loop, door, mem_free);
}

int door_console_is_up(const struct door_console *door)
{
    return store_is_up(door->store);
}

static void beat_done(void *room, uint64_t tag, enum err err, const struct store_result *result)
{
    (void)room;
    (void)tag;
    (void)err;
    (void)result;
}

void door_console_beat(struct door_console *door)
{
    struct store_unit *unit = store_unit_new(0);
    store_begin(unit, &console_beat);
    store_end(unit);
    store_submit(door->store, unit, BEAT_DEADLINE_MS, beat_done, NULL, 0);
}
