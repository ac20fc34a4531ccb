/* idmap.c -- see idmap.h. Open addressing, at most half full. */
#include "triage/vault/idmap.h"

#include <string.h>

#include "common/base/err.h"
#include "common/base/mem.h"

enum { ROOM_FIRST = 64 };

static size_t slot_of(const struct idmap *map, const uint8_t id[static 16])
{
    uint64_t hash;
    memcpy(&hash, id, sizeof hash);
    size_t slot = (size_t)(hash % map->room);
    while (map->slots[slot].number && memcmp(map->slots[slot].id, id, 16) != 0)
        slot = (slot + 1) % map->room;
    return slot;
}

int64_t idmap_find(const struct idmap *map, const uint8_t id[static 16])
{
    return map->room ? (int64_t)map->slots[slot_of(map, id)].number - 1 : -1;
}

static void put(struct idmap *map, const struct idmap_slot *from)
{
    map->slots[slot_of(map, from->id)] = *from;
}

static void grow(struct idmap *map)
{
    struct idmap more = {.room = map->room ? map->room * 2 : ROOM_FIRST, .count = map->count};
    more.slots = mem_new_array(more.room, sizeof *more.slots);
    for (size_t i = 0; i < map->room; i++)
        if (map->slots[i].number)
            put(&more, &map->slots[i]);
    mem_free(map->slots);
    *map = more;
}

void idmap_add(struct idmap *map, const uint8_t id[static 16], uint32_t number)
{
    struct idmap_slot slot = {.number = number + 1};
    memcpy(slot.id, id, sizeof slot.id);
    if (map->count * 2 >= map->room)
        grow(map);
    need(idmap_find(map, id) < 0);
    put(map, &slot);
    map->count++;
}

void idmap_free(struct idmap *map)
{
    mem_free(map->slots);
    *map = (struct idmap){0};
}
