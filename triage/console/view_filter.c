/* view_filter.c -- see view_filter.h. */
#include "triage/console/view_filter.h"

#include <string.h>

#include "common/base/buf.h"
#include "common/http/urlencoded.h"
#include "triage/console/fields.h"
#include "triage/console/view.h"

enum { QUERY_MAX = 2048 };

static json_t *languages_of(const char *chosen)
{
    size_t count;
    const struct language *table = language_table(&count);
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        need(json_array_append_new(list, json_pack("{s:s, s:s, s:b}", "code", table[i].code, "label", table[i].native,
                                                   "chosen", strcmp(table[i].code, chosen) == 0)) == 0);
    return list;
}

static json_t *impacts_of(const json_t *answer, const char *chosen)
{
    json_t *list = json_array();
    const json_t *items = json_object_get(answer, "items");
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *item = json_array_get(items, i);
        const char *id = view_text(item, "impact");
        need(json_array_append_new(list, json_pack("{s:s, s:s, s:b}", "code", id, "label", view_text(item, "title"),
                                                   "chosen", strcmp(id, chosen) == 0)) == 0);
    }
    return list;
}

/* What is chosen in each list, one after the other. */
static void put_words(const struct reader *reader, json_t *context)
{
    static const char *const lists[] = {"states", "kinds", "channels", "spoken", "impacts"};
    json_t *words = json_array();
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        size_t n;
        const json_t *option;
        json_array_foreach(json_object_get(context, lists[i]), n, option)
        {
            if (json_is_true(json_object_get(option, "chosen")))
                need(json_array_append(words, json_object_get(option, "label")) == 0);
        }
    }
    if (json_is_true(json_object_get(context, "overdue")))
        need(json_array_append_new(words, json_string(words_text(reader, T("Overdue only")))) == 0);
    if (json_is_true(json_object_get(context, "mine")))
        need(json_array_append_new(words, json_string(words_text(reader, T("With me only")))) == 0);
    view_put(context, "filter_words", words);
}

void view_put_filter(const struct reader *reader, const json_t *filter, const json_t *impacts, json_t *context)
{
    view_put(context, "states", words_options(reader, WORDS_STATE, STATES, view_text(filter, "state")));
    view_put(context, "kinds", words_options(reader, WORDS_KIND, KINDS_ALL, view_text(filter, "kind")));
    view_put(context, "channels", words_options(reader, WORDS_CHANNEL, CHANNELS_ALL, view_text(filter, "channel")));
    view_put(context, "spoken", languages_of(view_text(filter, "language")));
    view_put(context, "impacts", impacts_of(impacts, view_text(filter, "impact")));
    view_put(context, "overdue", json_boolean(json_is_true(json_object_get(filter, "overdue"))));
    view_put(context, "mine", json_boolean(json_is_true(json_object_get(filter, "mine"))));
    view_put(context, "has_filter", json_boolean(json_object_size(filter) > 0));
    put_words(reader, context);
}

json_t *view_filter_query(const json_t *filter)
{
    struct buf query = BUF_INIT(QUERY_MAX);
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)filter, key, value)
    {
        const char *text = json_is_true(value) ? "yes" : json_string_value(value);
        if (text)
            need(buf_addf(&query, "filter.%s=", key) == ERR_OK &&
                 urlencoded_write(&query, text, strlen(text)) == ERR_OK && buf_addf(&query, "&") == ERR_OK);
    }
    json_t *text = query.len > 0 ? json_string(buf_text(&query)) : NULL;
    buf_free(&query);
    return text;
}
