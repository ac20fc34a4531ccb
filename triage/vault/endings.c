/* endings.c -- see endings.h. */
#include "triage/vault/endings.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/mem.h"
#include "triage/vault/audit.h"
#include "triage/vault/case_state.h"
#include "triage/vault/consent.h"
#include "triage/vault/hooks.h"
#include "triage/vault/outbox.h"
#include "triage/vault/pager.h"

enum outcome { OUTCOME_SENT = 1, OUTCOME_GIVEN_UP = 2, OUTCOME_REFUSED = 3 };

/* One that is being written. It belongs to whoever calls back: at the vault's end that may be later than `all` lives.
 */
struct ending {
    struct vault *vault;
    struct endings *all;
    uint64_t rebuilds; /* of when it was begun */
    uint8_t row[16], case_id[16];
    char id[CODE_ID_SIZE]; /* the row's */
    int16_t outcome;
};

struct endings {
    struct vault *vault;
    uint8_t (*under_way)[16]; /* rows of those that are being written */
    size_t count;
};

struct endings *endings_new(struct vault *vault)
{
    struct endings *all = mem_new(sizeof *all);
    all->vault = vault;
    return all;
}

void endings_free(struct endings *all)
{
    mem_free(all->under_way);
    mem_free(all);
}

static size_t place_of(const struct endings *all, const uint8_t row[static 16])
{
    size_t i = 0;
    while (i < all->count && memcmp(all->under_way[i], row, 16) != 0)
        i++;
    return i;
}

static struct ending *begin(struct endings *all, const struct outbox_end *end)
{
    struct ending *e = mem_new(sizeof *e);
    *e = (struct ending){.vault = all->vault, .all = all, .rebuilds = all->vault->rebuilds, .outcome = end->outcome};
    memcpy(e->row, end->id, sizeof e->row);
    code_id(e->row, e->id);
    all->under_way = mem_grow(all->under_way, (all->count + 1) * sizeof *all->under_way);
    memcpy(all->under_way[all->count++], e->row, sizeof e->row);
    return e;
}

/* Kept; or it was not, and is told at the next look. */
static void ended(void *room, enum err err)
{
    (void)err;
    struct ending *e = room;
    if (e->vault->phase != PHASE_LOCKED) { /* the vault ends; the others may be gone already */
        size_t i = place_of(e->all, e->row);
        need(i < e->all->count);
        memmove(e->all->under_way[i], e->all->under_way[--e->all->count], sizeof *e->all->under_way);
    }
    mem_free(e);
}

/* ---- into the state ---- */

static int waiting_index(const json_t *state, const char *id, size_t *out)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(state, "outbox"), i, one) if (strcmp(state_text(one, "id"), id) == 0)
    {
        *out = i;
        return 1;
    }
    return 0;
}

static void write_down(struct case_change *cc, const struct ending *e, size_t index)
{
    json_array_remove(json_object_get(cc->state, "outbox"), index);
    if (e->outcome == OUTCOME_GIVEN_UP)
        state_history(cc->state, "", "A text could not be delivered");
    if (e->outcome == OUTCOME_REFUSED) {
        json_object_set_new(json_object_get(cc->state, "sms"), "stopped", json_true());
        outbox_take_back(cc);
        consent_stopped(cc->state, clock_wall());
        state_history(cc->state, "", "The person asked for no more texts");
    }
}

/* ---- of no text that is under way ---- */

static void known(void *room, uint64_t tag, enum err err)
{
    (void)room; /* not kept: it is told again, and is no more news then than now */
    (void)tag;
    (void)err;
}

/* Many at once in one transaction: the unit is begun with the first. */
static void only_know(const struct vault *vault, const uint8_t row[static 16], struct vault_unit **unit)
{
    if (!*unit)
        *unit = vault_unit_new(vault->fence);
    vault_unit_ended(*unit, row);
}

static void submit(struct vault *vault, struct vault_unit *unit)
{
    if (unit)
        door_vault_submit(vault->door, unit, VAULT_DEADLINE_MS, known, NULL, 0);
}

/* ---- the way ---- */

static void end_one(void *arg)
{
    struct ending *e = arg;
    struct vault *vault = e->vault;
    size_t index;
    if (e->rebuilds != vault->rebuilds || vault->phase != PHASE_OPEN) {
        ended(e, ERR_CANCELLED);
        return;
    }
    struct case_file *file = book_find(vault->book, e->case_id);
    if (file && file->writing) {
        book_wait(file, end_one, e);
        return;
    }
    struct case_change *cc = file && file->version > 0 ? case_change_begin(vault, file, NULL) : NULL;
    if (!cc || !waiting_index(cc->state, e->id, &index)) {
        if (cc)
            case_change_drop(cc);
        struct vault_unit *unit = NULL;
        only_know(vault, e->row, &unit);
        submit(vault, unit);
        ended(e, ERR_OK);
        return;
    }
    write_down(cc, e, index);
    change_ended(cc->change, e->row);
    audit_leaf(vault, cc->change, "", e->outcome == OUTCOME_SENT ? "sms.sent" : "sms.not_sent", file->id, NULL);
    case_change_submit(cc, ended, e);
}

/* 1: it was no case's text, and is done with. */
static int is_told(struct vault *vault, const struct outbox_end *end)
{
    char id[CODE_ID_SIZE];
    code_id(end->id, id);
    return hooks_ended(vault, end->id, end->outcome == OUTCOME_SENT) ||
           pager_ended(vault->pager, id, end->outcome == OUTCOME_SENT);
}

static void take(struct endings *all, const struct outbox_end *end, struct vault_unit **unit)
{
    char id[CODE_ID_SIZE];
    struct vault *vault = all->vault;
    code_id(end->id, id);
    const struct case_file *file = is_told(vault, end) ? NULL : outbox_case_of(vault->outbox, id);
    if (!file) {
        only_know(vault, end->id, unit);
        return;
    }
    struct ending *e = begin(all, end);
    memcpy(e->case_id, file->id, sizeof e->case_id);
    loop_later(vault->loop, end_one, e);
}

void endings_take(struct endings *all, const struct outbox_end *ends, size_t count)
{
    struct vault_unit *unit = NULL;
    for (size_t i = 0; i < count && all->vault->phase == PHASE_OPEN; i++)
        if (place_of(all, ends[i].id) == all->count)
            take(all, &ends[i], &unit);
    submit(all->vault, unit);
}
