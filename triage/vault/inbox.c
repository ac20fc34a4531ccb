/* inbox.c -- see inbox.h. */
#include "triage/vault/inbox.h"

#include <string.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "triage/vault/arrival.h"
#include "triage/vault/case_keys.h"
#include "triage/vault/move.h"

/* While one page is written the next is read and its keys are unwrapped, so that database, keys and vault work at the
 * same time; no more than these are under way. */
enum { PAGE = 100, AHEAD = PAGE, POLL_MS = 5000 };

struct inbox {
    struct vault *vault;
    int is_looking, again;
    int64_t look_at;
    int64_t after;          /* where the next page of this sweep begins */
    int is_reading;         /* the next page, or its keys, are asked for */
    struct vault_row *rows; /* of the next page; each body is ours */
    size_t count;
    size_t left;                        /* rows that are being taken */
    unsigned unopened, unopened_before; /* in this sweep, and in the one before */
    int failed;
};

static void look(struct inbox *inbox);

static void forget_rows(struct inbox *inbox)
{
    for (size_t i = 0; i < inbox->count; i++)
        mem_free((void *)(uintptr_t)inbox->rows[i].body);
    mem_free(inbox->rows);
    inbox->rows = NULL;
    inbox->count = 0;
}

/* What is left in the inbox now could not be opened. After a failure wait for the slow look: hammering a database that
 * is away helps nobody. */
static void sweep_end(struct inbox *inbox)
{
    forget_rows(inbox);
    if (inbox->unopened && inbox->unopened != inbox->unopened_before)
        log_error("rows_unopened", LOG_NUM("count", inbox->unopened));
    inbox->vault->inbox_waiting = inbox->unopened_before = inbox->unopened;
    inbox->is_looking = 0;
    inbox->look_at = loop_now(inbox->vault->loop) + POLL_MS;
    if (inbox->again && !inbox->failed)
        inbox_bell(inbox);
}

static void row_taken(void *room, enum err err);

static void take_rows(struct inbox *inbox)
{
    inbox->left += inbox->count;
    for (size_t i = 0; i < inbox->count; i++)
        arrival_take(inbox->vault, &inbox->rows[i], row_taken, inbox); /* copies what it needs */
    forget_rows(inbox);
    look(inbox);
}

/* A page was read, or a row was taken: go on where there is something to go on with. */
static void go_on(struct inbox *inbox)
{
    if (inbox->is_reading)
        return;
    if (inbox->failed || inbox->vault->phase != PHASE_OPEN || inbox->count == 0) {
        if (inbox->left == 0)
            sweep_end(inbox);
    } else if (inbox->left <= AHEAD) {
        take_rows(inbox);
    }
}

static void row_taken(void *room, enum err err)
{
    struct inbox *inbox = room;
    if (err == ERR_CRYPTO)
        inbox->unopened++;
    else if (err != ERR_OK)
        inbox->failed = 1;
    inbox->left--;
    go_on(inbox);
}

static void keys_known(void *room, enum err err)
{
    struct inbox *inbox = room;
    inbox->is_reading = 0;
    inbox->failed |= err != ERR_OK;
    go_on(inbox);
}

static void page_read(void *room, uint64_t tag, enum err err, const struct vault_page *page)
{
    (void)tag;
    struct inbox *inbox = room;
    if (err != ERR_OK || page->row_count == 0 || inbox->vault->phase != PHASE_OPEN) {
        inbox->failed |= err != ERR_OK;
        inbox->is_reading = 0;
        go_on(inbox);
        return;
    }
    inbox->count = page->row_count;
    inbox->vault->inbox_waiting = inbox->unopened + (unsigned)(inbox->left + page->row_count);
    inbox->rows = mem_new_array(inbox->count, sizeof *inbox->rows);
    for (size_t i = 0; i < inbox->count; i++) {
        inbox->rows[i] = page->rows[i];
        inbox->rows[i].body = (const uint8_t *)mem_copy((const char *)page->rows[i].body, page->rows[i].body_len);
    }
    inbox->after = inbox->rows[inbox->count - 1].inbox;
    case_keys_want(inbox->vault, page->wraps, page->wrap_count, keys_known, inbox);
}

static void look(struct inbox *inbox)
{
    inbox->is_reading = 1;
    door_vault_inbox(inbox->vault->door, inbox->after, PAGE, VAULT_DEADLINE_MS, page_read, inbox, 0);
}

/* First, because further messages of a case that was moved here wait in the inbox too. */
static void moved_here(void *room, enum err err)
{
    struct inbox *inbox = room;
    if (err == ERR_OK && inbox->vault->phase == PHASE_OPEN) {
        look(inbox);
        return;
    }
    inbox->failed = 1;
    sweep_end(inbox);
}

void inbox_bell(struct inbox *inbox)
{
    inbox->again = inbox->is_looking;
    if (inbox->is_looking || inbox->vault->phase != PHASE_OPEN)
        return;
    inbox->is_looking = 1;
    inbox->failed = 0;
    inbox->unopened = 0;
    inbox->after = 0;
    move_look(inbox->vault, moved_here, inbox);
}

static void tick(void *room, int64_t now)
{
    struct inbox *inbox = room;
    if (!inbox->is_looking && now >= inbox->look_at)
        inbox_bell(inbox);
}

struct inbox *inbox_new(struct vault *vault)
{
    struct inbox *inbox = mem_new(sizeof *inbox);
    inbox->vault = vault;
    loop_on_tick(vault->loop, tick, inbox);
    return inbox;
}

void inbox_free(struct inbox *inbox)
{
    if (!inbox)
        return;
    loop_off_tick(inbox->vault->loop, tick, inbox);
    forget_rows(inbox);
    mem_free(inbox);
}
