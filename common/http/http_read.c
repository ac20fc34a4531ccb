/* http_read.c -- a request as it comes in on a connection: head, body piece by piece, the handler; or a refusal.
 *
 * The parser is http_message.c's, and every verdict on bytes; here it is decided what is read at all, how long, and
 * when not. One request at a time: what a client sends meanwhile waits in a bounded input. */
#include <event2/buffer.h>

#include "common/base/clock.h"
#include "common/http/http_inside.h"

/* An input that is full and not read from would be shown to us again and again: under TLS libevent goes round without
 * coming to anything else. So nothing more is taken in until it is read from. */
void conn_mind_input(struct http_conn *conn)
{
    int is_full = evbuffer_get_length(bufferevent_get_input(conn->bev)) >= LIMIT_INPUT_BYTES;
    if (is_full && !conn->deaf && conn->state != CONN_ENDED)
        bufferevent_disable(conn->bev, EV_READ);
    else if (!is_full && conn->deaf && conn->state != CONN_ENDED)
        bufferevent_enable(conn->bev, EV_READ);
    else
        return;
    conn->deaf = is_full != 0;
}

void conn_refuse(struct http_conn *conn, unsigned status, const char *says, enum http_metric cause)
{
    conn->cause = (uint8_t)cause;
    conn->req->close = 1;
    reply_refusal(conn->req, status, says);
}

static void on_head(struct http_conn *conn)
{
    struct http_req *req = conn->req;
    const struct http_head *head = &req->message.head;
    req->has_head = 1;
    req->close = head->close;
    conn_enter(conn, CONN_BODY);
    if (conn->excess) {
        conn_refuse(conn, 503, NULL, HTTP_METRIC_END_FULL);
        return;
    }
    route_find(req);
    need(req->route || req->refusal);
    int sends = head->chunked || head->length;
    size_t most = req->route ? req->route->body_max : LIMIT_DISCARD_BYTES;
    if (head->length > most || (req->refusal && sends && head->expects) || req->refusal == 405) {
        conn_refuse(conn, req->refusal ? req->refusal : 413, NULL, HTTP_METRIC_END_ANSWERED);
        return;
    }
    if (!req->refusal)
        buf_init(&req->body, req->route->body_max);
    if (head->expects && sends && evbuffer_get_length(bufferevent_get_input(conn->bev)) == 0)
        reply_continue(conn);
}

static unsigned status_of_piece(enum err err)
{
    static const struct {
        enum err err;
        unsigned status;
    } map[] = {{ERR_TOO_BIG, 413}, {ERR_BUSY, 503}, {ERR_DENIED, 415}};
    for (size_t i = 0; i < sizeof map / sizeof map[0]; i++)
        if (map[i].err == err)
            return map[i].status;
    return 400;
}

/* The time that a body has earned by what has come of it. */
static int64_t body_credit(const struct http_req *req)
{
    unsigned rate = req->route && req->route->methods & HTTP_MAY_BE_SLOW ? LIMIT_SLOW_RATE : LIMIT_BYTES_PER_SECOND;
    return (int64_t)(req->body_seen * 1000 / rate);
}

/* Of a piece that goes over the limit the room is told what is within it: where its own verdict lies there, it is the
 * answer, however the bytes came. */
static enum err take_piece(struct http_req *req, const uint8_t *piece, size_t len)
{
    const struct http_route *route = req->route;
    uint64_t over = req->body_seen > route->body_max ? req->body_seen - route->body_max : 0;
    size_t within = over < len ? len - (size_t)over : 0;
    enum err err = ERR_OK;
    if (within && route->piece)
        err = route->piece(req, req->conn->server->options.room, piece, within);
    else if (within)
        err = buf_add(&req->body, piece, within);
    return err == ERR_OK && over ? ERR_TOO_BIG : err;
}

static void on_piece(struct http_conn *conn, const uint8_t *piece, size_t len)
{
    struct http_req *req = conn->req;
    const struct http_head *head = &req->message.head;
    conn->whole_by -= body_credit(req);
    req->body_seen += len;
    conn->whole_by += body_credit(req);
    conn_set_deadline(conn, conn->began + conn->server->deadlines.body_ms + body_credit(req));
    if (!req->refusal) {
        enum err err = take_piece(req, piece, len);
        if (err == ERR_OK)
            return;
        req->refusal = status_of_piece(err);
    }
    uint64_t coming = head->length > req->body_seen ? head->length - req->body_seen : 0;
    if (req->body_seen > LIMIT_DISCARD_BYTES || coming > LIMIT_DISCARD_BYTES || req->refusal == 413)
        conn_refuse(conn, req->refusal, NULL, HTTP_METRIC_END_ANSWERED);
}

void conn_handle(struct http_conn *conn)
{
    conn_enter(conn, CONN_HANDLING);
    conn->req->route->handle(conn->req, conn->server->options.room);
}

void conn_busy(struct http_conn *conn)
{
    metrics_own_add(HTTP_METRIC_BUSY, 1);
    reply_refusal(conn->req, 503, NULL);
}

static void on_done(struct http_conn *conn)
{
    struct http_server *server = conn->server;
    struct http_req *req = conn->req;
    if (req->refusal)
        reply_refusal(req, req->refusal, req->refusal_says);
    else if (server->waiting || !admit_has_place(server))
        conn_enter(conn, CONN_WAITING);
    else
        conn_handle(conn);
}

static int conn_is_reading(const struct http_conn *conn)
{
    return (1U << conn->state & (TO(IDLE) | TO(HEAD) | TO(BODY))) != 0;
}

void conn_read_on(struct http_conn *conn, int again)
{
    struct evbuffer *input = bufferevent_get_input(conn->bev);
    while (conn_is_reading(conn) && !conn->waits) {
        struct evbuffer_iovec in = {0};
        /* An input that is empty may still have an empty piece of memory to show. */
        evbuffer_peek(input, -1, NULL, &in, 1);
        if (in.iov_len == 0 && !again)
            break;
        if (conn->state == CONN_IDLE) {
            conn_enter(conn, CONN_HEAD);
            conn->req = req_new(conn);
        }
        struct http_message *message = &conn->req->message;
        const uint8_t *piece;
        size_t used, piece_len;
        enum http_event event = http_message_feed(message, in.iov_base, in.iov_len, &used, &piece, &piece_len);
        again = event == HTTP_EVENT_HEAD || event == HTTP_EVENT_PIECE;
        if (event == HTTP_EVENT_PIECE)
            on_piece(conn, piece, piece_len);
        evbuffer_drain(input, used);
        if (event == HTTP_EVENT_HEAD)
            on_head(conn);
        else if (event == HTTP_EVENT_DONE)
            on_done(conn);
        else if (event == HTTP_EVENT_REFUSED)
            conn_refuse(conn, message->status, message->says, HTTP_METRIC_END_REFUSED);
    }
    conn_mind_input(conn);
    if (conn->eof && conn->state != CONN_ANSWERING)
        conn_end(conn, conn->state == CONN_IDLE ? HTTP_METRIC_END_CLIENT : HTTP_METRIC_END_GONE);
}

void conn_wait(struct http_conn *conn)
{
    need(conn->state == CONN_BODY);
    if (conn->waits)
        return;
    conn->waits = 1;
    conn->waits_since = clock_ms();
    conn->deadline = conn->waits_since + conn->server->deadlines.handler_ms;
}

void conn_go_on(struct http_conn *conn)
{
    if (!conn->waits || conn->state != CONN_BODY)
        return;
    int64_t waited = clock_ms() - conn->waits_since;
    conn->waits = 0;
    conn->began += waited;
    conn->whole_by += waited;
    conn_set_deadline(conn, conn->began + conn->server->deadlines.body_ms + body_credit(conn->req));
    conn_read_on(conn, 1);
}
