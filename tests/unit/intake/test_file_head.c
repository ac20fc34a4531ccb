/* test_file_head.c -- what a sender said of a file, as its head can hold it, and out of its seal again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "intake/file_head.h"

static const uint8_t key[PIECE_KEY] = {1}, id[PIECE_ID] = {2};

static void text_is_whole_characters_without_controls(void **state)
{
    (void)state;
    static const struct {
        const char *said, *kept;
    } rows[] = {
        {"a.jpg", "a.jpg"},
        {"a\r\n\t\x7f\xc2\x85"
         "b",
         "ab"},
        {"ok\xff no", "ok"},
        {"1234567890", "1234567"},
        {"123456\xc3\xa9", "123456"},
        {"", ""},
        {NULL, ""},
    };
    char out[8];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        file_head_text(rows[i].said, rows[i].said ? strlen(rows[i].said) : 0, out, sizeof out);
        assert_string_equal(out, rows[i].kept);
    }
}

/* Every character of the longest name and type may need a backslash. */
static void the_longest_head_fits(void **state)
{
    (void)state;
    struct file_head head = {.size = INT64_MAX, .got = INT64_MAX}, opened;
    struct buf sealed = BUF_INIT(PIECE_SEALED_MAX);
    char quotes[UPLOAD_NAME * 2];
    memset(quotes, '"', sizeof quotes);
    file_head_text(quotes, sizeof quotes, head.name, sizeof head.name);
    file_head_text(quotes, sizeof quotes, head.type, sizeof head.type);
    assert_int_equal(strlen(head.name), UPLOAD_NAME - 1);
    assert_int_equal(file_head_seal(key, id, 1, &head, &sealed), ERR_OK);
    assert_int_equal(file_head_open(key, id, 1, sealed.bytes, sealed.len, &opened), ERR_OK);
    assert_string_equal(opened.name, head.name);
    assert_string_equal(opened.type, head.type);
    assert_true(opened.size == INT64_MAX && opened.got == INT64_MAX);
    assert_int_equal(file_head_open(key, id, 2, sealed.bytes, sealed.len, &opened), ERR_CRYPTO);
    buf_free(&sealed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_whole_characters_without_controls),
        cmocka_unit_test(the_longest_head_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
