/* test_stages.c -- an office's deadlines on one case: what is next, what was reached and when, what stays late. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/clock.h"
#include "triage/vault/case_state.h"
#include "triage/vault/pauses.h"
#include "triage/vault/stages.h"

enum { HOUR = 3600, DAY = 24 * HOUR };

static struct stages_office office;
static int64_t now;

static int begin(void **state)
{
    (void)state;
    char says[SAYS_SIZE];
    now = clock_wall();
    return stages_office_begin(&office, SOURCE_ROOT "/triage/deadlines", "default", says) == ERR_OK ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    stages_office_end(&office);
    return 0;
}

static json_t *time_json(int64_t wall)
{
    char text[CLOCK_TEXT_SIZE];
    clock_text(wall, text);
    return json_string(text);
}

/* A grievance that arrived so long ago; the rules want it looked at within `due_s`. */
static json_t *case_of(int64_t ago, json_int_t due_s)
{
    json_t *state = json_pack("{s:s,s:s,s:o,s:{s:[],s:I},s:{}}", "kind", "grievance", "life", "received", "arrived",
                              time_json(now - ago), "proposal", "fired", "due_s", due_s, "stages");
    assert_non_null(state);
    return state;
}

static struct severity severity_of(const json_t *state)
{
    return (struct severity){
        .scale = 1, .scope = 1, .irremediability = 1, .arrived = clock_parse(state_text(state, "arrived"))};
}

static int64_t due(const json_t *state)
{
    struct severity severity = severity_of(state);
    return stages_due(&office, state, &severity, now, NULL);
}

static enum deadline_stage next_of(const json_t *state)
{
    enum deadline_stage next;
    struct severity severity = severity_of(state);
    (void)stages_due(&office, state, &severity, now, &next);
    return next;
}

static void move(json_t *state, enum life to, enum life_mover mover)
{
    struct life_step step = {
        .to = to, .mover = mover, .who = "amina", .second = "joseph", .reason = "why", .remedies = "the court"};
    assert_int_equal(life_move(state, &step), LIFE_MOVED);
}

static const json_t *stage_of(const json_t *all, const char *name)
{
    size_t i;
    json_t *one;
    json_array_foreach(all, i, one) if (strcmp(state_text(one, "stage"), name) == 0) return one;
    return NULL;
}

static json_t *shown(const json_t *state)
{
    struct severity severity = severity_of(state);
    return stages_json(&office, state, &severity, now);
}

static void one_stage_after_the_other_is_due(void **s)
{
    (void)s;
    json_t *state = case_of(HOUR, 0);
    assert_int_equal(due(state), now - HOUR + 7 * DAY);
    assert_int_equal(next_of(state), DEADLINE_LOOK);
    stages_did(state, DEADLINE_LOOK);
    assert_int_equal(next_of(state), DEADLINE_ACKNOWLEDGE);
    assert_int_equal(due(state), now - HOUR + 7 * DAY); /* it is to be acknowledged by then as well */
    stages_did(state, DEADLINE_CONTACT);
    stages_did(state, DEADLINE_ACKNOWLEDGE);
    int64_t outcome = due(state); /* three months later */
    assert_true(outcome > now + 88 * DAY && outcome < now + 93 * DAY);
    stages_did(state, DEADLINE_OUTCOME);
    assert_int_equal(due(state), STAGES_NEVER);
    assert_int_equal(next_of(state), DEADLINE_STAGES);
    json_decref(state);
}

static void the_rules_may_want_it_sooner_than_the_profiles(void **s)
{
    (void)s;
    json_t *state = case_of(HOUR, 4 * HOUR);
    assert_int_equal(due(state), now + 3 * HOUR);
    stages_did(state, DEADLINE_LOOK);
    assert_int_equal(due(state), now - HOUR + 7 * DAY);
    json_decref(state);
}

static void what_was_reached_late_stays_late_and_the_first_time_counts(void **s)
{
    (void)s;
    json_t *state = case_of(8 * DAY, 0);
    stages_did(state, DEADLINE_LOOK);
    json_t *first = json_deep_copy(state), *all = shown(state);
    const json_t *look = stage_of(all, "look"), *told = stage_of(all, "acknowledge");
    assert_true(json_is_true(json_object_get(look, "late")) && json_is_string(json_object_get(look, "reached")));
    assert_true(json_is_true(json_object_get(told, "late")) && json_is_null(json_object_get(told, "reached")));
    assert_null(stage_of(all, "contact")); /* no class of it asks for one */
    assert_true(json_is_false(json_object_get(stage_of(all, "outcome"), "late")));
    need(json_object_set_new(json_object_get(state, "stages"), "look", time_json(now - DAY)) == 0);
    stages_did(state, DEADLINE_LOOK);
    assert_int_equal(clock_parse(state_text(json_object_get(state, "stages"), "look")), now - DAY);
    json_decref(all);
    json_decref(first);
    json_decref(state);
}

static void taking_it_is_not_looking_and_an_answer_says_nothing_of_urgency(void **s)
{
    (void)s;
    json_t *state = case_of(HOUR, 4 * HOUR), *stages = json_object_get(state, "stages");
    move(state, LIFE_FIRST_LOOK, LIFE_BY_OFFICER);
    assert_int_equal(json_object_size(stages), 0);
    move(state, LIFE_ACKNOWLEDGED, LIFE_BY_OFFICER);
    assert_true(json_object_get(stages, "acknowledge") && json_object_get(stages, "contact"));
    assert_null(json_object_get(stages, "look"));
    assert_int_equal(due(state), now + 3 * HOUR);
    move(state, LIFE_ASSESSED, LIFE_BY_OFFICER);
    assert_non_null(json_object_get(stages, "look"));
    json_decref(state);
}

static void an_ending_asks_for_nothing_more_and_opening_it_again_does(void **s)
{
    (void)s;
    json_t *state = case_of(30 * DAY, 0), *stages = json_object_get(state, "stages");
    move(state, LIFE_FIRST_LOOK, LIFE_BY_OFFICER);
    move(state, LIFE_REFERRED, LIFE_BY_OFFICER);
    assert_int_equal(due(state), STAGES_NEVER);
    move(state, LIFE_REOPENED, LIFE_BY_RULE); /* they wrote again */
    assert_non_null(json_object_get(stages, "look"));
    assert_null(json_object_get(stages, "acknowledge"));
    int64_t next = due(state); /* counted from now, not from a month ago */
    assert_true(next >= now + 7 * DAY && next <= now + 7 * DAY + 60);
    json_decref(state);
}

static void whoever_withdraws_has_told_us_of_no_outcome_and_nothing_is_late(void **s)
{
    (void)s;
    json_t *state = case_of(30 * DAY, 0);
    move(state, LIFE_WITHDRAWN, LIFE_BY_PERSON);
    json_t *all = shown(state);
    assert_int_equal(json_array_size(all), 0);
    json_decref(all);
    json_decref(state);
}

static enum stage_standing standing(const json_t *state, enum deadline_stage stage)
{
    struct stage_fact facts[DEADLINE_STAGES];
    struct severity severity = severity_of(state);
    stages_facts(&office, state, &severity, now, facts);
    return facts[stage].standing;
}

/* ---- whom a part was referred to ---- */

/* One that was sent so long ago, and of which something was noted (0: nothing was). */
static json_t *sent_on(json_t *state, int64_t ago, int64_t noted_ago)
{
    json_t *one = json_pack("{s:s,s:[{s:o}]}", "status", "sent", "sends", "at", time_json(now - ago));
    need(one != NULL && json_array_append_new(state_list(state, "referrals"), one) == 0);
    if (noted_ago)
        need(json_object_set_new(
                 one, "notes", json_pack("[{s:s,s:o}]", "status", "declined", "at", time_json(now - noted_ago))) == 0);
    return one;
}

static void who_a_part_was_referred_to_has_to_answer(void **s)
{
    (void)s;
    json_t *state = case_of(60 * DAY, 0);
    enum deadline_stage next;
    assert_int_equal(standing(state, DEADLINE_RECEIVER), STAGE_NONE);
    for (int stage = 0; stage < DEADLINE_RECEIVER; stage++)
        stages_did(state, (enum deadline_stage)stage);
    json_t *first = sent_on(state, 13 * DAY, 0);
    struct severity severity = severity_of(state);
    assert_int_equal(stages_due(&office, state, &severity, now, &next), now + DAY); /* a fortnight, by the default */
    assert_int_equal(next, DEADLINE_RECEIVER);
    /* No pause puts it off: to ask them nobody needs the person. */
    assert_true(pauses_begin(state, PAUSE_NO_SAFE_WAY, "amina", "he has the phone", "we wait"));
    assert_int_equal(due(state), now + DAY);
    /* Of two the one that is due first. */
    json_t *late = sent_on(state, 15 * DAY, 0);
    assert_int_equal(due(state), now - DAY);
    assert_int_equal(standing(state, DEADLINE_RECEIVER), STAGE_OPEN);
    need(json_object_set_new(late, "notes", json_pack("[{s:s,s:o}]", "status", "accepted", "at", time_json(now))) == 0);
    assert_int_equal(due(state), now + DAY);
    need(json_object_set_new(first, "notes", json_pack("[{s:s,s:o}]", "status", "accepted", "at", time_json(now))) ==
         0);
    assert_int_equal(due(state), STAGES_NEVER);
    assert_int_equal(standing(state, DEADLINE_RECEIVER), STAGE_LATE); /* what was missed stays missed */
    /* They said it in time, and it was written down later. */
    state_set_text(json_array_get(json_object_get(late, "notes"), 0), "on",
                   state_text(json_array_get(json_object_get(late, "sends"), 0), "at"));
    assert_int_equal(standing(state, DEADLINE_RECEIVER), STAGE_IN_TIME);
    json_decref(state);
}

static void an_ending_elsewhere_waits_for_the_answer_and_no_other(void **s)
{
    (void)s;
    static const enum life ends[] = {LIFE_REFERRED, LIFE_WITHDRAWN};
    static const enum stage_standing stands[] = {STAGE_OPEN, STAGE_NONE};
    for (size_t i = 0; i < 2; i++) {
        json_t *state = case_of(60 * DAY, 0);
        sent_on(state, 13 * DAY, 0);
        sent_on(state, 90 * DAY, 0);
        json_object_set_new(json_array_get(json_object_get(state, "referrals"), 1), "respondent", json_string("a/b"));
        state_set_text(state, "life", life_name(ends[i]));
        assert_int_equal(standing(state, DEADLINE_RECEIVER), stands[i]); /* who it is about need not answer */
        json_decref(state);
    }
}

static void how_a_stage_stands_for_the_figures(void **s)
{
    (void)s;
    json_t *state = case_of(8 * DAY, 0);
    assert_int_equal(standing(state, DEADLINE_LOOK), STAGE_OPEN);
    assert_int_equal(standing(state, DEADLINE_CONTACT), STAGE_NONE);
    stages_did(state, DEADLINE_LOOK);
    assert_int_equal(standing(state, DEADLINE_LOOK), STAGE_LATE);
    need(json_object_set_new(json_object_get(state, "stages"), "look", time_json(now - 2 * DAY)) == 0);
    assert_int_equal(standing(state, DEADLINE_LOOK), STAGE_IN_TIME);
    move(state, LIFE_WITHDRAWN, LIFE_BY_PERSON); /* a week passed without a word before they gave up */
    assert_int_equal(standing(state, DEADLINE_ACKNOWLEDGE), STAGE_LATE);
    assert_int_equal(standing(state, DEADLINE_OUTCOME), STAGE_NONE);
    json_decref(state);
}

static void new_words_of_danger_begin_the_clock_anew(void **s)
{
    (void)s;
    json_t *state = case_of(20 * DAY, 0);
    stages_did(state, DEADLINE_LOOK);
    stages_did(state, DEADLINE_CONTACT);
    stages_did(state, DEADLINE_ACKNOWLEDGE);
    need(json_object_set_new(state, "since",
                             json_pack("{s:[{s:s}],s:i}", "fired", "rule", "words.life", "due_s", HOUR)) == 0);
    stages_look_again(state);
    int64_t next = due(state);
    assert_true(next >= now + HOUR && next <= now + HOUR + 60);
    json_decref(state);
}

static int64_t due_of_stage(const json_t *state, enum deadline_stage stage)
{
    struct stage_fact facts[DEADLINE_STAGES];
    struct severity severity = severity_of(state);
    stages_facts(&office, state, &severity, now, facts);
    return facts[stage].due;
}

/* Nobody has told them that it was read, and new words of danger are no reason to tell them later. */
static void a_clock_that_begins_anew_puts_off_no_other(void **s)
{
    (void)s;
    json_t *state = case_of(6 * DAY, 0);
    int64_t acknowledge = due_of_stage(state, DEADLINE_ACKNOWLEDGE), outcome = due_of_stage(state, DEADLINE_OUTCOME);
    assert_int_equal(acknowledge, now + DAY);
    stages_look_again(state);
    assert_int_equal(due_of_stage(state, DEADLINE_ACKNOWLEDGE), acknowledge);
    assert_int_equal(due_of_stage(state, DEADLINE_OUTCOME), outcome);
    assert_true(due_of_stage(state, DEADLINE_LOOK) >= now + 7 * DAY);
    json_decref(state);
}

/* Half a year after it was acknowledged somebody else opens it again: the outcome is due three months from then. */
static void what_is_opened_again_is_not_late_from_the_start(void **s)
{
    (void)s;
    json_t *state = case_of(180 * DAY, 0);
    move(state, LIFE_ACKNOWLEDGED, LIFE_BY_OFFICER);
    need(json_object_set_new(json_object_get(state, "stages"), "acknowledge", time_json(now - 178 * DAY)) == 0);
    move(state, LIFE_UNFOUNDED, LIFE_BY_OFFICER);
    move(state, LIFE_UNDER_REVIEW, LIFE_BY_PERSON);
    move(state, LIFE_REOPENED, LIFE_BY_SECOND);
    int64_t outcome = due_of_stage(state, DEADLINE_OUTCOME);
    assert_true(outcome > now + 88 * DAY && outcome < now + 93 * DAY);
    json_decref(state);
}

static void before_it_cannot_be_undone_any_more(void **s)
{
    (void)s;
    json_t *state = case_of(HOUR, 0);
    struct severity severity = severity_of(state);
    severity.by = now + 10 * HOUR;
    assert_int_equal(stages_due(&office, state, &severity, now, NULL), now + 8 * HOUR);
    json_decref(state);
}

static void a_state_of_an_earlier_version_is_not_late_for_what_it_had_reached(void **s)
{
    (void)s;
    json_t *state = case_of(30 * DAY, 0);
    json_object_del(state, "stages");
    state_set_text(state, "life", "in_action");
    need(json_object_set_new(state, "look", json_object()) == 0);
    json_t *all = shown(state);
    assert_true(json_is_false(json_object_get(stage_of(all, "look"), "late")));
    assert_true(json_is_false(json_object_get(stage_of(all, "acknowledge"), "late")));
    json_decref(all);
    json_decref(state);
}

static void several_profiles_and_the_office_s_own_days(void **s)
{
    (void)s;
    char says[SAYS_SIZE];
    struct stages_office two;
    /* 25 November 2026 is a Wednesday: five working days end on Thursday the 3rd, as Thursday the 26th is none. */
    assert_int_equal(stages_office_begin(&two, SOURCE_ROOT "/triage/deadlines", "default, ess10", says), ERR_OK);
    assert_int_equal(stages_office_days(&two, "saturday sunday", "2027-01-01,2026-11-26", 120, says), ERR_OK);
    assert_int_equal(two.calendar.holiday_count, 2);
    assert_true(two.calendar.holidays[0] < two.calendar.holidays[1]);
    json_t *state = case_of(0, 0);
    json_object_set_new(state, "arrived", json_string("2026-11-25T10:00:00Z"));
    stages_did(state, DEADLINE_LOOK);
    struct severity severity = severity_of(state);
    assert_int_equal(stages_due(&two, state, &severity, now, NULL),
                     clock_parse("2026-12-02T10:00:00Z")); /* the seven days */
    stages_office_end(&two);
    assert_int_equal(stages_office_begin(&two, SOURCE_ROOT "/triage/deadlines", "ess10", says), ERR_OK);
    assert_int_equal(stages_office_days(&two, "saturday sunday", "2026-11-26", 120, says), ERR_OK);
    assert_int_equal(stages_due(&two, state, &severity, now, NULL), clock_parse("2026-12-03T22:00:00Z"));
    stages_office_end(&two);
    json_decref(state);
}

static void settings_that_mean_nothing_are_refused_with_a_sentence(void **s)
{
    (void)s;
    static const char *const wrong[][2] = {{"caturday", ""},
                                           {"monday tuesday wednesday thursday friday saturday sunday", ""},
                                           {"", "25.12.2026"},
                                           {"", "2026-02-30"}};
    char says[SAYS_SIZE];
    struct stages_office other;
    assert_int_equal(stages_office_begin(&other, SOURCE_ROOT "/triage/deadlines", "default tomorrow", says),
                     ERR_NOT_FOUND);
    assert_non_null(strstr(says, "tomorrow"));
    stages_office_end(&other);
    assert_int_equal(stages_office_begin(&other, SOURCE_ROOT "/triage/deadlines", " ", says), ERR_MALFORMED);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        *says = '\0';
        assert_int_equal(stages_office_days(&other, wrong[i][0], wrong[i][1], 0, says), ERR_MALFORMED);
        assert_true(strlen(says) > 10);
    }
    stages_office_end(&other);
}

static void what_became_of_a_stage_is_counted(void **state)
{
    (void)state;
    struct stage_fact facts[DEADLINE_STAGES];
    json_t *one = case_of(10 * DAY, HOUR);
    struct severity severity = severity_of(one);
    stages_facts(&office, one, &severity, now, facts);
    assert_int_equal(facts[DEADLINE_LOOK].standing, STAGE_OPEN); /* late, and nobody has looked yet */
    json_object_set_new(json_object_get(one, "stages"), "look", time_json(now - 10 * DAY + HOUR / 2));
    stages_facts(&office, one, &severity, now, facts);
    assert_int_equal(facts[DEADLINE_LOOK].standing, STAGE_IN_TIME);
    json_object_set_new(json_object_get(one, "stages"), "look", time_json(now - 9 * DAY));
    stages_facts(&office, one, &severity, now, facts);
    assert_int_equal(facts[DEADLINE_LOOK].standing, STAGE_LATE);
    json_decref(one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_stage_after_the_other_is_due),
        cmocka_unit_test(the_rules_may_want_it_sooner_than_the_profiles),
        cmocka_unit_test(what_was_reached_late_stays_late_and_the_first_time_counts),
        cmocka_unit_test(taking_it_is_not_looking_and_an_answer_says_nothing_of_urgency),
        cmocka_unit_test(an_ending_asks_for_nothing_more_and_opening_it_again_does),
        cmocka_unit_test(whoever_withdraws_has_told_us_of_no_outcome_and_nothing_is_late),
        cmocka_unit_test(who_a_part_was_referred_to_has_to_answer),
        cmocka_unit_test(an_ending_elsewhere_waits_for_the_answer_and_no_other),
        cmocka_unit_test(how_a_stage_stands_for_the_figures),
        cmocka_unit_test(new_words_of_danger_begin_the_clock_anew),
        cmocka_unit_test(a_clock_that_begins_anew_puts_off_no_other),
        cmocka_unit_test(what_is_opened_again_is_not_late_from_the_start),
        cmocka_unit_test(before_it_cannot_be_undone_any_more),
        cmocka_unit_test(a_state_of_an_earlier_version_is_not_late_for_what_it_had_reached),
        cmocka_unit_test(several_profiles_and_the_office_s_own_days),
        cmocka_unit_test(settings_that_mean_nothing_are_refused_with_a_sentence),
        cmocka_unit_test(what_became_of_a_stage_is_counted),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
