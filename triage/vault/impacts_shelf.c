/* impacts_shelf.c -- impacts.h: the register's shelf in the database, read again after a bell, and written with
 * versions.
 *
 * One reading is under way at a time; whoever asks meanwhile waits for the next one, because the page that he needs may
 * have been read already. */
#include <string.h>

#include "common/base/code.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/text/json.h"
#include "triage/vault/audit.h"
#include "triage/vault/impacts_inside.h"
#include "triage/vault/marks.h"

enum { PAGE = 200, REST_MS = 1000, PUBLISH_AGAIN_MS = 5000 };

void impacts_read(struct vault *vault, const struct vault_item *item)
{
    uint8_t hash[32];
    struct json_fault fault;
    json_t *json = NULL;
    if (marks_read(vault, item))
        return;
    struct buf text = BUF_INIT(ITEM_TEXT_MAX);
    /* Opening costs more than all the rest; the bell rings often, and seldom for the register. */
    if (impacts_version(vault->impacts, item->id) >= item->version)
        return;
    enum err err = item_open(vault, SHELF_IMPACT, item, vault->register_key, &text, hash);
    if (err == ERR_OK)
        err = json_read_object(text.bytes, text.len, &json, &fault);
    if (err == ERR_OK)
        impacts_keep(vault, item->id, item->version, hash, json);
    else
        log_error("impact_refused", LOG_ERR(err));
    buf_free(&text);
}

/* ---- reading again ---- */

void impacts_tell(struct impacts_waiter **list)
{
    struct impacts_waiter *first = *list;
    *list = NULL;
    while (first) {
        struct impacts_waiter *waiter = first;
        first = waiter->next;
        waiter->fn(waiter->arg);
        mem_free(waiter);
    }
}

struct reading {
    struct vault *vault;
    uint64_t rebuilds;
};

static void read_page(struct reading *r, const uint8_t after[static 16]);

static void begin(struct vault *vault)
{
    static const uint8_t start[16];
    struct reading *r = mem_new(sizeof *r);
    *r = (struct reading){.vault = vault, .rebuilds = vault->rebuilds};
    vault->impacts->is_wanted = 0;
    vault->impacts->is_reading = 1;
    read_page(r, start);
}

static void reading_ends(struct vault *vault)
{
    struct impacts *impacts = vault->impacts;
    struct impacts_waiter *done = impacts->waiting;
    impacts->is_reading = 0;
    impacts->ended_at = loop_now(vault->loop);
    impacts->waiting = impacts->next;
    impacts->next = NULL;
    if (impacts->waiting && vault->phase == PHASE_OPEN)
        begin(vault);
    impacts_tell(&done);
    if (!impacts->is_reading)
        impacts_tell(&impacts->waiting);
}

static void page_read(void *room, uint64_t tag, enum err err, const struct vault_item *items, size_t count,
                      const struct envelope_wrap *wraps, size_t wrap_count)
{
    (void)tag;
    (void)wraps;
    (void)wrap_count;
    struct reading *r = room;
    struct vault *vault = r->vault;
    if (r->rebuilds != vault->rebuilds) {
        mem_free(r); /* who waited was told when the meaning went */
        return;
    }
    for (size_t i = 0; err == ERR_OK && vault->phase == PHASE_OPEN && i < count; i++)
        impacts_read(vault, &items[i]);
    if (err == ERR_OK && vault->phase == PHASE_OPEN && count == PAGE) {
        read_page(r, items[count - 1].id);
        return;
    }
    mem_free(r);
    reading_ends(vault);
}

static void read_page(struct reading *r, const uint8_t after[static 16])
{
    door_vault_items(r->vault->door, SHELF_IMPACT, after, PAGE, VAULT_DEADLINE_MS, page_read, r, 0);
}

void impacts_refresh(struct vault *vault)
{
    vault->impacts->is_wanted = 1;
}

void impacts_refresh_then(struct vault *vault, loop_fn *fn, void *arg)
{
    struct impacts *impacts = vault->impacts;
    struct impacts_waiter *waiter = mem_new(sizeof *waiter);
    struct impacts_waiter **list = impacts->is_reading ? &impacts->next : &impacts->waiting;
    *waiter = (struct impacts_waiter){.next = *list, .fn = fn, .arg = arg};
    *list = waiter;
    if (!impacts->is_reading && vault->phase == PHASE_OPEN)
        begin(vault);
    if (!impacts->is_reading) /* not open: there will be no reading */
        impacts_tell(&impacts->waiting);
}

/* ---- writing ---- */

struct writing {
    struct vault *vault;
    uint8_t id[16], hash[32];
    int64_t version;
    json_t *json;
    impacts_done_fn *done;
    void *room;
};

static void writing_ends(struct writing *w, enum err err)
{
    w->done(w->room, err, w->id);
    json_decref(w->json);
    mem_free(w);
}

static void read_again(void *arg)
{
    writing_ends(arg, ERR_CONFLICT);
}

static void too_big(void *arg)
{
    writing_ends(arg, ERR_TOO_BIG);
}

static void written(void *room, enum err err)
{
    struct writing *w = room;
    if (err == ERR_OK)
        impacts_keep(w->vault, w->id, w->version, w->hash, json_incref(w->json));
    if (err == ERR_CONFLICT)
        impacts_refresh_then(w->vault, read_again, w);
    else
        writing_ends(w, err);
}

void impacts_write(struct vault *vault, const struct impacts_write *write, impacts_done_fn *done, void *room)
{
    struct sealed_item item;
    struct writing *w = mem_new(sizeof *w);
    *w = (struct writing){
        .vault = vault, .version = write->version + 1, .json = write->json, .done = done, .room = room};
    memcpy(w->id, write->id, sizeof w->id);
    char *text = json_dumps(w->json, JSON_COMPACT);
    need(text != NULL);
    /* What a vault adds by itself is a few bytes, and nobody is there to be told. */
    if (*write->who && strlen(text) > IMPACTS_ENTRY_MAX) {
        mem_free(text);
        json_decref(write->detail);
        loop_later(vault->loop, too_big, w);
        return;
    }
    need(item_seal(vault, SHELF_IMPACT, w->id, w->version, vault->register_key, text, strlen(text), 0, NULL, &item) ==
         ERR_OK);
    mem_free(text);
    memcpy(w->hash, item.hash, sizeof w->hash);
    struct change *change = change_new(vault);
    change_put(change, &item, write->hash);
    audit_leaf(vault, change, write->who, write->what, NULL, write->detail);
    change_submit(change, written, w);
}

/* ---- levels ---- */

static void published(void *room, enum err err, const uint8_t id[16])
{
    (void)id;
    struct vault *vault = room;
    vault->impacts->is_publishing = 0;
    if (err == ERR_OK || err == ERR_CONFLICT || err == ERR_CANCELLED)
        return;
    vault->impacts->publish_at = loop_now(vault->loop) + PUBLISH_AGAIN_MS;
    log_warn("level_waits", LOG_ERR(err));
}

static int publish(struct vault *vault, const struct impact *impact)
{
    const struct impact_level level = impact_assessed(impact);
    char id[CODE_ID_SIZE];
    if (!impact_raises(impact->json, vault_desk(vault), &level))
        return 0;
    json_t *json = json_deep_copy(impact->json);
    impact_publish(json, vault_desk(vault), &level);
    code_id(impact->id, id);
    const struct impacts_write write = {.who = "",
                                        .what = "impact.level",
                                        .id = impact->id,
                                        .hash = impact->hash,
                                        .version = impact->version,
                                        .json = json,
                                        .detail = json_pack("{s:s}", "impact", id)};
    vault->impacts->is_publishing = 1;
    impacts_write(vault, &write, published, vault);
    return 1;
}

void impacts_tick(struct vault *vault)
{
    struct impacts *impacts = vault->impacts;
    /* The bell rings for every report; the register is read at most once a second. */
    if (impacts->is_wanted && !impacts->is_reading && vault->phase == PHASE_OPEN &&
        loop_now(vault->loop) - impacts->ended_at >= REST_MS)
        begin(vault);
    if (!impacts->has_news || impacts->is_publishing || vault->phase != PHASE_OPEN ||
        loop_now(vault->loop) < impacts->publish_at)
        return;
    for (size_t i = 0; i < impacts->count; i++)
        if (publish(vault, impacts->list[i]))
            return;
    impacts->has_news = 0;
}
