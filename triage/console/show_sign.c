/* show_sign.c -- signing in and out. The vault checks name and password; the console keeps nothing but cookies. */
#include <string.h>

#include "common/base/mem.h"
#include "common/http/metrics.h"
#include "triage/console/refuse.h"
#include "triage/console/show.h"

enum { DEVICE_S = 400 * 24 * 3600 }; /* the longest that browsers keep a cookie */

static json_t *desks_of(const struct call *call)
{
    const struct settings *settings = call->console->settings;
    json_t *list = json_array();
    for (size_t i = 0; i < settings->desk_count; i++) {
        const struct desk *desk = &settings->desks[i];
        json_t *one = json_pack("{s:s, s:s, s:b}", "code", desk->code, "title", desk->title, "chosen",
                                strcmp(desk->code, call->session.desk) == 0);
        need(one && json_array_append_new(list, one) == 0);
    }
    return list;
}

/* `passkey`: what the vault gave for it, NULL or null where it gave none. */
static void signin_page(struct call *call, struct http_req *req, unsigned status, const char *says, int locked,
                        const json_t *passkey)
{
    json_t *context =
        json_pack("{s:o, s:b, s:s, s:s, s:s*, s:b, s:s, s:o*}", "desks", desks_of(call), "several",
                  call->console->settings->desk_count > 1, "entry", call->entry, "name", call_form(call, "name"),
                  "fault", says ? words_text(&call->reader, says) : NULL, "locked", locked, "desk_now",
                  call->session.desk, "passkey", json_is_object(passkey) ? json_deep_copy(passkey) : NULL);
    show_set_cookie(req, SESSION_ENTRY, call->entry, -1);
    show_page(call, req, status, "signin", context);
}

void show_signin(struct call *call, struct http_req *req, const json_t *answer)
{
    signin_page(call, req, 200, NULL, json_is_true(json_object_get(answer, "locked")),
                json_object_get(answer, "passkey"));
}

/* The page comes also where the vault is locked or away: it says so. */
void fail_signin(struct call *call, struct http_req *req, const char *code, const char *says)
{
    int locked = strcmp(code, "locked") == 0, away = strcmp(code, "unreachable") == 0;
    unsigned status = call_status(code);
    if (call->action->method == HTTP_GET) {
        signin_page(call, req, 200, away ? T("The desk's vault does not answer. Try again in a moment.") : NULL, locked,
                    NULL);
        return;
    }
    metrics_add(METRIC_SIGNIN_REFUSED, 1);
    refuse_headers(call, req, status);
    if (!says && away)
        says = T("The desk's vault does not answer. Try again in a moment.");
    else if (!says && !locked)
        says = T("Name, password or code are not right.");
    signin_page(call, req, status, says, locked, NULL);
}

void show_signed_in(struct call *call, struct http_req *req, const json_t *answer)
{
    const char *token = json_string_value(json_object_get(answer, "session"));
    const char *device = json_string_value(json_object_get(answer, "device"));
    struct buf cookie = BUF_INIT(2048);
    if (!token || !session_is_token(token)) {
        call_fail(call, req, "internal", NULL, NULL);
        return;
    }
    metrics_add(METRIC_SIGNINS, 1);
    memcpy(call->session.token, token, strlen(token) + 1);
    need(session_write(&call->session, &cookie) == ERR_OK);
    http_set(req, "Set-Cookie", buf_text(&cookie));
    if (device && session_is_token(device))
        show_set_cookie(req, SESSION_DEVICE, device, DEVICE_S);
    show_set_cookie(req, SESSION_ENTRY, "", 0);
    http_see_other(req, "/");
    buf_free(&cookie);
}

void show_signed_out(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)call;
    (void)answer;
    show_forget_session(req);
    http_set(req, "Clear-Site-Data", "\"cache\", \"storage\"");
    show_then(req, "/signin", "signedout");
}

/* Whatever the vault says, this browser forgets the session. */
void fail_signout(struct call *call, struct http_req *req, const char *code, const char *says)
{
    (void)code;
    (void)says;
    show_signed_out(call, req, NULL);
}

/* The same for everybody, and its address changes with it: a browser need not ask twice. */
void show_base(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)call;
    (void)answer;
    http_set(req, "Cache-Control", "public, max-age=31536000, immutable");
    http_answer(req, 200, "text/css; charset=utf-8", style_base, style_base_len);
}

static void answer_script(const struct call *call, struct http_req *req, enum style_script_name name)
{
    const struct buf *script = &call->console->texts->style.scripts[name].text;
    http_answer(req, 200, "text/javascript; charset=utf-8", script->bytes, script->len);
}

void show_script(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)answer;
    answer_script(call, req, STYLE_PASSKEY);
}

void show_fresh_script(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)answer;
    answer_script(call, req, STYLE_FRESH);
}
