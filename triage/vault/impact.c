/* impact.c -- see impact.h. */
#include "triage/vault/impact.h"

#include <stddef.h>
#include <string.h>

#include "common/base/err.h"
#include "triage/vault/entry.h"

enum { UNKNOWN_SORTS_AS = 3, DAY = 24 * 3600 };

static const struct {
    const char *name;
    size_t offset;
} axes[] = {{"scale", offsetof(struct impact_level, scale)},
            {"scope", offsetof(struct impact_level, scope)},
            {"irremediability", offsetof(struct impact_level, irremediability)}};
enum { AXES = sizeof axes / sizeof *axes };

static uint8_t *axis(struct impact_level *level, size_t which)
{
    return (uint8_t *)level + axes[which].offset;
}

static uint8_t axis_of(const struct impact_level *level, size_t which)
{
    return *((const uint8_t *)level + axes[which].offset);
}

/* ---- levels ---- */

/* A known 3 goes before an unknown one: they sort the same, and it says more. */
static unsigned sorts_as(uint8_t value)
{
    return value == SEVERITY_UNKNOWN ? UNKNOWN_SORTS_AS * 2 : value * 2u + 1;
}

void impact_level_join(struct impact_level *into, const struct impact_level *other)
{
    if (!other->is_known)
        return;
    for (size_t i = 0; i < AXES; i++)
        if (!into->is_known || sorts_as(axis_of(other, i)) > sorts_as(axis_of(into, i)))
            *axis(into, i) = axis_of(other, i);
    into->grave |= other->grave;
    into->danger_now |= other->danger_now;
    into->is_known = 1;
}

json_t *impact_level_json(const struct impact_level *level)
{
    if (!level->is_known)
        return json_null();
    json_t *json = json_pack("{s:b,s:b}", "grave", level->grave, "danger_now", level->danger_now);
    for (size_t i = 0; i < AXES; i++) {
        uint8_t value = axis_of(level, i);
        need(json_object_set_new(json, axes[i].name, value ? json_integer(value) : json_null()) == 0);
    }
    return json;
}

void impact_level_severity(const struct impact_level *level, struct severity *out)
{
    *out = (struct severity){.danger_now = level->danger_now,
                             .grave = level->grave,
                             .scale = level->scale,
                             .scope = level->scope,
                             .irremediability = level->irremediability};
}

static struct impact_level level_from(const json_t *json)
{
    struct impact_level level = {.grave = json_is_true(json_object_get(json, "grave"))};
    level.is_known = level.grave;
    for (size_t i = 0; i < AXES; i++) {
        json_int_t value = json_integer_value(json_object_get(json, axes[i].name));
        if (value >= 1 && value <= SEVERITY_AXIS_MAX) {
            *axis(&level, i) = (uint8_t)value;
            level.is_known = 1;
        }
    }
    return level;
}

struct impact_level impact_own(const json_t *impact)
{
    return level_from(impact);
}

struct impact_level impact_published(const json_t *impact)
{
    struct impact_level all = {0};
    const char *desk;
    json_t *one;
    json_object_foreach(json_object_get(impact, "levels"), desk, one)
    {
        const struct impact_level level = level_from(one);
        impact_level_join(&all, &level);
    }
    return all;
}

static struct impact_level raised(const json_t *impact, const char *desk, const struct impact_level *level)
{
    struct impact_level after = level_from(json_object_get(json_object_get(impact, "levels"), desk));
    after.grave |= level->grave;
    for (size_t i = 0; i < AXES; i++)
        if (axis_of(level, i) > axis_of(&after, i))
            *axis(&after, i) = axis_of(level, i);
    after.is_known = 1;
    after.danger_now = 0; /* of a moment, and not to be remembered for ever */
    return after;
}

int impact_raises(const json_t *impact, const char *desk, const struct impact_level *level)
{
    const struct impact_level before = level_from(json_object_get(json_object_get(impact, "levels"), desk));
    const struct impact_level after = raised(impact, desk, level);
    return level->is_known && memcmp(&before, &after, offsetof(struct impact_level, danger_now)) != 0;
}

void impact_publish(json_t *impact, const char *desk, const struct impact_level *level)
{
    const struct impact_level after = raised(impact, desk, level);
    json_t *levels = json_object_get(impact, "levels");
    if (!levels) {
        levels = json_object();
        need(json_object_set_new(impact, "levels", levels) == 0);
    }
    need(json_object_set_new(levels, desk, impact_level_json(&after)) == 0);
}

/* ---- entities ---- */

json_t *impact_entity(const json_t *impact, const char *entity)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(impact, "entities"), i,
                       one) if (strcmp(entry_text(one, "entity"), entity) == 0) return one;
    return NULL;
}

/* The entry that held last before `before`; of two that began together the one that was written later. */
static const json_t *held_before(const json_t *entity, int64_t before)
{
    const json_t *found = NULL;
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(entity, "involvement"), i, one)
    {
        int64_t from = entry_when(one, "from");
        if (from < before && (!found || from >= entry_when(found, "from")))
            found = one;
    }
    return found;
}

const json_t *impact_involvement(const json_t *entity, int64_t now)
{
    return held_before(entity, now + 1);
}

int64_t impact_linked_since(const json_t *entity, int64_t now)
{
    int64_t since = 0;
    for (const json_t *one = impact_involvement(entity, now); one && strcmp(entry_text(one, "value"), "linked") == 0;
         one = held_before(entity, since))
        since = entry_when(one, "from");
    return since;
}

int64_t impact_drift(int64_t linked_since, int is_busy, int64_t last, int64_t now, int64_t limit)
{
    int64_t quiet_since = last > linked_since ? last : linked_since;
    int64_t days = linked_since && !is_busy && now > quiet_since ? (now - quiet_since) / DAY : 0;
    return days >= limit ? days : 0;
}
