/* test_http_head.c -- one request at a time: what is refused, with which status, and what is forgiven. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/http/http_message.h"
#include "tests/unit/http/play.h"

static const struct {
    const char *text;
    unsigned status;
} cases[] = {
    {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", 1},
    {"\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 1},
    {"\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a\n\r\n", 400},
    {"GET / HTTP/1.1\nHost: a\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\n\r\n", 400},
    {"GET / HTTP/1.0\r\n\r\n", 1},
    {"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost:\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: me@a\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a:99999\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a:b\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: [::1]:8443\r\n\r\n", 1},
    {"GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400},
    {"GET http://a/x HTTP/1.1\r\nHost: a\r\n\r\n", 1},
    {"GET http://A:80/x HTTP/1.1\r\nHost: a\r\n\r\n", 1},
    {"GET http://b/x HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"GET ftp://a/x HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"GET a HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 1},
    {"GET /\x80 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"GET /%4 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"GET /a\\b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400},
    {"GET /\r\n\r\n", 400},
    {"GET / http/1.1\r\nHost: a\r\n\r\n", 400},
    {"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
    {"GET / HTTP/0.9\r\nHost: a\r\n\r\n", 505},
    {"GET / HTTP/1.2\r\nHost: a\r\n\r\n", 1},
    {"GET / HTTP/1.10\r\nHost: a\r\n\r\n", 400},
    {"get / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
    {"BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
    {"G@T / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a\r\nX: \x01\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a\r\nX: \x7f\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a\r\nX: \xc3\xa9\r\n\r\n", 1},
    {"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", 1},
    {"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx", 400},
    {"HEAD / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", 1},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nab", 0},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 400},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3, 3\r\n\r\nabc", 400},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\nabc", 400},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -3\r\n\r\nabc", 400},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x3\r\n\r\nabc", 400},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\nabc", 400},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551617\r\n\r\nabc", 400},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
    {"POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
    {"POST / HTTP/1.0\r\nHost: a\r\n\r\n", 411},
    {"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n", 411},
    {"POST / HTTP/1.1\r\nHost: a\r\n\r\n", 1},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nExpect: tea\r\n\r\nx", 417},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n0\r\n\r\n", 1},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n\r\n0\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400},
};

#define CHUNKED "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"

static const struct {
    const char *text;
    unsigned status;
} chunked[] = {
    {CHUNKED "3\r\nabc\r\n0\r\n\r\n", 1},     {CHUNKED "3;x=y;z=\"a\\\"b\"\r\nabc\r\n0\r\nT: 1\r\n\r\n", 1},
    {CHUNKED "0x3\r\nabc\r\n0\r\n\r\n", 400}, {CHUNKED "+3\r\nabc\r\n0\r\n\r\n", 400},
    {CHUNKED " 3\r\nabc\r\n0\r\n\r\n", 400},  {CHUNKED "3 \r\nabc\r\n0\r\n\r\n", 400},
    {CHUNKED "3\nabc\r\n0\r\n\r\n", 400},     {CHUNKED "3\r\nabcd\r\n0\r\n\r\n", 400},
    {CHUNKED "3\r\nabc\n0\r\n\r\n", 400},     {CHUNKED "\r\nabc", 400},
    {CHUNKED "3;\r\nabc\r\n0\r\n\r\n", 400},  {CHUNKED "3;a\x01\r\nabc\r\n0\r\n\r\n", 400},
    {CHUNKED "fffffffffffffffff\r\n", 400},   {CHUNKED "fffffffffffffff\r\n", 413},
    {CHUNKED "0\r\n x\r\n\r\n", 400},         {CHUNKED "0\r\nX y: 1\r\n\r\n", 400},
    {CHUNKED "0\r\nX: 1\n\r\n", 400},         {CHUNKED "3\r\nabc\r\n0\r\n", 0},
};

/* `status` 0: still more to come; 1: whole; else of the refusal. */
static void check(const char *text, size_t len, unsigned status)
{
    /* At every byte, unless that would take a minute. */
    struct played played = play((const uint8_t *)text, len, len), bytewise = play((const uint8_t *)text, len, 0);
    assert_memory_equal(&played, &bytewise, sizeof played);
    if (len < 2000)
        played = play_all_ways((const uint8_t *)text, len);
    unsigned verdict = played.status ? played.status : played.messages;
    if (verdict != status)
        fail_msg("%u, not %u: %.200s", verdict, status, text);
}

static void requests_are_read_strictly(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check(cases[i].text, strlen(cases[i].text), cases[i].status);
}

static void chunks_are_read_strictly(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof chunked / sizeof chunked[0]; i++)
        check(chunked[i].text, strlen(chunked[i].text), chunked[i].status);
}

/* `before`, then `count` times `filler`, then `after`. */
static void check_long(const char *before, const char *filler, size_t count, const char *after, unsigned status)
{
    struct buf text = BUF_INIT(1024 * 1024);
    assert_int_equal(buf_add_text(&text, before), ERR_OK);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(buf_add_text(&text, filler), ERR_OK);
    assert_int_equal(buf_add_text(&text, after), ERR_OK);
    check(buf_text(&text), text.len, status);
    buf_free(&text);
}

static void everything_has_a_limit(void **state)
{
    (void)state;
    static const char END[] = " HTTP/1.1\r\nHost: a\r\n\r\n";
    check_long("GET /", "a", LIMIT_TARGET_BYTES - 1, END, 1);
    check_long("GET /", "a", LIMIT_TARGET_BYTES, END, 414);
    check_long("GET /", "a", 100000, END, 414);
    check_long("GET /", "a", 7999 - strlen("GET /"), END, 1); /* RFC 9112 section 3: 8,000 at least */
    check_long("", "A", 1000, " / HTTP/1.1\r\nHost: a\r\n\r\n", 501);
    check_long("", "A", 100000, END, 400); /* no request line at all */
    check_long("", "A", LIMIT_METHOD_BYTES + 1, " /", 0);
    check_long("GET / HTTP/1.1\r\nHost: a\r\n", "X: y\r\n", 99, "\r\n", 1); /* what is usual elsewhere */
    check_long("GET / HTTP/1.1\r\nHost: a\r\n", "X: y\r\n", LIMIT_HEADER_COUNT - 1, "\r\n", 1);
    check_long("GET / HTTP/1.1\r\nHost: a\r\n", "X: y\r\n", LIMIT_HEADER_COUNT, "\r\n", 431);
    check_long("GET / HTTP/1.1\r\nHost: a\r\nX: ", "a", LIMIT_HEAD_BYTES - 100, "\r\n\r\n", 1);
    check_long("GET / HTTP/1.1\r\nHost: a\r\nX: ", "a", LIMIT_HEAD_BYTES, "\r\n\r\n", 431);
    check_long(CHUNKED "3;", "a", LIMIT_CHUNK_LINE, "\r\nabc\r\n0\r\n\r\n", 400);
    check_long(CHUNKED, "1;aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\na\r\n", 129, "0\r\n\r\n", 400);
    check_long(CHUNKED "0\r\n", "T: x\r\n", LIMIT_TRAILER_COUNT, "\r\n", 1);
    check_long(CHUNKED "0\r\n", "T: x\r\n", LIMIT_TRAILER_COUNT + 1, "\r\n", 431);
    check_long(CHUNKED "0\r\nT: ", "x", LIMIT_TRAILER_BYTES, "\r\n\r\n", 431);
}

static void the_parts_are_found(void **state)
{
    (void)state;
    static const char TEXT[] = "POST https://Example.org/a/b?c=d HTTP/1.1\r\nhost:example.org\r\nX-One: \t two \t\r\n"
                               "Content-Length: 5\r\nConnection: keep-alive, Close\r\n\r\n";
    struct http_head head;
    http_head_init(&head);
    size_t used;
    assert_int_equal(http_head_feed(&head, (const uint8_t *)TEXT, sizeof TEXT - 1, &used), HTTP_DONE);
    assert_int_equal(used, sizeof TEXT - 1);
    http_head_seal(&head);
    const char *bytes = buf_text(&head.bytes);
    assert_string_equal(bytes + head.path, "/a/b");
    assert_string_equal(bytes + head.query, "c=d");
    assert_string_equal(http_head_find(&head, "x-one"), "two");
    assert_null(http_head_find(&head, "x-two"));
    assert_int_equal(head.method, HTTP_POST);
    assert_int_equal(head.length, 5);
    assert_true(head.close);
    http_head_free(&head);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_are_read_strictly),
        cmocka_unit_test(chunks_are_read_strictly),
        cmocka_unit_test(everything_has_a_limit),
        cmocka_unit_test(the_parts_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
