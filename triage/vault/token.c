/* token.c -- see token.h. */
#include "triage/vault/token.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/mem.h"
#include "common/base/rng.h"
#include "common/seal/sign.h"

enum { RANDOM = 32, HASH = 32 };
static const char start[] = "rct-";

static const char *const names[] = {[SCOPE_READ] = "read", [SCOPE_WORK] = "work", [SCOPE_ADMIN] = "admin"};

const char *token_scope_name(enum token_scope scope)
{
    return scope == SCOPE_NONE ? "" : names[scope];
}

enum token_scope token_scope_of(const char *name)
{
    for (int scope = SCOPE_READ; scope <= SCOPE_ADMIN; scope++)
        if (strcmp(name, names[scope]) == 0)
            return (enum token_scope)scope;
    return SCOPE_NONE;
}

static const char *text_of(const json_t *one, const char *key)
{
    const char *text = json_string_value(json_object_get(one, key));
    return text ? text : "";
}

/* One from before tokens had scopes and ends is its hash alone. */
static const char *hash_of(const json_t *one)
{
    return json_is_string(one) ? json_string_value(one) : text_of(one, "hash");
}

static int has_ended(const json_t *one, int64_t now)
{
    return json_is_object(one) && clock_parse(text_of(one, "ends")) <= now;
}

static json_t *time_text(int64_t at)
{
    char text[CLOCK_TEXT_SIZE];
    clock_text(at, text);
    return json_string(text);
}

void token_new(json_t *json, enum token_scope scope, int64_t days, const char *label, int64_t now,
               char text[static TOKEN_TEXT])
{
    uint8_t random[RANDOM], sha256[HASH];
    char hash[CODE_HEX_SIZE(HASH)], coded[CODE_BASE64_SIZE(RANDOM)];
    json_t *list = json_object_get(json, "tokens");
    need(json_is_array(list));
    for (size_t i = json_array_size(list); i > 0; i--)
        if (has_ended(json_array_get(list, i - 1), now))
            json_array_remove(list, i - 1);
    /* A token that was lost is never in the way. */
    if (json_array_size(list) >= TOKENS_MAX)
        json_array_remove(list, 0);
    rng_bytes(random, sizeof random);
    code_base64url(random, sizeof random, coded);
    memcpy(text, start, sizeof start);
    memcpy(text + sizeof start - 1, coded, strlen(coded) + 1);
    sign_sha256(text, strlen(text), sha256);
    code_hex(sha256, sizeof sha256, hash);
    need(json_array_append_new(list, json_pack("{s:s,s:s,s:s,s:o,s:o}", "hash", hash, "scope", token_scope_name(scope),
                                               "label", label, "since", time_text(now), "ends",
                                               time_text(now + days * 86400))) == 0);
    mem_wipe(random, sizeof random);
    mem_wipe(coded, sizeof coded);
}

enum token_scope token_look(const json_t *json, const uint8_t sha256[static 32], int64_t now)
{
    char hash[CODE_HEX_SIZE(HASH)];
    size_t i;
    json_t *one;
    code_hex(sha256, HASH, hash);
    json_array_foreach(json_object_get(json, "tokens"), i, one)
    {
        const char *kept = hash_of(one);
        if (strlen(kept) == 2 * HASH && mem_same(kept, hash, 2 * HASH) && !has_ended(one, now))
            return json_is_string(one) ? SCOPE_ADMIN : token_scope_of(text_of(one, "scope"));
    }
    return SCOPE_NONE;
}

json_t *token_list(const json_t *json, int64_t now)
{
    json_t *list = json_array(), *one;
    size_t i;
    json_array_foreach(json_object_get(json, "tokens"), i, one)
    {
        if (has_ended(one, now))
            continue;
        json_t *row = json_pack("{s:s%,s:s,s:s,s:s,s:s}", "id", hash_of(one), (size_t)TOKEN_ID - 1, "scope",
                                json_is_string(one) ? "admin" : text_of(one, "scope"), "label", text_of(one, "label"),
                                "since", text_of(one, "since"), "ends", text_of(one, "ends"));
        need(row && json_array_append_new(list, row) == 0);
    }
    return list;
}

size_t token_count(const json_t *json, int64_t now)
{
    size_t i, count = 0;
    json_t *one;
    json_array_foreach(json_object_get(json, "tokens"), i, one) count += !has_ended(one, now);
    return count;
}

int token_end(json_t *json, const char *id)
{
    json_t *list = json_object_get(json, "tokens"), *one;
    size_t i;
    json_array_foreach(list, i, one)
    {
        if (strlen(id) == TOKEN_ID - 1 && strncmp(hash_of(one), id, TOKEN_ID - 1) == 0) {
            need(json_array_remove(list, i) == 0);
            return 1;
        }
    }
    return 0;
}
