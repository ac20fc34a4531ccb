/* test_safety.c -- keeping who complained safe: steps outside, and asking afterwards. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "common/base/clock.h"
#include "triage/vault/case_state.h"
#include "triage/vault/life.h"
#include "triage/vault/safety.h"

enum { DAY = 86400 };

static const int64_t NOW = 1795000000;

static json_t *a_case(const char *life)
{
    json_t *state = json_pack("{s:s,s:s,s:s,s:s}", "life", life, "lane", "assessed", "arrived", "2026-11-01T08:00:00Z",
                              "kind", "grievance");
    assert_non_null(state);
    return state;
}

static int visit(json_t *state)
{
    const struct safety_step step = {.what = "visit",
                                     .says = "A walk through the hall with the safety officer",
                                     .could_tell = "Only the night shift knows of the second door",
                                     .is_consented = 1,
                                     .consent_how = "In her words, on 2 November"};
    return safety_take_step(state, &step, "amina", NOW);
}

static void a_step_outside_is_followed_by_two_check_ins(void **unused)
{
    (void)unused;
    json_t *state = a_case("in_action");
    assert_int_equal(safety_due(state), 0);
    assert_true(visit(state));
    assert_int_equal(json_array_size(json_object_get(state, "checkins")), 2);
    assert_int_equal(safety_due(state), NOW + 14 * DAY);
    assert_true(safety_check_in(state, 0, "well", "She says so", "amina", NOW + 14 * DAY));
    assert_int_equal(safety_due(state), NOW + 91 * DAY);
    assert_true(safety_check_in(state, 1, "well", "She says so", "amina", NOW + 91 * DAY));
    assert_int_equal(safety_due(state), 0);
    json_decref(state);
}

static void a_check_in_is_done_once(void **unused)
{
    (void)unused;
    json_t *state = a_case("in_action");
    assert_false(safety_check_in(state, 0, "well", "x", "amina", NOW));
    assert_true(visit(state));
    assert_true(safety_check_in(state, 0, "well", "x", "amina", NOW));
    json_t *before = json_deep_copy(state);
    assert_false(safety_check_in(state, 0, "harmed", "x", "amina", NOW));
    assert_false(safety_check_in(state, 2, "harmed", "x", "amina", NOW));
    assert_true(json_equal(before, state));
    json_decref(before);
    json_decref(state);
}

static void who_could_not_be_asked_is_asked_again_in_a_week(void **unused)
{
    (void)unused;
    json_t *state = a_case("in_action");
    assert_true(visit(state));
    assert_true(safety_check_in(state, 0, "not_reached", "Her brother holds the phone", "amina", NOW + 14 * DAY));
    assert_int_equal(safety_due(state), NOW + 21 * DAY);
    json_decref(state);
}

/* Retaliation is a danger of its own: the case is open again, at the first look, and the risk is high. */
static void who_was_punished_is_looked_at_within_a_day(void **unused)
{
    (void)unused;
    json_t *state = a_case("verified");
    safety_assess(state, "low", "She calls from the kiosk", "amina");
    assert_true(visit(state));
    assert_true(safety_check_in(state, 0, "harmed", "Her shifts were taken away", "amina", NOW + 14 * DAY));
    assert_int_equal(life_now(state), LIFE_REOPENED);
    assert_string_equal(state_text(state, "lane"), "first_look");
    const json_t *safety = json_object_get(state, "safety");
    assert_string_equal(state_text(safety, "level"), "high");
    assert_string_equal(state_text(safety, "plan"), "She calls from the kiosk");
    assert_int_equal(json_integer_value(json_object_get(json_object_get(state, "since"), "due_s")), DAY);
    assert_null(json_object_get(json_object_get(state, "stages"), "look"));
    json_decref(state);
}

static void what_is_due_sooner_by_a_rule_stays_sooner(void **unused)
{
    (void)unused;
    json_t *state = a_case("in_action");
    json_object_set_new(state, "since", json_pack("{s:i}", "due_s", 3600));
    assert_true(visit(state));
    assert_true(safety_check_in(state, 0, "harmed", "x", "amina", NOW));
    assert_int_equal(json_integer_value(json_object_get(json_object_get(state, "since"), "due_s")), 3600);
    json_decref(state);
}

static void there_is_an_end_to_steps(void **unused)
{
    (void)unused;
    json_t *state = a_case("in_action");
    for (int i = 0; i < SAFETY_STEPS_MAX; i++)
        assert_true(visit(state));
    json_t *before = json_deep_copy(state);
    assert_false(visit(state));
    assert_true(json_equal(before, state));
    json_decref(before);
    json_decref(state);
}

static void codes_are_those_of_the_tables(void **unused)
{
    (void)unused;
    assert_true(safety_is_level("unknown") && safety_is_step("respondent") && safety_is_outcome("not_reached"));
    assert_false(safety_is_level("") || safety_is_step("well") || safety_is_outcome("high"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_outside_is_followed_by_two_check_ins),
        cmocka_unit_test(a_check_in_is_done_once),
        cmocka_unit_test(who_could_not_be_asked_is_asked_again_in_a_week),
        cmocka_unit_test(who_was_punished_is_looked_at_within_a_day),
        cmocka_unit_test(what_is_due_sooner_by_a_rule_stays_sooner),
        cmocka_unit_test(there_is_an_end_to_steps),
        cmocka_unit_test(codes_are_those_of_the_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
