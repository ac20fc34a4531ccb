/* test_aside.c -- what came in a flood: set aside, never when it speaks of danger, and never for ever. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "triage/vault/aside.h"
#include "triage/vault/case_state.h"
#include "triage/vault/life.h"
#include "triage/vault/message.h"
#include "triage/vault/stages.h"

enum { HOUR = 3600 };

static json_t *proposal(int danger, int danger_now)
{
    json_t *json = json_pack("{s:b,s:b,s:b,s:b,s:i,s:i,s:i,s:n,s:[]}", "danger", danger, "danger_now", danger_now,
                             "grave", 0, "ongoing", 0, "scale", 1, "scope", 1, "irremediability", 1, "by", "fired");
    assert_non_null(json);
    return json;
}

static void of(const char *text, struct message *out)
{
    char json[200];
    int len = snprintf(json, sizeof json, "{\"text\":\"%s\",\"language\":\"en\",\"aside\":\"flood\"}", text);
    assert_int_equal(message_read(json, (size_t)len, out), ERR_OK);
}

/* As intake marked it and the vault opened it. */
static json_t *a_case(int danger, int danger_now)
{
    struct message message;
    of("Cheap watches", &message);
    json_t *state = state_new(&message, proposal(danger, danger_now));
    aside_begin(state, message.aside, 72);
    message_free(&message);
    return state;
}

static const char *how(const json_t *state)
{
    return state_text(json_object_get(json_object_get(state, "aside"), "ended"), "how");
}

static int says(const json_t *state, const char *what)
{
    size_t i;
    const json_t *line;
    json_array_foreach(json_object_get(state, "history"), i, line)
    {
        if (strcmp(state_text(line, "what"), what) == 0)
            return 1;
    }
    return 0;
}

static void the_mark_is_read_and_no_other_word_counts(void **unused)
{
    (void)unused;
    struct message message;
    of("x", &message);
    assert_string_equal(message.aside, "flood");
    message_free(&message);
    static const char other[] = "{\"text\":\"x\",\"aside\":\"whatever\"}", none[] = "{\"text\":\"x\"}";
    assert_int_equal(message_read(other, sizeof other - 1, &message), ERR_OK);
    assert_string_equal(message.aside, "");
    message_free(&message);
    assert_int_equal(message_read(none, sizeof none - 1, &message), ERR_OK);
    assert_string_equal(message.aside, "");
    message_free(&message);
}

static void it_stands_aside_in_a_lane_of_its_own_with_a_time(void **unused)
{
    (void)unused;
    struct case_file file = {0};
    json_t *state = a_case(0, 0);
    int64_t left = aside_until(state) - clock_wall();
    assert_true(aside_is(state));
    assert_in_range(left, 71 * HOUR, 72 * HOUR);
    state_read(state, &file);
    assert_int_equal(file.place.lane, LANE_ASIDE);
    assert_true(says(state, "Set aside: it came among very many"));
    json_decref(state);
}

static void danger_is_never_set_aside(void **unused)
{
    (void)unused;
    for (int i = 1; i < 4; i++) {
        json_t *state = a_case(i & 1, i & 2);
        assert_false(aside_is(state));
        assert_string_equal(state_text(state, "lane"), "first_look");
        assert_string_equal(how(state), "danger");
        assert_int_equal(aside_until(state), 0);
        json_decref(state);
    }
}

static void later_words_of_danger_take_it_out_and_others_do_not(void **unused)
{
    (void)unused;
    struct message message;
    json_t *state = a_case(0, 0);
    of("And more watches", &message);
    state_add_message(state, &message, proposal(0, 0));
    assert_true(aside_is(state));
    state_add_message(state, &message, proposal(1, 1));
    assert_false(aside_is(state));
    assert_string_equal(state_text(state, "lane"), "first_look");
    assert_string_equal(how(state), "danger");
    /* Somebody has to look, counted from now and not from the first words. */
    const json_t *anew = json_object_get(json_object_get(state, "stages"), "anew");
    assert_true(clock_wall() - clock_parse(state_text(anew, "look")) < 60);
    message_free(&message);
    json_decref(state);
}

static void a_person_takes_it_out_once(void **unused)
{
    (void)unused;
    json_t *state = a_case(0, 0);
    aside_end(state, "taken", "amina", "Somebody real");
    assert_string_equal(state_text(state, "lane"), "first_look");
    assert_string_equal(how(state), "taken");
    assert_false(aside_is_flood(state));
    aside_end(state, "time", "", "");
    assert_string_equal(how(state), "taken");
    json_decref(state);
}

static void what_was_closed_as_a_flood_is_one_until_somebody_opens_it(void **unused)
{
    (void)unused;
    json_t *state = a_case(0, 0);
    aside_end(state, "closed", "amina", "An advertisement");
    assert_false(aside_is_flood(state)); /* not ended yet */
    state_set_text(state, "life", life_name(LIFE_OUT_OF_SCOPE));
    assert_true(aside_is_flood(state));
    state_set_text(state, "life", life_name(LIFE_UNDER_REVIEW));
    assert_false(aside_is_flood(state));
    assert_false(aside_is(state)); /* it waits like any other */
    json_decref(state);
}

static void a_case_that_never_was_aside_is_left_alone(void **unused)
{
    (void)unused;
    struct message message;
    of("A word", &message);
    json_t *state = state_new(&message, proposal(0, 0)), *before = json_deep_copy(state);
    aside_end(state, "taken", "amina", "");
    aside_heard(state);
    assert_true(json_equal(before, state));
    assert_int_equal(aside_until(state), 0);
    assert_false(aside_is_flood(state));
    message_free(&message);
    json_decref(before);
    json_decref(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_mark_is_read_and_no_other_word_counts),
        cmocka_unit_test(it_stands_aside_in_a_lane_of_its_own_with_a_time),
        cmocka_unit_test(danger_is_never_set_aside),
        cmocka_unit_test(later_words_of_danger_take_it_out_and_others_do_not),
        cmocka_unit_test(a_person_takes_it_out_once),
        cmocka_unit_test(what_was_closed_as_a_flood_is_one_until_somebody_opens_it),
        cmocka_unit_test(a_case_that_never_was_aside_is_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
