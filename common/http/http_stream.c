/* http_stream.c -- what goes in pieces (http.h). Answers: one piece at a time, the next when the client has taken it
 * over, so that a slow reader costs no memory. Bodies: no more while the room says so, so that a fast sender costs
 * none. */
#include <event2/buffer.h>
#include <stdio.h>

#include "common/base/mem.h"
#include "common/http/http_inside.h"

static int is_chunked(const struct http_req *req)
{
    return req->message.head.minor != 0;
}

int http_is_streaming(const struct http_req *req)
{
    return req->conn != NULL && req->conn->state == CONN_STREAMING;
}

void http_stream(struct http_req *req, unsigned status, const char *type, http_more_fn *more)
{
    need(req->conn != NULL && req->conn->state == CONN_HANDLING && http_req_method(req) != HTTP_HEAD);
    req->more = more;
    reply_stream_head(req, status, type);
}

void http_stream_give(struct http_req *req, const void *bytes, size_t len)
{
    need(http_is_streaming(req) && !req->conn->given && len > 0 && len <= LIMIT_ANSWER_BYTES);
    struct evbuffer *output = bufferevent_get_output(req->conn->bev);
    if (is_chunked(req))
        need(evbuffer_add_printf(output, "%zx\r\n", len) > 0);
    need(evbuffer_add(output, bytes, len) == 0);
    if (is_chunked(req))
        need(evbuffer_add(output, "\r\n", 2) == 0);
    conn_given(req->conn, len);
}

void http_stream_end(struct http_req *req)
{
    static const char last[] = "0\r\n\r\n";
    struct http_conn *conn = req->conn;
    need(http_is_streaming(req) && !conn->given);
    int chunked = is_chunked(req);
    if (chunked)
        need(bufferevent_write(conn->bev, last, sizeof last - 1) == 0);
    conn_answered(conn, req->close, sizeof last - 1);
    if (!chunked) /* nothing is left to be written that would call us again */
        bufferevent_trigger(conn->bev, EV_WRITE, 0);
}

void http_stream_cut(struct http_req *req)
{
    need(http_is_streaming(req));
    conn_cut(req->conn);
}

void http_body_wait(struct http_req *req)
{
    need(req->conn != NULL && req->route && req->route->piece);
    conn_wait(req->conn);
}

void http_body_go_on(struct http_req *req)
{
    if (req->conn)
        conn_go_on(req->conn);
}
