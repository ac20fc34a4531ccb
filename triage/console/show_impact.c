/* show_impact.c -- the register of impacts: the list, an impact, and its form. */
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "triage/console/show.h"
#include "triage/console/view.h"

enum { LIST_USUAL = 50 };

/* ---- the list ---- */

static const struct {
    const char *name, *options;
    enum words_group group;
} filters[] = {{"stage", "stages", WORDS_STAGE},
               {"right", "rights", WORDS_RIGHT},
               {"technology", "technologies", WORDS_TECHNOLOGY},
               {"group", "groups", WORDS_PEOPLE}};

static json_t *chosen_codes(const struct call *call, enum words_group group, const char *name)
{
    json_t *chosen = json_pack("[s]", call_query(call, name)), *options = words_codes(&call->reader, group, chosen);
    json_decref(chosen);
    return options;
}

/* The same address with another place in the list. */
static json_t *page_link(const struct call *call, int64_t after)
{
    static const char *const kept[] = {"state", "stage", "right", "technology", "group", "drift"};
    struct buf to = BUF_INIT(1024);
    need(buf_addf(&to, "?after=%lld", (long long)after) == ERR_OK);
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        if (*call_query(call, kept[i])) /* the vault took it: a code or a word */
            need(buf_addf(&to, "&%s=%.40s", kept[i], call_query(call, kept[i])) == ERR_OK);
    json_t *link = json_string(buf_text(&to));
    buf_free(&to);
    return link;
}

static void put_pager(const struct call *call, json_t *context, const json_t *answer)
{
    int64_t after = (int64_t)json_integer_value(json_object_get(call->ask, "after"));
    int64_t total = (int64_t)json_integer_value(json_object_get(answer, "total"));
    int64_t shown = (int64_t)json_array_size(json_object_get(answer, "items"));
    view_put(context, "before", after > 0 ? page_link(call, after > LIST_USUAL ? after - LIST_USUAL : 0) : NULL);
    view_put(context, "behind", after + shown < total ? page_link(call, after + shown) : NULL);
}

void show_impacts(struct call *call, struct http_req *req, const json_t *answer)
{
    const json_t *items = json_object_get(answer, "items");
    json_t *list = json_array(), *context = json_object();
    int is_filtered = 0;
    for (size_t i = 0; i < json_array_size(items); i++)
        need(json_array_append_new(list, view_impact(&call->reader, json_array_get(items, i))) == 0);
    view_put_list(context, "items", list);
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
        view_put(context, filters[i].options, chosen_codes(call, filters[i].group, filters[i].name));
        is_filtered |= *call_query(call, filters[i].name) != 0;
    }
    view_put(context, "states", words_options(&call->reader, WORDS_STATE, IMPACT_STATES, call_query(call, "state")));
    view_put(context, "drift", json_boolean(*call_query(call, "drift") != 0));
    is_filtered |= *call_query(call, "state") || *call_query(call, "drift");
    view_put(context, "is_filtered", json_boolean(is_filtered));
    put_pager(call, context, answer);
    show_page(call, req, 200, "impacts", context);
}

/* ---- one of them ---- */

void show_impact(struct call *call, struct http_req *req, const json_t *answer)
{
    show_page(call, req, 200, "impact", view_impact_page(&call->reader, answer, clock_wall()));
}

void show_impact_form(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)answer;
    json_t *context = view_impact_form(&call->reader, NULL);
    view_put(context, "action", json_string("/impacts"));
    show_page(call, req, 200, "impact_new", context);
}

void show_impact_change(struct call *call, struct http_req *req, const json_t *answer)
{
    json_t *context = view_impact_form(&call->reader, answer);
    view_put(context, "action", json_sprintf("/impacts/%s", call->id));
    show_page(call, req, 200, "impact_new", context);
}

/* ---- after a form ---- */

void show_impact_created(struct call *call, struct http_req *req, const json_t *answer)
{
    char path[64];
    const char *id = view_text(answer, "impact");
    (void)call;
    snprintf(path, sizeof path, "/impacts%s%.40s", *id ? "/" : "", id);
    show_then(req, path, "created");
}

void show_impact_changed(struct call *call, struct http_req *req, const json_t *answer)
{
    char path[64];
    (void)answer;
    snprintf(path, sizeof path, "/impacts/%.40s", call->id);
    show_then(req, path, "changed");
}
