/* http_conn.c -- the life of a connection: handshake, request, answer, end. http_read.c reads the request.
 *
 * conn_enter() is the only place where the state changes; each state has one total deadline, and each way out one
 * cause. */
#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/http/http_inside.h"

/* From each state, where it may go. */
static const unsigned moves[] = {
    [CONN_HANDSHAKE] = TO(IDLE) | TO(ENDED),
    [CONN_IDLE] = TO(HEAD) | TO(ENDED),
    [CONN_HEAD] = TO(BODY) | TO(ANSWERING) | TO(ENDED),
    [CONN_BODY] = TO(WAITING) | TO(HANDLING) | TO(ANSWERING) | TO(ENDED),
    [CONN_WAITING] = TO(HANDLING) | TO(ANSWERING) | TO(ENDED),
    [CONN_HANDLING] = TO(STREAMING) | TO(ANSWERING) | TO(ENDED),
    [CONN_STREAMING] = TO(ANSWERING) | TO(ENDED),
    [CONN_ANSWERING] = TO(IDLE) | TO(LINGERING) | TO(ENDED),
    [CONN_LINGERING] = TO(ENDED),
    [CONN_ENDED] = 0,
};

static void conn_places(struct http_conn *conn, enum conn_state next)
{
    if (conn->state == CONN_WAITING)
        admit_wait_over(conn);
    else if (conn->state == CONN_HANDLING)
        admit_ends(conn->server);
    if (next == CONN_WAITING)
        admit_wait(conn);
    else if (next == CONN_HANDLING)
        admit_begins(conn->server);
}

void conn_set_deadline(struct http_conn *conn, int64_t deadline)
{
    unsigned reading = TO(HANDSHAKE) | TO(HEAD) | TO(BODY) | (conn->served ? 0 : TO(IDLE));
    if (1U << conn->state & reading && deadline > conn->whole_by)
        deadline = conn->whole_by;
    conn->deadline = deadline;
}

void conn_enter(struct http_conn *conn, enum conn_state next)
{
    const struct http_deadlines *d = &conn->server->deadlines;
    const int limits[] = {
        [CONN_HANDSHAKE] = d->handshake_ms, [CONN_IDLE] = d->idle_ms,
        [CONN_HEAD] = d->head_ms,           [CONN_BODY] = d->body_ms,
        [CONN_WAITING] = d->wait_ms,        [CONN_HANDLING] = d->handler_ms,
        [CONN_STREAMING] = d->write_ms,     [CONN_ANSWERING] = d->write_ms,
        [CONN_LINGERING] = d->linger_ms,    [CONN_ENDED] = 0,
    };
    need(moves[conn->state] & 1U << next);
    conn_places(conn, next);
    conn->waits = 0;
    conn->state = (uint8_t)next;
    conn->began = clock_ms();
    if (next == CONN_HEAD && conn->served)
        conn->whole_by = conn->began + d->request_ms;
    conn_set_deadline(conn, conn->began + limits[next]);
}

static SSL *conn_ssl(const struct http_conn *conn)
{
    return bufferevent_openssl_get_ssl(conn->bev);
}

/* One close_notify, not waited for: without it the client could not tell an end from a cut. */
static void conn_shut_tls(struct http_conn *conn)
{
    SSL *ssl = conn_ssl(conn);
    if (!ssl || !SSL_is_init_finished(ssl) || SSL_get_shutdown(ssl) & SSL_SENT_SHUTDOWN)
        return;
    ERR_clear_error();
    SSL_shutdown(ssl);
    ERR_clear_error();
}

void conn_free(void *arg)
{
    struct http_conn *conn = arg;
    bufferevent_free(conn->bev);
    ERR_clear_error();
    mem_free(conn);
}

void conn_end(struct http_conn *conn, enum http_metric cause)
{
    if (conn->state == CONN_ENDED)
        return;
    log_debug("connection_end", LOG_NAME("cause", metrics_own_word(cause)));
    metrics_own_add(cause, 1);
    metrics_own_add(HTTP_METRIC_OPEN, -1);
    conn_enter(conn, CONN_ENDED);
    bufferevent_setcb(conn->bev, NULL, NULL, NULL, NULL);
    bufferevent_disable(conn->bev, EV_READ | EV_WRITE);
    /* Between fork and exec of nothing: a child that lets go of its parent's connections must not speak on them. */
    if (!conn->server->freeing)
        conn_shut_tls(conn);
    if (conn->req)
        req_gone(conn->req);
    server_forget(conn->server, conn);
    loop_bury(conn->server->loop, conn, conn_free);
}

/* Our side is done. Closing now, with input unread, would send a reset that may overtake the answer. */
static void conn_linger(struct http_conn *conn)
{
    conn_shut_tls(conn);
    if (conn->eof) {
        conn_end(conn, conn->cause);
        return;
    }
    shutdown(bufferevent_getfd(conn->bev), SHUT_WR);
    conn_enter(conn, CONN_LINGERING);
    struct evbuffer *input = bufferevent_get_input(conn->bev);
    evbuffer_drain(input, evbuffer_get_length(input));
    conn_mind_input(conn);
}

void conn_answered(struct http_conn *conn, int close, size_t size)
{
    req_gone(conn->req);
    conn_enter(conn, CONN_ANSWERING);
    conn->deadline += (int64_t)size * 1000 / LIMIT_BYTES_PER_SECOND;
    conn->taken_by = conn->deadline;
    conn->close = close != 0;
    conn->served = 1;
}

void conn_given(struct http_conn *conn, size_t size)
{
    const struct http_deadlines *d = &conn->server->deadlines;
    if (conn->state != CONN_STREAMING)
        conn_enter(conn, CONN_STREAMING);
    conn->given = 1;
    conn->deadline = clock_ms() + d->write_ms + (int64_t)size * 1000 / LIMIT_BYTES_PER_SECOND;
}

/* The client has all that there is so far. */
static void conn_wants_more(struct http_conn *conn)
{
    conn->given = 0;
    conn->deadline = clock_ms() + conn->server->deadlines.handler_ms;
    conn->req->more(conn->req, conn->server->options.room);
}

static void on_read(struct bufferevent *bev, void *arg)
{
    struct http_conn *conn = arg;
    struct evbuffer *input = bufferevent_get_input(bev);
    if (conn->state == CONN_LINGERING)
        evbuffer_drain(input, evbuffer_get_length(input));
    else
        conn_read_on(conn, 0);
}

static void on_written(struct bufferevent *bev, void *arg)
{
    struct http_conn *conn = arg;
    if (evbuffer_get_length(bufferevent_get_output(bev)) > 0)
        return;
    if (conn->state == CONN_STREAMING && conn->given)
        conn_wants_more(conn);
    if (conn->state != CONN_ANSWERING || evbuffer_get_length(bufferevent_get_output(bev)) > 0)
        return;
    if (conn->close || conn->server->stopping) {
        conn_linger(conn);
        return;
    }
    conn_enter(conn, CONN_IDLE);
    conn_read_on(conn, 0);
}

static void on_event(struct bufferevent *bev, short what, void *arg)
{
    static const enum http_metric causes[] = {
        [CONN_HANDSHAKE] = HTTP_METRIC_END_HANDSHAKE, [CONN_IDLE] = HTTP_METRIC_END_CLIENT,
        [CONN_HEAD] = HTTP_METRIC_END_GONE,           [CONN_BODY] = HTTP_METRIC_END_GONE,
        [CONN_WAITING] = HTTP_METRIC_END_GONE,        [CONN_HANDLING] = HTTP_METRIC_END_GONE,
        [CONN_STREAMING] = HTTP_METRIC_END_GONE,      [CONN_ANSWERING] = HTTP_METRIC_END_GONE,
    };
    (void)bev;
    struct http_conn *conn = arg;
    ERR_clear_error();
    if (what & BEV_EVENT_CONNECTED) {
        conn_enter(conn, CONN_IDLE);
        return;
    }
    /* Who has shut only its sending side still gets the answer that is on its way. */
    if (1U << conn->state & (TO(STREAMING) | TO(ANSWERING)) && what & BEV_EVENT_EOF)
        conn->eof = 1;
    else
        conn_end(conn, conn->state == CONN_LINGERING ? conn->cause : causes[conn->state]);
}

/* 1 when the kernel still holds some of an answer, because the client's side takes no more of it. */
static int conn_untaken(const struct http_conn *conn)
{
    struct tcp_info info = {0};
    socklen_t len = sizeof info;
    return (1U << conn->state & (TO(IDLE) | TO(STREAMING) | TO(ANSWERING) | TO(LINGERING))) != 0 &&
           getsockopt(bufferevent_getfd(conn->bev), IPPROTO_TCP, TCP_INFO, &info, &len) == 0 &&
           (info.tcpi_unacked || info.tcpi_notsent_bytes);
}

static void conn_reset(struct http_conn *conn, enum http_metric cause)
{
    struct linger at_once = {1, 0};
    setsockopt(bufferevent_getfd(conn->bev), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    conn_end(conn, cause);
}

void conn_cut(struct http_conn *conn)
{
    conn_reset(conn, HTTP_METRIC_END_UNANSWERED);
}

int conn_tick(struct http_conn *conn, int64_t now)
{
    static const enum http_metric causes[] = {
        [CONN_HANDSHAKE] = HTTP_METRIC_END_SLOW_HANDSHAKE, [CONN_IDLE] = HTTP_METRIC_END_IDLE,
        [CONN_HEAD] = HTTP_METRIC_END_SLOW_HEAD,           [CONN_BODY] = HTTP_METRIC_END_SLOW_BODY,
        [CONN_HANDLING] = HTTP_METRIC_END_UNANSWERED,      [CONN_STREAMING] = HTTP_METRIC_END_SLOW_READER,
        [CONN_ANSWERING] = HTTP_METRIC_END_SLOW_READER,
    };
    if (now < conn->deadline || conn->state == CONN_WAITING)
        return 0;
    if (conn->state == CONN_LINGERING && now < conn->taken_by && conn_untaken(conn)) {
        conn->deadline = now + conn->server->deadlines.linger_ms;
        return 0;
    }
    int unanswered = conn->state == CONN_HANDLING || conn->waits || (conn->state == CONN_STREAMING && !conn->given);
    if (unanswered)
        log_warn("handler_did_not_answer");
    if (1U << conn->state & (TO(HEAD) | TO(BODY) | TO(HANDLING)))
        conn_refuse(conn, unanswered ? 503 : 408, NULL, conn->waits ? HTTP_METRIC_END_UNANSWERED : causes[conn->state]);
    else if (unanswered)
        conn_cut(conn);
    /* Who reads by the drop has had the time that was there for it. Closing alone would leave the answer, and the slow
     * one, with the kernel for many minutes more. */
    else if (conn_untaken(conn))
        conn_reset(conn, HTTP_METRIC_END_SLOW_READER);
    else
        conn_end(conn, conn->state == CONN_LINGERING ? conn->cause : causes[conn->state]);
    return 1;
}

static struct bufferevent *conn_socket(struct http_server *server, int fd, enum conn_state *state)
{
    struct event_base *base = loop_base(server->loop);
    int flags = BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS;
    *state = CONN_IDLE;
    if (!server->options.tls)
        return bufferevent_socket_new(base, fd, flags);
    *state = CONN_HANDSHAKE;
    ERR_clear_error();
    SSL *ssl = SSL_new(server->options.tls);
    need(ssl != NULL);
    return bufferevent_openssl_socket_new(base, fd, ssl, BUFFEREVENT_SSL_ACCEPTING, flags);
}

struct http_conn *conn_new(struct http_server *server, int fd, uint32_t slot, int excess)
{
    enum conn_state state;
    struct bufferevent *bev = conn_socket(server, fd, &state);
    need(bev != NULL);
    struct http_conn *conn = mem_new(sizeof *conn);
    *conn = (struct http_conn){.server = server, .bev = bev, .slot = slot, .excess = excess != 0};
    conn->cause = HTTP_METRIC_END_ANSWERED;
    conn->state = (uint8_t)state;
    conn->began = clock_ms();
    conn->whole_by = conn->began + server->deadlines.request_ms;
    conn->deadline = conn->began + (state == CONN_IDLE ? server->deadlines.idle_ms : server->deadlines.handshake_ms);
    /* Each answer is one write: waiting for more would only delay it. */
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    bufferevent_setcb(bev, on_read, on_written, on_event, conn);
    bufferevent_setwatermark(bev, EV_READ, 0, LIMIT_INPUT_BYTES);
    bufferevent_enable(bev, EV_READ | EV_WRITE);
    metrics_own_add(HTTP_METRIC_OPEN, 1);
    return conn;
}

void conn_came_from(struct http_conn *conn, const struct sockaddr *from)
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff}; /* ::ffff:a.b.c.d */
    enum { BYTES_4 = 3, BYTES_6 = HTTP_NETWORK - 1 };
    uint8_t all[16];
    if (from->sa_family == AF_INET) {
        memcpy(all, &((const struct sockaddr_in *)(const void *)from)->sin_addr, 4);
        conn->network[0] = 4;
        memcpy(conn->network + 1, all, BYTES_4);
    } else if (from->sa_family == AF_INET6) {
        memcpy(all, &((const struct sockaddr_in6 *)(const void *)from)->sin6_addr, sizeof all);
        int is_4 = memcmp(all, mapped, sizeof mapped) == 0;
        conn->network[0] = is_4 ? 4 : 6;
        memcpy(conn->network + 1, is_4 ? all + sizeof mapped : all, is_4 ? BYTES_4 : BYTES_6);
    }
    mem_wipe(all, sizeof all);
}
