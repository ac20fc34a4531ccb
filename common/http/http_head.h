/* http_head.h -- the head of a request, read strictly: bytes in, verdict out, no input or output of its own.
 *
 * Our own reading of RFC 9112 that comes before llhttp (http_message.c): byte by byte in the order of arrival, so that
 * the verdict cannot depend on how the bytes were cut. The first fault decides. Trailers are read by the same field
 * rules. */
#ifndef COMMON_HTTP_HTTP_HEAD_H
#define COMMON_HTTP_HTTP_HEAD_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/buf.h"
#include "common/http/http.h"
#include "common/http/limits.h"

enum http_verdict { HTTP_MORE, HTTP_DONE, HTTP_REFUSED };

/* Offsets into the head's bytes. */
struct http_field {
    uint16_t name, name_len, value, value_len;
};

struct http_head {
    struct buf bytes; /* from the request line on */
    uint16_t line;    /* where the current line begins */
    uint8_t phase, last;
    uint8_t minor; /* of HTTP/1.x: 0, or 1 for 1 and above */
    uint8_t chunked, has_length, expects, close;
    uint8_t te_seen, te_bad, te_unknown; /* a Transfer-Encoding came; its form is wrong; it is a coding we lack */
    uint8_t expect_unknown, option_bad;  /* of Expect, of Connection */
    uint8_t absolute;                    /* the target was in absolute-form */
    uint16_t field_count, host_count;
    uint16_t target, target_len;       /* as sent */
    uint16_t authority, authority_len; /* of absolute-form */
    uint16_t path, path_len;           /* without query; in absolute-form without scheme and authority */
    uint16_t query, query_len;         /* without '?' */
    enum http_method method;
    uint64_t length;
    unsigned status;  /* why refused: 400, 411, 413, 414, 417, 431, 501, 505 */
    const char *says; /* the same in words, a literal */
    struct http_field fields[LIMIT_HEADER_COUNT];
};

void http_head_init(struct http_head *head);
void http_head_free(struct http_head *head);
/* Read up to the end of the head; *used tells how far. After HTTP_DONE or HTTP_REFUSED do not call again. */
enum http_verdict http_head_feed(struct http_head *head, const uint8_t *in, size_t len, size_t *used);
/* After HTTP_DONE: the texts get NULs behind them, so that they can be handed out as strings. */
void http_head_seal(struct http_head *head);
/* After http_head_seal(); case-blind, the first of that name; NULL if absent. */
const char *http_head_find(const struct http_head *head, const char *name);

/* 1 if it is HEAD that asks, as far as it can be told from what has come: it gets no content, whatever is wrong. */
int http_head_is_bare(const struct http_head *head);

/* The name of a method, "GET"; "" if it is none of ours. */
const char *http_method_name(enum http_method method);

/* One field line without its CRLF: sets the parts (offsets from `line`) or returns 0. Also for trailers. */
int http_field_read(const uint8_t *line, size_t len, struct http_field *out);
/* 1 if `byte` may stand in a token. */
int http_token_byte(uint8_t byte);

#endif
