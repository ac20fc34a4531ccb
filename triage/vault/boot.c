/* boot.c -- see boot.h. Each step's callback begins the next; a step that fails begins again a second later. */
#include "triage/vault/boot.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "triage/vault/aside.h"
#include "triage/vault/case_place.h"
#include "triage/vault/catch_up.h"
#include "triage/vault/change.h"
#include "triage/vault/escalation.h"
#include "triage/vault/export.h"
#include "triage/vault/hooks.h"
#include "triage/vault/impacts.h"
#include "triage/vault/inbox.h"
#include "triage/vault/indexer.h"
#include "triage/vault/keys_link.h"
#include "triage/vault/left_behind.h"
#include "triage/vault/marks.h"
#include "triage/vault/meaning.h"
#include "triage/vault/pager.h"
#include "triage/vault/participants_keep.h"
#include "triage/vault/people.h"
#include "triage/vault/retention.h"
#include "triage/vault/route.h"
#include "triage/vault/sequencer.h"
#include "triage/vault/snapshot.h"
#include "triage/vault/states_page.h"
#include "triage/vault/take_up.h"
#include "triage/vault/takings.h"

enum { RETRY_MS = 500, PAGE = STATES_PAGE, OPENED_AT_ONCE = 20 };

struct boot {
    struct vault *vault;
    int is_busy, again_asked;
    int64_t try_at;
    uint8_t after[16];                        /* the last id of the shelf being read */
    struct states_page coming, opening;       /* while one page is opened the next is read and prepared */
    size_t opened;                            /* of `opening` */
    int is_reading, is_preparing, is_opening; /* what is asked for and not answered */
    int is_ready, has_failed;                 /* `coming` may be opened; begin again when nothing is asked */
    size_t refused;
};

static void read_shelf(struct boot *boot, enum vault_shelf shelf);
static void go_on(void *arg);

static void later(struct boot *boot)
{
    boot->is_busy = 0;
    boot->try_at = loop_now(boot->vault->loop) + RETRY_MS;
}

/* ---- again from the beginning ---- */

static void begin_again(void *arg)
{
    struct boot *boot = arg;
    struct vault *vault = boot->vault;
    boot->again_asked = 0;
    vault->phase = PHASE_FENCING;
    committer_cancel(vault->committer);
    meaning_bury(vault);
    meaning_new(vault);
    later(boot);
}

void boot_again(struct vault *vault)
{
    struct boot *boot = vault->boot;
    /* While it rebuilds there is nothing in memory that could be wrong. */
    if (boot->again_asked || vault->phase != PHASE_OPEN)
        return;
    boot->again_asked = 1;
    loop_later(vault->loop, begin_again, boot);
}

/* ---- the secrets ---- */

static void secrets_given(void *room, enum err err, const struct keys_secrets *secrets)
{
    struct boot *boot = room;
    struct vault *vault = boot->vault;
    const uint8_t *listed;
    if (err == ERR_OK)
        err = sign_key_new(secrets->state_seed, &vault->state_key);
    if (err == ERR_OK) {
        sign_key_public(vault->state_key, vault->state_public);
        err = manifest_key(&vault->manifest, "state", vault_desk(vault), &listed);
    }
    if (err == ERR_OK && memcmp(listed, vault->state_public, 32) != 0)
        err = ERR_CRYPTO;
    if (err != ERR_OK) {
        log_error("secrets_refused", LOG_ERR(err));
        sign_key_free(vault->state_key);
        vault->state_key = NULL;
        later(boot);
        return;
    }
    memcpy(vault->record_key, secrets->record_key, 32);
    memcpy(vault->register_key, secrets->register_key, 32);
    if (vault->sequencer && secrets->has_checkpoint)
        sequencer_unlock(vault->sequencer, secrets->checkpoint_seed);
    vault->has_secrets = 1;
    vault->phase = PHASE_FENCING;
    log_info("unlocked", LOG_NAME("desk", vault_desk(vault)));
    boot->is_busy = 0;
    loop_later(vault->loop, go_on, boot); /* a tick more would be a quarter of a quick start */
}

static void keys_status(void *room, enum err err)
{
    struct boot *boot = room;
    if (err == ERR_OK) {
        keys_link_secrets(boot->vault->keys, secrets_given, boot);
        return;
    }
    if (err == ERR_DENIED)
        log_error("keys_of_another_desk");
    later(boot);
}

/* ---- the fence ---- */

static void fenced(void *room, uint64_t tag, enum err err, uint64_t fence)
{
    (void)tag;
    struct boot *boot = room;
    struct vault *vault = boot->vault;
    if (err != ERR_OK) {
        if (err == ERR_BUSY)
            log_warn("another_vault", LOG_NAME("desk", vault_desk(vault)));
        later(boot);
        return;
    }
    vault->fence = fence;
    vault->row_n = 0;
    vault->phase = PHASE_REBUILDING;
    boot->refused = 0;
    read_shelf(boot, SHELF_RECORD);
}

/* ---- the shelves ---- */

static void all_read(struct boot *boot)
{
    struct vault *vault = boot->vault;
    boot->is_busy = 0;
    vault->phase = PHASE_OPEN;
    if (boot->refused)
        log_error("states_refused", LOG_NUM("count", boot->refused));
    log_info("vault_open", LOG_NAME("desk", vault_desk(vault)), LOG_NUM("cases", book_known(vault->book)));
    inbox_bell(vault->inbox);
    marks_sync(vault);
    hooks_opened(vault);
    indexer_begin(vault->indexer);
}

/* 1: it failed, and begins again as soon as nothing is under way that would come back to it. */
static int has_failed(struct boot *boot, enum err err)
{
    if (err != ERR_OK && !boot->has_failed) {
        log_warn("rebuild_waits", LOG_ERR(err));
        boot->has_failed = 1;
    }
    if (!boot->has_failed)
        return 0;
    if (!boot->is_reading && !boot->is_preparing && !boot->is_opening) {
        boot->has_failed = boot->is_ready = 0;
        states_page_free(&boot->coming);
        states_page_free(&boot->opening);
        begin_again(boot);
    }
    return 1;
}

/* ---- what a snapshot has ---- */

static void caught_up(void *room, enum err err, size_t refused)
{
    struct boot *boot = room;
    if (has_failed(boot, err))
        return;
    boot->refused += refused;
    all_read(boot);
}

static void snapshot_loaded(void *room, size_t cases)
{
    struct boot *boot = room;
    if (cases)
        catch_up(boot->vault, caught_up, boot);
    else
        read_shelf(boot, SHELF_STATE);
}

static void shelf_read(struct boot *boot, enum vault_shelf shelf)
{
    memset(boot->after, 0, sizeof boot->after);
    if (shelf == SHELF_RECORD)
        read_shelf(boot, SHELF_IMPACT);
    else if (shelf == SHELF_IMPACT)
        snapshot_load(boot->vault->snapshot, snapshot_loaded, boot);
    else
        all_read(boot);
}

/* ---- states, page by page ---- */

static void open_coming(struct boot *boot);

/* A few at a time, so that what is asked for can be taken in between. */
static void open_some(void *arg)
{
    struct boot *boot = arg;
    struct states_page *page = &boot->opening;
    boot->is_opening = 0;
    if (has_failed(boot, ERR_OK))
        return;
    for (size_t i = 0; i < OPENED_AT_ONCE && boot->opened < page->kept.count; i++, boot->opened++)
        if (case_place_checked(boot->vault, &page->kept.items[boot->opened], &page->checks[boot->opened]) != ERR_OK)
            boot->refused++;
    if (boot->opened < page->kept.count) {
        boot->is_opening = 1;
        loop_next_turn(boot->vault->loop, open_some, boot);
        return;
    }
    int is_last = page->kept.count < PAGE;
    states_page_free(page);
    if (is_last)
        shelf_read(boot, SHELF_STATE);
    else if (boot->is_ready)
        open_coming(boot);
}

static void open_coming(struct boot *boot)
{
    boot->opening = boot->coming;
    boot->coming = (struct states_page){0};
    boot->is_ready = 0;
    boot->opened = 0;
    boot->is_opening = 1;
    if (boot->opening.kept.count == PAGE)
        read_shelf(boot, SHELF_STATE);
    loop_next_turn(boot->vault->loop, open_some, boot);
}

static void page_ready(void *room, enum err err)
{
    struct boot *boot = room;
    boot->is_preparing = 0;
    if (has_failed(boot, err))
        return;
    boot->is_ready = 1;
    if (!boot->opening.kept.items)
        open_coming(boot);
}

static void page_read(void *room, uint64_t tag, enum err err, const struct vault_item *items, size_t count,
                      const struct envelope_wrap *wraps, size_t wrap_count)
{
    struct boot *boot = room;
    enum vault_shelf shelf = (enum vault_shelf)tag;
    boot->is_reading = 0;
    if (has_failed(boot, err))
        return;
    if (count > 0)
        memcpy(boot->after, items[count - 1].id, sizeof boot->after);
    if (shelf == SHELF_STATE) {
        boot->is_preparing = 1;
        states_page_prepare(boot->vault, &boot->coming, items, count, wraps, wrap_count, page_ready, boot);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (shelf == SHELF_RECORD)
            people_read(boot->vault, &items[i]);
        else
            impacts_read(boot->vault, &items[i]);
    }
    if (count == PAGE)
        read_shelf(boot, shelf);
    else
        shelf_read(boot, shelf);
}

static void read_shelf(struct boot *boot, enum vault_shelf shelf)
{
    boot->is_reading = 1;
    door_vault_items(boot->vault->door, shelf, boot->after, PAGE, VAULT_DEADLINE_MS, page_read, boot, (uint64_t)shelf);
}

/* ---- going on ---- */

/* The next step of a start, where what it needs is there. */
static void go_on(void *arg)
{
    struct boot *boot = arg;
    struct vault *vault = boot->vault;
    if (boot->is_busy)
        return;
    if (vault->phase == PHASE_LOCKED && keys_link_is_up(vault->keys)) {
        boot->is_busy = 1;
        keys_link_status(vault->keys, vault_desk(vault), keys_status, boot);
    } else if (vault->phase == PHASE_FENCING && door_vault_is_up(vault->door)) {
        boot->is_busy = 1;
        memset(boot->after, 0, sizeof boot->after);
        door_vault_fence(vault->door, VAULT_DEADLINE_MS, fenced, boot, 0);
    }
}

static void tick(void *room, int64_t now)
{
    struct boot *boot = room;
    struct vault *vault = boot->vault;
    if (vault->phase == PHASE_OPEN) {
        queue_move(&vault->queue, clock_wall(), 1000);
        sides_tick(vault, clock_wall());
        escalation_tick(vault, clock_wall());
        aside_tick(vault, clock_wall());
        retention_tick(vault, clock_wall());
        left_behind_tick(vault, clock_wall());
        indexer_tick(vault->indexer, now);
        snapshot_tick(vault->snapshot, now);
        impacts_tick(vault);
        exports_tick(vault, clock_wall());
        participants_go_on(vault);
        route_go_on(vault);
        take_up(vault);
    }
    takings_tick(vault, clock_wall());
    if (now >= boot->try_at)
        go_on(boot);
}

struct boot *boot_new(struct vault *vault)
{
    struct boot *boot = mem_new(sizeof *boot);
    boot->vault = vault;
    vault->phase = PHASE_LOCKED;
    meaning_new(vault);
    vault->indexer = indexer_new(vault);
    loop_on_tick(vault->loop, tick, boot);
    return boot;
}

void boot_free(struct boot *boot)
{
    if (!boot)
        return;
    loop_off_tick(boot->vault->loop, tick, boot);
    states_page_free(&boot->coming);
    states_page_free(&boot->opening);
    meaning_bury(boot->vault);
    indexer_free(boot->vault->indexer);
    mem_free(boot);
}
