/* words.c -- see words.h. */
#include "triage/console/words.h"

#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "common/text/mustache.h"
#include "triage/console/words_labels.h"

enum { MINUTE = 60, HOUR = 3600, DAY = 24 * HOUR, LABEL_MAX = 4096 };

const char *words_text(const struct reader *reader, const char *english)
{
    return catalogue_text(reader->set, reader->language, english);
}

/* ---- codes ---- */

/* Read once for the whole process, like the table of labels beside it. */
static const struct codes *code_lists;
static const struct office *the_office;

static const struct {
    enum words_group group;
    const char *list;
} list_groups[] = {{WORDS_STAGE, "stage"},
                   {WORDS_RIGHT, "right"},
                   {WORDS_PEOPLE, "group"},
                   {WORDS_TECHNOLOGY, "technology"},
                   {WORDS_INVOLVEMENT, "involvement"},
                   {WORDS_ACTION, "action"},
                   {WORDS_LEVERAGE, "leverage"},
                   {WORDS_REMEDY, "remedy"},
                   {WORDS_MECHANISM, "mechanism"},
                   {WORDS_MECHANISM_CLASS, "mechanism_class"}};

void words_use(const struct codes *codes, const struct office *office)
{
    code_lists = codes;
    the_office = office;
}

json_t *words_service(const struct reader *reader, const char *code)
{
    const struct office_choice *service = the_office ? office_service(the_office, code) : NULL;
    if (!service)
        return json_string(code);
    return json_sprintf("%s (%s)", office_says(&service->says, reader->language, NULL), code);
}

static const char *list_of(enum words_group group)
{
    for (size_t i = 0; code_lists && i < sizeof list_groups / sizeof *list_groups; i++)
        if (list_groups[i].group == group)
            return list_groups[i].list;
    return NULL;
}

const struct codes_row *words_code(enum words_group group, const char *code)
{
    const char *list = list_of(group);
    return list ? codes_find(code_lists, list, code) : NULL;
}

const char *words_find(const struct reader *reader, enum words_group group, const char *code)
{
    const struct codes_row *listed = words_code(group, code);
    if (listed)
        return words_text(reader, listed->label);
    for (const struct words_row *row = words_rows; row->code; row++)
        if (row->group == group && strcmp(row->code, code) == 0)
            return words_text(reader, row->english);
    return NULL;
}

const char *words_label(const struct reader *reader, enum words_group group, const char *code)
{
    const char *label = words_find(reader, group, code);
    return label ? label : code;
}

static char *filled(const char *text, json_t *values)
{
    struct buf out = BUF_INIT(LABEL_MAX);
    need(values != NULL);
    enum err err = mustache_fill(text, values, &out);
    char *result = mem_copy_text(err == ERR_OK ? buf_text(&out) : "");
    buf_free(&out);
    json_decref(values);
    return result;
}

char *words_count(const struct reader *reader, const char *one, const char *many, uint64_t n)
{
    char number[24];
    snprintf(number, sizeof number, "%llu", (unsigned long long)n);
    return filled(catalogue_plural(reader->set, reader->language, one, many, n), json_pack("{s:s}", "n", number));
}

char *words_fill(const struct reader *reader, const char *english, json_t *values)
{
    return filled(words_text(reader, english), values);
}

const char *words_language(const struct reader *reader, const char *code)
{
    if (!*code || strcmp(code, "und") == 0)
        return words_text(reader, T("language unknown"));
    const struct language *language = language_find(code);
    return language ? language->native : code;
}

/* ---- times ---- */

static const struct {
    int64_t seconds;
    const char *one_to_come, *more_to_come, *one_ago, *more_ago;
} spans[] = {
    {DAY, TN("in {{n}} day", "in {{n}} days"), TN("{{n}} day overdue", "{{n}} days overdue")},
    {HOUR, TN("in {{n}} hour", "in {{n}} hours"), TN("{{n}} hour overdue", "{{n}} hours overdue")},
    {MINUTE, TN("in {{n}} minute", "in {{n}} minutes"), TN("{{n}} minute overdue", "{{n}} minutes overdue")},
};
enum { SPAN_COUNT = sizeof spans / sizeof *spans };

static char *time_says(const struct reader *reader, int64_t at, int64_t now)
{
    int over = at < now;
    int64_t away = over ? now - at : at - now;
    size_t i = 0;
    while (i + 1 < SPAN_COUNT && away < spans[i].seconds)
        i++;
    uint64_t n = (uint64_t)(away / spans[i].seconds);
    return over ? words_count(reader, spans[i].one_ago, spans[i].more_ago, n)
                : words_count(reader, spans[i].one_to_come, spans[i].more_to_come, n);
}

json_t *words_time(const struct reader *reader, const char *iso, int64_t now)
{
    char text[CLOCK_TEXT_SIZE];
    int64_t at = iso ? clock_parse(iso) : -1;
    if (at < 0)
        return NULL;
    clock_text(at, text);
    /* "2026-11-22T08:00:00Z": the same order of parts in every language, and no doubt about the zone. */
    json_t *time = json_pack("{s:s}", "iso", text);
    need(json_object_set_new(time, "text", json_sprintf("%.10s %.5s UTC", text, text + 11)) == 0);
    if (now) {
        char *says = time_says(reader, at, now);
        need(json_object_set_new(time, "says", json_string(says)) == 0);
        need(json_object_set_new(time, "over", json_boolean(at < now)) == 0);
        mem_free(says);
    }
    return time;
}

const char *const WEEKDAYS[] = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", NULL};

json_t *words_zone(int64_t ahead_minutes)
{
    enum { MINUTES = 60 };
    int64_t ahead = ahead_minutes < 0 ? -ahead_minutes : ahead_minutes;
    return json_sprintf("\u2066UTC%c%02d:%02d\u2069", ahead_minutes < 0 ? '-' : '+', (int)(ahead / MINUTES),
                        (int)(ahead % MINUTES));
}

json_t *words_office_time(const struct reader *reader, const char *iso, int64_t ahead_minutes)
{
    enum { THURSDAY = 3 /* 1 January 1970 */ };
    char text[CLOCK_TEXT_SIZE];
    int64_t at = iso ? clock_parse(iso) : -1, there = at + ahead_minutes * MINUTE;
    if (at < 0 || there < 0)
        return NULL;
    clock_text(there, text);
    const char *day = words_label(reader, WORDS_DAY, WEEKDAYS[(there / DAY + THURSDAY) % 7]);
    json_t *time = json_pack("{s:s, s:o}", "iso", iso, "text", json_sprintf("%s %.10s %.5s", day, text, text + 11));
    need(time != NULL);
    return time;
}

/* ---- choices ---- */

static void add_option(const struct reader *reader, enum words_group group, const char *code, int chosen, json_t *to)
{
    json_t *option =
        json_pack("{s:s, s:s, s:b}", "code", code, "label", words_label(reader, group, code), "chosen", chosen);
    need(option && json_array_append_new(to, option) == 0);
}

json_t *words_options(const struct reader *reader, enum words_group group, const char *const *codes, const char *chosen)
{
    json_t *list = json_array();
    for (; *codes; codes++)
        add_option(reader, group, *codes, chosen && strcmp(chosen, *codes) == 0, list);
    return list;
}

static int stands_in(const json_t *list, const char *code)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *each = json_string_value(json_array_get(list, i));
        if (each && strcmp(each, code) == 0)
            return 1;
    }
    return 0;
}

json_t *words_codes(const struct reader *reader, enum words_group group, const json_t *chosen)
{
    const char *name = list_of(group);
    const struct codes_list *list = name ? codes_list(code_lists, name) : NULL;
    json_t *options = json_array();
    for (size_t i = 0; list && i < list->count; i++) {
        const struct codes_row *row = &list->rows[i];
        json_t *option = json_pack("{s:s, s:s, s:s, s:b}", "code", row->code, "label", words_text(reader, row->label),
                                   "term", words_text(reader, row->term), "chosen", stands_in(chosen, row->code));
        need(option && json_array_append_new(options, option) == 0);
    }
    return options;
}

json_t *words_levels(const struct reader *reader, enum words_group group, int64_t chosen)
{
    static const char *const levels[] = {"1", "2", "3", "4"};
    json_t *list = json_array();
    for (int64_t i = 0; i < 4; i++)
        add_option(reader, group, levels[i], chosen == i + 1, list);
    return list;
}
