/* ops_passkey.c -- passkeys: sign in with one, add one to one's account, take one away.
 *
 * The challenge is the vault's (challenge.h), origin and relying party come from its settings, and what the browser
 * brings is looked at here (passkey.h): the console only carries it. */
#include <string.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "triage/vault/case_state.h"
#include "triage/vault/challenge.h"
#include "triage/vault/factor.h"
#include "triage/vault/fresh.h"
#include "triage/vault/ops.h"
#include "triage/vault/passkey.h"
#include "triage/vault/signin.h"
#include "triage/vault/totp.h"

enum { PASSKEYS_MAX = 10, LABEL_MAX = 60 };
static const char not_good[] = "That passkey cannot be used here.";

static int given_fields(struct request *request, int is_assertion, struct passkey_given *out)
{
    *out = (struct passkey_given){0};
    return request_text(request, "id", 1, PASSKEY_ID_MAX * 2, &out->id) &&
           request_text(request, "client", 1, PASSKEY_FIELD_MAX, &out->client) &&
           request_text(request, "authenticator", 1, PASSKEY_FIELD_MAX, &out->authenticator) &&
           (!is_assertion || request_text(request, "signature", 1, PASSKEY_FIELD_MAX, &out->signature));
}

static json_t *entry_of(json_t *json, const char *id)
{
    json_t *list = json_object_get(json, "passkeys"), *one;
    size_t i;
    json_array_foreach(list, i, one)
    {
        if (strcmp(state_text(one, "id"), id) == 0)
            return one;
    }
    return NULL;
}

static struct person *person_of(const struct vault *vault, const char *id)
{
    for (size_t i = 0; i < people_count(vault->people); i++) {
        struct person *person = people_at(vault->people, i);
        if (!person->is_ended && !person->is_waiting && entry_of(person->json, id))
            return person;
    }
    return NULL;
}

/* The draft of the record with the passkey's counter taken on, or NULL: not right. New reference. */
static json_t *asserted(struct vault *vault, const struct person *person, const struct passkey_given *given,
                        enum challenge_use use)
{
    char challenge[PASSKEY_CHALLENGE] = "";
    json_t *json = person ? json_deep_copy(person->json) : NULL;
    json_t *entry = json ? entry_of(json, given->id) : NULL;
    if (entry && passkey_check(vault->settings.signin_origin, given, entry, challenge) == ERR_OK &&
        challenge_spend(vault->challenges, use, use == CHALLENGE_SIGNIN ? NULL : person->id, challenge, clock_wall())) {
        json_object_set_new(entry, "used", state_now());
        return json;
    }
    json_decref(json);
    return NULL;
}

json_t *passkey_fresh(struct request *request, const struct person *person)
{
    struct passkey_given given = {state_text(request->body, "id"), state_text(request->body, "client"),
                                  state_text(request->body, "authenticator"), state_text(request->body, "signature")};
    return asserted(request->vault, person, &given, CHALLENGE_FRESH);
}

/* What a page needs to ask the browser: {"challenge","rp","ids"}; null where passkeys cannot be used. */
static json_t *asking(const struct vault *vault, enum challenge_use use, const struct person *person)
{
    char challenge[CHALLENGE_TEXT], rp[PASSKEY_RP];
    json_t *ids = json_array(), *one;
    size_t i;
    if (!passkey_rp(vault->settings.signin_origin, rp)) {
        json_decref(ids);
        return json_null();
    }
    challenge_new(vault->challenges, use, person ? person->id : NULL, clock_wall(), challenge);
    if (person)
        json_array_foreach(json_object_get(person->json, "passkeys"), i, one)
            need(json_array_append(ids, json_object_get(one, "id")) == 0);
    return json_pack("{s:s,s:s,s:o}", "challenge", challenge, "rp", rp, "ids", ids);
}

json_t *passkey_asking(struct request *request)
{
    const struct person *person = people_by_id(request->vault->people, request->person);
    int has_any = person && json_array_size(json_object_get(person->json, "passkeys")) > 0;
    return has_any ? asking(request->vault, CHALLENGE_FRESH, person) : json_null();
}

/* ---- signing in ---- */

void ops_signin_begin(struct request *request)
{
    struct vault *vault = request->vault;
    json_t *passkey = vault->phase == PHASE_OPEN ? asking(vault, CHALLENGE_SIGNIN, NULL) : json_null();
    request_ok(request, json_pack("{s:b,s:o}", "locked", vault->phase == PHASE_LOCKED, "passkey", passkey));
}

void ops_signin_passkey(struct request *request)
{
    struct passkey_given given;
    const char *text = "";
    struct vault *vault = request->vault;
    if (!given_fields(request, 1, &given) || !request_text(request, "agent", 0, SESSION_DEVICE - 1, &text))
        return;
    struct person *person = person_of(vault, given.id);
    json_t *json = asserted(vault, person, &given, CHALLENGE_SIGNIN);
    json_object_del(request->body, "looked_at"); /* ours alone (signin.c) */
    if (json) {
        signin_let_in(request, person, json, FACTOR_RIGHT);
        return;
    }
    signin_failed(vault, person);
    request_fail(request, "signin", not_good, NULL);
}

/* ---- one's own ---- */

static struct person *own(struct request *request)
{
    struct person *person = people_by_id(request->vault->people, request->person);
    if (person && !request->is_token)
        return person;
    request_deny(request, "A program may not do this: a person has to.");
    return NULL;
}

static void show_asking(struct request *request)
{
    const struct person *person = own(request);
    char user[40];
    if (!person)
        return;
    json_t *passkey = asking(request->vault, CHALLENGE_ADD, person);
    if (json_is_null(passkey)) {
        request_fail(request, "malformed", "Passkeys are not set up here: the operator has to name the address.", NULL);
        return;
    }
    code_base64url(person->id, sizeof person->id, user);
    json_object_set_new(passkey, "user", json_string(user));
    json_object_set_new(passkey, "name", json_string(person->name));
    request_ok(request, json_pack("{s:o}", "passkey", passkey));
}

void ops_account_passkey(struct request *request)
{
    if (request->is_enrolling)
        show_asking(request);
    else
        fresh_check(request, show_asking);
}

static void added(void *room, enum err err)
{
    struct request *request = room;
    struct session *session = request_session(request);
    if (err == ERR_OK && session) {
        session->is_enrolling = 0;
        session_end_others(request->vault->sessions, session);
        request_ok(request, json_pack("{s:O}", "codes", request->kept));
    } else {
        request_fail_with(request, err == ERR_OK ? ERR_CANCELLED : err);
    }
}

void ops_account_passkey_add(struct request *request)
{
    struct passkey_given given;
    const char *label = "";
    char challenge[PASSKEY_CHALLENGE];
    json_t *entry = NULL, *codes;
    struct vault *vault = request->vault;
    struct person *person = own(request);
    if (!person || !given_fields(request, 0, &given) || !request_text(request, "label", 0, LABEL_MAX, &label))
        return;
    if (passkey_read(vault->settings.signin_origin, &given, &entry, challenge) != ERR_OK ||
        person_of(vault, given.id) ||
        !challenge_spend(vault->challenges, CHALLENGE_ADD, person->id, challenge, clock_wall())) {
        json_decref(entry);
        signin_failed(vault, person);
        request_fail(request, "denied", not_good, NULL);
        return;
    }
    json_t *json = json_deep_copy(person->json), *list = state_list(json, "passkeys");
    if (json_array_size(list) >= PASSKEYS_MAX) {
        json_decref(entry);
        json_decref(json);
        request_fail(request, "conflict", "That is one passkey too many. Take one away first.", NULL);
        return;
    }
    json_object_set_new(entry, "label", json_string(label));
    json_object_set_new(entry, "since", state_now());
    json_array_append_new(list, entry);
    /* Whoever has codes already keeps them. */
    request->kept = json_array();
    if (json_array_size(json_object_get(json, "codes")) == 0) {
        json_decref(request->kept);
        totp_codes(&request->kept, &codes);
        json_object_set_new(json, "codes", codes);
    }
    people_change(vault, request->who, "account.passkey", person, json, added, request);
}

static void ended(void *room, enum err err)
{
    struct request *request = room;
    if (err == ERR_OK)
        request_ok(request, NULL);
    else
        request_fail_with(request, err);
}

static void take_away(struct request *request)
{
    struct person *person = own(request);
    const char *id = state_text(request->body, "passkey");
    size_t i;
    json_t *one;
    if (!person)
        return;
    json_t *json = json_deep_copy(person->json), *list = state_list(json, "passkeys");
    size_t before = json_array_size(list);
    json_array_foreach(list, i, one)
    {
        if (strcmp(state_text(one, "id"), id) == 0) {
            json_array_remove(list, i);
            break;
        }
    }
    const char *code = before == json_array_size(list) ? "not_found" : !factor_has(json) ? "conflict" : NULL;
    if (code) {
        json_decref(json);
        request_fail(request, code,
                     strcmp(code, "conflict") == 0 ? "It is your only second factor. Set up another one first."
                                                   : "There is no such thing here.",
                     "passkey");
        return;
    }
    people_change(request->vault, request->who, "account.passkey.end", person, json, ended, request);
}

void ops_account_passkey_end(struct request *request)
{
    const char *id;
    if (request_text(request, "passkey", 1, PASSKEY_ID_MAX * 2, &id))
        fresh_check(request, take_away);
}
