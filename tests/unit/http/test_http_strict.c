/* test_http_strict.c -- what those try who want two readers to see two requests in the same bytes, theme by theme.
 *
 * Each case is played whole, cut in two at every byte, and byte by byte, always followed by a plain request: after a
 * refusal nothing more may be read, and where a request is taken, the next must begin exactly behind it. Bytes are
 * counted (sizeof), so that a NUL is one of them. docs/http.md has the same as a table with the sections of the RFCs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <string.h>

#include "common/base/buf.h"
#include "common/base/mem.h"
#include "tests/unit/http/play.h"

struct trial {
    const char *text;
    size_t len;
    unsigned verdict; /* status of the refusal, or TAKEN */
};

enum { TAKEN = 200 };
#define T(text, verdict)                                                                                               \
    {                                                                                                                  \
        text, sizeof(text) - 1, verdict                                                                                \
    }
static const char NEXT[] = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n";

static void try_all(const struct trial *trials, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct buf bytes = BUF_INIT(64 * 1024);
        assert_int_equal(buf_add(&bytes, trials[i].text, trials[i].len), ERR_OK);
        assert_int_equal(buf_add_text(&bytes, NEXT), ERR_OK);
        struct played played = play_all_ways(bytes.bytes, bytes.len);
        unsigned verdict = played.status ? played.status : TAKEN;
        if (verdict != trials[i].verdict || played.messages != (played.status ? 0 : 2))
            fail_msg("%u with %u messages, not %u: %s", verdict, played.messages, trials[i].verdict, trials[i].text);
        buf_free(&bytes);
    }
}

#define TRY(name, trials)                                                                                              \
    static void name(void **state)                                                                                     \
    {                                                                                                                  \
        (void)state;                                                                                                   \
        try_all(trials, sizeof trials / sizeof trials[0]);                                                             \
    }

/* --- the request line --- */

#define LINE(line) line "\r\nHost: a\r\n\r\n"

static const struct trial lines[] = {
    T(LINE("GET / HTTP/1.1"), TAKEN),
    T(LINE("GET / HTTP/1.9"), TAKEN),
    T(LINE("GET\t/ HTTP/1.1"), 400),
    T(LINE("GET /\tHTTP/1.1"), 400),
    T(LINE("GET\x0b/ HTTP/1.1"), 400),
    T(LINE("GET\xa0/ HTTP/1.1"), 400),
    T(LINE("GET /  HTTP/1.1"), 400),
    T(LINE("GET  / HTTP/1.1"), 400),
    T(LINE(" GET / HTTP/1.1"), 400),
    T(LINE("GET / HTTP/1.1\t"), 400),
    T(LINE("GET /pa th HTTP/1.1"), 400),
    T(LINE("GET / HTTP/1.1 x"), 400),
    T(LINE("GET HTTP/1.1"), 400),
    T(LINE("GET / "), 400),
    T(LINE("GET /"), 400),
    T(LINE("GET"), 400),
    T(LINE("   "), 400),
    T("\r\n" LINE("GET / HTTP/1.1"), TAKEN),
    T("\r\n\r\n" LINE("GET / HTTP/1.1"), 400),
    T("\n" LINE("GET / HTTP/1.1"), 400),
    T("\r" LINE("GET / HTTP/1.1"), 400),
    T("\r\r\n" LINE("GET / HTTP/1.1"), 400),
    T("\0" LINE("GET / HTTP/1.1"), 400),
    T("\xef\xbb\xbf" LINE("GET / HTTP/1.1"), 400),
    T("\x16\x03\x01\x02" LINE("GET / HTTP/1.1"), 400),
    T("GET / HTTP/1.1\rHost: a\r\n\r\n", 400),
    T("GET / HTTP/1.1\nHost: a\r\n\r\n", 400),
    T("GET / HTTP/1.1\r\r\nHost: a\r\n\r\n", 400),
    T("GET / HTTP/1.1\n\nHost: a\r\n\r\n", 400),
    /* methods */
    T(LINE("get / HTTP/1.1"), 501),
    T(LINE("Get / HTTP/1.1"), 501),
    T(LINE("GETX / HTTP/1.1"), 501),
    T(LINE("TRACE / HTTP/1.1"), 501),
    T(LINE("CONNECT a:443 HTTP/1.1"), 501),
    T(LINE("X'!#$%&*+-.^_`|~9 / HTTP/1.1"), 501),
    T(LINE("GET: / HTTP/1.1"), 400),
    T(LINE("GE(T / HTTP/1.1"), 400),
    T(LINE("\"GET\" / HTTP/1.1"), 400),
    T(LINE("G\0ET / HTTP/1.1"), 400),
    T(LINE("GET\r/ HTTP/1.1"), 400),
    T("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    /* versions */
    T(LINE("GET / HTTP/1"), 400),
    T(LINE("GET / HTTP/1."), 400),
    T(LINE("GET / HTTP/11"), 400),
    T(LINE("GET / HTTP/.1"), 400),
    T(LINE("GET / HTTP/1.01"), 400),
    T(LINE("GET / HTTP/01.1"), 400),
    T(LINE("GET / HTTP/1.1.1"), 400),
    T(LINE("GET / HTTP/1,1"), 400),
    T(LINE("GET / HTTP/+1.1"), 400),
    T(LINE("GET / HTTP/1.x"), 400),
    T(LINE("GET / HTTP/ 1.1"), 400),
    T(LINE("GET / HTTP /1.1"), 400),
    T(LINE("GET / HTTP-1.1"), 400),
    T(LINE("GET / http/1.1"), 400),
    T(LINE("GET / Http/1.1"), 400),
    T(LINE("GET / HTTPS/1.1"), 400),
    T(LINE("GET / HTTP/1.1/"), 400),
    T(LINE("GET / HTTP/0.9"), 505),
    T(LINE("GET / HTTP/2.0"), 505),
    T(LINE("GET / HTTP/9.9"), 505),
    T(LINE("GET / HTTP/2"), 400),
};
TRY(a_request_line_has_one_form, lines)

/* --- the target --- */

static const struct trial targets[] = {
    T(LINE("GET /a/b;c=d/e,f?x=y&z=%20+!$'()*,;:@/? HTTP/1.1"), TAKEN),
    T(LINE("GET // HTTP/1.1"), TAKEN),
    T(LINE("GET //b/c HTTP/1.1"), TAKEN),
    T(LINE("GET /../../etc/passwd HTTP/1.1"), TAKEN), /* no file system, no normal form: an address that is not ours */
    T(LINE("GET /%2e%2e%2f HTTP/1.1"), TAKEN),
    T(LINE("GET /? HTTP/1.1"), TAKEN),
    T(LINE("GET /?a=%0Ab HTTP/1.1"), TAKEN), /* a text of two lines in a form's query is honest */
    T(LINE("GET ? HTTP/1.1"), 400),
    T(LINE("GET a HTTP/1.1"), 400),
    T(LINE("GET ./a HTTP/1.1"), 400),
    T(LINE("GET \\ HTTP/1.1"), 400),
    T(LINE("GET /path\\file HTTP/1.1"), 400),
    T(LINE("GET /#f HTTP/1.1"), 400),
    T(LINE("GET /?#f HTTP/1.1"), 400),
    T(LINE("GET /path#f HTTP/1.1"), 400),
    T(LINE("GET /% HTTP/1.1"), 400),
    T(LINE("GET /%1 HTTP/1.1"), 400),
    T(LINE("GET /%zz HTTP/1.1"), 400),
    T(LINE("GET /%0 HTTP/1.1"), 400),
    T(LINE("GET /?%zz HTTP/1.1"), 400),
    T(LINE("GET /%00 HTTP/1.1"), 400),
    T(LINE("GET /?a=%00 HTTP/1.1"), 400),
    T(LINE("GET /%0d%0aX:%20y HTTP/1.1"), 400),
    T(LINE("GET /%0A HTTP/1.1"), 400),
    T(LINE("GET /%09 HTTP/1.1"), 400),
    T(LINE("GET /%1f HTTP/1.1"), 400),
    T(LINE("GET /%7f HTTP/1.1"), 400),
    T(LINE("GET /%c0%af HTTP/1.1"), 400),
    T(LINE("GET /%c3%a9 HTTP/1.1"), TAKEN),
    T(LINE("GET /caf\xc3\xa9 HTTP/1.1"), 400),
    T(LINE("GET /\xc0\xaf HTTP/1.1"), 400),
    T(LINE("GET /?\xff HTTP/1.1"), 400),
    T(LINE("GET /\0 HTTP/1.1"), 400),
    T(LINE("GET /\x01 HTTP/1.1"), 400),
    T(LINE("GET /\x7f HTTP/1.1"), 400),
    T(LINE("GET /\x0c HTTP/1.1"), 400),
    T(LINE("GET /\r HTTP/1.1"), 400),
    T(LINE("GET /<script> HTTP/1.1"), 400),
    T(LINE("GET /\" HTTP/1.1"), 400),
    T(LINE("GET /{a} HTTP/1.1"), 400),
    T(LINE("GET /a^b HTTP/1.1"), 400),
    T(LINE("GET /a|b HTTP/1.1"), 400),
    T(LINE("GET /a`b HTTP/1.1"), 400),
    T(LINE("GET /[a] HTTP/1.1"), 400),
    /* absolute-form, only where its host agrees */
    T(LINE("GET http://a/ HTTP/1.1"), TAKEN),
    T(LINE("GET http://a HTTP/1.1"), TAKEN),
    T(LINE("GET HTTP://A:80/ HTTP/1.1"), TAKEN),
    T(LINE("GET https://a/x?y HTTP/1.1"), TAKEN),
    T(LINE("GET http://b/ HTTP/1.1"), 400),
    T(LINE("GET http://a:81/ HTTP/1.1"), 400),
    T(LINE("GET http://b@a/ HTTP/1.1"), 400),
    T(LINE("GET http://a@b/ HTTP/1.1"), 400),
    T(LINE("GET http:///x HTTP/1.1"), 400),
    T(LINE("GET http:// HTTP/1.1"), 400),
    T(LINE("GET http:/a/ HTTP/1.1"), 400),
    T(LINE("GET http://a/%zz HTTP/1.1"), 400),
    T(LINE("GET http://a/#f HTTP/1.1"), 400),
    T(LINE("GET http://a\\b/ HTTP/1.1"), 400),
    T(LINE("GET http://a b/ HTTP/1.1"), 400),
    T(LINE("GET ftp://a/ HTTP/1.1"), 400),
    T(LINE("GET file:///etc/passwd HTTP/1.1"), 400),
    T(LINE("GET javascript:x HTTP/1.1"), 400),
    T(LINE("GET a:80 HTTP/1.1"), 400),
    /* the other two forms */
    T(LINE("OPTIONS * HTTP/1.1"), TAKEN),
    T(LINE("GET * HTTP/1.1"), 400),
    T(LINE("HEAD * HTTP/1.1"), 400),
    T(LINE("OPTIONS ** HTTP/1.1"), 400),
    T(LINE("OPTIONS a HTTP/1.1"), 400),
};
TRY(a_target_is_a_path_and_nothing_else, targets)

/* --- Host --- */

#define HOST(line) "GET / HTTP/1.1\r\n" line "\r\n"

static const struct trial hosts[] = {
    T(HOST("Host: a\r\n"), TAKEN),
    T(HOST("hOsT:a\r\n"), TAKEN),
    T(HOST("Host:\t a.example.org:8443 \t\r\n"), TAKEN),
    T(HOST("Host: xn--nxasmq6b\r\n"), TAKEN),
    T(HOST("Host: a_b.example\r\n"), TAKEN),
    T(HOST("Host: 127.0.0.1:1\r\n"), TAKEN),
    T(HOST("Host: a:\r\n"), TAKEN),
    T(HOST("Host: [::1]\r\n"), TAKEN),
    T(HOST("Host: [2001:db8::ff00:42:8329]:65535\r\n"), TAKEN),
    T(HOST("Host: [::ffff:192.0.2.1]\r\n"), TAKEN),
    T(HOST(""), 400),
    T(HOST("Host:\r\n"), 400),
    T(HOST("Host:  \r\n"), 400),
    T(HOST("Host\r\n"), 400),
    T(HOST("Host : a\r\n"), 400),
    T(HOST("Host\t: a\r\n"), 400),
    T(HOST(" Host: a\r\n"), 400),
    T(HOST("\tHost: a\r\n"), 400),
    T(HOST(" \r\nHost: a\r\n"), 400),
    T(HOST("Host: a\r\nHost: a\r\n"), 400),
    T(HOST("Host: a\r\nHost: b\r\n"), 400),
    T(HOST("Host: a\r\nhost: a\r\n"), 400),
    T(HOST("Host: a\r\nX: y\r\nHost:\r\n"), 400),
    T(HOST("Host: a, b\r\n"), 400),
    T(HOST("Host: a,b\r\n"), 400),
    T(HOST("Host: a b\r\n"), 400),
    T(HOST("Host: a\tb\r\n"), 400),
    T(HOST("Host: a/\r\n"), 400),
    T(HOST("Host: a/path\r\n"), 400),
    T(HOST("Host: a?q\r\n"), 400),
    T(HOST("Host: a#f\r\n"), 400),
    T(HOST("Host: a\\b\r\n"), 400),
    T(HOST("Host: http://a\r\n"), 400),
    T(HOST("Host: me@a\r\n"), 400),
    T(HOST("Host: me:pw@a\r\n"), 400),
    T(HOST("Host: a:80:80\r\n"), 400),
    T(HOST("Host: a:x\r\n"), 400),
    T(HOST("Host: a:-1\r\n"), 400),
    T(HOST("Host: a:+80\r\n"), 400),
    T(HOST("Host: a:0x50\r\n"), 400),
    T(HOST("Host: a:65536\r\n"), 400),
    T(HOST("Host: a:99999999999999999999\r\n"), 400),
    T(HOST("Host: a: 80\r\n"), 400),
    T(HOST("Host: :80\r\n"), 400),
    T(HOST("Host: a%00\r\n"), 400),
    T(HOST("Host: a%2f\r\n"), 400),
    T(HOST("Host: a\0b\r\n"), 400),
    T(HOST("Host: \xc3\xa9\r\n"), 400),
    T(HOST("Host: \"a\"\r\n"), 400),
    T(HOST("Host: <a>\r\n"), 400),
    T(HOST("Host: ::1\r\n"), 400),
    T(HOST("Host: [::1\r\n"), 400),
    T(HOST("Host: ::1]\r\n"), 400),
    T(HOST("Host: []\r\n"), 400),
    T(HOST("Host: [a]\r\n"), 400),
    T(HOST("Host: [::1]x\r\n"), 400),
    T(HOST("Host: [::1]:\r\n"), TAKEN),
    T(HOST("Host: [::1%25eth0]\r\n"), 400),
    T(HOST("Host: [v1.a]\r\n"), 400),
    T(HOST("Host: [127.0.0.1]\r\n"), 400),
    T(HOST("X-Forwarded-Host: a\r\n"), 400),
};
TRY(there_is_one_host_and_it_is_a_host, hosts)

/* --- header lines --- */

#define FIELD(line) "GET / HTTP/1.1\r\nHost: a\r\n" line "\r\n"

static const struct trial fields[] = {
    T(FIELD("X: y\r\n"), TAKEN), T(FIELD("X:\r\n"), TAKEN), T(FIELD("X: \r\n"), TAKEN), T(FIELD("X:y:z\r\n"), TAKEN),
    T(FIELD("X: y\tz \r\n"), TAKEN), T(FIELD("!#$%&'*+-.^_`|~9: y\r\n"), TAKEN),
    T(FIELD("X: \x80\xff\xc3\xa9\r\n"), TAKEN), /* obs-text, RFC 9110 section 5.5: opaque */
    T(FIELD("Cookie: ===;;;\r\nCookie: b=c\r\n"), TAKEN), T(FIELD("Accept: a\r\nAccept: b\r\n"), TAKEN),
    T(FIELD("Range: bytes=abc-xyz\r\n"), TAKEN), T(FIELD("Upgrade: websocket\r\nConnection: Upgrade\r\n"), TAKEN),
    T(FIELD("Connection: keep-alive, , Upgrade\r\n"), TAKEN), T(FIELD(": y\r\n"), 400), T(FIELD(":\r\n"), 400),
    T(FIELD("X\r\n"), 400), T(FIELD("X y\r\n"), 400), T(FIELD("X : y\r\n"), 400), T(FIELD("X\t: y\r\n"), 400),
    T(FIELD("X Y: z\r\n"), 400), T(FIELD("X\tY: z\r\n"), 400), T(FIELD("X[Y: z\r\n"), 400),
    T(FIELD("X(Y): z\r\n"), 400), T(FIELD("X,Y: z\r\n"), 400), T(FIELD("X/Y: z\r\n"), 400), T(FIELD("X@Y: z\r\n"), 400),
    T(FIELD("X=Y: z\r\n"), 400), T(FIELD("X;Y: z\r\n"), 400), T(FIELD("\"X\": z\r\n"), 400),
    T(FIELD("X\0Y: z\r\n"), 400), T(FIELD("X\0: z\r\n"), 400), T(FIELD("X\x7f: z\r\n"), 400),
    T(FIELD("X\x80: z\r\n"), 400), T(FIELD("X\xc3\xab: z\r\n"), 400), T(FIELD("X\r: z\r\n"), 400),
    T(FIELD("\rX: z\r\n"), 400), T(FIELD("X: y\r\n continued\r\n"), 400), T(FIELD("X: y\r\n\tcontinued\r\n"), 400),
    T(FIELD("X: y\r\n \r\n"), 400), T(FIELD("X:\r\n y\r\n"), 400), T(FIELD("X: y\n"), 400),
    T(FIELD("X: y\n continued\r\n"), 400), T(FIELD("X: y\r\r\n"), 400), T(FIELD("X: y\rZ: z\r\n"), 400),
    T(FIELD("X: val\rue\r\n"), 400), T(FIELD("X: val\nue\r\n"), 400), T(FIELD("X: val\0ue\r\n"), 400),
    T(FIELD("X: \x01\r\n"), 400), T(FIELD("X: \x07\x08\x0b\r\n"), 400), T(FIELD("X: \x0c\r\n"), 400),
    T(FIELD("X: \x1b[2J\r\n"), 400), T(FIELD("X: \x7f\r\n"), 400),
    T("GET / HTTP/1.1\r\nHost: a\r\n\rX: y\r\n\r\n", 400), T("GET / HTTP/1.1\r\nHost: a\n\r\n", 400),
    T("GET / HTTP/1.1\r\nHost: a\r\n\n", 400),
    /* one of these is the rule; two are read differently by different readers */
    T(FIELD("Content-Type: a/b\r\n"), TAKEN), T(FIELD("Content-Type: a/b\r\nContent-Type: a/b\r\n"), 400),
    T(FIELD("Content-Type: text/plain\r\nX: y\r\ncontent-type: text/html\r\n"), 400),
    T(FIELD("Authorization: Bearer a\r\nAuthorization: Bearer b\r\n"), 400),
    T(FIELD("Origin: https://a\r\nOrigin: https://b\r\n"), 400),
    /* names that become others in whoever turns '-' into '_' */
    T(FIELD("X_Y: z\r\n"), TAKEN), T(FIELD("Content_Length: 0\r\n"), 400),
    T(FIELD("Content-Length: 0\r\nContent_Length: 99\r\n"), 400), T(FIELD("Transfer_Encoding: chunked\r\n"), 400),
    T(FIELD("transfer_encoding: chunked\r\n"), 400),
    /* expectations */
    T(FIELD("Expect: 100-continue\r\n"), TAKEN), T(FIELD("Expect: 100-Continue\r\n"), TAKEN),
    T(FIELD("Expect: 100-continue, 100-continue\r\n"), TAKEN), T(FIELD("Expect: 200-ok\r\n"), 417),
    T(FIELD("Expect: 100-continue, tea\r\n"), 417), T(FIELD("Expect: 100-continue;q=1\r\n"), 417),
    T(FIELD("Expect: 100 continue\r\n"), 417),
    T("GET / HTTP/1.0\r\nExpect: tea\r\n\r\n", TAKEN), /* RFC 9110 section 10.1.1: not for HTTP/1.0 */
};
TRY(header_lines_have_one_form, fields)

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
    T("OPTIONS / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", TAKEN),
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
        cmocka_unit_test(a_request_line_has_one_form),
        cmocka_unit_test(a_target_is_a_path_and_nothing_else),
        cmocka_unit_test(there_is_one_host_and_it_is_a_host),
        cmocka_unit_test(header_lines_have_one_form),
        cmocka_unit_test(a_body_has_one_length),
        cmocka_unit_test(the_only_coding_is_chunked),
        cmocka_unit_test(chunks_have_one_form),
        cmocka_unit_test(trailers_have_the_form_of_headers_and_mean_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
