/* show_figures.c -- how the desk does, without what anybody wrote: figures, the latest lines of the log, and what
 * happened to one case. */
#include "triage/console/show.h"
#include "triage/console/view.h"

static json_t *number(const json_t *from, const char *key)
{
    return json_sprintf("%lld", json_integer_value(json_object_get(from, key)));
}

static json_t *stages_of(struct call *call, const json_t *stages)
{
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(stages); i++) {
        const json_t *one = json_array_get(stages, i);
        json_t *row =
            json_pack("{s:s, s:o, s:o}", "label", words_label(&call->reader, WORDS_DEADLINE, view_text(one, "stage")),
                      "late", number(one, "late"), "soon", number(one, "soon"));
        need(row && json_array_append_new(list, row) == 0);
    }
    return list;
}

/* "12 %" of what was due; nothing of nothing. */
static json_t *share(const json_t *one)
{
    json_int_t due = view_number(one, "due"), late = view_number(one, "late");
    return due > 0 ? json_sprintf("%lld %%", (late * 100 + due / 2) / due) : json_string("–");
}

/* A row for each stage of each month in which something was due. */
static json_t *breaches_of(struct call *call, const json_t *months)
{
    json_t *list = json_array();
    for (size_t m = 0; m < json_array_size(months); m++) {
        const json_t *month = json_array_get(months, m), *of_month = json_object_get(month, "stages");
        for (size_t i = 0; i < json_array_size(of_month); i++) {
            const json_t *one = json_array_get(of_month, i);
            if (view_number(one, "due") == 0)
                continue;
            json_t *row = json_pack("{s:s, s:s, s:o, s:o, s:o}", "month", view_text(month, "month"), "label",
                                    words_label(&call->reader, WORDS_DEADLINE, view_text(one, "stage")), "due",
                                    number(one, "due"), "late", number(one, "late"), "share", share(one));
            need(row && json_array_append_new(list, row) == 0);
        }
    }
    return list;
}

void show_figures(struct call *call, struct http_req *req, const json_t *answer)
{
    const json_t *lanes = json_object_get(answer, "lanes");
    const char *key;
    const json_t *value;
    json_t *list = json_array();
    json_object_foreach((json_t *)(uintptr_t)lanes, key, value)
        need(json_array_append_new(list, json_pack("{s:s, s:o}", "label", words_label(&call->reader, WORDS_LANE, key),
                                                   "n", number(lanes, key))) == 0);
    const char *soonest = view_text(answer, "soonest");
    json_t *context = json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o*, s:b}", "stages", stages_of(call, json_object_get(answer, "stages")),
        "lanes", list, "cases", number(answer, "cases"), "late", number(answer, "late"), "soon", number(answer, "soon"),
        "members", number(answer, "members"), "soonest", *soonest ? words_time(&call->reader, soonest, 0) : NULL,
        "partly", json_is_false(json_object_get(answer, "whole")));
    need(context != NULL);
    view_put(context, "alarm_now", show_alarm(&call->reader, json_object_get(answer, "on_call")));
    view_put(context, "escalated", number(answer, "escalated"));
    view_put_list(context, "breaches", breaches_of(call, json_object_get(answer, "breaches")));
    view_put_counted(&call->reader, context, "without_officer",
                     TN("{{n}} case that no officer here may have.", "{{n}} cases that no officer here may have."),
                     view_number(answer, "without_officer"));
    const json_t *remedies = json_object_get(answer, "remedies");
    view_put(context, "promised", number(remedies, "due"));
    view_put(context, "promised_late", number(remedies, "overdue"));
    show_page(call, req, 200, "figures", context);
}

static json_t *lines_of(struct call *call, const json_t *items)
{
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *one = json_array_get(items, i);
        json_t *row = json_pack("{s:o*, s:s, s:s, s:s}", "at", words_time(&call->reader, view_text(one, "at"), 0),
                                "who", *view_text(one, "who") ? view_text(one, "who") : view_text(one, "by"), "what",
                                words_text(&call->reader, view_text(one, "what")), "op", view_text(one, "op"));
        need(row != NULL);
        if (*view_text(one, "case"))
            need(json_object_set_new(row, "case", json_string(view_text(one, "case"))) == 0);
        need(json_array_append_new(list, row) == 0);
    }
    return list;
}

void show_log(struct call *call, struct http_req *req, const json_t *answer)
{
    show_page(call, req, 200, "log", json_pack("{s:o}", "lines", lines_of(call, json_object_get(answer, "items"))));
}

void show_trail(struct call *call, struct http_req *req, const json_t *answer)
{
    show_page(call, req, 200, "trail",
              json_pack("{s:s, s:s, s:s, s:o}", "case", call->id, "state",
                        words_label(&call->reader, WORDS_STATE, view_text(answer, "state")), "taken_by",
                        view_text(answer, "taken_by"), "lines", lines_of(call, json_object_get(answer, "history"))));
}
