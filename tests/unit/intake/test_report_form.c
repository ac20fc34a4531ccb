/* The web form: into the JSON of a report, and back into the page when something has to be put right. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "intake/report.h"
#include "intake/report_form.h"

static const struct office nothing_own;

static json_t *body_of(const char *encoded)
{
    struct form form;
    assert_int_equal(form_read(&form, encoded, strlen(encoded)), ERR_OK);
    json_t *body = report_form_body(&nothing_own, &form, "sw");
    form_free(&form);
    return body;
}

static void expect_body(const char *encoded, const char *wanted_text)
{
    json_t *body = body_of(encoded), *wanted = json_loads(wanted_text, 0, NULL);
    assert_non_null(wanted);
    assert_true(json_equal(body, wanted));
    json_decref(body);
    json_decref(wanted);
}

static void fields_find_their_places(void **state)
{
    (void)state;
    expect_body("step=report&key=k&lang=sw&text=Kisima+kimekauka&kind=flag&danger_now=yes&when=jana&people_low=3"
                "&people_high=&how=sms&number=%2B255700000000&behalf_who=jirani&read_back=yes&desk=usual",
                "{\"language\":\"sw\",\"text\":\"Kisima kimekauka\",\"kind\":\"flag\",\"desk\":\"usual\","
                "\"read_back\":true,\"answers\":{\"danger_now\":\"yes\",\"when\":\"jana\",\"people_low\":3},"
                "\"contact\":{\"how\":\"sms\",\"number\":\"+255700000000\"},\"on_behalf_of\":{\"who\":\"jirani\"}}");
}

static void hiding_ones_words_is_the_default(void **state)
{
    (void)state;
    expect_body("text=x&read_back=no", "{\"language\":\"sw\",\"text\":\"x\",\"read_back\":false}");
    expect_body("text=x", "{\"language\":\"sw\",\"text\":\"x\"}");
}

static void numbers_are_read_in_every_script(void **state)
{
    (void)state;
    expect_body("people_low=%D9%A1%D9%A2", "{\"language\":\"sw\",\"answers\":{\"people_low\":12}}");
    expect_body("people_low=1+000", "{\"language\":\"sw\",\"answers\":{\"people_low\":1000}}");
    expect_body("people_low=many", "{\"language\":\"sw\",\"answers\":{\"people_low\":\"?\"}}");
    expect_body("people_low=99999999999999999999999", "{\"language\":\"sw\",\"answers\":{\"people_low\":\"?\"}}");
}

static void a_nul_is_no_form(void **state)
{
    (void)state;
    assert_null(body_of("text=a%00b"));
}

static void what_was_chosen_comes_back(void **state)
{
    (void)state;
    struct form form;
    const char *encoded = "text=%3Cb%3E&ongoing=unsure&speaking_as=<script>&when=hier&read_back=yes";
    assert_int_equal(form_read(&form, encoded, strlen(encoded)), ERR_OK);
    json_t *context = report_form_context(&form);
    json_t *wanted = json_loads("{\"ongoing_unsure\":true,\"read_back_yes\":true}", 0, NULL);
    assert_true(json_equal(context, wanted));
    json_decref(context);
    json_decref(wanted);
    form_free(&form);
}

static const char *as_is(void *arg, const char *english)
{
    (void)arg;
    return english;
}

static void every_fault_has_a_sentence_and_a_field(void **state)
{
    (void)state;
    static const char *const paths[] = {"answers.people_low", "contact.email", "desk", "nobody.knows", NULL};
    static const char *const fields[] = {"people_low", "email", "desk", "text", "text"};
    for (int i = 0; i < 5; i++) {
        struct json_fault fault = {.field = paths[i], .says = "is wrong"};
        json_t *context = json_object();
        report_form_explain(context, &fault, as_is, NULL);
        const json_t *error = json_array_get(json_object_get(context, "errors"), 0);
        assert_string_equal(json_string_value(json_object_get(error, "field")), fields[i]);
        assert_non_null(json_string_value(json_object_get(error, "says")));
        json_decref(context);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_find_their_places),         cmocka_unit_test(hiding_ones_words_is_the_default),
        cmocka_unit_test(numbers_are_read_in_every_script), cmocka_unit_test(a_nul_is_no_form),
        cmocka_unit_test(what_was_chosen_comes_back),       cmocka_unit_test(every_fault_has_a_sentence_and_a_field),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
