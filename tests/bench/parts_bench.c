/* parts_bench.c -- the parts of a report's way, each alone: HTTP, JSON, sealing, TLS records, inserts in batches. Their
 * sum is what the whole cannot beat. Microseconds of processor time a report; no verdict.
 *
 *   build/parts_bench BYTES-OF-TEXT [UNITS-TO-INSERT] */
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/base/mem.h"
#include "common/base/rng.h"
#include "common/http/http_message.h"
#include "common/seal/envelope.h"
#include "common/seal/hpke.h"
#include "common/seal/once.h"
#include "common/seal/receipt.h"
#include "common/text/json.h"
#include "intake/report_inside.h"
#include "tests/bench/parts.h"

enum { ROUNDS = 10000, RECORDS = 8, HEAD = 160, WAITING = 64, INSERTS = 20000, ANSWER = 1000 };

struct stand {
    struct buf request, body, inside, row;
    struct envelope_desk desk;
    struct pepper pepper;
    SSL *client, *server;
};

double parts_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* --- each part, once --- */

static void parse_http(struct stand *s)
{
    struct http_message message;
    struct buf body = BUF_INIT(1 << 20);
    const uint8_t *at = s->request.bytes, *piece;
    size_t left = s->request.len, used, piece_len;
    enum http_event event;
    http_message_init(&message);
    do {
        event = http_message_feed(&message, at, left, &used, &piece, &piece_len);
        if (event == HTTP_EVENT_PIECE)
            need(buf_add(&body, piece, piece_len) == ERR_OK);
        at += used;
        left -= used;
        need(event != HTTP_EVENT_REFUSED);
    } while (event != HTTP_EVENT_DONE);
    http_message_free(&message);
    buf_free(&body);
}

static const struct office nothing_own;

static void read_json(struct stand *s)
{
    static const struct report_origin origin = {.channel = "api"};
    struct json_fault fault;
    struct report report;
    json_t *body;
    need(json_read_object(s->body.bytes, s->body.len, &body, &fault) == ERR_OK);
    need(report_read(&nothing_own, body, &report, &fault) == ERR_OK);
    struct buf inside = BUF_INIT(1 << 20);
    need(report_inside(&report, &origin, 2000000000, &inside) == ERR_OK);
    report_free(&report);
    json_decref(body);
    buf_free(&inside);
}

static void seal(struct stand *s)
{
    uint8_t keys[2][32], handle[32], receipt_key[32];
    struct once once;
    struct receipt receipt;
    struct envelope_wrap wraps[3];
    struct envelope_place place = {
        .office = 1, .root = ROOT_STAFF, .part = PART_MESSAGE, .generation = 1, .door = DOOR_INTAKE, .n = 1};
    once_random(&once);
    receipt_from_bytes(once.receipt_seed, &receipt);
    rng_bytes(keys, sizeof keys);
    memcpy(place.case_id, once.case_id, sizeof once.case_id);
    memcpy(place.row_id, once.row_id, sizeof once.row_id);
    buf_clear(&s->row);
    need(envelope_seal(keys[1], &place, s->inside.bytes, s->inside.len, &s->row) == ERR_OK);
    need(envelope_wrap_case(&s->desk, once.case_id, keys[0], keys[1], wraps) == ERR_OK);
    receipt_derive(&receipt, &s->pepper, handle, receipt_key);
    need(envelope_wrap_receipt(1, receipt_key, handle, 1, once.case_id, ROOT_THREAD, 1, keys[0], &wraps[2]) == ERR_OK);
    mem_wipe(keys, sizeof keys);
}

/* --- TLS between two ends in memory; only the server's half is measured --- */

static void tls_ends(struct stand *s)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    need(key && certificate && X509_set_pubkey(certificate, key) == 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 86400);
    need(X509_sign(certificate, key, EVP_sha256()) > 0);
    SSL_CTX *server = SSL_CTX_new(TLS_server_method()), *client = SSL_CTX_new(TLS_client_method());
    need(SSL_CTX_use_certificate(server, certificate) == 1 && SSL_CTX_use_PrivateKey(server, key) == 1);
    SSL_CTX_set_num_tickets(server, 0);
    SSL_CTX_set_options(server, SSL_OP_CLEANSE_PLAINTEXT);
    SSL_CTX_set_mode(server, SSL_MODE_RELEASE_BUFFERS);
    BIO *one, *other;
    need(BIO_new_bio_pair(&one, 1 << 20, &other, 1 << 20) == 1);
    s->server = SSL_new(server);
    s->client = SSL_new(client);
    SSL_set_bio(s->server, one, one);
    SSL_set_bio(s->client, other, other);
    SSL_set_accept_state(s->server);
    SSL_set_connect_state(s->client);
    while (SSL_do_handshake(s->client) != 1)
        (void)SSL_do_handshake(s->server);
    need(SSL_do_handshake(s->server) == 1);
}

static double tls_records(struct stand *s)
{
    double spent = 0;
    uint8_t *in = mem_new(1 << 15);
    for (int round = 0; round < ROUNDS / RECORDS; round++) {
        for (int i = 0; i < RECORDS; i++)
            need(SSL_write(s->client, s->request.bytes, (int)s->request.len) == (int)s->request.len);
        double begin = parts_clock();
        for (int i = 0; i < RECORDS; i++) {
            for (size_t got = 0; got < s->request.len;) {
                int n = SSL_read(s->server, in, 1 << 15);
                need(n > 0);
                got += (size_t)n;
            }
            need(SSL_write(s->server, in, ANSWER) == ANSWER);
        }
        spent += parts_clock() - begin;
        for (int got = 0; got < RECORDS * ANSWER;) {
            int n = SSL_read(s->client, in, 1 << 15);
            need(n > 0);
            got += n;
        }
    }
    mem_free(in);
    return spent / (ROUNDS / RECORDS * RECORDS);
}

/* --- the whole --- */

static void set_up(struct stand *s, size_t text)
{
    uint8_t private_key[32];
    *s = (struct stand){.request = BUF_INIT(1 << 20),
                        .body = BUF_INIT(1 << 20),
                        .inside = BUF_INIT(1 << 20),
                        .row = BUF_INIT(1 << 20),
                        .desk = {.office = 1, .epoch = 1, .code = "usual"}};
    hpke_start();
    hpke_key_new(private_key, s->desk.key);
    rng_bytes(s->pepper.key, sizeof s->pepper.key);
    need(buf_add_text(&s->body, "{\"kind\":\"grievance\",\"language\":\"en\",\"text\":\"") == ERR_OK);
    for (size_t i = 0; i < text; i++)
        need(buf_add_byte(&s->body, (uint8_t) "The machine at the gate stops us. "[i % 34]) == ERR_OK);
    need(buf_add_text(&s->body, "\"}") == ERR_OK);
    need(buf_addf(&s->request,
                  "POST /api/v1/reports HTTP/1.1\r\nHost: localhost:8443\r\nContent-Type: application/json\r\n"
                  "Content-Length: %zu\r\n\r\n",
                  s->body.len) == ERR_OK);
    need(buf_add(&s->request, s->body.bytes, s->body.len) == ERR_OK);
    /* What is sealed is the same told in other words and some 200 bytes longer. */
    need(buf_add(&s->inside, s->body.bytes, s->body.len) == ERR_OK);
    for (int i = 0; i < 200; i++)
        need(buf_add_byte(&s->inside, ' ') == ERR_OK);
}

static double measure(struct stand *s, void (*part)(struct stand *s))
{
    part(s);
    double begin = parts_clock();
    for (int i = 0; i < ROUNDS; i++)
        part(s);
    return (parts_clock() - begin) / ROUNDS;
}

int main(int argc, char **argv)
{
    struct stand s;
    size_t text = argc > 1 ? strtoul(argv[1], NULL, 10) : 1024;
    unsigned inserts = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : INSERTS;
    need(text >= 1 && text <= 20000 && inserts > 0);
    set_up(&s, text);
    tls_ends(&s);
    printf("http %.2f\n", measure(&s, parse_http));
    printf("json %.2f\n", measure(&s, read_json));
    printf("seal %.2f\n", measure(&s, seal));
    printf("tls %.2f\n", tls_records(&s));
    fflush(stdout);
    struct parts_insert insert = parts_insert(s.row.len, WAITING, inserts);
    printf("door %.2f\ndatabase %.2f\ninserts_per_second %.0f\n", insert.door, insert.database, insert.rate);
    buf_free(&s.request);
    buf_free(&s.body);
    buf_free(&s.inside);
    buf_free(&s.row);
    return 0;
}
