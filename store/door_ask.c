/* door_ask.c -- see door_ask.h. */
#include "store/door_ask.h"

#include "common/base/mem.h"

struct door_ask *door_ask_new(door_any_fn *done, void *room, uint64_t tag)
{
    struct door_ask *ask = mem_new(sizeof *ask);
    *ask = (struct door_ask){done, room, tag};
    return ask;
}

struct door_ask door_ask_take(void *ask)
{
    struct door_ask copy = *(struct door_ask *)ask;
    mem_free(ask);
    return copy;
}
