/* signin.c -- see signin.h. */
#include "triage/vault/signin.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/mem.h"
#include "common/base/rng.h"
#include "triage/vault/audit.h"
#include "triage/vault/case_state.h"
#include "triage/vault/factor.h"
#include "triage/vault/hasher.h"
#include "triage/vault/marks.h"
#include "triage/vault/ops.h"
#include "triage/vault/throttle.h"

enum { DEVICE_MAX = 100, DEVICE_BYTES = 16 + 32, FAILED_MAX = 64, FLUSH_MS = 60000 };
static const char device_use[] = "recourse device";

struct failed {
    char name[VAULT_WHO_MAX + 1]; /* "": no account of ours; what was typed is not kept */
    unsigned count;
};

struct signin {
    struct vault *vault;
    struct throttle *throttle;
    struct failed failed[FAILED_MAX];
    size_t failed_count;
    int64_t flush_at;
};

/* ---- device cookies: random bytes and their MAC over them and the account ---- */

static void device_mac(const struct vault *vault, const uint8_t person[static 16], const uint8_t random[static 16],
                       uint8_t out[static 32])
{
    uint8_t key[32], bytes[32];
    sign_hkdf(vault->record_key, 32, NULL, 0, device_use, sizeof device_use - 1, key, sizeof key);
    memcpy(bytes, person, 16);
    memcpy(bytes + 16, random, 16);
    sign_hmac(key, sizeof key, bytes, sizeof bytes, out);
    mem_wipe(key, sizeof key);
}

static int device_is_known(const struct vault *vault, const struct person *person, const char *device)
{
    struct buf bytes = BUF_INIT(DEVICE_BYTES);
    uint8_t expected[32];
    int known = 0;
    if (person && code_unbase64(device, strlen(device), &bytes) == ERR_OK && bytes.len == DEVICE_BYTES) {
        device_mac(vault, person->id, bytes.bytes, expected);
        known = mem_same(expected, bytes.bytes + 16, 32);
    }
    buf_free(&bytes);
    return known;
}

static void device_new(const struct vault *vault, const struct person *person,
                       char out[static CODE_BASE64_SIZE(DEVICE_BYTES)])
{
    uint8_t bytes[DEVICE_BYTES];
    rng_bytes(bytes, 16);
    device_mac(vault, person->id, bytes, bytes + 16);
    code_base64url(bytes, sizeof bytes, out);
}

/* ---- failed tries ---- */

static void flush_failed(struct signin *s)
{
    for (size_t i = 0; i < s->failed_count; i++)
        audit_alone(s->vault, s->failed[i].name, "signin.failed", NULL,
                    json_pack("{s:i}", "count", (int)s->failed[i].count), NULL, NULL);
    s->failed_count = 0;
}

static void count_failed(struct signin *s, const struct person *person)
{
    const char *name = person ? person->name : "";
    size_t i = 0;
    while (i < s->failed_count && strcmp(s->failed[i].name, name) != 0)
        i++;
    if (i == FAILED_MAX) {
        flush_failed(s);
        i = 0;
    }
    if (i == s->failed_count) {
        s->failed[s->failed_count++] = (struct failed){.count = 0};
        memcpy(s->failed[i].name, name, strlen(name) + 1);
    }
    s->failed[i].count++;
}

static void tick(void *room, int64_t now)
{
    struct signin *s = room;
    if (now < s->flush_at)
        return;
    s->flush_at = now + FLUSH_MS;
    if (s->vault->phase == PHASE_OPEN)
        flush_failed(s);
}

struct signin *signin_new(struct vault *vault)
{
    struct signin *s = mem_new(sizeof *s);
    s->vault = vault;
    s->throttle = throttle_new();
    loop_on_tick(vault->loop, tick, s);
    return s;
}

void signin_free(struct signin *s)
{
    if (!s)
        return;
    loop_off_tick(s->vault->loop, tick, s);
    throttle_free(s->throttle);
    mem_free(s);
}

int signin_may_try(struct vault *vault, const struct person *person)
{
    return throttle_try(vault->signin->throttle, person->name, "again", clock_wall());
}

void signin_right(struct vault *vault, const struct person *person)
{
    throttle_good(vault->signin->throttle, person->name, "again", clock_wall());
}

void signin_failed(struct vault *vault, const struct person *person)
{
    count_failed(vault->signin, person);
}

/* ---- what was brought ---- */

static const char *field(const struct request *request, const char *key)
{
    const char *text = json_string_value(json_object_get(request->body, key));
    return text ? text : "";
}

static const char *device_of(const struct request *request, const struct person *person)
{
    const char *device = field(request, "device");
    return device_is_known(request->vault, person, device) ? device : "";
}

/* ---- signing in ---- */

int signin_wants_factor(const struct vault *vault)
{
    return strcmp(vault->settings.second_factor, "offered") != 0;
}

static const char not_right[] = "Name, password or code are not right.";

/* 1 if the password that was looked at has not become another meanwhile: that one ends all other sessions, and this one
 * has not begun yet. Whoever brought a passkey looked at none. */
static int is_still(const struct request *request, const struct person *person)
{
    const char *looked_at = field(request, "looked_at");
    return !*looked_at || strcmp(looked_at, state_text(person->json, "password")) == 0;
}

static void session_given(void *room, enum err err)
{
    struct request *request = room;
    struct vault *vault = request->vault;
    const struct person *person = err == ERR_OK ? people_find(vault->people, request->who) : NULL;
    char text[SESSION_TEXT], csrf[SESSION_CSRF], device[CODE_BASE64_SIZE(DEVICE_BYTES)];
    if (!person) {
        request_fail_with(request, err == ERR_OK ? ERR_CANCELLED : err);
        return;
    }
    if (person->is_ended || !is_still(request, person)) {
        count_failed(vault->signin, person);
        request_fail(request, "signin", not_right, NULL);
        return;
    }
    struct session *session = session_begin(vault->sessions, person->id, clock_wall(), text);
    session->is_enrolling = signin_wants_factor(vault) && !factor_has(person->json);
    session->before = json_integer_value(request->kept);
    memcpy(session->device, field(request, "agent"), strnlen(field(request, "agent"), SESSION_DEVICE - 1));
    session_csrf(vault->sessions, session, csrf);
    device_new(vault, person, device);
    request_ok(request, json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "session", text, "role", people_role_name(person->role),
                                  "name", person->name, "csrf", csrf, "device", device, "desk", vault_desk(vault)));
    mem_wipe(text, sizeof text);
}

/* Without a code nothing is lost where the record is being written already, by a sign-in at the same moment. */
void signin_let_in(struct request *request, struct person *person, json_t *json, enum factor_use use)
{
    struct vault *vault = request->vault;
    memcpy(request->who, person->name, sizeof request->who);
    if (marks_exclude(vault, person->name)) {
        json_decref(json);
        request_deny(request, "Nobody works at oversight and at another desk: one of the two accounts must end.");
        return;
    }
    request->kept = json_integer(clock_parse(state_text(json, "signed_in")));
    json_object_set_new(json, "signed_in", state_now());
    if (person->writing && use == FACTOR_NONE) {
        json_decref(json);
        audit_alone(vault, person->name, "signin", NULL, NULL, session_given, request);
    } else {
        people_change(vault, person->name, "signin", person, json, session_given, request);
    }
}

static void checked(void *room, enum err err, const char *encoded)
{
    (void)encoded;
    struct request *request = room;
    struct vault *vault = request->vault;
    if (vault->phase != PHASE_OPEN || err == ERR_CANCELLED) {
        request_fail_with(request, ERR_CANCELLED);
        return;
    }
    struct person *person = people_find(vault->people, field(request, "name"));
    json_t *json = person ? json_deep_copy(person->json) : NULL;
    int is_right = err == ERR_OK && person && !person->is_ended && !person->is_waiting && is_still(request, person);
    enum factor_use use = is_right ? factor_use(json, field(request, "code"), clock_wall()) : FACTOR_WRONG;
    if (!is_right || use == FACTOR_WRONG) {
        json_decref(json);
        count_failed(vault->signin, person);
        request_fail(request, "signin", not_right, NULL);
        return;
    }
    throttle_good(vault->signin->throttle, person->name, device_of(request, person), clock_wall());
    signin_let_in(request, person, json, use);
}

void ops_signin(struct request *request)
{
    struct vault *vault = request->vault;
    const char *name, *password, *device = "", *text = "";
    if (!request_text(request, "name", 1, VAULT_WHO_MAX, &name) ||
        !request_text(request, "password", 1, HASHER_PASSWORD_MAX, &password) ||
        !request_text(request, "code", 0, FACTOR_CODE_MAX, &text) ||
        !request_text(request, "agent", 0, SESSION_DEVICE - 1, &text) ||
        !request_text(request, "device", 0, DEVICE_MAX, &device))
        return;
    const struct person *person = people_find(vault->people, name);
    device = device_of(request, person);
    if (!throttle_try(vault->signin->throttle, name, device, clock_wall())) {
        count_failed(vault->signin, person);
        request_fail(request, "busy", "There were too many tries. Wait a minute and try again.", NULL);
        return;
    }
    const char *encoded =
        person && !person->is_ended && !person->is_waiting ? state_text(person->json, "password") : NULL;
    need(json_object_set_new(request->body, "looked_at", json_string(encoded ? encoded : "")) == 0);
    if (hasher_check(vault->hasher, password, encoded, *device != 0, checked, request) != ERR_OK)
        request_fail_with(request, ERR_BUSY);
}
