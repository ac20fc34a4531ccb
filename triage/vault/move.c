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
#include "triage/vault/participants_keep.h"
#include "triage/vault/take_up.h"
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
    if (l->taken) {
        take_up(l->vault);
        indexer_again(l->vault->indexer);
    }
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

struct moving {
    struct vault *vault;
    uint64_t rebuilds; /* of then */
    uint8_t case_id[16];
    char *to, *who, *reason;
    const char *what;
    json_t *record; /* of its number, kept before; NULL: it has none, or not yet */
    int64_t version;
    uint8_t hash[32];
    change_done_fn *done;
    void *room;
};

static void moving_end(struct moving *m, enum err err)
{
    m->done(m->room, err);
    json_decref(m->record);
    mem_free(m->to);
    mem_free(m->who);
    mem_free(m->reason);
    mem_free(m);
}

static void moved(void *room, enum err err)
{
    struct moving *m = room;
    struct case_file *file = err == ERR_OK ? book_find(m->vault->book, m->case_id) : NULL;
    if (file) {
        if (m->record)
            texting_moved(m->vault->texting, m->record);
        participants_follow(m->vault, file, m->to);
        case_forget(m->vault, file);
    }
    moving_end(m, err);
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

static void note_move(struct case_change *cc, const struct moving *m)
{
    need(json_array_append_new(state_list(cc->state, "moves"),
                               json_pack("{s:s,s:s,s:s,s:s,s:o}", "from", vault_desk(cc->vault), "to", m->to, "by",
                                         m->who, "reason", m->reason, "at", state_now())) == 0);
    json_object_del(cc->state, "route");
    state_set_text(cc->state, "taken_by", "");
    json_object_del(cc->state, "group"); /* of this desk's work */
    state_history(cc->state, m->who, m->what);
}

static void move_now(struct moving *m, struct case_file *file)
{
    struct vault *vault = m->vault;
    const struct envelope_desk *desk;
    enum err err = manifest_desk_today(&vault->manifest, m->to, clock_wall(), &desk);
    if (err != ERR_OK) {
        moving_end(m, err);
        return;
    }
    struct case_change *cc = case_change_begin(vault, file, NULL);
    if (!wrap_roots(cc, desk)) {
        case_change_drop(cc);
        moving_end(m, ERR_CRYPTO);
        return;
    }
    note_move(cc, m);
    change_move(cc->change, file->id, file->version + 1, m->to);
    audit_leaf(vault, cc->change, m->who, "case.move", file->id, json_pack("{s:s}", "to", m->to));
    case_change_submit(cc, moved, m);
}

/* ---- texts: a record first, so that no restart forgets where they have to go ---- */

static void try_move(void *arg);

static void recorded(void *room, enum err err)
{
    struct moving *m = room;
    if (err != ERR_OK) {
        moving_end(m, err);
        return;
    }
    texting_recorded(m->vault->texting, m->record, m->version, m->hash);
    try_move(m);
}

static void keep_record(struct moving *m)
{
    struct vault *vault = m->vault;
    struct sealed_item item;
    uint8_t before[32];
    m->version = texting_record_version(vault->texting, m->record, before) + 1;
    char *text = json_dumps(m->record, JSON_COMPACT);
    need(text != NULL);
    need(item_seal(vault, SHELF_RECORD, m->case_id, m->version, vault->record_key, text, strlen(text), 0, NULL,
                   &item) == ERR_OK);
    mem_free(text);
    memcpy(m->hash, item.hash, sizeof m->hash);
    struct change *change = change_new(vault);
    change_put(change, &item, m->version > 1 ? before : NULL);
    audit_leaf(vault, change, m->who, "sms.goes_elsewhere", m->case_id, NULL);
    change_submit(change, recorded, m);
}

static void try_move(void *arg)
{
    struct moving *m = arg;
    struct vault *vault = m->vault;
    if (m->rebuilds != vault->rebuilds || vault->phase != PHASE_OPEN) {
        moving_end(m, ERR_CANCELLED);
        return;
    }
    struct case_file *file = book_find(vault->book, m->case_id);
    if (!file || file->version == 0) {
        moving_end(m, ERR_NOT_FOUND);
        return;
    }
    if (file->writing) {
        book_wait(file, try_move, m);
        return;
    }
    /* Since it was asked somebody may have taken it, or written to the person. */
    int is_others = *m->who && *file->taken_by && strcmp(file->taken_by, m->who) != 0;
    if (is_others || file->has_texts) {
        moving_end(m, is_others ? ERR_CONFLICT : ERR_BUSY);
        return;
    }
    if (!m->record) {
        json_t *state = state_draft(file);
        m->record = texting_record(state, m->to);
        json_decref(state);
        if (m->record) {
            keep_record(m);
            return;
        }
    }
    move_now(m, file);
}

void move_case(struct vault *vault, const uint8_t case_id[static 16], const struct move_ask *ask, change_done_fn *done,
               void *room)
{
    struct moving *m = mem_new(sizeof *m);
    *m = (struct moving){.vault = vault,
                         .rebuilds = vault->rebuilds,
                         .to = mem_copy_text(ask->to),
                         .who = mem_copy_text(ask->who),
                         .reason = mem_copy_text(ask->reason),
                         .what = ask->what,
                         .done = done,
                         .room = room};
    memcpy(m->case_id, case_id, sizeof m->case_id);
    loop_later(vault->loop, try_move, m);
}

/* ---- asked by a person ---- */

static void has_gone(void *room, enum err err)
{
    struct request *request = room;
    if (err == ERR_OK)
        request_ok(request, NULL);
    else
        request_fail_with(request, err);
}

static void desk_known(void *room, uint64_t tag, enum err err, int is_offered)
{
    (void)tag;
    struct request *request = room;
    if (err != ERR_OK) {
        request_fail_with(request, err);
        return;
    }
    if (!is_offered) {
        request_fail(request, "conflict", "Nobody works at that desk, so nobody would see the case.", "to");
        return;
    }
    const struct case_file *file = case_asked(request, 1);
    const struct move_ask ask = {.to = state_text(request->body, "to"),
                                 .who = request->who,
                                 .reason = state_text(request->body, "reason"),
                                 .what = "Moved to another desk"};
    if (file)
        move_case(request->vault, file->id, &ask, has_gone, request);
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
