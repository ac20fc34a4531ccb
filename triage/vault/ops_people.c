/* ops_people.c -- operations on who works here: list, add, admit, end, and what else they are called.
 *
 * Passwords are made here and shown once; what is kept is their hash. */
#include <string.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/mem.h"
#include "triage/vault/case_state.h"
#include "triage/vault/factor.h"
#include "triage/vault/fresh.h"
#include "triage/vault/hasher.h"
#include "triage/vault/impacts.h"
#include "triage/vault/look_back.h"
#include "triage/vault/marks.h"
#include "triage/vault/names.h"
#include "triage/vault/ops.h"
#include "triage/vault/token.h"

static json_t *person_row(const struct person *p)
{
    json_t *row = json_pack(
        "{s:s,s:s,s:b,s:b,s:b,s:s,s:I,s:O*}", "name", p->name, "role", people_role_name(p->role), "ended", p->is_ended,
        "waiting", p->is_waiting, "second_factor", factor_has(p->json), "since", state_text(p->json, "since"), "tokens",
        (json_int_t)token_count(p->json, clock_wall()), "aliases", json_object_get(p->json, "aliases"));
    need(row != NULL);
    return row;
}

void ops_people_list(struct request *request)
{
    const struct people *people = request->vault->people;
    json_t *items = json_array();
    for (size_t i = 0; i < people_count(people); i++)
        need(json_array_append_new(items, person_row(people_at(people, i))) == 0);
    request_ok(request, json_pack("{s:o}", "items", items));
}

/* ---- what else people call them ---- */

/* The lines of "aliases", without blanks at their ends and twice none; NULL when the request was answered. */
static json_t *aliases_asked(struct request *request)
{
    const char *text = "";
    json_t *list = json_array();
    int good = request_text(request, "aliases", 0, NAMES_ALIASES_MAX * (NAMES_ALIAS_BYTES + 2), &text);
    if (!good) {
        json_decref(list);
        return NULL;
    }
    for (const char *at = text; *at && good;) {
        at += strspn(at, " \r\n\t");
        size_t len = strcspn(at, "\r\n"), kept = len;
        while (kept > 0 && (at[kept - 1] == ' ' || at[kept - 1] == '\t'))
            kept--;
        json_t *alias = json_stringn(at, kept);
        if (kept > 0) {
            good = alias && names_alias_is_good(json_string_value(alias)) && json_array_size(list) < NAMES_ALIASES_MAX;
            if (good)
                need(json_array_append(list, alias) == 0);
        }
        json_decref(alias);
        at += len;
    }
    if (good)
        return list;
    json_decref(list);
    request_fail(request, "malformed",
                 "One other name a line, at most 16, and none that is everybody's: \"the officer\" names nobody.",
                 "aliases");
    return NULL;
}

/* ---- a new one ---- */

/* Where there are members, one of them admits. The first comes in by the word of who keeps the people: nobody is there
 * who could be asked. */
static int must_wait(const struct vault *vault)
{
    return people_is_protected(vault_desk(vault)) && people_members(vault->people) > 0;
}

static void added(void *room, enum err err)
{
    struct request *request = room;
    const struct person *person =
        err == ERR_OK ? people_find(request->vault->people, state_text(request->body, "name")) : NULL;
    if (person)
        look_back_for(request->vault->look_back, person);
    if (err == ERR_OK)
        request_ok(request, json_pack("{s:O,s:b}", "password", request->kept, "waiting", person && person->is_waiting));
    else
        request_fail_with(request, err);
}

static void hashed(void *room, enum err err, const char *encoded)
{
    struct request *request = room;
    struct vault *vault = request->vault;
    const char *name = state_text(request->body, "name");
    if (err == ERR_OK && vault->phase != PHASE_OPEN)
        err = ERR_CANCELLED;
    if (err != ERR_OK) {
        request_fail_with(request, err);
        return;
    }
    json_t *aliases = aliases_asked(request); /* as ops_people_add() has read it */
    if (!aliases)
        return;
    const struct people_new_one one = {.name = name,
                                       .role = people_role_of(state_text(request->body, "role")),
                                       .password = encoded,
                                       .waits = must_wait(vault),
                                       .aliases = aliases};
    people_add(vault, request->who, &one, added, request);
}

/* Whom other desks have let in meanwhile is known now. */
static void read_marks(void *arg)
{
    struct request *request = arg;
    char password[PEOPLE_PASSWORD];
    if (marks_exclude(request->vault, state_text(request->body, "name"))) {
        request_deny(request, "Nobody works at oversight and at another desk: one of the two accounts must end.");
        return;
    }
    people_password(password);
    request->kept = json_string(password);
    if (hasher_make(request->vault->hasher, password, hashed, request) != ERR_OK)
        request_fail_with(request, ERR_BUSY);
    mem_wipe(password, sizeof password);
}

void ops_people_add(struct request *request)
{
    const char *name, *role;
    if (!request_text(request, "name", 1, VAULT_WHO_MAX, &name) || !request_text(request, "role", 1, 20, &role))
        return;
    if (!people_name_is_good(name) || people_role_of(role) == ROLE_NONE) {
        request_fail(request, "malformed", "A name of visible letters, and one of the roles.",
                     people_name_is_good(name) ? "role" : "name");
        return;
    }
    if (people_find(request->vault->people, name)) {
        request_fail(request, "conflict", "There is somebody of this name already.", "name");
        return;
    }
    json_t *aliases = aliases_asked(request);
    if (!aliases)
        return;
    json_decref(aliases);
    impacts_refresh_then(request->vault, read_marks, request);
}

struct person *people_named(struct request *request)
{
    const char *name;
    if (!request_text(request, "name", 1, VAULT_WHO_MAX, &name))
        return NULL;
    struct person *person = people_find(request->vault->people, name);
    if (person && !person->is_ended)
        return person;
    request_fail(request, "not_found", "There is nobody of this name.", "name");
    return NULL;
}

static void ended(void *room, enum err err)
{
    struct request *request = room;
    if (err == ERR_OK)
        request_ok(request, NULL);
    else
        request_fail_with(request, err);
}

static void end_person(struct request *request, struct person *person, const char *what)
{
    json_t *json = json_deep_copy(person->json);
    static const char *const gone[] = {"totp", "codes", "passkeys", "waits"};
    json_object_set_new(json, "ended", json_true());
    json_object_set_new(json, "tokens", json_array());
    state_set_text(json, "password", "");
    for (size_t i = 0; i < sizeof gone / sizeof *gone; i++)
        json_object_del(json, gone[i]);
    session_end_person(request->vault->sessions, person->id);
    people_change(request->vault, request->who, what, person, json, ended, request);
}

void ops_people_end(struct request *request)
{
    struct person *person = people_named(request);
    if (!person)
        return;
    /* Or else whoever keeps the people could empty the desk and be asked by nobody who comes in next. */
    if (request->socket == SOCKET_CONSOLE && people_is_protected(vault_desk(request->vault)) &&
        people_is_last(request->vault->people, person)) {
        request_deny(request, "The last member of this desk can be ended by the operator alone.");
        return;
    }
    end_person(request, person, "people.end");
}

static void renamed(void *room, enum err err)
{
    struct request *request = room;
    const struct person *person = people_find(request->vault->people, state_text(request->body, "name"));
    if (err == ERR_OK && person)
        look_back_for(request->vault->look_back, person);
    ended(request, err);
}

void ops_people_aliases(struct request *request)
{
    struct person *person = people_named(request);
    json_t *aliases = person ? aliases_asked(request) : NULL;
    if (!aliases)
        return;
    json_t *json = json_deep_copy(person->json);
    need(json_object_set_new(json, "aliases", aliases) == 0);
    people_change(request->vault, request->who, "people.aliases", person, json, renamed, request);
}

/* ---- the door of a protected desk ---- */

static json_t *admission_row(const struct person *p, const char *key)
{
    const json_t *told = json_object_get(p->json, key);
    json_t *row = json_pack("{s:s,s:s,s:s,s:s}", "name", p->name, "role", people_role_name(p->role), "by",
                            state_text(told, "by"), "at", state_text(told, "at"));
    need(row != NULL);
    return row;
}

void ops_people_waiting(struct request *request)
{
    const struct people *people = request->vault->people;
    json_t *items = json_array();
    for (size_t i = 0; i < people_count(people); i++) {
        const struct person *p = people_at(people, i);
        if (p->is_waiting && !p->is_ended)
            need(json_array_append_new(items, admission_row(p, "waits")) == 0);
    }
    request_ok(request, json_pack("{s:o,s:o}", "items", items, "passkey", passkey_asking(request)));
}

json_t *people_news(const struct vault *vault, const struct session *session)
{
    json_t *news = json_array();
    for (size_t i = 0; people_is_protected(vault_desk(vault)) && i < people_count(vault->people); i++) {
        const struct person *p = people_at(vault->people, i);
        int64_t at = clock_parse(state_text(json_object_get(p->json, "admitted"), "at"));
        if (at >= session->before && session->before > 0 && !p->is_ended &&
            memcmp(p->id, session->person, sizeof p->id) != 0)
            need(json_array_append_new(news, admission_row(p, "admitted")) == 0);
    }
    return news;
}

static void decide(struct request *request)
{
    int refuses = 0;
    struct person *person = people_named(request);
    if (!person)
        return;
    if (!person->is_waiting) {
        request_fail(request, "conflict", "Someone was faster. Look again at what is there now.", "name");
        return;
    }
    if (!request_flag(request, "refuse", 0, &refuses))
        return;
    if (refuses) {
        end_person(request, person, "people.refuse");
        return;
    }
    json_t *json = json_deep_copy(person->json), *by = json_object_get(json, "waits");
    json_object_set_new(
        json, "admitted",
        json_pack("{s:s,s:s,s:o}", "by", request->who, "proposed_by", state_text(by, "by"), "at", state_now()));
    json_object_del(json, "waits");
    people_change(request->vault, request->who, "people.admit", person, json, ended, request);
}

void ops_people_admit(struct request *request)
{
    fresh_check(request, decide);
}
