/* door_vault_inside.h -- what door_vault.c and door_vault_items.c share. */
#ifndef STORE_DOOR_VAULT_INSIDE_H
#define STORE_DOOR_VAULT_INSIDE_H

#include "store/door_vault.h"

struct door_vault {
    struct loop *loop;
    struct store *store, *lock;
    void (*on_bell)(void *room);
    void *room;
    uint64_t fence; /* 0: not the desk's vault */
    int64_t hold_at;
};

#endif
