/* ops_people.c -- operations on who works here: list, add, end, and API tokens.
 *
 * Passwords and tokens are made here and shown once; what is kept is their hash. */
#include <string.h>

#include "common/base/code.h"
#include "common/base/mem.h"
#include "common/base/rng.h"
#include "triage/vault/case_state.h"
#include "triage/vault/hasher.h"
#include "triage/vault/ops.h"

enum { TOKENS_MAX = 8, TOKEN_BYTES = 32, PASSWORD_GROUPS = 5, PASSWORD_GROUP = 4 };

void ops_people_list(struct request *request)
{
    const struct people *people = request->vault->people;
    json_t *items = json_array();
    for (size_t i = 0; i < people_count(people); i++) {
        const struct person *p = people_at(people, i);
        json_array_append_new(items,
                              json_pack("{s:s,s:s,s:b,s:s,s:I}", "name", p->name, "role", people_role_name(p->role),
                                        "ended", p->is_ended, "since", state_text(p->json, "since"), "tokens",
                                        (json_int_t)json_array_size(json_object_get(p->json, "tokens"))));
    }
    request_ok(request, json_pack("{s:o}", "items", items));
}

/* Twenty letters and digits that are not mistaken for each other: 100 bits. */
static void password_new(char out[static PASSWORD_GROUPS * (PASSWORD_GROUP + 1)])
{
    static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789A";
    size_t at = 0;
    for (int i = 0; i < PASSWORD_GROUPS * PASSWORD_GROUP; i++) {
        if (i > 0 && i % PASSWORD_GROUP == 0)
            out[at++] = '-';
        out[at++] = letters[rng_below(sizeof letters - 1)];
    }
    out[at] = 0;
}

static void added(void *room, enum err err)
{
    struct request *request = room;
    if (err == ERR_OK)
        request_ok(request, json_pack("{s:O}", "password", request->kept));
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
    if (err == ERR_OK && people_find(vault->people, name))
        err = ERR_CONFLICT;
    if (err != ERR_OK)
        request_fail_with(request, err);
    else
        people_add(vault, request->who, name, people_role_of(state_text(request->body, "role")), encoded, added,
                   request);
}

void ops_people_add(struct request *request)
{
    const char *name, *role;
    char password[PASSWORD_GROUPS * (PASSWORD_GROUP + 1)];
    if (!request_text(request, "name", 1, VAULT_WHO_MAX, &name) || !request_text(request, "role", 1, 20, &role))
        return;
    if (!people_name_is_good(name) || people_role_of(role) == ROLE_NONE) {
        request_fail(request, "malformed", "A name of visible letters and a role, officer or administrator.",
                     people_name_is_good(name) ? "role" : "name");
        return;
    }
    if (people_find(request->vault->people, name)) {
        request_fail(request, "conflict", "There is somebody of this name already.", "name");
        return;
    }
    password_new(password);
    request->kept = json_string(password);
    if (hasher_make(request->vault->hasher, password, hashed, request) != ERR_OK)
        request_fail_with(request, ERR_BUSY);
    mem_wipe(password, sizeof password);
}

/* The person that the request names and that has not left; NULL when the request was answered. */
static struct person *person_named(struct request *request)
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

void ops_people_end(struct request *request)
{
    struct person *person = person_named(request);
    if (!person)
        return;
    json_t *json = json_deep_copy(person->json);
    json_object_set_new(json, "ended", json_true());
    json_object_set_new(json, "tokens", json_array());
    state_set_text(json, "password", "");
    session_end_person(request->vault->sessions, person->id);
    people_change(request->vault, request->who, "people.end", person, json, ended, request);
}

static void token_kept(void *room, enum err err)
{
    struct request *request = room;
    if (err == ERR_OK)
        request_ok(request, json_pack("{s:O}", "token", request->kept));
    else
        request_fail_with(request, err);
}

void ops_people_token(struct request *request)
{
    struct person *person = person_named(request);
    uint8_t random[TOKEN_BYTES], sha256[32];
    char text[4 + CODE_BASE64_SIZE(TOKEN_BYTES)] = "rct-", hash[CODE_HEX_SIZE(32)];
    if (!person)
        return;
    rng_bytes(random, sizeof random);
    code_base64url(random, sizeof random, text + 4);
    sign_sha256(text, strlen(text), sha256);
    code_hex(sha256, sizeof sha256, hash);
    json_t *json = json_deep_copy(person->json), *tokens = state_list(json, "tokens");
    /* The oldest makes room: a token that was lost is never in the way. */
    if (json_array_size(tokens) >= TOKENS_MAX)
        json_array_remove(tokens, 0);
    json_array_append_new(tokens, json_string(hash));
    request->kept = json_string(text);
    people_change(request->vault, request->who, "people.token", person, json, token_kept, request);
    mem_wipe(text, sizeof text);
    mem_wipe(random, sizeof random);
}
