/* show_oncall.c -- who is on call: the page with the roster, what is said after its forms, and what stands on every
 * page of members. */
#include <string.h>

#include "common/base/mem.h"
#include "triage/console/show.h"
#include "triage/console/view.h"

/* Why nobody would be told; "somebody" has no sentence. */
static const struct {
    const char *standing, *says;
} standings[] = {
    {"nobody", T("Nobody is on call: nobody is told when someone is in danger and nobody looks.")},
    {"no_channel", T("Who is on call cannot be told: no channel is named for it. The operator can name one.")},
    {"no_gateway", T("Who is on call cannot be told now: the gateway for texts does not answer.")},
};

static json_t *standing_says(const struct reader *reader, const json_t *on_call)
{
    for (size_t i = 0; i < sizeof standings / sizeof *standings; i++)
        if (strcmp(standings[i].standing, view_text(on_call, "standing")) == 0)
            return json_string(words_text(reader, standings[i].says));
    return json_null();
}

json_t *show_alarm(const struct reader *reader, const json_t *on_call)
{
    if (!json_is_object(on_call))
        return NULL;
    json_t *shown = json_pack("{s:o, s:b, s:b}", "says", standing_says(reader, on_call), "undelivered",
                              json_is_true(json_object_get(on_call, "undelivered")), "unknown",
                              view_number(on_call, "unknown") > 0);
    need(shown != NULL);
    view_put_counted(reader, shown, "waiting",
                     TN("{{n}} case waits for a look now.", "{{n}} cases wait for a look now."),
                     view_number(on_call, "waiting"));
    return shown;
}

/* ---- the roster ---- */

enum { PLACES = 3, ROWS_MAX = 12, ROWS_EMPTY = 3, MINUTE_S = 60 };

/* How one of them is told, `before` of whom are. */
static void put_when(const struct reader *reader, json_t *person, int is_told, int64_t before, int64_t next_s)
{
    if (!is_told)
        view_put(person, "when", json_string(words_text(reader, T("cannot be told: no channel is named for it"))));
    else if (before == 0)
        view_put(person, "when", json_string(words_text(reader, T("at once"))));
    else
        view_put_counted(reader, person, "when",
                         TN("after {{n}} minute without an answer", "after {{n}} minutes without an answer"),
                         (before * next_s + MINUTE_S - 1) / MINUTE_S);
}

/* Who is told now, in their order: {"name","when"}. */
static json_t *told_now(const struct reader *reader, const json_t *answer)
{
    static const char *const texts[] = {"name", NULL};
    const json_t *people = json_object_get(answer, "now");
    json_t *list = json_array();
    int64_t before = 0;
    for (size_t i = 0; i < json_array_size(people); i++) {
        const json_t *from = json_array_get(people, i);
        int is_told = json_is_true(json_object_get(from, "has_channel"));
        json_t *person = json_object();
        view_put_texts(person, from, texts);
        put_when(reader, person, is_told, before, view_number(answer, "next_s"));
        before += is_told;
        need(json_array_append_new(list, person) == 0);
    }
    return list;
}

/* "From Friday 2026-11-27 18:00 until Monday 2026-11-30 08:00"; the hours are the office's. */
static json_t *gap(const struct reader *reader, const json_t *from, int64_t ahead)
{
    json_t *begins = words_office_time(reader, view_text(from, "from"), ahead);
    json_t *ends = words_office_time(reader, view_text(from, "until"), ahead);
    char *says =
        words_fill(reader, ends ? T("from {{from}} until {{until}}") : T("from {{from}}, and on behind the 7 days"),
                   json_pack("{s:s, s:s}", "from", view_text(begins, "text"), "until", view_text(ends, "text")));
    json_t *shown = json_string(says);
    mem_free(says);
    json_decref(begins);
    json_decref(ends);
    return shown;
}

static json_t *gaps(const struct reader *reader, const json_t *answer)
{
    const json_t *found = json_object_get(answer, "gaps");
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(found); i++)
        need(json_array_append_new(list, gap(reader, json_array_get(found, i), view_number(answer, "ahead_minutes"))) ==
             0);
    return list;
}

/* How the hours of a row are said: with days from the one until the other, or on each of them. */
static const char *hours_form(const json_t *row)
{
    if (!*view_text(row, "from_day"))
        return T("every day {{from}} until {{until}}");
    if (json_is_true(json_object_get(row, "each_day")))
        return T("{{from_day}} to {{until_day}}, each day {{from}} until {{until}}");
    return T("{{from_day}} {{from}} until {{until_day}} {{until}}");
}

static json_t *hours(const struct reader *reader, const json_t *row)
{
    const char *from_day = view_text(row, "from_day"), *until_day = view_text(row, "until_day");
    const char *from = view_text(row, "from"), *until = view_text(row, "until");
    if (!*from)
        return json_string(words_text(reader, T("always")));
    char *says =
        words_fill(reader, hours_form(row),
                   json_pack("{s:s, s:s, s:s, s:s}", "from_day", words_label(reader, WORDS_DAY, from_day), "from", from,
                             "until_day", words_label(reader, WORDS_DAY, until_day), "until", until));
    json_t *shown = json_string(says);
    mem_free(says);
    return shown;
}

static json_t *places(int64_t chosen)
{
    json_t *list = json_array();
    for (int place = 1; place <= PLACES; place++)
        need(json_array_append_new(list, json_pack("{s:i, s:b}", "code", place, "chosen", place == chosen)) == 0);
    return list;
}

/* A row as it is read, and as its part of the form; `row` NULL: one to be filled in. */
static json_t *shift(const struct reader *reader, const json_t *row, size_t number)
{
    static const char *const texts[] = {"name", "to", "from", "until", NULL};
    json_t *shown = json_object();
    view_put_texts(shown, row, texts);
    view_put(shown, "n", json_integer((json_int_t)number));
    view_put(shown, "number", json_integer((json_int_t)number + 1));
    view_put(shown, "hours", row ? hours(reader, row) : NULL);
    view_put(shown, "place", json_integer(view_number(row, "place")));
    view_put(shown, "places", places(view_number(row, "place")));
    view_put(shown, "way", json_string(words_label(reader, WORDS_WAY, view_text(row, "channel"))));
    view_put(shown, "ways", words_options(reader, WORDS_WAY, ONCALL_WAYS, view_text(row, "channel")));
    view_put(shown, "from_days", words_options(reader, WORDS_DAY, WEEKDAYS, view_text(row, "from_day")));
    view_put(shown, "each_day", json_boolean(json_is_true(json_object_get(row, "each_day"))));
    view_put(shown, "until_days", words_options(reader, WORDS_DAY, WEEKDAYS, view_text(row, "until_day")));
    return shown;
}

static void put_roster(const struct reader *reader, const json_t *answer, json_t *context)
{
    const json_t *rows = json_object_get(answer, "roster");
    json_t *shifts = json_array(), *fields = json_array();
    size_t count = json_array_size(rows);
    for (size_t i = 0; i < count; i++)
        need(json_array_append_new(shifts, shift(reader, json_array_get(rows, i), i)) == 0);
    for (size_t i = 0; i < count + ROWS_EMPTY && i < ROWS_MAX; i++)
        need(json_array_append_new(fields, shift(reader, json_array_get(rows, i), i)) == 0);
    view_put_list(context, "now", told_now(reader, answer));
    view_put_list(context, "gaps", gaps(reader, answer));
    view_put(context, "more_gaps", json_boolean(json_is_true(json_object_get(answer, "more_gaps"))));
    view_put_list(context, "shifts", shifts);
    view_put(context, "fields", fields);
    view_put(context, "zone", words_zone(view_number(answer, "ahead_minutes")));
    view_put(context, "seen", json_string(view_text(answer, "roster_at")));
    view_put(context, "roster_by", json_string(view_text(answer, "roster_by")));
    view_put(context, "roster_at", words_time(reader, view_text(answer, "roster_at"), 0));
}

void show_oncall(struct call *call, struct http_req *req, const json_t *answer)
{
    static const char *const texts[] = {"name", "to", "by", NULL};
    static const char *const times[] = {"from", "until", "at"};
    json_t *context = json_object();
    view_put_texts(context, answer, texts);
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        view_put(context, times[i], words_time(&call->reader, view_text(answer, times[i]), 0));
    view_put(context, "way", json_string(words_label(&call->reader, WORDS_WAY, view_text(answer, "channel"))));
    view_put(context, "ways", words_options(&call->reader, WORDS_WAY, ONCALL_WAYS, view_text(answer, "channel")));
    view_put(context, "is_set", json_boolean(*view_text(answer, "to") != 0));
    view_put(context, "can_set", json_boolean((call_role(call) & (ROLE_OFFICER | ROLE_ADMINISTRATOR)) != 0));
    view_put(context, "standing", standing_says(&call->reader, json_object_get(answer, "on_call")));
    put_roster(&call->reader, answer, context);
    view_put(context, "passkey", show_asking(json_object_get(answer, "passkey")));
    show_page(call, req, 200, "oncall", context);
}

void show_oncall_set(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)call;
    (void)answer;
    show_then(req, "/oncall", "oncall");
}

void show_oncall_roster(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)call;
    (void)answer;
    show_then(req, "/oncall", "roster");
}

void show_oncall_acknowledged(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)call;
    (void)answer;
    show_then(req, "/queue", "acknowledged");
}
