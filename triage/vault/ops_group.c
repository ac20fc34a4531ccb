/* ops_group.c -- group cases (groups.h): a case joins one or leaves it; the list, and one of them. What is done for all
 * of a group: ops_group_all.c. */
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/mem.h"
#include "common/base/rng.h"
#include "triage/vault/alike.h"
#include "triage/vault/audit.h"
#include "triage/vault/case_change.h"
#include "triage/vault/case_state.h"
#include "triage/vault/case_view.h"
#include "triage/vault/groups.h"
#include "triage/vault/life.h"
#include "triage/vault/ops.h"
#include "triage/vault/seen.h"
#include "triage/vault/together.h"

enum { REASON_MAX = 2000, LIST_MAX = 100, LIST_USUAL = 50, LANGUAGES_MAX = 64 };

/* The group that the request names; NULL when it was answered. */
struct group *group_asked(struct request *request)
{
    const char *id;
    if (!request_text(request, "group", 1, CODE_ID_SIZE, &id))
        return NULL;
    struct group *group = groups_find(request->vault->groups, id);
    size_t i = 0;
    while (group && i < group->case_count && !seen_at(request->vault, request->who, group->cases[i]))
        i++;
    if (group && i == group->case_count)
        group = NULL; /* none of its cases exists for who asks */
    if (!group)
        request_fail(request, "not_found", "There is no such group case at this desk.", "group");
    return group;
}

/* ---- joining and leaving ---- */

static void kept(void *room, enum err err)
{
    struct request *request = room;
    if (err == ERR_OK)
        request_ok(request, json_incref(request->kept));
    else
        request_fail_with(request, err);
}

static json_t *membership(const char *id, const char *title, int64_t renamed, const char *who, const char *reason)
{
    json_t *group = json_pack("{s:s,s:s,s:I,s:s,s:o,s:s}", "id", id, "title", title, "renamed", (json_int_t)renamed,
                              "by", who, "at", state_now(), "reason", reason);
    need(group != NULL);
    return group;
}

static void join(struct vault *vault, struct case_file *file, const char *who, json_t *group, change_done_fn *done,
                 void *room)
{
    struct case_change *cc = case_change_begin(vault, file, NULL);
    need(json_object_set(cc->state, "group", group) == 0);
    state_history(cc->state, who, "Put into a group case");
    audit_leaf(vault, cc->change, who, "case.join", file->id, json_pack("{s:s}", "group", state_text(group, "id")));
    case_change_submit(cc, done, room);
}

struct joining {
    char who[VAULT_WHO_MAX + 1];
    json_t *group;
};

static int join_too(void *errand, struct vault *vault, struct case_file *file, change_done_fn *done, void *room)
{
    const struct joining *joining = errand;
    if (file->group || file->state_len > STATE_FULL)
        return 0;
    join(vault, file, joining->who, joining->group, done, room);
    return 1;
}

static void joined_all(void *errand)
{
    struct joining *joining = errand;
    json_decref(joining->group);
    mem_free(joining);
}

/* Those that say nearly the same and wait for a first look with it. How many they are. */
static size_t join_alike(const struct request *request, const struct case_file *file, json_t *group)
{
    const uint32_t *members;
    size_t count = alike_members(request->vault->alike, file->number, &members), others = 0;
    if (count < 2)
        return 0;
    const struct case_file *other;
    struct joining *joining = mem_new(sizeof *joining);
    joining->group = json_incref(group);
    memcpy(joining->who, request->who, sizeof joining->who);
    uint8_t(*ids)[16] = mem_new_array(count, sizeof *ids);
    for (size_t i = 0; i < count && others < GROUPS_CASES_MAX / 2; i++)
        if (members[i] != file->number && (other = seen_at(request->vault, request->who, members[i])))
            memcpy(ids[others++], other->id, sizeof *ids);
    together_begin(request->vault, ids, others, join_too, joined_all, joining);
    return others;
}

/* Into the group that is named, or into a new one with a title. */
static json_t *group_to_join(struct request *request, const char *reason)
{
    const char *id = "", *title = "";
    char fresh[CODE_ID_SIZE];
    if (!request_text(request, "group", 0, CODE_ID_SIZE, &id))
        return NULL;
    if (*id) {
        const struct group *group = group_asked(request);
        if (group && group->case_count >= GROUPS_CASES_MAX) {
            request_fail(request, "conflict", "A group case can hold no more cases. Begin another one.", "group");
            return NULL;
        }
        return group ? membership(id, group->title, group->renamed, request->who, reason) : NULL;
    }
    if (!request_text(request, "title", 1, GROUPS_TITLE_MAX, &title))
        return NULL;
    uint8_t random[16];
    rng_bytes(random, sizeof random);
    code_id(random, fresh);
    return membership(fresh, title, 0, request->who, reason);
}

void ops_case_join(struct request *request)
{
    const char *reason;
    int alike = 0;
    struct case_file *file = case_asked(request, 1);
    if (!file || !request_text(request, "reason", 1, REASON_MAX, &reason) || !request_flag(request, "alike", 0, &alike))
        return;
    json_t *group = group_to_join(request, reason);
    if (!group)
        return;
    json_decref(request->kept);
    request->kept = json_pack("{s:O,s:I}", "group", json_object_get(group, "id"), "alike",
                              (json_int_t)(alike ? join_alike(request, file, group) : 0));
    join(request->vault, file, request->who, group, kept, request);
    json_decref(group);
}

void ops_case_leave(struct request *request)
{
    const char *reason;
    struct case_file *file = case_asked(request, 1);
    if (!file || !request_text(request, "reason", 1, REASON_MAX, &reason))
        return;
    if (!file->group) {
        request_fail(request, "conflict", "The case is in no group case.", "case");
        return;
    }
    struct case_change *cc = case_change_begin(request->vault, file, NULL);
    json_object_del(cc->state, "group");
    state_history(cc->state, request->who, "Taken out of a group case");
    audit_leaf(request->vault, cc->change, request->who, "case.leave", file->id, json_pack("{s:s}", "reason", reason));
    case_change_submit(cc, kept, request);
}

/* ---- showing ---- */

/* What a list says of one: how many it has, how many are open and held by nobody, who holds some, the gravest. */
static json_t *group_row(const struct request *request, const struct group *group, const struct case_file **gravest)
{
    char id[CODE_ID_SIZE];
    int64_t now = clock_wall(), free = 0, seen = 0;
    *gravest = NULL;
    for (size_t i = 0; i < group->case_count; i++) {
        const struct case_file *file = seen_at(request->vault, request->who, group->cases[i]);
        if (!file)
            continue;
        seen++;
        free += !*file->taken_by && file->place.lane != LANE_NONE;
        if (!*gravest || severity_compare(&file->place.severity, &(*gravest)->place.severity, now) < 0)
            *gravest = file;
    }
    code_id(group->id, id);
    json_t *row = json_pack("{s:s,s:s,s:I,s:I,s:b,s:b}", "group", id, "title", group->title, "cases", (json_int_t)seen,
                            "waiting", (json_int_t)free, "under_way", group->under_way > 0, "floor",
                            *gravest && severity_is_floor(&(*gravest)->place.severity));
    need(row != NULL);
    return row;
}

struct ranked {
    json_t *row;
    uint32_t weight, number;
};

static int heavier(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    if (a->weight != b->weight)
        return a->weight > b->weight ? -1 : 1;
    return a->number < b->number ? -1 : a->number > b->number;
}

void ops_group_list(struct request *request)
{
    struct vault *vault = request->vault;
    int64_t after = 0, limit = LIST_USUAL, now = clock_wall();
    if (!request_int(request, "after", 0, 0, INT32_MAX, &after) ||
        !request_int(request, "limit", 0, 1, LIST_MAX, &limit))
        return;
    struct ranked *all = NULL;
    size_t count = 0;
    const struct group *group;
    for (size_t i = 0; (group = groups_at(vault->groups, i)); i++) {
        if (!group->case_count)
            continue;
        const struct case_file *gravest;
        json_t *row = group_row(request, group, &gravest);
        if (!gravest) { /* none of its cases exists for who asks */
            json_decref(row);
            continue;
        }
        all = mem_grow(all, (count + 1) * sizeof *all);
        all[count++] = (struct ranked){row, severity_weight(&gravest->place.severity, now), group->number};
    }
    if (count)
        qsort(all, count, sizeof *all, heavier);
    json_t *items = json_array();
    for (size_t i = 0; i < count; i++) {
        if (i >= (size_t)after && i < (size_t)(after + limit))
            json_array_append(items, all[i].row);
        json_decref(all[i].row);
    }
    mem_free(all);
    request_ok(request, json_pack("{s:o,s:I}", "items", items, "total", (json_int_t)count));
}

/* How many open cases there are in each language: [{"language","cases"}]. And the sum of the versions of all its cases:
 * what who answers must have seen. */
static json_t *languages(const struct request *request, const struct group *group, int64_t *version)
{
    json_t *list = json_array(), *one = NULL;
    for (size_t n = 0; n < group->case_count; n++) {
        const struct case_file *file = seen_at(request->vault, request->who, group->cases[n]);
        if (!file)
            continue;
        json_t *state = state_draft(file);
        const char *language = state_text(state, "language");
        size_t i;
        *version += file->told;
        json_array_foreach(list, i, one) if (strcmp(state_text(one, "language"), language) == 0) break;
        if (group_reaches(file, state) && i < json_array_size(list))
            json_object_set_new(one, "cases", json_integer(json_integer_value(json_object_get(one, "cases")) + 1));
        else if (group_reaches(file, state) && i < LANGUAGES_MAX)
            json_array_append_new(list, json_pack("{s:s,s:i}", "language", language, "cases", 1));
        json_decref(state);
    }
    return list;
}

void ops_group_show(struct request *request)
{
    int64_t version = 0;
    const struct case_file *gravest;
    const struct group *group = group_asked(request);
    if (!group)
        return;
    json_t *row = group_row(request, group, &gravest);
    json_object_set_new(row, "items",
                        case_items_gravest(request->vault, request->who, group->cases, group->case_count));
    json_object_set_new(row, "languages", languages(request, group, &version));
    json_object_set_new(row, "version", json_integer(version));
    request_ok(request, row);
}
