/* Names of files that strangers chose, as they may be shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/text/file_name.h"

static void shows_a_name_without_harm(void **state)
{
    (void)state;
    static const struct {
        const char *said, *shown;
    } rows[] = {
        {"house.jpg", "house.jpg"},
        {"C:\\Users\\Amina\\Desktop\\house.jpg", "house.jpg"},
        {"/home/amina/house.jpg", "house.jpg"},
        {"../../etc/passwd", "passwd"},
        {"photo\n\r\tof\x7f it.jpg", "photoof it.jpg"},
        /* NOLINTNEXTLINE(misc-misleading-bidirectional): that is what is tried */
        {"invoice\xe2\x80\xaegpj.exe", "invoicegpj.exe"}, /* U+202E turns what follows around */
        {"\xe2\x80\x8b\xef\xbb\xbf", ""},
        {"\u3164\u115f\u034f\uffa0", ""}, /* fillers: a name that is there and is not */
        {"  a.png  ", "a.png"},
        {"صورة.jpg", "صورة.jpg"},
        {"dir/", ""},
    };
    char out[FILE_NAME_SIZE];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        file_name_shown(rows[i].said, out);
        assert_string_equal(out, rows[i].shown);
    }
    char long_name[600];
    memset(long_name, 0, sizeof long_name);
    for (int i = 0; i < 280; i++)
        memcpy(long_name + 2 * i, "\xc3\xa9", 2);
    file_name_shown(long_name, out);
    assert_int_equal(strlen(out), FILE_NAME_SIZE - 1); /* whole characters of two bytes */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_a_name_without_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
