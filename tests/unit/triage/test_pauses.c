/* test_pauses.c -- deadlines that stand still: what a pause puts off, what it does not, and what ends it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/clock.h"
#include "triage/vault/acts.h"
#include "triage/vault/case_state.h"
#include "triage/vault/life.h"
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

static json_t *case_of(int64_t ago)
{
    json_t *state = json_pack("{s:s,s:s,s:o,s:{s:[]},s:{}}", "kind", "grievance", "life", "in_action", "arrived",
                              time_json(now - ago), "proposal", "fired", "stages");
    assert_non_null(state);
    return state;
}

/* As if it had begun and ended then; `to` 0: it goes on. */
static void add(json_t *state, const char *code, int64_t from, int64_t to)
{
    json_t *one = json_pack("{s:s,s:s,s:s,s:s,s:o}", "code", code, "by", "amina", "says", "wait", "reason", "why",
                            "from", time_json(from));
    if (to)
        json_object_set_new(one, "to", time_json(to));
    assert_int_equal(json_array_append_new(state_list(state, "pauses"), one), 0);
}

static int64_t due(const json_t *state)
{
    struct severity severity = {
        .scale = 1, .scope = 1, .irremediability = 1, .arrived = clock_parse(state_text(state, "arrived"))};
    return stages_due(&office, state, &severity, now, NULL);
}

static json_t *shown(const json_t *state, const char *stage)
{
    struct severity severity = {
        .scale = 1, .scope = 1, .irremediability = 1, .arrived = clock_parse(state_text(state, "arrived"))};
    json_t *all = stages_json(&office, state, &severity, now), *found = NULL, *one;
    size_t i;
    json_array_foreach(all, i, one) if (strcmp(state_text(one, "stage"), stage) == 0) found = json_incref(one);
    json_decref(all);
    return found;
}

static void a_pause_puts_off_what_was_not_due_by_as_long_as_it_lasted(void **s)
{
    (void)s;
    json_t *state = case_of(3 * DAY);
    stages_did(state, DEADLINE_LOOK);
    assert_int_equal(due(state), now + 4 * DAY);
    add(state, "other_proceedings", now - 2 * DAY, now - DAY);
    assert_int_equal(due(state), now + 5 * DAY);
    add(state, "asked_by_you", now - 10 * DAY, now - 4 * DAY); /* before it came: of another round */
    assert_int_equal(due(state), now + 5 * DAY);
    json_decref(state);
    state = case_of(8 * DAY);
    stages_did(state, DEADLINE_LOOK);
    add(state, "no_safe_way", now - HOUR, 0); /* it was late a day ago, and stays late */
    assert_int_equal(due(state), now - DAY);
    json_decref(state);
}

static void no_safe_way_has_no_end_and_is_no_breach(void **s)
{
    (void)s;
    json_t *state = case_of(60 * DAY);
    stages_did(state, DEADLINE_LOOK);
    add(state, PAUSE_NO_SAFE_WAY, now - 59 * DAY, 0);
    assert_int_equal(due(state), STAGES_NEVER);
    json_t *told = shown(state, "acknowledge");
    assert_true(json_is_true(json_object_get(told, "paused")) && json_is_false(json_object_get(told, "late")));
    assert_true(json_is_null(json_object_get(told, "due")));
    json_decref(told);
    assert_int_equal(pauses_heard(state), 1);
    /* It lasted until this moment, which may be another second by now. */
    int64_t due_then = now - 60 * DAY + 7 * DAY + 59 * DAY;
    assert_in_range(due(state), due_then, due_then + (clock_wall() - now));
    json_decref(state);
}

static void nothing_puts_off_a_first_look(void **s)
{
    (void)s;
    json_t *state = case_of(DAY);
    add(state, PAUSE_NO_SAFE_WAY, now - DAY, 0);
    assert_int_equal(due(state), now + 6 * DAY);
    need(json_object_set_new(json_object_get(state, "proposal"), "due_s", json_integer(4 * HOUR)) == 0);
    assert_int_equal(due(state), now - DAY + 4 * HOUR);
    json_t *look = shown(state, "look");
    assert_true(json_is_true(json_object_get(look, "late")) && json_is_false(json_object_get(look, "paused")));
    json_decref(look);
    json_decref(state);
}

static void one_at_a_time_with_both_reasons_and_a_line_in_the_history(void **s)
{
    (void)s;
    json_t *state = case_of(DAY);
    assert_null(pauses_now(state));
    assert_false(pauses_is_code("lunch"));
    assert_int_equal(pauses_begin(state, "asked_by_you", "amina", "by phone", "as you asked"), 1);
    assert_int_equal(pauses_begin(state, "asked_by_you", "amina", "by phone", "as you asked"), 0);
    assert_string_equal(state_text(pauses_now(state), "says"), "as you asked");
    assert_int_equal(json_array_size(json_object_get(state, "history")), 1);
    json_t *notice = acts_notice(state);
    const json_t *told = json_object_get(notice, "pause");
    assert_string_equal(state_text(told, "code"), "asked_by_you");
    assert_string_equal(state_text(told, "says"), "as you asked");
    assert_null(json_object_get(told, "reason")); /* what is for staff stays with them, names too */
    assert_null(json_object_get(told, "by"));
    json_decref(notice);
    assert_int_equal(pauses_end(state, "joseph"), 1);
    assert_int_equal(pauses_end(state, "joseph"), 0);
    notice = acts_notice(state);
    assert_null(json_object_get(notice, "pause"));
    json_decref(notice);
    for (int i = 1; i < PAUSES_MAX; i++)
        assert_true(pauses_begin(state, "asked_by_you", "amina", "x", "y") && pauses_end(state, ""));
    assert_int_equal(pauses_begin(state, "asked_by_you", "amina", "x", "y"), 0);
    json_decref(state);
}

static void their_words_end_what_waited_for_them_and_an_ending_ends_all(void **s)
{
    (void)s;
    static const struct {
        const char *code;
        int ends;
    } rows[] = {{"waiting_for_you", 1}, {"no_safe_way", 1}, {"other_proceedings", 0}, {"asked_by_you", 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_t *state = case_of(DAY);
        add(state, rows[i].code, now - HOUR, 0);
        assert_true(pauses_is_code(rows[i].code));
        assert_int_equal(pauses_heard(state), rows[i].ends);
        assert_int_equal(pauses_now(state) == NULL, rows[i].ends);
        struct life_step step = {.to = LIFE_WITHDRAWN, .mover = LIFE_BY_PERSON, .who = ""};
        assert_int_equal(life_move(state, &step), LIFE_MOVED);
        assert_null(pauses_now(state));
        json_decref(state);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pause_puts_off_what_was_not_due_by_as_long_as_it_lasted),
        cmocka_unit_test(no_safe_way_has_no_end_and_is_no_breach),
        cmocka_unit_test(nothing_puts_off_a_first_look),
        cmocka_unit_test(one_at_a_time_with_both_reasons_and_a_line_in_the_history),
        cmocka_unit_test(their_words_end_what_waited_for_them_and_an_ending_ends_all),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
