/* show_refer.c -- what is done about consent and referral from the page of a case. */
#include <stdio.h>
#include <string.h>

#include "common/base/code.h"
#include "common/base/mem.h"
#include "triage/console/show.h"
#include "triage/console/view.h"

enum { SEALED_MAX = 256 * 1024 };

static void to_case(const struct call *call, struct http_req *req, const char *said)
{
    char path[96];
    snprintf(path, sizeof path, "/cases/%s", call->id);
    show_then(req, path, said);
}

void show_consent_asked(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)answer;
    to_case(call, req, "asked");
}

void show_consent_recorded(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)answer;
    to_case(call, req, "recorded");
}

/* ---- referrals ---- */

void show_referrals(struct call *call, struct http_req *req, const json_t *answer)
{
    const json_t *items = json_object_get(answer, "items");
    json_t *list = json_array(), *context = json_object();
    for (size_t i = 0; i < json_array_size(items); i++)
        need(json_array_append_new(list, view_referral_row(&call->reader, json_array_get(items, i))) == 0);
    view_put_list(context, "items", list);
    view_put(context, "statuses",
             words_options(&call->reader, WORDS_REFERRAL, REFERRAL_STATES, call_query(call, "status")));
    const char *status = call_query(call, "status");
    view_put(context, "chosen_status", *status ? json_string(status) : NULL);
    view_put_pages(json_integer_value(json_object_get(call->ask, "after")), answer, context);
    show_page(call, req, 200, "referrals", context);
}

void show_referral(struct call *call, struct http_req *req, const json_t *answer)
{
    json_t *context = view_referral(&call->reader, json_object_get(answer, "item"));
    view_put(context, "case", json_string(call->id));
    view_put(context, "is_officer", json_boolean(call_role(call) == ROLE_OFFICER));
    view_put(context, "is_member", json_boolean((call_role(call) & ROLE_MEMBER) != 0));
    show_page(call, req, 200, "referral", context);
}

static void to_referral(const struct call *call, struct http_req *req, json_int_t n, const char *said)
{
    char path[128];
    snprintf(path, sizeof path, "/cases/%s/referral?referral=%lld&said=%s", call->id, (long long)n, said);
    http_see_other(req, path);
}

static json_int_t asked_about(const struct call *call)
{
    return json_integer_value(json_object_get(call->ask, "referral"));
}

void show_referral_drafted(struct call *call, struct http_req *req, const json_t *answer)
{
    to_referral(call, req, json_integer_value(json_object_get(answer, "referral")), "drafted");
}

void show_referral_approved(struct call *call, struct http_req *req, const json_t *answer)
{
    int waits = json_is_true(json_object_get(answer, "waits_for_second"));
    to_referral(call, req, asked_about(call), waits ? "waits" : "approved");
}

void show_referral_noted(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)answer;
    to_referral(call, req, asked_about(call), "kept");
}

/* The file that goes to the receiver. Its name says nothing: it lies in a folder of downloads. */
void show_sealed(struct call *call, struct http_req *req, const json_t *answer)
{
    const char *inside = view_text(answer, "file"), *type = view_text(answer, "type");
    int is_plain = strncmp(type, "text/plain", 10) == 0;
    struct buf file = BUF_INIT(SEALED_MAX);
    if (code_unbase64(inside, strlen(inside), &file) == ERR_OK && file.len) {
        http_set(req, "Content-Disposition",
                 is_plain ? "attachment; filename=\"message.txt\"" : "attachment; filename=\"message.p7m\"");
        http_answer(req, 200, is_plain ? "text/plain; charset=utf-8" : "application/pkcs7-mime", file.bytes, file.len);
    } else {
        call_fail(call, req, "internal", NULL, NULL);
    }
    buf_free(&file);
}
