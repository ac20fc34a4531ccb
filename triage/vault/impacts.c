/* impacts.c -- see impacts.h: the entries in memory, the links of cases, what the cases say of an impact. Neighbour:
 * impacts_shelf.c (reading again, publishing, writing). */
#include "triage/vault/impacts.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/mem.h"
#include "triage/vault/case_place.h"
#include "triage/vault/case_state.h"
#include "triage/vault/entry.h"
#include "triage/vault/impacts_inside.h"
#include "triage/vault/item.h"
#include "triage/vault/search.h"

struct impacts *impacts_new(void)
{
    return mem_new(sizeof(struct impacts));
}

void impacts_free(struct impacts *impacts)
{
    if (!impacts)
        return;
    impacts_tell(&impacts->waiting);
    impacts_tell(&impacts->next);
    for (size_t i = 0; i < impacts->count; i++) {
        json_decref(impacts->list[i]->json);
        mem_free(impacts->list[i]->cases);
        mem_free(impacts->list[i]->shares);
        mem_free(impacts->list[i]);
    }
    for (size_t i = 0; i < impacts->action_count; i++) {
        json_decref(impacts->actions[i]->json);
        mem_free(impacts->actions[i]);
    }
    receivers_free(&impacts->receivers);
    mem_free(impacts->list);
    mem_free(impacts->actions);
    idmap_free(&impacts->by_id);
    idmap_free(&impacts->actions_by_id);
    mem_free(impacts);
}

/* ---- looking up ---- */

struct impact *impacts_at(const struct impacts *impacts, size_t number)
{
    return number < impacts->count ? impacts->list[number] : NULL;
}

struct action *impacts_action_at(const struct impacts *impacts, size_t number)
{
    return number < impacts->action_count ? impacts->actions[number] : NULL;
}

static int64_t number_of(const struct idmap *map, const char *id_text)
{
    uint8_t id[16];
    return code_unid(id_text, strlen(id_text), id) == ERR_OK ? idmap_find(map, id) : -1;
}

struct impact *impacts_find(const struct impacts *impacts, const char *id_text)
{
    int64_t number = number_of(&impacts->by_id, id_text);
    return number < 0 ? NULL : impacts->list[number];
}

struct action *impacts_action(const struct impacts *impacts, const char *id_text)
{
    int64_t number = number_of(&impacts->actions_by_id, id_text);
    return number < 0 ? NULL : impacts->actions[number];
}

size_t impacts_count(const struct impacts *impacts)
{
    return impacts->count;
}

int64_t impacts_version(const struct impacts *impacts, const uint8_t id[static 16])
{
    int64_t number = idmap_find(&impacts->by_id, id);
    if (number >= 0)
        return impacts->list[number]->version;
    number = idmap_find(&impacts->actions_by_id, id);
    return number < 0 ? receivers_version(&impacts->receivers, id) : impacts->actions[number]->version;
}

const struct receivers *impacts_receivers(const struct impacts *impacts)
{
    return &impacts->receivers;
}

/* ---- keeping ---- */

static struct impact *impact_for(struct impacts *impacts, const uint8_t id[static 16])
{
    int64_t number = idmap_find(&impacts->by_id, id);
    if (number >= 0)
        return impacts->list[number];
    if (impacts->count == impacts->room) {
        impacts->room = impacts->room ? impacts->room * 2 : 32;
        impacts->list = mem_grow(impacts->list, impacts->room * sizeof *impacts->list);
    }
    struct impact *impact = mem_new(sizeof *impact);
    impact->number = (uint32_t)impacts->count;
    memcpy(impact->id, id, sizeof impact->id);
    idmap_add(&impacts->by_id, id, impact->number);
    impacts->list[impacts->count++] = impact;
    return impact;
}

static struct action *action_for(struct impacts *impacts, const uint8_t id[static 16])
{
    int64_t number = idmap_find(&impacts->actions_by_id, id);
    if (number >= 0)
        return impacts->actions[number];
    if (impacts->action_count == impacts->action_room) {
        impacts->action_room = impacts->action_room ? impacts->action_room * 2 : 32;
        impacts->actions = mem_grow(impacts->actions, impacts->action_room * sizeof *impacts->actions);
    }
    struct action *action = mem_new(sizeof *action);
    action->number = (uint32_t)impacts->action_count;
    memcpy(action->id, id, sizeof action->id);
    idmap_add(&impacts->actions_by_id, id, action->number);
    impacts->actions[impacts->action_count++] = action;
    return action;
}

static void keep_impact(struct vault *vault, const uint8_t id[static 16], int64_t version,
                        const uint8_t hash[static 32], json_t *json)
{
    struct impact *impact = impact_for(vault->impacts, id);
    json_decref(impact->json);
    impact->json = json;
    impact->version = version;
    memcpy(impact->hash, hash, sizeof impact->hash);
    vault->impacts->has_news = 1;
    struct buf words = BUF_INIT(ITEM_TEXT_MAX);
    if (buf_addf(&words, "%s\n%s", state_text(json, "title"), state_text(json, "what")) == ERR_OK)
        search_impact(vault->search, impact->number, buf_text(&words), words.len);
    buf_free(&words);
    case_place_with_impact(vault, impact);
    case_place_with_impact(vault, impact);
}

static void keep_action(struct vault *vault, const uint8_t id[static 16], int64_t version,
                        const uint8_t hash[static 32], json_t *json)
{
    struct action *action = action_for(vault->impacts, id);
    json_decref(action->json);
    action->json = json;
    action->version = version;
    memcpy(action->hash, hash, sizeof action->hash);
}

void impacts_keep(struct vault *vault, const uint8_t id[static 16], int64_t version, const uint8_t hash[static 32],
                  json_t *json)
{
    if (impacts_version(vault->impacts, id) >= version)
        json_decref(json);
    else if (strcmp(entry_text(json, "kind"), "action") == 0)
        keep_action(vault, id, version, hash, json);
    else if (strcmp(entry_text(json, "kind"), "receiver") == 0)
        receivers_keep(&vault->impacts->receivers, id, version, hash, json);
    else
        keep_impact(vault, id, version, hash, json);
}

/* ---- what its cases say ---- */

static uint8_t *part_of(struct impact_level *level, size_t axis)
{
    uint8_t *const parts[] = {&level->scale, &level->scope, &level->irremediability};
    return parts[axis];
}

static void add(struct impact_tally *tally, struct impact_level level, uint32_t by)
{
    for (size_t axis = 0; axis < 3; axis++)
        tally->axis[axis][*part_of(&level, axis)] += by;
    tally->graves += level.grave ? by : 0;
    tally->dangers += level.danger_now ? by : 0;
    tally->count += by;
}

static void tally(struct impact *impact, const struct impact_share *share, uint32_t by)
{
    add(&impact->all, share->level, by);
    if (share->is_assessed)
        add(&impact->assessed, share->level, by);
}

static struct impact_level highest(const struct impact_tally *tally, const uint8_t *upwards, size_t count)
{
    struct impact_level level = {
        .grave = tally->graves != 0, .danger_now = tally->dangers != 0, .is_known = tally->count != 0};
    for (size_t axis = 0; axis < 3; axis++)
        for (size_t i = 0; i < count; i++)
            if (tally->axis[axis][upwards[i]])
                *part_of(&level, axis) = upwards[i];
    return level;
}

static struct impact_level impact_live(const struct impact *impact)
{
    static const uint8_t upwards[] = {1, 2, SEVERITY_UNKNOWN, 3, 4};
    return highest(&impact->all, upwards, sizeof upwards);
}

struct impact_level impact_assessed(const struct impact *impact)
{
    static const uint8_t known[] = {1, 2, 3, 4};
    return highest(&impact->assessed, known, sizeof known);
}

struct impact_level impact_rolled(const struct impact *impact)
{
    struct impact_level all = impact_published(impact->json);
    const struct impact_level live = impact_live(impact);
    impact_level_join(&all, &live);
    return all;
}

struct impact_level impact_level_of(const struct impact *impact)
{
    struct impact_level all = impact_rolled(impact);
    const struct impact_level own = impact_own(impact->json);
    impact_level_join(&all, &own);
    return all;
}

void impact_sorts_as(const struct impact *impact, struct severity *out)
{
    static const char *const likelihoods[] = {"low", "medium", "high"};
    const struct impact_level level = impact_level_of(impact);
    impact_level_severity(&level, out);
    for (size_t i = 0; i < sizeof likelihoods / sizeof *likelihoods; i++)
        if (strcmp(entry_text(impact->json, "likelihood"), likelihoods[i]) == 0)
            out->likelihood = (uint8_t)(LIKELIHOOD_LOW + i);
}

int impact_people(const struct impact *impact, int64_t *low, int64_t *high)
{
    *low = (int64_t)json_integer_value(json_object_get(impact->json, "people_low"));
    *high = (int64_t)json_integer_value(json_object_get(impact->json, "people_high"));
    return *low > 0 || *high > 0;
}

int impact_is_whole_group(const struct impact *impact)
{
    return json_is_true(json_object_get(impact->json, "whole_group"));
}

/* ---- links ---- */

/* Months since year 0 of a time as it stands in a state. */
static uint16_t month_of(const char *time)
{
    char day[11];
    int64_t at = clock_parse(time);
    clock_day(at > 0 ? at : 0, day);
    unsigned year = (unsigned)(day[0] - '0') * 1000 + (unsigned)(day[1] - '0') * 100 + (unsigned)(day[2] - '0') * 10 +
                    (unsigned)(day[3] - '0');
    return (uint16_t)(year * 12 + (unsigned)(day[5] - '0') * 10 + (unsigned)(day[6] - '0') - 1);
}

static void link_case(struct impact *impact, struct case_file *file, const json_t *state, const json_t *link)
{
    const struct severity *s = &file->place.severity;
    const char *joined = state_text(link, "at");
    struct impact_share share = {
        .level = {s->scale, s->scope, s->irremediability, s->grave != 0, s->danger_now != 0, 1},
        .month = month_of(*joined ? joined : state_text(state, "arrived")),
        .is_assessed = json_is_object(json_object_get(state, "assessment"))};
    if (impact->case_count == impact->case_room) {
        impact->case_room = impact->case_room ? impact->case_room * 2 : 16;
        impact->cases = mem_grow(impact->cases, impact->case_room * sizeof *impact->cases);
        impact->shares = mem_grow(impact->shares, impact->case_room * sizeof *impact->shares);
    }
    impact->shares[impact->case_count] = share;
    impact->cases[impact->case_count++] = file->number;
    tally(impact, &share, 1);
    file->impacts = mem_grow(file->impacts, (file->impact_count + 1) * sizeof *file->impacts);
    file->impacts[file->impact_count++] = impact->number;
}

static void unlink_case(struct impact *impact, const struct case_file *file)
{
    size_t i = 0;
    while (i < impact->case_count && impact->cases[i] != file->number)
        i++;
    if (i == impact->case_count)
        return;
    tally(impact, &impact->shares[i], (uint32_t)-1);
    impact->case_count--;
    impact->cases[i] = impact->cases[impact->case_count];
    impact->shares[i] = impact->shares[impact->case_count];
}

void impacts_know(struct impacts *impacts, const json_t *state, struct case_file *file)
{
    size_t i;
    json_t *link;
    for (i = 0; i < file->impact_count; i++)
        unlink_case(impacts->list[file->impacts[i]], file);
    file->impact_count = 0;
    json_array_foreach(json_object_get(state, "links"), i, link)
    {
        struct impact *impact =
            json_is_true(json_object_get(link, "confirmed")) ? impacts_find(impacts, state_text(link, "impact")) : NULL;
        if (impact)
            link_case(impact, file, state, link);
        impacts->has_news |= impact != NULL;
    }
}
