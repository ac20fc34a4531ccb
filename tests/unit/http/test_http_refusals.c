/* test_http_refusals.c -- a refusal over a real socket: it is heard to its last byte whatever the client is still
 * sending, says that the connection closes, closes it, and is the only answer: what was hidden behind the refused
 * request is nobody's request. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/mem.h"
#include "common/http/metrics_own.h"
#include "tests/unit/http/serve.h"

static struct serve server;

static void on_echo(struct http_req *req, void *room)
{
    (void)room;
    struct buf *body = http_req_body(req);
    http_answer(req, 200, "text/plain", buf_text(body), body->len);
}

static const struct http_route routes[] = {
    {HTTP_GET | HTTP_POST, "/", on_echo, 1024, NULL},
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

static unsigned status_lines(const struct buf *text)
{
    unsigned count = 0;
    for (const char *at = buf_text(text); (at = strstr(at, "HTTP/1.1 ")) != NULL; at++)
        count += at[9] >= '1' && at[9] <= '9';
    return count;
}

/* Everything up to the end; fails when the end is a reset, which could have overtaken the answer. */
static void hear_all(int fd, struct buf *out)
{
    char piece[4096];
    ssize_t got;
    buf_clear(out);
    while ((got = recv(fd, piece, sizeof piece, 0)) > 0)
        assert_int_equal(buf_add(out, piece, (size_t)got), ERR_OK);
    assert_int_equal(got, 0);
}

static void is_one_refusal(const struct buf *answer, unsigned status, const char *request)
{
    if (client_status(answer) != status || status_lines(answer) != 1 ||
        !strstr(buf_text(answer), "\r\nConnection: close\r\n") || !strstr(buf_text(answer), "\r\nDate: "))
        fail_msg("not one %u that closes: %.300s got %.900s", status, request, buf_text(answer));
}

/* --- what is hidden behind --- */

#define HIDDEN "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
#define POST   "POST / HTTP/1.1\r\nHost: a\r\n"

static const struct {
    const char *request;
    unsigned status;
} hidden[] = {
    {POST "Content-Length: 32\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" HIDDEN, 400},
    {POST "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n1b\r\n" HIDDEN "\r\n0\r\n\r\n", 400},
    {POST "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nX" HIDDEN, 400},
    {POST "Content-Length: +32\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" HIDDEN, 400},
    {POST "Content-Length: 32\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n" HIDDEN, 400},
    {POST "Content-Length: 5\r\nContent-Length: 32\r\n\r\nhello" HIDDEN, 400},
    {POST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\nhello" HIDDEN, 400},
    {POST "Transfer-Encoding: xchunked\r\n\r\n" HIDDEN, 400},
    {POST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" HIDDEN, 501},
    {POST "Transfer-Encoding: chunked\r\n\r\n+0\r\n\r\n" HIDDEN, 400},
    {POST "Transfer-Encoding: chunked\r\n\r\n0\n\n" HIDDEN, 400},
    {POST "Transfer-Encoding: chunked\r\n\r\n2;\nxx\r\n1b\r\n" HIDDEN "\r\n0\r\n\r\n", 400},
    {POST "Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 27\r\n\r\n" HIDDEN, 400},
    {"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 27\r\n\r\n" HIDDEN, 400},
    {"HEAD / HTTP/1.1\r\nHost: a\r\nContent-Length: 27\r\n\r\n" HIDDEN, 400},
    {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" HIDDEN, 400},
    {"GET /a b HTTP/1.1\r\nHost: a\r\n\r\n" HIDDEN, 400},
    {"GET / HTTP/2.0\r\nHost: a\r\n\r\n" HIDDEN, 505},
    {"BREW / HTTP/1.1\r\nHost: a\r\n\r\n" HIDDEN, 501},
    {"CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n" HIDDEN, 501},
    {POST "Content-Length: 27\r\nExpect: tea\r\n\r\n" HIDDEN, 417},
    {POST "Content-Length: 2000\r\n\r\n" HIDDEN, 413},
    {POST "Expect: 100-continue\r\n\r\n" HIDDEN, 411},
    {"POST / HTTP/1.0\r\n\r\n" HIDDEN, 411},
    {"GET / HTTP/1.1\rHost: a\r\n\r\n" HIDDEN, 400},
};

static void nothing_hides_behind_a_refused_request(void **state)
{
    (void)state;
    struct buf answer = BUF_INIT(1 << 20);
    for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++) {
        int fd = client_connect(server.port);
        client_say(fd, hidden[i].request);
        /* And what is said after the refusal is not heard either. */
        client_say(fd, HIDDEN);
        hear_all(fd, &answer);
        is_one_refusal(&answer, hidden[i].status, hidden[i].request);
        close(fd);
    }
    buf_free(&answer);
}

/* --- what is not said to HEAD --- */

static const struct {
    const char *request;
    unsigned status;
} heads[] = {
    {"HEAD / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n", 400},
    {"HEAD / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
    {"HEAD / HTTP/1.1.1\r\nHost: a\r\n\r\n", 400},
    {"HEAD /#f HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"HEAD /\xff HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"HEAD  / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"HEAD /nothing HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 404},
};

static void says_no_content(const char *request, unsigned status)
{
    struct buf answer = BUF_INIT(1 << 20);
    int fd = client_connect(server.port);
    client_say(fd, request);
    hear_all(fd, &answer);
    is_one_refusal(&answer, status, request);
    const char *end = strstr(buf_text(&answer), "\r\n\r\n");
    if (!end || end[4] != 0 || !strstr(buf_text(&answer), "\r\nContent-Length: "))
        fail_msg("content for HEAD: %.300s got %s", request, buf_text(&answer));
    close(fd);
    buf_free(&answer);
}

static void head_hears_no_content_whatever_is_wrong(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
        says_no_content(heads[i].request, heads[i].status);
    struct buf request = BUF_INIT(1 << 20);
    assert_int_equal(buf_add_text(&request, "HEAD /"), ERR_OK);
    while (request.len < 10000)
        assert_int_equal(buf_add_text(&request, "AAAAAAAAAAAAAAAAAAAA"), ERR_OK);
    says_no_content(buf_text(&request), 414);
    buf_free(&request);
}

/* --- who goes on talking --- */

static const struct {
    const char *before, *filler;
    unsigned status;
} endless[] = {
    {"GET /", "AAAAAAAAAAAAAAAAAAAA", 414},
    {"", "AAAAAAAAAAAAAAAAAAAA", 400},
    {"AAAAAAAAAAAAAAAAAAAAAAAA /", "AAAAAAAAAAAAAAAAAAAA", 501},
    {"GET / HTTP/1.1\r\nHost: a\r\nX: ", "BBBBBBBBBBBBBBBBBBBB", 431},
    {"GET / HTTP/1.1\r\nHost: a\r\nX", "BBBBBBBBBBBBBBBBBBBB", 431},
    {"GET / HTTP/1.1\r\nHost: a\r\n", "X-H: value\r\n", 431},
    {"GET / HTTP/1.1\r\nHost: a\r\n\x01", "XXXXXXXXXXXXXXXXXXXX", 400},
    {POST "Content-Length: 1000000\r\n\r\n", "cccccccccccccccccccc", 413},
    {POST "Transfer-Encoding: chunked\r\n\r\n", "5\r\nhello\r\n", 413},
    {POST "Transfer-Encoding: chunked\r\n\r\n5;", "aaaaaaaaaaaaaaaaaaaa", 400},
    {POST "Transfer-Encoding: chunked\r\n\r\n0\r\n", "T: value\r\n", 431},
    {POST "Content-Length: 1000000\r\nExpect: 100-continue\r\n\r\n", "cccccccccccccccccccc", 413},
};

static void who_goes_on_talking_still_hears_the_refusal(void **state)
{
    (void)state;
    struct buf request = BUF_INIT(1 << 20), answer = BUF_INIT(1 << 20);
    for (size_t i = 0; i < sizeof endless / sizeof endless[0]; i++) {
        buf_clear(&request);
        assert_int_equal(buf_add_text(&request, endless[i].before), ERR_OK);
        while (request.len < 200000)
            assert_int_equal(buf_add_text(&request, endless[i].filler), ERR_OK);
        int fd = client_connect(server.port);
        client_send(fd, request.bytes, request.len);
        hear_all(fd, &answer);
        is_one_refusal(&answer, endless[i].status, endless[i].before);
        close(fd);
    }
    buf_free(&request);
    buf_free(&answer);
}

/* --- 100 Continue --- */

static const struct {
    const char *head;
    unsigned status;
} not_continued[] = {
    {POST "Content-Length: 1000000\r\nExpect: 100-continue\r\n\r\n", 413},
    {"POST /nothing HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n", 404},
    {"DELETE / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n", 405},
    {POST "Content-Length: 5\r\nExpect: 100-continue\r\nExpect: tea\r\n\r\n", 417},
    {POST "Content-Length: 5\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n", 400},
};

static void nobody_is_told_to_send_what_will_be_refused(void **state)
{
    (void)state;
    struct buf answer = BUF_INIT(1 << 20);
    for (size_t i = 0; i < sizeof not_continued / sizeof not_continued[0]; i++) {
        int fd = client_connect(server.port);
        client_say(fd, not_continued[i].head);
        hear_all(fd, &answer);
        is_one_refusal(&answer, not_continued[i].status, not_continued[i].head);
        close(fd);
    }
    /* HTTP/1.0 knows no 1xx. */
    client_ask(server.port, "POST / HTTP/1.0\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello", &answer);
    assert_int_equal(client_status(&answer), 200);
    assert_int_equal(status_lines(&answer), 1);
    buf_free(&answer);
}

static void who_waits_is_told_to_go_on_though_the_head_came_in_pieces(void **state)
{
    (void)state;
    static const char HEAD[] = POST "Transfer-Encoding: chunked\r\nExpect: 100-Continue\r\n\r\n";
    struct buf answer = BUF_INIT(1 << 20);
    int fd = client_connect(server.port);
    for (const char *at = HEAD; *at; at++) {
        client_send(fd, at, 1);
        usleep(500);
    }
    assert_true(client_answer(fd, &answer));
    assert_string_equal(buf_text(&answer), "HTTP/1.1 100 Continue\r\n\r\n");
    client_say(fd, "5\r\nhello\r\n0\r\n\r\n" HIDDEN);
    assert_true(client_answer(fd, &answer));
    assert_int_equal(client_status(&answer), 200);
    assert_true(client_answer(fd, &answer));
    assert_int_equal(client_status(&answer), 200);
    close(fd);
    /* A body that is already there needs no word. */
    fd = client_connect(server.port);
    client_say(fd, POST "Content-Length: 5\r\nExpect: 100-continue\r\n\r\nhello");
    assert_true(client_answer(fd, &answer));
    assert_int_equal(client_status(&answer), 200);
    close(fd);
    buf_free(&answer);
}

#define STORY(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(nothing_hides_behind_a_refused_request),
        STORY(head_hears_no_content_whatever_is_wrong),
        STORY(who_goes_on_talking_still_hears_the_refusal),
        STORY(nobody_is_told_to_send_what_will_be_refused),
        STORY(who_waits_is_told_to_go_on_though_the_head_came_in_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
