/* Numbers of a worker's rows: what the signed count may promise, and what happens to numbers that found no row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "store/row_counter.h"

static struct row_counter counter;

static struct row_counter_number take(void)
{
    struct row_counter_number number;
    row_counter_take(&counter, &number);
    return number;
}

static int begin(void **state)
{
    (void)state;
    row_counter_start(&counter);
    return 0;
}

static void the_count_waits_for_the_first_row_that_is_not_stored(void **state)
{
    (void)state;
    struct row_counter_number one = take(), two = take(), three = take();
    assert_int_equal(one.n, 1);
    assert_int_equal(three.n, 3);
    row_counter_end(&counter, &three, ROW_STORED);
    assert_int_equal(counter.all_stored, 0);
    row_counter_end(&counter, &one, ROW_STORED);
    assert_int_equal(counter.all_stored, 1);
    row_counter_end(&counter, &two, ROW_STORED);
    assert_int_equal(counter.all_stored, 3);
}

static void a_number_that_was_not_used_goes_to_the_next_row(void **state)
{
    (void)state;
    struct row_counter_number one = take(), two = take();
    row_counter_end(&counter, &two, ROW_STORED);
    row_counter_end(&counter, &one, ROW_NOT_STORED);
    struct row_counter_number again = take();
    assert_int_equal(again.n, 1);
    row_counter_end(&counter, &again, ROW_STORED);
    assert_int_equal(counter.all_stored, 2);
}

static void what_nobody_knows_begins_a_new_incarnation(void **state)
{
    (void)state;
    struct row_counter_number one = take(), two = take();
    uint64_t before = counter.incarnation;
    row_counter_end(&counter, &one, ROW_UNKNOWN);
    assert_true(counter.incarnation != before);
    row_counter_end(&counter, &two, ROW_STORED); /* of the old one: says nothing about the new */
    assert_int_equal(counter.all_stored, 0);
    assert_int_equal(take().n, 1);
}

static void rows_that_wait_in_the_spool_keep_their_numbers_until_they_are_drained(void **state)
{
    (void)state;
    struct row_counter_number one = take(), two = take();
    row_counter_end(&counter, &one, row_counter_fate_of(ERR_OK, APPEND_SPOOLED));
    row_counter_end(&counter, &two, ROW_STORED);
    assert_int_equal(counter.all_stored, 0); /* nothing is promised over a row that is not there yet */
    row_counter_end(&counter, &one, row_counter_fate_of(ERR_OK, APPEND_STORED));
    assert_int_equal(counter.all_stored, 2);
}

static void too_many_open_numbers_begin_a_new_incarnation(void **state)
{
    (void)state;
    struct row_counter_number first = take();
    for (unsigned i = 2; i < ROW_COUNTER_WINDOW; i++)
        take();
    struct row_counter_number next = take();
    assert_true(next.incarnation != first.incarnation);
    assert_int_equal(next.n, 1);
    row_counter_end(&counter, &first, ROW_STORED);
    assert_int_equal(counter.all_stored, 0);
}

static void long_service_wraps_the_window_round(void **state)
{
    (void)state;
    for (unsigned i = 1; i <= 3 * ROW_COUNTER_WINDOW; i++) {
        struct row_counter_number number = take();
        row_counter_end(&counter, &number, ROW_STORED);
        assert_int_equal(counter.all_stored, i);
    }
}

static void the_count_is_signed_byte_by_byte(void **state)
{
    (void)state;
    uint8_t said[ROW_COUNT_SAID];
    row_counter_said(DOOR_INTAKE, 0x0102030405060708, 0x1112131415161718, 0x21222324, said);
    assert_memory_equal(said,
                        "recourse door count"
                        "\x01"
                        "\x01\x02\x03\x04\x05\x06\x07\x08"
                        "\x11\x12\x13\x14\x15\x16\x17\x18"
                        "\x21\x22\x23\x24",
                        sizeof said);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_count_is_signed_byte_by_byte),
        cmocka_unit_test_setup(the_count_waits_for_the_first_row_that_is_not_stored, begin),
        cmocka_unit_test_setup(a_number_that_was_not_used_goes_to_the_next_row, begin),
        cmocka_unit_test_setup(what_nobody_knows_begins_a_new_incarnation, begin),
        cmocka_unit_test_setup(rows_that_wait_in_the_spool_keep_their_numbers_until_they_are_drained, begin),
        cmocka_unit_test_setup(too_many_open_numbers_begin_a_new_incarnation, begin),
        cmocka_unit_test_setup(long_service_wraps_the_window_round, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
