/* Questions of an office's own: what a form and a program say of them, and what is kept, in the words that were read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "intake/limits.h"
#include "intake/own.h"
#include "intake/report.h"
#include "intake/report_form.h"

static struct office office;

static int load(void **state)
{
    static const char yaml[] =
        "own_questions:\n"
        "  - {code: guard, step: story, answer: text, asks: {en: Who stood there?, sw: Nani alisimama pale?}}\n"
        "  - {code: camp, step: when, answer: one, asks: {en: Which camp?, sw: Kambi gani?}, choices:\n"
        "      [{code: north, says: {en: North, sw: Kaskazini}}, {code: south, says: {en: South}}]}\n"
        "  - {code: lost, step: when, answer: several, asks: {en: What was lost?}, choices:\n"
        "      [{code: card, says: {en: Card}}, {code: food, says: {en: \"Food & water\"}}]}\n";
    (void)state;
    return office_read(&office, yaml, sizeof yaml - 1, NULL, NULL) == ERR_OK ? 0 : -1;
}

static int unload(void **state)
{
    (void)state;
    office_free(&office);
    return 0;
}

static void becomes(const char *encoded, const char *wanted_text)
{
    struct form form;
    assert_int_equal(form_read(&form, encoded, strlen(encoded)), ERR_OK);
    json_t *list = own_body(&office, &form), *wanted = json_loads(wanted_text, 0, NULL);
    assert_non_null(wanted);
    if (!json_equal(list, wanted))
        fail_msg("%s became %s", encoded, json_dumps(list, JSON_SORT_KEYS));
    json_decref(list);
    json_decref(wanted);
    form_free(&form);
}

static void a_form_says_what_a_program_would(void **state)
{
    (void)state;
    becomes("own_lost=food&own_lost=card&own_lost=food&own_camp=south&own_guard=A+man",
            "[{\"code\":\"guard\",\"says\":\"A man\"},{\"code\":\"camp\",\"codes\":[\"south\"]},"
            "{\"code\":\"lost\",\"codes\":[\"food\",\"card\"]}]");
    becomes("own_camp=east&own_guard=&own_tent=x&camp=north", "[]");
    becomes("own_camp=north&own_camp=south", "[{\"code\":\"camp\",\"codes\":[\"north\"]}]");
}

static enum err keep(const char *language, const char *said, json_t *answers, struct json_fault *fault)
{
    json_t *list = json_loads(said, JSON_DECODE_ANY, NULL);
    assert_non_null(list);
    *fault = (struct json_fault){0};
    enum err err = own_read(&office, list, language, answers, fault);
    json_decref(list);
    return err;
}

static void kept(const char *language, const char *said, const char *wanted_text)
{
    struct json_fault fault;
    json_t *answers = json_object(), *wanted = json_loads(wanted_text, 0, NULL);
    assert_non_null(wanted);
    assert_int_equal(keep(language, said, answers, &fault), ERR_OK);
    if (!json_equal(answers, wanted))
        fail_msg("%s became %s", said, json_dumps(answers, JSON_SORT_KEYS));
    json_decref(answers);
    json_decref(wanted);
}

static void question_and_answer_are_kept_as_they_were_read(void **state)
{
    (void)state;
    static const char said[] = "[{\"code\":\"guard\",\"says\":\"<b>\"},{\"code\":\"camp\",\"codes\":[\"north\"]}]";
    kept("sw", said,
         "{\"own\":[{\"code\":\"guard\",\"asks\":\"Nani alisimama pale?\",\"says\":[\"<b>\"]},"
         "{\"code\":\"camp\",\"asks\":\"Kambi gani?\",\"says\":[\"Kaskazini\"],\"codes\":[\"north\"]}]}");
    kept("sw-TZ", "[{\"code\":\"camp\",\"codes\":[\"south\",\"south\"]}]",
         "{\"own\":[{\"code\":\"camp\",\"asks\":\"Kambi gani?\",\"says\":[\"South\"],\"codes\":[\"south\"]}]}");
    kept("und", "[{\"code\":\"lost\",\"codes\":[\"food\",\"card\"],\"more\":1}]",
         "{\"own\":[{\"code\":\"lost\",\"asks\":\"What was lost?\",\"says\":[\"Food & water\",\"Card\"],"
         "\"codes\":[\"food\",\"card\"]}]}");
    kept("en", "[{\"code\":\"lost\",\"codes\":[]},{\"code\":\"guard\",\"says\":\"\"},{\"code\":\"guard\"}]", "{}");
    kept("en", "null", "{}");
}

static void what_this_office_does_not_ask_is_refused_by_name(void **state)
{
    (void)state;
    static const struct {
        const char *said, *item;
    } wrong[] = {
        {"{}", NULL},
        {"[1]", NULL},
        {"[{\"code\":\"tent\",\"says\":\"x\"}]", NULL},
        {"[{\"says\":\"x\"}]", NULL},
        {"[{\"code\":\"guard\",\"says\":[\"x\"]}]", "own_guard"},
        {"[{\"code\":\"guard\",\"says\":\"x\"},{\"code\":\"guard\",\"says\":\"y\"}]", "own_guard"},
        {"[{\"code\":\"camp\",\"codes\":\"north\"}]", "own_camp"},
        {"[{\"code\":\"camp\",\"says\":\"North\"}]", "own_camp"},
        {"[{\"code\":\"camp\",\"codes\":[\"east\"]}]", "own_camp"},
        {"[{\"code\":\"camp\",\"codes\":[1]}]", "own_camp"},
        {"[{\"code\":\"camp\",\"codes\":[\"north\",\"south\"]}]", "own_camp"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct json_fault fault;
        json_t *answers = json_object();
        assert_int_equal(keep("en", wrong[i].said, answers, &fault), ERR_MALFORMED);
        assert_string_equal(fault.field, "answers.own");
        assert_non_null(fault.says);
        if (wrong[i].item)
            assert_string_equal(fault.item, wrong[i].item);
        else
            assert_null(fault.item);
        assert_int_equal(json_object_size(answers), 0);
        json_decref(answers);
    }
}

/* "€" is three bytes: characters are counted, not bytes. */
static void an_answer_in_words_has_500_characters(void **state)
{
    (void)state;
    char encoded[64 + (LIMIT_SHORT_ANSWER + 2) * 9] = "text=x&own_guard=";
    for (int i = 0; i < LIMIT_SHORT_ANSWER; i++)
        strcat(encoded, "%E2%82%AC");
    for (int is_over = 0; is_over < 2; is_over++) {
        struct json_fault fault = {0};
        struct report report;
        struct form form;
        assert_int_equal(form_read(&form, encoded, strlen(encoded)), ERR_OK);
        json_t *body = report_form_body(&office, &form, "en");
        enum err err = report_read(&office, body, &report, &fault);
        assert_int_equal(err, is_over ? ERR_TOO_BIG : ERR_OK);
        if (is_over)
            assert_string_equal(report_form_field(&fault), "own_guard");
        else
            report_free(&report);
        json_decref(body);
        form_free(&form);
        strcat(encoded, "%E2%82%AC");
    }
}

static void a_nul_is_no_form(void **state)
{
    (void)state;
    static const char encoded[] = "text=x&own_guard=a%00b";
    struct form form;
    assert_int_equal(form_read(&form, encoded, sizeof encoded - 1), ERR_OK);
    assert_null(report_form_body(&office, &form, "en"));
    form_free(&form);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_form_says_what_a_program_would),
        cmocka_unit_test(question_and_answer_are_kept_as_they_were_read),
        cmocka_unit_test(what_this_office_does_not_ask_is_refused_by_name),
        cmocka_unit_test(an_answer_in_words_has_500_characters),
        cmocka_unit_test(a_nul_is_no_form),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
