/* test_loop.c -- later is after the callback, burial is after later, a tick can be ended, and nothing is buried twice.
 */
#include "tests/unit/base/unit.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <event2/event.h>

#include "common/base/loop.h"
#include "common/base/mem.h"

static struct loop *loop;
static char story[64];

static void tell(const char *letter)
{
    assert_true(strlen(story) + strlen(letter) < sizeof story);
    strcat(story, letter);
}

static int begin(void **state)
{
    (void)state;
    story[0] = 0;
    loop = loop_new();
    return 0;
}

static int end(void **state)
{
    (void)state;
    loop_free(loop);
    return 0;
}

static void say_later(void *arg)
{
    tell(arg);
}

static void stop_later(void *arg)
{
    (void)arg;
    loop_stop(loop);
}

static void say_buried(void *object)
{
    tell("B");
    mem_free(object);
}

static void act(void *arg)
{
    (void)arg;
    tell("(");
    loop_bury(loop, mem_new(8), say_buried);
    loop_later(loop, say_later, "1");
    loop_later(loop, say_later, "2");
    loop_later(loop, stop_later, NULL);
    tell(")");
}

static void later_runs_after_the_callback_and_before_the_burial(void **state)
{
    (void)state;
    loop_later(loop, act, NULL);
    assert_string_equal(story, "");
    loop_run(loop);
    assert_string_equal(story, "()12B");
}

static void bury_and_ask_for_later(void *object)
{
    mem_free(object);
    loop_later(loop, say_later, "L");
}

static void what_dies_with_the_loop_may_still_ask_for_later(void **state)
{
    (void)state;
    struct loop *ours = loop;
    loop_bury(loop, mem_new(8), bury_and_ask_for_later);
    loop_free(ours);
    loop = NULL;
    assert_string_equal(story, "L");
}

static struct event *ready;

static void on_event(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    (void)arg;
    tell("E");
}

/* A little at a time: three stretches, and whoever has come is heard between them. */
static void stretch(void *arg)
{
    int *left = arg;
    tell("s");
    event_active(ready, EV_READ, 1);
    if (--*left > 0)
        loop_next_turn(loop, stretch, left);
    else
        loop_next_turn(loop, stop_later, NULL);
}

static void work_in_stretches_lets_events_in_between(void **state)
{
    (void)state;
    int left = 3;
    ready = event_new(loop_base(loop), -1, EV_PERSIST, on_event, NULL);
    loop_later(loop, stretch, &left);
    loop_run(loop);
    event_free(ready);
    assert_string_equal(story, "sEsEsE");
}

static void what_is_put_off_runs_in_order_and_before_the_loop_dies(void **state)
{
    (void)state;
    struct loop *ours = loop;
    loop_next_turn(loop, say_later, "1");
    loop_next_turn(loop, say_later, "2");
    loop_later(loop, say_later, "0");
    loop_free(ours);
    loop = NULL;
    assert_int_equal(strlen(story), 3);
    assert_non_null(strstr(story, "12"));
}

static void nothing(void *arg)
{
    (void)arg;
}

static void burying_twice_stops_the_process(void **state)
{
    (void)state;
    int status, ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        static int object;
        dup2(ends[1], STDERR_FILENO);
        signal(SIGABRT, SIG_DFL);
        loop_bury(loop, &object, nothing);
        loop_bury(loop, &object, nothing);
        _exit(0);
    }
    close(ends[1]);
    char said[256] = "";
    assert_true(read(ends[0], said, sizeof said - 1) > 0);
    assert_non_null(strstr(said, "what=buried_twice"));
    assert_non_null(strstr(said, "first="));
    assert_non_null(strstr(said, "test_loop.c:"));
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    close(ends[0]);
}

static unsigned first_ticks, second_ticks;

static void second_tick(void *room, int64_t now)
{
    (void)room;
    (void)now;
    second_ticks++;
}

static void first_tick(void *room, int64_t now)
{
    assert_true(now <= loop_now(loop) && now > 0);
    first_ticks++;
    loop_off_tick(loop, second_tick, room);
    if (first_ticks == 2) {
        loop_off_tick(loop, first_tick, room);
        loop_stop(loop);
    }
}

static void a_tick_ends_when_told(void **state)
{
    (void)state;
    int room;
    first_ticks = second_ticks = 0;
    loop_on_tick(loop, first_tick, &room);
    loop_on_tick(loop, second_tick, &room);
    loop_run(loop);
    assert_int_equal(first_ticks, 2);
    assert_int_equal(second_ticks, 0);
    /* The places are free again: many more than 32 may come and go. */
    for (unsigned i = 0; i < 100; i++) {
        loop_on_tick(loop, second_tick, &room);
        loop_off_tick(loop, second_tick, &room);
    }
}

static void a_stop_before_the_run_is_not_lost(void **state)
{
    (void)state;
    loop_stop(loop);
    alarm(10);
    loop_run(loop);
    alarm(0);
    loop_later(loop, stop_later, NULL);
    loop_run(loop);
}

static void on_signal(void *room, int number)
{
    *(int *)room = number;
    loop_stop(loop);
}

static void raise_later(void *arg)
{
    (void)arg;
    raise(SIGHUP);
}

static void a_signal_is_told_in_the_loop(void **state)
{
    (void)state;
    int got = 0;
    loop_on_signal(loop, SIGHUP, on_signal, &got);
    loop_later(loop, raise_later, NULL);
    loop_run(loop);
    assert_int_equal(got, SIGHUP);
}

static void now_does_not_lag_behind(void **state)
{
    (void)state;
    int64_t before = loop_now(loop);
    usleep(30000);
    assert_true(loop_now(loop) - before >= 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(later_runs_after_the_callback_and_before_the_burial, begin, end),
        cmocka_unit_test_setup_teardown(what_dies_with_the_loop_may_still_ask_for_later, begin, end),
        cmocka_unit_test_setup_teardown(work_in_stretches_lets_events_in_between, begin, end),
        cmocka_unit_test_setup_teardown(what_is_put_off_runs_in_order_and_before_the_loop_dies, begin, end),
        cmocka_unit_test_setup_teardown(burying_twice_stops_the_process, begin, end),
        cmocka_unit_test_setup_teardown(a_tick_ends_when_told, begin, end),
        cmocka_unit_test_setup_teardown(a_stop_before_the_run_is_not_lost, begin, end),
        cmocka_unit_test_setup_teardown(a_signal_is_told_in_the_loop, begin, end),
        cmocka_unit_test_setup_teardown(now_does_not_lag_behind, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
