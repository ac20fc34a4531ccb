/* test_escalation.c -- what is late by long is escalated, once for each stage and round. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "triage/vault/case_state.h"
#include "triage/vault/escalation.h"

enum { HOUR = 3600, NOW = 1000 * HOUR, LOOK = 1U << DEADLINE_LOOK, CONTACT = 1U << DEADLINE_CONTACT };

static const int64_t after_s[DEADLINE_STAGES] = {[DEADLINE_LOOK] = 4 * HOUR, [DEADLINE_CONTACT] = 24 * HOUR};

static void late_by(struct stage_fact facts[static DEADLINE_STAGES], enum deadline_stage stage, int64_t s,
                    enum stage_standing standing)
{
    facts[stage] = (struct stage_fact){.due = NOW - s, .standing = standing};
}

static void each_stage_is_escalated_once_and_by_its_own_time(void **state)
{
    (void)state;
    struct stage_fact facts[DEADLINE_STAGES] = {0};
    json_t *s = json_object();
    late_by(facts, DEADLINE_LOOK, 5 * HOUR, STAGE_OPEN);
    late_by(facts, DEADLINE_CONTACT, 5 * HOUR, STAGE_OPEN);
    late_by(facts, DEADLINE_OUTCOME, 500 * HOUR, STAGE_OPEN); /* never */
    assert_int_equal(escalation_due(s, facts, after_s, NOW), LOOK);
    assert_int_equal(escalation_stands(s, facts), 0);
    escalation_make(s, DEADLINE_LOOK);
    assert_int_equal(escalation_done(s), LOOK);
    assert_int_equal(escalation_due(s, facts, after_s, NOW), 0);
    assert_int_equal(escalation_due(s, facts, after_s, NOW + 20 * HOUR), CONTACT);
    assert_int_equal(escalation_stands(s, facts), 1);
    assert_int_equal(json_array_size(json_object_get(s, "history")), 1);
    json_decref(s);
}

static void what_is_reached_or_paused_is_not_and_leaves_the_list(void **state)
{
    (void)state;
    struct stage_fact facts[DEADLINE_STAGES] = {0};
    json_t *s = json_object();
    late_by(facts, DEADLINE_LOOK, 50 * HOUR, STAGE_LATE);
    assert_int_equal(escalation_due(s, facts, after_s, NOW), 0);
    late_by(facts, DEADLINE_CONTACT, 50 * HOUR, STAGE_NONE);
    assert_int_equal(escalation_due(s, facts, after_s, NOW), 0);
    escalation_make(s, DEADLINE_LOOK);
    assert_int_equal(escalation_stands(s, facts), 0);
    json_decref(s);
}

static void a_clock_that_begins_anew_can_be_missed_anew(void **state)
{
    (void)state;
    struct stage_fact facts[DEADLINE_STAGES] = {0};
    json_t *s = json_object();
    late_by(facts, DEADLINE_LOOK, 5 * HOUR, STAGE_OPEN);
    escalation_over(s, LOOK); /* nothing was: nothing happens */
    escalation_make(s, DEADLINE_LOOK);
    escalation_make(s, DEADLINE_CONTACT);
    stages_look_again(s); /* new words of danger */
    assert_int_equal(escalation_done(s), 0);
    assert_int_equal(escalation_due(s, facts, after_s, NOW), LOOK);
    json_decref(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_stage_is_escalated_once_and_by_its_own_time),
        cmocka_unit_test(what_is_reached_or_paused_is_not_and_leaves_the_list),
        cmocka_unit_test(a_clock_that_begins_anew_can_be_missed_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
