/* http_reply.c -- answers: one buffer of head and body, written as one TLS record where it fits. */
#include <event2/buffer.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "common/http/http_inside.h"

static const struct {
    unsigned status;
    const char *reason, *says;
    const char *type; /* of the problem, where the server itself may refuse so */
} reasons[] = {
    {200, "OK", "", NULL},
    {201, "Created", "", NULL},
    {202, "Accepted", "", NULL},
    {204, "No Content", "", NULL},
    {207, "Multi-Status", "", NULL},
    {303, "See Other", "", NULL},
    {304, "Not Modified", "", NULL},
    {400, "Bad Request", "The request is not well formed.", "malformed"},
    {401, "Unauthorized", "Sign in first.", NULL},
    {403, "Forbidden", "This is not allowed.", NULL},
    {404, "Not Found", "There is nothing at this address.", "not-found"},
    {405, "Method Not Allowed", "This address does not take this method.", "method"},
    {406, "Not Acceptable", "This cannot be answered in the form that was asked for.", NULL},
    {408, "Request Timeout", "The request took too long to arrive.", "too-slow"},
    {409, "Conflict", "This conflicts with what is there.", NULL},
    {410, "Gone", "This is no longer there.", NULL},
    {411, "Length Required", "The length of the body must be given.", "length"},
    {412, "Precondition Failed", "A condition of the request does not hold.", NULL},
    {413, "Content Too Large", "The body is too large.", "too-large"},
    {414, "URI Too Long", "The address is too long.", "too-large"},
    {415, "Unsupported Media Type", "The body is not of a type that this address takes.", "media-type"},
    {417, "Expectation Failed", "What the request expects cannot be done.", "expectation"},
    {422, "Unprocessable Content", "The request cannot be followed as it is.", NULL},
    {428, "Precondition Required", "The request must name a condition.", NULL},
    {429, "Too Many Requests", "Too many requests; please wait a little.", NULL},
    {431, "Request Header Fields Too Large", "The header is too large.", "too-large"},
    {500, "Internal Server Error", "Something went wrong on our side.", "fault"},
    {501, "Not Implemented", "This method is not known here.", "not-implemented"},
    {502, "Bad Gateway", "Another service did not answer as it should.", NULL},
    {503, "Service Unavailable", "The service is busy; please try again shortly.", "busy"},
    {505, "HTTP Version Not Supported", "Only HTTP/1.1 and HTTP/1.0 are spoken here.", "version"},
};

static size_t reason_row(unsigned status)
{
    size_t i = 0;
    while (i < sizeof reasons / sizeof reasons[0] && reasons[i].status != status)
        i++;
    need(i < sizeof reasons / sizeof reasons[0]);
    return i;
}

const char *reply_reason(unsigned status)
{
    return reasons[reason_row(status)].reason;
}

const char *http_refusal_type(unsigned status)
{
    const char *type = reasons[reason_row(status)].type;
    need(type != NULL);
    return type;
}

/* Date of an origin with a clock (RFC 9110 section 6.6.1), made once a second. Not strftime: that follows the locale.
 */
static const char *reply_date(struct http_server *server)
{
    static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t now = (time_t)clock_wall();
    if (now != server->date_at) {
        struct tm tm;
        need(gmtime_r(&now, &tm) != NULL);
        snprintf(server->date, sizeof server->date, "%s, %02d %s %d %02d:%02d:%02d GMT", days[tm.tm_wday], tm.tm_mday,
                 months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
        server->date_at = now;
    }
    return server->date;
}

static int has_no_content(unsigned status)
{
    return status == 204 || status == 304;
}

static const char PROBLEM[] = "application/problem+json";

/* The length of a body that comes in pieces. */
#define LENGTH_UNKNOWN SIZE_MAX

static enum err write_length(const struct http_req *req, size_t len, struct buf *head)
{
    if (len != LENGTH_UNKNOWN)
        return buf_addf(head, "Content-Length: %zu\r\n", len);
    /* HTTP/1.0 has no chunks: the end of the connection is the end of the body. */
    return req->message.head.minor ? buf_add_text(head, "Transfer-Encoding: chunked\r\n") : ERR_OK;
}

static void write_head(struct http_req *req, unsigned status, const char *type, size_t len, struct buf *head)
{
    enum err err =
        buf_addf(head, "HTTP/1.1 %u %s\r\nDate: %s\r\n", status, reply_reason(status), reply_date(req->server));
    if (err == ERR_OK && !has_no_content(status))
        err = write_length(req, len, head);
    if (err == ERR_OK && type && !has_no_content(status))
        err = buf_addf(head, "Content-Type: %s\r\n", type);
    if (err == ERR_OK && req->close)
        err = buf_add_text(head, "Connection: close\r\n");
    if (err == ERR_OK)
        err = headers_write(req, head);
    if (err == ERR_OK)
        err = buf_add_text(head, "\r\n");
    need(err == ERR_OK);
}

static void count_answer(unsigned status)
{
    static const enum http_metric classes[] = {HTTP_METRIC_ANSWER_2XX, HTTP_METRIC_ANSWER_3XX, HTTP_METRIC_ANSWER_4XX,
                                               HTTP_METRIC_ANSWER_5XX};
    metrics_own_add(HTTP_METRIC_REQUESTS, 1);
    metrics_own_add(classes[status / 100 - 2], 1);
}

static void reply(struct http_req *req, unsigned status, const char *type, const void *body, size_t len)
{
    struct http_conn *conn = req->conn;
    need(conn != NULL);
    need(status >= 200 && status <= 599 && len <= LIMIT_ANSWER_BYTES);
    if (req->server->stopping)
        req->close = 1;
    struct buf *head = &req->server->reply_head;
    write_head(req, status, type, len, head);
    size_t body_len = has_no_content(status) || http_head_is_bare(&req->message.head) ? 0 : len;
    struct evbuffer *output = bufferevent_get_output(conn->bev);
    struct evbuffer_iovec room;
    need(evbuffer_reserve_space(output, (ev_ssize_t)(head->len + body_len), &room, 1) == 1);
    memcpy(room.iov_base, head->bytes, head->len);
    if (body_len)
        memcpy((uint8_t *)room.iov_base + head->len, body, body_len);
    room.iov_len = head->len + body_len;
    need(evbuffer_commit_space(output, &room, 1) == 0);
    buf_clear(head);
    count_answer(status);
    conn_answered(conn, req->close, room.iov_len);
}

void http_answer(struct http_req *req, unsigned status, const char *type, const void *body, size_t len)
{
    need(req->conn != NULL);
    if (req->conn->state == CONN_BODY && req->route->piece)
        req->close = 1;
    else
        need(req->conn->state == CONN_HANDLING);
    reply(req, status, type, body, len);
}

/* Sentences of ours alone, so nothing needs escaping. */
const char *http_refusal_problem(const struct http_req *req, unsigned status, struct buf *out)
{
    const char *says = req->refusal_says ? req->refusal_says : reasons[reason_row(status)].says;
    need(!strpbrk(says, "\"\\"));
    enum err err = buf_addf(out, "{\"type\":\"/problems/%s\",\"title\":\"%s\",\"status\":%u,\"detail\":\"%s\"}",
                            http_refusal_type(status), reply_reason(status), status, says);
    need(err == ERR_OK);
    return PROBLEM;
}

void http_problem(struct http_req *req, unsigned status, const char *type, const char *detail, const char *field)
{
    char uri[128];
    snprintf(uri, sizeof uri, "/problems/%s", type);
    json_t *problem = json_pack("{s:s, s:s, s:i, s:s, s:s*}", "type", uri, "title", reply_reason(status), "status",
                                (int)status, "detail", detail, "field", field);
    need(problem != NULL);
    char *text = json_dumps(problem, JSON_COMPACT);
    need(text != NULL);
    http_answer(req, status, PROBLEM, text, strlen(text));
    mem_free(text);
    json_decref(problem);
}

static void set_retry_after(struct http_req *req, unsigned seconds)
{
    char text[16];
    snprintf(text, sizeof text, "%u", seconds);
    http_set(req, "Retry-After", text);
}

void http_busy(struct http_req *req, unsigned retry_after_s)
{
    set_retry_after(req, retry_after_s);
    need(req->conn != NULL && req->conn->state == CONN_HANDLING);
    reply_refusal(req, 503, NULL);
}

void http_see_other(struct http_req *req, const char *path)
{
    http_set(req, "Location", path);
    http_answer(req, 303, NULL, "", 0);
}

void reply_refusal(struct http_req *req, unsigned status, const char *says)
{
    const struct http_options *options = &req->server->options;
    struct buf page = BUF_INIT(64 * 1024);
    const char *type = "text/plain; charset=utf-8";
    if (status == 204 || status == 405) {
        char allow[64];
        route_allow(req->allow, allow);
        http_set(req, "Allow", allow);
    }
    /* Nobody is told to come back without when: not the one whose handler was late either. */
    if (status == 503 && !headers_has(req, "Retry-After"))
        set_retry_after(req, LIMIT_BUSY_RETRY_S);
    if (says)
        req->refusal_says = says;
    if (status == 204) {
        reply(req, status, NULL, "", 0);
        return;
    }
    /* Whoever has not even sent a head in time gets no page of the room's: there may be thousands of them. */
    if (options->error_page && (req->has_head || status != 408))
        type = options->error_page(req, options->room, status, &page);
    else
        need(buf_addf(&page, "%s\n", says ? says : reasons[reason_row(status)].says) == ERR_OK);
    reply(req, status, type, buf_text(&page), page.len);
    buf_free(&page);
}

void reply_stream_head(struct http_req *req, unsigned status, const char *type)
{
    struct buf *head = &req->server->reply_head;
    if (req->server->stopping || !req->message.head.minor)
        req->close = 1;
    write_head(req, status, type, LENGTH_UNKNOWN, head);
    need(bufferevent_write(req->conn->bev, head->bytes, head->len) == 0);
    count_answer(status);
    conn_given(req->conn, head->len);
    buf_clear(head);
}

void reply_continue(struct http_conn *conn)
{
    static const char CONTINUE[] = "HTTP/1.1 100 Continue\r\n\r\n";
    need(bufferevent_write(conn->bev, CONTINUE, sizeof CONTINUE - 1) == 0);
}
