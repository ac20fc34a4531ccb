/* show_queue.c -- the queue and taking from it. */
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/http/metrics.h"
#include "triage/console/show.h"
#include "triage/console/view.h"

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
    return section;
}

static void queue_page(struct call *call, struct http_req *req, const json_t *counts, const char *lane,
                       json_t *sections)
{
    json_t *context = json_pack("{s:o, s:o, s:b}", "counts", view_counts(&call->reader, counts, lane), "sections",
                                sections, "is_one", *lane != 0);
    show_page(call, req, 200, "queue", context);
}

static void with_assessed(struct call *call, struct http_req *req, const json_t *answer)
{
    json_t *sections =
        json_pack("[o, o]", section_of(call, call->kept, "first_look"), section_of(call, answer, "assessed"));
    queue_page(call, req, json_object_get(answer, "counts"), "", sections);
}

/* One lane where one is named; else the two that people work on, one after the other. */
void show_queue(struct call *call, struct http_req *req, const json_t *answer)
{
    const char *lane = view_text(call->ask, "lane");
    if (*lane) {
        queue_page(call, req, json_object_get(answer, "counts"), lane,
                   json_pack("[o]", section_of(call, answer, lane)));
        return;
    }
    call->kept = json_deep_copy(answer);
    need(call->kept != NULL);
    call_ask(call, req, json_pack("{s:s, s:s}", "op", "queue.list", "lane", "assessed"), with_assessed);
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
