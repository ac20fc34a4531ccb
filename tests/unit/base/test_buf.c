/* test_buf.c -- a buf keeps its limit, keeps a NUL behind its last byte, and leaves nothing behind. */
#include "tests/unit/base/unit.h"

#include <string.h>

#include "common/base/buf.h"

static void a_buf_takes_exactly_its_maximum(void **state)
{
    (void)state;
    struct buf b = BUF_INIT(10);
    assert_int_equal(buf_add(&b, "12345", 5), ERR_OK);
    assert_int_equal(buf_add_text(&b, "67890"), ERR_OK);
    assert_int_equal(buf_add_byte(&b, 'x'), ERR_TOO_BIG);
    assert_int_equal(buf_addf(&b, "%d", 7), ERR_TOO_BIG);
    assert_int_equal(b.len, 10);
    assert_string_equal(buf_text(&b), "1234567890");
    buf_free(&b);
    assert_int_equal(b.max, 10);
    assert_null(b.bytes);
}

static void too_much_at_once_changes_nothing(void **state)
{
    (void)state;
    struct buf b = BUF_INIT(10);
    assert_int_equal(buf_add_text(&b, "keep"), ERR_OK);
    assert_int_equal(buf_add(&b, "1234567", 7), ERR_TOO_BIG);
    uint8_t *at = NULL;
    assert_int_equal(buf_extend(&b, SIZE_MAX, &at), ERR_TOO_BIG);
    assert_string_equal(buf_text(&b), "keep");
    buf_free(&b);
}

static void an_empty_buf_reads_as_an_empty_text(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 4);
    assert_string_equal(buf_text(&b), "");
    assert_int_equal(buf_add(&b, NULL, 0), ERR_OK);
    assert_string_equal(buf_text(&b), "");
    buf_clear(&b);
    buf_drop(&b, 3);
    buf_cut(&b, 0);
    buf_free(&b);
}

static void it_grows_from_small_to_large_without_losing_a_byte(void **state)
{
    (void)state;
    struct buf b = BUF_INIT(100000);
    for (unsigned i = 0; i < 100000; i++)
        assert_int_equal(buf_add_byte(&b, (uint8_t)(i * 7)), ERR_OK);
    for (unsigned i = 0; i < 100000; i++)
        assert_int_equal(b.bytes[i], (uint8_t)(i * 7));
    assert_int_equal(b.bytes[b.len], 0);
    buf_free(&b);
}

static void clearing_wipes_every_byte(void **state)
{
    (void)state;
    static const uint8_t nothing[32];
    struct buf b = BUF_INIT(64);
    assert_int_equal(buf_add_text(&b, "the canary sings at noon"), ERR_OK);
    buf_clear(&b);
    assert_int_equal(b.len, 0);
    assert_memory_equal(b.bytes, nothing, 24);
    buf_free(&b);
}

static void cutting_and_dropping_wipe_what_goes(void **state)
{
    (void)state;
    static const uint8_t nothing[8];
    struct buf b = BUF_INIT(64);
    assert_int_equal(buf_add_text(&b, "headbodytail"), ERR_OK);
    buf_cut(&b, 8);
    assert_string_equal(buf_text(&b), "headbody");
    assert_memory_equal(b.bytes + 8, nothing, 4);
    buf_drop(&b, 4);
    assert_string_equal(buf_text(&b), "body");
    assert_memory_equal(b.bytes + 4, nothing, 8);
    buf_drop(&b, 99);
    assert_int_equal(b.len, 0);
    assert_memory_equal(b.bytes, nothing, 4);
    buf_free(&b);
}

static void formatted_text_is_appended_whole(void **state)
{
    (void)state;
    struct buf b = BUF_INIT(200);
    assert_int_equal(buf_addf(&b, "%s-%03d", "row", 7), ERR_OK);
    assert_int_equal(buf_addf(&b, "%100s", "x"), ERR_OK);
    assert_int_equal(b.len, 107);
    assert_memory_equal(b.bytes, "row-007 ", 8);
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_buf_takes_exactly_its_maximum),
        cmocka_unit_test(too_much_at_once_changes_nothing),
        cmocka_unit_test(an_empty_buf_reads_as_an_empty_text),
        cmocka_unit_test(it_grows_from_small_to_large_without_losing_a_byte),
        cmocka_unit_test(clearing_wipes_every_byte),
        cmocka_unit_test(cutting_and_dropping_wipe_what_goes),
        cmocka_unit_test(formatted_text_is_appended_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
