/* show_impact.c -- the register of impacts. */
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "triage/console/show.h"
#include "triage/console/view.h"

void show_impacts(struct call *call, struct http_req *req, const json_t *answer)
{
    const json_t *items = json_object_get(answer, "items");
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(items); i++)
        need(json_array_append_new(list, view_impact(&call->reader, json_array_get(items, i))) == 0);
    show_page(call, req, 200, "impacts",
              json_pack("{s:b, s:o}", "has_items", json_array_size(list) > 0, "items", list));
}

void show_impact(struct call *call, struct http_req *req, const json_t *answer)
{
    const json_t *inner = json_object_get(answer, "impact"), *cases = json_object_get(answer, "cases");
    json_t *context = view_impact(&call->reader, json_is_object(inner) ? inner : answer);
    json_t *list = view_items(&call->reader, cases, "/cases", clock_wall());
    need(json_object_set_new(context, "has_items", json_boolean(json_array_size(list) > 0)) == 0);
    need(json_object_set_new(context, "items", list) == 0);
    show_page(call, req, 200, "impact", context);
}

void show_impact_form(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)answer;
    const struct reader *reader = &call->reader;
    json_t *context = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "rights", words_codes(reader, WORDS_RIGHT, NULL),
                                "stages", words_codes(reader, WORDS_STAGE, NULL), "states",
                                words_options(reader, WORDS_STATE, IMPACT_STATES, "actual"), "scale",
                                words_levels(reader, WORDS_SCALE, 0), "scope", words_levels(reader, WORDS_SCOPE, 0),
                                "irremediability", words_levels(reader, WORDS_IRREMEDIABILITY, 0));
    show_page(call, req, 200, "impact_new", context);
}

void show_impact_created(struct call *call, struct http_req *req, const json_t *answer)
{
    char path[64];
    const json_t *inner = json_object_get(answer, "impact");
    const char *id = json_is_object(inner) ? view_text(inner, "impact") : view_text(answer, "impact");
    (void)call;
    snprintf(path, sizeof path, "/impacts%s%.40s", *id ? "/" : "", id);
    show_then(req, path, "created");
}
