/* test_num.c -- a number from the wire is digits, all of them, within its range; anything else is refused. */
#include "tests/unit/base/unit.h"

#include <string.h>

#include "common/base/num.h"

static const struct {
    const char *text;
    uint64_t min, max;
    enum err err;
    uint64_t value;
} rows[] = {
    {"0", 0, 10, ERR_OK, 0},
    {"10", 0, 10, ERR_OK, 10},
    {"007", 0, 10, ERR_OK, 7},
    {"11", 0, 10, ERR_TOO_BIG, 0},
    {"4", 5, 10, ERR_TOO_BIG, 0},
    {"18446744073709551615", 0, UINT64_MAX, ERR_OK, UINT64_MAX},
    {"18446744073709551616", 0, UINT64_MAX, ERR_TOO_BIG, 0},
    {"99999999999999999999999", 0, UINT64_MAX, ERR_TOO_BIG, 0},
    {"99999999999999999999999x", 0, UINT64_MAX, ERR_MALFORMED, 0},
    {"", 0, 10, ERR_MALFORMED, 0},
    {" 1", 0, 10, ERR_MALFORMED, 0},
    {"1 ", 0, 10, ERR_MALFORMED, 0},
    {"+1", 0, 10, ERR_MALFORMED, 0},
    {"-1", 0, 10, ERR_MALFORMED, 0},
    {"0x1", 0, 10, ERR_MALFORMED, 0},
    {"1e1", 0, 10, ERR_MALFORMED, 0},
    {"\xd9\xa1", 0, 10, ERR_MALFORMED, 0}, /* an Arabic-Indic one */
};

static void numbers_are_read_or_refused_as_the_table_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < unit_count(rows); i++) {
        uint64_t out = 12345;
        assert_int_equal(num_parse(rows[i].text, strlen(rows[i].text), rows[i].min, rows[i].max, &out), rows[i].err);
        assert_true(out == (rows[i].err == ERR_OK ? rows[i].value : 12345));
    }
}

static void only_the_bytes_given_are_read(void **state)
{
    (void)state;
    uint64_t out;
    assert_int_equal(num_parse("123456", 3, 0, 1000, &out), ERR_OK);
    assert_int_equal(out, 123);
    assert_int_equal(num_parse("1\0002", 3, 0, 1000, &out), ERR_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_read_or_refused_as_the_table_says),
        cmocka_unit_test(only_the_bytes_given_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
