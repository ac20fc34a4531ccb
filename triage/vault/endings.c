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

struct ending {
    struct ending *next;
    struct vault *vault;
    struct endings *all;
    uint64_t rebuilds; /* of when it was tried */
    uint8_t row[16], case_id[16];
    char id[CODE_ID_SIZE];
    int16_t outcome;
};

struct endings {
    struct vault *vault;
    struct ending *first; /* those that are not being written */
};

struct endings *endings_new(struct vault *vault)
{
    struct endings *all = mem_new(sizeof *all);
    all->vault = vault;
    return all;
}

static struct ending *take_first(struct ending **list)
{
    struct ending *e = *list;
    *list = e->next;
    return e;
}

void endings_free(struct endings *all)
{
    while (all->first)
        mem_free(take_first(&all->first));
    mem_free(all);
}

static void keep(struct ending *e)
{
    if (e->vault->phase == PHASE_LOCKED) { /* the vault ends; the others may be gone already */
        mem_free(e);
        return;
    }
    e->next = e->all->first;
    e->all->first = e;
}

void endings_take(struct endings *all, const struct outbox_end *ends, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct ending *e = mem_new(sizeof *e);
        *e = (struct ending){.vault = all->vault, .all = all, .outcome = ends[i].outcome};
        memcpy(e->row, ends[i].id, sizeof e->row);
        code_id(e->row, e->id);
        keep(e);
    }
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

static void ended(void *room, enum err err)
{
    if (err == ERR_OK)
        mem_free(room);
    else
        keep(room);
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

static void end_one(void *arg)
{
    struct ending *e = arg;
    struct vault *vault = e->vault;
    size_t index;
    if (e->rebuilds != vault->rebuilds || vault->phase != PHASE_OPEN) {
        keep(e);
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
        mem_free(e);
        return;
    }
    write_down(cc, e, index);
    audit_leaf(vault, cc->change, "", e->outcome == OUTCOME_SENT ? "sms.sent" : "sms.not_sent", file->id, NULL);
    case_change_submit(cc, ended, e);
}

/* 1: it was no case's text, and is done with. */
static int is_told(struct vault *vault, const struct ending *e)
{
    return hooks_ended(vault, e->row, e->outcome == OUTCOME_SENT) ||
           pager_ended(vault->pager, e->id, e->outcome == OUTCOME_SENT);
}

void endings_go_on(struct endings *all)
{
    struct vault *vault = all->vault;
    struct ending *list = all->first;
    if (vault->phase != PHASE_OPEN)
        return;
    all->first = NULL;
    while (list) {
        struct ending *e = take_first(&list);
        const struct case_file *file = is_told(vault, e) ? NULL : outbox_case_of(vault->outbox, e->id);
        if (!file) {
            mem_free(e);
            continue;
        }
        memcpy(e->case_id, file->id, sizeof e->case_id);
        e->rebuilds = vault->rebuilds;
        loop_later(vault->loop, end_one, e);
    }
}
