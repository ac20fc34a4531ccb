/* test_http_forms.c -- urlencoded bodies as the web platform tests say, forms and cookies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <jansson.h>
#include <string.h>

#include "common/http/cookie.h"
#include "common/http/form.h"
#include "common/http/urlencoded.h"

static enum err collect(void *room, const char *name, size_t name_len, const char *value, size_t value_len)
{
    json_t *pair = json_pack("[s%, s%]", name, name_len, value, value_len);
    assert_non_null(pair);
    json_array_append_new(room, pair);
    return ERR_OK;
}

static void web_platform_cases(void **state)
{
    (void)state;
    json_t *file = json_load_file(VECTORS "/wpt-urlencoded-parser.json", JSON_ALLOW_NUL, NULL), *one;
    assert_non_null(file);
    assert_int_equal(json_array_size(file), 35);
    size_t i;
    json_array_foreach(file, i, one)
    {
        const json_t *input = json_object_get(one, "input");
        json_t *output = json_array();
        assert_int_equal(urlencoded_read(json_string_value(input), json_string_length(input), 100, collect, output),
                         ERR_OK);
        if (!json_equal(output, json_object_get(one, "output")))
            fail_msg("%s", json_string_value(input));
        json_decref(output);
    }
    json_decref(file);
}

static void pairs_are_bounded(void **state)
{
    (void)state;
    json_t *output = json_array();
    assert_int_equal(urlencoded_read("a&b&c", 5, 2, collect, output), ERR_TOO_BIG);
    assert_int_equal(json_array_size(output), 2);
    json_decref(output);
}

static void what_is_written_is_read_again(void **state)
{
    (void)state;
    static const char TEXT[] = "a b+c&d=e%f\r\n\xd9\x85\xd8\xb1\xd8\xad\xd8\xa8\xd8\xa7~*";
    struct buf out = BUF_INIT(1024);
    struct form form;
    assert_int_equal(buf_add_text(&out, "text="), ERR_OK);
    assert_int_equal(urlencoded_write(&out, TEXT, sizeof TEXT - 1), ERR_OK);
    assert_int_equal(form_read(&form, buf_text(&out), out.len), ERR_OK);
    assert_string_equal(form_get(&form, "text"), TEXT);
    form_free(&form);
    buf_free(&out);
}

static void a_form_is_asked_by_name(void **state)
{
    (void)state;
    static const char TEXT[] = "group=a&text=hello+there&group=b&empty=&nul=x%00y";
    struct form form;
    assert_int_equal(form_read(&form, TEXT, sizeof TEXT - 1), ERR_OK);
    assert_string_equal(form_get(&form, "text"), "hello there");
    assert_string_equal(form_get(&form, "empty"), "");
    assert_null(form_get(&form, "other"));
    assert_int_equal(form_find(&form, "nul")->value_len, 3);
    const struct form_field *group = form_next(&form, "group", NULL);
    assert_string_equal(group->value, "a");
    group = form_next(&form, "group", group);
    assert_string_equal(group->value, "b");
    assert_null(form_next(&form, "group", group));
    form_free(&form);
    assert_int_equal(form_read(&form, "a%00b=c", 7), ERR_MALFORMED);
    form_free(&form);
}

static void one_cookie_is_found(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        enum err err;
        const char *value;
    } cases[] = {
        {"__Host-s=abc", ERR_OK, "abc"},
        {"x=1; __Host-s=abc; y=2", ERR_OK, "abc"},
        {"x__Host-s=1; __Host-s=abc", ERR_OK, "abc"},
        {"__Host-s=", ERR_OK, ""},
        {"__Host-s", ERR_NOT_FOUND, ""},
        {"__Host-s=a; __Host-s=b", ERR_CONFLICT, ""},
        {"__Host-s=0123456789abcdefg", ERR_TOO_BIG, ""},
        {"", ERR_NOT_FOUND, ""},
        {NULL, ERR_NOT_FOUND, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buf value = BUF_INIT(16);
        assert_int_equal(cookie_read(cases[i].header, "__Host-s", &value), cases[i].err);
        assert_string_equal(buf_text(&value), cases[i].value);
        buf_free(&value);
    }
}

static void a_cookie_is_written(void **state)
{
    (void)state;
    struct buf out = BUF_INIT(256);
    assert_int_equal(cookie_write(&out, "__Host-s", "abc", -1), ERR_OK);
    assert_string_equal(buf_text(&out), "__Host-s=abc; Path=/; Secure; HttpOnly; SameSite=Strict");
    buf_clear(&out);
    assert_int_equal(cookie_write(&out, "__Host-s", "", 0), ERR_OK);
    assert_string_equal(buf_text(&out), "__Host-s=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0");
    buf_free(&out);
}

static void what_is_not_utf8_is_known(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int is;
    } rows[] = {
        {"", 1},
        {"a=b&c", 1},
        {"a=%", 1},
        {"a=%f0%9f%a7%b1&b=\xd8\xa8", 1},
        {"a=%ef%bf%bd", 1}, /* somebody may mean it */
        {"a=%00", 1},
        {"a=%ff", 0},
        {"%ff=a", 0},
        {"a=\xff", 0},
        {"a=%f0%9f", 0},
        {"a=%f0%9f&b=%a7%b1", 0},
        {"a=%c0%af", 0},
        {"a=%ed%a0%80", 0},
        {"a=b&c=%80", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(urlencoded_is_utf8(rows[i].text, strlen(rows[i].text)), rows[i].is);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_utf8_is_known), cmocka_unit_test(web_platform_cases),
        cmocka_unit_test(pairs_are_bounded),         cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(a_form_is_asked_by_name),   cmocka_unit_test(one_cookie_is_found),
        cmocka_unit_test(a_cookie_is_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
