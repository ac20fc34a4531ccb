/* ops_sessions.c -- what lets somebody in besides signing in now: sessions that are open elsewhere, and tokens of
 * programs. People see their own and end them; the operator makes tokens where people cannot yet. */
#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "triage/vault/audit.h"
#include "triage/vault/fresh.h"
#include "triage/vault/ops.h"
#include "triage/vault/token.h"

static void changed(void *room, enum err err)
{
    struct request *request = room;
    if (err == ERR_OK)
        request_ok(request, NULL);
    else
        request_fail_with(request, err);
}

/* ---- sessions ---- */

void ops_account_session_end(struct request *request)
{
    const char *which;
    struct sessions *sessions = request->vault->sessions;
    struct session *session = request_session(request);
    if (!request_text(request, "which", 1, SESSION_PUBLIC, &which))
        return;
    if (!session || request->is_token) {
        request_deny(request, "A program may not do this: a person has to.");
        return;
    }
    if (strcmp(which, "others") == 0) {
        session_end_others(sessions, session);
    } else if (!session_end_public(sessions, session, which)) {
        request_fail(request, "not_found", "There is no such thing here.", "which");
        return;
    }
    audit_alone(request->vault, request->who, "account.session.end", NULL, NULL, changed, request);
}

/* ---- tokens ---- */

static void token_kept(void *room, enum err err)
{
    struct request *request = room;
    if (err == ERR_OK)
        request_ok(request, json_pack("{s:O}", "token", request->kept));
    else
        request_fail_with(request, err);
}

/* By `scope`, `days`, `label` of the body; without a scope all that the role may. */
static void make_token(struct request *request, struct person *person)
{
    const char *name = "", *label = "";
    int64_t days = TOKEN_DAYS;
    char text[TOKEN_TEXT];
    if (!request_text(request, "scope", 0, 20, &name) || !request_text(request, "label", 0, TOKEN_LABEL, &label) ||
        !request_int(request, "days", 0, 1, TOKEN_DAYS_MAX, &days))
        return;
    enum token_scope scope = *name                                ? token_scope_of(name)
                             : person->role == ROLE_ADMINISTRATOR ? SCOPE_ADMIN
                                                                  : SCOPE_WORK;
    if (scope == SCOPE_NONE) {
        request_fail(request, "malformed", "A scope is read, work or admin.", "scope");
        return;
    }
    json_t *json = json_deep_copy(person->json);
    token_new(json, scope, days, label, clock_wall(), text);
    request->kept = json_string(text);
    people_change(request->vault, request->who, "people.token", person, json, token_kept, request);
    mem_wipe(text, sizeof text);
}

static struct person *own(struct request *request)
{
    struct person *person = people_by_id(request->vault->people, request->person);
    if (person && !request->is_token)
        return person;
    request_deny(request, "A program may not do this: a person has to.");
    return NULL;
}

static void make_own(struct request *request)
{
    struct person *person = own(request);
    if (person)
        make_token(request, person);
}

void ops_account_token(struct request *request)
{
    fresh_check(request, make_own);
}

void ops_account_token_end(struct request *request)
{
    const char *id;
    struct person *person = own(request);
    if (!person || !request_text(request, "token", 1, TOKEN_ID, &id))
        return;
    json_t *json = json_deep_copy(person->json);
    if (token_end(json, id)) {
        people_change(request->vault, request->who, "account.token.end", person, json, changed, request);
    } else {
        json_decref(json);
        request_fail(request, "not_found", "There is no such thing here.", "token");
    }
}

/* Root of this machine makes no tokens for a protected desk, where people have a second factor to make their own with.
 */
void ops_people_token(struct request *request)
{
    struct person *person = people_named(request);
    if (!person)
        return;
    if (people_is_protected(vault_desk(request->vault)) &&
        strcmp(request->vault->settings.second_factor, "offered") != 0)
        request_deny(request, "At this desk people make their own tokens, on the page of their account.");
    else
        make_token(request, person);
}
