/* entry.c -- see entry.h. */
#include "triage/vault/entry.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/err.h"

const char *entry_text(const json_t *json, const char *key)
{
    const char *text = json_string_value(json_object_get(json, key));
    return text ? text : "";
}

int entry_holds(const json_t *value, const char *text)
{
    const char *alone = json_string_value(value);
    for (size_t i = 0; i < json_array_size(value); i++) {
        const char *one = json_string_value(json_array_get(value, i));
        if (one && strcmp(one, text) == 0)
            return 1;
    }
    return alone && strcmp(alone, text) == 0;
}

json_t *entry_list(json_t *json, const char *key)
{
    json_t *list = json_object_get(json, key);
    if (!json_is_array(list)) {
        list = json_array();
        need(json_object_set_new(json, key, list) == 0);
    }
    return list;
}

json_t *entry_time(int64_t at)
{
    char text[CLOCK_TEXT_SIZE];
    clock_text(at, text);
    return json_string(text);
}

int64_t entry_when(const json_t *json, const char *key)
{
    int64_t at = clock_parse(entry_text(json, key));
    return at > 0 ? at : 0;
}

json_t *entry_apply(json_t *json, const json_t *facts)
{
    json_t *changed = json_array(), *value;
    const char *key;
    json_object_foreach((json_t *)(uintptr_t)facts, key, value)
    {
        const json_t *before = json_object_get(json, key);
        /* What an older version had no word for was unknown there. */
        int was_nothing = !before || json_is_null(before);
        int is_nothing = json_is_null(value) || json_is_false(value) ||
                         (json_is_string(value) && json_string_length(value) == 0) ||
                         (json_is_array(value) && json_array_size(value) == 0);
        if (!(was_nothing && is_nothing) && (was_nothing || !json_equal(before, value)))
            need(json_array_append_new(changed, json_string(key)) == 0);
        need(json_object_set(json, key, value) == 0);
    }
    return changed;
}

void entry_note(json_t *json, int64_t version, int64_t at, const char *who, const char *what, json_t *fields)
{
    json_t *history = entry_list(json, "history");
    if (json_array_size(history) >= ENTRY_HISTORY_MAX)
        need(json_array_remove(history, 1) == 0);
    json_t *line =
        json_pack("{s:I,s:o,s:s,s:s}", "version", (json_int_t)version, "at", entry_time(at), "by", who, "what", what);
    need(line && json_array_append_new(history, line) == 0);
    if (fields)
        need(json_object_set_new(line, "fields", fields) == 0);
}

json_t *entry_since(const json_t *json, int64_t version)
{
    json_t *since = json_array(), *line;
    size_t i;
    json_array_foreach(json_object_get(json, "history"), i,
                       line) if (json_integer_value(json_object_get(line, "version")) > version)
        need(json_array_append(since, line) == 0);
    return since;
}

int64_t entry_last(const json_t *json)
{
    const json_t *history = json_object_get(json, "history");
    size_t count = json_array_size(history);
    return count ? entry_when(json_array_get(history, count - 1), "at") : entry_when(json, "at");
}
