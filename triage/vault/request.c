/* request.c -- see request.h: frames in, the table asked, answers out. */
#include "triage/vault/request.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/frame.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/text/json.h"
#include "triage/vault/audit.h"
#include "triage/vault/marks.h"
#include "triage/vault/permit.h"
#include "triage/vault/seen.h"
#include "triage/vault/signin.h"

enum { OP_MAX = 40, TOKEN_MAX = 100 };
static const char token_start[] = "rct-";

struct door {
    struct vault *vault;
    enum request_socket socket;
    struct frame_server *server;
};

struct requests {
    struct door console, operator_socket;
    unsigned waiting;
};

static struct door *door_of(struct request *request)
{
    struct requests *all = request->vault->requests;
    return request->socket == SOCKET_CONSOLE ? &all->console : &all->operator_socket;
}

/* ---- answers ---- */

static void request_free(struct request *request)
{
    request->vault->requests->waiting--;
    json_decref(request->body);
    json_decref(request->kept);
    mem_free(request);
}

static void send(struct request *request, json_t *answer)
{
    struct door *door = door_of(request);
    char *text = json_dumps(answer, JSON_COMPACT);
    need(text != NULL);
    enum err err =
        door->server ? frame_answer(door->server, request->peer, request->number, text, strlen(text)) : ERR_CANCELLED;
    if (err == ERR_TOO_BIG) {
        static const char too_big[] = "{\"ok\":false,\"error\":\"internal\",\"says\":\"The answer is too long.\"}";
        err = frame_answer(door->server, request->peer, request->number, too_big, sizeof too_big - 1);
    }
    /* A peer that is gone wants no answer. */
    if (err == ERR_BUSY)
        log_warn("answer_lost", LOG_ERR(err));
    mem_free(text);
    json_decref(answer);
    request_free(request);
}

void request_ok(struct request *request, json_t *fields)
{
    json_t *answer = json_pack("{s:b}", "ok", 1);
    if (fields)
        need(json_object_update(answer, fields) == 0);
    json_decref(fields);
    send(request, answer);
}

static void send_fail(struct request *request, const char *code, const char *says, const char *field,
                      const json_t *changed)
{
    json_t *answer = json_pack("{s:b,s:s,s:s}", "ok", 0, "error", code, "says", says);
    if (field)
        json_object_set_new(answer, "field", json_string(field));
    if (request->is_remembered)
        json_object_set_new(answer, "signed_in", json_true());
    if (changed)
        json_object_set_new(answer, "changed", json_deep_copy(changed));
    send(request, answer);
}

/* An id that leads to nothing here may be one of another desk that was tried. */
static int names_a_stranger(const struct request *request, const char *code)
{
    static const char *const ids[] = {"case", "impact", "action"};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        if (strcmp(code, "not_found") == 0 && request->role != ROLE_NONE &&
            json_is_string(json_object_get(request->body, ids[i])))
            return request->vault->phase == PHASE_OPEN;
    return 0;
}

static void stranger_kept(void *room, enum err err)
{
    struct request *request = room;
    const char *field = json_string_value(json_object_get(request->kept, "field"));
    if (err != ERR_OK)
        request_fail_with(request, err);
    else
        send_fail(request, "not_found", json_string_value(json_object_get(request->kept, "says")), field, NULL);
}

void request_fail(struct request *request, const char *code, const char *says, const char *field)
{
    if (!names_a_stranger(request, code)) {
        send_fail(request, code, says, field, NULL);
        return;
    }
    json_decref(request->kept);
    request->kept = json_pack("{s:s,s:s*}", "says", says, "field", field);
    need(request->kept != NULL);
    /* Who is in conflict with a case is told the same as for an id that never was; the log knows better. */
    uint8_t id[16];
    const char *text = json_string_value(json_object_get(request->body, "case"));
    int hides = text && seen_hides(request->vault, request->who, text, id);
    audit_alone(request->vault, request->who, hides ? "refused" : "not_found", hides ? id : NULL,
                json_pack("{s:s}", "op", request->permit ? request->permit->op : "unknown"), stranger_kept, request);
}

void request_conflict(struct request *request, const json_t *changed)
{
    send_fail(request, "conflict", "Someone was faster. Look again at what is there now.", NULL, changed);
}

void request_fail_with(struct request *request, enum err err)
{
    static const struct {
        enum err err;
        const char *code, *says;
    } rows[] = {
        {ERR_CONFLICT, "conflict", "Someone was faster. Look again at what is there now."},
        {ERR_NOT_FOUND, "not_found", "There is no such thing here."},
        {ERR_DENIED, "denied", "You may not do this."},
        {ERR_LOCKED, "locked", "The vault is locked."},
        {ERR_BUSY, "busy", "Too much is going on. Try again in a moment."},
        {ERR_DB_DOWN, "busy", "The database is away. Try again in a moment."},
        {ERR_DB_UNKNOWN, "busy", "It is not known whether this was kept. Look before you try again."},
        {ERR_CANCELLED, "busy", "The vault is starting again. Try again in a moment."},
        {ERR_TIMEOUT, "busy", "That took too long. Try again in a moment."},
        {ERR_TOO_BIG, "malformed", "That is too long."},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].err == err) {
            request_fail(request, rows[i].code, rows[i].says, NULL);
            return;
        }
    log_error("request_failed", LOG_NAME("op", request->permit ? request->permit->op : "none"), LOG_ERR(err));
    request_fail(request, "internal", "Something went wrong here. It has been noted.", NULL);
}

/* ---- refusals ---- */

static void denial_kept(void *room, enum err err)
{
    struct request *request = room;
    if (err != ERR_OK)
        request_fail_with(request, err);
    else
        request_fail(request, "denied", json_string_value(request->kept), NULL);
}

void request_deny(struct request *request, const char *says)
{
    json_decref(request->kept);
    request->kept = json_string(says);
    audit_alone(request->vault, request->who, "refused", NULL,
                json_pack("{s:s}", "op", request->permit ? request->permit->op : "unknown"), denial_kept, request);
}

/* ---- who asks ---- */

struct session *request_session(const struct request *request)
{
    const char *text = json_string_value(json_object_get(request->body, "session"));
    struct sessions *all = request->vault->sessions;
    if (!text || request->role == ROLE_NONE)
        return NULL;
    return request->is_token ? session_of_token(all, request->session, request->person, clock_wall())
                             : session_find(all, text, clock_wall());
}

static struct person *person_of_token(struct request *request, const char *text)
{
    uint8_t sha256[32];
    sign_sha256(text, strlen(text), sha256);
    struct person *person = people_by_token(request->vault->people, sha256, clock_wall(), &request->scope);
    if (!person) {
        /* Made up, ended, or of another desk: counted like a wrong password. */
        signin_failed(request->vault, NULL);
        return NULL;
    }
    request->is_token = 1;
    session_of_token(request->vault->sessions, sha256, person->id, clock_wall());
    memcpy(request->session, sha256, sizeof request->session);
    return person;
}

static struct person *person_of_session(struct request *request, const char *text)
{
    struct session *session = session_find(request->vault->sessions, text, clock_wall());
    if (!session)
        return NULL;
    memcpy(request->session, session->id, sizeof request->session);
    request->is_enrolling = session->is_enrolling;
    return people_by_id(request->vault->people, session->person);
}

/* 0: nobody whom we know. */
static int recognise(struct request *request)
{
    const char *text = json_string_value(json_object_get(request->body, "session"));
    if (!text || strlen(text) > TOKEN_MAX)
        return 0;
    int is_token = strncmp(text, token_start, sizeof token_start - 1) == 0;
    const struct person *person = is_token ? person_of_token(request, text) : person_of_session(request, text);
    if (!person || person->is_ended || person->is_waiting || marks_exclude(request->vault, person->name))
        return 0;
    memcpy(request->who, person->name, sizeof request->who);
    memcpy(request->person, person->id, sizeof request->person);
    request->role = person->role;
    return 1;
}

static int is_within_budget(struct request *request)
{
    struct session *session = request_session(request);
    uint8_t id[16];
    const char *text = json_string_value(json_object_get(request->body, "case"));
    int is_case =
        request->permit->opening == PERMIT_OPENING_CASE && text && code_unid(text, strlen(text), id) == ERR_OK;
    return session && session_spend(request->vault->sessions, session, is_case ? id : NULL, clock_wall());
}

static void budget_kept(void *room, enum err err)
{
    (void)err;
    request_fail(room, "budget", "You have opened as many cases as you may for now.", NULL);
}

/* Whoever signed in before the meaning was forgotten is nobody yet, but no stranger: the console may tell them what it
 * knows by itself. */
static void refuse_for_now(struct request *request)
{
    const char *text = json_string_value(json_object_get(request->body, "session"));
    int locked = request->vault->phase == PHASE_LOCKED;
    request->is_remembered = text && session_find(request->vault->sessions, text, clock_wall());
    request_fail_with(request, locked ? ERR_LOCKED : ERR_CANCELLED);
}

static void dispatch(struct request *request)
{
    const struct permit *permit = request->permit;
    if (!permit->while_locked && request->vault->phase != PHASE_OPEN) {
        refuse_for_now(request);
    } else if (permit->roles && !recognise(request)) {
        request_fail(request, "signin", "You are not signed in, or your session has ended.", NULL);
    } else if (permit->roles && !(permit->roles & request->role)) {
        request_deny(request, "Your role does not include this.");
    } else if (request->is_token && request->scope < permit_scope(permit)) {
        request_deny(request, "The scope of this token does not include this.");
    } else if (request->is_enrolling && !(permit->roles & PERMIT_ENROLLING)) {
        request_fail(request, "enrol", "Set up a second factor first.", NULL);
    } else if (permit->opening && !is_within_budget(request)) {
        audit_alone(request->vault, request->who, "budget_spent", NULL, json_pack("{s:s}", "op", permit->op),
                    budget_kept, request);
    } else {
        permit->run(request);
    }
}

void request_again(void *arg)
{
    struct request *request = arg;
    if (request->vault->phase == PHASE_OPEN)
        request->permit->run(request);
    else
        request_fail_with(request, ERR_CANCELLED);
}

/* ---- frames ---- */

static void asked(void *room, uint64_t peer, uint32_t number, uid_t uid, const uint8_t *payload, size_t len)
{
    (void)uid;
    struct door *door = room;
    struct json_fault fault;
    struct request *request = mem_new(sizeof *request);
    *request = (struct request){.vault = door->vault, .socket = door->socket, .peer = peer, .number = number};
    unsigned waiting = ++door->vault->requests->waiting;
    const char *op = "";
    if (door->socket == SOCKET_OPERATOR)
        strcpy(request->who, "operator");
    if (waiting > REQUEST_WAITING_MAX) {
        request_fail_with(request, ERR_BUSY);
        return;
    }
    if (json_read_object(payload, len, &request->body, &fault) != ERR_OK ||
        json_text(request->body, "op", JSON_REQUIRED, OP_MAX, &op, &fault) != ERR_OK ||
        !(request->permit = permit_find(op, door->socket)))
        request_fail(request, "malformed", "There is no such operation.", "op");
    else
        dispatch(request);
}

static enum err open_door(struct vault *vault, struct door *door, enum request_socket socket,
                          const struct listening *where)
{
    struct frame_listen listen = {.path = where->path,
                                  .mode = 0666, /* the folder and the uid decide who comes in */
                                  .uids = &where->uid,
                                  .uid_count = 1,
                                  .payload_max = REQUEST_PAYLOAD_MAX,
                                  .peers_max = REQUEST_PEERS_MAX};
    door->vault = vault;
    door->socket = socket;
    return frame_server_new(vault->loop, &listen, asked, NULL, door, &door->server);
}

enum err requests_open(struct vault *vault, const struct listening *console, const struct listening *operator_socket)
{
    struct requests *all = vault->requests = mem_new(sizeof *all);
    enum err err = open_door(vault, &all->console, SOCKET_CONSOLE, console);
    if (err == ERR_OK)
        err = open_door(vault, &all->operator_socket, SOCKET_OPERATOR, operator_socket);
    return err;
}

void requests_close(struct vault *vault)
{
    struct requests *all = vault->requests;
    struct door *doors[] = {&all->console, &all->operator_socket};
    for (size_t i = 0; i < 2; i++) {
        struct frame_server *server = doors[i]->server;
        doors[i]->server = NULL;
        if (server)
            frame_server_free(server);
    }
}

/* ---- fields ---- */

static int refuse_field(struct request *request, const struct json_fault *fault, enum err err)
{
    const char *says = err == ERR_TOO_BIG ? "This is too long, or outside its range."
                                          : "This is missing, or not in the form it must have.";
    request_fail(request, "malformed", says, fault->field);
    return 0;
}

int request_text(struct request *request, const char *key, int required, size_t max, const char **out)
{
    struct json_fault fault;
    enum err err = json_text(request->body, key, required ? JSON_REQUIRED : JSON_MAY_MISS, max, out, &fault);
    return err == ERR_OK ? 1 : refuse_field(request, &fault, err);
}

int request_int(struct request *request, const char *key, int required, int64_t min, int64_t max, int64_t *out)
{
    struct json_fault fault;
    enum err err = json_int(request->body, key, required ? JSON_REQUIRED : JSON_MAY_MISS, min, max, out, &fault);
    return err == ERR_OK ? 1 : refuse_field(request, &fault, err);
}

int request_flag(struct request *request, const char *key, int required, int *out)
{
    struct json_fault fault;
    enum err err = json_flag(request->body, key, required ? JSON_REQUIRED : JSON_MAY_MISS, out, &fault);
    return err == ERR_OK ? 1 : refuse_field(request, &fault, err);
}
