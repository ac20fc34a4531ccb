/* Texts that wait for their next try: left alone until it is due, known again then, and forgotten when nobody asks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/mem.h"
#include "sms-gateway/retries.h"

enum { HOUR_MS = 3600 * 1000 };

static struct retry of(uint8_t id, unsigned tries, int64_t next_ms)
{
    struct retry retry = {.tries = tries, .sent = 7, .next_ms = next_ms};
    memset(retry.id, id, sizeof retry.id);
    return retry;
}

static void a_text_is_left_alone_until_its_time_and_known_again_then(void **state)
{
    (void)state;
    struct retries *retries = mem_new(sizeof *retries);
    uint8_t ids[4][16];
    const struct retry soon = of(1, 2, 5000), late = of(2, 6, HOUR_MS);
    retries_add(retries, &soon);
    retries_add(retries, &late);
    assert_int_equal(retries_waiting(retries, 0, ids, 4), 2);
    assert_int_equal(retries_waiting(retries, 0, ids, 1), 1);
    assert_false(retries_are_due(retries, 4999));
    assert_true(retries_are_due(retries, 5000));
    assert_int_equal(retries_waiting(retries, 5000, ids, 4), 1);
    assert_memory_equal(ids[0], late.id, 16);
    const struct retry again = retries_take(retries, soon.id);
    assert_int_equal(again.tries, 2);
    assert_int_equal(again.sent, 7);
    /* Taken once: whoever comes under that id later begins anew. */
    assert_int_equal(retries_take(retries, soon.id).tries, 0);
    assert_false(retries_are_due(retries, 5000));
    mem_free(retries);
}

static void one_whose_row_is_gone_is_forgotten(void **state)
{
    (void)state;
    struct retries *retries = mem_new(sizeof *retries);
    uint8_t ids[4][16];
    const struct retry one = of(1, 2, 5000);
    retries_add(retries, &one);
    assert_int_equal(retries_waiting(retries, 5000 + HOUR_MS, ids, 4), 0);
    assert_int_equal(retries->count, 1);
    assert_int_equal(retries_waiting(retries, 5001 + HOUR_MS, ids, 4), 0);
    assert_int_equal(retries->count, 0);
    mem_free(retries);
}

static void there_are_no_more_than_it_holds(void **state)
{
    (void)state;
    struct retries *retries = mem_new(sizeof *retries);
    for (unsigned i = 0; i < RETRIES_MAX + 5; i++) {
        struct retry one = of(1, 1, 5000);
        memcpy(one.id, &i, sizeof i);
        retries_add(retries, &one);
    }
    assert_int_equal(retries->count, RETRIES_MAX);
    mem_free(retries);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_left_alone_until_its_time_and_known_again_then),
        cmocka_unit_test(one_whose_row_is_gone_is_forgotten),
        cmocka_unit_test(there_are_no_more_than_it_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
