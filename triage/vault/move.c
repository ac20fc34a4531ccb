/* move.c -- see move.h. */
#include "triage/vault/move.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "triage/vault/audit.h"
#include "triage/vault/case_change.h"
#include "triage/vault/case_keys.h"
#include "triage/vault/case_place.h"
#include "triage/vault/case_state.h"
#include "triage/vault/case_view.h"
#include "triage/vault/indexer.h"
#include "triage/vault/item.h"
#include "triage/vault/kept_items.h"
#include "triage/vault/ops.h"
#include "triage/vault/texting.h"

enum { PAGE = 100, REASON_MAX = 2000 };

/* ---- here ---- */

struct looking {
    struct vault *vault;
    uint64_t rebuilds; /* of then */
    struct kept_items page;
    uint8_t after[16];
    unsigned taken, refused;
    move_looked_fn *done;
    void *room;
};

static void read_page(struct looking *l);

static void look_end(struct looking *l, enum err err)
{
    if (l->refused)
        log_error("moved_refused", LOG_NUM("count", l->refused));
    if (l->taken)
        indexer_again(l->vault->indexer);
    l->done(l->room, err);
    kept_items_free(&l->page);
    mem_free(l);
}

static enum err still_ours(const struct looking *l, enum err err)
{
    return err == ERR_OK && (l->rebuilds != l->vault->rebuilds || l->vault->phase != PHASE_OPEN) ? ERR_CANCELLED : err;
}

static void keys_known(void *room, enum err err)
{
    struct looking *l = room;
    size_t count = l->page.count;
    err = still_ours(l, err);
    for (size_t i = 0; err == ERR_OK && i < count; i++) {
        const struct vault_item *item = &l->page.items[i];
        const struct case_file *file = book_find(l->vault->book, item->id);
        /* What was read at the rebuild stands here until it is written again. */
        if (file && file->version >= item->version)
            continue;
        if (case_place_item(l->vault, item) == ERR_OK)
            l->taken++;
        else
            l->refused++;
    }
    kept_items_free(&l->page);
    if (err == ERR_OK && count == PAGE)
        read_page(l);
    else
        look_end(l, err);
}

static void page_read(void *room, uint64_t tag, enum err err, const struct vault_item *items, size_t count,
                      const struct envelope_wrap *wraps, size_t wrap_count)
{
    (void)tag;
    struct looking *l = room;
    err = still_ours(l, err);
    if (err != ERR_OK || count == 0) {
        look_end(l, err);
        return;
    }
    memcpy(l->after, items[count - 1].id, sizeof l->after);
    kept_items_take(&l->page, items, count);
    case_keys_want(l->vault, wraps, wrap_count, keys_known, l);
}

static void read_page(struct looking *l)
{
    door_vault_items(l->vault->door, SHELF_MOVED, l->after, PAGE, VAULT_DEADLINE_MS, page_read, l, 0);
}

void move_look(struct vault *vault, move_looked_fn *done, void *room)
{
    struct looking *l = mem_new(sizeof *l);
    *l = (struct looking){.vault = vault, .rebuilds = vault->rebuilds, .done = done, .room = room};
    read_page(l);
}

/* ---- elsewhere ---- */

static void moved(void *room, enum err err)
{
    struct request *request = room;
    struct case_file *file = err == ERR_OK ? case_asked(request, 0) : NULL;
    if (err != ERR_OK) {
        request_fail_with(request, err);
    } else if (file) {
        if (request->kept)
            texting_moved(request->vault->texting, request->kept);
        case_forget(request->vault, file);
        request_ok(request, NULL);
    }
}

/* All roots that we have of it, for the target. 0: one could not be sealed. */
static int wrap_roots(struct case_change *cc, const struct envelope_desk *to)
{
    for (size_t i = 0; i < cc->file->key_count; i++) {
        const struct case_key *key = &cc->file->keys[i];
        struct envelope_wrap wrap;
        if (envelope_wrap_desk(to, cc->file->id, key->root, key->generation, key->key, &wrap) != ERR_OK)
            return 0;
        change_wrap(cc->change, &wrap);
    }
    return 1;
}

static void note_move(struct case_change *cc, const char *to, const char *who, const char *reason)
{
    need(json_array_append_new(state_list(cc->state, "moves"),
                               json_pack("{s:s,s:s,s:s,s:s,s:o}", "from", vault_desk(cc->vault), "to", to, "by", who,
                                         "reason", reason, "at", state_now())) == 0);
    state_set_text(cc->state, "taken_by", "");
    json_object_del(cc->state, "group"); /* of this desk's work */
    state_history(cc->state, who, "Moved to another desk");
}

static void move_now(void *room, enum err err)
{
    struct request *request = room;
    struct vault *vault = request->vault;
    const char *to = json_string_value(json_object_get(request->body, "to"));
    const char *reason = json_string_value(json_object_get(request->body, "reason"));
    const struct envelope_desk *desk;
    if (err == ERR_OK)
        err = manifest_desk_today(&vault->manifest, to, clock_wall(), &desk);
    if (err != ERR_OK) {
        request_fail_with(request, err);
        return;
    }
    struct case_file *file = case_asked(request, 1);
    if (!file)
        return;
    struct case_change *cc = case_change_begin(vault, file, NULL);
    if (!wrap_roots(cc, desk)) {
        case_change_drop(cc);
        request_fail_with(request, ERR_CRYPTO);
        return;
    }
    note_move(cc, to, request->who, reason);
    change_move(cc->change, file->id, file->version + 1, to);
    audit_leaf(vault, cc->change, request->who, "case.move", file->id, json_pack("{s:s}", "to", to));
    case_change_submit(cc, moved, request);
}

/* ---- texts: a record first, so that no restart forgets where they have to go ---- */

struct recording {
    struct request *request;
    struct vault *vault;
    json_t *record;
    int64_t version;
    uint8_t hash[32];
};

static void recorded(void *room, enum err err)
{
    struct recording *r = room;
    struct request *request = r->request;
    if (err == ERR_OK) {
        texting_recorded(r->vault->texting, r->record, r->version, r->hash);
        request->kept = json_incref(r->record);
    }
    json_decref(r->record);
    mem_free(r);
    move_now(request, err);
}

/* Takes `record`. */
static void keep_record(struct request *request, const struct case_file *file, json_t *record)
{
    struct vault *vault = request->vault;
    struct sealed_item item;
    uint8_t before[32];
    struct recording *r = mem_new(sizeof *r);
    *r = (struct recording){.request = request, .vault = vault, .record = record};
    r->version = texting_record_version(vault->texting, record, before) + 1;
    char *text = json_dumps(record, JSON_COMPACT);
    need(text != NULL);
    need(item_seal(vault, SHELF_RECORD, file->id, r->version, vault->record_key, text, strlen(text), 0, NULL, &item) ==
         ERR_OK);
    mem_free(text);
    memcpy(r->hash, item.hash, sizeof r->hash);
    struct change *change = change_new(vault);
    change_put(change, &item, r->version > 1 ? before : NULL);
    audit_leaf(vault, change, request->who, "sms.goes_elsewhere", file->id, NULL);
    change_submit(change, recorded, r);
}

static void desk_known(void *room, uint64_t tag, enum err err, int is_offered)
{
    (void)tag;
    struct request *request = room;
    const char *to = json_string_value(json_object_get(request->body, "to"));
    if (err != ERR_OK) {
        request_fail_with(request, err);
        return;
    }
    if (!is_offered) {
        request_fail(request, "conflict", "Nobody works at that desk, so nobody would see the case.", "to");
        return;
    }
    const struct case_file *file = case_asked(request, 1);
    if (!file)
        return;
    json_t *state = state_draft(file);
    json_t *record = texting_record(state, to);
    json_decref(state);
    json_decref(request->kept); /* of a try before */
    request->kept = NULL;
    if (record)
        keep_record(request, file, record);
    else
        move_now(request, ERR_OK);
}

void ops_case_move(struct request *request)
{
    const char *to, *reason;
    const struct case_file *file = case_asked(request, 1);
    if (!file || !request_text(request, "to", 1, 16, &to) || !request_text(request, "reason", 1, REASON_MAX, &reason))
        return;
    if (strcmp(to, vault_desk(request->vault)) == 0) {
        request_fail(request, "malformed", "The case is at that desk already.", "to");
        return;
    }
    if (*file->taken_by && strcmp(file->taken_by, request->who) != 0) {
        request_deny(request, "Only who holds a case may move it.");
        return;
    }
    if (file->has_texts) {
        request_fail(request, "conflict", "A text to the person is on its way. Try again in a minute.", NULL);
        return;
    }
    door_vault_offered(request->vault->door, to, VAULT_DEADLINE_MS, desk_known, request, 0);
}
