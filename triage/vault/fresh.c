/* fresh.c -- see fresh.h. */
#include "triage/vault/fresh.h"

#include "common/base/clock.h"
#include "triage/vault/case_state.h"
#include "triage/vault/factor.h"
#include "triage/vault/hasher.h"
#include "triage/vault/ops.h"
#include "triage/vault/passkey.h"
#include "triage/vault/signin.h"

static const char wrong[] = "Password or code are not right.";

static void go_on(void *room, enum err err)
{
    struct request *request = room;
    if (err == ERR_OK && request->vault->phase == PHASE_OPEN)
        request->then(request);
    else
        request_fail_with(request, err == ERR_OK ? ERR_CANCELLED : err);
}

static void checked(void *room, enum err err, const char *encoded)
{
    (void)encoded;
    struct request *request = room;
    struct vault *vault = request->vault;
    if (err == ERR_CANCELLED || vault->phase != PHASE_OPEN) {
        request_fail_with(request, ERR_CANCELLED);
        return;
    }
    struct person *person = people_by_id(vault->people, request->person);
    if (err != ERR_OK || !person || person->is_ended) {
        signin_failed(vault, person);
        request_fail(request, "denied", wrong, "password");
        return;
    }
    json_t *json = json_deep_copy(person->json);
    enum factor_use use = factor_use(json, state_text(request->body, "code"), clock_wall());
    if (use == FACTOR_WRONG) {
        json_decref(json);
        signin_failed(vault, person);
        request_fail(request, "denied", wrong, "code");
    } else if (use == FACTOR_NONE) {
        json_decref(json);
        signin_right(vault, person);
        request->then(request);
    } else {
        signin_right(vault, person);
        people_change(vault, request->who, "account.fresh", person, json, go_on, request);
    }
}

static void by_passkey(struct request *request, struct person *person)
{
    json_t *json = passkey_fresh(request, person);
    if (json) {
        signin_right(request->vault, person);
        people_change(request->vault, request->who, "account.fresh", person, json, go_on, request);
        return;
    }
    signin_failed(request->vault, person);
    request_fail(request, "denied", "That passkey cannot be used here.", NULL);
}

void fresh_check(struct request *request, void (*then)(struct request *request))
{
    const char *password = "", *code = "", *signature = "";
    struct vault *vault = request->vault;
    struct person *person = people_by_id(vault->people, request->person);
    if (!request_text(request, "signature", 0, PASSKEY_FIELD_MAX, &signature) ||
        !request_text(request, "password", !*signature, HASHER_PASSWORD_MAX, &password) ||
        !request_text(request, "code", 0, FACTOR_CODE_MAX, &code))
        return;
    if (request->is_token || !person) {
        request_deny(request, "A program may not do this: a person has to.");
        return;
    }
    if (!signin_may_try(vault, person)) {
        request_fail(request, "busy", "There were too many tries. Wait a minute and try again.", NULL);
        return;
    }
    request->then = then;
    if (*signature) {
        by_passkey(request, person);
        return;
    }
    if (hasher_check(vault->hasher, password, state_text(person->json, "password"), 1, checked, request) != ERR_OK)
        request_fail_with(request, ERR_BUSY);
}
