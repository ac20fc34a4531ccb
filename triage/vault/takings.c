/* takings.c -- see takings.h. */
#include "triage/vault/takings.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/mem.h"
#include "common/base/rng.h"
#include "triage/vault/case_state.h"
#include "triage/vault/request.h"
#include "triage/vault/taking_job.h"

struct takings {
    struct taking list[TAKINGS_MAX];
};

struct takings *takings_new(void)
{
    return mem_new(sizeof(struct takings));
}

void takings_free(struct takings *takings)
{
    mem_free(takings); /* wiped */
}

void taking_end(struct taking *t)
{
    struct request *waiting = t->waiting;
    taking_job_drop(t->job);
    mem_wipe(t, sizeof *t);
    if (waiting)
        request_fail_with(waiting, ERR_CANCELLED);
}

void takings_cancel(struct vault *vault)
{
    for (size_t i = 0; i < TAKINGS_MAX; i++)
        if (vault->takings->list[i].state != TAKING_NONE)
            taking_end(&vault->takings->list[i]);
}

/* ---- places ---- */

static int is_of(const struct taking *t, const struct request *request)
{
    return t->state != TAKING_NONE && mem_same(t->session, request->session, sizeof t->session);
}

static int is_over(const struct taking *t, int64_t now)
{
    return now - t->began >= TAKING_S || t->rebuilds != t->vault->rebuilds;
}

/* The one whose reader has been silent for longest, of those that hold the cleaner or of all; NULL: none may go. */
static struct taking *idle_one(struct takings *all, int with_job, int64_t now)
{
    struct taking *idle = NULL;
    for (size_t i = 0; i < TAKINGS_MAX; i++) {
        struct taking *t = &all->list[i];
        int may_go = !t->is_busy && !t->waiting && now - t->touched >= TAKING_REPLACED_S;
        if (t->state != TAKING_NONE && may_go && (t->job || !with_job) && (!idle || t->touched < idle->touched))
            idle = t;
    }
    return idle;
}

/* An empty place; NULL: there are as many as there may be. */
static struct taking *free_place(struct takings *all, int with_job)
{
    struct taking *place = NULL;
    size_t jobs = 0;
    for (size_t i = 0; i < TAKINGS_MAX; i++) {
        jobs += all->list[i].job != NULL;
        if (all->list[i].state == TAKING_NONE)
            place = &all->list[i];
    }
    return with_job && jobs >= TAKINGS_JOBS ? NULL : place;
}

static struct taking *fresh(struct request *request, enum taking_what what, struct taking *place)
{
    uint8_t id[(TAKING_ID - 1) / 2];
    int64_t now = clock_wall();
    *place = (struct taking){.vault = request->vault,
                             .what = what,
                             .state = TAKING_WORKING,
                             .rebuilds = request->vault->rebuilds,
                             .size = -1,
                             .began = now,
                             .touched = now,
                             .is_busy = 1};
    rng_bytes(id, sizeof id);
    code_hex(id, sizeof id, place->id);
    memcpy(place->who, request->who, sizeof place->who);
    memcpy(place->session, request->session, sizeof place->session);
    if (what != TAKING_ORIGINAL)
        place->job = taking_job_new(place);
    return place;
}

enum err takings_add(struct request *request, enum taking_what what, const uint8_t case_id[static 16],
                     const uint8_t file_id[static 16], struct taking **out)
{
    struct takings *all = request->vault->takings;
    int with_job = what != TAKING_ORIGINAL;
    size_t own = 0;
    int64_t now = clock_wall();
    for (size_t i = 0; i < TAKINGS_MAX; i++) {
        struct taking *t = &all->list[i];
        own += (size_t)is_of(t, request);
        if (is_of(t, request) && t->what == what && memcmp(t->case_id, case_id, 16) == 0 &&
            memcmp(t->file.id, file_id, 16) == 0 && t->next == 0 && t->pieces && !is_over(t, now)) {
            *out = t;
            return ERR_OK;
        }
    }
    if (own >= TAKINGS_OF_SESSION)
        return ERR_BUSY;
    struct taking *place = free_place(all, with_job), *idle;
    if (!place && (idle = idle_one(all, with_job, now))) {
        taking_end(idle);
        place = free_place(all, with_job);
    }
    if (!place)
        return ERR_TIMEOUT;
    *out = fresh(request, what, place);
    memcpy((*out)->case_id, case_id, 16);
    memcpy((*out)->file.id, file_id, 16);
    return ERR_OK;
}

struct taking *taking_of(const struct request *request)
{
    const char *id = state_text(request->body, "ticket");
    struct takings *all = request->vault->takings;
    for (size_t i = 0; i < TAKINGS_MAX; i++)
        if (is_of(&all->list[i], request) && strcmp(all->list[i].id, id) == 0)
            return &all->list[i];
    return NULL;
}

struct taking *taking_asked(const struct request *request)
{
    struct taking *t = taking_of(request);
    return t && !is_over(t, clock_wall()) ? t : NULL;
}

/* ---- who waits ---- */

void taking_tell(struct taking *t)
{
    struct request *waiting = t->waiting;
    t->waiting = NULL;
    t->touched = clock_wall();
    if (waiting)
        request_again(waiting);
}

void takings_tick(struct vault *vault, int64_t now)
{
    for (size_t i = 0; i < TAKINGS_MAX; i++) {
        struct taking *t = &vault->takings->list[i];
        if (t->state != TAKING_NONE && is_over(t, now))
            taking_end(t);
        else if (t->waiting && now - t->waits_since >= TAKING_WAIT_S)
            taking_tell(t);
    }
}
