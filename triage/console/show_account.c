/* show_account.c -- one's own account: the authenticator app, passkeys, recovery codes, the password; and the door of a
 * protected desk, where a member lets a new one in. */
#include <string.h>

#include "common/base/mem.h"
#include "triage/console/qr.h"
#include "triage/console/refuse.h"
#include "triage/console/show.h"
#include "triage/console/view.h"

enum { QR_BYTES = 64 * 1024, URI_MAX = 1024, SECRET_GROUP = 4, IDS_MAX = 32 * 1024 };
static const char uri_start[] = "otpauth://totp/";

static json_t *number_text(const json_t *answer, const char *key)
{
    return json_sprintf("%lld", json_integer_value(json_object_get(answer, key)));
}

/* The ids in one attribute. */
json_t *show_asking(const json_t *passkey)
{
    struct buf ids = BUF_INIT(IDS_MAX);
    const json_t *list = json_object_get(passkey, "ids");
    if (!json_is_object(passkey))
        return NULL;
    json_t *out = json_deep_copy(passkey);
    for (size_t i = 0; i < json_array_size(list); i++)
        need(buf_addf(&ids, "%s ", json_string_value(json_array_get(list, i))) == ERR_OK);
    need(json_object_set_new(out, "ids", json_string(buf_text(&ids))) == 0);
    buf_free(&ids);
    return out;
}

/* "2026-11-22 08:00 UTC", "" for what is no time. New reference. */
static json_t *time_text(struct call *call, const json_t *from, const char *key)
{
    json_t *time = words_time(&call->reader, view_text(from, key), 0);
    json_t *text = json_string(time ? view_text(time, "text") : "");
    json_decref(time);
    return text;
}

static json_t *passkeys_of(struct call *call, const json_t *items)
{
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *one = json_array_get(items, i);
        json_t *row = json_pack("{s:s, s:s, s:o}", "id", view_text(one, "id"), "label", view_text(one, "label"),
                                "since", time_text(call, one, "since"));
        need(row && json_array_append_new(list, row) == 0);
    }
    return list;
}

static json_t *sessions_of(struct call *call, const json_t *items)
{
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *one = json_array_get(items, i);
        json_t *row = json_pack("{s:s, s:s, s:o, s:o, s:b}", "id", view_text(one, "id"), "device",
                                *view_text(one, "device") ? view_text(one, "device") : "?", "since",
                                time_text(call, one, "since"), "seen", time_text(call, one, "seen"), "here",
                                json_is_true(json_object_get(one, "here")));
        need(row && json_array_append_new(list, row) == 0);
    }
    return list;
}

static json_t *tokens_of(struct call *call, const json_t *items)
{
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *one = json_array_get(items, i);
        json_t *row = json_pack("{s:s, s:s, s:s, s:o}", "id", view_text(one, "id"), "label", view_text(one, "label"),
                                "scope", words_label(&call->reader, WORDS_TOKEN_SCOPE, view_text(one, "scope")), "ends",
                                time_text(call, one, "ends"));
        need(row && json_array_append_new(list, row) == 0);
    }
    return list;
}

void show_account(struct call *call, struct http_req *req, const json_t *answer)
{
    const char *since = view_text(answer, "totp_since");
    json_t *time = *since ? words_time(&call->reader, since, 0) : NULL;
    json_t *passkeys = passkeys_of(call, json_object_get(answer, "passkeys"));
    int has_app = json_is_true(json_object_get(answer, "totp"));
    json_t *context = json_pack("{s:b, s:b, s:b, s:o, s:s, s:s, s:o, s:o*, s:o, s:o, s:o, s:b, s:b, s:b}", "enrolling",
                                json_is_true(json_object_get(answer, "enrolling")), "has_app", has_app, "has_factor",
                                has_app || json_array_size(passkeys) > 0, "codes_left", number_text(answer, "codes"),
                                "app_since", time ? view_text(time, "text") : "", "role",
                                words_label(&call->reader, WORDS_ROLE, view_text(answer, "role")), "passkeys", passkeys,
                                "passkey", show_asking(json_object_get(answer, "passkey")), "sessions",
                                sessions_of(call, json_object_get(answer, "sessions")), "tokens",
                                tokens_of(call, json_object_get(answer, "tokens")), "scopes",
                                words_options(&call->reader, WORDS_TOKEN_SCOPE, SCOPES, "read"), "has_others",
                                json_array_size(json_object_get(answer, "sessions")) > 1, "has_tokens",
                                json_array_size(json_object_get(answer, "tokens")) > 0, "helps",
                                (call_role(call) & (ROLE_MEMBER | ROLE_ADMINISTRATOR)) != 0);
    view_put_list(context, "aliases", json_deep_copy(json_object_get(answer, "aliases")));
    show_page(call, req, 200, "account", context);
    json_decref(time);
}

/* ---- the authenticator app ---- */

/* "ABCD EFGH ...": typed by hand where no camera is. */
static json_t *in_groups(const char *secret)
{
    struct buf out = BUF_INIT(URI_MAX);
    for (size_t i = 0; secret[i]; i++)
        need(buf_addf(&out, i > 0 && i % SECRET_GROUP == 0 ? " %c" : "%c", secret[i]) == ERR_OK);
    json_t *text = json_string(buf_text(&out));
    buf_free(&out);
    return text;
}

static void app_page(struct call *call, struct http_req *req, unsigned status, const char *secret, const char *uri,
                     const char *fault)
{
    unsigned size = 0;
    struct buf path = BUF_INIT(QR_BYTES);
    /* Too much for a picture: the text stands beside it. */
    if (qr_path(uri, &path, &size) != ERR_OK)
        buf_clear(&path);
    http_set(req, "Clear-Site-Data", "\"cache\"");
    show_page(call, req, status, "app",
              json_pack("{s:s, s:s, s:o, s:s, s:o, s:s*}", "secret", secret, "uri", uri, "groups", in_groups(secret),
                        "qr", buf_text(&path), "qr_size", json_sprintf("%u", size), "fault", fault));
    buf_free(&path);
}

void show_app(struct call *call, struct http_req *req, const json_t *answer)
{
    app_page(call, req, 200, view_text(answer, "secret"), view_text(answer, "uri"), NULL);
}

/* A code that is not right: the same page once more, from what it brought itself. */
void fail_confirm(struct call *call, struct http_req *req, const char *code, const char *says)
{
    const char *uri = call_form(call, "uri"), *secret = call_form(call, "secret");
    int is_ours = strncmp(uri, uri_start, sizeof uri_start - 1) == 0 && strlen(uri) < URI_MAX && strlen(secret) < 64;
    if (strcmp(code, "malformed") == 0 && is_ours)
        app_page(call, req, 400, secret, uri, says ? words_text(&call->reader, says) : NULL);
    else
        call_fail(call, req, code, says, NULL);
}

/* Shown once, on the page that answers the form. Who had codes before keeps them, and sees none. */
void show_codes(struct call *call, struct http_req *req, const json_t *answer)
{
    const json_t *codes = json_object_get(answer, "codes");
    if (json_array_size(codes) == 0) {
        show_then(req, "/account", "passkey");
        return;
    }
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(codes); i++)
        need(json_array_append_new(list, json_pack("{s:s}", "code", json_string_value(json_array_get(codes, i)))) == 0);
    http_set(req, "Clear-Site-Data", "\"cache\"");
    show_page(call, req, 200, "codes", json_pack("{s:o}", "codes", list));
}

void show_password_changed(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)call;
    (void)answer;
    show_then(req, "/account", "password");
}

/* ---- passkeys ---- */

void show_passkey_new(struct call *call, struct http_req *req, const json_t *answer)
{
    json_t *context = show_asking(json_object_get(answer, "passkey"));
    if (!context) {
        call_fail(call, req, "internal", NULL, NULL);
        return;
    }
    need(json_object_set(context, "user_name", json_object_get(context, "name")) == 0);
    show_page(call, req, 200, "passkey_new", context);
}

void show_passkey_ended(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)call;
    (void)answer;
    show_then(req, "/account", "passkey_ended");
}

/* ---- sessions and tokens ---- */

void show_session_ended(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)call;
    (void)answer;
    show_then(req, "/account", "session");
}

/* Shown once, on the page that answers the form. */
void show_token(struct call *call, struct http_req *req, const json_t *answer)
{
    http_set(req, "Clear-Site-Data", "\"cache\"");
    show_page(call, req, 200, "token", json_pack("{s:s}", "token", view_text(answer, "token")));
}

void show_token_ended(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)call;
    (void)answer;
    show_then(req, "/account", "token");
}

/* ---- the door of a protected desk ---- */

void show_admissions(struct call *call, struct http_req *req, const json_t *answer)
{
    const json_t *items = json_object_get(answer, "items");
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *one = json_array_get(items, i);
        json_t *row = json_pack("{s:s, s:s, s:s, s:o*}", "name", view_text(one, "name"), "role",
                                words_label(&call->reader, WORDS_ROLE, view_text(one, "role")), "by",
                                view_text(one, "by"), "at", words_time(&call->reader, view_text(one, "at"), 0));
        need(row && json_array_append_new(list, row) == 0);
    }
    show_page(call, req, 200, "admissions",
              json_pack("{s:b, s:o, s:o*}", "none", json_array_size(list) == 0, "waiting", list, "passkey",
                        show_asking(json_object_get(answer, "passkey"))));
}

void show_admitted(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)answer;
    show_then(req, "/people/waiting", strcmp(call_form(call, "refuse"), "yes") == 0 ? "refused" : "admitted");
}
