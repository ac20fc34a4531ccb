/* show_translation.c -- what is to be translated: the list of tasks, one of them, and what comes of it. */
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "triage/console/show.h"
#include "triage/console/view.h"

static json_t *view_task(const struct reader *reader, const json_t *task)
{
    static const char *const texts[] = {"translation", "translator", "note", "by", "case", "text", NULL};
    json_t *to = json_object();
    view_put_texts(to, task, texts);
    view_put(to, "from", json_string(words_language(reader, view_text(task, "from"))));
    view_put(to, "to", json_string(words_language(reader, view_text(task, "to"))));
    view_put(to, "to_code", json_string(view_text(task, "to")));
    view_put(to, "from_code", json_string(view_text(task, "from")));
    view_put(to, "is_draft", json_boolean(json_is_true(json_object_get(task, "is_draft"))));
    view_put(to, "at", words_time(reader, view_text(task, "at"), 0));
    return to;
}

void show_translations(struct call *call, struct http_req *req, const json_t *answer)
{
    json_t *list = json_array(), *context = json_object();
    const json_t *items = json_object_get(answer, "items");
    for (size_t i = 0; i < json_array_size(items); i++)
        need(json_array_append_new(list, view_task(&call->reader, json_array_get(items, i))) == 0);
    view_put_list(context, "items", list);
    view_put_pages(json_integer_value(json_object_get(call->ask, "after")), answer, context);
    show_page(call, req, 200, "translations", context);
}

void show_translation(struct call *call, struct http_req *req, const json_t *answer)
{
    json_t *context = view_task(&call->reader, answer);
    view_put(context, "methods", words_options(&call->reader, WORDS_METHOD, METHODS, ""));
    show_page(call, req, 200, "translation", context);
}

void show_translated(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)call;
    (void)answer;
    show_then(req, "/translations", "translated");
}

void show_translation_asked(struct call *call, struct http_req *req, const json_t *answer)
{
    char path[96];
    (void)answer;
    snprintf(path, sizeof path, "/cases/%.40s", call->id);
    show_then(req, path, "translation");
}
