/* show_receivers.c -- the directory of other mechanisms: the list, a place in it, and what is done from there. */
#include <stdio.h>
#include <string.h>

#include "triage/console/show.h"
#include "triage/console/view.h"

static int is_officer(const struct call *call)
{
    return call_role(call) == ROLE_OFFICER;
}

void show_receivers(struct call *call, struct http_req *req, const json_t *answer)
{
    static const struct {
        const char *name, *options;
        enum words_group group;
    } filters[] = {{"mechanism", "mechanisms", WORDS_MECHANISM}, {"class", "classes", WORDS_MECHANISM_CLASS}};
    const json_t *items = json_object_get(answer, "items");
    json_t *list = json_array(), *context = json_object();
    for (size_t i = 0; i < json_array_size(items); i++)
        need(json_array_append_new(list, view_receiver(&call->reader, json_array_get(items, i))) == 0);
    view_put_list(context, "items", list);
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
        json_t *chosen = json_pack("[s]", call_query(call, filters[i].name));
        view_put(context, filters[i].options, words_codes(&call->reader, filters[i].group, chosen));
        json_decref(chosen);
    }
    view_put(context, "jurisdiction", json_string(call_query(call, "jurisdiction")));
    view_put(context, "all", json_boolean(*call_query(call, "all") != 0));
    view_put(context, "can_add", json_boolean(is_officer(call)));
    view_put_pages(json_integer_value(json_object_get(call->ask, "after")), answer, context);
    show_page(call, req, 200, "receivers", context);
}

void show_receiver(struct call *call, struct http_req *req, const json_t *answer)
{
    json_t *context = view_receiver(&call->reader, json_object_get(answer, "item"));
    view_put(context, "title", json_incref(json_object_get(context, "name")));
    view_put(context, "can_change", json_boolean(is_officer(call)));
    show_page(call, req, 200, "receiver", context);
}

static void to_receiver(struct http_req *req, const char *id, const char *said)
{
    char path[64];
    snprintf(path, sizeof path, "/receivers/%.40s", id);
    show_then(req, path, said);
}

void show_receiver_added(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)call;
    to_receiver(req, view_text(json_object_get(answer, "item"), "receiver"), "listed");
}

void show_receiver_changed(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)answer;
    to_receiver(req, call->id, "changed");
}

void show_receiver_checked(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)answer;
    to_receiver(req, call->id, "fingerprint");
}
