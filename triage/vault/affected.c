/* affected.c -- see affected.h. */
#include "triage/vault/affected.h"

#include <string.h>

#include "common/base/clock.h"

uint8_t affected_scope(const struct affected_people *people, const int64_t from[static SEVERITY_AXIS_MAX])
{
    uint8_t scope = SEVERITY_UNKNOWN;
    int64_t count = people->high ? people->high : people->low;
    if (people->is_whole)
        return SEVERITY_AXIS_MAX;
    for (uint8_t i = 0; count && i < SEVERITY_AXIS_MAX; i++)
        if (count >= from[i])
            scope = (uint8_t)(i + 1);
    return scope;
}

/* ---- form ---- */

static int is_level(const json_t *value)
{
    return !value || json_is_null(value) ||
           (json_is_integer(value) && json_integer_value(value) >= 1 && json_integer_value(value) <= SEVERITY_AXIS_MAX);
}

static int is_count(const json_t *value)
{
    return !value || json_is_null(value) || (json_is_integer(value) && json_integer_value(value) >= 0);
}

static int is_flag(const json_t *value)
{
    return !value || json_is_null(value) || json_is_boolean(value);
}

static int is_text(const json_t *value, size_t max)
{
    return !value || json_is_null(value) || (json_is_string(value) && json_string_length(value) <= max);
}

static int is_time(const json_t *value)
{
    return !value || json_is_null(value) || (json_is_string(value) && clock_parse(json_string_value(value)) > 0);
}

static const char *fault_of(const json_t *group)
{
    const char *code = json_string_value(json_object_get(group, "group"));
    const json_t *low = json_object_get(group, "people_low"), *high = json_object_get(group, "people_high");
    const struct {
        const char *field;
        int is_good;
    } rows[] = {
        {"group", code && *code && strlen(code) <= AFFECTED_CODE_MAX},
        {"scale", is_level(json_object_get(group, "scale"))},
        {"scope", is_level(json_object_get(group, "scope"))},
        {"irremediability", is_level(json_object_get(group, "irremediability"))},
        {"by", is_time(json_object_get(group, "by"))},
        {"people_low", is_count(low)},
        {"people_high", is_count(high) && (!json_is_integer(low) || !json_is_integer(high) ||
                                           json_integer_value(low) <= json_integer_value(high))},
        {"whole", is_flag(json_object_get(group, "whole"))},
        {"reason", is_text(json_object_get(group, "reason"), AFFECTED_REASON_MAX)},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (!rows[i].is_good)
            return rows[i].field;
    return NULL;
}

const char *affected_fault(const json_t *groups)
{
    size_t i;
    const json_t *group;
    if (!groups || json_is_null(groups))
        return NULL;
    if (!json_is_array(groups) || json_array_size(groups) > AFFECTED_MAX)
        return "groups";
    json_array_foreach(groups, i, group)
    {
        const char *field = json_is_object(group) ? fault_of(group) : "groups";
        if (field)
            return field;
    }
    return NULL;
}

/* ---- the gravest ---- */

static uint8_t level(const json_t *group, const char *key)
{
    return (uint8_t)json_integer_value(json_object_get(group, key));
}

static int64_t clock_of(const json_t *group)
{
    const char *by = json_string_value(json_object_get(group, "by"));
    return by ? clock_parse(by) : 0;
}

static int64_t earlier(int64_t a, int64_t b)
{
    if (!a || !b)
        return a ? a : b;
    return a < b ? a : b;
}

static struct severity severity_of(const json_t *group, const struct severity *common,
                                   const int64_t from[static SEVERITY_AXIS_MAX])
{
    struct severity s = *common;
    const struct affected_people people = {
        .low = json_integer_value(json_object_get(group, "people_low")),
        .high = json_integer_value(json_object_get(group, "people_high")),
        .is_whole = json_is_true(json_object_get(group, "whole")),
    };
    uint8_t counted = affected_scope(&people, from);
    s.scale = level(group, "scale");
    s.scope = level(group, "scope");
    /* Numbers and a level that do not agree: the wider one, since neither may hide the other. */
    if (counted > s.scope)
        s.scope = counted;
    s.irremediability = level(group, "irremediability");
    s.by = earlier(common->by, clock_of(group));
    return s;
}

/* The earliest clock of those that count; 0: none runs. */
static int64_t first_clock(const json_t *groups, const struct severity *common,
                           const int64_t from[static SEVERITY_AXIS_MAX])
{
    int64_t first = 0;
    size_t i;
    const json_t *group;
    json_array_foreach(groups, i, group)
    {
        struct severity s = severity_of(group, common, from);
        if (severity_clock_counts(&s))
            first = earlier(first, s.by);
    }
    return first;
}

struct severity affected_gravest(const json_t *groups, const struct severity *common,
                                 const int64_t from[static SEVERITY_AXIS_MAX], int64_t now, size_t *gravest)
{
    struct severity best = *common;
    int64_t clock = first_clock(groups, common, from);
    size_t i;
    const json_t *group;
    *gravest = 0;
    json_array_foreach(groups, i, group)
    {
        struct severity s = severity_of(group, common, from);
        s.by = earlier(s.by, clock);
        if (i == 0 || severity_weight(&s, now) > severity_weight(&best, now)) {
            best = s;
            *gravest = i;
        }
    }
    return best;
}
