/* test_deadlines.c -- by when: each class of danger on the wall clock, working days where a profile says so, the
 * earliest of all that apply, pauses, and what becomes irremediable before its class is due. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <string.h>

#include "common/base/clock.h"
#include "common/base/rng.h"
#include "triage/vault/deadlines.h"
#include "common/text/numbered.h"
#include "triage/vault/rules.h"

enum { HOUR = 3600, DAY = 86400, SATURDAY_SUNDAY = 0x60, FRIDAY_SATURDAY = 0x30 };

static struct deadlines *set;
static const struct workdays weekdays = {.rest = SATURDAY_SUNDAY};

static int load(void **state)
{
    (void)state;
    char says[SAYS_SIZE];
    return deadlines_load(SOURCE_ROOT "/triage/deadlines", &set, says) == ERR_OK ? 0 : -1;
}

static int unload(void **state)
{
    (void)state;
    deadlines_free(set);
    return 0;
}

static int64_t at(const char *text)
{
    int64_t when = clock_parse(text);
    assert_true(when > 0);
    return when;
}

static json_t *json(const char *text)
{
    json_t *value = json_loads(text, 0, NULL);
    assert_non_null(value);
    return value;
}

static uint32_t classes_of(const char *fired, struct severity severity, const char *kind)
{
    json_t *list = json(fired);
    uint32_t classes = deadlines_classes(set, list, &severity, kind, at("2026-11-25T10:00:00Z"));
    json_decref(list);
    return classes;
}

static int64_t due(const char *profiles, const char *fired, struct severity severity, const char *kind,
                   enum deadline_stage stage)
{
    struct deadline_case c = {.classes = classes_of(fired, severity, kind), .arrived = at("2026-11-25T10:00:00Z")};
    char name[40];
    for (const char *from = profiles; *from; from += strspn(from, " ")) {
        size_t len = strcspn(from, " ");
        memcpy(name, from, len);
        name[len] = 0;
        assert_int_not_equal(deadlines_profile(set, name), 0);
        c.profiles |= deadlines_profile(set, name);
        from += len;
    }
    return deadlines_due(set, &c, &weekdays, stage);
}

static const struct severity light = {.scale = 2, .scope = 1, .irremediability = 1, .likelihood = LIKELIHOOD_HAPPENED};

#define FIRED(rule) "[{\"rule\":\"" rule "\"}]"

/* ---- classes ---- */

static void each_class_of_danger_is_looked_at_and_contacted_in_its_time(void **state)
{
    (void)state;
    static const struct {
        const char *fired;
        int look_h, contact_h;
    } rows[] = {
        {FIRED("words.life"), 1, 24},         {FIRED("words.child"), 1, 24},     {FIRED("words.self_harm"), 1, 24},
        {FIRED("words.medical"), 1, 24},      {FIRED("answer.danger"), 1, 24},   {FIRED("words.staff_threat"), 4, 24},
        {FIRED("words.retaliation"), 24, 72}, {FIRED("words.sea"), 4, 24},       {FIRED("words.gbv"), 4, 24},
        {FIRED("words.trafficking"), 4, 24},  {FIRED("words.detention"), 4, 24}, {FIRED("words.refoulement"), 4, 24},
        {FIRED("words.hazard"), 4, 24},       {FIRED("words.help"), 4, 24},
    };
    int64_t arrived = at("2026-11-25T10:00:00Z");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(due("default", rows[i].fired, light, "grievance", DEADLINE_LOOK),
                         arrived + rows[i].look_h * HOUR);
        assert_int_equal(due("default", rows[i].fired, light, "thanks", DEADLINE_CONTACT),
                         arrived + rows[i].contact_h * HOUR);
    }
}

static void what_its_severity_says_counts_too(void **state)
{
    (void)state;
    int64_t arrived = at("2026-11-25T10:00:00Z");
    struct severity grave = light, danger = light, severe = light;
    grave.grave = danger.danger_now = 1;
    severe.scale = 3;
    assert_int_equal(due("default", "[]", danger, "grievance", DEADLINE_LOOK), arrived + HOUR);
    assert_int_equal(due("default", "[]", grave, "grievance", DEADLINE_LOOK), arrived + 24 * HOUR);
    assert_int_equal(due("default", "[]", grave, "grievance", DEADLINE_CONTACT), arrived + 72 * HOUR);
    assert_int_equal(due("default", "[]", severe, "grievance", DEADLINE_LOOK), arrived + 3 * DAY);
    assert_int_equal(due("default", "[]", light, "grievance", DEADLINE_LOOK), arrived + 7 * DAY);
    assert_int_equal(due("default", "[]", light, "question", DEADLINE_LOOK), arrived + 14 * DAY);
    assert_int_equal(due("default", "[]", light, "question", DEADLINE_OUTCOME), 0);
}

static void of_several_the_earliest_holds(void **state)
{
    (void)state;
    int64_t arrived = at("2026-11-25T10:00:00Z");
    assert_int_equal(
        due("default", "[{\"rule\":\"words.sea\"},{\"rule\":\"words.medical\"}]", light, "grievance", DEADLINE_LOOK),
        arrived + HOUR);
    assert_int_equal(due("ess10", "[]", light, "grievance", DEADLINE_ACKNOWLEDGE), at("2026-12-03T00:00:00Z"));
    assert_int_equal(due("ess10 whistleblower_eu", "[]", light, "grievance", DEADLINE_ACKNOWLEDGE), arrived + 7 * DAY);
    assert_int_equal(due("ess10 whistleblower_eu", "[]", light, "grievance", DEADLINE_OUTCOME),
                     at("2026-12-17T00:00:00Z"));
}

/* ---- the clock of what becomes irremediable ---- */

static void what_becomes_irremediable_sooner_is_due_sooner_by_a_lead(void **state)
{
    (void)state;
    struct deadline_case c = {.classes = classes_of("[]", light, "grievance"),
                              .profiles = deadlines_profile(set, "default"),
                              .arrived = at("2026-11-25T10:00:00Z"),
                              .by = at("2026-11-26T10:00:00Z")};
    assert_int_equal(deadlines_due(set, &c, &weekdays, DEADLINE_LOOK), at("2026-11-26T08:00:00Z"));
    assert_int_equal(deadlines_due(set, &c, &weekdays, DEADLINE_CONTACT), at("2026-11-26T08:00:00Z"));
    assert_int_equal(deadlines_due(set, &c, &weekdays, DEADLINE_ACKNOWLEDGE), at("2026-12-02T10:00:00Z"));
    c.by = at("2026-11-25T11:00:00Z"); /* less is left than the lead: half of it */
    assert_int_equal(deadlines_due(set, &c, &weekdays, DEADLINE_LOOK), at("2026-11-25T10:30:00Z"));
    c.known = at("2026-11-25T10:40:00Z");
    assert_int_equal(deadlines_due(set, &c, &weekdays, DEADLINE_CONTACT), at("2026-11-25T10:50:00Z"));
    c.known = at("2026-11-25T12:00:00Z"); /* nothing is left */
    assert_int_equal(deadlines_due(set, &c, &weekdays, DEADLINE_CONTACT), c.by);
    c.known = 0;
    c.by = at("2027-11-25T11:00:00Z");
    assert_int_equal(deadlines_due(set, &c, &weekdays, DEADLINE_LOOK), at("2026-12-02T10:00:00Z"));
}

/* ---- after the acknowledgement ---- */

static void the_outcome_counts_from_the_acknowledgement_and_being_late_with_it_gains_nothing(void **state)
{
    (void)state;
    struct deadline_case c = {.classes = classes_of("[]", light, "grievance"),
                              .profiles = deadlines_profile(set, "whistleblower_eu"),
                              .arrived = at("2026-11-25T10:00:00Z")};
    assert_int_equal(deadlines_due(set, &c, &weekdays, DEADLINE_OUTCOME), at("2027-03-02T10:00:00Z"));
    c.acknowledged = at("2026-11-26T09:00:00Z");
    assert_int_equal(deadlines_due(set, &c, &weekdays, DEADLINE_OUTCOME), at("2027-02-26T09:00:00Z"));
    c.acknowledged = at("2027-01-15T09:00:00Z");
    assert_int_equal(deadlines_due(set, &c, &weekdays, DEADLINE_OUTCOME), at("2027-03-02T10:00:00Z"));
    c.acknowledged = at("2026-11-30T09:00:00Z"); /* February has no 30th */
    assert_int_equal(deadlines_due(set, &c, &weekdays, DEADLINE_OUTCOME), at("2027-02-28T09:00:00Z"));
}

/* ---- pauses ---- */

static void a_pause_puts_off_what_was_not_due_yet_and_nothing_else(void **state)
{
    (void)state;
    struct deadline_pause pauses[] = {{at("2026-11-27T10:00:00Z"), at("2026-11-29T10:00:00Z")},
                                      {at("2026-12-03T10:00:00Z"), 0}};
    struct deadline_case c = {.classes = classes_of("[]", light, "grievance"),
                              .profiles = deadlines_profile(set, "default"),
                              .arrived = at("2026-11-25T10:00:00Z"),
                              .pauses = pauses,
                              .pause_count = 1};
    assert_int_equal(deadlines_due(set, &c, &weekdays, DEADLINE_LOOK), at("2026-12-04T10:00:00Z"));
    c.pause_count = 2; /* nobody safe to call: no day on which it is late */
    assert_int_equal(deadlines_due(set, &c, &weekdays, DEADLINE_LOOK), INT64_MAX);
    pauses[0].from = at("2026-12-02T10:00:00Z");
    pauses[0].to = at("2026-12-20T10:00:00Z");
    c.pause_count = 1;
    assert_int_equal(deadlines_due(set, &c, &weekdays, DEADLINE_LOOK), at("2026-12-02T10:00:00Z"));
    struct severity danger = light;
    danger.danger_now = 1;
    c.classes = classes_of("[]", danger, "grievance");
    assert_int_equal(deadlines_due(set, &c, &weekdays, DEADLINE_LOOK), at("2026-11-25T11:00:00Z"));
}

static void a_pause_never_makes_anything_due_sooner(void **state)
{
    (void)state;
    for (int i = 0; i < 2000; i++) {
        struct deadline_pause pauses[3];
        int64_t from = at("2026-11-25T10:00:00Z");
        for (int n = 0; n < 3; n++) {
            pauses[n].from = from += (int64_t)rng_below(5 * DAY);
            pauses[n].to = from += (int64_t)rng_below(5 * DAY);
        }
        struct deadline_case c = {.classes = classes_of(rng_below(2) ? "[]" : FIRED("words.sea"), light, "grievance"),
                                  .profiles = (uint32_t)(1 + rng_below(63)),
                                  .arrived = at("2026-11-25T10:00:00Z"),
                                  .pauses = pauses};
        for (enum deadline_stage stage = DEADLINE_LOOK; stage < DEADLINE_STAGES; stage++) {
            int64_t before = 0;
            for (c.pause_count = 0; c.pause_count <= 3; c.pause_count++) {
                int64_t now = deadlines_due(set, &c, &weekdays, stage);
                assert_true(now >= before);
                before = now;
            }
        }
    }
}

/* ---- working days ---- */

static void working_days_leave_out_rest_and_holidays_in_the_offices_own_time(void **state)
{
    (void)state;
    struct workdays gulf = {.rest = FRIDAY_SATURDAY, .ahead_s = 3 * HOUR};
    struct workdays plain = weekdays;
    int64_t friday = at("2026-11-27T15:00:00Z");
    assert_int_equal(workdays_after(&plain, friday, 0), at("2026-11-28T00:00:00Z"));
    assert_int_equal(workdays_after(&plain, friday, 1), at("2026-12-01T00:00:00Z"));
    assert_int_equal(workdays_after(&plain, friday, 5), at("2026-12-05T00:00:00Z"));
    plain.holidays[plain.holiday_count++] = workdays_day(&plain, at("2026-11-30"));
    plain.holidays[plain.holiday_count++] = workdays_day(&plain, at("2026-12-01"));
    assert_int_equal(workdays_after(&plain, friday, 1), at("2026-12-03T00:00:00Z"));
    assert_int_equal(workdays_after(&gulf, friday, 1), at("2026-11-29T21:00:00Z"));
    assert_int_equal(workdays_after(&gulf, at("2026-11-28T21:30:00Z"), 1),
                     at("2026-11-30T21:00:00Z")); /* Sunday there */
}

/* ---- what is wrong in a file is said ---- */

static void what_is_wrong_is_said_and_nothing_is_loaded(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } rows[] = {
        {"{}", "version"},
        {"{\"version\":1}", "no classes"},
        {"{\"version\":1,\"classes\":[{}]}", "class 1"},
        {"{\"version\":1,\"classes\":[{\"id\":\"a\"}]}", "class a: no case would ever stand in it"},
        {"{\"version\":1,\"classes\":[{\"id\":\"a\",\"rules\":[1]}]}", "class a: rules and kinds"},
        {"{\"version\":1,\"classes\":[{\"id\":\"a\",\"any\":true},{\"id\":\"a\",\"any\":true}]}",
         "class a is there twice"},
#define PROFILE(times)                                                                                                 \
    "{\"version\":1,\"classes\":[{\"id\":\"a\",\"any\":true}],\"profiles\":[{\"id\":\"p\",\"says\":\"s\",\"source\":"  \
    "\"s\",\"dated\":\"2026-11-22\",\"times\":" times "}]}"
        {PROFILE("{}"), "profile p has no times"},
        {PROFILE("{\"b\":{}}"), "there is no class b"},
        {PROFILE("{\"a\":{\"think\":\"1h\"}}"), "there is no stage think"},
        {PROFILE("{\"a\":{\"look\":\"1\"}}"), "a time is 4h"},
        {PROFILE("{\"a\":{\"look\":\"0h\"}}"), "a time is 4h"},
        {PROFILE("{\"a\":{\"look\":\"1001h\"}}"), "a time is 4h"},
        {PROFILE("{\"a\":{\"look\":\"1h or so\"}}"), "a time is 4h"},
        {PROFILE("{\"a\":{\"look\":\"1h after acknowledge\"}}"), "only the outcome"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char says[SAYS_SIZE];
        struct deadlines *none = NULL;
        json_t *value = json(rows[i].text);
        assert_int_not_equal(deadlines_from(value, &none, says), ERR_OK);
        assert_null(none);
        if (!strstr(says, rows[i].says))
            fail_msg("%s: %s", rows[i].text, says);
        json_decref(value);
    }
}

static void every_profile_has_a_source_and_every_rule_that_is_named_exists(void **state)
{
    (void)state;
    char says[SAYS_SIZE];
    json_t *deadlines, *rules, *class, *rule, *known;
    size_t i, j, k;
    unsigned newest = numbered_newest(SOURCE_ROOT "/triage/deadlines", "deadlines");
    assert_int_equal(
        numbered_read(SOURCE_ROOT "/triage/deadlines", "deadlines", newest, DEADLINES_FILE_MAX, &deadlines, says),
        ERR_OK);
    newest = numbered_newest(SOURCE_ROOT "/triage/rules", "rules");
    assert_int_equal(numbered_read(SOURCE_ROOT "/triage/rules", "rules", newest, RULES_FILE_MAX, &rules, says), ERR_OK);
    json_array_foreach(json_object_get(deadlines, "classes"), i, class)
        json_array_foreach(json_object_get(class, "rules"), j, rule)
    {
        int found = 0;
        json_array_foreach(json_object_get(rules, "words"), k, known) found |=
            json_equal(json_object_get(known, "id"), rule);
        json_array_foreach(json_object_get(rules, "answers"), k, known) found |=
            json_equal(json_object_get(known, "id"), rule);
        if (!found)
            fail_msg("%s", json_string_value(rule));
    }
    json_decref(deadlines);
    json_decref(rules);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_class_of_danger_is_looked_at_and_contacted_in_its_time),
        cmocka_unit_test(what_its_severity_says_counts_too),
        cmocka_unit_test(of_several_the_earliest_holds),
        cmocka_unit_test(what_becomes_irremediable_sooner_is_due_sooner_by_a_lead),
        cmocka_unit_test(the_outcome_counts_from_the_acknowledgement_and_being_late_with_it_gains_nothing),
        cmocka_unit_test(a_pause_puts_off_what_was_not_due_yet_and_nothing_else),
        cmocka_unit_test(a_pause_never_makes_anything_due_sooner),
        cmocka_unit_test(working_days_leave_out_rest_and_holidays_in_the_offices_own_time),
        cmocka_unit_test(what_is_wrong_is_said_and_nothing_is_loaded),
        cmocka_unit_test(every_profile_has_a_source_and_every_rule_that_is_named_exists),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
