/* export_rows.c -- see export.h: a case, an impact, an action, a message as a row. What a row has is in docs/export.md;
 * the console's columns (export_csv.c) are the same. */
#include <string.h>

#include "common/base/code.h"
#include "triage/vault/action.h"
#include "triage/vault/book.h"
#include "triage/vault/case_state.h"
#include "triage/vault/conversation.h"
#include "triage/vault/entry.h"
#include "triage/vault/export.h"
#include "triage/vault/life.h"
#include "triage/vault/register_view.h"
#include "triage/vault/severity_json.h"

enum { DAY = 10 };

static void put(json_t *row, const char *key, json_t *value)
{
    need(value != NULL && json_object_set_new(row, key, value) == 0);
}

/* The day of a time; null where there is none. */
static json_t *day_of(const char *time)
{
    return strlen(time) >= DAY ? json_stringn(time, DAY) : json_null();
}

static json_t *text_or_null(const char *text)
{
    return *text ? json_string(text) : json_null();
}

static json_t *shared(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return value ? json_deep_copy(value) : json_null();
}

/* "look_due", "look_reached", "look_late", and so on for each stage. */
static void put_stages(json_t *row, const json_t *stages)
{
    size_t i;
    char key[40];
    const json_t *one;
    json_array_foreach(stages, i, one)
    {
        const char *stage = state_text(one, "stage");
        snprintf(key, sizeof key, "%s_due", stage);
        put(row, key, day_of(state_text(one, "due")));
        snprintf(key, sizeof key, "%s_reached", stage);
        put(row, key, day_of(state_text(one, "reached")));
        snprintf(key, sizeof key, "%s_late", stage);
        put(row, key, json_boolean(json_is_true(json_object_get(one, "late"))));
    }
}

static json_t *linked_impacts(const json_t *state)
{
    json_t *list = json_array();
    size_t i;
    const json_t *link;
    json_array_foreach(json_object_get(state, "links"), i, link) if (json_is_true(json_object_get(link, "confirmed")))
        need(json_array_append_new(list, json_string(state_text(link, "impact"))) == 0);
    return list;
}

json_t *export_case(const struct vault *vault, const struct case_file *file, int64_t now)
{
    char id[CODE_ID_SIZE];
    json_t *state = state_draft(file), *row = severity_json(&file->place.severity);
    const json_t *decisions = json_object_get(state, "decisions");
    const json_t *last = json_array_get(decisions, json_array_size(decisions) - 1);
    code_id(file->id, id);
    json_t *stages = stages_json(&vault->office, state, &file->place.severity, now);
    json_t *more = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:o,s:b,s:b,s:b,s:o,s:I,s:o,s:o,s:b}", "case", id, "desk",
                             vault_desk(vault), "state", life_name(life_now(state)), "lane", state_text(state, "lane"),
                             "kind", state_text(state, "kind"), "channel", state_text(state, "channel"), "language",
                             state_text(state, "language"), "arrived", day_of(state_text(state, "arrived")), "held",
                             *file->taken_by != 0, "assessed", json_is_object(json_object_get(state, "assessment")),
                             "floor", severity_is_floor(&file->place.severity), "impacts", linked_impacts(state),
                             "messages", json_integer_value(json_object_get(state, "messages")), "decided",
                             day_of(state_text(last, "at")), "round", text_or_null(state_text(state, "round")),
                             "synthetic", json_is_true(json_object_get(state, "synthetic")));
    need(more && json_object_update(row, more) == 0);
    put(row, "by", day_of(state_text(row, "by")));
    put_stages(row, stages);
    json_decref(more);
    json_decref(stages);
    json_decref(state);
    return row;
}

/* The parts of a level beside the row's own members. */
static void put_level(json_t *row, const json_t *level)
{
    static const char *const parts[] = {"scale", "scope", "irremediability", "grave", "danger_now"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        put(row, parts[i], shared(level, parts[i]));
}

json_t *export_impact(const struct vault *vault, const char *who, const struct docket *docket,
                      const struct impact *impact, int64_t now)
{
    static const char *const facts[] = {"likelihood", "stage", "rights",     "technologies", "technology",
                                        "groups",     "what",  "people_low", "people_high"};
    json_t *row = register_row(vault, who, docket, impact, now);
    put_level(row, json_object_get(row, "severity"));
    json_object_del(row, "severity");
    json_object_del(row, "version");
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
        put(row, facts[i], shared(impact->json, facts[i]));
    put(row, "assessed", day_of(entry_text(json_object_get(impact->json, "assessed"), "at")));
    return row;
}

json_t *export_action(const struct vault *vault, const struct action *action, int64_t now)
{
    static const char *const facts[] = {"what", "indicator", "consultation", "outcome", "reason", "owner", "consulted"};
    json_t *row = register_action_row(vault, action, now);
    json_object_del(row, "severity");
    json_object_del(row, "version");
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
        put(row, facts[i], shared(action->json, facts[i]));
    put(row, "due", day_of(entry_text(action->json, "due")));
    return row;
}

json_t *export_messages(const struct case_file *file, const json_t *messages, const json_t *first)
{
    char id[CODE_ID_SIZE];
    size_t i, first_at = conversation_first(messages);
    const json_t *message;
    json_t *rows = json_array();
    code_id(file->id, id);
    json_array_foreach(messages, i, message)
    {
        json_t *row = json_pack("{s:s,s:I,s:s,s:o,s:s,s:s,s:b}", "case", id, "n", (json_int_t)i + 1, "from",
                                state_text(message, "from"), "day", day_of(state_text(message, "at")), "language",
                                state_text(message, "language"), "text", state_text(message, "text"), "unopened",
                                json_is_true(json_object_get(message, "unopened")));
        need(row && json_array_append_new(rows, row) == 0);
        put(row, "answers", shared(i == first_at ? first : NULL, "answers"));
    }
    return rows;
}
