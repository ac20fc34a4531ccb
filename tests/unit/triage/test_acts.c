/* test_acts.c -- what the person asks for with the receipt, and what the office decides: windows, waiting, one review,
 * and that somebody of staff stands between a grave case and its end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/clock.h"
#include "triage/vault/acts.h"
#include "triage/vault/case_state.h"
#include "triage/vault/decision.h"
#include "triage/vault/second.h"

enum { DAY = 24 * 3600, WEEK = 7 * DAY };

static json_t *state_at(enum life life)
{
    return json_pack("{s:s,s:s,s:{s:i}}", "life", life_name(life), "arrived", "2026-11-22T08:00:00Z", "proposal",
                     "scale", 2);
}

/* Decided by amina, confirmed by joseph, at `at`. */
static json_t *decided(enum life life, int64_t at)
{
    char text[CLOCK_TEXT_SIZE];
    clock_text(at, text);
    json_t *s = state_at(life);
    json_object_set_new(
        s, "decisions",
        json_pack("[{s:s,s:s,s:s,s:s}]", "state", life_name(life), "by", "amina", "second", "joseph", "at", text));
    return s;
}

static int does(json_t *state, const char *act, int64_t now, int64_t wait_s)
{
    const struct act what = {
        .act = act, .voice = {.via = "page", .who = "", .words = ""}, .now = now, .wait_s = wait_s, .copies_days = 10};
    return acts_do(state, &what);
}

static int told(const json_t *state, const char *key)
{
    json_t *notice = acts_notice(state);
    int there = json_object_get(notice, key) != NULL;
    json_decref(notice);
    return there;
}

static void a_decision_can_be_reviewed_once_within_thirty_days_by_someone_else(void **state)
{
    (void)state;
    int64_t now = clock_wall();
    json_t *s = decided(LIFE_UNFOUNDED, now - 29 * DAY);
    assert_true(told(s, "review_until"));
    assert_true(decision_is_of(s, "amina") && decision_is_of(s, "joseph"));
    assert_false(decision_is_of(s, "grace"));
    assert_int_equal(does(s, "review", now, WEEK), 1);
    assert_int_equal(life_now(s), LIFE_UNDER_REVIEW);
    assert_in_range(decision_review_due(s), now + 30 * DAY - 1, now + 30 * DAY);
    assert_int_equal(does(s, "review", now, WEEK), 0);
    json_decref(s);
}

static void too_late_is_too_late_and_final_is_final(void **state)
{
    (void)state;
    int64_t now = clock_wall();
    json_t *s = decided(LIFE_UNFOUNDED, now - 31 * DAY);
    assert_int_equal(does(s, "review", now, WEEK), 0);
    assert_int_equal(life_now(s), LIFE_UNFOUNDED);
    json_decref(s);
    s = decided(LIFE_REFERRED, now);
    json_object_set_new(json_array_get(json_object_get(s, "decisions"), 0), "final", json_true());
    assert_int_equal(does(s, "review", now, WEEK), 0);
    assert_true(told(s, "final"));
    assert_false(told(s, "review_until"));
    json_decref(s);
    s = decided(LIFE_WITHDRAWN, now); /* their own doing: they write, and it is open again */
    assert_int_equal(does(s, "review", now, WEEK), 0);
    json_decref(s);
}

static void what_the_person_wishes_waits_seven_days_in_sight(void **state)
{
    (void)state;
    static const struct {
        const char *act;
        enum life to;
    } rows[] = {{"solved", LIFE_VERIFIED}, {"withdraw", LIFE_WITHDRAWN}};
    int64_t now = clock_wall();
    for (size_t i = 0; i < 2; i++) {
        json_t *s = state_at(LIFE_IN_ACTION);
        assert_int_equal(does(s, rows[i].act, now, WEEK), 1);
        assert_int_equal(life_now(s), LIFE_IN_ACTION);
        assert_int_equal(acts_due(s), now + WEEK);
        assert_true(told(s, "wish"));
        acts_end(s);
        assert_int_equal(life_now(s), rows[i].to);
        assert_int_equal(acts_due(s), 0);
        assert_false(told(s, "wish"));
        json_decref(s);
    }
}

static void it_can_be_taken_back_and_then_nothing_ends(void **state)
{
    (void)state;
    int64_t now = clock_wall();
    json_t *s = state_at(LIFE_WAITING_FOR_YOU);
    assert_int_equal(does(s, "keep", now, WEEK), 0);
    assert_int_equal(does(s, "withdraw", now, WEEK), 1);
    assert_int_equal(does(s, "keep", now, WEEK), 1);
    assert_int_equal(acts_due(s), 0);
    assert_int_equal(life_now(s), LIFE_WAITING_FOR_YOU);
    json_decref(s);
}

/* Somebody may have made them write it. */
static void in_the_floor_a_person_of_staff_stands_before_the_end(void **state)
{
    (void)state;
    int64_t now = clock_wall();
    json_t *s = state_at(LIFE_IN_ACTION);
    json_object_set_new(json_object_get(s, "proposal"), "danger_now", json_true());
    assert_int_equal(does(s, "withdraw", now, WEEK), 1);
    acts_end(s);
    assert_int_equal(life_now(s), LIFE_IN_ACTION);
    assert_int_equal(acts_due(s), 0); /* no time ends it any more */
    assert_string_equal(state_text(second_asked(s, "closing"), "state"), "withdrawn");
    assert_true(second_may(s, "closing", "amina"));
    assert_true(told(s, "wish"));
    assert_int_equal(does(s, "keep", now, WEEK), 1);
    assert_null(second_asked(s, "closing"));
    json_decref(s);
}

static void an_ended_case_has_nothing_to_end(void **state)
{
    (void)state;
    static const char *const names[] = {"solved", "withdraw", "keep", "sell", ""};
    json_t *s = decided(LIFE_UNFOUNDED, clock_wall());
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_int_equal(does(s, names[i], clock_wall(), WEEK), 0);
    assert_int_equal(life_now(s), LIFE_UNFOUNDED);
    json_decref(s);
}

static void erasing_waits_in_sight_and_then_somebody_of_staff_decides(void **state)
{
    (void)state;
    int64_t now = clock_wall();
    static const enum life lives[] = {LIFE_RECEIVED, LIFE_IN_ACTION, LIFE_UNFOUNDED, LIFE_VERIFIED};
    for (size_t i = 0; i < sizeof lives / sizeof *lives; i++) {
        json_t *s = state_at(lives[i]);
        assert_int_equal(does(s, "erase", now, WEEK), 1);
        assert_int_equal(does(s, "erase", now + DAY, WEEK), 1);
        assert_int_equal(acts_due(s), now + WEEK); /* said twice, its time goes on */
        assert_true(told(s, "erase"));
        assert_null(second_asked(s, "erasure"));
        acts_end(s);
        assert_true(second_may(s, "erasure", "amina"));
        assert_int_equal(life_now(s), lives[i]); /* no time ends anything */
        assert_int_equal(acts_due(s), 0);
        assert_true(told(s, "erase"));
        assert_int_equal(does(s, "keep", now, WEEK), 1);
        assert_null(second_asked(s, "erasure"));
        assert_false(told(s, "erase"));
        json_decref(s);
    }
}

static void an_ending_does_not_make_it_void_that_it_is_erased(void **state)
{
    (void)state;
    int64_t now = clock_wall();
    json_t *s = state_at(LIFE_IN_ACTION);
    assert_int_equal(does(s, "solved", now, DAY), 1);
    assert_int_equal(does(s, "erase", now, WEEK), 1);
    assert_int_equal(acts_due(s), now + DAY);
    acts_end(s);
    assert_int_equal(life_now(s), LIFE_VERIFIED);
    assert_false(told(s, "wish"));
    assert_int_equal(acts_due(s), now + WEEK);
    json_t *erase = json_object_get(s, "erase");
    assert_int_equal(clock_parse(state_text(erase, "copies_until")), now + WEEK + 10 * DAY);
    acts_erase_over(s);
    assert_int_equal(acts_due(s), 0);
    json_decref(s);
}

static void solved_in_part_or_not_ends_nothing_and_is_our_turn(void **state)
{
    (void)state;
    static const struct {
        enum life from, to;
        const char *act, *said;
    } rows[] = {{LIFE_WAITING_FOR_YOU, LIFE_ACKNOWLEDGED, "partly", "partly"},
                {LIFE_WAITING_FOR_YOU, LIFE_ACKNOWLEDGED, "not_solved", "no"},
                {LIFE_IN_ACTION, LIFE_IN_ACTION, "partly", "partly"},
                {LIFE_DELIVERED, LIFE_IN_ACTION, "partly", "partly"},
                {LIFE_DELIVERED, LIFE_IN_ACTION, "not_solved", "no"},
                {LIFE_VERIFIED, LIFE_REOPENED, "not_solved", "no"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_t *s = state_at(rows[i].from);
        assert_int_equal(does(s, rows[i].act, clock_wall(), WEEK), 1);
        assert_int_equal(life_now(s), rows[i].to);
        assert_int_equal(acts_due(s), 0);
        assert_string_equal(state_text(json_object_get(s, "solved"), "said"), rows[i].said);
        json_decref(s);
    }
    json_t *s = state_at(LIFE_IN_ACTION);
    assert_int_equal(does(s, "solved", clock_wall(), WEEK), 1);
    assert_string_equal(state_text(json_object_get(s, "solved"), "said"), "yes");
    assert_int_equal(does(s, "not_solved", clock_wall(), WEEK), 1); /* they thought better of it */
    assert_int_equal(acts_due(s), 0);
    assert_int_equal(does(s, "solved", clock_wall(), WEEK), 1);
    assert_int_equal(does(s, "keep", clock_wall(), WEEK), 1);
    assert_null(json_object_get(s, "solved"));
    json_decref(s);
}

static void what_was_read_is_hidden_and_shown_again_and_changes_nothing_else(void **state)
{
    (void)state;
    json_t *s = state_at(LIFE_WAITING_FOR_YOU);
    assert_int_equal(does(s, "hide:3", clock_wall(), WEEK), 1);
    json_t *notice = acts_notice(s);
    assert_int_equal(json_integer_value(json_object_get(notice, "hidden")), 3);
    json_decref(notice);
    assert_int_equal(life_now(s), LIFE_WAITING_FOR_YOU);
    assert_int_equal(json_array_size(json_object_get(s, "history")), 0);
    assert_int_equal(does(s, "show", clock_wall(), WEEK), 1);
    assert_false(told(s, "hidden"));
    json_decref(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_decision_can_be_reviewed_once_within_thirty_days_by_someone_else),
        cmocka_unit_test(too_late_is_too_late_and_final_is_final),
        cmocka_unit_test(what_the_person_wishes_waits_seven_days_in_sight),
        cmocka_unit_test(it_can_be_taken_back_and_then_nothing_ends),
        cmocka_unit_test(in_the_floor_a_person_of_staff_stands_before_the_end),
        cmocka_unit_test(an_ended_case_has_nothing_to_end),
        cmocka_unit_test(erasing_waits_in_sight_and_then_somebody_of_staff_decides),
        cmocka_unit_test(an_ending_does_not_make_it_void_that_it_is_erased),
        cmocka_unit_test(solved_in_part_or_not_ends_nothing_and_is_our_turn),
        cmocka_unit_test(what_was_read_is_hidden_and_shown_again_and_changes_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
