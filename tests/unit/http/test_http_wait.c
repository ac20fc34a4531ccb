/* test_http_wait.c -- a room that cannot take more: the sender waits, nothing is lost, nobody pays for it but the room.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/mem.h"
#include "common/http/metrics_own.h"
#include "tests/unit/http/serve.h"

static struct serve server;
static const char TEXT[] = "text/plain";
enum { MUCH = 2 << 20, A_PIECE_MOST = 64 * 1024 };

/* What one upload has brought. */
struct taken {
    size_t len;
    unsigned sum, pieces;
    int64_t go_on_at;
};

static void free_kept(void *kept)
{
    mem_free(kept);
    server.seen->freed++;
}

static struct taken *taken_of(struct http_req *req)
{
    if (!http_req_kept(req))
        http_req_keep(req, mem_new(sizeof(struct taken)), free_kept);
    return http_req_kept(req);
}

static struct taken *take(struct http_req *req, const uint8_t *piece, size_t len)
{
    struct taken *taken = taken_of(req);
    assert_true(len <= A_PIECE_MOST);
    for (size_t i = 0; i < len; i++)
        taken->sum = taken->sum * 31 + piece[i];
    taken->len += len;
    taken->pieces++;
    return taken;
}

static uint64_t waiting;

static void go_on(void *arg)
{
    (void)arg;
    struct http_req *req = http_find(server.server, waiting);
    if (req)
        http_body_go_on(req);
}

/* Waits after each piece, and goes on in the next turn of the loop. */
static enum err piece_in_turns(struct http_req *req, void *room, const uint8_t *piece, size_t len)
{
    (void)room;
    take(req, piece, len);
    waiting = http_req_id(req);
    http_body_wait(req);
    loop_later(server.loop, go_on, NULL);
    return ERR_OK;
}

/* Waits until another request lets it go on. */
static enum err piece_until_let(struct http_req *req, void *room, const uint8_t *piece, size_t len)
{
    (void)room;
    struct taken *taken = take(req, piece, len);
    server.seen->answered = (int)taken->pieces;
    waiting = http_req_id(req);
    if (taken->pieces == 1)
        http_body_wait(req);
    server.seen->handled++;
    return ERR_OK;
}

static void say_what_came(struct http_req *req, void *room)
{
    (void)room;
    char text[64];
    struct taken *taken = taken_of(req);
    int len = snprintf(text, sizeof text, "%zu %u", taken->len, taken->sum);
    http_answer(req, 200, TEXT, text, (size_t)len);
}

static enum err piece_refused(struct http_req *req, void *room, const uint8_t *piece, size_t len)
{
    (void)room;
    take(req, piece, len);
    http_problem(req, 409, "offset", "Another offset.", NULL);
    return ERR_OK;
}

static void on_release(struct http_req *req, void *room)
{
    (void)room;
    struct http_req *other = http_find(server.server, waiting);
    if (other)
        http_body_go_on(other);
    http_answer(req, other ? 200 : 404, TEXT, "x", 1);
}

static const struct http_route routes[] = {
    {HTTP_POST, "/turns", say_what_came, 4 << 20, piece_in_turns},
    {HTTP_POST, "/let", say_what_came, 4 << 20, piece_until_let},
    {HTTP_POST, "/refused", say_what_came, 4 << 20, piece_refused},
    {HTTP_GET, "/release", on_release, 0, NULL},
    {0, NULL, NULL, 0, NULL},
};

static int set_up(void **state)
{
    (void)state;
    memset(&server, 0, sizeof server);
    server.options.routes = routes;
    server.options.connections_max = 10;
    server.grace_ms = 500;
    server.deadlines = HTTP_DEADLINES;
    server.deadlines.handler_ms = 3000;
    server.deadlines.body_ms = 1000;
    server.deadlines.request_ms = 1200;
    serve_start(&server);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    serve_stop(&server);
    return 0;
}

static unsigned fill(char *to, size_t len)
{
    unsigned sum = 0;
    for (size_t i = 0; i < len; i++) {
        to[i] = (char)(i * 7 + i / 1000);
        sum = sum * 31 + (uint8_t)to[i];
    }
    return sum;
}

static void release(unsigned status)
{
    struct buf answer = BUF_INIT(1 << 16);
    client_ask(server.port, "GET /release HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", &answer);
    assert_int_equal(client_status(&answer), status);
    buf_free(&answer);
}

static void a_body_that_is_taken_in_turns_comes_whole(void **state)
{
    (void)state;
    char *body = mem_new(MUCH), want[64];
    struct buf answer = BUF_INIT(1 << 16);
    snprintf(want, sizeof want, "\r\n\r\n%d %u", MUCH, fill(body, MUCH));
    for (int chunked = 0; chunked < 2; chunked++) {
        int fd = client_connect(server.port);
        client_say(fd, "POST /turns HTTP/1.1\r\nHost: a\r\nConnection: close\r\n");
        client_say(fd, chunked ? "Transfer-Encoding: chunked\r\n\r\n200000\r\n" : "Content-Length: 2097152\r\n\r\n");
        client_send(fd, body, MUCH);
        if (chunked)
            client_say(fd, "\r\n0\r\n\r\n");
        buf_clear(&answer);
        assert_true(client_closed_after(fd, 5000, &answer) >= 0);
        assert_int_equal(client_status(&answer), 200);
        assert_string_equal(strstr(buf_text(&answer), "\r\n\r\n"), want);
        close(fd);
    }
    buf_free(&answer);
    mem_free(body);
}

/* The whole body is there, in one piece; its end must be told when the room goes on, although no byte comes any more.
 */
static void the_end_is_told_after_the_wait(void **state)
{
    (void)state;
    struct buf answer = BUF_INIT(1 << 16);
    int fd = client_connect(server.port);
    client_say(fd, "POST /let HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
    assert_true(wait_for(&server.seen->handled, 1));
    struct timespec pause = {.tv_sec = 1, .tv_nsec = 500 * 1000 * 1000L};
    nanosleep(&pause, NULL); /* longer than a body may take: the time is the room's */
    release(200);
    assert_int_equal(client_answer(fd, &answer), 1);
    assert_int_equal(client_status(&answer), 200);
    close(fd);
    buf_free(&answer);
}

static void what_waits_is_bounded(void **state)
{
    (void)state;
    char *body = mem_new(MUCH);
    (void)fill(body, MUCH);
    int fd = client_connect(server.port), small = 4096;
    need(setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &small, sizeof small) == 0);
    client_say(fd, "POST /let HTTP/1.1\r\nHost: a\r\nContent-Length: 2097152\r\n\r\n");
    (void)!send(fd, body, MUCH, MSG_DONTWAIT);
    assert_true(wait_for(&server.seen->handled, 1));
    usleep(300 * 1000);
    assert_int_equal(server.seen->answered, 1); /* no second piece while it waits */
    close(fd);
    assert_true(wait_for(&server.seen->freed, 1)); /* and who leaves meanwhile is noticed */
    release(404);
    mem_free(body);
}

static void a_room_that_never_goes_on_is_at_fault(void **state)
{
    (void)state;
    struct buf answer = BUF_INIT(1 << 16);
    int fd = client_connect(server.port);
    client_say(fd, "POST /let HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\nhello");
    assert_in_range(client_closed_after(fd, 9000, &answer), 2500, 8000);
    assert_int_equal(client_status(&answer), 503);
    close(fd);
    buf_free(&answer);
}

static void an_answer_may_come_before_the_end_and_closes(void **state)
{
    (void)state;
    struct buf answer = BUF_INIT(1 << 16);
    int fd = client_connect(server.port);
    client_say(fd, "POST /refused HTTP/1.1\r\nHost: a\r\nContent-Length: 500000\r\n\r\nhello");
    assert_true(client_closed_after(fd, 5000, &answer) >= 0);
    assert_int_equal(client_status(&answer), 409);
    assert_non_null(strstr(buf_text(&answer), "\r\nConnection: close\r\n"));
    close(fd);
    buf_free(&answer);
}

#define STORY(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(a_body_that_is_taken_in_turns_comes_whole),
        STORY(the_end_is_told_after_the_wait),
        STORY(what_waits_is_bounded),
        STORY(a_room_that_never_goes_on_is_at_fault),
        STORY(an_answer_may_come_before_the_end_and_closes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
