/* test_roster.c -- who is on call at a time, in which order, and when nobody will be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/clock.h"
#include "triage/vault/case_state.h"
#include "triage/vault/roster.h"

enum { HOUR = 3600, DAY = 24 * HOUR };

/* 23 November 2026 is a Monday. */
static const char monday[] = "2026-11-23T00:00:00Z";

static json_t *record_of(const char *text)
{
    json_t *record = json_loads(text, 0, NULL);
    assert_non_null(record);
    return record;
}

/* The names of who is on call, "Amina Juma"; `out` holds them. */
static const char *now_of(const json_t *record, int32_t ahead_s, const char *time, char out[static 200])
{
    struct roster_person people[ROSTER_MOST];
    size_t count = roster_now(record, ahead_s, clock_parse(time), people);
    *out = '\0';
    for (size_t i = 0; i < count; i++) {
        strcat(out, i ? " " : "");
        strcat(out, people[i].name);
    }
    return out;
}

static void assert_on(const json_t *record, int32_t ahead_s, const char *time, const char *names)
{
    char out[200];
    assert_string_equal(now_of(record, ahead_s, time, out), names);
}

#define PERSON(name, place, to) "{\"name\":\"" name "\",\"channel\":\"sms\",\"place\":" #place ",\"to\":\"" to "\""

static void hours_of_the_day_go_across_midnight_in_the_offices_own_time(void **state)
{
    (void)state;
    json_t *record =
        record_of("{\"roster\":[" PERSON("Day", 1, "+254733000111") ",\"from\":\"08:00\",\"until\":\"18:00\"}," PERSON(
            "Night", 1, "+254733000222") ",\"from\":\"18:00\",\"until\":\"08:00\"}]}");
    assert_on(record, 0, "2026-11-23T08:00:00Z", "Day");
    assert_on(record, 0, "2026-11-23T17:59:59Z", "Day");
    assert_on(record, 0, "2026-11-23T18:00:00Z", "Night");
    assert_on(record, 0, "2026-11-24T00:00:00Z", "Night");
    assert_on(record, 0, "2026-11-24T07:59:59Z", "Night");
    /* 05:00 in UTC is 08:00 in Nairobi; 23:00 of the day before is 08:00 in Seoul. */
    assert_on(record, 3 * HOUR, "2026-11-23T05:00:00Z", "Day");
    assert_on(record, 3 * HOUR, "2026-11-23T04:59:59Z", "Night");
    assert_on(record, 9 * HOUR, "2026-11-22T23:00:00Z", "Day");
    assert_on(record, -8 * HOUR, "2026-11-23T15:59:59Z", "Night");
    struct roster_gap gaps[ROSTER_GAPS_MAX];
    assert_int_equal(roster_gaps(record, 3 * HOUR, clock_parse(monday), gaps), 0);
    json_decref(record);
}

static void hours_of_the_week_go_across_its_end(void **state)
{
    (void)state;
    json_t *record = record_of("{\"roster\":[" PERSON(
        "Weekend", 1,
        "+254733000111") ",\"from_day\":\"friday\",\"from\":\"18:00\",\"until_day\":\"monday\",\"until\":\"08:00\"}]}");
    assert_on(record, 0, "2026-11-27T17:59:59Z", "");
    assert_on(record, 0, "2026-11-27T18:00:00Z", "Weekend");
    assert_on(record, 0, "2026-11-29T12:00:00Z", "Weekend");
    assert_on(record, 0, "2026-11-30T07:59:59Z", "Weekend");
    assert_on(record, 0, "2026-11-30T08:00:00Z", "");
    assert_on(record, 3 * HOUR, "2026-11-27T15:00:00Z", "Weekend");
    struct roster_gap gaps[ROSTER_GAPS_MAX];
    assert_int_equal(roster_gaps(record, 0, clock_parse(monday), gaps), 1);
    assert_int_equal(gaps[0].from, clock_parse("2026-11-23T08:00:00Z"));
    assert_int_equal(gaps[0].until, clock_parse("2026-11-27T18:00:00Z"));
    json_decref(record);
}

static void hours_on_each_of_some_days_are_one_row(void **state)
{
    (void)state;
    json_t *record = record_of("{\"roster\":[" PERSON(
        "Day", 1, "+254733000111") ",\"from_day\":\"monday\",\"from\":\"09:00\","
                                   "\"until_day\":\"friday\",\"until\":\"17:00\",\"each_day\":true}," PERSON(
                                       "Night", 1, "+254733000222") ",\"from_day\":\"saturday\",\"from\":\"22:00\","
                                                                    "\"until_day\":\"monday\",\"until\":\"06:00\","
                                                                    "\"each_day\":true}]}");
    assert_on(record, 0, "2026-11-23T08:59:59Z", ""); /* a Monday */
    assert_on(record, 0, "2026-11-23T09:00:00Z", "Day");
    assert_on(record, 0, "2026-11-23T17:00:00Z", "");
    assert_on(record, 0, "2026-11-27T16:59:59Z", "Day");
    assert_on(record, 0, "2026-11-28T12:00:00Z", "");
    /* Saturday, Sunday and Monday nights; each goes on into the morning of the next day, Tuesday's too. */
    assert_on(record, 0, "2026-11-28T05:59:59Z", "");
    assert_on(record, 0, "2026-11-28T22:00:00Z", "Night");
    assert_on(record, 0, "2026-11-24T05:59:59Z", "Night");
    assert_on(record, 0, "2026-11-24T06:00:00Z", "");
    assert_on(record, 0, "2026-11-24T22:00:00Z", "");
    json_decref(record);
}

static void the_same_time_twice_is_all_day_or_all_week_and_no_hours_are_always(void **state)
{
    (void)state;
    static const char *const hours[] = {
        "", ",\"from\":\"06:00\",\"until\":\"06:00\"",
        ",\"from_day\":\"sunday\",\"from\":\"06:00\",\"until_day\":\"sunday\",\"until\":\"06:00\""};
    for (size_t i = 0; i < sizeof hours / sizeof *hours; i++) {
        char text[300];
        struct roster_gap gaps[ROSTER_GAPS_MAX];
        snprintf(text, sizeof text, "{\"roster\":[" PERSON("A", 2, "+254733000111") "%s}]}", hours[i]);
        json_t *record = record_of(text);
        assert_on(record, 0, "2026-11-29T05:59:00Z", "A");
        assert_on(record, 0, "2026-11-29T06:00:00Z", "A");
        assert_int_equal(roster_gaps(record, 0, clock_parse(monday), gaps), 0);
        json_decref(record);
    }
}

static void who_was_set_goes_first_then_by_place_and_nobody_stands_twice(void **state)
{
    (void)state;
    json_t *record = record_of(
        "{\"name\":\"Set\",\"channel\":\"sms\",\"to\":\"+254733000111\",\"from\":\"2026-11-23T10:00:00Z\","
        "\"until\":\"2026-11-23T12:00:00Z\",\"roster\":[" PERSON("Third", 3, "+254733000333") "}," PERSON(
            "Second", 2,
            "+254733000222") "}," PERSON("First", 1,
                                         "+254733000444") "}," PERSON("Same", 1,
                                                                      "0733000111") "}," /* one telephone, written in
                                                                                            another way */
                                                                                    "{\"name\":\"Mail\",\"channel\":"
                                                                                    "\"email\",\"place\":2,\"to\":\"b@"
                                                                                    "office.example\"},"
                                                                                    "{\"name\":\"Again\",\"channel\":"
                                                                                    "\"email\",\"place\":3,\"to\":\"b@"
                                                                                    "office.example\"}]}");
    assert_on(record, 0, "2026-11-23T09:59:59Z", "First Same Second Mail Third");
    assert_on(record, 0, "2026-11-23T10:00:00Z", "Set First Second Mail Third");
    assert_on(record, 0, "2026-11-23T12:00:00Z", "First Same Second Mail Third");
    json_decref(record);
}

static void there_are_never_more_than_fit(void **state)
{
    (void)state;
    struct roster_person people[ROSTER_MOST];
    json_t *record = json_pack("{s:[]}", "roster");
    for (int i = 0; i < ROSTER_ROWS_MAX; i++)
        json_array_append_new(json_object_get(record, "roster"),
                              json_pack("{s:s,s:s,s:i,s:o}", "name", "N", "channel", "sms", "place", 1, "to",
                                        json_sprintf("+2547330000%02d", i)));
    assert_int_equal(roster_now(record, 0, clock_parse(monday), people), ROSTER_MOST);
    assert_int_equal(roster_now(NULL, 0, clock_parse(monday), people), 0);
    json_decref(record);
}

static void gaps_say_when_nobody_will_be_on_call(void **state)
{
    (void)state;
    struct roster_gap gaps[ROSTER_GAPS_MAX];
    int64_t now = clock_parse(monday) + 10 * HOUR + 20; /* within a minute */
    assert_int_equal(roster_gaps(NULL, 0, now, gaps), 1);
    assert_int_equal(gaps[0].from, now);
    assert_int_equal(gaps[0].until, 0); /* and on */
    /* Set until the evening, and the nights of the roster: the days behind are left. */
    json_t *record = record_of("{\"name\":\"Set\",\"channel\":\"sms\",\"to\":\"+254733000111\",\"from\":\"\","
                               "\"until\":\"2026-11-24T12:00:00Z\",\"roster\":[" PERSON(
                                   "Night", 1, "+254733000222") ",\"from\":\"18:00\",\"until\":\"08:00\"}]}");
    assert_int_equal(roster_gaps(record, 0, now, gaps), 7);
    assert_int_equal(gaps[0].from, clock_parse("2026-11-24T12:00:00Z"));
    assert_int_equal(gaps[0].until, clock_parse("2026-11-24T18:00:00Z"));
    assert_int_equal(gaps[1].from, clock_parse("2026-11-25T08:00:00Z"));
    assert_int_equal(gaps[6].from, clock_parse("2026-11-30T08:00:00Z"));
    assert_int_equal(gaps[6].until, 0);
    /* Nobody was set, only a time: that is a gap as well. */
    json_object_set_new(record, "to", json_string(""));
    assert_int_equal(roster_gaps(record, 0, now, gaps), 8);
    assert_int_equal(gaps[0].from, now);
    json_decref(record);
}

static void many_gaps_end_where_the_list_does(void **state)
{
    (void)state;
    struct roster_gap gaps[ROSTER_GAPS_MAX];
    json_t *record = json_pack("{s:[]}", "roster");
    for (int hour = 0; hour < 24; hour += 2) /* every other hour */
        json_array_append_new(json_object_get(record, "roster"),
                              json_pack("{s:s,s:s,s:s,s:i,s:o,s:o}", "name", "N", "channel", "sms", "to",
                                        "+254733000111", "place", 1, "from", json_sprintf("%02d:00", hour), "until",
                                        json_sprintf("%02d:00", hour + 1)));
    assert_int_equal(roster_gaps(record, 0, clock_parse(monday), gaps), ROSTER_GAPS_MAX);
    assert_int_equal(gaps[ROSTER_GAPS_MAX - 1].from, clock_parse(monday) + (2 * ROSTER_GAPS_MAX - 1) * HOUR);
    json_decref(record);
}

static const char *field_of(const char *text)
{
    const char *field = NULL, *says = NULL;
    json_t *typed = record_of(text), *row = roster_row(typed, &field, &says);
    json_decref(typed);
    json_decref(row);
    assert_int_equal(row == NULL, field != NULL);
    assert_int_equal(row == NULL, says != NULL);
    return field ? field : "";
}

static void a_row_is_kept_as_it_is_meant_or_its_field_is_named(void **state)
{
    (void)state;
    const char *field, *says;
    json_t *typed =
        record_of(PERSON("Amina", 1, "+254 (733) 000-111") ",\"from\":\"18:00\",\"until\":\"08:00\",\"other\":1}");
    json_t *row = roster_row(typed, &field, &says);
    assert_non_null(row);
    assert_string_equal(state_text(row, "to"), "+254733000111");
    assert_null(json_object_get(row, "other"));
    json_decref(typed);
    json_decref(row);
    assert_string_equal(field_of(PERSON("A", 1, "") "}"), "to");
    assert_string_equal(field_of(PERSON("A", 1, "my telephone") "}"), "to");
    assert_string_equal(field_of("{\"name\":\"A\",\"channel\":\"email\",\"place\":1,\"to\":\"a@b@c\"}"), "to");
    assert_string_equal(field_of("{\"name\":\"A\",\"channel\":\"pigeon\",\"place\":1,\"to\":\"+254733000111\"}"),
                        "channel");
    assert_string_equal(field_of(PERSON("", 1, "+254733000111") "}"), "name");
    assert_string_equal(field_of(PERSON("A", 0, "+254733000111") "}"), "place");
    assert_string_equal(field_of(PERSON("A", 4, "+254733000111") "}"), "place");
    static const char *const wrong[][2] = {
        {"\"from\":\"18:00\"", "until"},
        {"\"until\":\"18:00\"", "from"},
        {"\"from\":\"24:00\",\"until\":\"08:00\"", "from"},
        {"\"from\":\"8:00\",\"until\":\"18:00\"", "from"},
        {"\"from\":\"08:00\",\"until\":\"18:60\"", "until"},
        {"\"from_day\":\"friday\",\"until_day\":\"monday\"", "from"},
        {"\"from\":\"08:00\",\"until\":\"18:00\",\"from_day\":\"friday\"", "until_day"},
        {"\"from\":\"08:00\",\"until\":\"18:00\",\"each_day\":true", "from_day"},
        {"\"each_day\":true", "from"},
        {"\"from\":\"08:00\",\"until\":\"18:00\",\"from_day\":\"someday\",\"until_day\":\"monday\"", "from_day"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char text[300];
        snprintf(text, sizeof text, PERSON("A", 1, "+254733000111") ",%s}", wrong[i][0]);
        assert_string_equal(field_of(text), wrong[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hours_of_the_day_go_across_midnight_in_the_offices_own_time),
        cmocka_unit_test(hours_of_the_week_go_across_its_end),
        cmocka_unit_test(hours_on_each_of_some_days_are_one_row),
        cmocka_unit_test(the_same_time_twice_is_all_day_or_all_week_and_no_hours_are_always),
        cmocka_unit_test(who_was_set_goes_first_then_by_place_and_nobody_stands_twice),
        cmocka_unit_test(there_are_never_more_than_fit),
        cmocka_unit_test(gaps_say_when_nobody_will_be_on_call),
        cmocka_unit_test(many_gaps_end_where_the_list_does),
        cmocka_unit_test(a_row_is_kept_as_it_is_meant_or_its_field_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
