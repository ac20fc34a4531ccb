/* test_rw.c -- a message is read whole or not at all: a lie about a length never reaches beyond the end. */
#include "tests/unit/base/unit.h"

#include <string.h>

#include "common/base/rw.h"

static void what_is_written_is_read_in_order(void **state)
{
    (void)state;
    struct buf b = BUF_INIT(64);
    size_t len;
    assert_int_equal(wr_u8(&b, 0xfe), ERR_OK);
    assert_int_equal(wr_u16(&b, 0x0102), ERR_OK);
    assert_int_equal(wr_u32(&b, 0xdeadbeef), ERR_OK);
    assert_int_equal(wr_u64(&b, 0x0123456789abcdef), ERR_OK);
    assert_int_equal(wr_bytes(&b, "salaam", 6), ERR_OK);
    assert_int_equal(wr_bytes(&b, NULL, 0), ERR_OK);
    assert_memory_equal(b.bytes, "\xfe\x01\x02\xde\xad\xbe\xef", 7);
    struct rd r = rd_from(b.bytes, b.len);
    assert_int_equal(rd_u8(&r), 0xfe);
    assert_int_equal(rd_u16(&r), 0x0102);
    assert_int_equal(rd_u32(&r), 0xdeadbeef);
    assert_true(rd_u64(&r) == 0x0123456789abcdef);
    const uint8_t *at = rd_bytes(&r, 10, &len);
    assert_int_equal(len, 6);
    assert_memory_equal(at, "salaam", 6);
    rd_bytes(&r, 10, &len);
    assert_int_equal(len, 0);
    assert_int_equal(rd_end(&r), ERR_OK);
    buf_free(&b);
}

static void every_cut_of_a_message_is_refused(void **state)
{
    (void)state;
    static const uint8_t message[] = {7, 0, 0, 0, 3, 'a', 'b', 'c', 9, 9};
    for (size_t cut = 0; cut <= sizeof message; cut++) {
        struct rd r = rd_from(message, cut);
        size_t len;
        rd_u8(&r);
        rd_bytes(&r, 3, &len);
        rd_u16(&r);
        assert_int_equal(rd_end(&r), cut == sizeof message ? ERR_OK : ERR_MALFORMED);
    }
}

static void a_fault_is_remembered_and_gives_zeroes(void **state)
{
    (void)state;
    static const uint8_t message[] = {0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4};
    uint8_t raw[4] = {9, 9, 9, 9};
    size_t len = 77;
    struct rd r = rd_from(message, sizeof message);
    assert_null(rd_bytes(&r, SIZE_MAX, &len));
    assert_int_equal(len, 0);
    assert_int_equal(rd_u32(&r), 0);
    rd_raw(&r, raw, 4);
    assert_memory_equal(raw, "\0\0\0\0", 4);
    assert_int_equal(rd_end(&r), ERR_MALFORMED);
}

static void more_than_the_reader_allows_is_a_fault(void **state)
{
    (void)state;
    static const uint8_t message[] = {0, 0, 0, 4, 1, 2, 3, 4};
    size_t len;
    struct rd r = rd_from(message, sizeof message);
    assert_null(rd_bytes(&r, 3, &len));
    assert_int_equal(rd_end(&r), ERR_MALFORMED);
}

static void bytes_left_over_are_a_fault(void **state)
{
    (void)state;
    struct rd r = rd_from("ab", 2);
    rd_u8(&r);
    assert_int_equal(rd_end(&r), ERR_MALFORMED);
    struct rd none = rd_from(NULL, 0);
    assert_int_equal(rd_end(&none), ERR_OK);
    assert_int_equal(rd_u64(&none), 0);
    assert_int_equal(rd_end(&none), ERR_MALFORMED);
}

static void a_full_buf_gets_no_half_bytes(void **state)
{
    (void)state;
    struct buf b = BUF_INIT(6);
    assert_int_equal(wr_bytes(&b, "abc", 3), ERR_TOO_BIG);
    assert_int_equal(b.len, 0);
    assert_int_equal(wr_u64(&b, 1), ERR_TOO_BIG);
    assert_int_equal(b.len, 0);
    buf_free(&b);
}

static void fixed_forms_return_the_place_behind(void **state)
{
    (void)state;
    uint8_t at[18];
    uint8_t *end = put_raw(put_u64(put_u32(put_u16(put_u8(at, 1), 0x0203), 0x04050607), 0x08090a0b0c0d0e0f), "xyz", 3);
    assert_ptr_equal(end, at + 18);
    assert_memory_equal(at, "\1\2\3\4\5\6\7\x8\x9\xa\xb\xc\xd\xe\xfxyz", 18);
    assert_ptr_equal(put_raw(at, NULL, 0), at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_in_order),
        cmocka_unit_test(every_cut_of_a_message_is_refused),
        cmocka_unit_test(a_fault_is_remembered_and_gives_zeroes),
        cmocka_unit_test(more_than_the_reader_allows_is_a_fault),
        cmocka_unit_test(bytes_left_over_are_a_fault),
        cmocka_unit_test(a_full_buf_gets_no_half_bytes),
        cmocka_unit_test(fixed_forms_return_the_place_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
