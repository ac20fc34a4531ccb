/* One acknowledgement a day to each number, whoever of the workers hears it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "sms-gateway/acknowledged.h"

static void once_a_day_and_channel(void **state)
{
    (void)state;
    acknowledged_open();
    assert_int_equal(acknowledged_first("kannel", "+254700111222", 1000), 1);
    assert_int_equal(acknowledged_first("kannel", "+254700111222", 2000), 0);
    assert_int_equal(acknowledged_first("twilio", "+254700111222", 2000), 1);
    assert_int_equal(acknowledged_first("kannel", "+254700111223", 2000), 1);
    assert_int_equal(acknowledged_first("kannel", "+254700111222", 1000 + 86400000LL + 1), 1);
}

static void another_worker_knows(void **state)
{
    (void)state;
    acknowledged_open();
    pid_t child = fork();
    if (child == 0)
        _exit(acknowledged_first("kannel", "+1", 1000) == 1 ? 0 : 1);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_int_equal(acknowledged_first("kannel", "+1", 2000), 0);
}

static void a_flood_forgets_but_never_fails(void **state)
{
    (void)state;
    acknowledged_open();
    unsigned first = 0;
    for (unsigned i = 0; i < 200000; i++) {
        char number[32];
        snprintf(number, sizeof number, "+%u", i);
        first += (unsigned)acknowledged_first("kannel", number, 1000 + i);
    }
    assert_true(first == 200000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(once_a_day_and_channel),
        cmocka_unit_test(another_worker_knows),
        cmocka_unit_test(a_flood_forgets_but_never_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
