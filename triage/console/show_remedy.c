/* show_remedy.c -- after offering, delivering and writing down what the person said; and the list of what is promised.
 */
#include <stdio.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "triage/console/show.h"
#include "triage/console/view.h"

static void back(const struct call *call, struct http_req *req, const char *said)
{
    char path[96];
    snprintf(path, sizeof path, "/cases/%s", call->id);
    show_then(req, path, said);
}

void show_offered(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)answer;
    back(call, req, "offered");
}

void show_delivered(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)answer;
    back(call, req, "delivered");
}

void show_heard(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)answer;
    back(call, req, "heard");
}

void show_remedies(struct call *call, struct http_req *req, const json_t *answer)
{
    const json_t *from = json_object_get(answer, "items");
    json_t *items = json_array();
    for (size_t i = 0; i < json_array_size(from); i++)
        need(json_array_append_new(items, view_promise(&call->reader, json_array_get(from, i), clock_wall())) == 0);
    json_t *context = json_object();
    view_put_list(context, "items", items);
    view_put_pages(json_integer_value(json_object_get(call->ask, "after")), answer, context);
    show_page(call, req, 200, "remedies", context);
}
