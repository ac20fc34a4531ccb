/* Keys of 30 days: made ahead, the same for every process, gone when their period is over. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/base/file.h"
#include "sms-gateway/seen_key.h"

enum { PERIOD = 30 * 86400 };

static void keys_live_one_period(void **state)
{
    (void)state;
    char folder[] = "/tmp/recourse-seen-XXXXXX", path[64];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/seen.keys", folder);
    const int64_t start = 700LL * PERIOD;
    uint8_t first[32], again[32], next[32];
    assert_int_equal(seen_key_today(path, start, first), ERR_NOT_FOUND);
    assert_int_equal(seen_key_rotate(path, start), ERR_OK);
    assert_int_equal(seen_key_today(path, start, first), ERR_OK);
    assert_int_equal(seen_key_rotate(path, start + PERIOD - 1), ERR_OK);
    assert_int_equal(seen_key_today(path, start + PERIOD - 1, again), ERR_OK);
    assert_memory_equal(first, again, 32);
    /* The next period's key was there before it began, so no worker waits for it. */
    assert_int_equal(seen_key_today(path, start + PERIOD, next), ERR_OK);
    assert_memory_not_equal(first, next, 32);
    assert_false(file_is_open_to_others(path));
    assert_int_equal(seen_key_rotate(path, start + PERIOD), ERR_OK);
    assert_int_equal(seen_key_today(path, start + PERIOD, again), ERR_OK);
    assert_memory_equal(next, again, 32);
    assert_int_equal(seen_key_today(path, start, again), ERR_NOT_FOUND);
    unlink(path);
    rmdir(folder);
}

/* A machine without a clock of its own begins in the past, and its time is set while the gateway runs. */
static void a_clock_that_leaps_finds_a_key(void **state)
{
    (void)state;
    char folder[] = "/tmp/recourse-seen-XXXXXX", path[64];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/seen.keys", folder);
    const int64_t start = 800LL * PERIOD, later = 900LL * PERIOD;
    uint8_t key[32], again[32];
    assert_int_equal(seen_key_rotate(path, start), ERR_OK);
    assert_int_equal(seen_key_now(path, start, key), ERR_OK);
    assert_int_equal(seen_key_now(path, later, key), ERR_OK);
    assert_int_equal(seen_key_rotate(path, later), ERR_OK); /* the hour of the one that does it always */
    assert_int_equal(seen_key_today(path, later, again), ERR_OK);
    assert_memory_equal(key, again, 32);
    unlink(path);
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(keys_live_one_period),
                                       cmocka_unit_test(a_clock_that_leaps_finds_a_key)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
