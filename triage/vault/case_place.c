/* case_place.c -- see case_place.h. */
#include "triage/vault/case_place.h"

#include "common/base/clock.h"
#include "triage/vault/affected.h"
#include "triage/vault/case_state.h"
#include "triage/vault/outbox.h"
#include "triage/vault/texting.h"

/* As assessed, or by how many the register counts. */
static uint8_t scope_of(const struct vault *vault, const struct impact *impact)
{
    const struct affected_people people = {
        .low = json_integer_value(json_object_get(impact->json, "people_low")),
        .high = json_integer_value(json_object_get(impact->json, "people_high")),
        .is_whole = json_is_true(json_object_get(impact->json, "whole")),
    };
    int64_t from[SEVERITY_AXIS_MAX];
    json_int_t said = json_integer_value(json_object_get(impact->json, "scope"));
    rules_people(vault->rules, from);
    uint8_t counted = affected_scope(&people, from);
    uint8_t level = said >= 1 && said <= SEVERITY_AXIS_MAX ? (uint8_t)said : SEVERITY_UNKNOWN;
    return counted > level ? counted : level;
}

static void take_scope(const struct vault *vault, struct case_file *file)
{
    struct severity wide = {0};
    file->place.severity.scope = file->own_scope;
    for (size_t i = 0; i < file->impact_count; i++) {
        wide.scope = scope_of(vault, impacts_at(vault->impacts, file->impacts[i]));
        severity_raise(&file->place.severity, &wide);
    }
}

void case_place(struct vault *vault, const json_t *state, struct case_file *file)
{
    state_read(state, file);
    texting_know(vault->texting, state, file);
    outbox_know(vault->outbox, state, file);
    impacts_know(vault->impacts, state, file);
    file->own_scope = file->place.severity.scope;
    take_scope(vault, file);
    queue_put(&vault->queue, &file->place, clock_wall());
}

void case_place_with_impact(struct vault *vault, const struct impact *impact)
{
    int64_t now = clock_wall();
    for (size_t i = 0; i < impact->case_count; i++) {
        struct case_file *file = book_at(vault->book, impact->cases[i]);
        take_scope(vault, file);
        if (!file->writing)
            queue_put(&vault->queue, &file->place, now);
    }
}
