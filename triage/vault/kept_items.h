/* kept_items.h -- a page of a shelf that must outlive the callback that brought it, because its keys are asked for. */
#ifndef TRIAGE_VAULT_KEPT_ITEMS_H
#define TRIAGE_VAULT_KEPT_ITEMS_H

#include "store/door_vault.h"

struct kept_items {
    struct vault_item *items; /* bodies and signatures are ours */
    size_t count;
};

/* Copies; what was kept before has been freed. */
void kept_items_take(struct kept_items *kept, const struct vault_item *items, size_t count);
void kept_items_free(struct kept_items *kept);

#endif
