/* test_workers.c -- work given to threads is done in the order in which it was given, whoever gave it is told once on
 * the loop and never before the call returned, and at the end nobody is forgotten.
 *
 * `tests/analyse tsan` runs this with the thread sanitizer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/workers.h"

enum { JOBS = 200 };

static struct loop *loop;
static struct workers *workers;

static struct job {
    unsigned long made; /* by a thread */
    unsigned told, place;
    enum err err;
} jobs[JOBS];
static unsigned told, until;
static int is_giving;
static unsigned long turns; /* read by the threads */

static int begin(void **state)
{
    (void)state;
    memset(jobs, 0, sizeof jobs);
    told = 0;
    until = JOBS;
    turns = 10000;
    loop = loop_new();
    workers = workers_new(loop);
    return 0;
}

static int end(void **state)
{
    (void)state;
    workers_free(workers);
    loop_free(loop);
    return 0;
}

static void work(void *room)
{
    struct job *job = room;
    for (unsigned long i = 0; i < turns; i++)
        job->made = job->made * 31 + i;
}

static void is_told(void *room, enum err err)
{
    struct job *job = room;
    assert_false(is_giving);
    job->told++;
    job->err = err;
    job->place = told++;
    if (told == until)
        loop_stop(loop);
}

static void give(size_t from, size_t to)
{
    is_giving = 1;
    for (size_t i = from; i < to; i++)
        workers_give(workers, work, is_told, &jobs[i]);
    is_giving = 0;
}

static void each_is_done_and_told_once(void **state)
{
    (void)state;
    struct job expected = {0};
    work(&expected);
    workers_start(workers, 2);
    give(0, JOBS);
    loop_run(loop);
    for (size_t i = 0; i < JOBS; i++) {
        assert_int_equal(jobs[i].told, 1);
        assert_int_equal(jobs[i].err, ERR_OK);
        assert_true(jobs[i].made == expected.made);
    }
}

static void one_thread_keeps_the_order(void **state)
{
    (void)state;
    give(0, JOBS / 2); /* before there is a thread: they wait */
    workers_start(workers, 1);
    give(JOBS / 2, JOBS);
    loop_run(loop);
    for (size_t i = 0; i < JOBS; i++)
        assert_int_equal(jobs[i].place, i);
}

static void who_waits_at_the_end_is_told_so(void **state)
{
    (void)state;
    until = JOBS + 1;
    turns = 10000000;
    workers_start(workers, 2);
    give(0, JOBS);
    workers_free(workers);
    workers = NULL;
    for (size_t i = 0; i < JOBS; i++) {
        assert_int_equal(jobs[i].told, 1);
        assert_int_equal(jobs[i].err, ERR_CANCELLED); /* run or not: the loop had no turn */
    }
    assert_true(jobs[JOBS - 1].made == 0); /* the threads end behind what they have */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_is_done_and_told_once, begin, end),
        cmocka_unit_test_setup_teardown(one_thread_keeps_the_order, begin, end),
        cmocka_unit_test_setup_teardown(who_waits_at_the_end_is_told_so, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
