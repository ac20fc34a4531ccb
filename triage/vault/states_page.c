/* states_page.c -- see states_page.h. */
#include "triage/vault/states_page.h"

#include "common/base/mem.h"
#include "common/base/workers.h"
#include "triage/vault/case_keys.h"

/* In a thread: the checks of this part are its own. */
static void check_part(void *arg)
{
    const struct states_part *part = arg;
    for (size_t i = 0; i < part->count; i++)
        item_check_run(&part->page->checks[part->first + i]);
}

static void one_done(struct states_page *page, enum err err)
{
    if (page->err == ERR_OK)
        page->err = err;
    if (--page->waiting == 0)
        page->done(page->room, page->err);
}

static void part_checked(void *arg, enum err err)
{
    const struct states_part *part = arg;
    if (err != ERR_CANCELLED) /* else the vault ends */
        one_done(part->page, err);
}

static void keys_known(void *room, enum err err)
{
    one_done(room, err);
}

void states_page_prepare(struct vault *vault, struct states_page *page, const struct vault_item *items, size_t count,
                         const struct envelope_wrap *wraps, size_t wrap_count, states_page_fn *done, void *room)
{
    kept_items_take(&page->kept, items, count);
    page->checks = mem_new_array(count + 1, sizeof *page->checks);
    page->err = ERR_OK;
    page->done = done;
    page->room = room;
    page->waiting = 1;
    for (size_t i = 0; i < count; i++)
        item_check_begin(vault, SHELF_STATE, &page->kept.items[i], &page->checks[i]);
    for (size_t i = 0, first = 0; i < STATES_PARTS; i++) {
        size_t next = count * (i + 1) / STATES_PARTS;
        page->parts[i] = (struct states_part){page, first, next - first};
        first = next;
        if (!page->parts[i].count)
            continue;
        page->waiting++;
        workers_give(vault->checkers, check_part, part_checked, &page->parts[i]);
    }
    case_keys_want(vault, wraps, wrap_count, keys_known, page);
}

void states_page_free(struct states_page *page)
{
    kept_items_free(&page->kept);
    mem_free(page->checks);
    *page = (struct states_page){0};
}
