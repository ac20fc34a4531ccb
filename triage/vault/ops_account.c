/* ops_account.c -- what people do with their own account: look at it, set up an authenticator app, take another
 * password.
 *
 * At the first sign-in the session may do nothing else (PERMIT_ENROLLING) where a second factor is required. Later
 * every change of it wants password and code once more (fresh.h), and ends the person's other sessions. */
#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "triage/vault/case_state.h"
#include "triage/vault/factor.h"
#include "triage/vault/fresh.h"
#include "triage/vault/hasher.h"
#include "triage/vault/ops.h"
#include "triage/vault/token.h"
#include "triage/vault/totp.h"

enum { PASSWORD_MIN = 12, URI_MAX = 1024 };

/* Who asks and in which session; NULL when the request was answered. */
static struct person *own(struct request *request, struct session **session)
{
    struct person *person = people_by_id(request->vault->people, request->person);
    *session = request_session(request);
    if (person && *session && !request->is_token)
        return person;
    request_deny(request, "A program may not do this: a person has to.");
    return NULL;
}

/* Last used by the hour: enough to know whether it was oneself. */
static json_t *session_rows(const struct request *request)
{
    const struct sessions *sessions = request->vault->sessions;
    const struct session *here = request_session(request), *one;
    int64_t now = clock_wall();
    json_t *list = json_array();
    for (size_t i = 0; (one = session_at(sessions, request->person, i, now)); i++) {
        char id[SESSION_PUBLIC], since[CLOCK_TEXT_SIZE], seen[CLOCK_TEXT_SIZE];
        session_public(sessions, one, id);
        clock_text(one->since, since);
        clock_text(one->seen - one->seen % 3600, seen);
        need(json_array_append_new(list, json_pack("{s:s,s:s,s:s,s:s,s:b}", "id", id, "device", one->device, "since",
                                                   since, "seen", seen, "here", one == here)) == 0);
    }
    return list;
}

static json_t *passkey_rows(const json_t *json)
{
    static const char *const keys[] = {"id", "label", "since", "used"};
    json_t *list = json_array(), *one;
    size_t i;
    json_array_foreach(json_object_get(json, "passkeys"), i, one)
    {
        json_t *row = json_object();
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
            need(json_object_set_new(row, keys[k], json_string(state_text(one, keys[k]))) == 0);
        need(json_array_append_new(list, row) == 0);
    }
    return list;
}

void ops_account_show(struct request *request)
{
    struct session *session;
    const struct person *person = own(request, &session);
    if (!person)
        return;
    const json_t *totp = json_object_get(person->json, "totp");
    request_ok(request,
               json_pack("{s:s,s:s,s:s,s:b,s:b,s:s,s:I,s:o,s:o,s:o,s:o,s:O*}", "name", person->name, "role",
                         people_role_name(person->role), "since", state_text(person->json, "since"), "enrolling",
                         session->is_enrolling, "totp", json_is_object(totp), "totp_since", state_text(totp, "since"),
                         "codes", (json_int_t)json_array_size(json_object_get(person->json, "codes")), "passkeys",
                         passkey_rows(person->json), "passkey", passkey_asking(request), "sessions",
                         session_rows(request), "tokens", token_list(person->json, clock_wall()), "aliases",
                         json_object_get(person->json, "aliases")));
}

/* ---- the authenticator app ---- */

static void add_escaped(struct buf *out, const char *text)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    for (; *text; text++)
        need((strchr(plain, *text) ? buf_add_byte(out, (uint8_t)*text)
                                   : buf_addf(out, "%%%02X", (unsigned)(unsigned char)*text)) == ERR_OK);
}

/* The form that apps agree on: otpauth://totp/ISSUER:NAME?secret=...&issuer=ISSUER */
static void otpauth(const struct vault *vault, const char *name, const char *secret, struct buf *out)
{
    char issuer[128];
    snprintf(issuer, sizeof issuer, "%s %s", vault->settings.issuer, vault_desk(vault));
    need(buf_add_text(out, "otpauth://totp/") == ERR_OK);
    add_escaped(out, issuer);
    need(buf_add_text(out, ":") == ERR_OK);
    add_escaped(out, name);
    need(buf_addf(out, "?secret=%s&issuer=", secret) == ERR_OK);
    add_escaped(out, issuer);
}

/* The same until it is confirmed: a page that is loaded again shows what the app has already. */
static void show_secret(struct request *request)
{
    struct session *session;
    const struct person *person = own(request, &session);
    struct buf uri = BUF_INIT(URI_MAX);
    if (!person)
        return;
    if (!*session->secret)
        totp_secret(session->secret);
    otpauth(request->vault, person->name, session->secret, &uri);
    request_ok(request, json_pack("{s:s,s:s}", "secret", session->secret, "uri", buf_text(&uri)));
    buf_free(&uri);
}

void ops_account_totp(struct request *request)
{
    /* Whoever is enrolling has just shown the password, and has nothing else to show. */
    if (request->is_enrolling)
        show_secret(request);
    else
        fresh_check(request, show_secret);
}

static void confirmed(void *room, enum err err)
{
    struct request *request = room;
    struct session *session = request_session(request);
    if (err == ERR_OK && session) {
        session->is_enrolling = 0;
        mem_wipe(session->secret, sizeof session->secret);
        session_end_others(request->vault->sessions, session);
        request_ok(request, json_pack("{s:O}", "codes", request->kept));
    } else {
        request_fail_with(request, err == ERR_OK ? ERR_CANCELLED : err);
    }
}

void ops_account_confirm(struct request *request)
{
    const char *code;
    json_t *codes;
    struct session *session;
    struct person *person = own(request, &session);
    if (!person || !request_text(request, "code", 1, FACTOR_CODE_MAX, &code))
        return;
    int64_t period = *session->secret ? totp_check(session->secret, code, 0, clock_wall()) : -1;
    if (period < 0) {
        request_fail(request, "malformed", "That is not the code that the app shows now.", "code");
        return;
    }
    json_t *json = json_deep_copy(person->json);
    totp_codes(&request->kept, &codes);
    json_object_set_new(
        json, "totp",
        json_pack("{s:s,s:I,s:o}", "secret", session->secret, "last", (json_int_t)period, "since", state_now()));
    json_object_set_new(json, "codes", codes);
    people_change(request->vault, request->who, "account.totp", person, json, confirmed, request);
}

/* ---- the password ---- */

static void changed(void *room, enum err err)
{
    struct request *request = room;
    struct session *session = request_session(request);
    if (err == ERR_OK && session)
        session_end_others(request->vault->sessions, session);
    if (err == ERR_OK)
        request_ok(request, NULL);
    else
        request_fail_with(request, err);
}

static void hashed(void *room, enum err err, const char *encoded)
{
    struct request *request = room;
    struct session *session;
    if (err == ERR_OK && request->vault->phase != PHASE_OPEN)
        err = ERR_CANCELLED;
    if (err != ERR_OK) {
        request_fail_with(request, err);
        return;
    }
    struct person *person = own(request, &session);
    if (!person)
        return;
    json_t *json = json_deep_copy(person->json);
    state_set_text(json, "password", encoded);
    people_change(request->vault, request->who, "account.password", person, json, changed, request);
}

static void take_password(struct request *request)
{
    if (hasher_make(request->vault->hasher, state_text(request->body, "new"), hashed, request) != ERR_OK)
        request_fail_with(request, ERR_BUSY);
}

void ops_account_password(struct request *request)
{
    const char *fresh;
    if (!request_text(request, "new", 1, HASHER_PASSWORD_MAX, &fresh))
        return;
    if (strlen(fresh) < PASSWORD_MIN)
        request_fail(request, "malformed", "A password has at least twelve characters.", "new");
    else
        fresh_check(request, take_password);
}
