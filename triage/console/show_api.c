/* show_api.c -- the vault's answers as JSON for programs: the shapes that programs rely on. What the vault wraps
 * ("item") lies flat here, as the shapes have it. */
#include <string.h>

#include "common/base/mem.h"
#include "common/http/metrics.h"
#include "triage/console/show.h"

void show_json(struct http_req *req, unsigned status, const json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT);
    need(text != NULL);
    http_answer(req, status, "application/json", text, strlen(text));
    mem_free(text);
}

/* All of `answer` but "ok"; the members of its "item", if it has one, stand beside the others. */
static json_t *flat(const json_t *answer)
{
    json_t *to = json_object();
    const json_t *item = json_object_get(answer, "item");
    need(json_object_update(to, (json_t *)(uintptr_t)answer) == 0);
    json_object_del(to, "ok");
    if (json_is_object(item)) {
        need(json_object_update_missing(to, (json_t *)(uintptr_t)item) == 0);
        json_object_del(to, "item");
    }
    return to;
}

static void answer_flat(struct http_req *req, unsigned status, const json_t *answer)
{
    json_t *value = flat(answer);
    show_json(req, status, value);
    json_decref(value);
}

void api_item(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)call;
    answer_flat(req, 200, answer);
}

void api_created(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)call;
    answer_flat(req, 201, answer);
}

void api_taken(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)call;
    int empty = json_is_true(json_object_get(answer, "empty"));
    metrics_add(empty ? METRIC_TAKES_EMPTY : METRIC_TAKES, 1);
    if (empty)
        http_answer(req, 204, NULL, "", 0);
    else
        answer_flat(req, 200, answer);
}

/* A program has no forms, so no token of theirs. */
void api_me(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)call;
    json_t *value = flat(answer);
    json_object_del(value, "csrf");
    show_json(req, 200, value);
    json_decref(value);
}

/* Programs read it before they have a token. */
void show_openapi(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)answer;
    const struct buf *openapi = &call->console->texts->openapi;
    http_answer(req, 200, "application/json", openapi->bytes, openapi->len);
}
