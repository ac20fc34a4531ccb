/* test_session.c -- tokens that cannot be forged, that end, and that open only so many cases. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "triage/vault/session.h"

enum { NOW = 1000000 };
static const uint8_t amina[16] = {1}, omar[16] = {2};

static void a_token_is_known_and_a_changed_one_is_not(void **state)
{
    (void)state;
    char text[SESSION_TEXT];
    struct sessions *s = sessions_new(60, 300);
    struct session *session = session_begin(s, amina, NOW, text);
    assert_int_equal(strlen(text), SESSION_TEXT - 1);
    assert_ptr_equal(session_find(s, text, NOW + 1), session);
    for (size_t i = 0; i < strlen(text); i++) {
        char changed[SESSION_TEXT];
        memcpy(changed, text, sizeof changed);
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        assert_null(session_find(s, changed, NOW + 1));
    }
    assert_null(session_find(s, "", NOW));
    assert_null(session_find(s, "rct-something", NOW));
    sessions_free(s);
}

static void another_process_does_not_know_it(void **state)
{
    (void)state;
    char text[SESSION_TEXT];
    struct sessions *one = sessions_new(60, 300), *other = sessions_new(60, 300);
    session_begin(one, amina, NOW, text);
    assert_null(session_find(other, text, NOW));
    sessions_free(one);
    sessions_free(other);
}

static void it_ends_when_idle_and_after_its_life(void **state)
{
    (void)state;
    char text[SESSION_TEXT];
    struct sessions *s = sessions_new(60, 300);
    session_begin(s, amina, NOW, text);
    assert_non_null(session_find(s, text, NOW + SESSION_IDLE_S - 1));
    assert_null(session_find(s, text, NOW + 2 * SESSION_IDLE_S));
    session_begin(s, amina, NOW, text);
    for (int64_t at = NOW; at < NOW + SESSION_LIFE_S; at += 60)
        assert_non_null(session_find(s, text, at));
    assert_null(session_find(s, text, NOW + SESSION_LIFE_S));
    sessions_free(s);
}

static void who_leaves_is_signed_out_everywhere(void **state)
{
    (void)state;
    char first[SESSION_TEXT], second[SESSION_TEXT], others[SESSION_TEXT];
    struct sessions *s = sessions_new(60, 300);
    session_begin(s, amina, NOW, first);
    session_begin(s, amina, NOW, second);
    session_begin(s, omar, NOW, others);
    session_end_person(s, amina);
    assert_null(session_find(s, first, NOW));
    assert_null(session_find(s, second, NOW));
    assert_non_null(session_find(s, others, NOW));
    sessions_free(s);
}

static void the_budget_is_by_the_hour_and_by_the_day(void **state)
{
    (void)state;
    char text[SESSION_TEXT];
    struct sessions *s = sessions_new(3, 5);
    struct session *session = session_begin(s, amina, NOW, text);
    for (int i = 0; i < 3; i++)
        assert_true(session_spend(s, session, NULL, NOW));
    assert_false(session_spend(s, session, NULL, NOW + 3599));
    assert_true(session_spend(s, session, NULL, NOW + 3600));
    assert_true(session_spend(s, session, NULL, NOW + 3600));
    assert_false(session_spend(s, session, NULL, NOW + 3600));
    assert_false(session_spend(s, session, NULL, NOW + 7300));
    sessions_free(s);
}

/* An officer looks, notes and answers: the page of the case is shown again after each of these, and is the same case.
 */
static void a_case_that_is_open_is_counted_once_an_hour(void **state)
{
    (void)state;
    static const uint8_t wages[16] = {1}, well[16] = {2};
    char text[SESSION_TEXT];
    unsigned hour, day;
    struct sessions *s = sessions_new(3, 5);
    struct session *session = session_begin(s, amina, NOW, text);
    for (int i = 0; i < 10; i++)
        assert_true(session_spend(s, session, wages, NOW + i));
    session_spent(s, session, NOW + 10, &hour, &day);
    assert_int_equal(hour, 1);
    assert_true(session_spend(s, session, well, NOW + 11));
    assert_true(session_spend(s, session, NULL, NOW + 12));
    assert_true(session_spend(s, session, wages, NOW + 13));
    assert_false(session_spend(s, session, (uint8_t[16]){3}, NOW + 14));
    session_spent(s, session, NOW + 3600, &hour, &day);
    assert_true(session_spend(s, session, wages, NOW + 3600));
    session_spent(s, session, NOW + 3600, &hour, &day);
    assert_int_equal(hour, 1);
    assert_int_equal(day, 4);
    sessions_free(s);
}

/* Who runs through the list again and again opens again what they have left behind. */
static void only_the_last_cases_are_open(void **state)
{
    (void)state;
    char text[SESSION_TEXT];
    unsigned hour, day;
    struct sessions *s = sessions_new(1000, 1000);
    struct session *session = session_begin(s, amina, NOW, text);
    for (int round = 0; round < 2; round++)
        for (uint8_t i = 0; i <= SESSION_OPEN; i++)
            assert_true(session_spend(s, session, (uint8_t[16]){i}, NOW));
    session_spent(s, session, NOW, &hour, &day);
    assert_int_equal(hour, 2 * (SESSION_OPEN + 1));
    sessions_free(s);
}

static void what_one_has_open_another_opens_anew(void **state)
{
    (void)state;
    static const uint8_t wages[16] = {1};
    char text[SESSION_TEXT];
    unsigned hour, day;
    struct sessions *s = sessions_new(3, 5);
    struct session *aminas = session_begin(s, amina, NOW, text), *omars = session_begin(s, omar, NOW, text);
    assert_true(session_spend(s, aminas, wages, NOW));
    assert_true(session_spend(s, omars, wages, NOW));
    session_spent(s, omars, NOW, &hour, &day);
    assert_int_equal(hour, 1);
    sessions_free(s);
}

static void a_token_has_a_budget_of_its_own(void **state)
{
    (void)state;
    static const uint8_t hash[16] = {9};
    struct sessions *s = sessions_new(1, 5);
    assert_true(session_spend(s, session_of_token(s, hash, amina, NOW), NULL, NOW));
    assert_false(session_spend(s, session_of_token(s, hash, amina, NOW), NULL, NOW));
    sessions_free(s);
}

static void csrf_belongs_to_the_session(void **state)
{
    (void)state;
    char text[SESSION_TEXT], one[SESSION_CSRF], again[SESSION_CSRF], other[SESSION_CSRF];
    struct sessions *s = sessions_new(1, 5);
    struct session *session = session_begin(s, amina, NOW, text);
    session_csrf(s, session, one);
    session_csrf(s, session, again);
    session_csrf(s, session_begin(s, omar, NOW, text), other);
    assert_string_equal(one, again);
    assert_string_not_equal(one, other);
    sessions_free(s);
}

static void people_see_their_own_sessions_and_end_them(void **state)
{
    (void)state;
    char first[SESSION_TEXT], second[SESSION_TEXT], others[SESSION_TEXT], name[SESSION_PUBLIC];
    struct sessions *s = sessions_new(60, 300);
    struct session *here = session_begin(s, amina, NOW, first), *there = session_begin(s, amina, NOW, second);
    struct session *omars = session_begin(s, omar, NOW, others);
    assert_ptr_equal(session_at(s, amina, 0, NOW), here);
    assert_ptr_equal(session_at(s, amina, 1, NOW), there);
    assert_null(session_at(s, amina, 2, NOW));
    assert_null(session_at(s, amina, 0, NOW + SESSION_IDLE_S));
    session_public(s, omars, name);
    assert_false(session_end_public(s, here, name));
    session_public(s, there, name);
    assert_null(session_find(s, name, NOW));
    assert_true(session_end_public(s, here, name));
    assert_null(session_find(s, second, NOW));
    session_end_others(s, here);
    assert_non_null(session_find(s, first, NOW));
    assert_non_null(session_find(s, others, NOW));
    sessions_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_is_known_and_a_changed_one_is_not),
        cmocka_unit_test(another_process_does_not_know_it),
        cmocka_unit_test(it_ends_when_idle_and_after_its_life),
        cmocka_unit_test(who_leaves_is_signed_out_everywhere),
        cmocka_unit_test(the_budget_is_by_the_hour_and_by_the_day),
        cmocka_unit_test(a_case_that_is_open_is_counted_once_an_hour),
        cmocka_unit_test(only_the_last_cases_are_open),
        cmocka_unit_test(what_one_has_open_another_opens_anew),
        cmocka_unit_test(a_token_has_a_budget_of_its_own),
        cmocka_unit_test(csrf_belongs_to_the_session),
        cmocka_unit_test(people_see_their_own_sessions_and_end_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
