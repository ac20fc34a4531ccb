/* test_utf8.c -- utf8.h against the utf8tests vectors, and the digits of every script. */
#include "common/base/digits.h"
#include "common/text/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* "C2 A9" up to the next ':' or the end of the line. */
static size_t unhex(const char *text, uint8_t *out, size_t room)
{
    size_t len = 0;
    unsigned value;
    int took;
    while (sscanf(text, " %2x%n", &value, &took) == 1) {
        assert_true(len < room);
        out[len++] = (uint8_t)value;
        text += took;
    }
    return len;
}

static void every_vector_is_judged_as_published(void **state)
{
    (void)state;
    FILE *file = fopen(VECTORS "/utf8tests.txt", "r");
    assert_non_null(file);
    char line[512];
    int valid = 0, invalid = 0;
    while (fgets(line, sizeof line, file)) {
        char *kind = strchr(line, ':');
        if (line[0] == '#' || !kind)
            continue;
        kind += 1 + strspn(kind + 1, " ");
        char *bytes = strchr(kind, ':') + 1;
        uint8_t raw[128] = {0};
        size_t len = strcspn(bytes, "\n");
        int hex = strncmp(kind, "valid:", 6) != 0, want = strncmp(kind, "valid", 5) == 0;
        if (hex)
            len = unhex(bytes, raw, sizeof raw);
        if (utf8_valid(hex ? (const void *)raw : bytes, len) != want)
            fail_msg("judged wrongly: %s", line);
        *(want ? &valid : &invalid) += 1;
    }
    fclose(file);
    assert_int_equal(valid, 77);
    assert_int_equal(invalid, 145);
}

static void a_code_point_survives_decoding(void **state)
{
    (void)state;
    uint32_t point = 0;
    assert_int_equal(utf8_next("\xf0\x9d\x92\x9c", 4, &point), 4);
    assert_int_equal(point, 0x1d49c);
    assert_int_equal(utf8_next("\xf4\x8f\xbf\xbf", 4, &point), 4);
    assert_int_equal(point, 0x10ffff);
    assert_int_equal(utf8_next("", 0, &point), 0);
    assert_int_equal(utf8_next("\xf0\x9d\x92\x9c", 3, &point), 0);
}

static void every_code_point_is_written_as_it_is_read(void **state)
{
    (void)state;
    static const struct {
        uint32_t point;
        const char *text;
    } edges[] = {{0x7f, "\x7f"},
                 {0x80, "\xc2\x80"},
                 {0x7ff, "\xdf\xbf"},
                 {0x800, "\xe0\xa0\x80"},
                 {0xffff, "\xef\xbf\xbf"},
                 {0x10000, "\xf0\x90\x80\x80"},
                 {0x645, "م"},
                 {0x10ffff, "\xf4\x8f\xbf\xbf"}};
    char out[4];
    for (size_t i = 0; i < sizeof edges / sizeof *edges; i++) {
        assert_int_equal(utf8_put(edges[i].point, out), strlen(edges[i].text));
        assert_memory_equal(out, edges[i].text, strlen(edges[i].text));
    }
    for (uint32_t point = 0; point <= 0x10ffff; point++) {
        uint32_t back = 0;
        if (point == 0xd800)
            point = 0xe000;
        size_t len = utf8_put(point, out);
        if (utf8_next(out, len, &back) != len || back != point)
            fail_msg("U+%04X", (unsigned)point);
    }
}

static void a_cut_never_splits_a_character(void **state)
{
    (void)state;
    const char *text = "aé€𝒜z"; /* 1, 2, 3, 4 and 1 bytes */
    static const size_t ends[] = {0, 1, 3, 6, 10, 11, 11};
    for (size_t n = 0; n < sizeof ends / sizeof *ends; n++)
        assert_int_equal(utf8_cut(text, strlen(text), n), ends[n]);
    assert_int_equal(utf8_count(text, strlen(text)), 5);
    assert_int_equal(utf8_cut("ab\xff"
                              "c",
                              4, 4),
                     2);
    assert_int_equal(utf8_cut("abé", 3, 9), 2);
    assert_true(utf8_valid(NULL, 0));
    assert_int_equal(utf8_cut(NULL, 0, 9), 0);
}

static void what_has_nothing_to_read_is_blank(void **state)
{
    (void)state;
    static const char *const blanks[] = {"",
                                         " ",
                                         " \t\r\n\n",
                                         "\xc2\xa0",
                                         "\xe3\x80\x80 \xe2\x80\x8b",
                                         "\xe2\x80\x8f",
                                         "\xef\xbb\xbf",
                                         "\xe2\x80\xae\xe2\x80\xac "};
    static const char *const words[] = {".", " a", "\xd9\x84", "\xf0\x9f\x98\xa2", "\xe0\xa6\x98", "\xff", " \xc2"};
    for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++)
        assert_true(utf8_blank(blanks[i], strlen(blanks[i])));
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        assert_false(utf8_blank(words[i], strlen(words[i])));
    assert_true(utf8_blank(NULL, 0));
}

static void digits_of_every_script_count_from_zero_to_nine(void **state)
{
    (void)state;
    int digits = 0;
    for (uint32_t point = 0; point <= 0x10ffff; point++)
        digits += digits_value(point) >= 0;
    assert_int_equal(digits, 770); /* category Nd of Unicode 17 */
    static const struct {
        uint32_t point;
        int value;
    } some[] = {{'0', 0},     {'9', 9},     {'/', -1},     {':', -1},    {0x665, 5},   {0x6f9, 9},
                {0x96f, 9},   {0x1040, 0},  {0x17e3, 3},   {0xff17, 7},  {0x1d7ff, 9}, {0x1d7d8, 0},
                {0x1e955, 5}, {0x1fbf9, 9}, {0x1fbfa, -1}, {0x2460, -1}, {0x4e09, -1}, {0xb2, -1}};
    for (size_t i = 0; i < sizeof some / sizeof *some; i++)
        assert_int_equal(digits_value(some[i].point), some[i].value);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_vector_is_judged_as_published),
        cmocka_unit_test(a_code_point_survives_decoding),
        cmocka_unit_test(every_code_point_is_written_as_it_is_read),
        cmocka_unit_test(a_cut_never_splits_a_character),
        cmocka_unit_test(what_has_nothing_to_read_is_blank),
        cmocka_unit_test(digits_of_every_script_count_from_zero_to_nine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
