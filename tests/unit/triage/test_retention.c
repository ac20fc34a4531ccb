/* test_retention.c -- how long a case is kept: until so many months after the last thing that happened in it, once it
 * has ended and nobody waits for anything. */
#include "triage/vault/retention.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/clock.h"
#include "triage/vault/case_state.h"
#include "triage/vault/second.h"

static const struct retention year = {.months = 12};

/* As it stands after its last line of 15 March 2026. */
static json_t *a_case(const char *life)
{
    json_t *state = json_pack("{s:s, s:s, s:[{s:s,s:s,s:s},{s:s,s:s,s:s}]}", "life", life, "taken_by", "", "history",
                              "at", "2025-01-02T08:00:00Z", "by", "", "what", "Arrived", "at", "2026-03-15T08:00:00Z",
                              "by", "Amina", "what", "Closed");
    assert_non_null(state);
    return state;
}

static int over(const json_t *state, const char *day)
{
    return retention_is_over(state, &year, clock_parse(day));
}

static void it_is_kept_for_whole_months_after_the_last_thing_that_happened(void **unused)
{
    (void)unused;
    json_t *state = a_case("closed");
    assert_false(over(state, "2026-03-16"));
    assert_false(over(state, "2027-03-15"));
    assert_false(over(state, "2027-03-31"));
    assert_true(over(state, "2027-04-01"));
    assert_true(over(state, "2040-01-01"));
    json_decref(state);
}

static void what_has_not_ended_is_kept(void **unused)
{
    (void)unused;
    static const char *const open[] = {"received",  "in_action",    "waiting_for_you", "remedy_offered",
                                       "delivered", "under_review", "reopened",        "a state of a later version"};
    for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
        json_t *state = a_case(open[i]);
        assert_false(over(state, "2040-01-01"));
        json_decref(state);
    }
    static const char *const ended[] = {"verified", "referred", "out_of_scope", "unfounded", "withdrawn", "unanswered"};
    for (size_t i = 0; i < sizeof ended / sizeof *ended; i++) {
        json_t *state = a_case(ended[i]);
        assert_true(over(state, "2040-01-01"));
        json_decref(state);
    }
}

static void input_to_a_consultation_has_no_end_of_its_own(void **unused)
{
    (void)unused;
    json_t *state = a_case("received");
    assert_int_equal(json_object_set_new(state, "kind", json_string("consultation")), 0);
    assert_false(over(state, "2027-03-31"));
    assert_true(over(state, "2027-04-01"));
    assert_int_equal(json_object_set_new(state, "unread", json_true()), 0);
    assert_false(over(state, "2040-01-01"));
    json_decref(state);
}

static void what_somebody_waits_for_is_kept(void **unused)
{
    (void)unused;
    static const struct {
        const char *key, *value;
    } waits[] = {
        {"wish", "{\"act\":\"withdraw\"}"},
        {"erase", "{\"at\":\"2026-03-15T08:00:00Z\"}"},
        {"erasure", "{\"by\":\"\"}"},
        {"lowering", "{\"by\":\"Amina\"}"},
        {"unread", "true"},
        {"outbox", "[{\"id\":\"x\"}]"},
        {"taken_by", "\"Amina\""},
    };
    for (size_t i = 0; i < sizeof waits / sizeof *waits; i++) {
        json_t *state = a_case("closed"), *value = json_loads(waits[i].value, JSON_DECODE_ANY, NULL);
        assert_int_equal(json_object_set_new(state, waits[i].key, value), 0);
        assert_false(over(state, "2040-01-01"));
        json_decref(state);
    }
}

static void what_cannot_be_dated_is_kept(void **unused)
{
    (void)unused;
    json_t *state = a_case("closed");
    json_array_clear(json_object_get(state, "history"));
    assert_false(over(state, "2040-01-01"));
    assert_int_equal(json_array_append_new(json_object_get(state, "history"), json_pack("{s:s}", "at", "soon")), 0);
    assert_false(over(state, "2040-01-01"));
    json_decref(state);
}

static void seconds_stand_in_for_months_in_tests(void **unused)
{
    (void)unused;
    const struct retention short_one = {.months = 12, .seconds = 2};
    json_t *state = a_case("closed");
    int64_t last = clock_parse("2026-03-15T08:00:00Z");
    assert_false(retention_is_over(state, &short_one, last + 1));
    assert_true(retention_is_over(state, &short_one, last + 2));
    json_decref(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_kept_for_whole_months_after_the_last_thing_that_happened),
        cmocka_unit_test(what_has_not_ended_is_kept),
        cmocka_unit_test(input_to_a_consultation_has_no_end_of_its_own),
        cmocka_unit_test(what_somebody_waits_for_is_kept),
        cmocka_unit_test(what_cannot_be_dated_is_kept),
        cmocka_unit_test(seconds_stand_in_for_months_in_tests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
