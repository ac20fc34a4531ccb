/* call.c -- see call.h. */
#include "triage/console/call.h"

#include <string.h>
#include <strings.h>

#include "common/base/code.h"
#include "common/base/mem.h"
#include "common/base/rng.h"
#include "common/http/metrics.h"
#include "common/text/json.h"
#include "triage/console/agent.h"
#include "triage/console/guard.h"
#include "triage/console/refuse.h"
#include "triage/console/show.h"

enum { VAULT_MS = 15000, ENTRY_BYTES = 16 };

static void call_free(void *state)
{
    struct call *call = state;
    if (call->left)
        call->left(call);
    form_free(&call->query);
    form_free(&call->form);
    json_decref(call->body);
    json_decref(call->ask);
    json_decref(call->who);
    json_decref(call->kept);
    json_decref(call->refusal);
    buf_free(&call->file);
    session_wipe(&call->session);
    mem_free(call);
}

const char *call_form(const struct call *call, const char *name)
{
    const char *value = form_get(&call->form, name);
    return value ? value : "";
}

const char *call_query(const struct call *call, const char *name)
{
    const char *value = form_get(&call->query, name);
    return value ? value : "";
}

/* ---- to the vault and back ---- */

static struct frame_client *link_of(const struct call *call)
{
    const struct settings *settings = call->console->settings;
    const struct desk *desk = settings_desk(settings, call->session.desk);
    return desk ? call->console->links[desk - settings->desks] : NULL;
}

static void call_refused(struct call *call, struct http_req *req, const json_t *answer)
{
    const char *code = json_string_value(json_object_get(answer, "error"));
    const char *says = json_string_value(json_object_get(answer, "says"));
    metrics_add(METRIC_VAULT_REFUSED, 1);
    call->is_remembered = json_is_true(json_object_get(answer, "signed_in"));
    json_decref(call->refusal);
    call->refusal = json_deep_copy(answer);
    if (!code)
        code = "internal";
    if (strcmp(code, "locked") == 0)
        metrics_add(METRIC_VAULT_LOCKED, 1);
    if (call->action->fail)
        call->action->fail(call, req, code, says);
    else
        call_fail(call, req, code, says, json_string_value(json_object_get(answer, "field")));
}

static void call_unreachable(struct call *call, struct http_req *req)
{
    metrics_add(METRIC_VAULT_UNREACHABLE, 1);
    if (call->action->fail)
        call->action->fail(call, req, "unreachable", NULL);
    else
        call_fail(call, req, "unreachable", NULL, NULL);
}

static void call_answered(void *room, uint64_t tag, enum err err, const uint8_t *payload, size_t len)
{
    struct console *console = room;
    struct http_req *req = http_find(console->server, tag);
    json_t *answer = NULL;
    struct json_fault fault;
    if (!req) {
        metrics_add(METRIC_CLIENT_GONE, 1);
        return;
    }
    struct call *call = http_req_kept(req);
    if (err != ERR_OK)
        call_unreachable(call, req);
    else if (json_read_object(payload, len, &answer, &fault) != ERR_OK)
        call_fail(call, req, "internal", NULL, NULL);
    else if (json_is_true(json_object_get(answer, "ok")))
        call->next(call, req, answer);
    else
        call_refused(call, req, answer);
    json_decref(answer);
}

/* Takes `ask`. */
static enum err put_to_vault(struct call *call, json_t *ask, frame_answer_fn *fn, uint64_t tag)
{
    struct frame_client *link = link_of(call);
    need(ask != NULL);
    if (*call->session.token)
        need(json_object_set_new(ask, "session", json_string(call->session.token)) == 0);
    char *text = json_dumps(ask, JSON_COMPACT);
    need(text != NULL);
    enum err err = ERR_SYSTEM;
    if (link)
        err = frame_ask(link, text, strlen(text), VAULT_MS, fn, call->console, tag);
    mem_free(text);
    json_decref(ask);
    return err;
}

void call_ask(struct call *call, struct http_req *req, json_t *ask, call_show_fn *next)
{
    call->next = next;
    if (put_to_vault(call, ask, call_answered, http_req_id(req)) != ERR_OK)
        call_unreachable(call, req);
}

static void call_heard(void *room, uint64_t tag, enum err err, const uint8_t *payload, size_t len)
{
    (void)room, (void)tag, (void)err, (void)payload, (void)len;
}

/* A vault that cannot be told finds out by itself, later. */
void call_tell(struct call *call, json_t *tell)
{
    (void)!put_to_vault(call, tell, call_heard, 0);
}

/* ---- the steps ---- */

enum call_role call_role_of(const char *name)
{
    static const struct {
        const char *name;
        enum call_role role;
    } rows[] = {{"officer", ROLE_OFFICER},  {"administrator", ROLE_ADMINISTRATOR},
                {"handler", ROLE_HANDLER},  {"translator", ROLE_TRANSLATOR},
                {"manager", ROLE_MANAGER},  {"auditor", ROLE_AUDITOR},
                {"reviewer", ROLE_REVIEWER}};
    for (size_t i = 0; name && i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].name, name) == 0)
            return rows[i].role;
    return ROLE_NONE;
}

enum call_role call_role(const struct call *call)
{
    return call_role_of(json_string_value(json_object_get(call->who, "role")));
}

/* A device that has signed in before is not slowed down by others who guess. */
static void put_device(struct call *call, struct http_req *req)
{
    char device[SESSION_TOKEN_MAX + 1];
    session_read_cookie(http_req_header(req, "Cookie"), SESSION_DEVICE, device);
    need(json_object_set_new(call->ask, "device", json_string(device)) == 0);
    char agent[AGENT_MAX];
    agent_name(http_req_header(req, "User-Agent"), agent);
    need(json_object_set_new(call->ask, "agent", json_string(agent)) == 0);
}

static void call_operate(struct call *call, struct http_req *req)
{
    struct field_fault fault = {0};
    const struct form *form = call->action->method == HTTP_GET ? &call->query : &call->form;
    call->ask = call->action->op ? json_pack("{s:s}", "op", call->action->op) : json_object();
    if (call->action->id)
        need(json_object_set_new(call->ask, call->action->id, json_string(call->id)) == 0);
    enum err err = call->body ? fields_from_json(call->action->fields, call->body, call->ask, &fault)
                              : fields_from_form(call->action->fields, form, call->ask, &fault);
    if (err != ERR_OK) {
        if (call->action->fail)
            call->action->fail(call, req, "malformed", fault.says);
        else
            call_fail(call, req, "malformed", fault.says, fault.field);
        return;
    }
    if (call->action->door == DOOR_OPEN && call->action->method == HTTP_POST)
        put_device(call, req);
    if (call->action->op)
        call_ask(call, req, json_incref(call->ask), call->action->show);
    else
        call->action->show(call, req, NULL);
}

/* An action that asks the vault for nothing is refused here; every other refusal is the vault's, for the audit. */
static int may_see(const struct call *call)
{
    return call->action->op || call->action->role == ROLE_NONE || (call->action->role & call_role(call));
}

/* It is in the log; the person may know nothing of it. */
static void call_forged(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)answer;
    call_fail(call, req, "denied",
              call->is_forged ? T("This form came from another site.")
                              : T("This form is too old or not from this page. Go back, reload and try again."),
              NULL);
}

static void call_known(struct call *call, struct http_req *req, const json_t *answer)
{
    call->who = json_deep_copy(answer);
    need(call->who != NULL);
    const char *expected = json_string_value(json_object_get(call->who, "csrf"));
    if (call->action->door == DOOR_FORM && (call->is_forged || !guard_csrf(expected, form_get(&call->form, "csrf")))) {
        metrics_add(METRIC_FORGED, 1);
        call_ask(call, req, json_pack("{s:s, s:s}", "op", "session.forged", "where", call->action->name), call_forged);
    } else if (!call->action->op && json_is_true(json_object_get(call->who, "enrolling"))) {
        call_fail(call, req, "enrol", NULL, NULL);
    } else if (!may_see(call)) {
        call_fail(call, req, "denied", NULL, NULL);
    } else {
        call_operate(call, req);
    }
}

/* ---- what came ---- */

static int has_type(const struct http_req *req, const char *type)
{
    const char *header = http_req_header(req, "Content-Type");
    size_t len = strlen(type);
    return header && strncasecmp(header, type, len) == 0 && strchr(" \t;", header[len]);
}

static int read_form(struct call *call, struct http_req *req)
{
    struct buf *body = http_req_body(req);
    if (body->len && !has_type(req, "application/x-www-form-urlencoded")) {
        refuse_media_type(call, req);
        return 0;
    }
    if (form_read(&call->form, buf_text(body), body->len) != ERR_OK) {
        call_fail(call, req, "malformed", NULL, NULL);
        return 0;
    }
    buf_clear(body);
    return 1;
}

/* A body may be missing where no field is needed ("take next"). */
static int read_json(struct call *call, struct http_req *req)
{
    struct buf *body = http_req_body(req);
    struct json_fault fault;
    if (body->len == 0) {
        call->body = json_object();
        return 1;
    }
    if (!has_type(req, "application/json")) {
        refuse_media_type(call, req);
        return 0;
    }
    if (json_read_object(body->bytes, body->len, &call->body, &fault) != ERR_OK) {
        call_fail(call, req, "malformed", T("The body is not the JSON object it should be."), NULL);
        return 0;
    }
    buf_clear(body);
    return 1;
}

static int is_same_origin(const struct http_req *req)
{
    return guard_same_origin(http_req_header(req, "Origin"), http_req_header(req, "Sec-Fetch-Site"),
                             http_req_header(req, "Host"));
}

/* ---- the doors ---- */

static void enter_api(struct call *call, struct http_req *req)
{
    const struct settings *settings = call->console->settings;
    metrics_add(METRIC_API, 1);
    if (session_from_bearer(http_req_header(req, "Authorization"), &call->session) != ERR_OK) {
        call_fail(call, req, "signin", T("Bring a token: Authorization: Bearer …"), NULL);
        return;
    }
    const char *named = call_query(call, "desk");
    const struct desk *desk = *named ? settings_desk(settings, named) : settings_first_desk(settings);
    if (!desk) {
        call_fail(call, req, "not_found", T("There is no such desk."), "desk");
        return;
    }
    memcpy(call->session.desk, desk->code, sizeof desk->code);
    if (call->action->method == HTTP_GET || read_json(call, req))
        call_operate(call, req);
}

static void enter_session(struct call *call, struct http_req *req)
{
    metrics_add(METRIC_PAGES, 1);
    char agent[AGENT_MAX];
    call->is_forged = call->action->door == DOOR_FORM && !is_same_origin(req);
    int has_session = session_from_cookie(http_req_header(req, "Cookie"), &call->session) == ERR_OK;
    if (!has_session && call->is_forged) {
        metrics_add(METRIC_FORGED, 1);
        call_forged(call, req, NULL);
        return;
    }
    /* Of a form from elsewhere nothing is read but whose session it came with. */
    if (call->action->door == DOOR_FORM && !call->is_forged && !read_form(call, req))
        return;
    if (!has_session) {
        call_fail(call, req, "signin", NULL, NULL);
        return;
    }
    agent_name(http_req_header(req, "User-Agent"), agent);
    call_ask(call, req, json_pack("{s:s, s:s}", "op", "whoami", "agent", agent), call_known);
}

/* Before there is a session the form's token is a cookie of its own (double submit; __Host- keeps others from setting
 * it). */
static void enter_open(struct call *call, struct http_req *req)
{
    const struct settings *settings = call->console->settings;
    metrics_add(METRIC_PAGES, 1);
    session_read_cookie(http_req_header(req, "Cookie"), SESSION_ENTRY, call->entry);
    if (call->action->method == HTTP_POST) {
        if (!read_form(call, req))
            return;
        if (!is_same_origin(req) || !guard_csrf(call->entry, form_get(&call->form, "csrf"))) {
            metrics_add(METRIC_FORGED, 1);
            call_fail(call, req, "denied",
                      T("This form is too old or not from this page. Go back, reload and try again."), NULL);
            return;
        }
    }
    if (!*call->entry) {
        uint8_t fresh[ENTRY_BYTES];
        rng_bytes(fresh, sizeof fresh);
        code_hex(fresh, sizeof fresh, call->entry);
    }
    const char *named = call->action->method == HTTP_POST ? call_form(call, "desk") : call_query(call, "desk");
    const struct desk *desk = settings_desk(settings, named);
    if (!desk)
        desk = settings_first_desk(settings);
    memcpy(call->session.desk, desk->code, sizeof desk->code);
    call_operate(call, req);
}

const char *call_language(const struct catalogue_set *catalogues, struct http_req *req)
{
    size_t count;
    const char *const *codes = catalogue_languages(catalogues, &count);
    char chosen[SESSION_TOKEN_MAX + 1];
    session_read_cookie(http_req_header(req, "Cookie"), SESSION_LANGUAGE, chosen);
    for (size_t i = 0; i < count; i++)
        if (strcmp(codes[i], chosen) == 0)
            return codes[i];
    return language_negotiate(http_req_header(req, "Accept-Language"), codes, count);
}

/* "?lang=fr" at any page: used at once and kept. */
static void choose_language(struct call *call, struct http_req *req)
{
    size_t count;
    const struct catalogue_set *catalogues = call->console->texts->catalogues;
    const char *const *codes = catalogue_languages(catalogues, &count);
    const char *wanted = call_query(call, "lang");
    call->reader = (struct reader){catalogues, call_language(catalogues, req)};
    for (size_t i = 0; i < count; i++)
        if (strcmp(codes[i], wanted) == 0) {
            call->reader.language = codes[i];
            show_keep_language(req, codes[i]);
        }
}

static int id_is_good(const char *id)
{
    uint8_t bytes[16];
    return code_unid(id, strlen(id), bytes) == ERR_OK;
}

void call_begin(struct console *console, struct http_req *req, const struct action *action)
{
    static void (*const enter[])(struct call *, struct http_req *) = {
        [DOOR_OPEN] = enter_open, [DOOR_PAGE] = enter_session, [DOOR_FORM] = enter_session, [DOOR_API] = enter_api};
    const char *query = http_req_query(req);
    struct call *call = mem_new(sizeof *call);
    call->console = console;
    call->action = action;
    http_req_keep(req, call, call_free);
    enum err err = form_read(&call->query, query, strlen(query));
    choose_language(call, req);
    call->id = action->id ? http_req_param(req, 0) : NULL;
    if (err != ERR_OK)
        call_fail(call, req, "malformed", NULL, NULL);
    else if (call->id && !id_is_good(call->id))
        call_fail(call, req, "not_found", NULL, NULL);
    else
        enter[action->door](call, req);
}
