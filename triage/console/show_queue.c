/* show_queue.c -- the queue and taking from it. */
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/http/metrics.h"
#include "triage/console/show.h"
#include "triage/console/view.h"
#include "triage/console/view_filter.h"

static json_t *list_context(struct call *call, const json_t *answer, const char *base)
{
    json_t *items = view_items(&call->reader, json_object_get(answer, "items"), base, clock_wall());
    json_t *context = json_pack("{s:b, s:o}", "has_items", json_array_size(items) > 0, "items", items);
    need(context != NULL);
    view_put_pages(json_integer_value(json_object_get(call->ask, "after")), answer, context);
    return context;
}

/* A lane as a section of the page. */
static json_t *section_of(struct call *call, const json_t *answer, const char *lane)
{
    json_t *section = list_context(call, answer, strcmp(lane, "consultation") == 0 ? "/consultations" : "/cases");
    const char *label = words_label(&call->reader, WORDS_LANE, lane);
    need(json_object_set_new(section, "lane", json_string(lane)) == 0);
    need(json_object_set_new(section, "lane_label", json_string(label)) == 0);
    need(json_object_set_new(section, "is_mine", json_boolean(strcmp(lane, "mine") == 0)) == 0);
    int is_door = strcmp(lane, "first_look") == 0 || strcmp(lane, "consultation") == 0;
    need(json_object_set_new(section, "is_door", json_boolean(is_door)) == 0); /* what is new comes in here */
    return section;
}

/* ---- the queue ---- */

/* Whose cases can be narrowed; what one watches and what was escalated are lists of their own. */
static const char *const lanes[] = {"first_look", "assessed", "consultation", "mine"};
enum { LANES_COUNT = sizeof lanes / sizeof *lanes, LANES_USUAL = 2, IMPACTS_MAX = 100 };

/* One lane where one is named; else the two that people work on, one after the other. */
static int is_shown(const struct call *call, size_t lane)
{
    const char *named = view_text(call->ask, "lane");
    return *named ? strcmp(named, lanes[lane]) == 0 : lane < LANES_USUAL;
}

static int can_filter(const struct call *call)
{
    const char *named = view_text(call->ask, "lane");
    for (size_t i = 0; i < LANES_COUNT; i++)
        if (!*named || strcmp(named, lanes[i]) == 0)
            return 1;
    return 0;
}

/* With a filter a lane's number is of those that it lets through. */
static json_t *counts_of(const struct call *call, const json_t *answers)
{
    const json_t *filter = json_object_get(call->ask, "filter");
    json_t *counts = NULL;
    for (size_t i = 0; i < LANES_COUNT && !counts; i++)
        counts = json_deep_copy(json_object_get(json_object_get(answers, lanes[i]), "counts"));
    for (size_t i = 0; i < LANES_COUNT && json_object_size(filter) > 0; i++) {
        json_t *total = json_object_get(json_object_get(answers, lanes[i]), "total");
        if (total)
            need(json_object_set(counts, lanes[i], total) == 0);
    }
    return counts;
}

static json_t *sections_of(struct call *call, const json_t *answers)
{
    json_t *sections = json_array();
    int is_narrowed = json_object_size(json_object_get(call->ask, "filter")) > 0;
    for (size_t i = 0; i < LANES_COUNT; i++) {
        if (!is_shown(call, i))
            continue;
        const json_t *answer = json_object_get(answers, lanes[i]);
        json_t *section = section_of(call, answer, lanes[i]);
        view_put(section, "found",
                 is_narrowed ? json_sprintf("%lld", json_integer_value(json_object_get(answer, "total"))) : NULL);
        need(json_array_append_new(sections, section) == 0);
    }
    return sections;
}

static void queue_page(struct call *call, struct http_req *req, json_t *counts, json_t *sections, const json_t *impacts)
{
    const char *lane = view_text(call->ask, "lane");
    const json_t *filter = json_object_get(call->ask, "filter");
    json_t *context = json_pack("{s:o, s:o, s:b, s:b}", "counts", view_counts(&call->reader, counts, lane), "sections",
                                sections, "is_one", *lane != 0, "can_filter", can_filter(call));
    need(context != NULL);
    view_put_counted(&call->reader, context, "aside", TN("{{n}} case", "{{n}} cases"), view_number(counts, "aside"));
    view_put(context, "keeps_fresh", json_true());
    view_put(context, "one_lane", *lane ? json_string(lane) : NULL);
    view_put(context, "kept", view_filter_query(filter));
    if (can_filter(call))
        view_put_filter(&call->reader, filter, impacts, context);
    json_decref(counts);
    show_page(call, req, 200, "queue", context);
}

static void with_impacts(struct call *call, struct http_req *req, const json_t *impacts)
{
    queue_page(call, req, counts_of(call, call->kept), sections_of(call, call->kept), impacts);
}

/* Of lanes that are not shown the number alone is wanted, and only where a filter changes it. */
static json_t *ask_for(const struct call *call, size_t lane)
{
    json_t *filter = json_object_get(call->ask, "filter"), *after = json_object_get(call->ask, "after");
    json_t *ask = json_pack("{s:s, s:s}", "op", "queue.list", "lane", lanes[lane]);
    if (filter)
        need(json_object_set(ask, "filter", filter) == 0);
    if (!is_shown(call, lane))
        need(json_object_set_new(ask, "limit", json_integer(1)) == 0);
    else if (after)
        need(json_object_set(ask, "after", after) == 0);
    return ask;
}

static void ask_more(struct call *call, struct http_req *req);

/* Answers come in the order of the lanes. */
static void with_lane(struct call *call, struct http_req *req, const json_t *answer)
{
    const char *lane = view_text(call->kept, "asked");
    need(json_object_set_new(call->kept, lane, json_deep_copy(answer)) == 0);
    ask_more(call, req);
}

static void ask_more(struct call *call, struct http_req *req)
{
    int is_narrowed = json_object_size(json_object_get(call->ask, "filter")) > 0;
    for (size_t i = 0; i < LANES_COUNT; i++)
        if (!json_object_get(call->kept, lanes[i]) && (is_narrowed || is_shown(call, i))) {
            need(json_object_set_new(call->kept, "asked", json_string(lanes[i])) == 0);
            call_ask(call, req, ask_for(call, i), with_lane);
            return;
        }
    call_ask(call, req, json_pack("{s:s, s:i}", "op", "impact.list", "limit", IMPACTS_MAX), with_impacts);
}

void show_queue(struct call *call, struct http_req *req, const json_t *answer)
{
    const char *lane = view_text(call->ask, "lane");
    if (!can_filter(call)) {
        queue_page(call, req, json_deep_copy(json_object_get(answer, "counts")),
                   json_pack("[o]", section_of(call, answer, lane)), NULL);
        return;
    }
    call->kept = json_pack("{s:o}", *lane ? lane : lanes[0], json_deep_copy(answer));
    need(call->kept != NULL);
    ask_more(call, req);
}

void show_consultations(struct call *call, struct http_req *req, const json_t *answer)
{
    show_page(call, req, 200, "consultations", list_context(call, answer, "/consultations"));
}

void show_taken(struct call *call, struct http_req *req, const json_t *answer)
{
    char path[64];
    const char *id = view_text(json_object_get(answer, "item"), "case");
    (void)call;
    if (json_is_true(json_object_get(answer, "empty")) || !*id) {
        metrics_add(METRIC_TAKES_EMPTY, 1);
        show_then(req, "/queue", json_is_true(json_object_get(answer, "enough")) ? "enough" : "empty");
        return;
    }
    metrics_add(METRIC_TAKES, 1);
    snprintf(path, sizeof path, "/cases/%.40s", id);
    show_then(req, path, "taken");
}
