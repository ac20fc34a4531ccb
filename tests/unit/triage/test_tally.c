/* test_tally.c -- figures over time: what is counted, on which day, how long a state took, and what is not told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/clock.h"
#include "triage/vault/case_state.h"
#include "triage/vault/tally.h"

enum { HOUR = 3600, DAY = 24 * HOUR, AHEAD = 3 * HOUR };

/* Wednesday, 25 November 2026, ten in the morning of an office three hours ahead. */
static int64_t now;
static struct tally *tally;

static int fresh(void **state)
{
    (void)state;
    now = clock_parse("2026-11-25T07:00:00Z");
    tally = tally_new();
    return 0;
}

static int ended(void **state)
{
    (void)state;
    tally_free(tally);
    return 0;
}

static json_t *case_of(const char *arrived, const char *kind, const char *channel)
{
    return json_pack("{s:s,s:s,s:s,s:s,s:[]}", "kind", kind, "channel", channel, "arrived", arrived, "life", "received",
                     "history");
}

static void moves(json_t *state, const char *to, const char *at)
{
    state_set_text(state, "life", to);
    assert_int_equal(
        json_array_append_new(state_list(state, "history"),
                              json_pack("{s:s,s:s,s:s}", "what", "The state changed", "state", to, "at", at)),
        0);
}

/* Takes `state`. */
static void keep(uint32_t number, json_t *state)
{
    struct tally_facts facts;
    int counts = tally_read(state, &facts);
    tally_note(tally, number, counts ? &facts : NULL, AHEAD);
    json_decref(state);
}

static const json_t *period(const json_t *shown, const char *list, const char *name, const char *text)
{
    size_t i;
    const json_t *one;
    json_array_foreach(json_object_get(shown, list), i, one) if (strcmp(state_text(one, name), text) == 0) return one;
    fail_msg("%s is not among them", text);
    return NULL;
}

/* -1: not told. */
static json_int_t at(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    assert_non_null(value);
    return json_is_null(value) ? -1 : json_integer_value(value);
}

static json_int_t part(const json_t *object, const char *of, const char *key)
{
    return at(json_object_get(object, of), key);
}

static void what_came_in_stands_on_its_day_of_the_office(void **state)
{
    (void)state;
    keep(0, case_of("2026-11-24T20:59:00Z", "grievance", "web")); /* a minute before midnight */
    keep(1, case_of("2026-11-24T21:00:00Z", "question", "sms"));  /* the next day there */
    keep(2, case_of("2026-10-26T22:00:00Z", "grievance", "sms")); /* 27 October: the first of thirty days */
    keep(3, case_of("2026-10-26T20:00:00Z", "grievance", "sms")); /* one day too old for that */
    keep(4, case_of("2025-12-01T00:00:00Z", "thanks", "fax"));    /* the first of twelve months */
    keep(5, case_of("2025-11-30T12:00:00Z", "thanks", "fax"));    /* too old for that */
    json_t *shown = tally_json(tally, now, AHEAD, 0, NULL);
    assert_int_equal(json_array_size(json_object_get(shown, "days")), 30);
    assert_int_equal(json_array_size(json_object_get(shown, "months")), 12);
    assert_int_equal(at(period(shown, "days", "day", "2026-11-24"), "came"), 1);
    assert_int_equal(part(period(shown, "days", "day", "2026-11-24"), "channels", "web"), 1);
    assert_int_equal(part(period(shown, "days", "day", "2026-11-25"), "kinds", "question"), 1);
    assert_int_equal(at(json_array_get(json_object_get(shown, "days"), 0), "came"), 1);
    assert_int_equal(at(period(shown, "months", "month", "2026-10"), "came"), 2);
    assert_int_equal(at(period(shown, "months", "month", "2026-11"), "came"), 2);
    assert_int_equal(part(period(shown, "months", "month", "2025-12"), "channels", "other"), 1);
    assert_int_equal(at(json_array_get(json_object_get(shown, "months"), 0), "came"), 1);
    json_decref(shown);
}

static void demonstrations_and_what_is_gone_are_not_counted(void **state)
{
    (void)state;
    json_t *demo = case_of("2026-11-25T06:00:00Z", "grievance", "web");
    json_object_set_new(demo, "synthetic", json_true());
    keep(0, demo);
    keep(7, case_of("2026-11-25T06:00:00Z", "grievance", "web"));
    keep(9, case_of("2026-11-25T06:00:00Z", "grievance", "web"));
    tally_note(tally, 9, NULL, 0);
    json_t *shown = tally_json(tally, now, AHEAD, 0, NULL);
    assert_int_equal(at(period(shown, "days", "day", "2026-11-25"), "came"), 1);
    json_decref(shown);
}

static void an_ending_counts_until_the_case_is_opened_again(void **state)
{
    (void)state;
    json_t *one = case_of("2026-11-01T06:00:00Z", "grievance", "web");
    moves(one, "unfounded", "2026-11-20T06:00:00Z");
    keep(0, json_incref(one));
    json_t *shown = tally_json(tally, now, AHEAD, 0, NULL);
    assert_int_equal(at(period(shown, "days", "day", "2026-11-20"), "ended"), 1);
    assert_int_equal(part(period(shown, "months", "month", "2026-11"), "endings", "unfounded"), 1);
    json_decref(shown);
    moves(one, "reopened", "2026-11-21T06:00:00Z");
    keep(0, one);
    shown = tally_json(tally, now, AHEAD, 0, NULL);
    assert_int_equal(at(period(shown, "months", "month", "2026-11"), "ended"), 0);
    assert_int_equal(at(period(shown, "months", "month", "2026-11"), "came"), 1);
    json_decref(shown);
}

static void time_in_a_state_is_all_of_its_visits_and_what_lasts_now(void **state)
{
    (void)state;
    json_t *one = case_of("2026-11-20T00:00:00Z", "grievance", "web");
    moves(one, "acknowledged", "2026-11-20T02:30:00Z");    /* 2 h received */
    moves(one, "waiting_for_you", "2026-11-20T05:30:00Z"); /* 3 h acknowledged */
    moves(one, "acknowledged", "2026-11-24T05:30:00Z");    /* 4 days waiting */
    moves(one, "assessed", "2026-11-24T07:00:00Z");        /* 1.5 h more acknowledged; a day assessed until now */
    keep(0, one);
    json_t *earlier = case_of("2026-11-20T00:00:00Z", "grievance", "web");
    state_set_text(earlier, "life", "in_action"); /* and nothing says since when */
    keep(1, earlier);
    json_t *shown = tally_json(tally, now, AHEAD, 0, NULL);
    assert_int_equal(at(period(shown, "states", "state", "received"), "median"), 2);
    assert_int_equal(at(period(shown, "states", "state", "acknowledged"), "median"), 4);
    assert_int_equal(at(period(shown, "states", "state", "waiting_for_you"), "median"), 96);
    assert_int_equal(at(period(shown, "states", "state", "assessed"), "most"), 24);
    assert_int_equal(at(period(shown, "states", "state", "in_action"), "cases"), 0);
    assert_int_equal(at(period(shown, "states", "state", "in_action"), "median"), -1);
    json_decref(shown);
}

static void the_middle_and_nine_in_ten(void **state)
{
    (void)state;
    char at_text[CLOCK_TEXT_SIZE];
    for (uint32_t i = 0; i < 10; i++) { /* 1 to 10 hours in `received` */
        json_t *one = case_of("2026-11-20T00:00:00Z", "grievance", "web");
        clock_text(clock_parse("2026-11-20T00:00:00Z") + (i + 1) * HOUR, at_text);
        moves(one, "assessed", at_text);
        keep(i, one);
    }
    keep(10, case_of("2026-08-20T00:00:00Z", "grievance", "web")); /* older than ninety days */
    json_t *shown = tally_json(tally, now, AHEAD, 0, NULL);
    const json_t *received = period(shown, "states", "state", "received");
    assert_int_equal(at(received, "cases"), 10);
    assert_int_equal(at(received, "median"), 5);
    assert_int_equal(at(received, "most"), 9);
    json_decref(shown);
}

static void deadlines_are_counted_by_stage(void **state)
{
    (void)state;
    struct tally_facts facts;
    static const enum stage_standing ends[][DEADLINE_STAGES] = {
        {STAGE_IN_TIME, STAGE_NONE, STAGE_LATE, STAGE_OPEN},
        {STAGE_IN_TIME, STAGE_NONE, STAGE_IN_TIME, STAGE_OPEN},
    };
    for (uint32_t i = 0; i < 2; i++) {
        json_t *one = case_of("2026-11-20T00:00:00Z", "grievance", "web");
        assert_true(tally_read(one, &facts));
        memcpy(facts.stages, ends[i], sizeof facts.stages);
        tally_note(tally, i, &facts, AHEAD);
        json_decref(one);
    }
    json_t *shown = tally_json(tally, now, AHEAD, 1, NULL);
    const json_t *told = period(shown, "stages", "stage", "acknowledge");
    assert_int_equal(at(told, "kept"), 1);
    assert_int_equal(at(told, "missed"), 1);
    assert_int_equal(at(period(shown, "stages", "stage", "look"), "kept"), 2);
    assert_int_equal(at(period(shown, "stages", "stage", "outcome"), "open"), 2);
    assert_int_equal(at(period(shown, "stages", "stage", "contact"), "kept"), 0);
    json_decref(shown);
}

/* Nobody who sees no cases learns that on Tuesday one report of misconduct came, not even by counting what is missing.
 */
static void small_numbers_are_not_told_to_who_is_guarded(void **state)
{
    (void)state;
    uint32_t number = 0;
    for (int i = 0; i < 5; i++)
        keep(number++, case_of("2026-11-10T08:00:00Z", "grievance", "web"));
    for (int i = 0; i < 4; i++)
        keep(number++, case_of("2026-11-11T08:00:00Z", "question", "web"));
    for (int i = 0; i < 4; i++) /* this week: not broken down yet */
        keep(number++, case_of("2026-11-24T08:00:00Z", "suggestion", "web"));
    keep(number++, case_of("2026-11-12T08:00:00Z", "flag", "sms"));
    json_t *shown = tally_json(tally, now, AHEAD, 1, NULL);
    const json_t *month = period(shown, "months", "month", "2026-11");
    assert_int_equal(at(period(shown, "days", "day", "2026-11-10"), "came"), 5);
    assert_int_equal(at(period(shown, "days", "day", "2026-11-12"), "came"), -1);
    assert_int_equal(at(period(shown, "days", "day", "2026-11-13"), "came"), -1); /* none looks like one */
    assert_null(json_object_get(period(shown, "days", "day", "2026-11-10"), "kinds"));
    assert_int_equal(at(month, "came"), 14);
    assert_int_equal(part(month, "kinds", "grievance"), 5);
    assert_int_equal(part(month, "kinds", "question"), 4);
    assert_int_equal(part(month, "kinds", "flag"), -1);
    assert_int_equal(part(month, "kinds", "suggestion"), -1);
    assert_int_equal(at(period(shown, "states", "state", "received"), "cases"), 14);
    json_decref(shown);
}

static void one_number_that_is_missing_takes_another_with_it(void **state)
{
    (void)state;
    static const char *const all[] = {"web", "sms", "in_person", "phone", "partner", "api", "rule", "fax"};
    uint32_t number = 0;
    for (int i = 0; i < 8; i++) /* 3, 4, ..., 9 of each, and one by the last door */
        for (int n = 0; n < (i == 7 ? 1 : i + 3); n++)
            keep(number++, case_of("2026-10-10T08:00:00Z", "grievance", all[i]));
    json_t *shown = tally_json(tally, now, AHEAD, 1, NULL);
    const json_t *month = period(shown, "months", "month", "2026-10");
    assert_int_equal(part(month, "channels", "other"), -1);
    assert_int_equal(part(month, "channels", "web"), -1); /* 3, the smallest of the others */
    assert_int_equal(part(month, "channels", "sms"), 4);
    json_decref(shown);
}

static void whole_hours_of_few_cases_are_not_told_either(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 2; i++)
        keep(i, case_of("2026-11-20T00:00:00Z", "grievance", "web"));
    json_t *shown = tally_json(tally, now, AHEAD, 1, NULL);
    assert_int_equal(at(period(shown, "states", "state", "received"), "median"), -1);
    json_decref(shown);
    shown = tally_json(tally, now, AHEAD, 0, NULL);
    assert_true(at(period(shown, "states", "state", "received"), "median") > 0);
    json_decref(shown);
}

/* A case that names somebody is in none of the sums that they see. */
static void what_is_hidden_from_who_asks_is_left_out(void **state)
{
    (void)state;
    uint32_t numbers[] = {1};
    const struct hidden hidden = {numbers, 1};
    struct tally_facts facts = {.kind = "grievance", .channel = "web", .life = LIFE_RECEIVED, .arrived = now - HOUR};
    for (uint32_t i = 0; i < 3; i++)
        tally_note(tally, i, &facts, AHEAD);
    json_t *all = tally_json(tally, now, AHEAD, 0, NULL), *seen = tally_json(tally, now, AHEAD, 0, &hidden);
    const json_t *today = json_array_get(json_object_get(all, "days"), TALLY_DAYS - 1);
    assert_int_equal(json_integer_value(json_object_get(today, "came")), 3);
    today = json_array_get(json_object_get(seen, "days"), TALLY_DAYS - 1);
    assert_int_equal(json_integer_value(json_object_get(today, "came")), 2);
    json_decref(all);
    json_decref(seen);
}

int main(void)
{
#define STORY(name) cmocka_unit_test_setup_teardown(name, fresh, ended)
    const struct CMUnitTest tests[] = {
        STORY(what_is_hidden_from_who_asks_is_left_out),
        STORY(what_came_in_stands_on_its_day_of_the_office),
        STORY(demonstrations_and_what_is_gone_are_not_counted),
        STORY(an_ending_counts_until_the_case_is_opened_again),
        STORY(time_in_a_state_is_all_of_its_visits_and_what_lasts_now),
        STORY(the_middle_and_nine_in_ten),
        STORY(deadlines_are_counted_by_stage),
        STORY(small_numbers_are_not_told_to_who_is_guarded),
        STORY(one_number_that_is_missing_takes_another_with_it),
        STORY(whole_hours_of_few_cases_are_not_told_either),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
