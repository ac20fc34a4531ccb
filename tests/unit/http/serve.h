/* serve.h -- a real server in a process of its own, and a plain client that waits. For tests. */
#ifndef TESTS_UNIT_HTTP_SERVE_H
#define TESTS_UNIT_HTTP_SERVE_H

#include <stdatomic.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/base/buf.h"
#include "common/http/http.h"
#include "common/http/http_test.h"

/* What the server tells the test, in shared memory. */
struct seen {
    _Atomic int up, handled, answered, gone, freed, stopped;
    _Atomic int64_t metrics[64]; /* enum http_metric, at the end */
};

struct serve {
    struct http_options options; /* listen_fd and tls are filled */
    struct http_deadlines deadlines;
    const char *certificate, *key; /* NULL: plain; read again on SIGHUP */
    int64_t grace_ms;
    uint16_t port;
    pid_t pid;
    struct seen *seen;
    struct loop *loop; /* in the server */
    struct http_server *server;
};

/* Fork a server that runs until SIGTERM, then stops gracefully; returns when it is up. `options.room` is this struct.
 */
void serve_start(struct serve *serve);
/* SIGTERM, wait; the exit status must be 0 (sanitizers speak through it). */
void serve_stop(struct serve *serve);
/* A listening socket of 127.0.0.1 on a free port. */
int serve_listen(uint16_t *port);

/* A connected socket that gives up after 10 s. */
int client_connect(uint16_t port);
void client_send(int fd, const void *bytes, size_t len);
void client_say(int fd, const char *text);
/* One whole answer, by its Content-Length. 0 when the connection ended before it was whole. */
int client_answer(int fd, struct buf *out);
/* The same to a HEAD request: only the head. */
int client_head(int fd, struct buf *out);
/* Milliseconds until the server closes; -1 if it has not after `most_ms`. What comes is appended to `out` (or NULL). */
int64_t client_closed_after(int fd, int64_t most_ms, struct buf *out);
/* Connect, say, read until the end; `out` has it all. */
void client_ask(uint16_t port, const char *text, struct buf *out);
unsigned client_status(const struct buf *answer);
/* Wait until *counter is at least `n`; 0 after 10 s. */
int wait_for(_Atomic int *counter, int n);

#endif
