/* states_page.h -- a page of the shelf of states on its way into memory at a start: its keys are unwrapped by the keys
 * process and its signatures checked by threads, both at once, while the page before it is opened on the loop. A
 * signature costs more than all else that a state needs. */
#ifndef TRIAGE_VAULT_STATES_PAGE_H
#define TRIAGE_VAULT_STATES_PAGE_H

#include "triage/vault/item.h"
#include "triage/vault/kept_items.h"

enum { STATES_PAGE = 100, STATES_PARTS = 4 };

struct states_page;
/* Fires once, never before states_page_prepare() returned, unless the vault ends first. ERR_OK: `kept` may be opened
 * with `checks`; errors of case_keys.h. */
typedef void states_page_fn(void *room, enum err err);

struct states_page {
    struct kept_items kept;
    struct item_check *checks; /* one for each */
    /* inside, until the callback: it stays where it is */
    struct states_part {
        struct states_page *page;
        size_t first, count;
    } parts[STATES_PARTS];
    unsigned waiting;
    enum err err;
    states_page_fn *done;
    void *room;
};

/* Copies; what was kept before has been freed. */
void states_page_prepare(struct vault *vault, struct states_page *page, const struct vault_item *items, size_t count,
                         const struct envelope_wrap *wraps, size_t wrap_count, states_page_fn *done, void *room);
/* Not while it is prepared. */
void states_page_free(struct states_page *page);

#endif
