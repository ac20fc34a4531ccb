/* case_item.h -- a case as a line of a list: the queue item of docs/vault-protocol.md. The whole case: case_view.h. */
#ifndef TRIAGE_VAULT_CASE_ITEM_H
#define TRIAGE_VAULT_CASE_ITEM_H

#include <jansson.h>

#include "triage/vault/book.h"

enum { CASE_ITEMS_MAX = 100 };

/* New references. `state` is a copy of what the file has; borrowed. */
json_t *case_item(const struct vault *vault, const struct case_file *file);
json_t *case_item_of(const struct vault *vault, const struct case_file *file, const json_t *state);
/* Of the cases with these numbers that exist for `who` the CASE_ITEMS_MAX gravest, the gravest first. New reference. */
json_t *case_items_gravest(const struct vault *vault, const char *who, const uint32_t *numbers, size_t count);
/* The member, or else `empty` (taken). New reference. */
json_t *case_or_empty(const json_t *object, const char *key, json_t *empty);

#endif
