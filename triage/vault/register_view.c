/* register_view.c -- see register_view.h. */
#include "triage/vault/register_view.h"

#include <string.h>

#include "common/base/code.h"
#include "common/base/mem.h"
#include "common/text/utf8.h"
#include "triage/vault/entry.h"
#include "triage/vault/seen.h"

enum { WHAT_SHOWN = 400 };

/* ---- actions of impacts ---- */

struct impact *register_impact_of(const struct vault *vault, const struct action *action)
{
    return impacts_find(vault->impacts, entry_text(action->json, "impact"));
}

void docket_fill(const struct vault *vault, struct docket *docket)
{
    struct action *action;
    size_t count = 0;
    while (impacts_action_at(vault->impacts, count))
        count++;
    docket->first = mem_new_array(impacts_count(vault->impacts) + 1, sizeof *docket->first);
    docket->next = mem_new_array(count + 1, sizeof *docket->next);
    for (size_t i = count; i-- > 0 && (action = impacts_action_at(vault->impacts, i));) {
        const struct impact *impact = register_impact_of(vault, action);
        if (!impact)
            continue;
        docket->next[i] = docket->first[impact->number];
        docket->first[impact->number] = (uint32_t)i + 1;
    }
}

void docket_free(struct docket *docket)
{
    mem_free(docket->first);
    mem_free(docket->next);
}

struct action *docket_next(const struct docket *docket, const struct vault *vault, const struct impact *impact,
                           const struct action *after)
{
    uint32_t number = after ? docket->next[after->number] : docket->first[impact->number];
    return number ? impacts_action_at(vault->impacts, number - 1) : NULL;
}

static int is_of(const struct action *action, const json_t *entity)
{
    return strcmp(entry_text(action->json, "entity"), entry_text(entity, "entity")) == 0;
}

int64_t register_drift(const struct vault *vault, const struct docket *docket, const struct impact *impact,
                       const json_t *entity, int64_t now)
{
    int64_t since = impact_linked_since(entity, now), last = 0;
    int is_busy = 0;
    for (struct action *a = NULL; since && (a = docket_next(docket, vault, impact, a));) {
        int64_t changed = is_of(a, entity) ? entry_last(a->json) : 0;
        is_busy |= changed && action_holds(a->json, now);
        last = changed > last ? changed : last;
    }
    return impact_drift(since, is_busy, last, now, vault->settings.drift_days);
}

/* ---- an impact ---- */

json_t *register_row(const struct vault *vault, const char *who, const struct docket *docket,
                     const struct impact *impact, int64_t now)
{
    static const char *const taken_over[] = {"title", "state", "likelihood", "stage", "rights", "technologies", NULL};
    char id[CODE_ID_SIZE];
    json_int_t open = 0, overdue = 0, drifting = 0;
    size_t i;
    json_t *entity;
    const struct impact_level level = impact_level_of(impact);
    for (struct action *a = NULL; (a = docket_next(docket, vault, impact, a));) {
        open += action_is_open(a->json);
        overdue += action_is_overdue(a->json, now);
    }
    json_array_foreach(json_object_get(impact->json, "entities"), i, entity) drifting +=
        register_drift(vault, docket, impact, entity, now) > 0;
    code_id(impact->id, id);
    json_t *row = json_pack("{s:s,s:o,s:I,s:I,s:I,s:I,s:I}", "impact", id, "severity", impact_level_json(&level),
                            "cases", (json_int_t)seen_impact_count(vault, who, impact), "version",
                            (json_int_t)impact->version, "open", open, "overdue", overdue, "drifting", drifting);
    need(row != NULL);
    for (i = 0; taken_over[i]; i++)
        if (json_object_get(impact->json, taken_over[i]))
            need(json_object_set(row, taken_over[i], json_object_get(impact->json, taken_over[i])) == 0);
    return row;
}

/* What is expected of an entity that is involved like this, and whether something of the kind is on its way. */
static json_t *expected(const struct vault *vault, const struct docket *docket, const struct impact *impact,
                        const json_t *entity, const char *involvement)
{
    const struct codes_row *row = codes_find(vault->codes, "involvement", involvement);
    json_t *list = json_array();
    for (size_t i = 0; row && i < row->to_count; i++) {
        int is_there = 0;
        for (struct action *a = NULL; !is_there && (a = docket_next(docket, vault, impact, a));)
            is_there = is_of(a, entity) && strcmp(entry_text(a->json, "type"), row->to[i]) == 0 &&
                       strcmp(entry_text(a->json, "state"), "dropped") != 0;
        need(json_array_append_new(list, json_pack("{s:s,s:b}", "type", row->to[i], "is_there", is_there)) == 0);
    }
    return list;
}

static json_t *entity_view(const struct vault *vault, const struct docket *docket, const struct impact *impact,
                           const json_t *entity, int64_t now)
{
    const json_t *held = impact_involvement(entity, now);
    const char *value = entry_text(held, "value");
    json_t *view = json_deep_copy(entity);
    need(view != NULL && json_object_del(view, "involvement") == 0);
    json_t *history = json_deep_copy(json_object_get(entity, "involvement"));
    json_t *more = json_pack("{s:s,s:s,s:o,s:o,s:I}", "involvement", value, "since", entry_text(held, "from"),
                             "history", history, "expects", expected(vault, docket, impact, entity, value),
                             "drift_days", (json_int_t)register_drift(vault, docket, impact, entity, now));
    need(more && json_object_update(view, more) == 0);
    json_decref(more);
    return view;
}

json_t *register_impact(const struct vault *vault, const char *who, const struct impact *impact, int64_t now)
{
    struct docket docket;
    size_t i;
    json_t *entity, *entities = json_array(), *actions = json_array();
    docket_fill(vault, &docket);
    json_t *shown = register_row(vault, who, &docket, impact, now);
    json_array_foreach(json_object_get(impact->json, "entities"), i, entity)
        need(json_array_append_new(entities, entity_view(vault, &docket, impact, entity, now)) == 0);
    for (struct action *a = NULL;
         json_array_size(actions) < REGISTER_ACTIONS_MAX && (a = docket_next(&docket, vault, impact, a));)
        need(json_array_append_new(actions, register_action_row(vault, a, now)) == 0);
    docket_free(&docket);
    const struct impact_level own = impact_own(impact->json), rolled = impact_rolled(impact);
    need(json_object_set_new(shown, "own", impact_level_json(&own)) == 0);
    need(json_object_set_new(shown, "rolled", impact_level_json(&rolled)) == 0);
    need(json_object_set_new(shown, "entities", entities) == 0);
    need(json_object_set_new(shown, "actions", actions) == 0);
    need(json_object_update_missing(shown, impact->json) == 0);
    json_object_del(shown, "levels");
    return shown;
}

/* ---- an action ---- */

/* What both have. */
static json_t *action_head(const struct vault *vault, const struct action *action, int64_t now)
{
    static const char *const taken_over[] = {"impact", "entity", "type", "owner", "due", "state", "consulted", NULL};
    char id[CODE_ID_SIZE];
    const struct impact *impact = register_impact_of(vault, action);
    const struct impact_level level = impact ? impact_level_of(impact) : (struct impact_level){0};
    const json_t *entity = impact ? impact_entity(impact->json, entry_text(action->json, "entity")) : NULL;
    code_id(action->id, id);
    json_t *head = json_pack("{s:s,s:I,s:s,s:s,s:o,s:b,s:b,s:I}", "action", id, "version", (json_int_t)action->version,
                             "title", impact ? entry_text(impact->json, "title") : "", "name",
                             entry_text(entity, "name"), "severity", impact_level_json(&level), "overdue",
                             action_is_overdue(action->json, now), "open", action_is_open(action->json), "tried",
                             (json_int_t)json_array_size(json_object_get(action->json, "attempts")));
    need(head != NULL);
    for (size_t i = 0; taken_over[i]; i++)
        if (json_object_get(action->json, taken_over[i]))
            need(json_object_set(head, taken_over[i], json_object_get(action->json, taken_over[i])) == 0);
    return head;
}

json_t *register_action_row(const struct vault *vault, const struct action *action, int64_t now)
{
    json_t *row = action_head(vault, action, now);
    const char *what = entry_text(action->json, "what");
    size_t len = strlen(what), cut = len < WHAT_SHOWN ? len : WHAT_SHOWN;
    while (cut > 0 && !utf8_valid(what, cut))
        cut--;
    need(json_object_set_new(row, "what", json_sprintf("%.*s%s", (int)cut, what, cut < len ? "…" : "")) == 0);
    return row;
}

json_t *register_action(const struct vault *vault, const struct action *action, int64_t now)
{
    json_t *shown = action_head(vault, action, now);
    need(json_object_set_new(shown, "moves", action_moves(entry_text(action->json, "state"))) == 0);
    need(json_object_update_missing(shown, action->json) == 0);
    json_object_del(shown, "kind");
    return shown;
}

/* ---- cases a month ---- */

json_t *register_joined(const struct vault *vault, const char *who, const struct impact *impact, size_t most)
{
    json_t *list = json_array();
    uint32_t *cases = mem_new_array(UINT16_MAX + 1, sizeof *cases);
    int hides = seen_impact_count(vault, who, impact) < impact->case_count;
    for (size_t i = 0; i < impact->case_count; i++)
        if (!hides || seen_at(vault, who, impact->cases[i]))
            cases[impact->shares[i].month]++;
    for (unsigned month = UINT16_MAX; month > 0 && json_array_size(list) < most; month--) {
        if (!cases[month])
            continue;
        json_t *one = json_pack("{s:o,s:I}", "month", json_sprintf("%04u-%02u", month / 12, month % 12 + 1), "cases",
                                (json_int_t)cases[month]);
        need(one && json_array_append_new(list, one) == 0);
    }
    mem_free(cases);
    return list;
}
