/* test_http_admit.c -- more requests than places: they wait in order, get the places that become free, or are told in
 * time that there is none; and who only waits costs the others nothing. */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <string.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "common/http/metrics_own.h"
#include "tests/unit/http/serve.h"

enum { PLACES = 2, WAIT_MS = 700, HELD_MAX = 64 };

static struct serve server;

/* --- the room: a handler that answers when the test says so --- */

static uint64_t held[HELD_MAX];
static int held_count, answered;

/* seen->gone is the number of held requests that may be answered. */
static void on_tick(void *room, int64_t now)
{
    (void)room;
    (void)now;
    while (answered < held_count && answered < server.seen->gone) {
        struct http_req *req = http_find(server.server, held[answered++]);
        if (req)
            http_answer(req, 200, "text/plain", http_req_query(req), strlen(http_req_query(req)));
    }
}

static void on_hold(struct http_req *req, void *room)
{
    (void)room;
    if (held_count == 0)
        loop_on_tick(server.loop, on_tick, NULL);
    need(held_count < HELD_MAX);
    held[held_count++] = http_req_id(req);
    server.seen->handled++;
}

static void on_quick(struct http_req *req, void *room)
{
    (void)room;
    http_answer(req, 200, "text/plain", "quick", 5);
}

static const struct http_route routes[] = {
    {HTTP_GET, "/hold", on_hold, 0, NULL},
    {HTTP_GET | HTTP_POST, "/quick", on_quick, 1000, NULL},
    {0, NULL, NULL, 0, NULL},
};

static int set_up(void **state)
{
    (void)state;
    memset(&server, 0, sizeof server);
    server.options.routes = routes;
    server.options.handling_max = PLACES;
    server.grace_ms = 500;
    server.deadlines = HTTP_DEADLINES;
    server.deadlines.wait_ms = WAIT_MS;
    serve_start(&server);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    if (server.pid)
        serve_stop(&server);
    return 0;
}

static int ask(const char *path)
{
    char text[100];
    snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: a\r\n\r\n", path);
    int fd = client_connect(server.port);
    client_say(fd, text);
    return fd;
}

static void take_all_places(int fds[static PLACES])
{
    for (int i = 0; i < PLACES; i++)
        fds[i] = ask("/hold?first");
    assert_true(wait_for(&server.seen->handled, PLACES));
}

/* --- stories --- */

static void a_place_that_becomes_free_goes_to_who_waited_longest(void **state)
{
    (void)state;
    struct buf answer = BUF_INIT(1 << 20);
    int fds[PLACES], second, third, quick;
    take_all_places(fds);
    second = ask("/hold?second");
    usleep(50000);
    third = ask("/hold?third");
    usleep(50000);
    quick = ask("/quick");
    usleep(100000);
    assert_int_equal(server.seen->handled, PLACES);
    server.seen->gone = 1;
    assert_true(wait_for(&server.seen->handled, PLACES + 1));
    server.seen->gone = PLACES + 1;
    assert_true(client_answer(second, &answer));
    assert_non_null(strstr(buf_text(&answer), "\r\n\r\nsecond"));
    server.seen->gone = HELD_MAX;
    assert_true(client_answer(third, &answer));
    assert_int_equal(client_status(&answer), 200);
    assert_true(client_answer(quick, &answer));
    assert_non_null(strstr(buf_text(&answer), "\r\n\r\nquick"));
    for (int i = 0; i < PLACES; i++) {
        assert_true(client_answer(fds[i], &answer));
        assert_int_equal(client_status(&answer), 200);
        close(fds[i]);
    }
    close(second);
    close(third);
    close(quick);
    buf_free(&answer);
}

static void who_finds_no_place_is_told_so_in_time_and_keeps_the_connection(void **state)
{
    (void)state;
    struct buf answer = BUF_INIT(1 << 20);
    int fds[PLACES];
    take_all_places(fds);
    int64_t began = clock_ms();
    int fd = ask("/quick");
    assert_true(client_answer(fd, &answer));
    assert_in_range(clock_ms() - began, WAIT_MS - 50, WAIT_MS + 1500);
    assert_int_equal(client_status(&answer), 503);
    assert_non_null(strstr(buf_text(&answer), "\r\nRetry-After: 5\r\n"));
    assert_null(strstr(buf_text(&answer), "\r\nConnection: close\r\n"));
    server.seen->gone = HELD_MAX;
    for (int i = 0; i < PLACES; i++)
        assert_true(client_answer(fds[i], &answer));
    client_say(fd, "POST /quick HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
    assert_true(client_answer(fd, &answer));
    assert_int_equal(client_status(&answer), 200);
    for (int i = 0; i < PLACES; i++)
        close(fds[i]);
    close(fd);
    buf_free(&answer);
    serve_stop(&server);
    server.pid = 0;
    assert_int_equal(server.seen->metrics[HTTP_METRIC_BUSY], 1);
    assert_int_equal(server.seen->metrics[HTTP_METRIC_OPEN], 0);
}

static void who_goes_while_waiting_or_handled_leaves_no_hole(void **state)
{
    (void)state;
    struct buf answer = BUF_INIT(1 << 20);
    int fds[PLACES], gone[3];
    take_all_places(fds);
    for (int i = 0; i < 3; i++) {
        gone[i] = ask("/hold?gone");
        usleep(20000);
    }
    int quick = ask("/quick");
    usleep(50000);
    /* From the middle, the front and the back of the queue. */
    close(gone[1]);
    close(gone[0]);
    close(gone[2]);
    usleep(50000);
    close(fds[0]); /* its place is free at once, though its handler has not answered */
    assert_true(client_answer(quick, &answer));
    assert_int_equal(client_status(&answer), 200);
    assert_int_equal(server.seen->handled, PLACES);
    close(quick);
    close(fds[1]);
    buf_free(&answer);
}

static void a_crowd_is_served_or_told_and_nobody_is_forgotten(void **state)
{
    (void)state;
    enum { CROWD = 60 };
    struct buf answer = BUF_INIT(1 << 20);
    int fds[PLACES], crowd[CROWD], served = 0, told = 0;
    take_all_places(fds);
    /* More than the waiting room takes: the rest stands at the door. */
    for (int i = 0; i < CROWD; i++)
        crowd[i] = ask("/quick");
    poll(NULL, 0, WAIT_MS + 600);
    server.seen->gone = HELD_MAX;
    for (int i = 0; i < CROWD; i++) {
        assert_true(client_answer(crowd[i], &answer));
        served += client_status(&answer) == 200;
        told += client_status(&answer) == 503;
        close(crowd[i]);
    }
    assert_int_equal(served + told, CROWD);
    assert_in_range(told, 4 * PLACES, CROWD);
    for (int i = 0; i < PLACES; i++)
        close(fds[i]);
    buf_free(&answer);
}

#define STORY(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(a_place_that_becomes_free_goes_to_who_waited_longest),
        STORY(who_finds_no_place_is_told_so_in_time_and_keeps_the_connection),
        STORY(who_goes_while_waiting_or_handled_leaves_no_hole),
        STORY(a_crowd_is_served_or_told_and_nobody_is_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
