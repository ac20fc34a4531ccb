/* ops_recovery.c -- letting in anew who lost phone and codes, so that no single administrator can take an account over.
 *
 * Two must act: two administrators, or an administrator and a member of the desk; never the person themselves, and
 * never two of whom one let the other in, or both were let in by the same third: or else one administrator would make
 * the second. Who was let in by the operator stands in nobody's line. Then a day passes (recovery.h). Each step wants
 * password and code once more and is a line in the log. */
#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "triage/vault/case_state.h"
#include "triage/vault/fresh.h"
#include "triage/vault/hasher.h"
#include "triage/vault/ops.h"
#include "triage/vault/recovery.h"

enum { REASON_MAX = 500, LINE_MAX_PEOPLE = 64 };
static const char changed_meanwhile[] = "Someone was faster. Look again at what is there now.";

/* ---- who may be the two ---- */

/* Who let this person in; NULL: the operator, or nobody knows. */
static const struct person *let_in_by(const struct people *people, const struct person *person)
{
    const char *by = state_text(json_object_get(person->json, "admitted"), "by");
    return *by && strcmp(by, PEOPLE_OPERATOR) != 0 ? people_find(people, by) : NULL;
}

static int stands_in_line(const struct people *people, const struct person *wanted, const struct person *from)
{
    for (int i = 0; from && i < LINE_MAX_PEOPLE; i++, from = let_in_by(people, from))
        if (from == wanted)
            return 1;
    return 0;
}

static int share_a_line(const struct people *people, const struct person *one, const struct person *other)
{
    for (int i = 0; one && i < LINE_MAX_PEOPLE; i++, one = let_in_by(people, one))
        if (stands_in_line(people, one, other))
            return 1;
    return 0;
}

/* NULL, or why these two may not. */
static const char *why_not(const struct people *people, const struct person *asked, const struct person *confirms)
{
    if (!asked || asked->is_ended)
        return "Who asked for this has left. Stop it and ask anew.";
    if (asked == confirms)
        return "Somebody else has to confirm.";
    if (asked->role != ROLE_ADMINISTRATOR && confirms->role != ROLE_ADMINISTRATOR)
        return "One of the two has to be an administrator.";
    if (share_a_line(people, asked, confirms))
        return "One of the two was let in by the other, or both by the same person. Somebody else has to confirm.";
    return NULL;
}

/* The person concerned, at `step` of their recovery, who is not the one who asks; NULL when the request was answered.
 */
static struct person *concerned(struct request *request, enum recovery_step step)
{
    struct person *person = people_named(request);
    if (!person)
        return NULL;
    if (memcmp(person->id, request->person, sizeof person->id) == 0) {
        request_deny(request, "Nobody decides about their own account here.");
        return NULL;
    }
    enum recovery_step is = recovery_step(person->json, clock_wall());
    if (!person->is_waiting && is == step)
        return person;
    if (step == RECOVERY_RIPE && is == RECOVERY_WAITS)
        request_fail(request, "conflict", "The time in which the person can stop it is not over.", NULL);
    else
        request_fail(request, "conflict", changed_meanwhile, NULL);
    return NULL;
}

static void done(void *room, enum err err)
{
    struct request *request = room;
    if (err == ERR_OK)
        request_ok(request, request->kept ? json_pack("{s:O}", "password", request->kept) : NULL);
    else
        request_fail_with(request, err);
}

/* ---- the steps ---- */

static void ask(struct request *request)
{
    const char *reason;
    struct person *person = concerned(request, RECOVERY_NONE);
    if (!person || !request_text(request, "reason", 1, REASON_MAX, &reason))
        return;
    json_t *json = json_deep_copy(person->json);
    recovery_ask(json, request->who, reason, clock_wall());
    people_change(request->vault, request->who, "people.recover", person, json, done, request);
}

void ops_people_recover(struct request *request)
{
    fresh_check(request, ask);
}

static void confirm(struct request *request)
{
    struct vault *vault = request->vault;
    const struct person *me = people_by_id(vault->people, request->person);
    struct person *person = concerned(request, RECOVERY_ASKED);
    if (!person)
        return;
    const char *asked_by = state_text(json_object_get(person->json, "recovery"), "by");
    const char *says = me ? why_not(vault->people, people_find(vault->people, asked_by), me) : changed_meanwhile;
    if (says) {
        request_deny(request, says);
        return;
    }
    json_t *json = json_deep_copy(person->json);
    recovery_confirm(json, request->who, vault->settings.recovery_hours, clock_wall());
    people_change(vault, request->who, "people.recover.confirm", person, json, done, request);
}

void ops_people_recover_confirm(struct request *request)
{
    fresh_check(request, confirm);
}

/* Once more: somebody may have come in with the old password while the new one was on its way. */
static void finished(void *room, enum err err)
{
    const struct request *request = room;
    const struct person *person =
        err == ERR_OK ? people_find(request->vault->people, state_text(request->body, "name")) : NULL;
    if (person)
        session_end_person(request->vault->sessions, person->id);
    done(room, err);
}

static void hashed(void *room, enum err err, const char *encoded)
{
    struct request *request = room;
    struct vault *vault = request->vault;
    if (err == ERR_OK && vault->phase != PHASE_OPEN)
        err = ERR_CANCELLED;
    if (err != ERR_OK) {
        request_fail_with(request, err);
        return;
    }
    struct person *person = concerned(request, RECOVERY_RIPE);
    if (!person)
        return;
    json_t *json = json_deep_copy(person->json);
    recovery_finish(json, encoded, clock_wall());
    session_end_person(vault->sessions, person->id);
    people_change(vault, request->who, "people.recover.finish", person, json, finished, request);
}

static void finish(struct request *request)
{
    char password[PEOPLE_PASSWORD];
    if (!concerned(request, RECOVERY_RIPE))
        return;
    people_password(password);
    request->kept = json_string(password);
    if (hasher_make(request->vault->hasher, password, hashed, request) != ERR_OK)
        request_fail_with(request, ERR_BUSY);
    mem_wipe(password, sizeof password);
}

void ops_people_recover_finish(struct request *request)
{
    fresh_check(request, finish);
}

/* ---- stopping it: always allowed ---- */

static void stop(struct request *request, struct person *person, const char *what)
{
    if (recovery_step(person->json, clock_wall()) == RECOVERY_NONE) {
        request_fail(request, "conflict", changed_meanwhile, NULL);
        return;
    }
    json_t *json = json_deep_copy(person->json);
    recovery_stop(json);
    people_change(request->vault, request->who, what, person, json, done, request);
}

void ops_people_recover_stop(struct request *request)
{
    struct person *person = people_named(request);
    if (person)
        stop(request, person, "people.recover.stop");
}

void ops_account_recovery_stop(struct request *request)
{
    struct person *person = people_by_id(request->vault->people, request->person);
    if (person && !request->is_token)
        stop(request, person, "account.recovery.stop");
    else
        request_deny(request, "A program may not do this: a person has to.");
}

/* ---- who is concerned ---- */

void ops_people_recoveries(struct request *request)
{
    const struct people *people = request->vault->people;
    json_t *items = json_array();
    for (size_t i = 0; i < people_count(people); i++) {
        const struct person *p = people_at(people, i);
        json_t *row = p->is_ended ? json_null() : recovery_row(p->json, clock_wall());
        if (json_is_null(row))
            continue;
        need(json_object_set_new(row, "name", json_string(p->name)) == 0);
        need(json_object_set_new(row, "role", json_string(people_role_name(p->role))) == 0);
        need(json_array_append_new(items, row) == 0);
    }
    request_ok(request, json_pack("{s:o,s:o}", "items", items, "passkey", passkey_asking(request)));
}
