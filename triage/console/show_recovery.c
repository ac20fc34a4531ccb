/* show_recovery.c -- letting in anew who lost phone and codes: who asks, who confirms, when it is time. */
#include <string.h>

#include "common/base/mem.h"
#include "triage/console/show.h"
#include "triage/console/view.h"

static json_t *time_text(struct call *call, const json_t *from, const char *key)
{
    json_t *time = words_time(&call->reader, view_text(from, key), 0);
    json_t *text = json_string(time ? view_text(time, "text") : "");
    json_decref(time);
    return text;
}

/* One that somebody else may confirm, one that waits, one that is to be finished: a form each. */
static json_t *row_of(struct call *call, const json_t *one)
{
    const char *step = view_text(one, "step");
    const char *me = view_text(call->who, "name");
    int is_administrator = call_role(call) == ROLE_ADMINISTRATOR, is_own = strcmp(view_text(one, "name"), me) == 0;
    json_t *row =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:b, s:b, s:b}", "name", view_text(one, "name"), "role",
                  words_label(&call->reader, WORDS_ROLE, view_text(one, "role")), "by", view_text(one, "by"), "reason",
                  view_text(one, "reason"), "confirmed_by", view_text(one, "confirmed_by"), "at",
                  time_text(call, one, "at"), "due", time_text(call, one, "due"), "can_confirm",
                  !is_own && strcmp(step, "asked") == 0 && strcmp(view_text(one, "by"), me) != 0, "waits",
                  strcmp(step, "waits") == 0, "can_finish", !is_own && is_administrator && strcmp(step, "ripe") == 0);
    need(row != NULL);
    return row;
}

void show_recoveries(struct call *call, struct http_req *req, const json_t *answer)
{
    const json_t *items = json_object_get(answer, "items");
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(items); i++)
        need(json_array_append_new(list, row_of(call, json_array_get(items, i))) == 0);
    show_page(call, req, 200, "recovery",
              json_pack("{s:o, s:o*}", "recoveries", list, "passkey", show_asking(json_object_get(answer, "passkey"))));
}

void show_recovery_asked(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)call;
    (void)answer;
    show_then(req, "/people/recovery", "recovery_asked");
}

void show_recovery_confirmed(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)call;
    (void)answer;
    show_then(req, "/people/recovery", "recovery_confirmed");
}

void show_recovery_stopped(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)call;
    (void)answer;
    show_then(req, "/people/recovery", "recovery_stopped");
}

void show_own_recovery_stopped(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)call;
    (void)answer;
    show_then(req, "/account", "recovery_stopped");
}

/* Shown once, on the page that answers the form. */
void show_recovered(struct call *call, struct http_req *req, const json_t *answer)
{
    http_set(req, "Clear-Site-Data", "\"cache\"");
    show_page(call, req, 200, "recovery",
              json_pack("{s:[], s:s, s:s}", "recoveries", "password", view_text(answer, "password"), "let_in",
                        call_form(call, "name")));
}
