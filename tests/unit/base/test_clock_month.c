/* The month in which a case is to be destroyed: the only date that stands in clear. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/clock.h"

static void expect_month(const char *now, int64_t months, const char *wanted)
{
    char month[11];
    clock_month(clock_parse(now), (int)months, month);
    assert_string_equal(month, wanted);
}

static void seven_years_on_it_is_the_first_of_the_month(void **state)
{
    (void)state;
    expect_month("2026-11-22T08:00:00Z", 84, "2033-11-01");
    expect_month("2026-11-01T00:00:00Z", 0, "2026-11-01");
}

static void the_turn_of_the_year_is_passed(void **state)
{
    (void)state;
    expect_month("2026-12-31T23:59:59Z", 1, "2027-01-01");
    expect_month("2026-11-30T00:00:00Z", 13, "2027-12-01");
    expect_month("2026-01-31T00:00:00Z", 1, "2026-02-01");
    expect_month("2028-02-29T12:00:00Z", 12, "2029-02-01");
}

static void hours_have_slots_that_come_round(void **state)
{
    (void)state;
    assert_int_equal(clock_slot(0, 3600), 0);
    assert_int_equal(clock_slot(3599, 3600), 0);
    assert_int_equal(clock_slot(3600, 3600), 1);
    assert_int_equal(clock_slot(4096LL * 3600, 3600), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seven_years_on_it_is_the_first_of_the_month),
        cmocka_unit_test(the_turn_of_the_year_is_passed),
        cmocka_unit_test(hours_have_slots_that_come_round),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
