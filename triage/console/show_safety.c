/* show_safety.c -- after something was said of how safe the person is; and the list of check-ins that are due. */
#include <stdio.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "triage/console/show.h"
#include "triage/console/view.h"

void show_safer(struct call *call, struct http_req *req, const json_t *answer)
{
    char path[96];
    (void)answer;
    snprintf(path, sizeof path, "/cases/%.40s", call->id);
    show_then(req, path, "safer");
}

void show_checkins(struct call *call, struct http_req *req, const json_t *answer)
{
    int64_t now = clock_wall();
    const struct reader *reader = &call->reader;
    const json_t *items = json_object_get(answer, "items");
    json_t *list = json_array(), *context = json_object();
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *item = json_array_get(items, i), *checkin = json_object_get(item, "checkin");
        json_t *to = json_pack("{s:s}", "case", view_text(item, "case"));
        view_put_label(reader, to, "what", WORDS_SAFETY, checkin, "what");
        view_put_label(reader, to, "state", WORDS_STATE, item, "state");
        view_put(to, "due", words_time(reader, view_text(checkin, "due"), now));
        need(json_array_append_new(list, to) == 0);
    }
    view_put_list(context, "items", list);
    view_put_pages(json_integer_value(json_object_get(call->ask, "after")), answer, context);
    show_page(call, req, 200, "checkins", context);
}
