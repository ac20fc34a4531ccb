/* http.h -- an HTTP/1.1 server for strangers: libevent bufferevents, OpenSSL, llhttp, and our own strict reading of
 * heads.
 *
 * A room gives a table of routes and answers requests; the server owns connections, TLS, framing, deadlines, limits
 * (limits.h) and the headers that every answer carries (OWASP list, policy below). A handler is called once, when head
 * and body are complete and within limits; it answers at once or later. Across that gap a room keeps the request's id
 * and asks http_find() for the request again: the client may have gone, and that is an ordinary case, not an error.
 *
 * Promises: each connection ends with exactly one cause (counted, logged as a word without content); nothing is handed
 * to a handler from a request that breaks RFC 9112; request bytes are wiped when the answer has been written. */
#ifndef COMMON_HTTP_HTTP_H
#define COMMON_HTTP_HTTP_H

#include <openssl/ssl.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/loop.h"

struct http_server;
struct http_req;

/* Bits, so that a route may take several. HEAD is answered wherever GET is, OPTIONS everywhere. */
enum http_method {
    HTTP_GET = 1,
    HTTP_HEAD = 2,
    HTTP_POST = 4,
    HTTP_PUT = 8,
    HTTP_PATCH = 16,
    HTTP_DELETE = 32,
    HTTP_OPTIONS = 64,
    /* No method: what may come at LIMIT_SLOW_RATE, for people who send photographs over a line that is no faster. */
    HTTP_MAY_BE_SLOW = 128,
};

/* Complete request: answer it now with http_answer(), or keep http_req_id() and answer later. */
typedef void http_handler_fn(struct http_req *req, void *room);
/* A piece of the body has come (streaming routes). Anything but ERR_OK refuses the request: TOO_BIG 413, BUSY 503,
 * UNSUPPORTED media is ERR_DENIED 415, other 400. `len` 0 never happens. */
typedef enum err http_piece_fn(struct http_req *req, void *room, const uint8_t *piece, size_t len);

/* The same for a room that cannot take more just now: within `piece`, http_body_wait(); later, when it can,
 * http_body_go_on(), which may call the room again before it returns, with `req` gone. What has come with this piece is
 * the room's all the same; besides it at most one TLS record waits. The time does not count against the client; a room
 * that does not go on within the handler's deadline is at fault (503). Going on where nothing waits does nothing. */
void http_body_wait(struct http_req *req);
void http_body_go_on(struct http_req *req);

struct http_route {
    unsigned methods; /* of enum http_method */
    const char *path; /* "/api/v1/cases/{id}/answers"; {..} matches one segment of 1 to 128 bytes */
    http_handler_fn *handle;
    size_t body_max;      /* bytes; over it: 413 before the body is read where Content-Length tells */
    http_piece_fn *piece; /* NULL: the body is gathered and http_req_body() holds it */
};

/* What differs between rooms in the headers of every answer. */
struct http_policy {
    const char *csp;         /* Content-Security-Policy; never NULL */
    const char *permissions; /* Permissions-Policy; NULL: the OWASP value */
    int hsts;                /* Strict-Transport-Security: only under a certificate that browsers trust */
};

/* Body of an error page, appended to `out`, for a request that the server itself refuses. `req` may lack everything but
 * what was read (http_req_is_under(), http_refusal_problem()). Return the content type. NULL function: one plain
 * sentence as text/plain. */
typedef const char *http_error_page_fn(struct http_req *req, void *room, unsigned status, struct buf *out);

struct http_options {
    int listen_fd;                   /* bound and listening, non-blocking; the server takes it */
    SSL_CTX *tls;                    /* borrowed; NULL: plain (loopback listeners only) */
    const struct http_route *routes; /* ends with a row whose path is NULL; borrowed for life */
    struct http_policy policy;
    http_error_page_fn *error_page;
    void *room;               /* handed to every handler */
    unsigned connections_max; /* over it new ones are told 503 and closed */
    unsigned handling_max;    /* requests with handlers at a time; more wait a second and are told 503. 0: no bound */
};

/* Once, before a sandbox that forbids to ask: raises the number of descriptors to the most that the process may have.
 * The servers that are made later take no more connections than fit. Without this call the first server asks. */
void http_raise_descriptors(void);
/* Never NULL. */
struct http_server *http_server_new(struct loop *loop, const struct http_options *options);
/* Take connections that come from now on under another certificate; the running ones keep theirs. Borrows. */
void http_server_set_tls(struct http_server *server, SSL_CTX *tls);
/* Stop accepting, finish what was begun (at most `grace_ms`), then call `done` once. */
void http_server_stop(struct http_server *server, int64_t grace_ms, loop_fn *done, void *arg);
void http_server_free(struct http_server *server);
unsigned http_server_open(const struct http_server *server);

/* The request, as long as it waits for its answer. */
uint64_t http_req_id(const struct http_req *req);
struct http_req *http_find(struct http_server *server, uint64_t id); /* NULL: answered or gone */
enum http_method http_req_method(const struct http_req *req);
const char *http_req_path(const struct http_req *req); /* without query; never NULL */
/* 1 if the address begins with `prefix`; also of a request that was refused before its head was whole, as far as the
 * address was read. */
int http_req_is_under(const struct http_req *req, const char *prefix);
const char *http_req_query(const struct http_req *req);                    /* raw, without '?'; "" if none */
const char *http_req_header(const struct http_req *req, const char *name); /* case-blind; NULL if absent */
const char *http_req_param(const struct http_req *req, unsigned index); /* the {..} parts in order, percent-decoded */
/* Every header line in the order sent. */
void http_req_each_header(const struct http_req *req, void (*fn)(void *room, const char *name, const char *value),
                          void *room);
struct buf *http_req_body(struct http_req *req); /* gathered body; may be taken empty by buf_clear() */
struct http_server *http_req_server(const struct http_req *req);
/* The network that it comes from, never the address: 4 and the first 24 bits of an IPv4 address, or 6 and the first 56
 * of an IPv6 one. 0: it could not be read. Kept as long as the connection is open. */
enum { HTTP_NETWORK = 8 };
const uint8_t *http_req_network(const struct http_req *req);
/* A number of the room's own that the connection keeps from request to request; 0 at first. */
uint64_t *http_req_tally(struct http_req *req);
/* A room's own state for this request (streaming). Freed with `fn` when the request ends, however it ends. */
void http_req_keep(struct http_req *req, void *state, void (*fn)(void *state));
void *http_req_kept(const struct http_req *req);

/* Add a header to the coming answer (names of the fixed policy are replaced, others added; at most 16, value at most
 * 2 KiB, no control bytes: a bug otherwise). */
void http_set(struct http_req *req, const char *name, const char *value);
/* The answer. Copies `body`, which the caller wipes if it must. HEAD sends the length and no body. Exactly once. On a
 * streaming route it may be given while the body still comes: what is left of it is not read and the connection
 * closes. */
void http_answer(struct http_req *req, unsigned status, const char *type, const void *body, size_t len);
/* The same with a body that comes in pieces, because nobody knows its length beforehand or it would be too much at
 * once: the head now, then `more` is called whenever the client has taken over what it was given, and the room gives
 * the next piece, or the end, at once or later (a client that goes away meanwhile is found by http_find() no more).
 * What was not ended (http_stream_cut(), or a handler's deadline) is seen to be cut by every client of HTTP/1.1. */
typedef void http_more_fn(struct http_req *req, void *room);
void http_stream(struct http_req *req, unsigned status, const char *type, http_more_fn *more);
/* 1 byte to 16 MiB, copied; once for each call of `more`. */
void http_stream_give(struct http_req *req, const void *bytes, size_t len);
void http_stream_end(struct http_req *req);
void http_stream_cut(struct http_req *req);
int http_is_streaming(const struct http_req *req);
/* An RFC 9457 problem document: {"type","title","status","detail","field"}; `type` is the last part of a fixed list
 * ("malformed", "too-large", ...), `detail` a plain sentence, `field` NULL or the one at fault. */
void http_problem(struct http_req *req, unsigned status, const char *type, const char *detail, const char *field);
/* The same document for what the server itself refuses, appended to `out`; returns its media type. `status` is one of
 * 400, 404, 405, 408, 411, 413, 414, 415, 417, 431, 500, 501, 503, 505. */
const char *http_refusal_problem(const struct http_req *req, unsigned status, struct buf *out);
/* The last part of its `type`; for the statuses above. Literals. */
const char *http_refusal_type(unsigned status);
/* 503 with Retry-After. */
void http_busy(struct http_req *req, unsigned retry_after_s);
/* 303 to `path` (a GET follows). */
void http_see_other(struct http_req *req, const char *path);
/* Close the connection after this answer. */
void http_close_after(struct http_req *req);

#endif
