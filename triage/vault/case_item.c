/* case_item.c -- see case_item.h. */
#include "triage/vault/case_item.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "triage/vault/alike.h"
#include "triage/vault/case_place.h"
#include "triage/vault/case_state.h"
#include "triage/vault/escalation.h"
#include "triage/vault/life.h"
#include "triage/vault/pauses.h"
#include "triage/vault/seen.h"
#include "triage/vault/severity_json.h"

static json_t *reasons(const json_t *state)
{
    json_t *list = json_array(), *one;
    const json_t *assessment = json_object_get(state, "assessment");
    size_t i;
    if (json_is_object(assessment))
        json_array_append_new(list, json_pack("{s:s,s:s}", "person", state_text(assessment, "by_name"), "says",
                                              state_text(assessment, "reason")));
    json_array_foreach(json_object_get(json_object_get(state, "proposal"), "fired"), i, one) json_array_append_new(
        list, json_pack("{s:s,s:s}", "rule", state_text(one, "rule"), "says", state_text(one, "says")));
    return list;
}

json_t *case_or_empty(const json_t *object, const char *key, json_t *empty)
{
    json_t *value = json_object_get(object, key);
    if (!value || json_is_null(value))
        return empty;
    json_decref(empty);
    return json_incref(value);
}

/* As it sorts at this moment: the clock raises irremediability by itself. */
static json_t *rank_of(const struct severity *severity, int64_t now)
{
    struct severity at = *severity;
    at.irremediability = severity_irremediability(severity, now);
    return severity_json(&at);
}

json_t *case_item_of(const struct vault *vault, const struct case_file *file, const json_t *state)
{
    char id[CODE_ID_SIZE], due[CLOCK_TEXT_SIZE];
    int64_t now = clock_wall();
    const struct severity *severity = &file->place.severity;
    code_id(file->id, id);
    clock_text(file->place.due, due);
    enum life life = life_now(state);
    int is_ours = state_is_ours(state);
    json_t *item = json_pack(
        "{s:s,s:s,s:s,s:b,s:b,s:b,s:b,s:s,s:o,s:o,s:o,s:s,s:s,s:s,s:s,s:o,s:I,s:I,s:s,s:s,s:b,s:s,s:s}", "case", id,
        "desk", vault_desk(vault), "lane", state_text(state, "lane"), "floor", severity_is_floor(severity),
        "danger_now", severity->danger_now, "grave", severity->grave, "overdue", is_ours && file->place.due <= now,
        "band", severity_band_name(severity_band(severity, now)), "reasons", reasons(state), "first_rank",
        case_or_empty(state, "first_rank", json_object()), "rank", rank_of(severity, now), "due", due, "language",
        state_text(state, "language"), "channel", state_text(state, "channel"), "kind", state_text(state, "kind"),
        "taken_by", *file->taken_by ? json_string(file->taken_by) : json_null(), "messages",
        json_integer_value(json_object_get(state, "messages")), "version", (json_int_t)file->version, "state",
        life_name(life), "arrived", state_text(state, "arrived"), "synthetic",
        json_is_true(json_object_get(state, "synthetic")), "organisation", state_text(state, "organisation"), "round",
        state_text(state, "round"));
    need(item != NULL);
    const uint32_t *members;
    size_t alike = alike_members(vault->alike, file->number, &members);
    json_object_set_new(item, "alike", json_integer(alike >= ALIKE_FROM ? (json_int_t)alike - 1 : 0));
    json_object_set_new(item, "skipped", json_integer((json_int_t)json_array_size(json_object_get(state, "skips"))));
    json_object_set_new(item, "files", json_integer(json_integer_value(json_object_get(state, "files"))));
    json_object_set_new(item, "graphic", json_boolean(file->is_graphic));
    json_object_set_new(item, "escalated", json_boolean(escalation_done(state) != 0 && is_ours));
    json_object_set_new(item, "paused", json_boolean(pauses_now(state) != NULL));
    json_object_set_new(item, "wants_second", json_boolean(sides_wants_second(file)));
    if (!is_ours || file->place.due == STAGES_NEVER) /* nobody of ours has to do anything by then */
        json_object_set_new(item, "due", json_null());
    return item;
}

json_t *case_item(const struct vault *vault, const struct case_file *file)
{
    json_t *state = state_draft(file), *item = case_item_of(vault, file, state);
    json_decref(state);
    return item;
}

/* `out` is kept in order, and most cases are compared with its last only. */
static size_t gravest(const struct vault *vault, const char *who, const uint32_t *numbers, size_t numbers_count,
                      const struct case_file *out[static CASE_ITEMS_MAX])
{
    int64_t now = clock_wall();
    size_t count = 0;
    for (size_t i = 0; i < numbers_count; i++) {
        const struct case_file *file = seen_at(vault, who, numbers[i]);
        size_t at = count;
        if (!file)
            continue;
        while (at > 0 && severity_compare(&file->place.severity, &out[at - 1]->place.severity, now) < 0)
            at--;
        if (at == CASE_ITEMS_MAX)
            continue;
        count += count < CASE_ITEMS_MAX;
        memmove(&out[at + 1 < CASE_ITEMS_MAX ? at + 1 : at], &out[at], (count - 1 - at) * sizeof *out);
        out[at] = file;
    }
    return count;
}

json_t *case_items_gravest(const struct vault *vault, const char *who, const uint32_t *numbers, size_t count)
{
    const struct case_file *files[CASE_ITEMS_MAX];
    size_t shown = gravest(vault, who, numbers, count, files);
    json_t *items = json_array();
    for (size_t i = 0; i < shown; i++)
        json_array_append_new(items, case_item(vault, files[i]));
    return items;
}
