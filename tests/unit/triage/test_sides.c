/* test_sides.c -- what stands beside the queue: who may not be given which case, what waits for a second person, what
 * is watched, what is due because a person wished it, what is promised, what is to be asked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/clock.h"
#include "triage/vault/book.h"
#include "triage/vault/case_state.h"
#include "triage/vault/life.h"

enum { FILES = 4, HOUR = 3600 };

static struct vault vault;
static struct case_file files[FILES];

static int begin(void **state)
{
    (void)state;
    memset(&vault, 0, sizeof vault);
    memset(files, 0, sizeof files);
    for (uint32_t i = 0; i < FILES; i++)
        files[i].number = i;
    return 0;
}

static int end(void **state)
{
    (void)state;
    for (size_t i = 0; i < FILES; i++)
        sides_free(&files[i]);
    return 0;
}

static json_t *time_of(int64_t wall)
{
    char text[CLOCK_TEXT_SIZE];
    clock_text(wall, text);
    return json_string(text);
}

static int escalated; /* what escalation.h says of the next state */

/* As case_change.c and boot.c do. */
static void know(size_t file, json_t *state)
{
    files[file].is_escalated = escalated;
    sides_know(&vault, state, &files[file]);
    json_decref(state);
}

static void who_skips_is_not_given_it_for_four_hours(void **state)
{
    (void)state;
    int64_t now = clock_wall();
    know(0, json_pack("{s:s,s:[{s:s,s:o},{s:s,s:o}]}", "life", "first_look", "skips", "by", "amina", "at",
                      time_of(now - 5 * HOUR), "by", "joseph", "at", time_of(now - HOUR)));
    assert_true(sides_may_have(&files[0], "amina", now)); /* that was five hours ago */
    assert_false(sides_may_have(&files[0], "joseph", now));
    assert_true(sides_may_have(&files[0], "grace", now));
    assert_true(sides_may_have(&files[0], "joseph", now + 3 * HOUR));
    assert_true(sides_may_have(&files[1], "joseph", now));
}

static void a_review_is_not_given_to_those_who_decided(void **state)
{
    (void)state;
    int64_t years = clock_wall() + 100000 * (int64_t)HOUR;
    know(0, json_pack("{s:s,s:[{s:s,s:s}]}", "life", "under_review", "decisions", "by", "amina", "second", "joseph"));
    assert_false(sides_may_have(&files[0], "amina", years));
    assert_false(sides_may_have(&files[0], "joseph", years));
    assert_true(sides_may_have(&files[0], "grace", years));
    assert_true(sides_wants_second(&files[0]));
    know(0, json_pack("{s:s,s:[{s:s,s:s}]}", "life", "reopened", "decisions", "by", "amina", "second", "joseph"));
    assert_true(sides_may_have(&files[0], "amina", years));
    assert_false(sides_wants_second(&files[0]));
    assert_null(files[0].side); /* what is over costs nothing */
}

static void the_gravest_that_waits_for_a_second_person_stands_first(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        files[i].place.severity = (struct severity){.scale = (uint8_t)(i + 1), .scope = 1, .irremediability = 1};
        know(i, json_pack("{s:s,s:{s:s}}", "life", "assessed", i == 1 ? "lowering" : "closing", "by", "amina"));
    }
    know(3, json_pack("{s:s,s:n}", "life", "assessed", "closing"));
    assert_int_equal(sides_count(&vault.sides, SIDES_SECOND), 3);
    assert_ptr_equal(sides_at(&vault.sides, SIDES_SECOND, 0), &files[2]);
    assert_ptr_equal(sides_at(&vault.sides, SIDES_SECOND, 2), &files[0]);
    know(2, json_pack("{s:s}", "life", "unfounded"));
    assert_ptr_equal(sides_at(&vault.sides, SIDES_SECOND, 0), &files[1]);
    assert_null(sides_at(&vault.sides, SIDES_SECOND, 2));
}

static void who_watches_is_known_with_what_they_have_seen(void **state)
{
    (void)state;
    know(0, json_pack("{s:[{s:s,s:i}]}", "watchers", "who", "amina", "seen", 7));
    assert_int_equal(sides_seen(&files[0], "amina"), 7);
    assert_int_equal(sides_seen(&files[0], "joseph"), -1);
    assert_int_equal(sides_count(&vault.sides, SIDES_WATCHED), 1);
    know(0, json_pack("{s:[]}", "watchers"));
    assert_int_equal(sides_count(&vault.sides, SIDES_WATCHED), 0);
}

static void a_wish_stands_in_the_list_of_what_is_due_until_staff_are_asked(void **state)
{
    (void)state;
    int64_t now = clock_wall();
    know(0, json_pack("{s:s,s:{s:s,s:o}}", "life", "in_action", "wish", "act", "solved", "until", time_of(now + HOUR)));
    assert_int_equal(sides_count(&vault.sides, SIDES_TIMED), 1);
    know(0, json_pack("{s:s,s:{s:s,s:o,s:b}}", "life", "in_action", "wish", "act", "solved", "until",
                      time_of(now + HOUR), "asked", 1));
    assert_int_equal(sides_count(&vault.sides, SIDES_TIMED), 0);
}

static json_t *promised(const char *by)
{
    return json_pack("{s:s,s:[{s:s*,s:{s:b}}]}", "life", "in_action", "remedies", "by", by, "answer", "accepted", 1);
}

static void what_is_promised_stands_by_its_day(void **state)
{
    (void)state;
    int64_t now = clock_parse("2026-12-02T00:00:00Z");
    know(0, promised(NULL));
    know(1, promised("2026-12-24T23:59:59Z"));
    know(2, promised("2026-12-01T23:59:59Z"));
    know(3, json_pack("{s:s,s:[{s:{}}]}", "life", "remedy_offered", "remedies", "offered"));
    assert_int_equal(sides_count(&vault.sides, SIDES_PROMISED), 3);
    assert_int_equal(sides_overdue(&vault.sides, now), 1);
    assert_int_equal(sides_overdue(&vault.sides, now - 2), 0);
    assert_ptr_equal(sides_at(&vault.sides, SIDES_PROMISED, 0), &files[2]);
    assert_ptr_equal(sides_at(&vault.sides, SIDES_PROMISED, 2), &files[0]);
    assert_int_equal(sides_promised(&files[2]), now - 1);
    assert_int_equal(sides_promised(&files[3]), 0);
    know(2, json_pack("{s:s}", "life", "in_action"));
    assert_int_equal(sides_overdue(&vault.sides, now), 0);
}

static void a_question_waits_for_its_day(void **state)
{
    (void)state;
    const char *state_text = "{\"life\":\"delivered\",\"remedies\":[{\"delivered\":{\"at\":\"2026-11-25T08:00:00Z\"},"
                             "\"ask_on\":\"2031-01-02T10:00:00Z\"}]}";
    json_t *s = json_loads(state_text, 0, NULL);
    json_t *said = json_deep_copy(s);
    know(0, s);
    assert_int_equal(sides_count(&vault.sides, SIDES_TIMED), 1);
    assert_int_equal(order_at(&vault.sides.lists[SIDES_TIMED], 0)->key.first, clock_parse("2031-01-02T10:00:00Z"));
    json_object_set_new(json_array_get(json_object_get(said, "remedies"), 0), "asked", json_string("x"));
    know(0, said);
    assert_int_equal(sides_count(&vault.sides, SIDES_TIMED), 0);
}

static void what_was_escalated_stands_in_its_list_until_it_is_reached(void **state)
{
    (void)state;
    escalated = 1;
    know(0, json_pack("{s:s}", "life", "in_action"));
    know(1, json_pack("{s:s}", "life", "in_action"));
    assert_int_equal(sides_count(&vault.sides, SIDES_ESCALATED), 2);
    assert_ptr_equal(sides_at(&vault.sides, SIDES_ESCALATED, 0), &files[0]);
    escalated = 0;
    know(0, json_pack("{s:s}", "life", "in_action"));
    assert_int_equal(sides_count(&vault.sides, SIDES_ESCALATED), 1);
    assert_ptr_equal(sides_at(&vault.sides, SIDES_ESCALATED, 0), &files[1]);
    assert_null(files[0].side);
}

/* The oldest that is open first; a case whose referrals are all over stands behind, so that they can be found. */
static void referrals_stand_in_order_of_what_is_open(void **state)
{
    (void)state;
    int64_t now = clock_wall();
    know(0, json_pack("{s:[{s:s,s:o}]}", "referrals", "status", "declined", "at", time_of(now - 9 * HOUR)));
    know(1, json_pack("{s:[{s:s,s:o}]}", "referrals", "status", "draft", "at", time_of(now - HOUR)));
    know(2, json_pack("{s:[{s:s,s:o},{s:s,s:o}]}", "referrals", "status", "declined", "at", time_of(now - 7 * HOUR),
                      "status", "approved", "at", time_of(now - 2 * HOUR)));
    assert_int_equal(sides_count(&vault.sides, SIDES_REFERRAL), 3);
    static const uint32_t order[] = {2, 1, 0};
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(sides_at(&vault.sides, SIDES_REFERRAL, i)->number, order[i]);
    know(2, json_pack("{}"));
    assert_int_equal(sides_count(&vault.sides, SIDES_REFERRAL), 2);
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(referrals_stand_in_order_of_what_is_open),
        STORY(who_skips_is_not_given_it_for_four_hours),
        STORY(a_review_is_not_given_to_those_who_decided),
        STORY(the_gravest_that_waits_for_a_second_person_stands_first),
        STORY(who_watches_is_known_with_what_they_have_seen),
        STORY(what_was_escalated_stands_in_its_list_until_it_is_reached),
        STORY(a_wish_stands_in_the_list_of_what_is_due_until_staff_are_asked),
        STORY(what_is_promised_stands_by_its_day),
        STORY(a_question_waits_for_its_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
