/* test_clock.c -- time as text comes back as the same second, and half-right dates are refused. */
#include "tests/unit/base/unit.h"

#include <unistd.h>

#include "common/base/clock.h"

static void a_second_goes_there_and_back(void **state)
{
    (void)state;
    static const int64_t seconds[] = {0, 1, 951782400, 1709164800, 1795334400, 4102444799};
    for (size_t i = 0; i < unit_count(seconds); i++) {
        char text[CLOCK_TEXT_SIZE];
        clock_text(seconds[i], text);
        assert_int_equal(clock_parse(text), seconds[i]);
    }
    char text[CLOCK_TEXT_SIZE], day[11];
    clock_text(1795334400, text);
    clock_day(1795334400, day);
    assert_string_equal(text, "2026-11-22T08:00:00Z");
    assert_string_equal(day, "2026-11-22");
}

static void a_bare_day_is_its_midnight(void **state)
{
    (void)state;
    assert_int_equal(clock_parse("1970-01-02"), 86400);
    assert_int_equal(clock_parse("2024-02-29"), 1709164800);
}

static void what_is_not_of_the_form_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "2026",
                                      "2026-1-2",
                                      "2023-02-29",
                                      "2026-13-01",
                                      "2026-11-31",
                                      " 2026-11-22",
                                      "26-11-22",
                                      "2026-11-22T08:00:00",
                                      "2026-11-22 08:00:00Z",
                                      "tomorrow",
                                      "2026-11-22x",
                                      "2026-11-22T08:00:00Zx",
                                      "2026-11-22T24:00:00Z",
                                      "2026-11-22T8:00:00Z",
                                      "1969-12-30", /* before the clock begins */
                                      "1564-11-22T08:00:00Z"};
    for (size_t i = 0; i < unit_count(bad); i++)
        assert_int_equal(clock_parse(bad[i]), -1);
}

static void a_year_of_five_digits_leaves_the_day_empty(void **state)
{
    (void)state;
    char day[11] = "xxxxxxxxxx";
    clock_day(INT64_C(400000000000), day);
    assert_string_equal(day, "");
}

static void the_monotonic_clock_does_not_step_back(void **state)
{
    (void)state;
    int64_t before = clock_ms();
    usleep(20000);
    int64_t after = clock_ms();
    assert_in_range(after - before, 20, 5000);
    assert_true(clock_wall() > 1600000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_second_goes_there_and_back),
        cmocka_unit_test(a_bare_day_is_its_midnight),
        cmocka_unit_test(what_is_not_of_the_form_is_refused),
        cmocka_unit_test(a_year_of_five_digits_leaves_the_day_empty),
        cmocka_unit_test(the_monotonic_clock_does_not_step_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
