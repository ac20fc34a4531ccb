/* test_alarm.c -- when the person on call is told: at once, together, again, and not any more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "triage/vault/alarm.h"

static const struct alarm_rhythm rhythm = {.repeat_s = 600, .gather_s = 60};
enum { START = 1000000 };

static int step(struct alarm *alarm, size_t unknown, uint64_t newest, int64_t now)
{
    struct alarm_waiting waiting = {.unknown = unknown, .newest = newest};
    if (!alarm_is_due(alarm, &waiting, &rhythm, START + now))
        return 0;
    alarm_begin(alarm);
    alarm_sent(alarm, &waiting, START + now);
    return 1;
}

static void the_first_is_told_at_once_and_again_until_somebody_knows(void **state)
{
    (void)state;
    struct alarm alarm = {0};
    assert_int_equal(step(&alarm, 0, 0, 0), 0);
    assert_int_equal(step(&alarm, 1, 1, 5), 1);
    for (int64_t now = 6; now < 605; now++)
        assert_int_equal(step(&alarm, 1, 1, now), 0);
    assert_int_equal(step(&alarm, 1, 1, 605), 1);
    assert_int_equal(step(&alarm, 1, 1, 1204), 0);
    assert_int_equal(step(&alarm, 1, 1, 1205), 1);
    alarm_acknowledge(&alarm, 1);
    assert_int_equal(alarm.known, 1);
    assert_int_equal(step(&alarm, 0, 0, 5000), 0);
}

static void what_comes_within_a_minute_is_told_together(void **state)
{
    (void)state;
    struct alarm alarm = {0};
    assert_int_equal(step(&alarm, 1, 1, 0), 1);
    for (int64_t now = 1; now < 60; now++)
        assert_int_equal(step(&alarm, (size_t)now, (uint64_t)now + 1, now), 0);
    assert_int_equal(step(&alarm, 60, 61, 60), 1);
    assert_int_equal(step(&alarm, 60, 61, 120), 0); /* nothing new: only the repetition is left */
    assert_int_equal(step(&alarm, 60, 61, 660), 1);
}

static void a_look_ends_it_and_the_next_begins_with_another_code(void **state)
{
    (void)state;
    struct alarm alarm = {0};
    char first[ALARM_CODE + 1];
    assert_int_equal(step(&alarm, 2, 2, 0), 1);
    memcpy(first, alarm.code, sizeof first);
    assert_int_equal(strlen(first), ALARM_CODE);
    assert_int_equal(step(&alarm, 1, 2, 600), 1);
    assert_string_equal(alarm.code, first); /* the same until there is silence: both messages can be answered */
    assert_int_equal(step(&alarm, 0, 2, 601), 0);
    assert_int_equal(step(&alarm, 1, 3, 602), 1); /* a new one is told at once, however short ago the last was */
    assert_string_equal(alarm.before, first);
    assert_int_equal(alarm_code_fits(&alarm, first), 1);
    assert_int_equal(alarm_code_fits(&alarm, alarm.code), 1);
}

static void codes_cannot_be_guessed(void **state)
{
    (void)state;
    struct alarm alarm = {0};
    assert_int_equal(alarm_code_fits(&alarm, ""), 0);
    alarm = (struct alarm){0};
    assert_int_equal(step(&alarm, 1, 1, 0), 1);
    memcpy(alarm.code, "123456", sizeof alarm.code);
    assert_int_equal(alarm_code_fits(&alarm, "12345"), 0);
    assert_int_equal(alarm_code_fits(&alarm, "1234567"), 0);
    for (int i = 2; i < ALARM_WRONG_MAX; i++)
        assert_int_equal(alarm_code_fits(&alarm, "654321"), 0);
    assert_int_equal(alarm_code_fits(&alarm, "123456"), 0); /* too late */
    alarm_acknowledge(&alarm, 1);
    assert_int_equal(step(&alarm, 1, 2, 1), 1);
    assert_int_equal(alarm_code_fits(&alarm, alarm.code), 1);
}

static void an_answer_is_ok_and_a_code_and_nothing_else(void **state)
{
    (void)state;
    static const char *const good[] = {"OK 123456", "ok 123456", " Ok123456.\n", "OK: 123456"};
    static const char *const other[] = {
        "", "OK", "123456", "OK 12345", "OK 1234567", "OK 123456 and more", "NOT OK 1", "OK one two", "okay 123456"};
    char code[ALARM_CODE + 1];
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_non_null(alarm_code_in(good[i], code));
        assert_string_equal(code, "123456");
    }
    for (size_t i = 0; i < sizeof other / sizeof *other; i++)
        assert_null(alarm_code_in(other[i], code));
}

static void the_next_is_told_as_well_after_a_time_or_when_one_cannot_be_reached(void **state)
{
    (void)state;
    static const struct alarm_rhythm by_turns = {.repeat_s = 600, .gather_s = 60, .next_s = 900};
    const struct alarm_waiting one = {.unknown = 1, .newest = 1}, two = {.unknown = 1, .newest = 2};
    struct alarm alarm = {0};
    assert_int_equal(alarm_reach(&alarm, &by_turns, 3, START), 1);
    assert_int_equal(alarm_reach(&alarm, &by_turns, 0, START), 0);
    alarm_begin(&alarm);
    alarm_sent(&alarm, &one, START);
    assert_int_equal(alarm_reach(&alarm, &by_turns, 3, START + 899), 1);
    alarm_sent(&alarm, &one, START + 600); /* said again: the turns go on from the first message */
    assert_int_equal(alarm_reach(&alarm, &by_turns, 3, START + 900), 2);
    assert_int_equal(alarm_reach(&alarm, &by_turns, 3, START + 1800), 3);
    assert_int_equal(alarm_reach(&alarm, &by_turns, 3, START + 90000), 3);
    assert_int_equal(alarm_reach(&alarm, &by_turns, 3, START - 5000), 1); /* the clock was set back */
    assert_int_equal(alarm_reach(&alarm, &rhythm, 3, START + 90000), 1);  /* no turns */
    /* One could not be delivered: the next at once, and the one behind in their time. */
    alarm_push(&alarm);
    assert_int_equal(alarm_reach(&alarm, &by_turns, 3, START + 1), 2);
    assert_int_equal(alarm_reach(&alarm, &by_turns, 3, START + 900), 3);
    /* Known: the next alarm begins with the first again. */
    alarm_acknowledge(&alarm, 1);
    assert_int_equal(alarm_reach(&alarm, &by_turns, 3, START + 2000), 1);
    alarm_begin(&alarm);
    alarm_sent(&alarm, &two, START + 3000);
    assert_int_equal(alarm_reach(&alarm, &by_turns, 3, START + 3001), 1);
    assert_int_equal(alarm_reach(&alarm, &by_turns, 3, START + 3900), 2);
}

static void what_was_not_kept_is_tried_again_soon_and_another_person_is_told_at_once(void **state)
{
    (void)state;
    struct alarm alarm = {0};
    assert_int_equal(step(&alarm, 1, 1, 0), 1);
    alarm_failed(&alarm, &rhythm, START, 5);
    assert_int_equal(step(&alarm, 1, 1, 4), 0);
    assert_int_equal(step(&alarm, 1, 1, 5), 1);
    assert_int_equal(step(&alarm, 1, 1, 6), 0);
    alarm_anew(&alarm);
    assert_int_equal(step(&alarm, 1, 1, 7), 1);
    assert_int_equal(step(&alarm, 1, 1, -100), 1); /* the clock was set back */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_is_told_at_once_and_again_until_somebody_knows),
        cmocka_unit_test(what_comes_within_a_minute_is_told_together),
        cmocka_unit_test(a_look_ends_it_and_the_next_begins_with_another_code),
        cmocka_unit_test(codes_cannot_be_guessed),
        cmocka_unit_test(an_answer_is_ok_and_a_code_and_nothing_else),
        cmocka_unit_test(the_next_is_told_as_well_after_a_time_or_when_one_cannot_be_reached),
        cmocka_unit_test(what_was_not_kept_is_tried_again_soon_and_another_person_is_told_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
