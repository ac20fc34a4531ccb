/* test_filter.c -- which cases a filter lets through; what is no filter is refused, not taken for "all". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "triage/vault/filter.h"

enum { NOW = 1800000000 };

static struct filter_roll *roll;

static const struct filter_facts cases[] = {
    {"received", "grievance", "web", "en", "", LANE_FIRST_LOOK, NOW - 10, 0},
    {"in_progress", "grievance", "sms", "sw", "amina", LANE_HELD, NOW + 10, 0},
    {"in_progress", "flag", "sms", "sw", "joseph", LANE_HELD, NOW, 0},
    {"answered", "question", "web", "en", "", LANE_NONE, 0, 0},
    {"in_progress", "grievance", "in_person", "ar", "", LANE_ASSESSED, NOW + 3600, 0},
};
enum { CASES = sizeof cases / sizeof *cases };

static int fresh(void **state)
{
    (void)state;
    roll = filter_roll_new();
    for (uint32_t i = 0; i < CASES; i++)
        filter_roll_note(roll, i, &cases[i]);
    return 0;
}

static int ended(void **state)
{
    (void)state;
    filter_roll_free(roll);
    return 0;
}

static enum err read(const char *text, struct filter *filter)
{
    struct json_fault fault;
    json_t *object = json_loads(text, JSON_DECODE_ANY, NULL);
    assert_non_null(object);
    enum err err = filter_read(object, filter, &fault);
    if (err != ERR_OK)
        assert_non_null(fault.field);
    json_decref(object);
    return err;
}

/* The cases as digits: "02". */
static void assert_through(const char *text, const char *who, const char *expected)
{
    struct filter filter;
    struct filter_sieve sieve;
    char got[64] = "";
    size_t count;
    assert_int_equal(read(text, &filter), ERR_OK);
    filter_sieve_make(&filter, roll, who, NOW, &sieve);
    const struct filter_line *lines = filter_roll_lines(roll, &count);
    for (size_t i = 0; i < count; i++)
        if (filter_lets_through(&sieve, &lines[i]))
            snprintf(got + strlen(got), sizeof got - strlen(got), "%zu", i);
    assert_string_equal(got, expected);
}

static void each_part_narrows(void **state)
{
    (void)state;
    assert_through("{}", "amina", "01234");
    assert_through("{\"state\":\"in_progress\"}", "amina", "124");
    assert_through("{\"kind\":\"grievance\"}", "amina", "014");
    assert_through("{\"channel\":\"sms\"}", "amina", "12");
    assert_through("{\"language\":\"sw\"}", "amina", "12");
    assert_through("{\"lane\":\"assessed\"}", "amina", "4");
    assert_through("{\"kind\":\"grievance\",\"channel\":\"sms\",\"language\":\"sw\"}", "amina", "1");
}

static void overdue_is_what_is_due_and_waits(void **state)
{
    (void)state;
    assert_through("{\"overdue\":true}", "amina", "02");
    assert_through("{\"overdue\":false}", "amina", "01234");
}

static void mine_is_what_i_hold(void **state)
{
    (void)state;
    assert_through("{\"mine\":true}", "amina", "1");
    assert_through("{\"lane\":\"mine\"}", "joseph", "2");
    assert_through("{\"mine\":true}", "nobody", "");
    assert_through("{\"mine\":true}", "", "");
}

static void what_no_case_has_finds_nothing(void **state)
{
    (void)state;
    assert_through("{\"language\":\"xx\"}", "amina", "");
    assert_through("{\"state\":\"' OR 1=1\"}", "amina", "");
}

static void a_case_changes_and_goes(void **state)
{
    (void)state;
    const struct filter_facts later = {"closed", "grievance", "web", "en", "", LANE_NONE, 0, 0};
    filter_roll_note(roll, 0, &later);
    assert_through("{\"state\":\"received\"}", "amina", "");
    assert_through("{\"state\":\"closed\"}", "amina", "0");
    filter_roll_note(roll, 0, NULL);
    assert_through("{\"state\":\"closed\"}", "amina", "");
    assert_through("{}", "amina", "1234");
}

static void gaps_on_the_roll_are_no_cases(void **state)
{
    (void)state;
    filter_roll_note(roll, 9, &cases[0]);
    assert_through("{\"state\":\"received\"}", "amina", "09");
    assert_through("{}", "amina", "012349");
}

static void what_is_no_filter_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "[]",
        "\"all\"",
        "{\"kinds\":\"flag\"}",
        "{\"kind\":1}",
        "{\"kind\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}",
        "{\"lane\":\"held\"}",
        "{\"impact\":\"12\"}",
        "{\"overdue\":\"yes\"}",
        "{\"mine\":1}",
    };
    struct filter filter;
    struct json_fault fault;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_not_equal(read(wrong[i], &filter), ERR_OK);
    assert_int_equal(read("null", &filter), ERR_OK);
    assert_int_equal(filter_read(NULL, &filter, &fault), ERR_OK);
    assert_true(filter_is_empty(&filter));
    assert_int_equal(read("{\"impact\":\"123e4567-e89b-12d3-a456-426614174000\"}", &filter), ERR_OK);
    assert_false(filter_is_empty(&filter));
}

/* Strangers choose what they call their language; the roll is as long as it is for all that. */
static void invented_languages_come_to_an_end(void **state)
{
    (void)state;
    char language[20];
    for (uint32_t i = 0; i < 5000; i++) {
        struct filter_facts facts = cases[0];
        snprintf(language, sizeof language, "x-%u", i);
        facts.language = language;
        filter_roll_note(roll, CASES + i, &facts);
    }
    assert_through("{\"language\":\"sw\"}", "amina", "12");
    assert_through("{\"language\":\"x-4999\"}", "amina", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_part_narrows, fresh, ended),
        cmocka_unit_test_setup_teardown(overdue_is_what_is_due_and_waits, fresh, ended),
        cmocka_unit_test_setup_teardown(mine_is_what_i_hold, fresh, ended),
        cmocka_unit_test_setup_teardown(what_no_case_has_finds_nothing, fresh, ended),
        cmocka_unit_test_setup_teardown(a_case_changes_and_goes, fresh, ended),
        cmocka_unit_test_setup_teardown(gaps_on_the_roll_are_no_cases, fresh, ended),
        cmocka_unit_test_setup_teardown(what_is_no_filter_is_refused, fresh, ended),
        cmocka_unit_test_setup_teardown(invented_languages_come_to_an_end, fresh, ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
