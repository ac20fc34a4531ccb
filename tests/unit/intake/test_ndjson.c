/* Lines out of a stream, however it was cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "intake/ndjson.h"

/* Everything that comes out, as "1:text|2:text|". */
static void collect(struct ndjson *lines, struct buf *seen, enum err *last)
{
    const char *line;
    size_t len;
    for (;;) {
        *last = ndjson_next(lines, &line, &len);
        if (*last == ERR_AGAIN || *last == ERR_NOT_FOUND)
            return;
        if (*last == ERR_TOO_BIG)
            assert_int_equal(buf_addf(seen, "%u:too long|", lines->lines), ERR_OK);
        else
            assert_int_equal(buf_addf(seen, "%u:%.*s|", lines->lines, (int)len, line), ERR_OK);
    }
}

static void expect(const char *text, size_t step, size_t line_max, const char *wanted)
{
    struct ndjson lines;
    struct buf seen = BUF_INIT(4096);
    enum err last = ERR_AGAIN;
    size_t len = strlen(text);
    ndjson_init(&lines, 4096, line_max);
    for (size_t at = 0; at < len; at += step) {
        assert_int_equal(ndjson_feed(&lines, text + at, len - at < step ? len - at : step), ERR_OK);
        collect(&lines, &seen, &last);
        assert_int_equal(last, ERR_AGAIN);
    }
    ndjson_end(&lines);
    collect(&lines, &seen, &last);
    assert_int_equal(last, ERR_NOT_FOUND);
    assert_string_equal(buf_text(&seen), wanted);
    buf_free(&seen);
    ndjson_free(&lines);
}

static void lines_come_the_same_in_every_cut(void **state)
{
    (void)state;
    for (size_t step = 1; step < 30; step++) {
        expect("{\"a\":1}\n{\"b\":2}\n", step, 100, "1:{\"a\":1}|2:{\"b\":2}|");
        expect("one\r\n\n  \t\nfour", step, 100, "1:one\r|4:four|");
    }
}

static void nothing_is_nothing(void **state)
{
    (void)state;
    expect("", 1, 100, "");
    expect("\n\n", 1, 100, "");
}

static void a_line_that_is_too_long_costs_only_itself(void **state)
{
    (void)state;
    for (size_t step = 1; step < 30; step++)
        expect("ab\nabcdefghijkl\ncd\nabcdefghijklmno", step, 5, "1:ab|2:too long|3:cd|4:too long|");
    expect("ab\nabcde\ncd", 3, 5, "1:ab|2:abcde|3:cd|");
}

static void more_than_may_wait_is_refused(void **state)
{
    (void)state;
    struct ndjson lines;
    char piece[64];
    memset(piece, 'x', sizeof piece);
    ndjson_init(&lines, 100, 100);
    assert_int_equal(ndjson_feed(&lines, piece, sizeof piece), ERR_OK);
    assert_int_equal(ndjson_feed(&lines, piece, sizeof piece), ERR_TOO_BIG);
    ndjson_free(&lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_come_the_same_in_every_cut),
        cmocka_unit_test(nothing_is_nothing),
        cmocka_unit_test(a_line_that_is_too_long_costs_only_itself),
        cmocka_unit_test(more_than_may_wait_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
