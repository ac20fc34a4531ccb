/* show_aside.c -- what was set aside as part of a flood: the list with its boxes, and what is said after its form. */
#include "common/base/clock.h"
#include "common/base/mem.h"
#include "triage/console/show.h"
#include "triage/console/view.h"

void show_asides(struct call *call, struct http_req *req, const json_t *answer)
{
    const struct reader *reader = &call->reader;
    int64_t now = clock_wall();
    json_t *context = json_object();
    view_put_list(context, "items", view_items(reader, json_object_get(answer, "items"), "/cases", now));
    view_put_counted(reader, context, "cases", TN("{{n}} case", "{{n}} cases"), view_number(answer, "cases"));
    view_put(context, "soonest", words_time(reader, view_text(answer, "soonest"), now));
    view_put_pages(json_integer_value(json_object_get(call->ask, "after")), answer, context);
    show_page(call, req, 200, "asides", context);
}

void show_aside_decided(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)answer;
    show_then(req, "/aside", json_is_true(json_object_get(call->ask, "alike")) ? "aside_all" : "aside");
}
