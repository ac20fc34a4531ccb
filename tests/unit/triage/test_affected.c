/* test_affected.c -- each affected group is looked at by itself, and the case is as grave as the gravest of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <string.h>

#include "common/base/clock.h"
#include "common/base/rng.h"
#include "common/text/says.h"
#include "triage/vault/affected.h"
#include "triage/vault/rules.h"

enum { NOW = 1795000000, HOUR = 3600, DAY = 86400, RUNS = 3000 };

static const int64_t FROM[SEVERITY_AXIS_MAX] = {1, 2, 11, 1001};

static struct severity common(void)
{
    return (struct severity){.likelihood = LIKELIHOOD_HAPPENED, .arrived = NOW};
}

static uint8_t scope(int64_t low, int64_t high, int is_whole)
{
    const struct affected_people people = {low, high, is_whole};
    return affected_scope(&people, FROM);
}

static json_t *json(const char *text)
{
    json_t *value = json_loads(text, 0, NULL);
    assert_non_null(value);
    return value;
}

/* ---- how many ---- */

static void the_higher_number_counts_and_none_is_unknown(void **state)
{
    (void)state;
    assert_int_equal(scope(0, 0, 0), SEVERITY_UNKNOWN);
    assert_int_equal(scope(1, 0, 0), 1);
    assert_int_equal(scope(1, 2, 0), 2);
    assert_int_equal(scope(5, 11, 0), 3);
    assert_int_equal(scope(5, 1000, 0), 3);
    assert_int_equal(scope(5, 1001, 0), 4);
}

static void all_forty_of_a_small_people_are_the_widest_scope(void **state)
{
    (void)state;
    assert_int_equal(scope(40, 40, 1), 4);
    assert_int_equal(scope(0, 0, 1), 4);
}

static void a_row_that_the_rules_do_not_have_is_never_reached(void **state)
{
    (void)state;
    static const int64_t gap[SEVERITY_AXIS_MAX] = {1, INT64_MAX, 11, INT64_MAX};
    const struct affected_people few = {.high = 5}, many = {.high = 100000};
    assert_int_equal(affected_scope(&few, gap), 1);
    assert_int_equal(affected_scope(&many, gap), 3);
}

/* ---- the gravest ---- */

static void water_that_makes_adults_ill_kills_infants(void **state)
{
    (void)state;
    json_t *groups =
        json("[{\"group\":\"older\",\"scale\":2,\"people_high\":900,\"irremediability\":1},"
             "{\"group\":\"child\",\"scale\":4,\"people_low\":3,\"people_high\":5,\"irremediability\":4}]");
    struct severity without = common();
    size_t gravest;
    struct severity s = affected_gravest(groups, &without, FROM, NOW, &gravest);
    assert_int_equal(gravest, 1);
    assert_int_equal(s.scale, 4);
    assert_int_equal(s.scope, 2); /* of the children; nothing is mixed */
    assert_int_equal(s.irremediability, 4);
    json_decref(groups);
}

static void a_number_and_a_level_that_differ_give_the_wider_one(void **state)
{
    (void)state;
    json_t *groups = json("[{\"group\":\"child\",\"scope\":2,\"people_high\":5000}]");
    struct severity without = common();
    size_t gravest;
    assert_int_equal(affected_gravest(groups, &without, FROM, NOW, &gravest).scope, 4);
    json_decref(groups);
}

static void a_clock_of_a_lighter_group_is_not_forgotten(void **state)
{
    (void)state;
    char by[CLOCK_TEXT_SIZE];
    clock_text(NOW + 30 * DAY, by);
    json_t *groups = json("[{\"group\":\"child\",\"scale\":4,\"scope\":1,\"irremediability\":4},"
                          "{\"group\":\"older\",\"scale\":3,\"scope\":1,\"irremediability\":1}]");
    json_object_set_new(json_array_get(groups, 1), "by", json_string(by));
    struct severity without = common();
    size_t gravest;
    struct severity s = affected_gravest(groups, &without, FROM, NOW, &gravest);
    assert_int_equal(gravest, 0);
    assert_int_equal(s.by, NOW + 30 * DAY);
    json_decref(groups);
}

static void with_no_groups_it_is_what_was_said_of_all(void **state)
{
    (void)state;
    struct severity all = common();
    all.scale = 3;
    size_t gravest;
    assert_int_equal(affected_gravest(NULL, &all, FROM, NOW, &gravest).scale, 3);
    json_t *none = json_array();
    assert_int_equal(affected_gravest(none, &all, FROM, NOW, &gravest).scale, 3);
    json_decref(none);
}

/* ---- any groups ---- */

static void put_level(json_t *group, const char *key)
{
    uint32_t level = (uint32_t)rng_below(SEVERITY_AXIS_MAX + 1);
    json_object_set_new(group, key, level ? json_integer(level) : json_null());
}

static json_t *any_group(void)
{
    json_t *group = json_pack("{s:s}", "group", "child");
    put_level(group, "scale");
    put_level(group, "scope");
    put_level(group, "irremediability");
    if (rng_below(2))
        json_object_set_new(group, "people_high", json_integer((json_int_t)rng_below(3000)));
    if (rng_below(3) == 0) {
        char by[CLOCK_TEXT_SIZE];
        clock_text(NOW + HOUR + (int64_t)rng_below(9 * DAY), by);
        json_object_set_new(group, "by", json_string(by));
    }
    return group;
}

static void the_case_is_as_grave_as_its_gravest_group_and_one_more_never_lowers_it(void **state)
{
    (void)state;
    for (int i = 0; i < RUNS; i++) {
        json_t *groups = json_array();
        uint32_t weight = 0;
        for (size_t n = 1 + (size_t)rng_below(4); n > 0; n--) {
            struct severity without = common();
            size_t gravest;
            json_t *alone = json_array();
            json_t *group = any_group();
            json_array_append(alone, group);
            json_array_append_new(groups, group);
            assert_null(affected_fault(groups));
            struct severity one = affected_gravest(alone, &without, FROM, NOW, &gravest);
            struct severity all = affected_gravest(groups, &without, FROM, NOW, &gravest);
            assert_true(severity_weight(&all, NOW) >= severity_weight(&one, NOW));
            assert_true(severity_weight(&all, NOW) >= weight);
            weight = severity_weight(&all, NOW);
            json_decref(alone);
        }
        json_decref(groups);
    }
}

/* ---- what somebody does not say ---- */

static uint32_t proposed(const struct rules *rules, const json_t *answers)
{
    struct rules_input input = {.answers = answers, .kind = "grievance", .arrived = NOW};
    struct rules_proposal *out = test_calloc(1, sizeof *out);
    rules_propose(rules, &input, out);
    uint32_t weight = severity_weight(&out->severity, NOW);
    test_free(out);
    return weight;
}

static void not_saying_who_one_is_is_never_worse_than_saying(void **state)
{
    (void)state;
    static const char *const codes[] = {"child",    "older",    "woman",     "lgbtiq",   "disability",
                                        "minority", "refugee",  "poverty",   "detainee", "gbv_survivor",
                                        "conflict", "defender", "adolescent"};
    struct rules *rules;
    char says[SAYS_SIZE];
    assert_int_equal(rules_load(SOURCE_ROOT "/triage/rules", &rules, says), ERR_OK);
    for (int i = 0; i < RUNS; i++) {
        json_t *silent = json_object();
        if (rng_below(2))
            json_object_set_new(silent, "ongoing", json_string("yes"));
        if (rng_below(2))
            json_object_set_new(silent, "danger_now", json_string("yes"));
        if (rng_below(2))
            json_object_set_new(silent, "people_high", json_integer(1 + (json_int_t)rng_below(2000)));
        json_t *said = json_deep_copy(silent), *groups = json_array();
        for (size_t n = (size_t)rng_below(4); n > 0; n--)
            json_array_append_new(groups, json_string(codes[rng_below(sizeof codes / sizeof *codes)]));
        json_object_set_new(said, "groups", groups);
        assert_true(proposed(rules, silent) >= proposed(rules, said));
        json_decref(said);
        json_decref(silent);
    }
    rules_free(rules);
}

/* ---- form ---- */

static void what_is_not_in_its_form_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *json, *field;
    } rows[] = {
        {"{}", "groups"},
        {"[1]", "groups"},
        {"[{}]", "group"},
        {"[{\"group\":\"\"}]", "group"},
        {"[{\"group\":\"child\",\"scale\":5}]", "scale"},
        {"[{\"group\":\"child\",\"scale\":\"4\"}]", "scale"},
        {"[{\"group\":\"child\",\"scope\":0}]", "scope"},
        {"[{\"group\":\"child\",\"irremediability\":2.5}]", "irremediability"},
        {"[{\"group\":\"child\",\"by\":\"soon\"}]", "by"},
        {"[{\"group\":\"child\",\"people_low\":-1}]", "people_low"},
        {"[{\"group\":\"child\",\"people_low\":9,\"people_high\":2}]", "people_high"},
        {"[{\"group\":\"child\",\"whole\":1}]", "whole"},
        {"[{\"group\":\"child\",\"reason\":[]}]", "reason"},
        {"[{\"group\":\"child\"},{\"group\":\"older\",\"scale\":9}]", "scale"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_t *groups = json(rows[i].json);
        assert_string_equal(affected_fault(groups), rows[i].field);
        json_decref(groups);
    }
    assert_null(affected_fault(NULL));
    json_t *many = json_array();
    for (int i = 0; i <= AFFECTED_MAX; i++)
        json_array_append_new(many, json_pack("{s:s}", "group", "child"));
    assert_string_equal(affected_fault(many), "groups");
    json_decref(many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_higher_number_counts_and_none_is_unknown),
        cmocka_unit_test(all_forty_of_a_small_people_are_the_widest_scope),
        cmocka_unit_test(a_row_that_the_rules_do_not_have_is_never_reached),
        cmocka_unit_test(water_that_makes_adults_ill_kills_infants),
        cmocka_unit_test(a_number_and_a_level_that_differ_give_the_wider_one),
        cmocka_unit_test(a_clock_of_a_lighter_group_is_not_forgotten),
        cmocka_unit_test(with_no_groups_it_is_what_was_said_of_all),
        cmocka_unit_test(the_case_is_as_grave_as_its_gravest_group_and_one_more_never_lowers_it),
        cmocka_unit_test(not_saying_who_one_is_is_never_worse_than_saying),
        cmocka_unit_test(what_is_not_in_its_form_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
