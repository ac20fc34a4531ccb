/* test_json.c -- the JSON test suite, and fields that come back or say what is wrong with them. */
#include "common/text/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/code.h"
#include "common/base/file.h"

/* Where we are stricter than the suite's "must accept". */
static const struct {
    const char *name, *reason;
} stricter[] = {
    {"y_object_duplicated_key.json", "two values for one key: which one was meant cannot be known"},
    {"y_object_duplicated_key_and_value.json", "the same"},
    {"y_object_escaped_null_in_key.json", "NUL in any form is refused"},
    {"y_string_null_escape.json", "NUL in any form is refused"},
};

static int is_stricter(const char *name)
{
    for (size_t i = 0; i < sizeof stricter / sizeof *stricter; i++)
        if (strcmp(stricter[i].name, name) == 0)
            return 1;
    return 0;
}

static json_t *load_vectors(const char *path)
{
    struct buf text = BUF_INIT(4 * 1024 * 1024);
    assert_int_equal(file_read(path, &text), ERR_OK);
    json_t *vectors = json_loadb(buf_text(&text), text.len, JSON_ALLOW_NUL, NULL);
    assert_non_null(vectors);
    buf_free(&text);
    return vectors;
}

static void the_test_suite_is_judged_as_published(void **state)
{
    (void)state;
    json_t *suite = load_vectors(VECTORS "/json-test-suite.json"), *encoded;
    const char *name;
    int accepted = 0, refused = 0, differ = 0;
    json_object_foreach(json_object_get(suite, "files"), name, encoded)
    {
        struct buf bytes = BUF_INIT(1024 * 1024);
        struct json_fault fault = {0};
        json_t *value;
        assert_int_equal(code_unbase64(json_string_value(encoded), json_string_length(encoded), &bytes), ERR_OK);
        enum err err = json_read(buf_text(&bytes), bytes.len, &value, &fault);
        assert_true((err == ERR_OK) == (value != NULL));
        if (err != ERR_OK) {
            assert_non_null(fault.says);
            assert_true(fault.line > 0 && fault.column > 0);
        }
        if (name[0] == 'y' && is_stricter(name)) {
            assert_int_not_equal(err, ERR_OK);
            differ++;
        } else if (name[0] != 'i' && (name[0] == 'y') != (err == ERR_OK)) {
            fail_msg("judged wrongly: %s", name);
        }
        accepted += name[0] == 'y';
        refused += name[0] == 'n';
        json_decref(value);
        buf_free(&bytes);
    }
    assert_int_equal(accepted, 95);
    assert_int_equal(refused, 188);
    assert_int_equal(differ, sizeof stricter / sizeof *stricter);
    json_decref(suite);
}

static void expect_fault(const char *text, enum err want, unsigned line, unsigned column)
{
    struct json_fault fault = {0};
    json_t *value;
    assert_int_equal(json_read_object(text, strlen(text), &value, &fault), want);
    assert_null(value);
    assert_null(fault.field);
    assert_int_equal(fault.line, line);
    assert_int_equal(fault.column, column);
    assert_null(strstr(fault.says, "SECRET"));
}

static void a_fault_says_where_and_never_what_was_sent(void **state)
{
    (void)state;
    expect_fault("{\n \"a\": SECRET}", ERR_MALFORMED, 2, 13);
    expect_fault("[1]", ERR_MALFORMED, 1, 1);
    expect_fault("", ERR_MALFORMED, 1, 1);
    expect_fault("{\"a\":\n\"\xff\"}", ERR_MALFORMED, 2, 2);
    struct json_fault fault;
    json_t *value;
    assert_int_equal(json_read("{}\0", 3, &value, &fault), ERR_MALFORMED);
    assert_int_equal(fault.column, 3);
}

static void nesting_has_an_end(void **state)
{
    (void)state;
    char text[2 * JSON_DEPTH + 4] = "";
    struct json_fault fault;
    json_t *value;
    memset(text, '[', JSON_DEPTH);
    memset(text + JSON_DEPTH, ']', JSON_DEPTH);
    assert_int_equal(json_read(text, 2 * JSON_DEPTH, &value, &fault), ERR_OK);
    json_decref(value);
    memset(text, '[', JSON_DEPTH + 1);
    memset(text + JSON_DEPTH + 1, ']', JSON_DEPTH + 1);
    assert_int_equal(json_read(text, 2 * JSON_DEPTH + 2, &value, &fault), ERR_TOO_BIG);
    assert_int_equal(fault.column, JSON_DEPTH + 1);
    /* Brackets in a text do not nest. */
    const char *quoted = "\"\\\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"";
    assert_int_equal(json_read(quoted, strlen(quoted), &value, &fault), ERR_OK);
    json_decref(value);
}

static void fields_come_back_or_say_what_is_wrong(void **state)
{
    (void)state;
    const char *body =
        "{\"kind\":\"grievance\",\"text\":\"né\",\"empty\":\"\",\"blank\":\" \\n\",\"people\":12,\"half\":1.5,"
        "\"read_back\":true,\"none\":null}";
    static const char *const kinds[] = {"consultation", "grievance", NULL};
    struct json_fault fault = {0};
    json_t *object;
    const char *text = "as before";
    size_t kind = 9;
    int64_t people = -1;
    int flag = -1;
    assert_int_equal(json_read_object(body, strlen(body), &object, &fault), ERR_OK);

    assert_int_equal(json_text(object, "text", JSON_REQUIRED, 3, &text, &fault), ERR_OK);
    assert_string_equal(text, "né");
    assert_int_equal(json_choice(object, "kind", JSON_REQUIRED, kinds, &kind, &fault), ERR_OK);
    assert_int_equal(kind, 1);
    assert_int_equal(json_int(object, "people", JSON_REQUIRED, 12, 12, &people, &fault), ERR_OK);
    assert_int_equal(people, 12);
    assert_int_equal(json_flag(object, "read_back", JSON_REQUIRED, &flag, &fault), ERR_OK);
    assert_int_equal(flag, 1);

    text = "as before";
    assert_int_equal(json_text(object, "gone", JSON_MAY_MISS, 9, &text, &fault), ERR_OK);
    assert_int_equal(json_text(object, "none", JSON_MAY_MISS, 9, &text, &fault), ERR_OK);
    assert_string_equal(text, "as before");
    assert_int_equal(json_text(object, "empty", JSON_MAY_MISS, 9, &text, &fault), ERR_OK);
    assert_string_equal(text, "");
    assert_int_equal(json_text(object, "blank", JSON_MAY_MISS, 9, &text, &fault), ERR_OK);
    assert_string_equal(text, " \n");
    assert_null(fault.says);

    assert_int_equal(json_text(object, "text", JSON_REQUIRED, 2, &text, &fault), ERR_TOO_BIG);
    assert_string_equal(fault.field, "text");
    assert_string_equal(fault.says, "is too long");
    assert_int_equal(json_text(object, "gone", JSON_REQUIRED, 2, &text, &fault), ERR_MALFORMED);
    assert_string_equal(fault.field, "gone");
    assert_string_equal(fault.says, "is missing");
    assert_int_equal(json_text(object, "none", JSON_REQUIRED, 2, &text, &fault), ERR_MALFORMED);
    assert_int_equal(json_text(object, "empty", JSON_REQUIRED, 2, &text, &fault), ERR_MALFORMED);
    assert_int_equal(json_text(object, "blank", JSON_REQUIRED, 2, &text, &fault), ERR_MALFORMED);
    assert_int_equal(json_text(object, "people", JSON_MAY_MISS, 2, &text, &fault), ERR_MALFORMED);
    assert_int_equal(json_choice(object, "text", JSON_REQUIRED, kinds, &kind, &fault), ERR_MALFORMED);
    assert_int_equal(json_choice(object, "people", JSON_REQUIRED, kinds, &kind, &fault), ERR_MALFORMED);
    assert_int_equal(json_int(object, "people", JSON_REQUIRED, 0, 11, &people, &fault), ERR_TOO_BIG);
    assert_int_equal(json_int(object, "people", JSON_REQUIRED, 13, 20, &people, &fault), ERR_TOO_BIG);
    assert_int_equal(json_int(object, "half", JSON_REQUIRED, 0, 11, &people, &fault), ERR_MALFORMED);
    assert_int_equal(json_flag(object, "people", JSON_REQUIRED, &flag, &fault), ERR_MALFORMED);
    assert_int_equal(fault.line, 0);
    json_decref(object);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_test_suite_is_judged_as_published),
        cmocka_unit_test(a_fault_says_where_and_never_what_was_sent),
        cmocka_unit_test(nesting_has_an_end),
        cmocka_unit_test(fields_come_back_or_say_what_is_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
