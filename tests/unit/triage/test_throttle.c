/* test_throttle.c -- guessing is slow, and locks out nobody who comes from a device of their own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "triage/vault/throttle.h"

enum { NOW = 1000000 };

static void ten_tries_then_one_a_minute(void **state)
{
    (void)state;
    struct throttle *t = throttle_new();
    for (int i = 0; i < THROTTLE_TRIES; i++)
        assert_true(throttle_try(t, "amina", "", NOW));
    assert_false(throttle_try(t, "amina", "", NOW + 59));
    assert_true(throttle_try(t, "amina", "", NOW + 60));
    assert_false(throttle_try(t, "amina", "", NOW + 61));
    throttle_free(t);
}

static void a_known_device_is_not_locked_out_by_guessing(void **state)
{
    (void)state;
    struct throttle *t = throttle_new();
    for (int i = 0; i < 100; i++)
        (void)throttle_try(t, "amina", "", NOW);
    assert_false(throttle_try(t, "amina", "", NOW));
    assert_true(throttle_try(t, "amina", "her phone", NOW));
    assert_true(throttle_try(t, "omar", "", NOW));
    throttle_free(t);
}

static void the_right_password_costs_nothing(void **state)
{
    (void)state;
    struct throttle *t = throttle_new();
    for (int i = 0; i < 1000; i++) {
        assert_true(throttle_try(t, "amina", "", NOW));
        throttle_good(t, "amina", "", NOW);
    }
    throttle_free(t);
}

static void a_flood_of_names_is_bounded(void **state)
{
    (void)state;
    struct throttle *t = throttle_new();
    for (int i = 0; i < 10000; i++) {
        char name[20];
        snprintf(name, sizeof name, "name %d", i);
        assert_true(throttle_try(t, name, "", NOW + i));
    }
    throttle_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ten_tries_then_one_a_minute),
        cmocka_unit_test(a_known_device_is_not_locked_out_by_guessing),
        cmocka_unit_test(the_right_password_costs_nothing),
        cmocka_unit_test(a_flood_of_names_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
