/* show_decide.c -- after deciding, confirming, skipping, handing over, watching, pausing, stepping back; and the list
 * of what waits for a second person. */
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "triage/console/show.h"
#include "triage/console/view.h"

/* A reviewer sees a case only while a second person is asked for: they go back to the list. */
static void then(const struct call *call, struct http_req *req, const char *said)
{
    const char *role = json_string_value(json_object_get(call->who, "role"));
    char path[96];
    snprintf(path, sizeof path, "/cases/%s", call->id);
    show_then(req, role && strcmp(role, "reviewer") == 0 ? "/second" : path, said);
}

void show_decided(struct call *call, struct http_req *req, const json_t *answer)
{
    then(call, req, json_is_true(json_object_get(answer, "waits_for_second")) ? "second" : "decided");
}

/* Of what was erased there is no page to go back to. */
void show_seconded(struct call *call, struct http_req *req, const json_t *answer)
{
    if (strcmp(view_text(answer, "state"), "erased") == 0) {
        show_then(req, "/second", "erased");
        return;
    }
    then(call, req, json_is_true(json_object_get(call->ask, "confirm")) ? "confirmed" : "refused");
}

void show_skipped(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)call;
    (void)answer;
    show_then(req, "/queue", "skipped");
}

void show_handed(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)call;
    (void)answer;
    show_then(req, "/queue", "handed");
}

void show_watched(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)answer;
    then(call, req, json_is_true(json_object_get(call->ask, "on")) ? "watched" : "unwatched");
}

/* Who stepped back has no page to go back to. */
void show_recused(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)answer;
    if (!*view_text(call->ask, "who"))
        show_then(req, "/queue", "recused");
    else
        then(call, req, json_is_true(json_object_get(call->ask, "back")) ? "unnamed" : "named");
}

void show_paused(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)answer;
    then(call, req, "paused");
}

void show_resumed(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)answer;
    then(call, req, "resumed");
}

void show_second(struct call *call, struct http_req *req, const json_t *answer)
{
    json_t *items = view_items(&call->reader, json_object_get(answer, "items"), "/cases", clock_wall());
    json_t *context = json_pack("{s:b, s:o}", "has_items", json_array_size(items) > 0, "items", items);
    view_put_pages(json_integer_value(json_object_get(call->ask, "after")), answer, context);
    show_page(call, req, 200, "second", context);
}
