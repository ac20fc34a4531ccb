/* test_recovery.c -- an account is let in anew a day after two have agreed, and not a second before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "triage/vault/recovery.h"

enum { NOW = 1800000000, HOUR = 3600 };

static json_t *a_record(void)
{
    return json_pack("{s:s,s:s,s:[s],s:{s:s},s:[s],s:[{s:s}]}", "name", "Amina", "password", "old", "tokens", "ab",
                     "totp", "secret", "X", "codes", "cd", "passkeys", "id", "key");
}

static void it_waits_a_day_after_the_second_has_confirmed(void **state)
{
    (void)state;
    json_t *record = a_record();
    assert_int_equal(recovery_step(record, NOW), RECOVERY_NONE);
    recovery_ask(record, "Omar", "her phone fell into the well", NOW);
    assert_int_equal(recovery_step(record, NOW + 1000 * HOUR), RECOVERY_ASKED);
    recovery_confirm(record, "Bea", 24, NOW + HOUR);
    assert_int_equal(recovery_step(record, NOW + HOUR), RECOVERY_WAITS);
    assert_int_equal(recovery_step(record, NOW + 25 * HOUR - 1), RECOVERY_WAITS);
    assert_int_equal(recovery_step(record, NOW + 25 * HOUR), RECOVERY_RIPE);
    json_decref(record);
}

static void what_let_in_before_does_no_more_and_the_person_is_told(void **state)
{
    (void)state;
    json_t *record = a_record();
    recovery_ask(record, "Omar", "lost", NOW);
    recovery_confirm(record, "Bea", 0, NOW);
    recovery_finish(record, "new", NOW);
    assert_string_equal(json_string_value(json_object_get(record, "password")), "new");
    assert_null(json_object_get(record, "totp"));
    assert_null(json_object_get(record, "codes"));
    assert_null(json_object_get(record, "passkeys"));
    assert_int_equal(json_array_size(json_object_get(record, "tokens")), 0);
    assert_int_equal(recovery_step(record, NOW), RECOVERY_NONE);
    const json_t *told = json_object_get(record, "recovered");
    assert_string_equal(json_string_value(json_object_get(told, "by")), "Omar");
    assert_string_equal(json_string_value(json_object_get(told, "confirmed_by")), "Bea");
    json_decref(record);
}

static void stopped_it_leaves_everything_as_it_was(void **state)
{
    (void)state;
    json_t *record = a_record(), *before = a_record();
    recovery_ask(record, "Omar", "lost", NOW);
    recovery_confirm(record, "Bea", 24, NOW);
    recovery_stop(record);
    assert_true(json_equal(record, before));
    json_t *row = recovery_row(record, NOW);
    assert_true(json_is_null(row));
    json_decref(row);
    json_decref(record);
    json_decref(before);
}

static void what_is_shown_names_both_and_the_time(void **state)
{
    (void)state;
    json_t *record = a_record();
    recovery_ask(record, "Omar", "lost", NOW);
    recovery_confirm(record, "Bea", 24, NOW);
    json_t *row = recovery_row(record, NOW);
    assert_string_equal(json_string_value(json_object_get(row, "step")), "waits");
    assert_string_equal(json_string_value(json_object_get(row, "by")), "Omar");
    assert_string_equal(json_string_value(json_object_get(row, "confirmed_by")), "Bea");
    assert_string_equal(json_string_value(json_object_get(row, "due")), "2027-01-16T08:00:00Z");
    json_decref(row);
    json_decref(record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_waits_a_day_after_the_second_has_confirmed),
        cmocka_unit_test(what_let_in_before_does_no_more_and_the_person_is_told),
        cmocka_unit_test(stopped_it_leaves_everything_as_it_was),
        cmocka_unit_test(what_is_shown_names_both_and_the_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
