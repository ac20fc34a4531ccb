/* show_actions.c -- the action board, and an action: what is done about impacts, overdue first. */
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "triage/console/show.h"
#include "triage/console/view.h"

enum { LIST_USUAL = 50 };

static json_t *view_drifts(const struct reader *reader, const json_t *drifts)
{
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(drifts); i++) {
        const json_t *one = json_array_get(drifts, i);
        json_t *to = json_pack("{s:s, s:s, s:s}", "impact", view_text(one, "impact"), "title", view_text(one, "title"),
                               "name", view_text(one, "name"));
        need(to && json_array_append_new(list, to) == 0);
        view_put(to, "says", view_drift(reader, (int64_t)json_integer_value(json_object_get(one, "days"))));
    }
    return list;
}

/* The same address with another place in the list. */
static json_t *page_link(const struct call *call, int64_t after)
{
    const char *type = call_query(call, "type"), *state = call_query(call, "state"), *mine = call_query(call, "mine");
    return json_sprintf("?after=%lld%s%.40s%s%.40s%s", (long long)after, *type ? "&type=" : "", type,
                        *state ? "&state=" : "", state, *mine ? "&mine=yes" : "");
}

void show_actions(struct call *call, struct http_req *req, const json_t *answer)
{
    int64_t after = (int64_t)json_integer_value(json_object_get(call->ask, "after"));
    int64_t total = (int64_t)json_integer_value(json_object_get(answer, "total"));
    const json_t *items = json_object_get(answer, "items");
    int64_t shown = (int64_t)json_array_size(items);
    json_t *context = json_object(), *type = json_pack("[s]", call_query(call, "type"));
    view_put_list(context, "actions", view_actions(&call->reader, items, clock_wall()));
    view_put_list(context, "drifts", view_drifts(&call->reader, json_object_get(answer, "drifts")));
    view_put(context, "types", words_codes(&call->reader, WORDS_ACTION, type));
    view_put(context, "states",
             words_options(&call->reader, WORDS_ACTION_STATE, ACTION_STATES, call_query(call, "state")));
    view_put(context, "mine", json_boolean(*call_query(call, "mine") != 0));
    view_put(context, "before", after > 0 ? page_link(call, after > LIST_USUAL ? after - LIST_USUAL : 0) : NULL);
    view_put(context, "behind", after + shown < total ? page_link(call, after + shown) : NULL);
    view_put(context, "show_title", json_true());
    json_decref(type);
    show_page(call, req, 200, "actions", context);
}

void show_action(struct call *call, struct http_req *req, const json_t *answer)
{
    json_t *context = view_action(&call->reader, json_object_get(answer, "item"), clock_wall());
    view_put(context, "levers", words_codes(&call->reader, WORDS_LEVERAGE, NULL));
    show_page(call, req, 200, "action", context);
}

static void to_action(struct http_req *req, const char *id, const char *said)
{
    char path[64];
    snprintf(path, sizeof path, "/actions/%.40s", id);
    show_then(req, path, said);
}

void show_action_added(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)call;
    to_action(req, view_text(json_object_get(answer, "item"), "action"), "planned");
}

void show_action_changed(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)answer;
    to_action(req, call->id, "changed");
}
