/* test_severity.c -- the order of cases, rule by rule, and what must hold for any two or three of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "common/base/rng.h"
#include "triage/vault/severity.h"

enum { NOW = 1000000, HOUR = 3600, DAY = 86400, RUNS = 20000 };

static struct severity middling(void)
{
    return (struct severity){.scale = 2, .scope = 2, .irremediability = 2, .arrived = NOW};
}

#define before(a, b) assert_true(severity_compare(&(a), &(b), NOW) < 0)

static void nothing_outside_the_floor_stands_before_it(void **state)
{
    (void)state;
    struct severity grave = {.grave = 1, .scale = 1, .scope = 1, .irremediability = 1, .arrived = NOW};
    struct severity heavy = {.scale = 4, .scope = 4, .irremediability = 4, .by = NOW + 60, .arrived = NOW - DAY};
    before(grave, heavy);
}

static void danger_now_goes_before_grave(void **state)
{
    (void)state;
    struct severity danger = middling(), grave = {.grave = 1, .ongoing = 1, .scale = 4, .scope = 4, .arrived = 1};
    danger.danger_now = 1;
    before(danger, grave);
}

static void less_time_goes_first_where_it_counts(void **state)
{
    (void)state;
    struct severity today = {.scale = 3, .scope = 1, .irremediability = 1, .by = NOW + 20 * HOUR, .arrived = NOW};
    struct severity heavier = {.scale = 4, .scope = 4, .irremediability = 4, .arrived = NOW - DAY};
    before(today, heavier);
    struct severity light = {.scale = 2, .scope = 2, .irremediability = 1, .by = NOW + HOUR / 2, .arrived = NOW};
    before(heavier, light);
    assert_int_equal(severity_band(&light, NOW), BAND_LATER);
    struct severity unknown = {.scope = 1, .by = NOW + HOUR / 2, .arrived = NOW};
    assert_int_equal(severity_band(&unknown, NOW), BAND_1H);
}

static void bands_end_where_they_say(void **state)
{
    (void)state;
    static const struct {
        int64_t left;
        enum severity_band band;
    } rows[] = {{HOUR, BAND_1H},    {HOUR + 1, BAND_4H},       {4 * HOUR, BAND_4H},
                {DAY, BAND_24H},    {DAY + 1, BAND_72H},       {3 * DAY, BAND_72H},
                {7 * DAY, BAND_7D}, {7 * DAY + 1, BAND_LATER}, {-5 * DAY, BAND_1H}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct severity s = {.scale = 3, .by = NOW + rows[i].left};
        assert_int_equal(severity_band(&s, NOW), rows[i].band);
    }
}

static void a_clock_that_ran_out_keeps_its_place_until_a_person_looked(void **state)
{
    (void)state;
    struct severity s = {.scale = 4, .by = NOW - DAY};
    assert_int_equal(severity_band(&s, NOW), BAND_1H);
    s.looked = NOW - 2 * DAY;
    assert_int_equal(severity_band(&s, NOW), BAND_1H);
    s.looked = NOW - HOUR;
    assert_int_equal(severity_band(&s, NOW), BAND_LATER);
    assert_int_equal(severity_irremediability(&s, NOW), 4);
}

static void grave_and_ongoing_goes_before_grave(void **state)
{
    (void)state;
    struct severity ongoing = middling(), over = {.grave = 1, .scale = 4, .scope = 4, .irremediability = 4};
    ongoing.grave = ongoing.ongoing = 1;
    before(ongoing, over);
}

static void one_gravely_harmed_person_is_not_outranked_by_many_lightly_harmed(void **state)
{
    (void)state;
    struct severity one = {.scale = 4, .scope = 1, .irremediability = 4, .arrived = NOW};
    struct severity many = {.scale = 3, .scope = 4, .irremediability = 3, .arrived = NOW - DAY};
    before(one, many);
}

static void the_clock_makes_harm_irremediable(void **state)
{
    (void)state;
    struct severity s = {.scale = 2, .scope = 2, .irremediability = 1, .by = NOW + 6 * DAY};
    assert_int_equal(severity_irremediability(&s, NOW), 3);
    assert_int_equal(severity_irremediability(&s, NOW + 5 * DAY), 4);
    assert_int_equal(severity_irremediability(&s, NOW - 10 * DAY), 1);
}

static void not_known_is_not_low(void **state)
{
    (void)state;
    struct severity unknown = {.arrived = NOW}, low = middling(), four = middling();
    four.scale = 4;
    before(unknown, low);
    before(four, unknown);
}

static void likelihood_counts_only_between_equals(void **state)
{
    (void)state;
    struct severity may = middling(), happened = middling(), heavier = middling();
    may.likelihood = LIKELIHOOD_HIGH;
    heavier.scale = 3;
    heavier.likelihood = LIKELIHOOD_LOW;
    before(happened, may);
    before(heavier, happened);
}

static void between_equals_the_older_goes_first(void **state)
{
    (void)state;
    struct severity older = middling(), newer = middling();
    older.arrived = NOW - 1;
    before(older, newer);
    assert_int_equal(severity_compare(&older, &older, NOW), 0);
}

static void an_unknown_axis_is_not_lowered_by_a_rule(void **state)
{
    (void)state;
    struct severity s = {0}, rule = {.scale = 2, .irremediability = 3};
    severity_raise(&s, &rule);
    assert_int_equal(s.scale, SEVERITY_UNKNOWN);
    assert_int_equal(s.irremediability, 3);
}

/* ---- any two, any three ---- */

static struct severity any(void)
{
    struct severity s = {.danger_now = (uint8_t)(rng_below(4) == 0),
                         .grave = (uint8_t)(rng_below(4) == 0),
                         .ongoing = (uint8_t)rng_below(2),
                         .scale = (uint8_t)rng_below(5),
                         .scope = (uint8_t)rng_below(5),
                         .irremediability = (uint8_t)rng_below(5),
                         .likelihood = (uint8_t)rng_below(5),
                         .arrived = NOW - (int64_t)rng_below(5)};
    if (rng_below(2))
        s.by = NOW - DAY + (int64_t)rng_below(10 * DAY);
    if (rng_below(2))
        s.looked = NOW - (int64_t)rng_below(2 * DAY);
    return s;
}

static int sign_of(int n)
{
    return (n > 0) - (n < 0);
}

static void it_is_an_order(void **state)
{
    (void)state;
    for (int i = 0; i < RUNS; i++) {
        struct severity a = any(), b = any(), c = any();
        int ab = severity_compare(&a, &b, NOW), bc = severity_compare(&b, &c, NOW), ac = severity_compare(&a, &c, NOW);
        assert_int_equal(sign_of(severity_compare(&b, &a, NOW)), -sign_of(ab));
        if (ab <= 0 && bc <= 0)
            assert_true(ac <= 0);
    }
}

static void a_rule_never_lowers(void **state)
{
    (void)state;
    for (int i = 0; i < RUNS; i++) {
        struct severity was = any(), raised = was, rule = any();
        rule.likelihood = 0;
        severity_raise(&raised, &rule);
        assert_true(severity_weight(&raised, NOW) >= severity_weight(&was, NOW));
    }
}

static void time_alone_never_lowers(void **state)
{
    (void)state;
    for (int i = 0; i < RUNS; i++) {
        struct severity s = any();
        int64_t later = NOW + (int64_t)rng_below(10 * DAY);
        assert_true(severity_weight(&s, later) >= severity_weight(&s, NOW) || (s.looked && s.looked >= s.by));
    }
}

static void the_next_change_is_when_it_changes(void **state)
{
    (void)state;
    for (int i = 0; i < RUNS; i++) {
        struct severity s = any();
        int64_t next = severity_next_change(&s, NOW);
        int64_t until = next ? next - 1 : NOW + 100 * DAY;
        if (!(s.looked && s.by && s.looked >= s.by))
            assert_int_equal(severity_weight(&s, NOW), severity_weight(&s, until));
        if (next)
            assert_true(next > NOW);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_outside_the_floor_stands_before_it),
        cmocka_unit_test(danger_now_goes_before_grave),
        cmocka_unit_test(less_time_goes_first_where_it_counts),
        cmocka_unit_test(bands_end_where_they_say),
        cmocka_unit_test(a_clock_that_ran_out_keeps_its_place_until_a_person_looked),
        cmocka_unit_test(grave_and_ongoing_goes_before_grave),
        cmocka_unit_test(one_gravely_harmed_person_is_not_outranked_by_many_lightly_harmed),
        cmocka_unit_test(the_clock_makes_harm_irremediable),
        cmocka_unit_test(not_known_is_not_low),
        cmocka_unit_test(likelihood_counts_only_between_equals),
        cmocka_unit_test(between_equals_the_older_goes_first),
        cmocka_unit_test(an_unknown_axis_is_not_lowered_by_a_rule),
        cmocka_unit_test(it_is_an_order),
        cmocka_unit_test(a_rule_never_lowers),
        cmocka_unit_test(time_alone_never_lowers),
        cmocka_unit_test(the_next_change_is_when_it_changes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
