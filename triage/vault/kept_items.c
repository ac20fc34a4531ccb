/* kept_items.c -- see kept_items.h. */
#include "triage/vault/kept_items.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/seal/sign.h"

void kept_items_take(struct kept_items *kept, const struct vault_item *items, size_t count)
{
    need(kept->items == NULL);
    kept->items = mem_new_array(count + 1, sizeof *kept->items);
    kept->count = count;
    for (size_t i = 0; i < count; i++) {
        kept->items[i] = items[i];
        kept->items[i].body = (const uint8_t *)mem_copy((const char *)items[i].body, items[i].body_len);
        kept->items[i].signature = (const uint8_t *)mem_copy((const char *)items[i].signature, SIGN_SIZE);
    }
}

void kept_items_free(struct kept_items *kept)
{
    for (size_t i = 0; i < kept->count; i++) {
        mem_free((void *)(uintptr_t)kept->items[i].body);
        mem_free((void *)(uintptr_t)kept->items[i].signature);
    }
    mem_free(kept->items);
    *kept = (struct kept_items){0};
}
