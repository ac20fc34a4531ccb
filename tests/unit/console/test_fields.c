/* test_fields.c -- a page and a program say the same thing to the vault. */
#include "tests/unit/console/unit.h"
#include "triage/console/fields.h"

static json_t *of_form(const struct field *fields, const char *body, struct field_fault *fault)
{
    struct form form;
    json_t *ask = json_object();
    assert_int_equal(form_read(&form, body, strlen(body)), ERR_OK);
    enum err err = fields_from_form(fields, &form, ask, fault);
    form_free(&form);
    if (err == ERR_OK)
        return ask;
    assert_int_equal(err, ERR_MALFORMED);
    assert_non_null(fault->says);
    json_decref(ask);
    return NULL;
}

static json_t *of_json(const struct field *fields, const char *text, struct field_fault *fault)
{
    json_t *body = json_loads(text, 0, NULL), *ask = json_object();
    assert_non_null(body);
    enum err err = fields_from_json(fields, body, ask, fault);
    json_decref(body);
    if (err == ERR_OK)
        return ask;
    json_decref(ask);
    return NULL;
}

static void assert_says(json_t *ask, const char *expected)
{
    json_t *value = json_loads(expected, 0, NULL);
    assert_non_null(ask);
    if (!json_equal(ask, value)) {
        char *text = json_dumps(ask, JSON_SORT_KEYS);
        fail_msg("%s", text);
    }
    json_decref(value);
    json_decref(ask);
}

static void a_form_and_json_come_to_the_same(void **state)
{
    (void)state;
    struct field_fault fault;
    static const char expected[] =
        "{\"version\":3,\"scale\":4,\"scope\":null,\"irremediability\":2,\"likelihood\":\"low\",\"grave\":true,"
        "\"danger_now\":false,\"ongoing\":true,\"by\":\"2026-11-23T08:00:00Z\",\"reason\":\"a\\nb\"}";
    assert_says(of_form(FIELDS_ASSESS,
                        "csrf=x&version=3&scale=4&scope=&irremediability=2&likelihood=low&grave=yes&ongoing=on&"
                        "by=2026-11-23T08:00&reason=a%0D%0Ab&other=1",
                        &fault),
                expected);
    assert_says(of_json(FIELDS_ASSESS, expected, &fault), expected);
}

static void rows_of_a_form_and_of_json_come_to_the_same(void **state)
{
    (void)state;
    struct field_fault fault;
    static const char expected[] =
        "{\"scale\":null,\"scope\":null,\"irremediability\":null,\"grave\":false,\"danger_now\":false,"
        "\"ongoing\":false,\"by\":null,\"people_high\":40,\"whole\":true,\"reason\":\"x\",\"groups\":["
        "{\"group\":\"child\",\"scale\":4,\"scope\":null,\"irremediability\":null,\"by\":null,\"people_high\":2},"
        "{\"group\":\"older\",\"scale\":null,\"scope\":1,\"irremediability\":null,\"by\":null}]}";
    assert_says(
        of_form(FIELDS_ASSESS,
                "reason=x&people_high=40&whole=yes&groups.0.group=child&groups.0.scale=4&groups.0.people_high=2&"
                "groups.0.people_low=&groups.1.group=&groups.1.scale=3&groups.15.group=older&groups.15.scope=1&"
                "groups.16.group=woman",
                &fault),
        expected);
    assert_says(of_json(FIELDS_ASSESS, expected, &fault), expected);
}

static void a_row_that_is_wrong_is_named_by_its_field(void **state)
{
    (void)state;
    struct field_fault fault;
    assert_null(of_form(FIELDS_ASSESS, "reason=x&groups.0.group=child&groups.0.scale=7", &fault));
    assert_string_equal(fault.field, "scale");
    assert_null(of_form(FIELDS_ASSESS, "reason=x&groups.0.group=No%20body", &fault));
    assert_string_equal(fault.field, "group");
    assert_null(of_json(FIELDS_ASSESS, "{\"reason\":\"x\",\"groups\":[{\"scale\":1}]}", &fault));
    assert_string_equal(fault.field, "group");
    assert_null(of_json(FIELDS_ASSESS, "{\"reason\":\"x\",\"groups\":{\"group\":\"child\"}}", &fault));
    assert_string_equal(fault.field, "groups");
    assert_null(of_json(FIELDS_ASSESS, "{\"reason\":\"x\",\"groups\":[7]}", &fault));
    json_t *ask = of_json(FIELDS_ASSESS, "{\"reason\":\"x\",\"groups\":[{\"group\":\"child\",\"other\":1}]}", &fault);
    assert_null(json_object_get(json_array_get(json_object_get(ask, "groups"), 0), "other"));
    json_decref(ask);
}

static void a_row_of_the_roster_that_somebody_began_is_not_lost(void **state)
{
    (void)state;
    struct field_fault fault;
    static const char rows[] =
        "{\"roster\":[{\"to\":\"+254733000111\",\"name\":\"Juma\",\"channel\":\"sms\",\"place\":1},"
        "{\"to\":\"a@b.example\",\"name\":\"Halima\",\"channel\":\"email\",\"place\":2,\"from_day\":\"friday\","
        "\"from\":\"18:00\",\"until_day\":\"monday\",\"until\":\"08:00\",\"each_day\":true}]}";
    assert_says(of_form(FIELDS_ROSTER,
                        "roster.0.to=%2B254733000111&roster.0.name=Juma&roster.0.channel=sms&roster.0.place=1&"
                        "roster.0.from_day=&roster.0.from=&roster.1.to=&roster.1.name=&roster.1.channel=sms&"
                        "roster.1.place=1&roster.1.from_day=monday&roster.2.to=a%40b.example&roster.2.name=Halima&"
                        "roster.2.channel=email&roster.2.place=2&roster.2.from_day=friday&roster.2.from=18%3A00&"
                        "roster.2.until_day=monday&roster.2.until=08%3A00&roster.2.each_day=yes",
                        &fault),
                rows);
    assert_says(of_json(FIELDS_ROSTER, rows, &fault), rows);
    /* A name without an address is told, not dropped. */
    assert_null(of_form(FIELDS_ROSTER, "roster.0.name=Juma&roster.0.channel=sms&roster.0.place=1", &fault));
    assert_string_equal(fault.field, "to");
    assert_null(of_form(FIELDS_ROSTER, "roster.0.to=1&roster.0.name=J&roster.0.channel=sms&roster.0.place=4", &fault));
    assert_string_equal(fault.field, "place");
}

static void not_ticked_is_no_and_not_known_is_null(void **state)
{
    (void)state;
    struct field_fault fault;
    assert_says(of_form(FIELDS_ASSESS, "reason=x&likelihood=", &fault),
                "{\"scale\":null,\"scope\":null,\"irremediability\":null,\"grave\":false,\"danger_now\":false,"
                "\"ongoing\":false,"
                "\"by\":null,\"reason\":\"x\"}");
}

/* Not saying whether someone is under 18 must not become "no". */
static void an_unticked_answer_is_not_said(void **state)
{
    (void)state;
    struct field_fault fault;
    json_t *ask = of_form(FIELDS_WALKIN, "channel=phone&text=x&language=sw&answers.danger_now=", &fault);
    assert_says(ask, "{\"channel\":\"phone\",\"text\":\"x\",\"language\":\"sw\",\"read_back\":false,"
                     "\"answers\":{\"groups\":[]}}");
}

static void answers_and_contact_stand_in_objects(void **state)
{
    (void)state;
    struct field_fault fault;
    static const char expected[] =
        "{\"channel\":\"in_person\",\"text\":\"x\",\"language\":\"ar\",\"kind\":\"question\",\"read_back\":true,"
        "\"answers\":{\"danger_now\":\"yes\",\"people_low\":3,\"under_18\":true,\"groups\":[\"child\",\"woman\"]},"
        "\"contact\":{\"how\":\"sms\",\"number\":\"+254 700\"}}";
    assert_says(of_form(FIELDS_WALKIN,
                        "channel=in_person&text=x&language=ar&kind=question&read_back=yes&answers.danger_now=yes&"
                        "answers.people_low=3&answers.under_18=yes&answers.groups=child&answers.groups=woman&"
                        "contact.how=sms&contact.number=%2B254+700",
                        &fault),
                expected);
    assert_says(of_json(FIELDS_WALKIN, expected, &fault), expected);
}

static void a_link_says_yes_or_no_and_never_neither(void **state)
{
    (void)state;
    struct field_fault fault;
#define IMPACT "0191d2f0-1111-4222-8333-444455556666"
    assert_says(of_form(FIELDS_LINK, "impact=" IMPACT "&confirm=no&reason=r", &fault),
                "{\"impact\":\"" IMPACT "\",\"confirm\":false,\"reason\":\"r\"}");
    assert_null(of_form(FIELDS_LINK, "impact=" IMPACT "&reason=r", &fault));
    assert_string_equal(fault.field, "confirm");
}

static void what_is_not_in_its_form_is_named(void **state)
{
    (void)state;
    static const struct {
        const struct field *fields;
        const char *body, *field;
    } cases[] = {
        {FIELDS_ASSESS, "{\"reason\":\"x\",\"scale\":5}", "scale"},
        {FIELDS_ASSESS, "{\"reason\":\"x\",\"scale\":\"4\"}", "scale"},
        {FIELDS_ASSESS, "{\"reason\":\"x\",\"scale\":0}", "scale"},
        {FIELDS_ASSESS, "{\"reason\":\"x\",\"grave\":\"yes\"}", "grave"},
        {FIELDS_ASSESS, "{\"reason\":\"x\",\"likelihood\":\"certain\"}", "likelihood"},
        {FIELDS_ASSESS, "{\"reason\":\"x\",\"by\":\"tomorrow\"}", "by"},
        {FIELDS_ASSESS, "{\"reason\":\"\"}", "reason"},
        {FIELDS_ASSESS, "{\"reason\":1}", "reason"},
        {FIELDS_ASSESS, "{}", "reason"},
        {FIELDS_ANSWER, "{\"text\":\"x\"}", "language"},
        {FIELDS_ANSWER, "{\"text\":\"x\",\"language\":\"en\",\"state\":\"sold\"}", "state"},
        {FIELDS_DECIDE, "{\"state\":\"withdrawn\",\"reason\":\"r\",\"text\":\"x\",\"language\":\"en\"}", "state"},
        {FIELDS_DECIDE, "{\"state\":\"unfounded\",\"text\":\"x\",\"language\":\"en\"}", "reason"},
        {FIELDS_DECIDE, "{\"state\":\"unfounded\",\"reason\":\"r\",\"language\":\"en\"}", "text"},
        {FIELDS_SECOND, "{\"what\":\"closing\",\"reason\":\"r\"}", "confirm"},
        {FIELDS_SECOND, "{\"what\":\"everything\",\"confirm\":true,\"reason\":\"r\"}", "what"},
        {FIELDS_HAND, "{\"to\":\"Joseph\"}", "reason"},
        {FIELDS_WATCH, "{}", "on"},
        {FIELDS_LINK, "{\"impact\":\"../..\",\"confirm\":true}", "impact"},
        {FIELDS_PAGE, "{\"lane\":\"everything\"}", "lane"},
        {FIELDS_PAGE, "{\"limit\":101}", "limit"},
        {FIELDS_PAGE, "{\"after\":-1}", "after"},
        {FIELDS_IMPACT, "{\"title\":\"t\",\"what\":\"w\",\"state\":\"actual\",\"rights\":[\"A b\"]}", "rights"},
    };
    struct field_fault fault;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_null(of_json(cases[i].fields, cases[i].body, &fault));
        assert_string_equal(fault.field, cases[i].field);
    }
}

static void a_text_may_be_long_but_not_endless(void **state)
{
    (void)state;
    struct field_fault fault;
    size_t len = 20001;
    char *text = test_calloc(1, len + 16);
    json_t *body = json_object(), *ask = json_object();
    memset(text, 'a', len);
    json_object_set_new(body, "text", json_string(text));
    assert_int_equal(fields_from_json(FIELDS_NOTE, body, ask, &fault), ERR_MALFORMED);
    text[len - 1] = 0;
    json_object_set_new(body, "text", json_string(text));
    assert_int_equal(fields_from_json(FIELDS_NOTE, body, ask, &fault), ERR_OK);
    json_decref(body);
    json_decref(ask);
    test_free(text);
}

static void a_nul_inside_a_text_is_refused(void **state)
{
    (void)state;
    struct field_fault fault;
    assert_null(of_form(FIELDS_NOTE, "text=a%00b", &fault));
    assert_string_equal(fault.field, "text");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_form_and_json_come_to_the_same),
        cmocka_unit_test(rows_of_a_form_and_of_json_come_to_the_same),
        cmocka_unit_test(a_row_that_is_wrong_is_named_by_its_field),
        cmocka_unit_test(a_row_of_the_roster_that_somebody_began_is_not_lost),
        cmocka_unit_test(not_ticked_is_no_and_not_known_is_null),
        cmocka_unit_test(an_unticked_answer_is_not_said),
        cmocka_unit_test(answers_and_contact_stand_in_objects),
        cmocka_unit_test(a_link_says_yes_or_no_and_never_neither),
        cmocka_unit_test(what_is_not_in_its_form_is_named),
        cmocka_unit_test(a_text_may_be_long_but_not_endless),
        cmocka_unit_test(a_nul_inside_a_text_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
