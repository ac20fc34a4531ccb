/* committer.c -- changes become transactions: one under way, what comes meanwhile gathers for the next.
 *
 * State: `waiting` (submitted), `under_way` (in the unit that was sent). When a shared unit is refused its changes go
 * one by one through `alone` before anything newer. Neighbour: change.c. */
#include "common/base/log.h"
#include "common/base/mem.h"
#include "triage/vault/boot.h"
#include "triage/vault/change_inside.h"

enum { TOGETHER_MAX = 128 };

struct list {
    struct change *first, **last;
    unsigned count;
};

struct committer {
    struct vault *vault;
    struct list waiting, alone, under_way;
    int is_sent, is_asked; /* a unit is under way; a flush was asked of the loop */
    uint64_t round;        /* an answer of an earlier round than a cancel is not ours any more */
};

static void list_add(struct list *list, struct change *change)
{
    change->next = NULL;
    if (!list->first)
        list->last = &list->first;
    *list->last = change;
    list->last = &change->next;
    list->count++;
}

static struct change *list_take(struct list *list)
{
    struct change *change = list->first;
    if (change) {
        list->first = change->next;
        list->count--;
    }
    return change;
}

static void flush(void *arg);

static void flush_later(struct committer *c)
{
    if (c->is_asked)
        return;
    c->is_asked = 1;
    loop_later(c->vault->loop, flush, c);
}

static void tell(struct change *change, enum err err)
{
    change_done_fn *done = change->done;
    void *room = change->room;
    change_free(change);
    done(room, err);
}

/* What a change that failed by itself means for the rest of the vault. */
static void failed_alone(struct committer *c, struct change *change, enum err err)
{
    int is_ours = !change->has_impact;
    tell(change, err);
    if (err == ERR_DB_UNKNOWN || (err == ERR_CONFLICT && is_ours)) {
        log_warn("vault_rebuild", LOG_ERR(err));
        boot_again(c->vault);
    } else if (err != ERR_CONFLICT) {
        log_warn("change_failed", LOG_ERR(err));
    }
}

/* Of a shared unit: a fault of the database is everybody's, and trying again one by one would only take longer. */
static int is_somebodys_fault(enum err err)
{
    return err == ERR_CONFLICT || err == ERR_DB_REFUSED || err == ERR_NOT_FOUND || err == ERR_DENIED;
}

static void committed(void *room, uint64_t tag, enum err err)
{
    struct committer *c = room;
    if (tag != c->round)
        return;
    c->is_sent = 0;
    struct list done = c->under_way;
    c->under_way = (struct list){0};
    flush_later(c);
    if (done.count > 1 && is_somebodys_fault(err)) {
        for (struct change *change; (change = list_take(&done));)
            list_add(&c->alone, change);
        return;
    }
    for (struct change *change; (change = list_take(&done));) {
        if (err == ERR_OK)
            tell(change, ERR_OK);
        else
            failed_alone(c, change, err);
    }
}

static void flush(void *arg)
{
    struct committer *c = arg;
    c->is_asked = 0;
    if (c->is_sent || (!c->waiting.first && !c->alone.first))
        return;
    struct vault_unit *unit = vault_unit_new(c->vault->fence);
    unsigned most = c->alone.first ? 1 : TOGETHER_MAX;
    struct list *from = c->alone.first ? &c->alone : &c->waiting;
    for (struct change *change; c->under_way.count < most && (change = list_take(from));) {
        change_write(change, unit);
        list_add(&c->under_way, change);
    }
    c->is_sent = 1;
    door_vault_submit(c->vault->door, unit, VAULT_DEADLINE_MS, committed, c, c->round);
}

void change_submit(struct change *change, change_done_fn *done, void *room)
{
    struct committer *c = change->vault->committer;
    /* Nothing is written without saying so in the audit log. */
    need(change->leaf != NULL);
    change->done = done;
    change->room = room;
    list_add(&c->waiting, change);
    flush_later(c);
}

struct committer *committer_new(struct vault *vault)
{
    struct committer *c = mem_new(sizeof *c);
    c->vault = vault;
    c->round = 1;
    return c;
}

void committer_cancel(struct committer *c)
{
    struct list all[] = {c->under_way, c->alone, c->waiting};
    c->under_way = c->alone = c->waiting = (struct list){0};
    c->is_sent = 0;
    c->round++;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        for (struct change *change; (change = list_take(&all[i]));)
            tell(change, ERR_CANCELLED);
}

void committer_free(struct committer *c)
{
    mem_free(c);
}
