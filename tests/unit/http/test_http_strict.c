/* test_http_strict.c -- what those try in a head who want two readers to see two requests in the same bytes, theme by
 * theme. test_http_strict_body.c has what they try in a body, docs/http.md the same as a table with the sections of the
 * RFCs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/unit/http/play.h"

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
    /* CONNECT is not done here, but no host or no port is no form of it at all (RFC 9110 section 9.3.6) */
    T(LINE("CONNECT a:443 HTTP/1.1"), 501),
    T(LINE("CONNECT [::1]:443 HTTP/1.1"), 501),
    T(LINE("CONNECT a HTTP/1.1"), 400),
    T(LINE("CONNECT a2 HTTP/1.1"), 400),
    T(LINE("CONNECT a: HTTP/1.1"), 400),
    T(LINE("CONNECT :443 HTTP/1.1"), 400),
    T(LINE("CONNECT a:0 HTTP/1.1"), 400),
    T(LINE("CONNECT a:65536 HTTP/1.1"), 400),
    T(LINE("CONNECT [::1] HTTP/1.1"), 400),
    T(LINE("CONNECT me@a:443 HTTP/1.1"), 400),
    T(LINE("CONNECT / HTTP/1.1"), 400),
    T(LINE("CONNECT http://a:443/ HTTP/1.1"), 400),
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
    T(FIELD("Connection: keep-alive, , Upgrade\r\n"), TAKEN), T(FIELD("Connection:\r\n"), TAKEN),
    T(FIELD("Connection: keep alive\r\n"), 400), T(FIELD("Connection: close;x\r\n"), 400),
    T(FIELD("Connection: close, \"x\"\r\n"), 400), T(FIELD("Connection: cl\xc3\xb6se\r\n"), 400),
    T(FIELD("Connection: keep-alive\r\nConnection: {x\r\n"), 400), T("GET / HTTP/1.0\r\nConnection: {x\r\n\r\n", 400),
    T(FIELD(": y\r\n"), 400), T(FIELD(":\r\n"), 400), T(FIELD("X\r\n"), 400), T(FIELD("X y\r\n"), 400),
    T(FIELD("X : y\r\n"), 400), T(FIELD("X\t: y\r\n"), 400), T(FIELD("X Y: z\r\n"), 400), T(FIELD("X\tY: z\r\n"), 400),
    T(FIELD("X[Y: z\r\n"), 400), T(FIELD("X(Y): z\r\n"), 400), T(FIELD("X,Y: z\r\n"), 400), T(FIELD("X/Y: z\r\n"), 400),
    T(FIELD("X@Y: z\r\n"), 400), T(FIELD("X=Y: z\r\n"), 400), T(FIELD("X;Y: z\r\n"), 400),
    T(FIELD("\"X\": z\r\n"), 400), T(FIELD("X\0Y: z\r\n"), 400), T(FIELD("X\0: z\r\n"), 400),
    T(FIELD("X\x7f: z\r\n"), 400), T(FIELD("X\x80: z\r\n"), 400), T(FIELD("X\xc3\xab: z\r\n"), 400),
    T(FIELD("X\r: z\r\n"), 400), T(FIELD("\rX: z\r\n"), 400), T(FIELD("X: y\r\n continued\r\n"), 400),
    T(FIELD("X: y\r\n\tcontinued\r\n"), 400), T(FIELD("X: y\r\n \r\n"), 400), T(FIELD("X:\r\n y\r\n"), 400),
    T(FIELD("X: y\n"), 400), T(FIELD("X: y\n continued\r\n"), 400), T(FIELD("X: y\r\r\n"), 400),
    T(FIELD("X: y\rZ: z\r\n"), 400), T(FIELD("X: val\rue\r\n"), 400), T(FIELD("X: val\nue\r\n"), 400),
    T(FIELD("X: val\0ue\r\n"), 400), T(FIELD("X: \x01\r\n"), 400), T(FIELD("X: \x07\x08\x0b\r\n"), 400),
    T(FIELD("X: \x0c\r\n"), 400), T(FIELD("X: \x1b[2J\r\n"), 400), T(FIELD("X: \x7f\r\n"), 400),
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_line_has_one_form),
        cmocka_unit_test(a_target_is_a_path_and_nothing_else),
        cmocka_unit_test(there_is_one_host_and_it_is_a_host),
        cmocka_unit_test(header_lines_have_one_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
