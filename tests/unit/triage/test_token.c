/* test_token.c -- tokens of programs: kept as a hash, for a scope and a time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/seal/sign.h"
#include "triage/vault/token.h"

enum { NOW = 1800000000, DAY = 86400 };

static json_t *record_with(enum token_scope scope, int64_t days, char text[static TOKEN_TEXT], uint8_t hash[static 32])
{
    json_t *record = json_pack("{s:[]}", "tokens");
    token_new(record, scope, days, "the printer", NOW, text);
    sign_sha256(text, strlen(text), hash);
    return record;
}

static void a_token_is_known_until_it_ends_and_by_its_hash_alone(void **state)
{
    (void)state;
    char text[TOKEN_TEXT];
    uint8_t hash[32];
    json_t *record = record_with(SCOPE_READ, 30, text, hash);
    assert_int_equal(strlen(text), TOKEN_TEXT - 1);
    assert_int_equal(strncmp(text, "rct-", 4), 0);
    char *kept = json_dumps(record, 0);
    assert_null(strstr(kept, text));
    free(kept);
    assert_int_equal(token_look(record, hash, NOW), SCOPE_READ);
    assert_int_equal(token_look(record, hash, NOW + 30 * DAY - 1), SCOPE_READ);
    assert_int_equal(token_look(record, hash, NOW + 30 * DAY), SCOPE_NONE);
    hash[31] ^= 1;
    assert_int_equal(token_look(record, hash, NOW), SCOPE_NONE);
    json_decref(record);
}

static void what_is_listed_lets_nobody_in_and_ends_it(void **state)
{
    (void)state;
    char text[TOKEN_TEXT];
    uint8_t hash[32];
    json_t *record = record_with(SCOPE_WORK, 1, text, hash), *list = token_list(record, NOW);
    const char *id = json_string_value(json_object_get(json_array_get(list, 0), "id"));
    assert_int_equal(strlen(id), TOKEN_ID - 1);
    assert_false(token_end(record, ""));
    assert_false(token_end(record, "0123456789abcdef"));
    assert_true(token_end(record, id));
    assert_int_equal(token_look(record, hash, NOW), SCOPE_NONE);
    json_decref(list);
    json_decref(record);
}

static void the_oldest_makes_room_and_the_ended_first(void **state)
{
    (void)state;
    char text[TOKEN_TEXT];
    uint8_t first[32], second[32], hash[32];
    json_t *record = record_with(SCOPE_READ, 1, text, first);
    token_new(record, SCOPE_READ, 100, "", NOW, text);
    sign_sha256(text, strlen(text), second);
    for (int i = 0; i < TOKENS_MAX - 1; i++)
        token_new(record, SCOPE_WORK, 100, "", NOW + 2 * DAY, text);
    assert_int_equal(token_count(record, NOW + 2 * DAY), TOKENS_MAX);
    assert_int_equal(token_look(record, second, NOW + 2 * DAY), SCOPE_READ);
    token_new(record, SCOPE_ADMIN, 100, "", NOW + 2 * DAY, text);
    sign_sha256(text, strlen(text), hash);
    assert_int_equal(token_count(record, NOW + 2 * DAY), TOKENS_MAX);
    assert_int_equal(token_look(record, second, NOW + 2 * DAY), SCOPE_NONE);
    assert_int_equal(token_look(record, hash, NOW + 2 * DAY), SCOPE_ADMIN);
    json_decref(record);
}

static void one_from_before_scopes_still_works(void **state)
{
    (void)state;
    uint8_t hash[32] = {0xab};
    json_t *record = json_pack("{s:[s]}", "tokens", "ab00000000000000000000000000000000000000000000000000000000000000");
    assert_int_equal(token_look(record, hash, NOW), SCOPE_ADMIN);
    assert_true(token_end(record, "ab00000000000000"));
    json_decref(record);
}

static void scopes_have_names(void **state)
{
    (void)state;
    for (int scope = SCOPE_READ; scope <= SCOPE_ADMIN; scope++)
        assert_int_equal(token_scope_of(token_scope_name((enum token_scope)scope)), scope);
    assert_int_equal(token_scope_of("everything"), SCOPE_NONE);
    assert_int_equal(token_scope_of(""), SCOPE_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_is_known_until_it_ends_and_by_its_hash_alone),
        cmocka_unit_test(what_is_listed_lets_nobody_in_and_ends_it),
        cmocka_unit_test(the_oldest_makes_room_and_the_ended_first),
        cmocka_unit_test(one_from_before_scopes_still_works),
        cmocka_unit_test(scopes_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
