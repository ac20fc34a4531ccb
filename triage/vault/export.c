/* export.c -- see export.h: the exports that are under way, and those that have ended. */
#include "triage/vault/export.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/mem.h"
#include "common/base/rng.h"
#include "triage/vault/audit.h"
#include "triage/vault/case_state.h"
#include "triage/vault/request.h"

struct exports {
    struct export list[EXPORTS_KEPT];
};

static const char *const names[EXPORT_WHATS] = {"cases", "messages", "impacts", "actions"};

struct exports *exports_new(void)
{
    return mem_new(sizeof(struct exports));
}

static void let_go(struct export *e)
{
    mem_free(e->numbers);
    json_decref(e->left);
    e->numbers = NULL;
    e->left = NULL;
}

void exports_free(struct exports *exports)
{
    for (size_t i = 0; i < EXPORTS_KEPT; i++)
        let_go(&exports->list[i]);
    mem_free(exports);
}

const char *export_name(enum export_what what)
{
    return names[what];
}

enum export_what export_what_of(const char *name)
{
    int what = 0;
    while (what < EXPORT_WHATS && strcmp(names[what], name) != 0)
        what++;
    return (enum export_what)what;
}

/* ---- places ---- */

/* Who stopped reading makes room for who waits. */
static void make_room(struct vault *vault, int64_t now)
{
    size_t under_way = 0;
    struct export *idle = NULL;
    for (size_t i = 0; i < EXPORTS_KEPT; i++) {
        struct export *e = &vault->exports->list[i];
        under_way += e->state == EXPORT_UNDER_WAY;
        int may_go = e->is_left || now - e->touched >= EXPORT_REPLACED_S;
        if (e->state == EXPORT_UNDER_WAY && !e->is_busy && may_go && (!idle || e->touched < idle->touched))
            idle = e;
    }
    if (under_way >= EXPORTS_UNDER_WAY && idle)
        export_end(vault, idle, EXPORT_CUT, NULL, NULL);
}

/* An empty place, else that of the one that ended first. */
static struct export *free_place(struct exports *exports)
{
    size_t under_way = 0;
    struct export *oldest = NULL;
    for (size_t i = 0; i < EXPORTS_KEPT; i++) {
        struct export *e = &exports->list[i];
        under_way += e->state == EXPORT_UNDER_WAY;
        if (e->state != EXPORT_UNDER_WAY && (!oldest || e->touched < oldest->touched))
            oldest = e;
    }
    return under_way < EXPORTS_UNDER_WAY ? oldest : NULL;
}

struct export *export_new(struct request *request, enum export_what what, uint32_t *numbers, size_t count)
{
    struct vault *vault = request->vault;
    uint8_t id[(EXPORT_ID - 1) / 2];
    int64_t now = clock_wall();
    make_room(vault, now);
    struct export *e = free_place(vault->exports);
    if (!e) {
        mem_free(numbers);
        return NULL;
    }
    let_go(e);
    *e = (struct export){.what = what,
                         .state = EXPORT_UNDER_WAY,
                         .rebuilds = vault->rebuilds,
                         .numbers = numbers,
                         .count = count,
                         .began = now,
                         .touched = now,
                         .is_busy = 1};
    rng_bytes(id, sizeof id);
    code_hex(id, sizeof id, e->id);
    memcpy(e->who, request->who, sizeof e->who);
    memcpy(e->session, request->session, sizeof e->session);
    return e;
}

struct export *export_asked(struct request *request)
{
    const char *id = state_text(request->body, "export");
    struct exports *exports = request->vault->exports;
    for (size_t i = 0; i < EXPORTS_KEPT; i++) {
        struct export *e = &exports->list[i];
        if (e->state != EXPORT_NONE && strcmp(e->id, id) == 0 &&
            mem_same(e->session, request->session, sizeof e->session))
            return e;
    }
    return NULL;
}

const struct export *export_at(const struct request *request, size_t index)
{
    const struct exports *exports = request->vault->exports;
    const struct export *own[EXPORTS_KEPT] = {NULL};
    size_t count = 0;
    for (size_t i = 0; i < EXPORTS_KEPT; i++) {
        const struct export *e = &exports->list[i];
        if (e->state == EXPORT_NONE || !mem_same(e->session, request->session, sizeof e->session))
            continue;
        size_t at = count++;
        for (; at > 0 && own[at - 1]->began < e->began; at--)
            own[at] = own[at - 1];
        own[at] = e;
    }
    return index < count ? own[index] : NULL;
}

/* ---- ends ---- */

void export_end(struct vault *vault, struct export *e, enum export_state state, change_done_fn *done, void *room)
{
    json_t *detail =
        json_pack("{s:s,s:I,s:I,s:I,s:b}", "what", names[e->what], "rows", (json_int_t)e->rows, "of",
                  (json_int_t)e->count, "left_out", (json_int_t)e->left_out, "whole", state == EXPORT_WHOLE);
    e->state = state;
    e->touched = clock_wall();
    let_go(e);
    audit_alone(vault, e->who, "export.end", NULL, detail, done, room);
}

void export_drop(struct export *e)
{
    let_go(e);
    *e = (struct export){0};
}

void exports_tick(struct vault *vault, int64_t now)
{
    for (size_t i = 0; i < EXPORTS_KEPT; i++) {
        struct export *e = &vault->exports->list[i];
        int is_over = e->is_left || now - e->touched >= EXPORT_SILENT_S || e->rebuilds != vault->rebuilds;
        if (e->state == EXPORT_UNDER_WAY && !e->is_busy && is_over)
            export_end(vault, e, EXPORT_CUT, NULL, NULL);
    }
}
