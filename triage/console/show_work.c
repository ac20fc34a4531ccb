/* show_work.c -- my work: what I hold, what waits for me as a second person, actions of mine that are due, what I watch
 * and have not seen. One page out of questions that are asked one after the other. */
#include <string.h>

#include "common/base/clock.h"
#include "triage/console/show.h"
#include "triage/console/view.h"

enum { LIST_MAX = 100, DAY_S = 86400, SOON_DAYS = 7 };

/* In the order of the page. `roles` 0: any that sees the page. */
static const struct {
    const char *name, *op, *lane;
    unsigned roles;
    int mine;
} parts[] = {
    {"held", "queue.list", "mine", 0, 0},
    {"second", "second.list", NULL, ROLE_OFFICER, 0},
    {"actions", "action.list", NULL, 0, 1},
    {"watched", "queue.list", "watched", 0, 0},
};
enum { PARTS = sizeof parts / sizeof *parts };

static json_t *items_of(const struct call *call, const char *part)
{
    return json_object_get(json_object_get(call->kept, part), "items");
}

/* What happened to them since I looked. */
static json_t *with_news(const json_t *items)
{
    json_t *news = json_array();
    for (size_t i = 0; i < json_array_size(items); i++)
        if (json_is_true(json_object_get(json_array_get(items, i), "is_news")))
            need(json_array_append(news, json_array_get(items, i)) == 0);
    return news;
}

static json_t *due_soon(const json_t *items, int64_t now)
{
    json_t *due = json_array();
    for (size_t i = 0; i < json_array_size(items); i++) {
        int64_t at = clock_parse(view_text(json_array_get(items, i), "due"));
        if (at >= 0 && at < now + SOON_DAYS * DAY_S)
            need(json_array_append(due, json_array_get(items, i)) == 0);
    }
    return due;
}

static void put_total(const struct call *call, json_t *context, const char *part, const char *key)
{
    view_put(context, key,
             json_sprintf("%lld", json_integer_value(json_object_get(json_object_get(call->kept, part), "total"))));
}

static void put_cases(const struct call *call, json_t *context, const char *key, const json_t *items)
{
    view_put_list(context, key, view_items(&call->reader, items, "/cases", clock_wall()));
}

static void work_page(struct call *call, struct http_req *req)
{
    int64_t now = clock_wall();
    json_t *context = json_object(), *news = with_news(items_of(call, "watched")),
           *due = due_soon(items_of(call, "actions"), now);
    put_cases(call, context, "held", items_of(call, "held"));
    put_cases(call, context, "second", items_of(call, "second"));
    put_cases(call, context, "fresh", news);
    view_put_list(context, "due", view_actions(&call->reader, due, now));
    view_put(context, "is_officer", json_boolean(call_role(call) == ROLE_OFFICER));
    view_put(context, "show_title", json_true());
    put_total(call, context, "held", "held_total");
    put_total(call, context, "second", "second_total");
    put_total(call, context, "actions", "actions_total");
    put_total(call, context, "watched", "watched_total");
    json_decref(news);
    json_decref(due);
    show_page(call, req, 200, "work", context);
}

static void ask_next(struct call *call, struct http_req *req);

static void with_part(struct call *call, struct http_req *req, const json_t *answer)
{
    need(json_object_set_new(call->kept, parts[json_object_size(call->kept)].name, json_deep_copy(answer)) == 0);
    ask_next(call, req);
}

static void ask_next(struct call *call, struct http_req *req)
{
    size_t next = json_object_size(call->kept);
    while (next < PARTS && parts[next].roles && !(parts[next].roles & call_role(call)))
        need(json_object_set_new(call->kept, parts[next++].name, json_object()) == 0);
    if (next == PARTS) {
        work_page(call, req);
        return;
    }
    json_t *ask = json_pack("{s:s, s:i}", "op", parts[next].op, "limit", LIST_MAX);
    if (parts[next].lane)
        need(json_object_set_new(ask, "lane", json_string(parts[next].lane)) == 0);
    if (parts[next].mine)
        need(json_object_set_new(ask, "mine", json_true()) == 0);
    call_ask(call, req, ask, with_part);
}

void show_work(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)answer;
    call->kept = json_object();
    ask_next(call, req);
}
