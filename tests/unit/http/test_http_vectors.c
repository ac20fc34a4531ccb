/* test_http_vectors.c -- the published cases of llhttp and picohttpparser, whole, cut in two at every byte, and one
 * byte at a time: always the same verdict. What must fail is refused; where we refuse what they accept, the table says
 * why. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/base/buf.h"
#include "common/http/http_message.h"

/* --- playing bytes --- */

struct played {
    unsigned messages; /* whole ones */
    unsigned status;   /* of the refusal; 0: none */
    size_t content;    /* bytes of all bodies */
    uint32_t sum;      /* of the content, to see that cutting changes nothing */
};

struct player {
    struct http_message message;
    struct played played;
    int begun;
};

static void player_feed(struct player *p, const uint8_t *in, size_t len)
{
    int again = 0;
    while ((len || again) && !p->played.status) {
        if (!p->begun)
            http_message_init(&p->message);
        p->begun = 1;
        /* A copy of exactly these bytes, so that the sanitizer sees one step too far. */
        uint8_t *copy = malloc(len ? len : 1);
        memcpy(copy, in, len);
        const uint8_t *piece;
        size_t used, piece_len;
        enum http_event event = http_message_feed(&p->message, copy, len, &used, &piece, &piece_len);
        for (size_t i = 0; i < piece_len; i++)
            p->played.sum = p->played.sum * 31 + piece[i];
        p->played.content += piece_len;
        free(copy);
        again = event == HTTP_EVENT_HEAD || event == HTTP_EVENT_PIECE;
        if (event == HTTP_EVENT_REFUSED)
            p->played.status = p->message.status;
        if (event == HTTP_EVENT_DONE) {
            p->played.messages++;
            http_message_free(&p->message);
            p->begun = 0;
        }
        in += used;
        len -= used;
    }
}

/* In pieces: `cut` bytes, then the rest; cut 0 is one byte at a time. */
static struct played play(const uint8_t *in, size_t len, size_t cut)
{
    struct player p = {0};
    if (cut) {
        player_feed(&p, in, cut);
        player_feed(&p, in + cut, len - cut);
    } else {
        for (size_t i = 0; i < len; i++)
            player_feed(&p, in + i, 1);
    }
    if (p.begun)
        http_message_free(&p.message);
    return p.played;
}

/* The verdict, after checking that it is the same however the bytes come. */
static struct played play_all_ways(const uint8_t *in, size_t len)
{
    struct played whole = play(in, len, len);
    for (size_t cut = 0; cut < len; cut++) {
        struct played other = play(in, len, cut);
        if (other.messages != whole.messages || other.status != whole.status || other.content != whole.content ||
            other.sum != whole.sum)
            fail_msg("cut at %zu: %u messages, %u, instead of %u, %u", cut, other.messages, other.status,
                     whole.messages, whole.status);
    }
    return whole;
}

/* --- making their cases ours --- */

/* Their parsers do not ask for a Host; ours does. Give each request one, so that framing can be compared. */
static void add_hosts(struct buf *bytes)
{
    struct buf out = BUF_INIT(64 * 1024);
    const char *at = buf_text(bytes), *end = at + bytes->len;
    int has_host = memmem(at, bytes->len, "\nHost:", 6) || memmem(at, bytes->len, "\nHOST:", 6);
    while (at < end) {
        const char *line = memmem(at, (size_t)(end - at), " HTTP/1.1\r\n", 11);
        if (!line || has_host)
            break;
        assert_int_equal(buf_add(&out, at, (size_t)(line + 11 - at)), ERR_OK);
        assert_int_equal(buf_add_text(&out, "Host: a\r\n"), ERR_OK);
        at = line + 11;
    }
    assert_int_equal(buf_add(&out, at, (size_t)(end - at)), ERR_OK);
    buf_free(bytes);
    *bytes = out;
}

/* One character is one byte, above U+00FF as UTF-8 (the note in the file). */
static void add_bytes(struct buf *out, const char *text)
{
    for (const uint8_t *c = (const uint8_t *)text; *c; c++) {
        if ((c[0] == 0xc2 || c[0] == 0xc3) && c[1]) {
            assert_int_equal(buf_add_byte(out, (uint8_t)((c[0] & 3) << 6 | (c[1] & 0x3f))), ERR_OK);
            c++;
        } else {
            assert_int_equal(buf_add_byte(out, *c), ERR_OK);
        }
    }
}

/* Accepted there and not here, or with another count: which, what we say, and the sentence we follow. */
static const struct difference {
    const char *has; /* in the request */
    unsigned status;
    const char *because;
} differences[] = {
    {"GET /demo HTTP/1.1\r\nConnection: keep-alive, upgrade", 0,
     "RFC 9110 7.8: a server may ignore Upgrade; what follows is then the beginning of a next request"},
    {"GET /demo HTTP/1.1\r\nHost: example.com\r\nConnection: Upgrade", 0, "RFC 9110 7.8: a server may ignore Upgrade"},
    {"PUT /url HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: ws", 0, "RFC 9110 7.8: a server may ignore Upgrade"},
    {"PUT /url HTTP/1.1\r\nConnection: upgrade\r\nContent-Length: 4", 0, "RFC 9110 7.8: a server may ignore Upgrade"},
    {"POST /demo HTTP/1.1\r\nHost: example.com\r\nConnection: Upgrade", 0, "RFC 9110 7.8: a server may ignore Upgrade"},
    {"GET /get_funky_content_length_body_hello HTTP/1.0", 400, "RFC 9110 9.3.1: content in a GET might be refused"},
    {"PUT /url HTTP/1.0\r\n", 411,
     "RFC 1945 8.3: a valid Content-Length is required on all HTTP/1.0 requests with a body"},
    {"REPORT ", 501, "RFC 9110 9.1: a method that is not implemented is answered 501"},
    {"CONNECT ", 501, "RFC 9110 9.1"},
    {"M-SEARCH ", 501, "RFC 9110 9.1"},
    {"PURGE ", 501, "RFC 9110 9.1"},
    {"SEARCH ", 501, "RFC 9110 9.1"},
    {"LINK ", 501, "RFC 9110 9.1"},
    {"SOURCE /music/sweet/music HTTP", 501, "RFC 9110 9.1"},
    {"SOURCE /music/sweet/music ICE", 400, "RFC 9112 2.3: HTTP-name is HTTP"},
    {"OPTIONS /music/sweet/music RTSP", 400, "RFC 9112 2.3: HTTP-name is HTTP"},
    {"ANNOUNCE /music/sweet/music RTSP", 400, "RFC 9112 2.3: HTTP-name is HTTP"},
    {"PRI * HTTP/1.1", 501, "RFC 9110 9.1"},
    {"QUERY ", 501, "RFC 9110 9.1"},
    {"GET /\r\n\r\n", 400, "RFC 9112 2.3: the version is part of a request line"},
    {"Host: 0.0.0.0=5000", 400, "RFC 9112 3.2: a Host with an invalid field value is answered 400"},
    {"HOST: 0.0.0.0=5000", 400, "RFC 9112 3.2"},
    {"#hey", 400, "RFC 9112 3.2: a request target has no fragment"},
    {"#posts", 400, "RFC 9112 3.2: a request target has no fragment"},
    {"\"lovely\"", 400, "RFC 3986 3.3: a quotation mark is no pchar"},
    {"query=|", 400, "RFC 3986 3.4: a vertical bar is no pchar"},
    {"http://a%12:b!&*$@hypnotoad.org", 400, "RFC 9110 4.2.4: userinfo in a request target is treated as an error"},
    {"http://hypnotoad.org", 400, "RFC 9112 3.2.2: here, the authority must agree with Host"},
    {"GET /\xa0 ", 400, "RFC 3986 2: a URI is of ASCII characters"},
    {"foo: b\r\n  \tc", 400, "RFC 9112 5.2: obs-fold in a request is rejected or replaced"},
    {"GET   /   HTTP", 400, "RFC 9112 3: a single space separates the parts of a request line"},
    {"GET http://hypnotoad.org?hail=all HTTP/1.1\r\n\r\n\r\n", 400, "RFC 9112 3.2.2"},
};

static const struct difference *difference_of(const struct buf *bytes)
{
    for (size_t i = 0; i < sizeof differences / sizeof differences[0]; i++)
        if (memmem(buf_text(bytes), bytes->len, differences[i].has, strlen(differences[i].has)))
            return &differences[i];
    return NULL;
}

static json_t *load(const char *path)
{
    json_error_t error;
    json_t *file = json_load_file(path, 0, &error);
    if (!file)
        fail_msg("%s: %s", path, error.text);
    return file;
}

/* --- llhttp --- */

static void must_be_refused(struct buf *bytes)
{
    add_hosts(bytes);
    struct played played = play_all_ways(bytes->bytes, bytes->len);
    if (played.status)
        return;
    /* Their verdict came before the end of a line; ours comes with it. */
    assert_int_equal(buf_add_text(bytes, "\r\n\r\n"), ERR_OK);
    played = play_all_ways(bytes->bytes, bytes->len);
    if (!played.status)
        fail_msg("accepted: %s", buf_text(bytes));
}

static void must_be_as_theirs(struct buf *bytes, unsigned messages)
{
    const struct difference *difference = difference_of(bytes);
    add_hosts(bytes);
    struct played played = play_all_ways(bytes->bytes, bytes->len);
    unsigned status = difference ? difference->status : 0;
    if (played.status != status || (!status && played.messages != messages))
        fail_msg("%u messages and status %u for: %s", played.messages, played.status, buf_text(bytes));
}

static void strict_cases_of_llhttp(void **state)
{
    (void)state;
    json_t *file = load(VECTORS "/http/llhttp-request-cases.json"), *one;
    size_t i;
    unsigned strict = 0, refused = 0;
    json_array_foreach(json_object_get(file, "cases"), i, one)
    {
        struct buf bytes = BUF_INIT(64 * 1024);
        add_bytes(&bytes, json_string_value(json_object_get(one, "request")));
        const char *type = json_string_value(json_object_get(json_object_get(one, "meta"), "type"));
        int error = (int)json_integer_value(json_object_get(one, "error"));
        unsigned messages = (unsigned)json_integer_value(json_object_get(one, "messages"));
        /* One case tells llhttp by a callback that no body comes, which cannot be seen in the bytes. */
        int skips = json_object_get(json_object_get(one, "meta"), "skipBody") != NULL;
        int lenient = strstr(type, "lenient") != NULL;
        strict += !lenient;
        /* 22 and 23 are pauses for another protocol, which we do not speak. */
        int fails = error && error != 22 && error != 23 && !lenient;
        refused += fails;
        if (fails && !difference_of(&bytes))
            must_be_refused(&bytes);
        else if (!lenient && !skips)
            must_be_as_theirs(&bytes, messages);
        else
            play_all_ways(bytes.bytes, bytes.len);
        buf_free(&bytes);
    }
    assert_int_equal(strict, 134);
    assert_true(refused > 40);
    json_decref(file);
}

/* --- picohttpparser --- */

/* The body of a C string literal. */
static void add_literal(struct buf *out, const char *text)
{
    while (*text) {
        const char *after = text + 1;
        long byte = (uint8_t)*text;
        if (text[0] == '\\' && text[1] == 'x') {
            char *end;
            byte = strtol(text + 2, &end, 16);
            after = end;
        } else if (text[0] == '\\' && text[1] >= '0' && text[1] <= '7') {
            char digits[4] = {0};
            for (int i = 0; i < 3 && text[1 + i] >= '0' && text[1 + i] <= '7'; i++)
                digits[i] = text[1 + i];
            byte = strtol(digits, NULL, 8);
            after = text + 1 + strlen(digits);
        } else if (text[0] == '\\') {
            byte = text[1] == 'r' ? '\r' : text[1] == 'n' ? '\n' : text[1] == 't' ? '\t' : text[1];
            after = text + 2;
        }
        assert_int_equal(buf_add_byte(out, (uint8_t)byte), ERR_OK);
        text = after;
    }
}

static void cases_of_picohttpparser(void **state)
{
    (void)state;
    json_t *file = load(VECTORS "/http/picohttpparser-cases.json"), *one;
    size_t i;
    json_array_foreach(json_object_get(file, "cases"), i, one)
    {
        struct buf bytes = BUF_INIT(64 * 1024);
        if (strcmp(json_string_value(json_object_get(one, "fn")), "test_headers") == 0)
            assert_int_equal(buf_add_text(&bytes, "GET / HTTP/1.1\r\n"), ERR_OK);
        add_literal(&bytes, json_string_value(json_object_get(one, "input_c")));
        const char *expect = json_string_value(json_object_get(one, "expect"));
        if (strcmp(expect, "error") == 0)
            must_be_refused(&bytes);
        else
            must_be_as_theirs(&bytes, strcmp(expect, "ok") == 0);
        buf_free(&bytes);
    }
    json_decref(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strict_cases_of_llhttp),
        cmocka_unit_test(cases_of_picohttpparser),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
