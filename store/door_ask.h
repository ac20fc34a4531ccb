/* door_ask.h -- who asked: what a door keeps between submitting a unit and handing its answer to the room. */
#ifndef STORE_DOOR_ASK_H
#define STORE_DOOR_ASK_H

#include <stdint.h>

/* Each door's callbacks have types of their own; they are kept as this one and cast back by the door that cast them. */
typedef void door_any_fn(void);

struct door_ask {
    door_any_fn *done;
    void *room;
    uint64_t tag;
};

/* Owned by the callback that receives it, which gives it to door_ask_take(). */
struct door_ask *door_ask_new(door_any_fn *done, void *room, uint64_t tag);
/* Copies it out and frees it. */
struct door_ask door_ask_take(void *ask);

#endif
