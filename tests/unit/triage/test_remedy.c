/* test_remedy.c -- offered, answered by the person, delivered, found to help or not: each step where it is open and
 * where it is not, by page, by text and as staff heard it; what a stolen receipt can do; when it is asked; what is
 * promised. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/clock.h"
#include "triage/vault/acts.h"
#include "triage/vault/case_state.h"
#include "triage/vault/remedy.h"
#include "triage/vault/second.h"

enum { DAY = 24 * 3600, WEEK = 7 * DAY };

static json_t *state_at(enum life life)
{
    return json_pack("{s:s,s:s,s:{s:i}}", "life", life_name(life), "arrived", "2026-11-22T08:00:00Z", "proposal",
                     "scale", 2);
}

static enum life_end offer(json_t *state, const char *by)
{
    json_t *what = json_pack("{s:[s],s:s,s:s*}", "types", "money", "what", "Two weeks of pay", "by", by);
    enum life_end end = remedy_offer(state, what, "amina");
    json_decref(what);
    return end;
}

static json_t *offered(const char *by)
{
    json_t *s = state_at(LIFE_IN_ACTION);
    assert_int_equal(offer(s, by), LIFE_MOVED);
    return s;
}

static json_t *at(const json_t *state, size_t i)
{
    return json_array_get(json_object_get(state, "remedies"), i);
}

static int says_as(json_t *state, const char *act, const char *via, const char *who, const char *words)
{
    const struct act what = {
        .act = act, .voice = {.via = via, .who = who, .words = words}, .now = clock_wall(), .wait_s = WEEK};
    return acts_do(state, &what);
}

static int says(json_t *state, const char *act)
{
    return says_as(state, act, "page", "", "my words");
}

static json_t *delivered(void)
{
    json_t *s = offered(NULL);
    assert_true(says(s, "accept"));
    remedy_delivered(remedy_to_deliver(s, 0), "amina", "the receipt of the bank");
    struct life_step step = {.to = LIFE_DELIVERED, .mover = LIFE_BY_OFFICER, .who = "amina", .reason = "paid"};
    assert_int_equal(life_move(s, &step), LIFE_MOVED);
    return s;
}

static void an_offer_is_data_and_a_better_one_stands_behind_it(void **state)
{
    (void)state;
    json_t *s = offered("2026-12-24T23:59:59Z");
    assert_int_equal(life_now(s), LIFE_REMEDY_OFFERED);
    assert_string_equal(state_text(at(s, 0), "what"), "Two weeks of pay");
    assert_string_equal(state_text(json_object_get(at(s, 0), "offered"), "by"), "amina");
    assert_int_equal(offer(s, NULL), LIFE_NO_SUCH_MOVE); /* one question at a time */
    assert_int_equal(json_array_size(json_object_get(s, "remedies")), 1);
    assert_true(says_as(s, "refuse", "page", "", "It is too little"));
    assert_int_equal(life_now(s), LIFE_DECLINED);
    assert_string_equal(state_text(json_object_get(at(s, 0), "answer"), "words"), "It is too little");
    assert_int_equal(remedy_due(s), 0);
    assert_null(remedy_to_deliver(s, 0)); /* what was refused is not brought all the same */
    assert_int_equal(offer(s, NULL), LIFE_MOVED);
    assert_int_equal(json_integer_value(json_object_get(at(s, 1), "number")), 2);
    assert_true(says(s, "accept"));
    assert_int_equal(life_now(s), LIFE_IN_ACTION);
    assert_true(json_is_false(json_object_get(json_object_get(at(s, 0), "answer"), "accepted")));
    assert_true(json_is_true(json_object_get(json_object_get(at(s, 1), "answer"), "accepted")));
    json_decref(s);
}

static void there_is_room_for_sixteen(void **state)
{
    (void)state;
    json_t *s = state_at(LIFE_IN_ACTION);
    for (int i = 0; i < REMEDY_MAX; i++) {
        assert_true(remedy_has_room(s));
        assert_int_equal(offer(s, NULL), LIFE_MOVED);
        assert_true(says(s, "refuse"));
    }
    assert_false(remedy_has_room(s));
    json_decref(s);
}

/* Every act in every state: only where the question is open, and nothing changes elsewhere. */
static void nothing_is_said_where_nothing_was_asked(void **state)
{
    (void)state;
    static const struct {
        const char *act;
        enum life open, also;
    } rows[] = {{"accept", LIFE_REMEDY_OFFERED, LIFE_REMEDY_OFFERED},
                {"refuse", LIFE_REMEDY_OFFERED, LIFE_REMEDY_OFFERED},
                {"helped", LIFE_DELIVERED, LIFE_DELIVERED},
                {"not_helped", LIFE_DELIVERED, LIFE_VERIFIED}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int life = 0; life < LIFE_COUNT; life++) {
            json_t *s = state_at((enum life)life), *was = json_deep_copy(s);
            int is_open = (enum life)life == rows[i].open || (enum life)life == rows[i].also;
            if (says(s, rows[i].act) != is_open)
                fail_msg("%s in %s", rows[i].act, life_name((enum life)life));
            assert_int_equal(json_equal(s, was), !is_open);
            json_decref(was);
            json_decref(s);
        }
}

static void said_twice_is_said_once(void **state)
{
    (void)state;
    json_t *s = offered(NULL);
    assert_true(says(s, "accept"));
    json_t *was = json_deep_copy(s);
    assert_false(says(s, "accept"));
    assert_false(says(s, "refuse")); /* a message for somebody to read */
    assert_true(json_equal(s, was));
    json_decref(was);
    json_decref(s);
    s = delivered();
    assert_true(says(s, "helped"));
    was = json_deep_copy(s);
    assert_true(says(s, "helped"));
    assert_true(json_equal(s, was));
    json_decref(was);
    json_decref(s);
}

/* What ends a case waits in sight of the person; what ends nothing does not. */
static void a_stolen_receipt_ends_nothing_at_once(void **state)
{
    (void)state;
    json_t *s = delivered();
    assert_true(says(s, "helped"));
    assert_int_equal(life_now(s), LIFE_DELIVERED);
    assert_in_range(acts_due(s), clock_wall() + WEEK - 2, clock_wall() + WEEK);
    assert_true(json_is_true(json_object_get(json_object_get(at(s, 0), "verified"), "helped")));
    assert_true(says(s, "keep"));
    assert_int_equal(acts_due(s), 0);
    assert_null(json_object_get(at(s, 0), "verified"));
    assert_true(says(s, "helped"));
    acts_end(s);
    assert_int_equal(life_now(s), LIFE_VERIFIED);
    json_decref(s);
}

static void in_the_floor_it_takes_a_second_person_too(void **state)
{
    (void)state;
    json_t *s = delivered();
    json_object_set_new(json_object_get(s, "proposal"), "danger_now", json_true());
    assert_true(says(s, "helped"));
    acts_end(s);
    assert_int_equal(life_now(s), LIFE_DELIVERED);
    assert_string_equal(state_text(second_asked(s, "closing"), "state"), "verified");
    assert_true(says(s, "not_helped")); /* and is not asked any more when they think better of it */
    assert_null(second_asked(s, "closing"));
    assert_null(json_object_get(s, "wish"));
    assert_int_equal(life_now(s), LIFE_IN_ACTION);
    json_decref(s);
}

static void what_did_not_help_goes_on_at_once_with_the_reason(void **state)
{
    (void)state;
    json_t *s = delivered();
    assert_true(says_as(s, "not_helped", "page", "", "They paid one week"));
    assert_int_equal(life_now(s), LIFE_IN_ACTION);
    const json_t *verified = json_object_get(at(s, 0), "verified"), *history = json_object_get(s, "history");
    assert_true(json_is_false(json_object_get(verified, "helped")));
    assert_string_equal(state_text(verified, "words"), "They paid one week");
    assert_string_equal(state_text(json_array_get(history, json_array_size(history) - 2), "reason"),
                        "They paid one week");
    assert_true(says(s, "solved")); /* later, all the same; taking that back takes nothing of this away */
    assert_true(says(s, "keep"));
    assert_ptr_equal(json_object_get(at(s, 0), "verified"), verified);
    json_decref(s);
}

static void that_it_is_solved_says_of_what_was_delivered_that_it_helped(void **state)
{
    (void)state;
    json_t *s = delivered();
    assert_true(says(s, "solved"));
    assert_true(json_is_true(json_object_get(json_object_get(at(s, 0), "verified"), "helped")));
    acts_end(s);
    assert_int_equal(life_now(s), LIFE_VERIFIED);
    assert_true(says(s, "not_helped")); /* from a page that was left open: it goes on */
    assert_int_equal(life_now(s), LIFE_REOPENED);
    assert_true(json_is_false(json_object_get(json_object_get(at(s, 0), "verified"), "helped")));
    json_decref(s);
}

static void staff_say_what_they_heard_elsewhere_in_their_own_name(void **state)
{
    (void)state;
    json_t *s = offered(NULL);
    assert_false(says_as(s, "refuse", "staff", "amina", "")); /* not without a reason */
    assert_null(json_object_get(at(s, 0), "answer"));
    assert_true(says_as(s, "refuse", "staff", "amina", "She said so at the gate"));
    const json_t *answer = json_object_get(at(s, 0), "answer");
    assert_string_equal(state_text(answer, "by"), "amina");
    assert_string_equal(state_text(answer, "via"), "staff");
    assert_int_equal(life_now(s), LIFE_DECLINED);
    json_decref(s);
    s = delivered();
    remedy_decided(s, LIFE_VERIFIED, "joseph", "She told me");
    assert_string_equal(state_text(json_object_get(at(s, 0), "verified"), "by"), "joseph");
    json_decref(s);
    s = offered(NULL);
    remedy_decided(s, LIFE_DELIVERED, "joseph", "It is there");
    assert_string_equal(state_text(json_object_get(at(s, 0), "delivered"), "evidence"), "It is there");
    json_decref(s);
}

static void a_bare_yes_or_no_answers_what_was_asked_by_text(void **state)
{
    (void)state;
    json_t *s = offered(NULL);
    assert_null(remedy_act_of_text(s, 1)); /* they said STOP when it was offered */
    remedy_offer_texted(s);
    assert_string_equal(remedy_act_of_text(s, 1), "accept");
    assert_string_equal(remedy_act_of_text(s, 0), "refuse");
    assert_true(says(s, "accept"));
    assert_null(remedy_act_of_text(s, 1)); /* again: a message */
    assert_null(remedy_act_of_text(s, 0));
    json_decref(s);
    s = delivered();
    assert_null(remedy_act_of_text(s, 1)); /* not asked yet: the day they chose is to come */
    remedy_ask(s, 1);
    assert_string_equal(remedy_act_of_text(s, 0), "not_helped");
    assert_string_equal(remedy_act_of_text(s, 1), "helped");
    assert_true(says(s, "helped"));
    assert_null(remedy_act_of_text(s, 1));
    assert_string_equal(remedy_act_of_text(s, 0), "not_helped"); /* who texts takes it back this way */
    acts_end(s);
    assert_null(remedy_act_of_text(s, 0)); /* ended: a message, which opens it again */
    json_decref(s);
    s = state_at(LIFE_WAITING_FOR_YOU);
    assert_null(remedy_act_of_text(s, 1));
    json_decref(s);
}

static void it_is_asked_once_and_not_before_the_day(void **state)
{
    (void)state;
    json_t *s = delivered();
    json_object_set_new(at(s, 0), "ask_on", json_string("2031-01-02T10:00:00Z"));
    assert_int_equal(remedy_ask_due(s), clock_parse("2031-01-02T10:00:00Z"));
    remedy_ask(s, 0);
    assert_int_equal(remedy_ask_due(s), 0);
    json_decref(s);
    s = delivered();
    json_object_set_new(at(s, 0), "ask_on", json_string("2031-01-02T10:00:00Z"));
    assert_true(says(s, "helped")); /* they looked by themselves: they are not asked any more */
    assert_int_equal(remedy_ask_due(s), 0);
    json_decref(s);
    s = offered(NULL);
    assert_int_equal(remedy_ask_due(s), 0);
    json_decref(s);
}

static void what_is_accepted_and_not_delivered_is_promised(void **state)
{
    (void)state;
    json_t *s = offered("2026-12-24T23:59:59Z");
    assert_int_equal(remedy_due(s), 0);
    assert_true(says(s, "accept"));
    assert_int_equal(remedy_due(s), clock_parse("2026-12-24T23:59:59Z"));
    assert_int_equal(offer(s, "2026-12-01T23:59:59Z"), LIFE_MOVED);
    assert_true(says(s, "accept"));
    assert_int_equal(remedy_due(s), clock_parse("2026-12-01T23:59:59Z")); /* the earlier of the two */
    assert_ptr_equal(remedy_to_deliver(s, 1), at(s, 0));
    assert_ptr_equal(remedy_to_deliver(s, 0), at(s, 1));
    assert_null(remedy_to_deliver(s, 3));
    remedy_delivered(at(s, 1), "amina", "seen");
    assert_int_equal(remedy_due(s), clock_parse("2026-12-24T23:59:59Z"));
    state_set_text(s, "life", "withdrawn");
    assert_int_equal(remedy_due(s), 0);
    json_decref(s);
    s = offered(NULL);
    assert_true(says(s, "accept"));
    assert_true(remedy_due(s) == REMEDY_SOME_DAY);
    json_decref(s);
}

static void what_is_overdue_stands_first_then_what_is_graver(void **state)
{
    (void)state;
    struct remedy_owed list[] = {{0, 9, 100, 1}, {1, 2, 50, 2}, {0, 9, 90, 3},
                                 {1, 7, 60, 4},  {0, 1, 80, 6}, {0, 1, 80, 5}};
    static const uint32_t wanted[] = {4, 2, 3, 1, 5, 6};
    qsort(list, 6, sizeof *list, remedy_compare);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(list[i].number, wanted[i]);
}

/* All of it stands in the conversation; a state holds no letter cut in two. */
static void long_words_are_kept_to_the_letter(void **state)
{
    (void)state;
    static char words[3 * REMEDY_WORDS_MAX + 1];
    for (size_t i = 0; i < REMEDY_WORDS_MAX; i++)
        memcpy(words + 3 * i, "\xe6\xb0\xb4", 3);
    json_t *s = offered(NULL);
    assert_true(says_as(s, "refuse", "text", "", words));
    size_t len = strlen(state_text(json_object_get(at(s, 0), "answer"), "words"));
    assert_in_range(len, REMEDY_WORDS_MAX - 2, REMEDY_WORDS_MAX);
    assert_int_equal(len % 3, 0);
    json_decref(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_offer_is_data_and_a_better_one_stands_behind_it),
        cmocka_unit_test(there_is_room_for_sixteen),
        cmocka_unit_test(nothing_is_said_where_nothing_was_asked),
        cmocka_unit_test(said_twice_is_said_once),
        cmocka_unit_test(a_stolen_receipt_ends_nothing_at_once),
        cmocka_unit_test(in_the_floor_it_takes_a_second_person_too),
        cmocka_unit_test(what_did_not_help_goes_on_at_once_with_the_reason),
        cmocka_unit_test(that_it_is_solved_says_of_what_was_delivered_that_it_helped),
        cmocka_unit_test(staff_say_what_they_heard_elsewhere_in_their_own_name),
        cmocka_unit_test(a_bare_yes_or_no_answers_what_was_asked_by_text),
        cmocka_unit_test(it_is_asked_once_and_not_before_the_day),
        cmocka_unit_test(what_is_accepted_and_not_delivered_is_promised),
        cmocka_unit_test(what_is_overdue_stands_first_then_what_is_graver),
        cmocka_unit_test(long_words_are_kept_to_the_letter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
