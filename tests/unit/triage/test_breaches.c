/* test_breaches.c -- what is counted as missed: by stage and month, from what cases say last. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/clock.h"
#include "triage/vault/breaches.h"
#include "triage/vault/case_state.h"

enum { DAY = 24 * 3600, MANY = 200000 };

static int64_t at(const char *text)
{
    int64_t wall = clock_parse(text);
    assert_true(wall > 0);
    return wall;
}

/* Only `stage` has a deadline. */
static void say(struct breaches *b, uint32_t number, enum deadline_stage stage, const char *due,
                enum stage_standing standing)
{
    struct stage_fact facts[DEADLINE_STAGES];
    for (int i = 0; i < DEADLINE_STAGES; i++)
        facts[i] = (struct stage_fact){.due = STAGES_NEVER, .standing = STAGE_NONE};
    facts[stage] = (struct stage_fact){.due = at(due), .standing = standing};
    breaches_know(b, number, facts, 0);
}

/* "due/late" of a month and stage; "-" where the month is not in the list. */
static void expect(const struct breaches *b, const char *now, const char *month, enum deadline_stage stage, int due,
                   int late)
{
    json_t *list = breaches_list(b, at(now), NULL), *one;
    size_t i;
    int seen = 0;
    json_array_foreach(list, i, one)
    {
        const json_t *row = json_array_get(json_object_get(one, "stages"), (size_t)stage);
        if (strcmp(state_text(one, "month"), month) != 0)
            continue;
        seen = 1;
        assert_string_equal(state_text(row, "stage"), deadlines_stage_name(stage));
        assert_int_equal(json_integer_value(json_object_get(row, "due")), due);
        assert_int_equal(json_integer_value(json_object_get(row, "late")), late);
    }
    assert_true(seen || (due == 0 && late == 0));
    json_decref(list);
}

static void what_was_reached_late_and_what_is_late_now_count_in_the_month_they_were_due(void **state)
{
    (void)state;
    struct breaches *b = breaches_new();
    size_t late[DEADLINE_STAGES];
    say(b, 0, DEADLINE_LOOK, "2026-10-31T23:59:00Z", STAGE_LATE);
    say(b, 1, DEADLINE_LOOK, "2026-10-02T10:00:00Z", STAGE_IN_TIME);
    say(b, 2, DEADLINE_LOOK, "2026-11-01T00:00:00Z", STAGE_OPEN);
    say(b, 3, DEADLINE_OUTCOME, "2026-11-20T00:00:00Z", STAGE_OPEN);
    say(b, 4, DEADLINE_RECEIVER, "2026-11-02T00:00:00Z", STAGE_OPEN);
    say(b, 5, DEADLINE_RECEIVER, "2026-11-03T00:00:00Z", STAGE_LATE);
    expect(b, "2026-11-10T00:00:00Z", "2026-11", DEADLINE_RECEIVER, 2, 2);
    expect(b, "2026-11-01T00:00:00Z", "2026-11", DEADLINE_RECEIVER, 1, 1);
    expect(b, "2026-10-31T00:00:00Z", "2026-10", DEADLINE_LOOK, 2, 1);
    expect(b, "2026-10-31T00:00:00Z", "2026-11", DEADLINE_LOOK, 0, 0); /* its time has not come */
    expect(b, "2026-11-10T00:00:00Z", "2026-11", DEADLINE_LOOK, 1, 1);
    expect(b, "2026-11-10T00:00:00Z", "2026-11", DEADLINE_OUTCOME, 0, 0);
    breaches_now(b, at("2026-11-10T00:00:00Z"), late);
    assert_int_equal(late[DEADLINE_LOOK], 1);
    assert_int_equal(late[DEADLINE_OUTCOME], 0);
    breaches_free(b);
}

static void what_a_case_says_last_counts_and_one_that_is_gone_does_not(void **state)
{
    (void)state;
    struct breaches *b = breaches_new();
    say(b, 7, DEADLINE_LOOK, "2026-10-02T10:00:00Z", STAGE_OPEN);
    expect(b, "2026-11-10T00:00:00Z", "2026-10", DEADLINE_LOOK, 1, 1);
    for (int i = 0; i < 3; i++) /* kept again and again, it is one */
        say(b, 7, DEADLINE_LOOK, "2026-10-02T10:00:00Z", STAGE_LATE);
    expect(b, "2026-11-10T00:00:00Z", "2026-10", DEADLINE_LOOK, 1, 1);
    say(b, 7, DEADLINE_LOOK, "2026-12-02T10:00:00Z", STAGE_IN_TIME); /* another profile, another day */
    expect(b, "2026-11-10T00:00:00Z", "2026-10", DEADLINE_LOOK, 0, 0);
    expect(b, "2026-11-10T00:00:00Z", "2026-12", DEADLINE_LOOK, 1, 0);
    breaches_know(b, 7, NULL, 0);
    json_t *list = breaches_list(b, at("2027-01-01T00:00:00Z"), NULL);
    assert_int_equal(json_array_size(list), 0);
    json_decref(list);
    breaches_free(b);
}

/* Whatever order cases change in, the totals are what one would count from all of them at the end. */
static void totals_are_those_of_a_count_from_the_beginning(void **state)
{
    (void)state;
    static const char *const days[] = {"2026-08-10T00:00:00Z", "2026-09-10T00:00:00Z", "2026-10-10T00:00:00Z"};
    struct breaches *b = breaches_new();
    unsigned seed = 7, counted[3][2] = {{0}};
    struct {
        unsigned day, standing;
    } cases[64] = {{0}};
    for (int i = 0; i < 5000; i++) {
        seed = seed * 1103515245U + 12345U;
        unsigned number = seed >> 16 & 63, day = (seed >> 22 & 255) % 3, standing = seed >> 30 & 3;
        say(b, number, DEADLINE_CONTACT, days[day], (enum stage_standing)standing);
        cases[number].day = day;
        cases[number].standing = standing;
    }
    for (int i = 0; i < 64; i++) {
        counted[cases[i].day][0] += cases[i].standing != STAGE_NONE;
        counted[cases[i].day][1] += cases[i].standing == STAGE_LATE || cases[i].standing == STAGE_OPEN;
    }
    expect(b, "2026-11-10T00:00:00Z", "2026-08", DEADLINE_CONTACT, (int)counted[0][0], (int)counted[0][1]);
    expect(b, "2026-11-10T00:00:00Z", "2026-09", DEADLINE_CONTACT, (int)counted[1][0], (int)counted[1][1]);
    expect(b, "2026-11-10T00:00:00Z", "2026-10", DEADLINE_CONTACT, (int)counted[2][0], (int)counted[2][1]);
    breaches_free(b);
}

static void twelve_months_the_newest_first_and_nothing_from_the_end_of_time(void **state)
{
    (void)state;
    struct breaches *b = breaches_new();
    char due[32];
    for (uint32_t i = 0; i < 20; i++) {
        snprintf(due, sizeof due, "%d-%02d-10T00:00:00Z", (int)(2024 + i / 12), (int)(i % 12 + 1));
        say(b, i, DEADLINE_LOOK, due, STAGE_LATE);
    }
    say(b, MANY, DEADLINE_LOOK, "9000-01-01T00:00:00Z", STAGE_IN_TIME);
    json_t *list = breaches_list(b, at("2026-01-01T00:00:00Z"), NULL);
    assert_int_equal(json_array_size(list), BREACHES_SHOWN);
    assert_string_equal(state_text(json_array_get(list, 0), "month"), "2025-08");
    json_decref(list);
    breaches_free(b);
}

struct seen {
    uint32_t numbers[8];
    size_t count, room;
};

static int see(void *room, uint32_t number)
{
    struct seen *seen = room;
    seen->numbers[seen->count++] = number;
    return seen->count < seen->room;
}

static void what_is_late_by_long_is_found_some_at_a_time(void **state)
{
    (void)state;
    struct breaches *b = breaches_new();
    const int64_t after_s[DEADLINE_STAGES] = {[DEADLINE_LOOK] = 4 * 3600};
    int64_t now = at("2026-11-10T10:00:00Z");
    struct seen seen = {.room = 8};
    say(b, 0, DEADLINE_LOOK, "2026-11-10T05:00:00Z", STAGE_OPEN);
    say(b, 1, DEADLINE_LOOK, "2026-11-10T07:00:00Z", STAGE_OPEN);    /* not by so much */
    say(b, 2, DEADLINE_LOOK, "2026-11-10T05:00:00Z", STAGE_LATE);    /* somebody has looked */
    say(b, 3, DEADLINE_OUTCOME, "2026-01-10T05:00:00Z", STAGE_OPEN); /* never for this stage */
    say(b, 4, DEADLINE_LOOK, "2026-11-09T05:00:00Z", STAGE_OPEN);
    struct stage_fact facts[DEADLINE_STAGES] = {
        [DEADLINE_LOOK] = {.due = at("2026-11-10T05:00:00Z"), .standing = STAGE_OPEN}};
    breaches_know(b, 5, facts, 1U << DEADLINE_LOOK); /* it was escalated */
    assert_int_equal(breaches_overdue(b, 0, 100, now, after_s, see, &seen), 0);
    assert_int_equal(seen.count, 2);
    assert_int_equal(seen.numbers[1], 4);
    seen = (struct seen){.room = 8};
    assert_int_equal(breaches_overdue(b, 0, 3, now, after_s, see, &seen), 3);
    assert_int_equal(seen.count, 1);
    assert_int_equal(breaches_overdue(b, 3, 3, now, after_s, see, &seen), 0);
    assert_int_equal(seen.count, 2);
    seen = (struct seen){.room = 1};
    assert_int_equal(breaches_overdue(b, 0, 100, now, after_s, see, &seen), 1);
    breaches_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_reached_late_and_what_is_late_now_count_in_the_month_they_were_due),
        cmocka_unit_test(what_a_case_says_last_counts_and_one_that_is_gone_does_not),
        cmocka_unit_test(totals_are_those_of_a_count_from_the_beginning),
        cmocka_unit_test(what_is_late_by_long_is_found_some_at_a_time),
        cmocka_unit_test(twelve_months_the_newest_first_and_nothing_from_the_end_of_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
