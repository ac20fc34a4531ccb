/* show_group.c -- group cases: the list, one of them, and what is done for all of its cases. */
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "triage/console/show.h"
#include "triage/console/view.h"

/* The states that an answer to many may leave them in. */
static const char *const answered_states[] = {"acknowledged", "in_action", "waiting_for_you", NULL};

static json_t *view_group(const struct reader *reader, const json_t *row)
{
    static const char *const texts[] = {"group", NULL};
    json_t *to = json_object();
    view_put_texts(to, row, texts);
    view_put(to, "called", json_string(view_text(row, "title"))); /* "title" is the window's */
    view_put_counted(reader, to, "cases", TN("{{n}} case", "{{n}} cases"), view_number(row, "cases"));
    view_put_counted(reader, to, "free", TN("{{n}} waits for somebody", "{{n}} wait for somebody"),
                     view_number(row, "waiting"));
    view_put(to, "floor", json_boolean(json_is_true(json_object_get(row, "floor"))));
    view_put(to, "under_way", json_boolean(json_is_true(json_object_get(row, "under_way"))));
    return to;
}

void show_groups(struct call *call, struct http_req *req, const json_t *answer)
{
    json_t *context = json_object(), *list = json_array();
    const json_t *items = json_object_get(answer, "items");
    for (size_t i = 0; i < json_array_size(items); i++)
        need(json_array_append_new(list, view_group(&call->reader, json_array_get(items, i))) == 0);
    view_put_list(context, "items", list);
    view_put_pages(json_integer_value(json_object_get(call->ask, "after")), answer, context);
    show_page(call, req, 200, "groups", context);
}

/* A form for each language that is spoken in it: what is written reaches those who read it. */
static json_t *languages_of(const struct reader *reader, const json_t *languages)
{
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(languages); i++) {
        const json_t *one = json_array_get(languages, i);
        const char *code = view_text(one, "language");
        const struct language *language = language_find(code);
        json_t *to = json_pack("{s:s, s:s, s:s}", "code", code, "native", words_language(reader, code), "text_dir",
                               language ? language->direction : "auto");
        need(to != NULL);
        view_put_counted(reader, to, "open", TN("{{n}} open case", "{{n}} open cases"), view_number(one, "cases"));
        need(json_array_append_new(list, to) == 0);
    }
    return list;
}

static void with_impacts(struct call *call, struct http_req *req, const json_t *answer)
{
    const struct reader *reader = &call->reader;
    json_t *context = view_group(reader, call->kept), *impacts = json_array();
    const json_t *items = json_object_get(answer, "items");
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *one = json_array_get(items, i);
        need(json_array_append_new(impacts, json_pack("{s:s, s:s}", "impact", view_text(one, "impact"), "title",
                                                      view_text(one, "title"))) == 0);
    }
    view_put_list(context, "choices", impacts);
    view_put_list(context, "items", view_items(reader, json_object_get(call->kept, "items"), "/cases", clock_wall()));
    view_put_list(context, "languages", languages_of(reader, json_object_get(call->kept, "languages")));
    view_put(context, "version", json_sprintf("%lld", json_integer_value(json_object_get(call->kept, "version"))));
    view_put(context, "states", words_options(reader, WORDS_STATE, answered_states, "waiting_for_you"));
    show_page(call, req, 200, "group", context);
}

/* The register gives the choices for a link. */
void show_group(struct call *call, struct http_req *req, const json_t *answer)
{
    call->kept = json_deep_copy(answer);
    need(call->kept != NULL);
    call_ask(call, req, json_pack("{s:s, s:i}", "op", "impact.list", "limit", 100), with_impacts);
}

/* ---- after a form ---- */

static void back_to(struct http_req *req, const char *base, const char *id, const char *said)
{
    char path[96];
    snprintf(path, sizeof path, "%s/%.40s", base, id);
    show_then(req, path, said);
}

void show_joined(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)call;
    back_to(req, "/groups", view_text(answer, "group"), "joined");
}

void show_left(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)answer;
    back_to(req, "/cases", call->id, "left");
}

void show_group_done(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)answer;
    back_to(req, "/groups", call->id, "spreads");
}
