/* test_tls.c -- TLS as Mozilla's intermediate list says; a certificate is exchanged under running connections. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <jansson.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/mem.h"
#include "common/http/metrics_own.h"
#include "common/http/tls.h"
#include "tests/unit/http/serve.h"

static struct serve server;
static char folder[] = "/tmp/recourse-test-tls-XXXXXX";
static char certificate[64], key[64];

/* A self-signed P-256 certificate with this serial number. */
static void make_certificate(long serial)
{
    EVP_PKEY *pair = EVP_EC_gen("P-256");
    X509 *cert = X509_new();
    assert_non_null(pair);
    X509_set_version(cert, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(cert), serial);
    X509_gmtime_adj(X509_getm_notBefore(cert), 0);
    X509_gmtime_adj(X509_getm_notAfter(cert), 3600);
    X509_set_pubkey(cert, pair);
    X509_NAME *name = X509_get_subject_name(cert);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"localhost", -1, -1, 0);
    X509_set_issuer_name(cert, name);
    assert_true(X509_sign(cert, pair, EVP_sha256()) > 0);
    FILE *file = fopen(certificate, "w");
    assert_non_null(file);
    PEM_write_X509(file, cert);
    fclose(file);
    file = fopen(key, "w");
    assert_non_null(file);
    PEM_write_PrivateKey(file, pair, NULL, NULL, 0, NULL, NULL);
    fclose(file);
    X509_free(cert);
    EVP_PKEY_free(pair);
}

static void on_hello(struct http_req *req, void *room)
{
    (void)room;
    struct buf *body = http_req_body(req);
    http_answer(req, 200, "text/plain", body->len ? buf_text(body) : "hello", body->len ? body->len : 5);
}

/* Held until its client goes. */
static void on_held(struct http_req *req, void *room)
{
    (void)req;
    (void)room;
    server.seen->handled++;
}

/* Answered by what is put off to the end of the turn. */
static uint64_t later_id;

static void answer_later(void *arg)
{
    (void)arg;
    struct http_req *req = http_find(server.server, later_id);
    if (req)
        http_answer(req, 200, "text/plain", "hello", 5);
}

static void on_later(struct http_req *req, void *room)
{
    (void)room;
    later_id = http_req_id(req);
    loop_later(server.loop, answer_later, NULL);
}

static uint64_t waiting_id;

static enum err piece_waits(struct http_req *req, void *room, const uint8_t *piece, size_t len)
{
    (void)room;
    (void)piece;
    (void)len;
    waiting_id = http_req_id(req);
    http_body_wait(req);
    server.seen->handled++;
    return ERR_OK;
}

static void on_go_on(struct http_req *req, void *room)
{
    (void)room;
    struct http_req *other = http_find(server.server, waiting_id);
    http_answer(req, 200, "text/plain", "hello", 5);
    if (other)
        http_body_go_on(other);
}

static const struct http_route routes[] = {
    {HTTP_GET | HTTP_POST, "/", on_hello, 1000000, NULL},
    {HTTP_GET, "/held", on_held, 0, NULL},
    {HTTP_GET, "/later", on_later, 0, NULL},
    {HTTP_POST, "/waits", on_hello, 1000000, piece_waits},
    {HTTP_GET, "/go-on", on_go_on, 0, NULL},
    {0, NULL, NULL, 0, NULL},
};

static int set_up(void **state)
{
    (void)state;
    make_certificate(1);
    memset(&server, 0, sizeof server);
    server.options.routes = routes;
    server.options.policy.hsts = 1;
    server.certificate = certificate;
    server.key = key;
    server.grace_ms = 1000;
    server.deadlines = HTTP_DEADLINES;
    server.deadlines.handshake_ms = 700;
    serve_start(&server);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    serve_stop(&server);
    return 0;
}

/* The cipher that TLS 1.2 comes to for a client with this list, in its order. */
static void agrees_on(const char *list, const char *expected)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    int fd = client_connect(server.port);
    SSL_CTX_set_max_proto_version(ctx, TLS1_2_VERSION);
    assert_int_equal(SSL_CTX_set_cipher_list(ctx, list), 1);
    SSL *ssl = SSL_new(ctx);
    SSL_set_fd(ssl, fd);
    assert_int_equal(SSL_connect(ssl), 1);
    if (!strstr(SSL_get_cipher_name(ssl), expected))
        fail_msg("%s for %s", SSL_get_cipher_name(ssl), list);
    SSL_free(ssl);
    SSL_CTX_free(ctx);
    close(fd);
}

static void the_order_of_ciphers_is_ours_but_for_phones_that_cannot_do_aes_fast(void **state)
{
    (void)state;
    agrees_on("ECDHE+AES256:ECDHE+AES128:ECDHE+CHACHA20", "AES128");
    agrees_on("ECDHE+CHACHA20:ECDHE+AES256:ECDHE+AES128", "CHACHA20");
}

struct tls_client {
    SSL_CTX *ctx;
    SSL *ssl;
    int fd, agreed;
};

/* `alpn` NULL: none offered. */
static struct tls_client tls_connect(int least, int most, const char *alpn)
{
    struct tls_client c = {.ctx = SSL_CTX_new(TLS_client_method()), .fd = client_connect(server.port)};
    /* To see whether old versions are refused, the client must be willing. */
    SSL_CTX_set_security_level(c.ctx, 0);
    SSL_CTX_set_min_proto_version(c.ctx, least);
    SSL_CTX_set_max_proto_version(c.ctx, most);
    c.ssl = SSL_new(c.ctx);
    if (alpn)
        SSL_set_alpn_protos(c.ssl, (const unsigned char *)alpn, (unsigned)strlen(alpn));
    SSL_set_fd(c.ssl, c.fd);
    c.agreed = SSL_connect(c.ssl) == 1;
    return c;
}

static void tls_close(struct tls_client *c)
{
    SSL_free(c->ssl);
    SSL_CTX_free(c->ctx);
    close(c->fd);
}

/* Asks and reads one answer that ends with `last`. */
static int tls_ask(struct tls_client *c, const char *text, const char *last, struct buf *answer)
{
    buf_clear(answer);
    if (*text && SSL_write(c->ssl, text, (int)strlen(text)) <= 0)
        return 0;
    char piece[4096];
    while (answer->len < strlen(last) || strcmp(buf_text(answer) + answer->len - strlen(last), last) != 0) {
        int got = SSL_read(c->ssl, piece, sizeof piece);
        if (got <= 0)
            return 0;
        need(buf_add(answer, piece, (size_t)got) == ERR_OK);
    }
    return 1;
}

static long serial_of(const struct tls_client *c)
{
    X509 *cert = SSL_get1_peer_certificate(c->ssl);
    long serial = ASN1_INTEGER_get(X509_get_serialNumber(cert));
    X509_free(cert);
    return serial;
}

static const char GET[] = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

static void requests_are_answered_under_tls(void **state)
{
    (void)state;
    static const int versions[] = {TLS1_2_VERSION, TLS1_3_VERSION};
    struct buf answer = BUF_INIT(1 << 20);
    for (size_t i = 0; i < 2; i++) {
        struct tls_client c = tls_connect(versions[i], versions[i], "\x02h2\x08http/1.1");
        assert_true(c.agreed);
        const unsigned char *chosen;
        unsigned chosen_len;
        SSL_get0_alpn_selected(c.ssl, &chosen, &chosen_len);
        assert_int_equal(chosen_len, 8);
        for (int j = 0; j < 3; j++)
            assert_true(tls_ask(&c, GET, "hello", &answer));
        assert_non_null(
            strstr(buf_text(&answer), "\r\nStrict-Transport-Security: max-age=63072000; includeSubDomains\r\n"));
        /* No ticket, no session: nothing links two visits. */
        SSL_SESSION *session = SSL_get1_session(c.ssl);
        assert_false(SSL_SESSION_is_resumable(session) && SSL_SESSION_has_ticket(session));
        SSL_SESSION_free(session);
        /* The end is said, not cut. */
        const char last[] = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        assert_true(tls_ask(&c, last, "hello", &answer));
        char byte;
        assert_int_equal(SSL_get_error(c.ssl, SSL_read(c.ssl, &byte, 1)), SSL_ERROR_ZERO_RETURN);
        tls_close(&c);
    }
    buf_free(&answer);
}

static void a_large_body_passes(void **state)
{
    (void)state;
    enum { SIZE = 300000 };
    struct buf request = BUF_INIT(1 << 20), answer = BUF_INIT(1 << 20);
    assert_int_equal(buf_addf(&request, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n", SIZE), ERR_OK);
    for (int i = 0; i < SIZE - 4; i++)
        assert_int_equal(buf_add_byte(&request, (uint8_t)('a' + i % 26)), ERR_OK);
    assert_int_equal(buf_add_text(&request, "END."), ERR_OK);
    struct tls_client c = tls_connect(TLS1_3_VERSION, TLS1_3_VERSION, NULL);
    for (int i = 0; i < 3; i++) {
        assert_true(tls_ask(&c, buf_text(&request), "END.", &answer));
        assert_memory_equal(answer.bytes + answer.len - SIZE, request.bytes + request.len - SIZE, SIZE);
    }
    tls_close(&c);
    buf_free(&request);
    buf_free(&answer);
}

static void is_served(const char *path)
{
    struct buf answer = BUF_INIT(1 << 20);
    char text[128];
    struct tls_client c = tls_connect(TLS1_3_VERSION, TLS1_3_VERSION, NULL);
    struct timeval most = {4, 0};
    assert_int_equal(setsockopt(c.fd, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most), 0);
    snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: a\r\n\r\n", path);
    assert_true(tls_ask(&c, text, "hello", &answer));
    tls_close(&c);
    buf_free(&answer);
}

/* More than waits for one connection comes in while its request is handled: it is not looked at again and again, with
 * nobody else getting a turn. */
static void who_sends_more_than_may_wait_stops_nobody(void **state)
{
    (void)state;
    static char more[100000];
    memset(more, 'x', sizeof more);
    struct tls_client c = tls_connect(TLS1_3_VERSION, TLS1_3_VERSION, NULL);
    static const char held[] = "GET /held HTTP/1.1\r\nHost: a\r\n\r\n";
    assert_true(SSL_write(c.ssl, held, sizeof held - 1) > 0);
    assert_true(wait_for(&server.seen->handled, 1));
    assert_true(SSL_write(c.ssl, more, sizeof more) > 0);
    usleep(100 * 1000);
    is_served("/later");
    tls_close(&c);
}

static void a_body_that_waits_stops_nobody(void **state)
{
    (void)state;
    static char body[100000];
    struct buf answer = BUF_INIT(1 << 20);
    struct tls_client c = tls_connect(TLS1_3_VERSION, TLS1_3_VERSION, NULL);
    static const char head[] = "POST /waits HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n";
    assert_true(SSL_write(c.ssl, head, sizeof head - 1) > 0 && SSL_write(c.ssl, body, sizeof body) > 0);
    assert_true(wait_for(&server.seen->handled, 1));
    for (int n = 1; n < 40 && server.seen->handled < 7; n++) {
        is_served("/later");
        is_served("/go-on");
    }
    for (int n = 0; n < 4; n++) /* what is left of it, and the end */
        is_served("/go-on");
    assert_true(tls_ask(&c, "", "hello", &answer));
    tls_close(&c);
    buf_free(&answer);
}

static void old_versions_and_other_protocols_are_refused(void **state)
{
    (void)state;
    struct tls_client old = tls_connect(TLS1_VERSION, TLS1_1_VERSION, NULL);
    assert_false(old.agreed);
    tls_close(&old);
    struct tls_client other = tls_connect(TLS1_2_VERSION, TLS1_3_VERSION, "\x02h2");
    assert_false(other.agreed);
    tls_close(&other);
    /* And whoever only holds the connection. */
    int fd = client_connect(server.port);
    assert_in_range(client_closed_after(fd, 5000, NULL), 500, 2500);
    close(fd);
    serve_stop(&server);
    assert_int_equal(server.seen->metrics[HTTP_METRIC_END_HANDSHAKE], 2);
    assert_int_equal(server.seen->metrics[HTTP_METRIC_END_SLOW_HANDSHAKE], 1);
    set_up(NULL);
}

static void a_new_certificate_drops_no_connection(void **state)
{
    (void)state;
    struct buf answer = BUF_INIT(1 << 20);
    struct tls_client before = tls_connect(TLS1_3_VERSION, TLS1_3_VERSION, NULL);
    assert_true(tls_ask(&before, GET, "hello", &answer));
    assert_int_equal(serial_of(&before), 1);
    make_certificate(2);
    kill(server.pid, SIGHUP);
    assert_true(wait_for(&server.seen->answered, 1));
    struct tls_client after = tls_connect(TLS1_3_VERSION, TLS1_3_VERSION, NULL);
    assert_int_equal(serial_of(&after), 2);
    assert_true(tls_ask(&after, GET, "hello", &answer));
    assert_true(tls_ask(&before, GET, "hello", &answer));
    assert_int_equal(serial_of(&before), 1);
    tls_close(&before);
    tls_close(&after);
    buf_free(&answer);
}

/* 1 if `name` stands in the JSON list, or the list is of no such thing. */
static int is_listed(const json_t *list, const char *name)
{
    size_t i;
    json_t *one;
    json_array_foreach(list, i, one) if (strcmp(json_string_value(one), name) == 0) return 1;
    return 0;
}

static void the_lists_are_mozillas(void **state)
{
    (void)state;
    json_t *file = json_load_file(VECTORS "/tls/mozilla-server-side-tls-6.0.json", 0, NULL);
    const json_t *plan = json_object_get(json_object_get(file, "configurations"), "intermediate");
    assert_non_null(plan);
    const json_t *old = json_object_get(json_object_get(plan, "ciphers"), "openssl");
    const json_t *new = json_object_get(plan, "ciphersuites");
    SSL_CTX *ctx;
    make_certificate(3);
    assert_int_equal(tls_server_new(certificate, key, &ctx), ERR_OK);
    STACK_OF(SSL_CIPHER) *ours = SSL_CTX_get_ciphers(ctx);
    for (int i = 0; i < sk_SSL_CIPHER_num(ours); i++) {
        const char *name = SSL_CIPHER_get_name(sk_SSL_CIPHER_value(ours, i));
        assert_true(is_listed(old, name) || is_listed(new, name));
    }
    assert_int_equal(sk_SSL_CIPHER_num(ours), json_array_size(old) + json_array_size(new));
    assert_int_equal(SSL_CTX_get_min_proto_version(ctx), TLS1_2_VERSION);
    SSL_CTX_free(ctx);
    json_decref(file);
}

static void wrong_files_are_told_apart(void **state)
{
    (void)state;
    SSL_CTX *ctx;
    make_certificate(4);
    assert_int_equal(tls_server_new("/nowhere", key, &ctx), ERR_NOT_FOUND);
    assert_null(ctx);
    assert_int_equal(tls_server_new(key, certificate, &ctx), ERR_CRYPTO);
    assert_null(ctx);
}

static int make_folder(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(certificate, sizeof certificate, "%s/certificate.pem", folder);
    snprintf(key, sizeof key, "%s/key.pem", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(certificate);
    unlink(key);
    return rmdir(folder);
}

#define STORY(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(requests_are_answered_under_tls),
        STORY(a_large_body_passes),
        STORY(who_sends_more_than_may_wait_stops_nobody),
        STORY(a_body_that_waits_stops_nobody),
        STORY(old_versions_and_other_protocols_are_refused),
        STORY(the_order_of_ciphers_is_ours_but_for_phones_that_cannot_do_aes_fast),
        STORY(a_new_certificate_drops_no_connection),
        cmocka_unit_test(the_lists_are_mozillas),
        cmocka_unit_test(wrong_files_are_told_apart),
    };
    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
