/* ops_desk.c -- operations about the vault and the session itself: status, keys, unlock, whoami, signout. */
#include <string.h>

#include "common/base/clock.h"
#include "triage/vault/audit.h"
#include "triage/vault/book.h"
#include "triage/vault/case_state.h"
#include "triage/vault/indexer.h"
#include "triage/vault/keys_link.h"
#include "triage/vault/ops.h"
#include "triage/vault/pager.h"
#include "triage/vault/recovery.h"

enum { PASSPHRASE_MAX = 1024, WHERE_MAX = 40 };
static const char keys_away[] = "The keys process does not answer. Try again in a moment.";

void ops_status(struct request *request)
{
    struct vault *vault = request->vault;
    size_t members = 0;
    for (size_t i = 0; i < people_count(vault->people); i++)
        members += !people_at(vault->people, i)->is_ended;
    request_ok(request, json_pack("{s:s,s:b,s:I,s:I,s:i,s:b,s:I,s:I,s:b,s:I}", "desk", vault_desk(vault), "locked",
                                  vault->phase == PHASE_LOCKED, "cases", (json_int_t)book_known(vault->book), "read",
                                  (json_int_t)indexer_count(vault->indexer), "inbox", (int)vault->inbox_waiting,
                                  "rebuilding", vault->phase == PHASE_FENCING || vault->phase == PHASE_REBUILDING,
                                  "members", (json_int_t)members, "fence", (json_int_t)vault->fence, "on_call",
                                  vault->phase == PHASE_OPEN && pager_reaches_somebody(vault->pager), "looks",
                                  (json_int_t)pager_waiting(vault->pager)));
}

static void unlocked(void *room, enum err err)
{
    struct request *request = room;
    if (err == ERR_OK)
        request_ok(request, NULL);
    else if (err == ERR_DENIED)
        request_fail(request, "denied", "That passphrase does not open the keys.", "passphrase");
    else
        request_fail(request, "busy", keys_away, NULL);
}

static void keys_told(void *room, enum err err)
{
    struct request *request = room;
    if (err == ERR_OK || err == ERR_LOCKED)
        request_ok(request, json_pack("{s:b,s:I}", "locked", err == ERR_LOCKED, "epoch",
                                      (json_int_t)keys_link_epoch(request->vault->keys)));
    else
        request_fail(request, "busy", keys_away, NULL);
}

/* Of the keys process itself, which may have been started again since the vault was unlocked. */
void ops_keys_status(struct request *request)
{
    keys_link_status(request->vault->keys, vault_desk(request->vault), keys_told, request);
}

void ops_unlock(struct request *request)
{
    const char *passphrase;
    if (!request_text(request, "passphrase", 1, PASSPHRASE_MAX, &passphrase))
        return;
    keys_link_unlock(request->vault->keys, passphrase, strlen(passphrase), unlocked, request);
}

/* Others let this account in anew since the person was last here: they should know. */
static json_t *was_recovered(const struct person *person, const struct session *session)
{
    const json_t *recovered = json_object_get(person->json, "recovered");
    int64_t at = clock_parse(state_text(recovered, "at"));
    return at >= session->before && at > 0 ? json_deep_copy(recovered) : json_null();
}

/* A cookie that turns up in another kind of browser was copied. Who copies the browser's name too is not noticed. */
static int is_elsewhere(const struct request *request, const struct session *session)
{
    const char *agent = state_text(request->body, "agent");
    return *agent && *session->device && strcmp(agent, session->device) != 0;
}

static void moved(void *room, enum err err)
{
    (void)err;
    request_fail(room, "signin", "You are not signed in, or your session has ended.", NULL);
}

void ops_whoami(struct request *request)
{
    struct vault *vault = request->vault;
    const struct person *person = people_by_id(vault->people, request->person);
    struct session *session = request_session(request);
    unsigned hour = 0, day = 0;
    char csrf[SESSION_CSRF] = "";
    need(session != NULL && person != NULL); /* the table asked for one */
    if (is_elsewhere(request, session)) {
        session_end(vault->sessions, session);
        audit_alone(vault, request->who, "session.moved", NULL, NULL, moved, request);
        return;
    }
    session_spent(vault->sessions, session, clock_wall(), &hour, &day);
    session_csrf(vault->sessions, session, csrf);
    size_t waiting = 0;
    for (size_t i = 0; (request->role & ROLES_MEMBER) && i < people_count(vault->people); i++)
        waiting += people_at(vault->people, i)->is_waiting && !people_at(vault->people, i)->is_ended;
    request_ok(request,
               json_pack("{s:s,s:s,s:s,s:s,s:i,s:i,s:I,s:I,s:b,s:o,s:I,s:o,s:o,s:o}", "name", request->who, "role",
                         people_role_name(request->role), "desk", vault_desk(vault), "csrf", csrf, "openings_hour",
                         (int)hour, "openings_day", (int)day, "budget_hour", (json_int_t)vault->settings.per_hour,
                         "budget_day", (json_int_t)vault->settings.per_day, "enrolling", request->is_enrolling, "news",
                         people_news(vault, session), "admissions", (json_int_t)waiting, "recovery",
                         recovery_row(person->json, clock_wall()), "recovered", was_recovered(person, session),
                         "on_call",
                         request->role & ROLES_MEMBER ? pager_json(vault->pager, request->who) : json_null()));
}

static void told(void *room, enum err err)
{
    struct request *request = room;
    if (err == ERR_OK)
        request_ok(request, NULL);
    else
        request_fail_with(request, err);
}

/* The console refused a form that was not one of its own. It can only say so of sessions that it was brought. */
void ops_session_forged(struct request *request)
{
    const char *where;
    if (request_text(request, "where", 1, WHERE_MAX, &where))
        audit_alone(request->vault, request->who, "forged", NULL, json_pack("{s:s}", "op", where), told, request);
}

static void signed_out(void *room, enum err err)
{
    (void)err; /* the session is gone in any case */
    request_ok(room, NULL);
}

void ops_signout(struct request *request)
{
    struct session *session = request_session(request);
    if (session && !request->is_token)
        session_end(request->vault->sessions, session);
    audit_alone(request->vault, request->who, "signout", NULL, NULL, signed_out, request);
}
