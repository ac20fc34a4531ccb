/* refuse.c -- see refuse.h; and call_fail() of call.h. */
#include "triage/console/refuse.h"

#include <stdio.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/text/utf8.h"
#include "triage/console/show.h"
#include "triage/console/view.h"

enum { LONG_FROM = 60 };

/* The vault's codes: HTTP status, last part of the problem's type, what is said where the vault says nothing. */
static const struct code_row {
    const char *code;
    unsigned status;
    const char *type, *says;
} codes[] = {
    {"malformed", 400, "malformed", T("Something in the request is not in the form it must have.")},
    {"signin", 401, "signin", T("Sign in first.")},
    {"enrol", 403, "enrol", T("Set up a second factor first.")},
    {"denied", 403, "denied", T("Your role does not allow this. The refusal is in the audit log.")},
    {"not_found", 404, "not-found", T("Either it never was, or it is not for this desk.")},
    {"conflict", 409, "conflict", T("Someone else has changed this in the meantime. Load it again and look.")},
    {"budget", 429, "budget", T("This session has opened as many cases as one person may for now. Go on later.")},
    {"locked", 503, "locked", T("The desk is locked: its keys have not been opened yet.")},
    {"busy", 503, "busy", T("The desk has too much to do. Try again in a moment.")},
    {"unreachable", 503, "busy", T("The desk's vault does not answer. Try again in a moment.")},
    {"internal", 500, "internal", T("The desk could not do this. Nothing was changed.")},
};
enum { CODE_COUNT = sizeof codes / sizeof *codes };

static const struct code_row *code_find(const char *code)
{
    for (size_t i = 0; i < CODE_COUNT; i++)
        if (strcmp(codes[i].code, code) == 0)
            return &codes[i];
    return &codes[CODE_COUNT - 1];
}

unsigned call_status(const char *code)
{
    return code_find(code)->status;
}

void refuse_headers(const struct call *call, struct http_req *req, unsigned status)
{
    if (status == 503)
        http_set(req, "Retry-After", "5");
    if (status == 429)
        http_set(req, "Retry-After", "600");
    if (status == 401 && call->action->door == DOOR_API)
        http_set(req, "WWW-Authenticate", "Bearer");
}

static int is_secret(const char *name)
{
    static const char *const names[] = {"csrf", "password", "new",           "code",     "secret",
                                        "uri",  "client",   "authenticator", "signature"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0)
            return 1;
    return 0;
}

static int is_long(const struct form_field *field)
{
    static const char *const names[] = {"text", "reason", "open_remedies"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], field->name) == 0)
            return 1;
    return field->value_len > LONG_FROM;
}

/* Somebody wrote for longer than a session waits: nothing of that goes with the session. */
static int has_words(const struct call *call)
{
    for (unsigned i = 0; i < call->form.count; i++) {
        const struct form_field *field = &call->form.fields[i];
        if (!is_secret(field->name) && is_long(field) && !utf8_blank(field->value, field->value_len))
            return 1;
    }
    return 0;
}

/* What was typed is not lost: the page shows it and can send it again. */
static json_t *sent_fields(const struct call *call)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < call->form.count; i++) {
        const struct form_field *field = &call->form.fields[i];
        if (is_secret(field->name))
            continue;
        json_t *one = json_pack("{s:s, s:s, s:b}", "name", field->name, "value", field->value, "long", is_long(field));
        if (one)
            need(json_array_append_new(list, one) == 0);
    }
    return list;
}

/* The page that a form stands on: that of its case, impact or whatever its address names, else the list. */
static json_t *page_of(const struct call *call, const char *path)
{
    const char *end = path + 1 + strcspn(path + 1, "/");
    if (call->action->id && *end)
        end += 1 + strcspn(end + 1, "/");
    return json_stringn(path, (size_t)(end - path));
}

/* "groups.1.people_high" is one of the rows' people_high. */
static void put_field(const struct call *call, const char *field, json_t *context)
{
    const char *last = field ? strrchr(field, '.') : NULL;
    const char *label = field ? words_find(&call->reader, WORDS_FIELD, last ? last + 1 : field) : NULL;
    if (label)
        need(json_object_set_new(context, "field", json_string(label)) == 0);
}

static void fail_page(struct call *call, struct http_req *req, const struct code_row *row, const char *says,
                      const char *field)
{
    /* It is one of ours (call.c reads no other), also where the vault cannot say whose: sent again, it is asked again.
     */
    int is_form = call->action->door == DOOR_FORM && call->form.count > 0;
    int is_locked = strcmp(row->code, "locked") == 0;
    json_t *context = json_pack("{s:s, s:s, s:b, s:b, s:b, s:b, s:b}", "title",
                                words_label(&call->reader, WORDS_TITLE, row->code), "says", says, "is_signin",
                                row->status == 401, "is_locked", is_locked, "is_away", row->status == 503 && !is_locked,
                                "is_conflict", row->status == 409, "can_repeat", is_form && row->status == 503);
    need(context != NULL);
    const json_t *changed = json_object_get(call->refusal, "changed");
    json_t *changes = view_history(&call->reader, json_is_array(changed) ? changed : NULL);
    need(json_object_set_new(context, "has_changes", json_boolean(json_array_size(changes) > 0)) == 0);
    need(json_object_set_new(context, "changes", changes) == 0);
    if (json_is_object(changed))
        need(json_object_set_new(context, "changed", view_step(&call->reader, changed)) == 0);
    put_field(call, field, context);
    if (is_form) {
        need(json_object_set_new(context, "back", page_of(call, http_req_path(req))) == 0);
        json_t *fields = sent_fields(call);
        need(json_object_set_new(context, "has_sent", json_boolean(json_array_size(fields) > 0)) == 0);
        need(json_object_set_new(context, "sent", fields) == 0);
        need(json_object_set_new(context, "action", json_string(http_req_path(req))) == 0);
        need(json_object_set_new(context, "csrf", json_string(call_form(call, "csrf"))) == 0);
    }
    show_page(call, req, row->status, "problem", context);
}

/* To a program what somebody else has changed is a member of the problem document, as RFC 9457 has it. */
static void answer_conflict(struct http_req *req, const char *says, json_t *changed)
{
    json_t *problem = json_pack("{s:s, s:s, s:i, s:s, s:O}", "type", "/problems/conflict", "title", "Conflict",
                                "status", 409, "detail", says, "changed", changed);
    need(problem != NULL);
    char *text = json_dumps(problem, JSON_COMPACT);
    need(text != NULL);
    http_answer(req, 409, "application/problem+json", text, strlen(text));
    mem_free(text);
    json_decref(problem);
}

void call_fail(struct call *call, struct http_req *req, const char *code, const char *says, const char *field)
{
    if (http_is_streaming(req)) { /* the head has long been sent: the client sees that it is not whole */
        http_stream_cut(req);
        return;
    }
    const struct code_row *row = code_find(code);
    const char *sentence = says && *says ? says : row->says;
    refuse_headers(call, req, row->status);
    json_t *changed = json_object_get(call->refusal, "changed");
    if (call->action->door == DOOR_API && row->status == 409 && changed) {
        answer_conflict(req, sentence, changed);
    } else if (call->action->door == DOOR_API) {
        http_problem(req, row->status, row->type, sentence, field);
    } else if (row->status == 401 && call->action->door == DOOR_FORM && has_words(call)) {
        show_forget_session(req);
        fail_page(call, req, row, words_text(&call->reader, sentence), NULL);
    } else if (row->status == 401) {
        show_forget_session(req);
        http_see_other(req, *call->session.token ? "/signin?said=again" : "/signin");
    } else if (strcmp(row->code, "enrol") == 0) {
        http_see_other(req, "/account");
    } else {
        fail_page(call, req, row, words_text(&call->reader, sentence), field);
    }
}

void refuse_media_type(struct call *call, struct http_req *req)
{
    const char *says = T("The body is not of a type that this address takes.");
    if (call->action->door == DOOR_API)
        http_problem(req, 415, "media-type", says, NULL);
    else
        show_page(call, req, 415, "problem",
                  json_pack("{s:s, s:s}", "title", words_label(&call->reader, WORDS_TITLE, "malformed"), "says",
                            words_text(&call->reader, says)));
}

/* ---- before a call begins ---- */

#define MALFORMED T("Something in the request is not in the form it must have.")

/* What the server itself refuses; pages show what is said, programs are told by the server's own problem document. */
static const struct {
    unsigned status;
    const char *says;
} statuses[] = {
    {404, T("There is no such page.")},
    {405, T("This address does not take this method.")},
    {413, T("That was too long. Please write less.")},
    {415, T("The body is not of a type that this address takes.")},
    {431, T("The head of the request is too long.")},
    {414, T("The address is too long.")},
    {503, T("The console is busy. Try again in a moment.")},
    {408, MALFORMED},
    {411, MALFORMED},
    {417, MALFORMED},
    {501, MALFORMED},
    {505, MALFORMED},
    {400, MALFORMED},
};
enum { STATUS_COUNT = sizeof statuses / sizeof *statuses };

const char *refuse_page(struct http_req *req, void *room, unsigned status, struct buf *out)
{
    const struct console *console = room;
    size_t i = 0;
    if (http_req_is_under(req, "/api/"))
        return http_refusal_problem(req, status, out);
    while (i + 1 < STATUS_COUNT && statuses[i].status != status)
        i++;
    struct reader reader = {console->texts->catalogues, call_language(console->texts->catalogues, req)};
    json_t *context = json_pack("{s:s, s:s, s:s}", "title", words_text(&reader, T("This cannot be shown")), "says",
                                words_text(&reader, statuses[i].says), "office", console->settings->office_name);
    need(context && show_render(console, &reader, "problem", context, out) == ERR_OK);
    json_decref(context);
    return "text/html; charset=utf-8";
}

/* ---- all kinds ---- */

static const char *kind_at(size_t row, unsigned *status)
{
    if (row < CODE_COUNT) {
        *status = codes[row].status;
        return codes[row].type;
    }
    if (row >= CODE_COUNT + STATUS_COUNT)
        return NULL;
    *status = statuses[row - CODE_COUNT].status;
    return http_refusal_type(*status);
}

static int stands_before(size_t row)
{
    unsigned status, other_status;
    const char *type = kind_at(row, &status);
    need(type != NULL);
    for (size_t i = 0; i < row; i++) {
        const char *other = kind_at(i, &other_status);
        need(other != NULL);
        if (strcmp(other, type) == 0 && other_status == status)
            return 1;
    }
    return 0;
}

const char *refuse_kind(size_t index, unsigned *status)
{
    const char *type;
    for (size_t row = 0; (type = kind_at(row, status)); row++)
        if (!stands_before(row) && index-- == 0)
            return type;
    return NULL;
}
