/* test_challenge.c -- what a passkey signs is ours, for one use, one person, one time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "triage/vault/challenge.h"

enum { NOW = 1800000000 };
static const uint8_t amina[16] = {1}, omar[16] = {2};

static void it_counts_once_and_for_its_use_and_person(void **state)
{
    (void)state;
    char text[CHALLENGE_TEXT];
    struct challenges *c = challenges_new();
    challenge_new(c, CHALLENGE_ADD, amina, NOW, text);
    assert_int_equal(strlen(text), CHALLENGE_TEXT - 1);
    assert_false(challenge_spend(c, CHALLENGE_ADD, omar, text, NOW));
    assert_false(challenge_spend(c, CHALLENGE_ADD, NULL, text, NOW));
    assert_false(challenge_spend(c, CHALLENGE_FRESH, amina, text, NOW));
    assert_true(challenge_spend(c, CHALLENGE_ADD, amina, text, NOW));
    assert_false(challenge_spend(c, CHALLENGE_ADD, amina, text, NOW));
    challenges_free(c);
}

static void it_ends_after_five_minutes(void **state)
{
    (void)state;
    char text[CHALLENGE_TEXT];
    struct challenges *c = challenges_new();
    challenge_new(c, CHALLENGE_SIGNIN, NULL, NOW, text);
    assert_false(challenge_spend(c, CHALLENGE_SIGNIN, NULL, text, NOW + CHALLENGE_LIFE_S));
    assert_true(challenge_spend(c, CHALLENGE_SIGNIN, NULL, text, NOW + CHALLENGE_LIFE_S - 1));
    challenges_free(c);
}

static void a_changed_one_and_one_of_another_process_are_not_ours(void **state)
{
    (void)state;
    char text[CHALLENGE_TEXT];
    struct challenges *c = challenges_new(), *other = challenges_new();
    challenge_new(c, CHALLENGE_SIGNIN, NULL, NOW, text);
    assert_false(challenge_spend(other, CHALLENGE_SIGNIN, NULL, text, NOW));
    for (size_t i = 0; i + 1 < strlen(text); i++) {
        char changed[CHALLENGE_TEXT];
        memcpy(changed, text, sizeof changed);
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        assert_false(challenge_spend(c, CHALLENGE_SIGNIN, NULL, changed, NOW));
    }
    assert_false(challenge_spend(c, CHALLENGE_SIGNIN, NULL, "", NOW));
    challenges_free(c);
    challenges_free(other);
}

static void those_that_were_spent_make_room_when_they_would_have_ended(void **state)
{
    (void)state;
    char text[CHALLENGE_TEXT], last[CHALLENGE_TEXT];
    struct challenges *c = challenges_new();
    for (int i = 0; i < CHALLENGES_SPENT; i++) {
        challenge_new(c, CHALLENGE_SIGNIN, NULL, NOW, text);
        assert_true(challenge_spend(c, CHALLENGE_SIGNIN, NULL, text, NOW));
    }
    challenge_new(c, CHALLENGE_SIGNIN, NULL, NOW + CHALLENGE_LIFE_S - 1, last);
    assert_false(challenge_spend(c, CHALLENGE_SIGNIN, NULL, last, NOW + CHALLENGE_LIFE_S - 1));
    assert_true(challenge_spend(c, CHALLENGE_SIGNIN, NULL, last, NOW + CHALLENGE_LIFE_S));
    assert_false(challenge_spend(c, CHALLENGE_SIGNIN, NULL, last, NOW + CHALLENGE_LIFE_S));
    challenges_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_counts_once_and_for_its_use_and_person),
        cmocka_unit_test(it_ends_after_five_minutes),
        cmocka_unit_test(a_changed_one_and_one_of_another_process_are_not_ours),
        cmocka_unit_test(those_that_were_spent_make_room_when_they_would_have_ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
