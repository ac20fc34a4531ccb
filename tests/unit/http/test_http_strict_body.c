/* test_http_strict_body.c -- the same for how long a body is: Content-Length, Transfer-Encoding, chunks and trailers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/unit/http/play.h"

/* --- how long the body is --- */

#define LENGTH(lines, body) "POST / HTTP/1.1\r\nHost: a\r\n" lines "\r\n" body

static const struct trial lengths[] = {
    T(LENGTH("Content-Length: 5\r\n", "hello"), TAKEN),
    T(LENGTH("cOnTeNt-lEnGtH:5\r\n", "hello"), TAKEN),
    T(LENGTH("Content-Length:  5 \r\n", "hello"), TAKEN),
    T(LENGTH("Content-Length:\t5\t\r\n", "hello"), TAKEN),
    T(LENGTH("Content-Length: 0\r\n", ""), TAKEN),
    T(LENGTH("", ""), TAKEN), /* RFC 9112 section 6.3: none of the two, no body */
    T(LENGTH("Content-Length: 5\r\nContent-Length: 5\r\n", "hello"), 400),
    T(LENGTH("Content-Length: 5\r\nContent-Length: 10\r\n", "helloworld"), 400),
    T(LENGTH("Content-Length: 0\r\nContent-Length: 5\r\n", "hello"), 400),
    T(LENGTH("Content-Length: 5\r\nX: y\r\ncontent-length: 5\r\n", "hello"), 400),
    T(LENGTH("Content-Length: 5, 5\r\n", "hello"), 400),
    T(LENGTH("Content-Length: 5,5,5\r\n", "hello"), 400),
    T(LENGTH("Content-Length: 5, 10\r\n", "hello"), 400),
    T(LENGTH("Content-Length: ,5\r\n", "hello"), 400),
    T(LENGTH("Content-Length: 5,\r\n", "hello"), 400),
    T(LENGTH("Content-Length: +5\r\n", "hello"), 400),
    T(LENGTH("Content-Length: -5\r\n", "hello"), 400),
    T(LENGTH("Content-Length: -0\r\n", ""), 400),
    T(LENGTH("Content-Length: 05\r\n", "hello"), 400),
    T(LENGTH("Content-Length: 005\r\n", "hello"), 400),
    T(LENGTH("Content-Length: 00\r\n", ""), 400),
    T(LENGTH("Content-Length: 0x5\r\n", "hello"), 400),
    T(LENGTH("Content-Length: 0o5\r\n", "hello"), 400),
    T(LENGTH("Content-Length: 5h\r\n", "hello"), 400),
    T(LENGTH("Content-Length: a\r\n", "hello"), 400),
    T(LENGTH("Content-Length: 5.0\r\n", "hello"), 400),
    T(LENGTH("Content-Length: 5e0\r\n", "hello"), 400),
    T(LENGTH("Content-Length: 1_0\r\n", "helloworld"), 400),
    T(LENGTH("Content-Length: 1 0\r\n", "helloworld"), 400),
    T(LENGTH("Content-Length: 5;\r\n", "hello"), 400),
    T(LENGTH("Content-Length: \"5\"\r\n", "hello"), 400),
    T(LENGTH("Content-Length: '5'\r\n", "hello"), 400),
    T(LENGTH("Content-Length:\r\n", "hello"), 400),
    T(LENGTH("Content-Length\r\n", "hello"), 400),
    T(LENGTH("Content-Length : 5\r\n", "hello"), 400),
    T(LENGTH(" Content-Length: 5\r\n", "hello"), 400),
    T(LENGTH("Content-Length:\r\n 5\r\n", "hello"), 400),
    T(LENGTH("Content-Length: \x0b"
             "5\r\n",
             "hello"),
      400),
    T(LENGTH("Content-Length: 5\0\r\n", "hello"), 400),
    T(LENGTH("Content-Length: \xd9\xa5\r\n", "hello"), 400), /* an Arabic five */
    T(LENGTH("Content-Length: 5\r\r\n", "hello"), 400),
    T(LENGTH("Content-Length: 9223372036854775808\r\n", ""), 400),
    T(LENGTH("Content-Length: 18446744073709551616\r\n", ""), 400),
    T(LENGTH("Content-Length: 18446744073709551621\r\n", "hello"), 400),
    T(LENGTH("Content-Length: 99999999999999999999\r\n", ""), 400),
    /* a body where there is none */
    T("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", TAKEN),
    T("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", 400),
    T("HEAD / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", 400),
    T("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    T("OPTIONS / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", TAKEN),
    T("OPTIONS / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", 400), /* RFC 9110 section 9.3.7 */
    T("OPTIONS / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    T("OPTIONS / HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello", TAKEN),
    T("OPTIONS / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\ncontent-type: text/plain\r\n\r\nhello", TAKEN),
    T("DELETE / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", TAKEN),
    /* 411: a body is announced, or may be there, and nothing says how long */
    T("POST / HTTP/1.0\r\nHost: a\r\n\r\n", 411),
    T("PUT / HTTP/1.0\r\nHost: a\r\n\r\n", 411),
    T(LENGTH("Expect: 100-continue\r\n", ""), 411),
    T("POST / HTTP/1.0\r\nContent-Length: 5\r\n\r\nhello", TAKEN),
};
TRY(a_body_has_one_length, lengths)

/* --- Transfer-Encoding --- */

#define CODED(lines) "POST / HTTP/1.1\r\nHost: a\r\n" lines "\r\n5\r\nhello\r\n0\r\n\r\n"

static const struct trial codings[] = {
    T(CODED("Transfer-Encoding: chunked\r\n"), TAKEN),
    T(CODED("transfer-encoding:CHUNKED\r\n"), TAKEN),
    T(CODED("Transfer-Encoding:\tchunked \t\r\n"), TAKEN),
    T(CODED("Transfer-Encoding: chunked\r\nContent-Length: 15\r\n"), 400),
    T(CODED("Content-Length: 15\r\nTransfer-Encoding: chunked\r\n"), 400),
    T(CODED("Content-Length: 0\r\nTransfer-Encoding: chunked\r\n"), 400),
    T(CODED("Content-Length: +15\r\nTransfer-Encoding: chunked\r\n"), 400),
    T(CODED("Content-Length: 15a\r\nTransfer-Encoding: chunked\r\n"), 400),
    T(CODED("Content-Length: 15\r\nTransfer-Encoding: Chunked\r\n"), 400),
    T(CODED("Content-Length: 15\r\nTransfer-Encoding: identity\r\n"), 400),
    T(CODED("Content-Length: 15\r\nTransfer-Encoding: xchunked\r\n"), 400),
    T(CODED("Content-Length: 15\r\nTransfer-Encoding: \x0b"
            "chunked\r\n"),
      400),
    T(CODED("Content-Length: 15\r\nTransfer-Encoding: , chunked\r\n"), 400),
    T(CODED("Content-Length: 15\r\nTransfer_Encoding: chunked\r\n"), 400),
    T(CODED("Content-Length: 15\r\nTransfer-Encoding:\r\n"), 400),
    T(CODED("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400),
    T(CODED("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"), 400),
    T(CODED("Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n"), 501),
    T(CODED("Transfer-Encoding: chunked\r\nTransfer-Encoding:\r\n"), 400),
    T(CODED("Transfer-Encoding: chunked\r\nX: y\r\ntransfer-encoding: gzip\r\n"), 400),
    T(CODED("Transfer-Encoding: chunked, chunked\r\n"), 400),
    T(CODED("Transfer-Encoding: chunked, identity\r\n"), 400),
    T(CODED("Transfer-Encoding: identity, chunked\r\n"), 501),
    T(CODED("Transfer-Encoding: gzip, chunked\r\n"), 501),
    T(CODED("Transfer-Encoding: chunked, gzip\r\n"), 400),
    T(CODED("Transfer-Encoding: gzip\r\n"), 400),
    T(CODED("Transfer-Encoding: identity\r\n"), 400),
    T(CODED("Transfer-Encoding: xchunked\r\n"), 400),
    T(CODED("Transfer-Encoding: chunkedx\r\n"), 400),
    T(CODED("Transfer-Encoding: chunk\r\n"), 400),
    T(CODED("Transfer-Encoding: 'chunked'\r\n"), 400),
    T(CODED("Transfer-Encoding: \"chunked\"\r\n"), 400),
    T(CODED("Transfer-Encoding: chunked;q=1\r\n"), 400),
    T(CODED("Transfer-Encoding: chunked ; ext=val\r\n"), 400),
    T(CODED("Transfer-Encoding: chunked x\r\n"), 400),
    T(CODED("Transfer-Encoding: , chunked\r\n"), 400),
    T(CODED("Transfer-Encoding: chunked,\r\n"), 400),
    T(CODED("Transfer-Encoding: ,\r\n"), 400),
    T(CODED("Transfer-Encoding:\r\n"), 400),
    T(CODED("Transfer-Encoding\r\n"), 400),
    T(CODED("Transfer-Encoding : chunked\r\n"), 400),
    T(CODED("Transfer-Encoding\t: chunked\r\n"), 400),
    T(CODED(" Transfer-Encoding: chunked\r\n"), 400),
    T(CODED("Transfer-Encoding:\r\n chunked\r\n"), 400),
    T(CODED("Transfer-Encoding\r\n : chunked\r\n"), 400),
    T(CODED("Transfer-Encoding: chunked\r\n\tx\r\n"), 400),
    T(CODED("X: y\rTransfer-Encoding: chunked\r\n"), 400),
    T(CODED("X: y\nTransfer-Encoding: chunked\r\n"), 400),
    T(CODED("X: y\r\r\nTransfer-Encoding: chunked\r\n"), 400),
    T(CODED("Transfer-Encoding: \x0b"
            "chunked\r\n"),
      400),
    T(CODED("Transfer-Encoding: \x0c"
            "chunked\r\n"),
      400),
    T(CODED("Transfer-Encoding: \0chunked\r\n"), 400),
    T(CODED("Transfer-Encoding: chunked\0\r\n"), 400),
    T(CODED("Transfer-Encoding: chunked\r\r\n"), 400),
    T(CODED("Transfer-Encoding: \xa0"
            "chunked\r\n"),
      400),
    T(CODED("Transfer-Encoding: ch\xc5\xabnked\r\n"), 400),
    T(CODED("Transfer-Encoding\0: chunked\r\n"), 400),
    T(CODED("Transfer-Encoding\xa0: chunked\r\n"), 400),
    T(CODED("Transfer_Encoding: chunked\r\n"), 400),
    T("POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    T("POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nhello", 400),
    T("POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 400),
};
TRY(the_only_coding_is_chunked, codings)

/* --- chunks --- */

#define CHUNKS(body) "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" body

static const struct trial chunks[] = {
    T(CHUNKS("5\r\nhello\r\n0\r\n\r\n"), TAKEN),
    T(CHUNKS("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"), TAKEN),
    T(CHUNKS("0\r\n\r\n"), TAKEN),
    T(CHUNKS("000\r\n\r\n"), TAKEN), /* last-chunk = 1*"0" */
    T(CHUNKS("A\r\nhelloworld\r\n0\r\n\r\n"), TAKEN),
    T(CHUNKS("a\r\nhelloworld\r\n0\r\n\r\n"), TAKEN),
    T(CHUNKS("5;ext\r\nhello\r\n0\r\n\r\n"), TAKEN),
    T(CHUNKS("5;ext=value\r\nhello\r\n0;a=\"b\\\"c;d\"\r\n\r\n"), TAKEN),
    T(CHUNKS("5 ; ext = value\r\nhello\r\n0\r\n\r\n"), TAKEN), /* BWS: parsed and removed */
    T(CHUNKS("0x5\r\nhello\r\n0\r\n\r\n"), 400),
    T(CHUNKS("+5\r\nhello\r\n0\r\n\r\n"), 400),
    T(CHUNKS("-1\r\nhello\r\n0\r\n\r\n"), 400),
    T(CHUNKS("+0\r\n\r\n"), 400),
    T(CHUNKS(" 5\r\nhello\r\n0\r\n\r\n"), 400),
    T(CHUNKS("5 \r\nhello\r\n0\r\n\r\n"), 400),
    T(CHUNKS("5\t\r\nhello\r\n0\r\n\r\n"), 400),
    T(CHUNKS("1_0\r\nhello world!!!!!\r\n0\r\n\r\n"), 400),
    T(CHUNKS("5.\r\nhello\r\n0\r\n\r\n"), 400),
    T(CHUNKS("5,\r\nhello\r\n0\r\n\r\n"), 400),
    T(CHUNKS("5h\r\nhello\r\n0\r\n\r\n"), 400),
    T(CHUNKS("g\r\nhello\r\n0\r\n\r\n"), 400),
    T(CHUNKS("\"5\"\r\nhello\r\n0\r\n\r\n"), 400),
    T(CHUNKS("5 5\r\nhello\r\n0\r\n\r\n"), 400),
    T(CHUNKS("\r\n"), 400),
    T(CHUNKS("\r\n5\r\nhello\r\n0\r\n\r\n"), 400),
    T(CHUNKS("\0"
             "5\r\nhello\r\n0\r\n\r\n"),
      400),
    T(CHUNKS("5\0\r\nhello\r\n0\r\n\r\n"), 400),
    T(CHUNKS("5\x0b\r\nhello\r\n0\r\n\r\n"), 400),
    T(CHUNKS("5\xa0\r\nhello\r\n0\r\n\r\n"), 400),
    T(CHUNKS("\xef\xbc\x95\r\nhello\r\n0\r\n\r\n"), 400), /* a wide five */
    /* extensions */
    T(CHUNKS("5;\r\nhello\r\n0\r\n\r\n"), 400),
    T(CHUNKS("5;;a\r\nhello\r\n0\r\n\r\n"), 400),
    T(CHUNKS("5;=a\r\nhello\r\n0\r\n\r\n"), 400),
    T(CHUNKS("5;a=\r\nhello\r\n0\r\n\r\n"), 400),
    T(CHUNKS("5;bad[=x\r\nhello\r\n0\r\n\r\n"), 400),
    T(CHUNKS("5;a=\"b\r\nhello\r\n0\r\n\r\n"), 400),
    T(CHUNKS("5;a=\"b\"c\r\nhello\r\n0\r\n\r\n"), 400),
    T(CHUNKS("5;a b\r\nhello\r\n0\r\n\r\n"), 400),
    T(CHUNKS("5;\0ext\r\nhello\r\n0\r\n\r\n"), 400),
    T(CHUNKS("5;a\rX\r\nhello\r\n0\r\n\r\n"), 400),
    T(CHUNKS("5;\nhello\r\n0\r\n\r\n"), 400),
    T(CHUNKS("5;a\nhello\r\n0\r\n\r\n"), 400),
    T(CHUNKS("2;\nxx\r\n50\r\n0\r\n\r\n"), 400),
    /* line ends */
    T(CHUNKS("5\nhello\r\n0\r\n\r\n"), 400),
    T(CHUNKS("5\rhello\r\n0\r\n\r\n"), 400),
    T(CHUNKS("5\r\r\nhello\r\n0\r\n\r\n"), 400),
    T(CHUNKS("5\r\nhello\n0\r\n\r\n"), 400),
    T(CHUNKS("5\r\nhello\r0\r\n\r\n"), 400),
    T(CHUNKS("5\r\nhello0\r\n\r\n"), 400),
    T(CHUNKS("5\r\nhello!!\r\n0\r\n\r\n"), 400),
    T(CHUNKS("5\r\nhelloXX0\r\n\r\n"), 400),
    T(CHUNKS("5\r\nhello\r\n0\r\n\n"), 400),
    T(CHUNKS("5\r\nhello\r\n0\n\r\n"), 400),
    T(CHUNKS("5\r\nhello\r\n0\n\n"), 400),
    T(CHUNKS("5\r\nhello\r\n0\r\n\rX"), 400),
    T(CHUNKS("5\r\nhello\r\n0\r\r\n\r\n"), 400),
    /* numbers that no counter holds, and one that no body here reaches */
    T(CHUNKS("FFFFFFFFFFFFFFFF0\r\nhello\r\n0\r\n\r\n"), 400),
    T(CHUNKS("FFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n"), 400),
    T(CHUNKS("10000000000000005\r\nhello\r\n0\r\n\r\n"), 400),
    T(CHUNKS("8000000000000000\r\nhello\r\n0\r\n\r\n"), 400),
    T(CHUNKS("00000000000000005\r\nhello\r\n0\r\n\r\n"), 400),
    T(CHUNKS("7FFFFFFF\r\nhello\r\n0\r\n\r\n"), 413),
};
TRY(chunks_have_one_form, chunks)

#define TRAILER(lines) CHUNKS("5\r\nhello\r\n0\r\n" lines "\r\n")

static const struct trial trailers[] = {
    T(TRAILER("X-Checksum: abc\r\n"), TAKEN),
    T(TRAILER("X: y\r\nZ:\r\n"), TAKEN),
    T(TRAILER("Vary: *\r\nContent-Type: text/evil\r\n"), TAKEN),
    /* RFC 9110 section 6.5.1: these cannot be meant behind the content */
    T(TRAILER("Content-Length: 50\r\n"), 400),
    T(TRAILER("content-length: 5\r\n"), 400),
    T(TRAILER("Transfer-Encoding: chunked\r\n"), 400),
    T(TRAILER("X: y\r\nHost: evil.example\r\n"), 400),
    T(TRAILER("Authorization: Bearer evil\r\n"), 400),
    T(TRAILER("Cookie: a=b\r\n"), 400),
    T(TRAILER("Expect: 100-continue\r\n"), 400),
    T(TRAILER("Transfer_Encoding: chunked\r\n"), 400),
    T(TRAILER(": y\r\n"), 400),
    T(TRAILER("X\r\n"), 400),
    T(TRAILER("X : y\r\n"), 400),
    T(TRAILER(" X: y\r\n"), 400),
    T(TRAILER("X: y\r\n folded\r\n"), 400),
    T(TRAILER("X: y\n"), 400),
    T(TRAILER("X: y\rZ\r\n"), 400),
    T(TRAILER("X: \0\r\n"), 400),
    T(TRAILER("X\xc3: y\r\n"), 400),
    T(TRAILER("GET / HTTP/1.1\r\n"), 400),
};
TRY(trailers_have_the_form_of_headers_and_mean_nothing, trailers)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_body_has_one_length),
        cmocka_unit_test(the_only_coding_is_chunked),
        cmocka_unit_test(chunks_have_one_form),
        cmocka_unit_test(trailers_have_the_form_of_headers_and_mean_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
