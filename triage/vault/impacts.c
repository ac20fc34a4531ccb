/* impacts.c -- see impacts.h. */
#include "triage/vault/impacts.h"

#include <string.h>

#include "common/base/code.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/rng.h"
#include "common/text/json.h"
#include "triage/vault/audit.h"
#include "triage/vault/case_place.h"
#include "triage/vault/case_state.h"
#include "triage/vault/marks.h"
#include "triage/vault/search.h"

enum { PAGE = 200 };

struct impacts {
    struct impact **list;
    size_t count, room;
    int is_reading;
};

struct impacts *impacts_new(void)
{
    return mem_new(sizeof(struct impacts));
}

void impacts_free(struct impacts *impacts)
{
    if (!impacts)
        return;
    for (size_t i = 0; i < impacts->count; i++) {
        json_decref(impacts->list[i]->json);
        mem_free(impacts->list[i]->cases);
        mem_free(impacts->list[i]);
    }
    mem_free(impacts->list);
    mem_free(impacts);
}

static struct impact *by_id(const struct impacts *impacts, const uint8_t id[static 16])
{
    for (size_t i = 0; i < impacts->count; i++)
        if (memcmp(impacts->list[i]->id, id, 16) == 0)
            return impacts->list[i];
    return NULL;
}

struct impact *impacts_find(const struct impacts *impacts, const char *id_text)
{
    uint8_t id[16];
    return code_unid(id_text, strlen(id_text), id) == ERR_OK ? by_id(impacts, id) : NULL;
}

struct impact *impacts_at(const struct impacts *impacts, size_t number)
{
    return number < impacts->count ? impacts->list[number] : NULL;
}

size_t impacts_count(const struct impacts *impacts)
{
    return impacts->count;
}

/* Keep a version; takes `json`. */
static void keep(struct vault *vault, const uint8_t id[static 16], int64_t version, const uint8_t hash[static 32],
                 json_t *json)
{
    struct impacts *impacts = vault->impacts;
    struct impact *impact = by_id(impacts, id);
    if (!impact) {
        if (impacts->count == impacts->room) {
            impacts->room = impacts->room ? impacts->room * 2 : 32;
            impacts->list = mem_grow(impacts->list, impacts->room * sizeof *impacts->list);
        }
        impact = mem_new(sizeof *impact);
        impact->number = (uint32_t)impacts->count;
        memcpy(impact->id, id, sizeof impact->id);
        impacts->list[impacts->count++] = impact;
    }
    if (impact->version >= version) {
        json_decref(json);
        return;
    }
    json_decref(impact->json);
    impact->json = json;
    impact->version = version;
    memcpy(impact->hash, hash, sizeof impact->hash);
    struct buf words = BUF_INIT(ITEM_TEXT_MAX);
    if (buf_addf(&words, "%s\n%s", state_text(json, "title"), state_text(json, "what")) == ERR_OK)
        search_impact(vault->search, impact->number, buf_text(&words), words.len);
    buf_free(&words);
    case_place_with_impact(vault, impact);
}

void impacts_read(struct vault *vault, const struct vault_item *item)
{
    uint8_t hash[32];
    struct json_fault fault;
    json_t *json = NULL;
    if (marks_read(vault, item))
        return;
    struct buf text = BUF_INIT(ITEM_TEXT_MAX);
    enum err err = item_open(vault, SHELF_IMPACT, item, vault->register_key, &text, hash);
    if (err == ERR_OK)
        err = json_read_object(text.bytes, text.len, &json, &fault);
    if (err == ERR_OK)
        keep(vault, item->id, item->version, hash, json);
    else
        log_error("impact_refused", LOG_ERR(err));
    buf_free(&text);
}

/* ---- links ---- */

static void link_case(struct impact *impact, struct case_file *file)
{
    if (impact->case_count == impact->case_room) {
        impact->case_room = impact->case_room ? impact->case_room * 2 : 16;
        impact->cases = mem_grow(impact->cases, impact->case_room * sizeof *impact->cases);
    }
    impact->cases[impact->case_count++] = file->number;
    file->impacts = mem_grow(file->impacts, (file->impact_count + 1) * sizeof *file->impacts);
    file->impacts[file->impact_count++] = impact->number;
}

static void unlink_case(struct impact *impact, const struct case_file *file)
{
    for (size_t i = 0; i < impact->case_count; i++)
        if (impact->cases[i] == file->number) {
            impact->cases[i] = impact->cases[--impact->case_count];
            return;
        }
}

void impacts_know(struct impacts *impacts, const json_t *state, struct case_file *file)
{
    size_t i;
    json_t *link;
    for (i = 0; i < file->impact_count; i++)
        unlink_case(impacts->list[file->impacts[i]], file);
    file->impact_count = 0;
    json_array_foreach(json_object_get(state, "links"), i, link)
    {
        struct impact *impact =
            json_is_true(json_object_get(link, "confirmed")) ? impacts_find(impacts, state_text(link, "impact")) : NULL;
        if (impact)
            link_case(impact, file);
    }
}

/* ---- reading again ---- */

struct reading {
    struct vault *vault;
    uint64_t fence;
};

static void page_read(void *room, uint64_t tag, enum err err, const struct vault_item *items, size_t count,
                      const struct envelope_wrap *wraps, size_t wrap_count)
{
    (void)tag;
    (void)wraps;
    (void)wrap_count;
    struct reading *r = room;
    struct vault *vault = r->vault;
    if (r->fence != vault->fence || vault->phase != PHASE_OPEN) {
        mem_free(r);
        return;
    }
    for (size_t i = 0; err == ERR_OK && i < count; i++)
        impacts_read(vault, &items[i]);
    if (err == ERR_OK && count == PAGE) {
        door_vault_items(vault->door, SHELF_IMPACT, items[count - 1].id, PAGE, VAULT_DEADLINE_MS, page_read, r, 0);
        return;
    }
    vault->impacts->is_reading = 0;
    mem_free(r);
}

void impacts_refresh(struct vault *vault)
{
    static const uint8_t start[16];
    if (vault->phase != PHASE_OPEN || vault->impacts->is_reading)
        return;
    struct reading *r = mem_new(sizeof *r);
    *r = (struct reading){.vault = vault, .fence = vault->fence};
    vault->impacts->is_reading = 1;
    door_vault_items(vault->door, SHELF_IMPACT, start, PAGE, VAULT_DEADLINE_MS, page_read, r, 0);
}

/* ---- writing ---- */

struct creating {
    struct vault *vault;
    uint8_t id[16], hash[32];
    json_t *json;
    impacts_done_fn *done;
    void *room;
};

static void created(void *room, enum err err)
{
    struct creating *c = room;
    if (err == ERR_OK)
        keep(c->vault, c->id, 1, c->hash, json_incref(c->json));
    c->done(c->room, err, c->id);
    json_decref(c->json);
    mem_free(c);
}

void impacts_create(struct vault *vault, const char *who, json_t *json, impacts_done_fn *done, void *room)
{
    struct sealed_item item;
    struct creating *c = mem_new(sizeof *c);
    *c = (struct creating){.vault = vault, .json = json, .done = done, .room = room};
    rng_bytes(c->id, sizeof c->id);
    char *text = json_dumps(json, JSON_COMPACT);
    need(text != NULL);
    need(item_seal(vault, SHELF_IMPACT, c->id, 1, vault->register_key, text, strlen(text), 0, NULL, &item) == ERR_OK);
    mem_free(text);
    memcpy(c->hash, item.hash, sizeof c->hash);
    struct change *change = change_new(vault);
    char id_text[CODE_ID_SIZE];
    code_id(c->id, id_text);
    change_put(change, &item, NULL);
    audit_leaf(vault, change, who, "impact.create", NULL, json_pack("{s:s}", "impact", id_text));
    change_submit(change, created, c);
}
