/* The files of a form as one of its fields: what strangers may write into it, and what an office takes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "intake/file_list.h"

#define KEY "abcdefghijklmnopqrstuv"

static void add(struct form *form, const char *field, const char *value)
{
    assert_int_equal(form_add(form, field, value, strlen(value)), ERR_OK);
}

static void a_file_counts_once_and_what_is_none_is_passed_over(void **state)
{
    (void)state;
    struct form form = {0};
    add(&form, "files", "[[\"" KEY "\",70000,\"a.jpg\"],[\"" KEY "\",1,\"again.jpg\"],[\"short\",1,\"b\"],7]");
    add(&form, "files", "no list");
    add(&form, "uploaded", "[[\"" KEY "w\",9223372036854775807,\"all.jpg\"],[\"" KEY "x\",-1,\"less.jpg\"]]");
    add(&form, "uploaded", "[[\"" KEY "y\",1200000,\"c.jpg\"]]");
    json_t *list = file_list_read(&form, "files");
    file_list_join(list, &form, "uploaded");
    assert_int_equal(json_array_size(list), 2);
    assert_int_equal(file_list_bytes(list), 1270000);
    json_t *context = json_object(), *rows;
    file_list_show(list, context);
    assert_true(json_is_true(json_object_get(context, "has_files")));
    rows = json_object_get(context, "file_rows");
    assert_string_equal(json_string_value(json_object_get(json_array_get(rows, 1), "says")), "c.jpg (1.2 MB)");
    /* What a hidden field carries is the same list. */
    struct form next = {0};
    add(&next, "files", json_string_value(json_object_get(context, "files")));
    json_t *again = file_list_read(&next, "files");
    assert_true(json_equal(list, again));
    file_list_drop(again, KEY);
    assert_int_equal(json_array_size(again), 1);
    json_decref(again);
    json_decref(context);
    json_decref(list);
    form_free(&next);
    form_free(&form);
}

static void more_than_the_office_takes_is_left_out_from_the_end(void **state)
{
    (void)state;
    struct settings settings = {.files_most = 3, .files_megabytes = 1};
    json_t *list = json_array();
    for (int i = 0; i < 5; i++) {
        char key[FILE_KEY];
        snprintf(key, sizeof key, KEY "%d", i);
        file_list_add(list, key, i == 2 ? 1024 * 1024 : 1, "a.jpg");
    }
    assert_int_equal(file_list_fit(list, &settings), FORM_FILES_MANY);
    assert_int_equal(json_array_size(list), 2); /* the third was too large besides */
    assert_int_equal(file_list_fit(list, &settings), FORM_FILES_OK);
    file_list_add(list, KEY "z", 1024 * 1024 - 1, "a.jpg");
    assert_int_equal(file_list_fit(list, &settings), FORM_FILES_LARGE);
    assert_int_equal(json_array_size(list), 2);
    json_decref(list);
}

static void a_size_that_is_not_known_is_not_said(void **state)
{
    (void)state;
    char says[FILE_SAYS];
    file_list_says("a.jpg", -1, says);
    assert_string_equal(says, "a.jpg");
    file_list_says("a.jpg", 999, says);
    assert_string_equal(says, "a.jpg (999 B)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_counts_once_and_what_is_none_is_passed_over),
        cmocka_unit_test(more_than_the_office_takes_is_left_out_from_the_end),
        cmocka_unit_test(a_size_that_is_not_known_is_not_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
