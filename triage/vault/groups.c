/* groups.c -- see groups.h. */
#include "triage/vault/groups.h"

#include <string.h>

#include "common/base/code.h"
#include "common/base/mem.h"
#include "triage/vault/case_state.h"
#include "triage/vault/idmap.h"

struct groups {
    enum groups_kind kind;
    struct group **list;
    size_t count;
    struct idmap by_id;
};

struct groups *groups_new(enum groups_kind kind)
{
    struct groups *groups = mem_new(sizeof *groups);
    groups->kind = kind;
    return groups;
}

/* Where a case file has the number of its group. */
static uint32_t *slot(enum groups_kind kind, struct case_file *file)
{
    return kind == GROUPS_OF_PARTICIPANTS ? &file->circle : &file->group;
}

void groups_free(struct groups *groups)
{
    for (size_t i = 0; i < groups->count; i++) {
        mem_free(groups->list[i]->cases);
        mem_free(groups->list[i]->title);
        mem_free(groups->list[i]);
    }
    idmap_free(&groups->by_id);
    mem_free(groups->list);
    mem_free(groups);
}

static struct group *find(const struct groups *groups, const uint8_t id[static 16])
{
    int64_t number = idmap_find(&groups->by_id, id);
    return number < 0 ? NULL : groups->list[number];
}

struct group *groups_find(const struct groups *groups, const char *id_text)
{
    uint8_t id[16];
    struct group *group = code_unid(id_text, strlen(id_text), id) == ERR_OK ? find(groups, id) : NULL;
    return group && group->case_count ? group : NULL;
}

struct group *groups_at(const struct groups *groups, size_t number)
{
    return number < groups->count ? groups->list[number] : NULL;
}

struct group *groups_of(const struct groups *groups, const struct case_file *file)
{
    uint32_t number = groups->kind == GROUPS_OF_PARTICIPANTS ? file->circle : file->group;
    return number ? groups->list[number - 1] : NULL;
}

/* ---- what a state says ---- */

static struct group *find_or_make(struct groups *groups, const uint8_t id[static 16])
{
    struct group *group = find(groups, id);
    if (group)
        return group;
    group = mem_new(sizeof *group);
    memcpy(group->id, id, sizeof group->id);
    group->number = (uint32_t)groups->count;
    groups->list = mem_grow(groups->list, (groups->count + 1) * sizeof *groups->list);
    groups->list[groups->count++] = group;
    idmap_add(&groups->by_id, id, group->number);
    return group;
}

static void leave(enum groups_kind kind, struct group *group, struct case_file *file)
{
    size_t i = 0;
    while (group->cases[i] != file->number)
        need(++i < group->case_count);
    group->cases[i] = group->cases[--group->case_count];
    *slot(kind, file) = 0;
}

static void join(enum groups_kind kind, struct group *group, struct case_file *file)
{
    if (group->case_count == group->case_room) {
        group->case_room = group->case_room ? 2 * group->case_room : 8;
        group->cases = mem_grow(group->cases, group->case_room * sizeof *group->cases);
    }
    group->cases[group->case_count++] = file->number;
    *slot(kind, file) = group->number + 1;
}

/* A renaming does not reach those that exist not for who renames, nor who joins meanwhile: they say an old title. */
static void take_title(struct group *group, const char *title, int64_t renamed)
{
    if (group->title && renamed < group->renamed)
        return;
    group->renamed = renamed;
    if (group->title && strcmp(group->title, title) == 0)
        return;
    mem_free(group->title);
    group->title = mem_copy_text(title);
}

int groups_know(struct groups *groups, const json_t *state, struct case_file *file, struct group **left)
{
    uint8_t id[16];
    const json_t *said = json_object_get(state, groups->kind == GROUPS_OF_PARTICIPANTS ? "participant" : "group");
    const char *text = state_text(said, "id"), *title = state_text(said, "title");
    struct group *before = groups_of(groups, file),
                 *now = code_unid(text, strlen(text), id) == ERR_OK ? find_or_make(groups, id) : NULL;
    *left = NULL;
    if (now)
        take_title(now, title, json_integer_value(json_object_get(said, "renamed")));
    if (now == before)
        return 0;
    if (before)
        leave(groups->kind, *left = before, file);
    if (now)
        join(groups->kind, now, file);
    return 1;
}
