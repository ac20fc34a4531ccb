/* test_http_server.c -- a real server over a real socket: routes, answers, headers, keep-alive, pipelining, bodies, the
 * client that goes, and the graceful stop. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/mem.h"
#include "common/http/metrics_own.h"
#include "tests/unit/http/serve.h"

static struct serve server;
static const char TEXT[] = "text/plain";

/* --- the room --- */

static void on_echo(struct http_req *req, void *room)
{
    (void)room;
    struct buf *body = http_req_body(req);
    http_answer(req, 200, TEXT, buf_text(body), body->len);
}

static void on_params(struct http_req *req, void *room)
{
    (void)room;
    struct buf out = BUF_INIT(1024);
    need(buf_addf(&out, "%s+%s?%s", http_req_param(req, 0), http_req_param(req, 1), http_req_query(req)) == ERR_OK);
    http_answer(req, 200, TEXT, buf_text(&out), out.len);
    buf_free(&out);
}

static void free_kept(void *kept)
{
    mem_free(kept);
    server.seen->freed++;
}

static uint64_t waiting;

static void on_later(struct http_req *req, void *room)
{
    (void)room;
    waiting = http_req_id(req);
    need(http_find(server.server, waiting) == req);
    http_req_keep(req, mem_new(10), free_kept);
    server.seen->handled++;
}

/* Answers what waits, after a second handler has asked for it, or tells that it is gone. */
static void on_release(struct http_req *req, void *room)
{
    (void)room;
    struct http_req *other = http_find(server.server, waiting);
    if (other)
        http_answer(other, 200, TEXT, "late", 4);
    else
        server.seen->gone++;
    need(http_find(server.server, waiting) == NULL);
    http_answer(req, 204, NULL, NULL, 0);
}

static enum err on_piece(struct http_req *req, void *room, const uint8_t *piece, size_t len)
{
    (void)room;
    (void)req;
    need(len > 0);
    return memchr(piece, '!', len) ? ERR_DENIED : memchr(piece, '#', len) ? ERR_BUSY : ERR_OK;
}

static void on_streamed(struct http_req *req, void *room)
{
    (void)room;
    need(http_req_body(req)->len == 0);
    http_answer(req, 200, TEXT, "streamed", 8);
}

static void on_problem(struct http_req *req, void *room)
{
    (void)room;
    http_problem(req, 422, "wrong-value", "That day does not exist.", "day");
}

static void on_busy(struct http_req *req, void *room)
{
    (void)room;
    http_busy(req, 7);
}

static void on_see_other(struct http_req *req, void *room)
{
    (void)room;
    http_set(req, "Set-Cookie", "a=b");
    http_set(req, "X-Frame-Options", "sameorigin");
    http_see_other(req, "/receipt");
}

static const struct http_route routes[] = {
    {HTTP_GET | HTTP_POST, "/", on_echo, 100000, NULL},
    {HTTP_GET, "/cases/{id}/answers/{n}", on_params, 0, NULL},
    {HTTP_GET, "/later", on_later, 0, NULL},
    {HTTP_GET, "/release", on_release, 0, NULL},
    {HTTP_POST, "/stream", on_streamed, 10000000, on_piece},
    {HTTP_GET, "/problem", on_problem, 0, NULL},
    {HTTP_GET, "/busy", on_busy, 0, NULL},
    {HTTP_PUT | HTTP_DELETE, "/see", on_see_other, 10, NULL},
    {HTTP_GET, "/see", on_see_other, 0, NULL},
    {0, NULL, NULL, 0, NULL},
};

static int set_up(void **state)
{
    (void)state;
    memset(&server, 0, sizeof server);
    server.options.routes = routes;
    server.grace_ms = 3000;
    serve_start(&server);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    serve_stop(&server);
    return 0;
}

/* --- stories --- */

static const struct {
    const char *request;
    unsigned status;
    const char *has; /* in the answer; NULL: anything */
    int keeps;       /* the connection stays */
} stories[] = {
    {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", 200, "\r\nContent-Length: 0\r\n", 1},
    {"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 200, "\r\nConnection: close\r\n", 0},
    {"GET / HTTP/1.0\r\n\r\n", 200, "HTTP/1.1 200 OK\r\n", 0},
    {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 200, "\r\nConnection: close\r\n", 0},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", 200, "\r\n\r\nhello", 1},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", 200,
     "\r\n\r\nhello", 1},
    {"GET /cases/a%2Fb/answers/7?x=y HTTP/1.1\r\nHost: a\r\n\r\n", 200, "a/b+7?x=y", 1},
    {"GET /cases//answers/7 HTTP/1.1\r\nHost: a\r\n\r\n", 404, NULL, 1},
    {"GET /cases/1/answers/7/ HTTP/1.1\r\nHost: a\r\n\r\n", 404, NULL, 1},
    {"GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n", 404, "nothing at this address", 1},
    {"POST /nothing HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", 404, NULL, 1},
    {"POST /nothing HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\nhello", 404, NULL, 0},
    {"POST /nothing HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n", 404, NULL, 0},
    {"DELETE /cases/1/answers/7 HTTP/1.1\r\nHost: a\r\n\r\n", 405, "\r\nAllow: GET, HEAD, OPTIONS\r\n", 0},
    {"POST /see HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx", 405,
     "\r\nAllow: GET, HEAD, PUT, DELETE, OPTIONS\r\n", 0},
    {"OPTIONS / HTTP/1.1\r\nHost: a\r\n\r\n", 204, "\r\nAllow: GET, HEAD, POST, OPTIONS\r\n", 1},
    {"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 204, "\r\nAllow: GET, HEAD, POST, PUT, DELETE, OPTIONS\r\n", 1},
    {"GET /see HTTP/1.1\r\nHost: a\r\n\r\n", 303, "\r\nLocation: /receipt\r\n", 1},
    {"GET /see HTTP/1.1\r\nHost: a\r\n\r\n", 303, "\r\nX-Frame-Options: sameorigin\r\n", 1},
    {"GET /problem HTTP/1.1\r\nHost: a\r\n\r\n", 422,
     "{\"type\":\"/problems/wrong-value\",\"title\":\"Unprocessable Content\",\"status\":422,\"detail\":\"That day "
     "does "
     "not exist.\",\"field\":\"day\"}",
     1},
    {"GET /busy HTTP/1.1\r\nHost: a\r\n\r\n", 503, "\r\nRetry-After: 7\r\n", 1},
    {"POST /stream HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", 200, "streamed", 1},
    {"POST /stream HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nhello!", 415, NULL, 1},
    {"POST /stream HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nhello#", 503, NULL, 1},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100001\r\n\r\n", 413, NULL, 0},
    {"PUT /see HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n01234567890\r\n0\r\n\r\n", 413, NULL, 0},
    {"GET / HTTP/1.1\r\n\r\n", 400, "exactly one Host", 0},
    {"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505, NULL, 0},
    {"BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501, NULL, 0},
    {"POST / HTTP/1.0\r\n\r\n", 411, NULL, 0},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nExpect: x\r\n\r\ny", 417, NULL, 0},
};

/* The connection is alive when another request is answered on it. */
static int is_alive(int fd, struct buf *answer)
{
    client_say(fd, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    return client_answer(fd, answer) && client_status(answer) == 200;
}

static void requests_get_the_answer_they_deserve(void **state)
{
    (void)state;
    struct buf answer = BUF_INIT(1 << 20);
    for (size_t i = 0; i < sizeof stories / sizeof stories[0]; i++) {
        int fd = client_connect(server.port);
        client_say(fd, stories[i].request);
        assert_true(client_answer(fd, &answer));
        if (client_status(&answer) != stories[i].status ||
            (stories[i].has && !strstr(buf_text(&answer), stories[i].has)))
            fail_msg("%s got %s", stories[i].request, buf_text(&answer));
        int says_close = strstr(buf_text(&answer), "\r\nConnection: close\r\n") != NULL;
        assert_int_equal(says_close, !stories[i].keeps);
        if (is_alive(fd, &answer) != stories[i].keeps)
            fail_msg("keep-alive after %s", stories[i].request);
        close(fd);
    }
    buf_free(&answer);
}

static void every_answer_carries_the_headers(void **state)
{
    (void)state;
    static const char *const requests[] = {
        "GET / HTTP/1.0\r\n\r\n",
        "GET /nothing HTTP/1.0\r\n\r\n",
        "bad\r\n\r\n",
        "GET /busy HTTP/1.0\r\n\r\n",
        "GET /problem HTTP/1.0\r\n\r\n",
        "DELETE / HTTP/1.0\r\n\r\n",
        "OPTIONS / HTTP/1.0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n",
    };
    json_t *add = json_load_file(VECTORS "/web/owasp-headers_add.json", 0, NULL), *one;
    json_t *not = json_load_file(VECTORS "/web/owasp-headers_remove.json", 0, NULL);
    assert_non_null(add);
    assert_non_null(not );
    struct buf answer = BUF_INIT(1 << 20);
    char line[1024];
    size_t j;
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        client_ask(server.port, requests[i], &answer);
        json_array_foreach(json_object_get(add, "headers"), j, one)
        {
            const char *name = json_string_value(json_object_get(one, "name"));
            const char *value = json_string_value(json_object_get(one, "value"));
            if (strcmp(name, "Clear-Site-Data") == 0 || strcmp(name, "Strict-Transport-Security") == 0) {
                assert_null(strcasestr(buf_text(&answer), name));
                continue;
            }
            if (strcmp(name, "Content-Security-Policy") == 0)
                value = "default-src 'none'";
            snprintf(line, sizeof line, "\r\n%s: %s\r\n", name, value);
            if (!strstr(buf_text(&answer), line))
                fail_msg("%s lacks %s", requests[i], line);
        }
        json_array_foreach(json_object_get(not, "headers"), j, one)
        {
            snprintf(line, sizeof line, "\r\n%s:", json_string_value(one));
            assert_null(strcasestr(buf_text(&answer), line));
        }
    }
    buf_free(&answer);
    json_decref(add);
    json_decref(not );
}

static void a_head_has_the_length_and_no_body(void **state)
{
    (void)state;
    struct buf answer = BUF_INIT(1 << 20);
    int fd = client_connect(server.port);
    client_say(fd, "HEAD /cases/1/answers/2 HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_true(client_head(fd, &answer));
    assert_non_null(strstr(buf_text(&answer), "\r\nContent-Length: 4\r\n"));
    assert_true(is_alive(fd, &answer));
    close(fd);
    buf_free(&answer);
}

static void pipelined_requests_are_answered_in_order(void **state)
{
    (void)state;
    struct buf answer = BUF_INIT(1 << 20);
    int fd = client_connect(server.port);
    for (int i = 0; i < 300; i++) {
        char text[200];
        snprintf(text, sizeof text, "GET /cases/%d/answers/x HTTP/1.1\r\nHost: a\r\n\r\n", i);
        client_say(fd, text);
    }
    for (int i = 0; i < 300; i++) {
        char expected[32];
        snprintf(expected, sizeof expected, "\r\n\r\n%d+x?", i);
        assert_true(client_answer(fd, &answer));
        assert_non_null(strstr(buf_text(&answer), expected));
    }
    /* And to one who has shut his sending side. */
    client_say(fd, "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /problem HTTP/1.1\r\nHost: a\r\n\r\n");
    shutdown(fd, SHUT_WR);
    assert_true(client_answer(fd, &answer));
    assert_true(client_answer(fd, &answer));
    assert_int_equal(client_status(&answer), 422);
    assert_true(client_closed_after(fd, 5000, NULL) >= 0);
    close(fd);
    buf_free(&answer);
}

static void an_answer_may_come_later(void **state)
{
    (void)state;
    struct buf answer = BUF_INIT(1 << 20);
    int fd = client_connect(server.port), other = client_connect(server.port);
    client_say(fd, "GET /later HTTP/1.1\r\nHost: a\r\n\r\nGET /problem HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_true(wait_for(&server.seen->handled, 1));
    client_say(other, "GET /release HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_true(client_answer(other, &answer));
    assert_true(client_answer(fd, &answer));
    assert_non_null(strstr(buf_text(&answer), "late"));
    assert_true(client_answer(fd, &answer));
    assert_int_equal(client_status(&answer), 422);
    assert_int_equal(server.seen->gone, 0);
    assert_int_equal(server.seen->freed, 1);
    close(fd);
    close(other);
    buf_free(&answer);
}

static void a_client_that_goes_is_noticed(void **state)
{
    (void)state;
    struct buf answer = BUF_INIT(1 << 20);
    int other = client_connect(server.port);
    for (int reset = 0; reset < 2; reset++) {
        int fd = client_connect(server.port);
        client_say(fd, "GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
        assert_true(wait_for(&server.seen->handled, reset + 1));
        struct linger linger = {reset, 0};
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
        close(fd);
        assert_true(wait_for(&server.seen->freed, reset + 1));
        client_say(other, "GET /release HTTP/1.1\r\nHost: a\r\n\r\n");
        assert_true(client_answer(other, &answer));
        assert_int_equal(server.seen->gone, reset + 1);
    }
    close(other);
    buf_free(&answer);
}

static void a_large_body_comes_back_whole(void **state)
{
    (void)state;
    enum { SIZE = 100000 };
    struct buf request = BUF_INIT(1 << 20), answer = BUF_INIT(1 << 20);
    uint8_t *body = mem_new(SIZE);
    for (size_t i = 0; i < SIZE; i++)
        body[i] = (uint8_t)(i * 7 % 251);
    assert_int_equal(buf_addf(&request, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n", SIZE), ERR_OK);
    assert_int_equal(buf_add(&request, body, SIZE), ERR_OK);
    int fd = client_connect(server.port);
    for (int i = 0; i < 3; i++) {
        client_send(fd, request.bytes, request.len);
        assert_true(client_answer(fd, &answer));
        assert_memory_equal(answer.bytes + answer.len - SIZE, body, SIZE);
    }
    close(fd);
    mem_free(body);
    buf_free(&request);
    buf_free(&answer);
}

static void who_waits_for_100_is_told(void **state)
{
    (void)state;
    struct buf answer = BUF_INIT(1 << 20);
    int fd = client_connect(server.port);
    client_say(fd, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    assert_true(client_answer(fd, &answer));
    assert_string_equal(buf_text(&answer), "HTTP/1.1 100 Continue\r\n\r\n");
    client_say(fd, "hi");
    assert_true(client_answer(fd, &answer));
    assert_int_equal(client_status(&answer), 200);
    close(fd);
    buf_free(&answer);
}

static void a_stop_finishes_what_was_begun(void **state)
{
    (void)state;
    struct buf answer = BUF_INIT(1 << 20);
    int idle = client_connect(server.port), busy = client_connect(server.port), half = client_connect(server.port);
    assert_true(is_alive(idle, &answer));
    client_say(busy, "GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
    client_say(half, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel");
    assert_true(wait_for(&server.seen->handled, 1));
    usleep(100000);
    kill(server.pid, SIGTERM);
    assert_true(client_closed_after(idle, 1000, NULL) >= 0);
    client_say(half, "lo");
    assert_true(client_answer(half, &answer));
    assert_non_null(strstr(buf_text(&answer), "\r\nConnection: close\r\n"));
    /* Nobody answers this one: it ends with the grace. */
    int64_t after = client_closed_after(busy, 8000, NULL);
    assert_in_range(after, 1500, 5000);
    assert_true(wait_for(&server.seen->stopped, 1));
    close(idle);
    close(busy);
    close(half);
    buf_free(&answer);
}

#define STORY(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(requests_get_the_answer_they_deserve),
        STORY(every_answer_carries_the_headers),
        STORY(a_head_has_the_length_and_no_body),
        STORY(pipelined_requests_are_answered_in_order),
        STORY(an_answer_may_come_later),
        STORY(a_client_that_goes_is_noticed),
        STORY(a_large_body_comes_back_whole),
        STORY(who_waits_for_100_is_told),
        STORY(a_stop_finishes_what_was_begun),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
