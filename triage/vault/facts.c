/* facts.c -- see facts.h. One reader for each kind; each gives a new reference, NULL where nothing is said, or answers.
 */
#include "triage/vault/facts.h"

#include <string.h>

#include "common/base/clock.h"
#include "triage/vault/entry.h"

enum { TIME_MAX = 20, DAY_LEN = sizeof "2026-11-22" - 1, DAY_S = 24 * 3600 };

/* 0: answered. *out NULL: not said. */
typedef int fact_fn(struct request *request, const struct fact *fact, json_t **out);

static int refuse(struct request *request, const struct fact *fact, const char *says)
{
    request_fail(request, "malformed", says, fact->name);
    return 0;
}

static int text_of(struct request *request, const struct fact *fact, json_t **out)
{
    const char *text = NULL;
    if (!request_text(request, fact->name, fact->must, (size_t)fact->max, &text))
        return 0;
    *out = text ? json_string(text) : NULL;
    return 1;
}

static int code_of(struct request *request, const struct fact *fact, json_t **out)
{
    const char *code = NULL;
    if (!request_text(request, fact->name, fact->must, CODES_CODE_MAX, &code))
        return 0;
    if (code && *code && !codes_find(request->vault->codes, fact->list, code))
        return refuse(request, fact, "There is no such code in the lists.");
    *out = code && *code ? json_string(code) : NULL;
    return 1;
}

static int codes_of(struct request *request, const struct fact *fact, json_t **out)
{
    const json_t *said = json_object_get(request->body, fact->name);
    if (!said || json_is_null(said))
        return 1;
    if (!json_is_array(said) || json_array_size(said) > (size_t)fact->max)
        return refuse(request, fact, "This is missing, or not in the form it must have.");
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(said); i++) {
        const char *code = json_string_value(json_array_get(said, i));
        if (!code || !codes_find(request->vault->codes, fact->list, code)) {
            json_decref(list);
            return refuse(request, fact, "There is no such code in the lists.");
        }
        if (!entry_holds(list, code))
            need(json_array_append_new(list, json_string(code)) == 0);
    }
    *out = list;
    return 1;
}

static int word_of(struct request *request, const struct fact *fact, json_t **out)
{
    const char *word = NULL;
    if (!request_text(request, fact->name, fact->must, CODES_CODE_MAX, &word))
        return 0;
    size_t i = 0;
    while (word && *word && fact->words[i] && strcmp(fact->words[i], word) != 0)
        i++;
    if (word && *word && !fact->words[i])
        return refuse(request, fact, "This is missing, or not in the form it must have.");
    *out = word && *word ? json_string(word) : NULL;
    return 1;
}

static int number_in(struct request *request, const struct fact *fact, int64_t min, int64_t max, json_t **out)
{
    int64_t number = -1;
    if (!request_int(request, fact->name, fact->must, min, max, &number))
        return 0;
    *out = number >= 0 ? json_integer(number) : NULL;
    return 1;
}

static int level_of(struct request *request, const struct fact *fact, json_t **out)
{
    return number_in(request, fact, 1, SEVERITY_AXIS_MAX, out);
}

static int number_of(struct request *request, const struct fact *fact, json_t **out)
{
    return number_in(request, fact, 0, fact->max, out);
}

static int flag_of(struct request *request, const struct fact *fact, json_t **out)
{
    int flag = -1;
    if (!request_flag(request, fact->name, fact->must, &flag))
        return 0;
    *out = flag >= 0 ? json_boolean(flag) : NULL;
    return 1;
}

static int moment_of(struct request *request, const struct fact *fact, int64_t day_adds, json_t **out)
{
    const char *time = NULL;
    if (!request_text(request, fact->name, fact->must, TIME_MAX, &time))
        return 0;
    int64_t at = time && *time ? clock_parse(time) : 0;
    if (at < 0)
        return refuse(request, fact, "This is missing, or not in the form it must have.");
    int is_day = time && strlen(time) == DAY_LEN;
    *out = at > 0 ? entry_time(at + (is_day ? day_adds : 0)) : NULL;
    return 1;
}

static int time_of(struct request *request, const struct fact *fact, json_t **out)
{
    return moment_of(request, fact, 0, out);
}

static int due_of(struct request *request, const struct fact *fact, json_t **out)
{
    return moment_of(request, fact, DAY_S - 1, out);
}

static fact_fn *const readers[] = {
    [FACT_TEXT] = text_of, [FACT_CODE] = code_of,   [FACT_CODES] = codes_of,
    [FACT_WORD] = word_of, [FACT_LEVEL] = level_of, [FACT_NUMBER] = number_of,
    [FACT_FLAG] = flag_of, [FACT_TIME] = time_of,   [FACT_DUE] = due_of,
};

static json_t *nothing(enum fact_kind kind)
{
    if (kind == FACT_TEXT || kind == FACT_CODE || kind == FACT_WORD)
        return json_string("");
    if (kind == FACT_CODES)
        return json_array();
    return kind == FACT_FLAG ? json_false() : json_null();
}

int facts_read(struct request *request, const struct fact *table, int whole, json_t *into)
{
    for (const struct fact *fact = table; fact->name; fact++) {
        json_t *value = NULL;
        if (!readers[fact->kind](request, fact, &value))
            return 0;
        if (!value && whole)
            value = nothing(fact->kind);
        if (value)
            need(json_object_set_new(into, fact->name, value) == 0);
    }
    return 1;
}
