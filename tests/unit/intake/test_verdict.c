/* One verdict a line, in the order of lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "intake/verdict.h"

static void each_line_has_its_verdict(void **state)
{
    (void)state;
    struct verdicts verdicts = {0};
    struct buf out = BUF_INIT(4096);
    size_t good = verdicts_add(&verdicts, 1), bad = verdicts_add(&verdicts, 3);
    verdict_set_id(verdicts_at(&verdicts, good), "row \"1\"");
    verdict_end(verdicts_at(&verdicts, bad), 400, "text", "is missing");
    verdict_end(verdicts_at(&verdicts, good), 201, NULL, NULL);
    assert_int_equal(verdicts_write(&verdicts, &out), ERR_OK);
    assert_string_equal(buf_text(&out), "{\"line\":1,\"id\":\"row \\\"1\\\"\",\"status\":201,\"error\":null}\n"
                                        "{\"line\":3,\"id\":null,\"status\":400,\"error\":\"text is missing.\"}\n");
    buf_free(&out);
    verdicts_free(&verdicts);
}

static void many_are_kept_in_place(void **state)
{
    (void)state;
    struct verdicts verdicts = {0};
    for (unsigned i = 0; i < 10001; i++)
        assert_int_equal(verdicts_add(&verdicts, i + 1), i);
    assert_int_equal(verdicts_at(&verdicts, 9999)->line, 10000);
    verdicts_free(&verdicts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_line_has_its_verdict),
        cmocka_unit_test(many_are_kept_in_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
