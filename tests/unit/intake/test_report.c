/* What a person tells us, read from JSON: what is taken, what is refused and how, and what is sealed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/clock.h"
#include "intake/limits.h"
#include "intake/report_inside.h"

static const struct office nothing_own; /* an office that asks nothing of its own */

static json_t *json_of(const char *text)
{
    json_t *body = json_loads(text, 0, NULL);
    assert_non_null(body);
    return body;
}

static void expect_fault(const char *text, const char *field)
{
    struct report report;
    struct json_fault fault = {0};
    json_t *body = json_of(text);
    assert_int_not_equal(report_read(&nothing_own, body, &report, &fault), ERR_OK);
    assert_non_null(fault.field);
    assert_string_equal(fault.field, field);
    assert_non_null(fault.says);
    json_decref(body);
}

static json_t *sealed_of(const char *text)
{
    static const struct report_origin api = {.channel = "api"};
    struct report report;
    struct json_fault fault;
    struct buf inside = BUF_INIT(LIMIT_INSIDE);
    json_t *body = json_of(text);
    assert_int_equal(report_read(&nothing_own, body, &report, &fault), ERR_OK);
    assert_int_equal(report_inside(&report, &api, clock_parse("2026-11-22T08:00:00Z"), &inside), ERR_OK);
    json_t *sealed = json_of(buf_text(&inside));
    buf_free(&inside);
    report_free(&report);
    json_decref(body);
    return sealed;
}

static void the_text_alone_is_enough(void **state)
{
    (void)state;
    json_t *sealed = sealed_of("{\"text\":\"The well is dry.\"}");
    json_t *wanted = json_of("{\"v\":1,\"kind\":\"grievance\",\"language\":\"und\",\"channel\":\"api\","
                             "\"at\":\"2026-11-22T08:00:00Z\",\"text\":\"The well is dry.\",\"answers\":{},"
                             "\"contact\":{},\"on_behalf_of\":{},\"read_back\":false,\"synthetic\":false}");
    assert_true(json_equal(sealed, wanted));
    json_decref(sealed);
    json_decref(wanted);
}

static void every_character_comes_through_as_it_was_told(void **state)
{
    (void)state;
    char told[0x80 * 6 + 64] = "", wanted[0x80 + 32] = "", *at = told + sprintf(told, "{\"text\":\"");
    for (int c = 1; c < 0x80; c++) {
        at += sprintf(at, "\\u%04x", c);
        wanted[c - 1] = (char)c;
    }
    strcat(wanted, "\xe0\xa6\x95\xf0\x9f\x98\x80\""); /* Bengali, beyond the first plane, and a quote at the end */
    sprintf(at, "\xe0\xa6\x95\\ud83d\\ude00\\\"\"}");
    json_t *sealed = sealed_of(told);
    assert_string_equal(json_string_value(json_object_get(sealed, "text")), wanted);
    json_decref(sealed);
}

static void every_answer_is_kept_and_strangers_are_left_out(void **state)
{
    (void)state;
    json_t *sealed = sealed_of(
        "{\"text\":\"x\",\"kind\":\"flag\",\"language\":\"sw-KE\",\"read_back\":true,\"synthetic\":true,\"newer\":[1],"
        "\"answers\":{\"danger_now\":\"unsure\",\"ongoing\":\"yes\",\"likelihood\":\"high\",\"people_low\":3,"
        "\"people_high\":40,\"speaking_as\":\"witness\",\"groups\":[\"children\"],\"where\":\"\",\"when\":"
        "\"yesterday\","
        "\"wish\":null,\"retaliation\":\"no\",\"under_18\":true,\"shoe_size\":42},"
        "\"contact\":{\"how\":\"sms\",\"number\":\"+255 700 000 000\",\"times\":\"evening\"},"
        "\"on_behalf_of\":{\"who\":\"my neighbour\",\"consent\":\"given\"}}");
    json_t *answers = json_of("{\"danger_now\":\"unsure\",\"ongoing\":\"yes\",\"likelihood\":\"high\",\"people_low\":3,"
                              "\"people_high\":40,\"speaking_as\":\"witness\",\"groups\":[\"children\"],"
                              "\"when\":\"yesterday\",\"retaliation\":\"no\",\"under_18\":true}");
    assert_true(json_equal(json_object_get(sealed, "answers"), answers));
    assert_null(json_object_get(sealed, "newer"));
    assert_string_equal(json_string_value(json_object_get(sealed, "language")), "sw-KE");
    assert_true(json_is_true(json_object_get(sealed, "synthetic")));
    assert_int_equal(json_object_size(json_object_get(sealed, "contact")), 3);
    json_decref(sealed);
    json_decref(answers);
}

static void a_fault_names_its_field(void **state)
{
    (void)state;
    expect_fault("{}", "text");
    expect_fault("{\"text\":\"\"}", "text");
    expect_fault("{\"text\":7}", "text");
    expect_fault("{\"text\":\"x\",\"kind\":\"complaint\"}", "kind");
    expect_fault("{\"text\":\"x\",\"kind\":\"consultation\"}", "kind");
    expect_fault("{\"text\":\"x\",\"language\":\"en us\"}", "language");
    expect_fault("{\"text\":\"x\",\"desk\":\"a desk with a long name\"}", "desk");
    expect_fault("{\"text\":\"x\",\"read_back\":\"yes\"}", "read_back");
    expect_fault("{\"text\":\"x\",\"answers\":[]}", "answers");
    expect_fault("{\"text\":\"x\",\"answers\":{\"danger_now\":\"maybe\"}}", "answers.danger_now");
    expect_fault("{\"text\":\"x\",\"answers\":{\"people_low\":-1}}", "answers.people_low");
    expect_fault("{\"text\":\"x\",\"answers\":{\"people_low\":\"3\"}}", "answers.people_low");
    expect_fault("{\"text\":\"x\",\"answers\":{\"people_low\":4,\"people_high\":3}}", "answers.people_high");
    expect_fault("{\"text\":\"x\",\"answers\":{\"groups\":\"children\"}}", "answers.groups");
    expect_fault("{\"text\":\"x\",\"answers\":{\"groups\":[\"<b>\"]}}", "answers.groups");
    expect_fault("{\"text\":\"x\",\"contact\":{\"how\":\"sms\"}}", "contact.number");
    expect_fault("{\"text\":\"x\",\"contact\":{\"number\":\"12\"}}", "contact.number");
    expect_fault("{\"text\":\"x\",\"contact\":{\"how\":\"email\",\"email\":\"nobody\"}}", "contact.email");
    expect_fault("{\"text\":\"x\",\"on_behalf_of\":{\"consent\":\"perhaps\"}}", "on_behalf_of.consent");
}

static enum err read_characters(const char *character, size_t count)
{
    struct report report;
    struct json_fault fault;
    struct buf text = BUF_INIT(200000);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(buf_add_text(&text, character), ERR_OK);
    json_t *body = json_pack("{s:s}", "text", buf_text(&text));
    enum err err = report_read(&nothing_own, body, &report, &fault);
    if (err == ERR_OK)
        report_free(&report);
    json_decref(body);
    buf_free(&text);
    return err;
}

static void length_is_counted_in_characters(void **state)
{
    (void)state;
    assert_int_equal(read_characters("a", LIMIT_TEXT), ERR_OK);
    assert_int_equal(read_characters("a", LIMIT_TEXT + 1), ERR_TOO_BIG);
    assert_int_equal(read_characters("\xf0\x9f\x98\x80", LIMIT_TEXT), ERR_OK);
    assert_int_equal(read_characters("\xf0\x9f\x98\x80", LIMIT_TEXT + 1), ERR_TOO_BIG);
}

static void language_tags_have_their_form(void **state)
{
    (void)state;
    assert_true(report_is_language("en"));
    assert_true(report_is_language("zh-Hant-TW"));
    assert_true(report_is_language("swh"));
    assert_false(report_is_language(""));
    assert_false(report_is_language("e"));
    assert_false(report_is_language("engl"));
    assert_false(report_is_language("en-"));
    assert_false(report_is_language("en_GB"));
    assert_false(report_is_language("1n"));
    assert_false(report_is_language("en-abcdefghi"));
}

static void the_same_words_have_the_same_digest(void **state)
{
    (void)state;
    static const char *const bodies[] = {"{\"text\":\"a\",\"kind\":\"flag\"}", "{\"kind\":\"flag\",\"text\":\"a\"}",
                                         "{\"text\":\"b\",\"kind\":\"flag\"}",
                                         "{\"text\":\"a\",\"desk\":\"oversight\"}"};
    uint8_t digests[4][32];
    for (int i = 0; i < 4; i++) {
        struct report report;
        struct json_fault fault;
        json_t *body = json_of(bodies[i]);
        assert_int_equal(report_read(&nothing_own, body, &report, &fault), ERR_OK);
        report_inside_digest(&report, digests[i]);
        report_free(&report);
        json_decref(body);
    }
    assert_memory_equal(digests[0], digests[1], 32);
    assert_memory_not_equal(digests[0], digests[2], 32);
    assert_memory_not_equal(digests[0], digests[3], 32);
}

static void what_is_known_of_its_files_makes_no_other_report(void **state)
{
    (void)state;
    static const char *const lists[] = {"[{\"id\":\"01\",\"key\":\"k\"}]",
                                        "[{\"id\":\"01\",\"key\":\"k\",\"name\":\"a.jpg\",\"size\":9}]",
                                        "[{\"id\":\"02\",\"key\":\"k\",\"name\":\"a.jpg\",\"size\":9}]"};
    uint8_t digests[3][32];
    for (size_t i = 0; i < 3; i++) {
        struct report report;
        struct json_fault fault;
        json_t *body = json_of("{\"text\":\"x\"}");
        assert_int_equal(report_read(&nothing_own, body, &report, &fault), ERR_OK);
        report.files = json_loads(lists[i], 0, NULL);
        report_inside_digest(&report, digests[i]);
        assert_int_equal(json_object_size(json_array_get(report.files, 0)), i == 0 ? 2 : 4); /* it keeps its names */
        report_free(&report);
        json_decref(body);
    }
    assert_memory_equal(digests[0], digests[1], 32);
    assert_memory_not_equal(digests[0], digests[2], 32);
}

static void a_message_added_later_says_little(void **state)
{
    (void)state;
    struct buf inside = BUF_INIT(4096);
    struct report_message more = {.language = "fr", .channel = "web", .text = "encore", .text_len = 6, .read_back = 1};
    assert_int_equal(report_inside_message(&more, clock_parse("2026-11-22T08:00:00Z"), &inside), ERR_OK);
    json_t *sealed = json_of(buf_text(&inside));
    json_t *wanted = json_of("{\"v\":1,\"language\":\"fr\",\"channel\":\"web\",\"text\":\"encore\",\"read_back\":true,"
                             "\"at\":\"2026-11-22T08:00:00Z\"}");
    assert_true(json_equal(sealed, wanted));
    json_decref(sealed);
    json_decref(wanted);
    buf_free(&inside);
}

/* ---- the naughty strings, in every field ---- */

enum takes { ANY, SOME, LISTED }; /* SOME: what has the form of a number, an address, a tag, a code */

static const struct {
    const char *section, *key, *path;
    enum takes takes;
} every_field[] = {
    {NULL, "text", "text", ANY},
    {NULL, "kind", "kind", LISTED},
    {NULL, "language", "language", SOME},
    {NULL, "desk", "desk", SOME}, /* the door knows which there are */
    {NULL, "read_back", "read_back", LISTED},
    {NULL, "synthetic", "synthetic", LISTED},
    {NULL, "answers", "answers", LISTED},
    {NULL, "contact", "contact", LISTED},
    {NULL, "on_behalf_of", "on_behalf_of", LISTED},
    {"answers", "danger_now", "answers.danger_now", LISTED},
    {"answers", "ongoing", "answers.ongoing", LISTED},
    {"answers", "retaliation", "answers.retaliation", LISTED},
    {"answers", "likelihood", "answers.likelihood", LISTED},
    {"answers", "people_low", "answers.people_low", LISTED},
    {"answers", "people_high", "answers.people_high", LISTED},
    {"answers", "speaking_as", "answers.speaking_as", LISTED},
    {"answers", "groups", "answers.groups", LISTED},
    {"answers", "under_18", "answers.under_18", LISTED},
    {"answers", "when", "answers.when", ANY},
    {"answers", "where", "answers.where", ANY},
    {"answers", "who", "answers.who", ANY},
    {"answers", "wish", "answers.wish", ANY},
    {"contact", "how", "contact.how", LISTED},
    {"contact", "number", "contact.number", SOME},
    {"contact", "email", "contact.email", SOME},
    {"contact", "times", "contact.times", ANY},
    {"contact", "words", "contact.words", ANY},
    {"on_behalf_of", "who", "on_behalf_of.who", ANY},
    {"on_behalf_of", "consent", "on_behalf_of.consent", LISTED},
    {"on_behalf_of", "why", "on_behalf_of.why", ANY},
};

static json_t *body_with(size_t field, json_t *value)
{
    json_t *body = json_pack("{s:s}", "text", "x"), *in = body;
    if (every_field[field].section) {
        in = json_object();
        assert_int_equal(json_object_set_new(body, every_field[field].section, in), 0);
    }
    assert_int_equal(json_object_set(in, every_field[field].key, value), 0);
    return body;
}

/* What was taken comes out of what is sealed as it went in. */
static void is_kept(const struct report *report, size_t field, json_t *value)
{
    static const struct report_origin api = {.channel = "api"};
    const char *section = every_field[field].section;
    struct buf inside = BUF_INIT(LIMIT_INSIDE);
    assert_int_equal(report_inside(report, &api, 0, &inside), ERR_OK);
    json_t *sealed = json_of(buf_text(&inside));
    json_t *in = section ? json_object_get(sealed, section) : sealed;
    assert_true(json_equal(json_object_get(in, every_field[field].key), value));
    json_decref(sealed);
    buf_free(&inside);
}

static void a_naughty_string_is_kept_or_its_field_is_named(void **state)
{
    (void)state;
    json_t *strings = json_load_file(VECTORS "/blns.json", 0, NULL), *one;
    size_t i, taken[sizeof every_field / sizeof *every_field] = {0};
    assert_int_equal(json_array_size(strings), 515);
    json_array_foreach(strings, i, one)
    {
        for (size_t field = 0; field < sizeof every_field / sizeof *every_field; field++) {
            struct report report;
            struct json_fault fault = {0};
            json_t *body = body_with(field, one);
            if (report_read(&nothing_own, body, &report, &fault) == ERR_OK) {
                taken[field]++;
                if (every_field[field].takes == ANY && json_string_length(one))
                    is_kept(&report, field, one);
                report_free(&report);
            } else {
                assert_non_null(fault.field);
                assert_string_equal(fault.field, every_field[field].path);
            }
            json_decref(body);
        }
    }
    for (size_t field = 0; field < sizeof every_field / sizeof *every_field; field++) {
        if (every_field[field].takes == ANY)
            assert_int_equal(taken[field], every_field[field].section ? 515 : 511); /* a story is not blank */
        else if (every_field[field].takes == LISTED)
            assert_int_equal(taken[field], 0);
        else
            assert_in_range(taken[field], 1, 400);
    }
    json_decref(strings);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_text_alone_is_enough),
        cmocka_unit_test(every_character_comes_through_as_it_was_told),
        cmocka_unit_test(every_answer_is_kept_and_strangers_are_left_out),
        cmocka_unit_test(a_fault_names_its_field),
        cmocka_unit_test(length_is_counted_in_characters),
        cmocka_unit_test(language_tags_have_their_form),
        cmocka_unit_test(the_same_words_have_the_same_digest),
        cmocka_unit_test(what_is_known_of_its_files_makes_no_other_report),
        cmocka_unit_test(a_message_added_later_says_little),
        cmocka_unit_test(a_naughty_string_is_kept_or_its_field_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
