/* Numbers of a worker's rows: what the signed count may promise, and what happens to numbers that found no row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "intake/counter.h"

static struct counter counter;

static struct counter_number take(void)
{
    struct counter_number number;
    assert_int_equal(counter_take(&counter, &number), ERR_OK);
    return number;
}

static int begin(void **state)
{
    (void)state;
    counter_start(&counter);
    return 0;
}

static void the_count_waits_for_the_first_row_that_is_not_stored(void **state)
{
    (void)state;
    struct counter_number one = take(), two = take(), three = take();
    assert_int_equal(one.n, 1);
    assert_int_equal(three.n, 3);
    counter_end(&counter, &three, COUNTER_STORED);
    assert_int_equal(counter.all_stored, 0);
    counter_end(&counter, &one, COUNTER_STORED);
    assert_int_equal(counter.all_stored, 1);
    counter_end(&counter, &two, COUNTER_STORED);
    assert_int_equal(counter.all_stored, 3);
}

static void a_number_that_was_not_used_goes_to_the_next_row(void **state)
{
    (void)state;
    struct counter_number one = take(), two = take();
    counter_end(&counter, &two, COUNTER_STORED);
    counter_end(&counter, &one, COUNTER_NOT_STORED);
    struct counter_number again = take();
    assert_int_equal(again.n, 1);
    counter_end(&counter, &again, COUNTER_STORED);
    assert_int_equal(counter.all_stored, 2);
}

static void what_nobody_knows_begins_a_new_incarnation(void **state)
{
    (void)state;
    struct counter_number one = take(), two = take();
    uint64_t before = counter.incarnation;
    counter_end(&counter, &one, COUNTER_UNKNOWN);
    assert_true(counter.incarnation != before);
    counter_end(&counter, &two, COUNTER_STORED); /* of the old one: says nothing about the new */
    assert_int_equal(counter.all_stored, 0);
    assert_int_equal(take().n, 1);
}

static void too_many_open_numbers_are_refused(void **state)
{
    (void)state;
    struct counter_number first = take(), number = first;
    for (unsigned i = 2; i < COUNTER_WINDOW; i++)
        number = take();
    assert_int_equal(counter_take(&counter, &number), ERR_BUSY);
    counter_end(&counter, &first, COUNTER_STORED);
    assert_int_equal(counter_take(&counter, &number), ERR_OK);
    assert_int_equal(number.n, COUNTER_WINDOW);
}

static void long_service_wraps_the_window_round(void **state)
{
    (void)state;
    for (unsigned i = 1; i <= 3 * COUNTER_WINDOW; i++) {
        struct counter_number number = take();
        counter_end(&counter, &number, COUNTER_STORED);
        assert_int_equal(counter.all_stored, i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_count_waits_for_the_first_row_that_is_not_stored, begin),
        cmocka_unit_test_setup(a_number_that_was_not_used_goes_to_the_next_row, begin),
        cmocka_unit_test_setup(what_nobody_knows_begins_a_new_incarnation, begin),
        cmocka_unit_test_setup(too_many_open_numbers_are_refused, begin),
        cmocka_unit_test_setup(long_service_wraps_the_window_round, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
