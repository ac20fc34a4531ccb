/* ops_register.c -- the register read: the list of impacts, gravest first, and one of them; and how all operations on
 * it write and answer. */
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/mem.h"
#include "common/base/rng.h"
#include "triage/vault/case_view.h"
#include "triage/vault/entry.h"
#include "triage/vault/ops.h"
#include "triage/vault/register_view.h"
#include "triage/vault/seen.h"

enum { LIST_MAX = 100, LIST_USUAL = 50, MONTHS_MAX = 24 };

/* ---- for all operations on it ---- */

void ops_register_answer(struct request *request, enum err err, json_t *fields)
{
    enum { TRIES = 5 };
    if (err == ERR_OK) {
        request_ok(request, fields);
        return;
    }
    json_decref(fields);
    if (err == ERR_CONFLICT && request->tries++ < TRIES)
        request_again(request);
    else
        request_fail_with(request, err);
}

void ops_register_write(struct request *request, const struct impacts_write *entry, const char *member,
                        void (*kept)(void *room, enum err err, const uint8_t id[16]))
{
    uint8_t drawn[16];
    char text[CODE_ID_SIZE];
    struct impacts_write write = *entry;
    if (!write.id) {
        rng_bytes(drawn, sizeof drawn);
        write.id = drawn;
    }
    code_id(write.id, text);
    if (!write.detail)
        write.detail = json_object();
    need(json_object_set_new(write.detail, member, json_string(text)) == 0);
    write.who = request->who;
    impacts_write(request->vault, &write, kept, request);
}

struct impact *ops_register_impact(struct request *request)
{
    const char *id;
    if (!request_text(request, "impact", 1, CODE_ID_SIZE, &id))
        return NULL;
    struct impact *impact = impacts_find(request->vault->impacts, id);
    if (!impact)
        request_fail(request, "not_found", "There is no such impact.", "impact");
    return impact;
}

/* ---- one impact ---- */

void ops_impact_show(struct request *request)
{
    const struct impact *impact = ops_register_impact(request);
    if (!impact)
        return;
    json_t *shown = register_impact(request->vault, request->who, impact, clock_wall());
    json_object_set(shown, "count", json_object_get(shown, "cases"));
    json_object_set_new(shown, "cases",
                        case_items_gravest(request->vault, request->who, impact->cases, impact->case_count));
    json_object_set_new(shown, "joined", register_joined(request->vault, request->who, impact, MONTHS_MAX));
    request_ok(request, shown);
}

/* ---- the list ---- */

static const struct {
    const char *ask, *member;
} filters[] = {
    {"state", "state"}, {"stage", "stage"}, {"right", "rights"}, {"technology", "technologies"}, {"group", "groups"}};
enum { FILTERS = sizeof filters / sizeof *filters };

struct listed {
    struct impact *impact;
    struct severity severity;
    int64_t now;
};

static int gravest_first(const void *a, const void *b)
{
    const struct listed *x = a, *y = b;
    int order = severity_compare(&x->severity, &y->severity, x->now);
    return order ? order : (x->impact->number > y->impact->number) - (x->impact->number < y->impact->number);
}

static int is_drifting(const struct vault *vault, const struct docket *docket, const struct impact *impact, int64_t now)
{
    size_t i;
    json_t *entity;
    json_array_foreach(json_object_get(impact->json, "entities"), i,
                       entity) if (register_drift(vault, docket, impact, entity, now)) return 1;
    return 0;
}

static size_t list_matching(const struct vault *vault, const char *const wanted[static FILTERS], int drift,
                            const struct docket *docket, struct listed *out)
{
    int64_t now = clock_wall();
    size_t count = 0;
    struct impact *impact;
    for (size_t n = 0; (impact = impacts_at(vault->impacts, n)); n++) {
        size_t f = 0;
        while (f < FILTERS && (!*wanted[f] || entry_holds(json_object_get(impact->json, filters[f].member), wanted[f])))
            f++;
        if (f < FILTERS || (drift && !is_drifting(vault, docket, impact, now)))
            continue;
        out[count] = (struct listed){.impact = impact, .now = now};
        impact_sorts_as(impact, &out[count++].severity);
    }
    qsort(out, count, sizeof *out, gravest_first);
    return count;
}

void ops_impact_list(struct request *request)
{
    int64_t after = 0, limit = LIST_USUAL;
    int drift = 0;
    const char *wanted[FILTERS];
    struct vault *vault = request->vault;
    struct docket docket;
    for (size_t f = 0; f < FILTERS; f++) {
        wanted[f] = "";
        if (!request_text(request, filters[f].ask, 0, CODES_CODE_MAX, &wanted[f]))
            return;
    }
    if (!request_int(request, "after", 0, 0, INT32_MAX, &after) ||
        !request_int(request, "limit", 0, 1, LIST_MAX, &limit) || !request_flag(request, "drift", 0, &drift))
        return;
    docket_fill(vault, &docket);
    struct listed *listed = mem_new_array(impacts_count(vault->impacts) + 1, sizeof *listed);
    int64_t total = (int64_t)list_matching(vault, wanted, drift, &docket, listed);
    json_t *items = json_array();
    for (int64_t i = after; i < after + limit && i < total; i++)
        json_array_append_new(items, register_row(vault, request->who, &docket, listed[i].impact, listed[i].now));
    docket_free(&docket);
    mem_free(listed);
    request_ok(request, json_pack("{s:o,s:I}", "items", items, "total", (json_int_t)total));
}
