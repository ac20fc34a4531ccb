/* test_http_stream.c -- answers in pieces: each comes when the one before was taken, the end is told from a cut, and
 * who reads nothing costs no memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/mem.h"
#include "common/http/metrics_own.h"
#include "tests/unit/http/serve.h"

static struct serve server;
static const char TEXT[] = "text/plain";
enum { PIECE = 16 * 1024, PIECES = 640 };

struct given {
    int count;
};

static void free_kept(void *kept)
{
    mem_free(kept);
    server.seen->freed++;
}

/* Three pieces, then the end. */
static void more_words(struct http_req *req, void *room)
{
    (void)room;
    static const char *const words[] = {"one ", "two ", "three"};
    struct given *given = http_req_kept(req);
    need(http_find(server.server, http_req_id(req)) == req && http_is_streaming(req));
    if (given->count < 3) {
        http_stream_give(req, words[given->count], strlen(words[given->count]));
        given->count++;
    } else {
        http_stream_end(req);
    }
}

static void begin(struct http_req *req, http_more_fn *more)
{
    http_req_keep(req, mem_new(sizeof(struct given)), free_kept);
    need(!http_is_streaming(req));
    http_set(req, "X-Total", "3");
    http_stream(req, 200, TEXT, more);
}

static void on_words(struct http_req *req, void *room)
{
    (void)room;
    begin(req, more_words);
}

/* The second piece never comes by itself: another request gives it. */
static uint64_t waiting;

static void more_later(struct http_req *req, void *room)
{
    struct given *given = http_req_kept(req);
    waiting = http_req_id(req);
    if (given->count != 1)
        more_words(req, room);
    else
        server.seen->handled++;
}

static void on_later(struct http_req *req, void *room)
{
    (void)room;
    begin(req, more_later);
}

static void on_release(struct http_req *req, void *room)
{
    struct http_req *other = http_find(server.server, waiting);
    if (other)
        more_words(other, room);
    http_answer(req, other ? 200 : 404, TEXT, "x", 1);
}

static void more_cut(struct http_req *req, void *room)
{
    struct given *given = http_req_kept(req);
    if (given->count == 2)
        http_stream_cut(req);
    else
        more_words(req, room);
}

static void on_cut(struct http_req *req, void *room)
{
    (void)room;
    begin(req, more_cut);
}

static void more_much(struct http_req *req, void *room)
{
    (void)room;
    static char piece[PIECE];
    struct given *given = http_req_kept(req);
    if (given->count++ == PIECES) {
        http_stream_end(req);
        return;
    }
    memset(piece, 'a' + given->count % 26, sizeof piece);
    server.seen->answered++;
    http_stream_give(req, piece, sizeof piece);
}

static void on_much(struct http_req *req, void *room)
{
    (void)room;
    begin(req, more_much);
}

static const struct http_route routes[] = {
    {HTTP_GET, "/words", on_words, 0, NULL},     {HTTP_POST, "/later", on_later, 0, NULL},
    {HTTP_GET, "/release", on_release, 0, NULL}, {HTTP_POST, "/cut", on_cut, 0, NULL},
    {HTTP_POST, "/much", on_much, 0, NULL},      {0, NULL, NULL, 0, NULL},
};

static int set_up(void **state)
{
    (void)state;
    memset(&server, 0, sizeof server);
    server.options.routes = routes;
    server.options.connections_max = 10;
    server.grace_ms = 500;
    server.deadlines = HTTP_DEADLINES;
    server.deadlines.handler_ms = 1500;
    server.deadlines.write_ms = 600;
    serve_start(&server);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    serve_stop(&server);
    return 0;
}

static void the_pieces_come_in_chunks_and_the_connection_stays(void **state)
{
    (void)state;
    struct buf answer = BUF_INIT(1 << 20);
    client_ask(server.port,
               "GET /words HTTP/1.1\r\nHost: a\r\n\r\nGET /words HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
               &answer);
    static const char body[] = "\r\n\r\n4\r\none \r\n4\r\ntwo \r\n5\r\nthree\r\n0\r\n\r\n";
    const char *first = strstr(buf_text(&answer), body);
    assert_non_null(first);
    assert_non_null(strstr(buf_text(&answer), "\r\nTransfer-Encoding: chunked\r\n"));
    assert_non_null(strstr(buf_text(&answer), "\r\nX-Total: 3\r\n"));
    assert_null(strstr(buf_text(&answer), "Content-Length"));
    assert_non_null(strstr(first + 1, body));
    assert_true(wait_for(&server.seen->freed, 2));
    buf_free(&answer);
}

static void who_speaks_http_1_0_gets_the_body_as_it_is(void **state)
{
    (void)state;
    struct buf answer = BUF_INIT(1 << 20);
    client_ask(server.port, "GET /words HTTP/1.0\r\n\r\n", &answer);
    assert_non_null(strstr(buf_text(&answer), "\r\nConnection: close\r\n"));
    assert_null(strstr(buf_text(&answer), "chunked"));
    assert_string_equal(strstr(buf_text(&answer), "\r\n\r\n"), "\r\n\r\none two three");
    buf_free(&answer);
}

static void a_piece_may_come_later(void **state)
{
    (void)state;
    struct buf answer = BUF_INIT(1 << 20), other = BUF_INIT(1 << 20);
    int fd = client_connect(server.port);
    client_say(fd, "POST /later HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    assert_true(wait_for(&server.seen->handled, 1));
    client_ask(server.port, "GET /release HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", &other);
    assert_int_equal(client_status(&other), 200);
    assert_true(client_closed_after(fd, 1000, &answer) >= 0);
    assert_non_null(strstr(buf_text(&answer), "4\r\none \r\n4\r\ntwo \r\n5\r\nthree\r\n0\r\n\r\n"));
    close(fd);
    buf_free(&answer);
    buf_free(&other);
}

static void what_is_cut_has_no_end(void **state)
{
    (void)state;
    struct buf answer = BUF_INIT(1 << 20);
    int fd = client_connect(server.port);
    client_say(fd, "POST /cut HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
    assert_true(client_closed_after(fd, 1000, &answer) >= 0);
    assert_null(strstr(buf_text(&answer), "0\r\n\r\n"));
    assert_true(wait_for(&server.seen->freed, 1));
    close(fd);
    buf_free(&answer);
}

/* The room does not give the next piece: our fault, and the client is not left to wait for ever. */
static void a_piece_that_does_not_come_ends_it(void **state)
{
    (void)state;
    struct buf answer = BUF_INIT(1 << 20), other = BUF_INIT(1 << 20);
    int fd = client_connect(server.port);
    client_say(fd, "POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
    assert_in_range(client_closed_after(fd, 8000, &answer), 1000, 5000);
    assert_null(strstr(buf_text(&answer), "0\r\n\r\n"));
    client_ask(server.port, "GET /release HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", &other);
    assert_int_equal(client_status(&other), 404);
    close(fd);
    buf_free(&answer);
    buf_free(&other);
}

/* Sockets hold some megabytes: the ten of the answer are not all asked for while nobody reads. */
static void who_does_not_read_is_given_no_more_and_let_go(void **state)
{
    (void)state;
    int fd = client_connect(server.port), small = 4096;
    need(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small) == 0);
    client_say(fd, "POST /much HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
    assert_true(wait_for(&server.seen->freed, 1));
    assert_in_range(server.seen->answered, 1, PIECES - 1);
    close(fd);
}

static void much_comes_whole_to_who_reads(void **state)
{
    (void)state;
    struct buf answer = BUF_INIT(32 << 20);
    client_ask(server.port, "POST /much HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
               &answer);
    assert_int_equal(server.seen->answered, PIECES);
    assert_true(answer.len > (size_t)PIECE * PIECES);
    assert_string_equal(buf_text(&answer) + answer.len - 5, "0\r\n\r\n");
    buf_free(&answer);
}

#define STORY(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(the_pieces_come_in_chunks_and_the_connection_stays),
        STORY(who_speaks_http_1_0_gets_the_body_as_it_is),
        STORY(a_piece_may_come_later),
        STORY(what_is_cut_has_no_end),
        STORY(a_piece_that_does_not_come_ends_it),
        STORY(who_does_not_read_is_given_no_more_and_let_go),
        STORY(much_comes_whole_to_who_reads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
