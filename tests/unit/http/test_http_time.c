/* test_http_time.c -- deadlines are totals: whoever only holds a connection loses it, whoever is slow but comes on does
 * not; and the server stays open when it is full. */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/mem.h"
#include "common/http/metrics_own.h"
#include "tests/unit/http/serve.h"

static struct serve server;
static const char TEXT[] = "text/plain";
enum { BIG = 8 * 1024 * 1024, MIDDLING = 100 * 1024 };

static void on_echo(struct http_req *req, void *room)
{
    (void)room;
    struct buf *body = http_req_body(req);
    http_answer(req, 200, TEXT, buf_text(body), body->len);
}

static void on_never(struct http_req *req, void *room)
{
    (void)room;
    (void)req;
    server.seen->handled++;
}

static void on_big(struct http_req *req, void *room)
{
    (void)room;
    uint8_t *body = mem_new(BIG);
    http_answer(req, 200, TEXT, body, BIG);
    mem_free(body);
}

static void on_middling(struct http_req *req, void *room)
{
    (void)room;
    static uint8_t body[MIDDLING];
    http_answer(req, 200, TEXT, body, sizeof body);
}

static const struct http_route routes[] = {
    {HTTP_GET, "/middling", on_middling, 0, NULL},
    {HTTP_GET | HTTP_POST, "/", on_echo, 1000000, NULL},
    {HTTP_GET, "/never", on_never, 0, NULL},
    {HTTP_GET, "/big", on_big, 0, NULL},
    {0, NULL, NULL, 0, NULL},
};

static void set_up_server(int write_ms)
{
    memset(&server, 0, sizeof server);
    server.options.routes = routes;
    server.options.connections_max = 10;
    server.grace_ms = 500;
    server.deadlines = (struct http_deadlines){.handshake_ms = 600,
                                               .head_ms = 600,
                                               .request_ms = 1500,
                                               .body_ms = 900,
                                               .idle_ms = 1200,
                                               .handler_ms = 600,
                                               .write_ms = write_ms,
                                               .linger_ms = 300};
    serve_start(&server);
}

static int set_up(void **state)
{
    (void)state;
    set_up_server(600);
    return 0;
}

/* The deadline of a BIG answer, without what its size grants, comes 600 ms after it was given. */
static int set_up_impatient(void **state)
{
    (void)state;
    set_up_server(600 - (int)(BIG * 1000LL / LIMIT_BYTES_PER_SECOND));
    return 0;
}

/* Stops the server unless a test has done so to read its counters. */
static int tear_down(void **state)
{
    (void)state;
    if (server.pid)
        serve_stop(&server);
    return 0;
}

static int64_t ended_by(enum http_metric cause)
{
    serve_stop(&server);
    server.pid = 0;
    assert_int_equal(server.seen->metrics[HTTP_METRIC_OPEN], 0);
    return server.seen->metrics[cause];
}

/* Sends `text` a byte each 50 ms until the server closes; how long that took, and the status it said. */
static int64_t drip(const char *begin, const char *text, unsigned *status)
{
    struct buf answer = BUF_INIT(1 << 20);
    int fd = client_connect(server.port);
    client_say(fd, begin);
    int64_t took = 0, after = -1;
    while (after < 0 && took < 8000) {
        client_send(fd, *text ? text++ : "x", 1);
        after = client_closed_after(fd, 50, &answer);
        took += 50;
    }
    *status = client_status(&answer);
    close(fd);
    buf_free(&answer);
    return took;
}

static void a_slow_head_is_cut_off(void **state)
{
    (void)state;
    unsigned status;
    assert_in_range(drip("GET / HTTP/1.1\r\n", "X-Header: aaaaaaaaaaaaaaaaaaaaaaaaaaa", &status), 500, 2500);
    assert_int_equal(status, 408);
    assert_int_equal(ended_by(HTTP_METRIC_END_SLOW_HEAD), 1);
}

static void a_slow_body_is_cut_off(void **state)
{
    (void)state;
    unsigned status;
    assert_in_range(drip("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n", "", &status), 800, 3000);
    assert_int_equal(status, 408);
    assert_int_equal(ended_by(HTTP_METRIC_END_SLOW_BODY), 1);
}

/* Each state keeps its own deadline, and all together take too long. */
static void one_who_is_slow_at_everything_is_cut_off(void **state)
{
    (void)state;
    struct buf answer = BUF_INIT(1 << 20);
    int fd = client_connect(server.port);
    usleep(700000);
    client_say(fd, "POST / HTTP/1.1\r\nHost: a\r\n");
    usleep(400000);
    client_say(fd, "Content-Length: 5\r\n\r\nhe");
    assert_in_range(client_closed_after(fd, 5000, &answer), 100, 800 + 600);
    assert_int_equal(client_status(&answer), 408);
    close(fd);
    buf_free(&answer);
    assert_int_equal(ended_by(HTTP_METRIC_END_SLOW_BODY), 1);
}

static void a_slow_body_that_comes_on_is_taken(void **state)
{
    (void)state;
    struct buf answer = BUF_INIT(1 << 20);
    static char piece[10000];
    int fd = client_connect(server.port);
    client_say(fd, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
    /* 2 s in all, more than the body's deadline alone, at 50,000 bytes a second. */
    for (int i = 0; i < 10; i++) {
        client_send(fd, piece, sizeof piece);
        usleep(200000);
    }
    assert_true(client_answer(fd, &answer));
    assert_int_equal(client_status(&answer), 200);
    close(fd);
    buf_free(&answer);
}

static void an_idle_connection_is_closed(void **state)
{
    (void)state;
    struct buf answer = BUF_INIT(1 << 20);
    int fd = client_connect(server.port);
    client_say(fd, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_true(client_answer(fd, &answer));
    assert_in_range(client_closed_after(fd, 5000, NULL), 1000, 2500);
    close(fd);
    buf_free(&answer);
    assert_int_equal(ended_by(HTTP_METRIC_END_IDLE), 1);
}

static void a_handler_that_never_answers_is_answered_for(void **state)
{
    (void)state;
    struct buf answer = BUF_INIT(1 << 20);
    client_ask(server.port, "GET /never HTTP/1.1\r\nHost: a\r\n\r\n", &answer);
    assert_int_equal(client_status(&answer), 503);
    buf_free(&answer);
    assert_int_equal(ended_by(HTTP_METRIC_END_UNANSWERED), 1);
}

static void who_does_not_read_is_let_go(void **state)
{
    (void)state;
    /* More than the kernel's buffers take. */
    int fd = client_connect(server.port);
    client_say(fd, "GET /big HTTP/1.1\r\nHost: a\r\n\r\n");
    sleep(2);
    assert_int_equal(ended_by(HTTP_METRIC_END_SLOW_READER), 1);
    close(fd);
}

/* What fits into the kernel's buffers has been sent for us, and is untaken all the same. */
static void who_takes_the_answer_by_the_drop_is_let_go(void **state)
{
    (void)state;
    int fd = socket(AF_INET, SOCK_STREAM, 0), small = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(server.port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small), 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    client_say(fd, "GET /middling HTTP/1.1\r\nHost: a\r\n\r\n");
    poll(NULL, 0, 2000);
    /* Not an end that lies behind the whole answer in the kernel, but one that is there now. */
    char piece[4096];
    ssize_t got;
    size_t all = 0;
    while ((got = recv(fd, piece, sizeof piece, 0)) > 0)
        all += (size_t)got;
    assert_int_equal(got, -1);
    assert_in_range(all, 0, MIDDLING);
    close(fd);
    assert_int_equal(ended_by(HTTP_METRIC_END_SLOW_READER), 1);
}

static void who_has_shut_his_side_still_gets_the_answer(void **state)
{
    (void)state;
    struct buf answer = BUF_INIT(BIG + 10000);
    int fd = client_connect(server.port);
    client_say(fd, "GET /big HTTP/1.1\r\nHost: a\r\n\r\n");
    shutdown(fd, SHUT_WR);
    /* The end is seen while the answer is being written. */
    usleep(200000);
    assert_true(client_answer(fd, &answer));
    assert_true(client_closed_after(fd, 2000, NULL) >= 0);
    close(fd);
    buf_free(&answer);
    assert_int_equal(ended_by(HTTP_METRIC_END_CLIENT), 1);
}

static void a_full_server_says_so(void **state)
{
    (void)state;
    struct buf answer = BUF_INIT(1 << 20);
    int fds[11];
    for (int i = 0; i < 11; i++)
        fds[i] = client_connect(server.port);
    usleep(100000);
    client_say(fds[10], "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_true(client_answer(fds[10], &answer));
    assert_int_equal(client_status(&answer), 503);
    assert_non_null(strstr(buf_text(&answer), "\r\nRetry-After: 5\r\n"));
    client_say(fds[0], "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_true(client_answer(fds[0], &answer));
    assert_int_equal(client_status(&answer), 200);
    for (int i = 0; i < 11; i++)
        close(fds[i]);
    buf_free(&answer);
    usleep(200000);
    assert_int_equal(ended_by(HTTP_METRIC_END_FULL), 1);
}

static void few_descriptors_make_few_connections_and_a_word_for_the_others(void **state)
{
    (void)state;
    enum { CROWD = 150 };
    struct rlimit low = {200, 200}; /* for good: this story is the last */
    struct buf answer = BUF_INIT(1 << 20);
    serve_stop(&server);
    memset(&server, 0, sizeof server);
    server.options.routes = routes;
    server.options.connections_max = 10000;
    server.deadlines = HTTP_DEADLINES;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &low), 0);
    serve_start(&server);
    int fds[CROWD];
    for (int i = 0; i < CROWD; i++)
        fds[i] = client_connect(server.port);
    for (int i = 0; i < CROWD; i++)
        client_say(fds[i], "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    int served = 0, told = 0;
    for (int i = 0; i < CROWD; i++) {
        int heard = client_answer(fds[i], &answer);
        served += heard && client_status(&answer) == 200;
        told += heard && client_status(&answer) == 503;
    }
    for (int i = 0; i < CROWD; i++)
        close(fds[i]);
    assert_int_equal(served, 200 - LIMIT_OVERFLOW_CONNECTIONS - 64);
    /* A slow server lets some in only when those who were told have gone: they are told as well. */
    assert_in_range(told, LIMIT_OVERFLOW_CONNECTIONS, CROWD - served);
    buf_free(&answer);
}

#define STORY(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(a_slow_head_is_cut_off),
        STORY(a_slow_body_is_cut_off),
        STORY(one_who_is_slow_at_everything_is_cut_off),
        STORY(a_slow_body_that_comes_on_is_taken),
        STORY(an_idle_connection_is_closed),
        STORY(a_handler_that_never_answers_is_answered_for),
        cmocka_unit_test_setup_teardown(who_does_not_read_is_let_go, set_up_impatient, tear_down),
        STORY(who_takes_the_answer_by_the_drop_is_let_go),
        STORY(who_has_shut_his_side_still_gets_the_answer),
        STORY(a_full_server_says_so),
        STORY(few_descriptors_make_few_connections_and_a_word_for_the_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
