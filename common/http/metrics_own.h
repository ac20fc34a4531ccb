/* metrics_own.h -- what the HTTP server counts of itself, in the same shared memory (metrics.h). */
#ifndef COMMON_HTTP_METRICS_OWN_H
#define COMMON_HTTP_METRICS_OWN_H

#include <stdint.h>

/* Name, kind, Prometheus name, help. The END_ rows are the causes by which a connection ends: one each. */
#define HTTP_METRIC_LIST(X)                                                                                            \
    X(OPEN, "gauge", "recourse_http_connections_open", "Connections open now")                                         \
    X(REQUESTS, "counter", "recourse_http_requests_total", "Requests answered")                                        \
    X(ANSWER_2XX, "counter", "recourse_http_answers_2xx_total", "Answers of status 200 to 299")                        \
    X(ANSWER_3XX, "counter", "recourse_http_answers_3xx_total", "Answers of status 300 to 399")                        \
    X(ANSWER_4XX, "counter", "recourse_http_answers_4xx_total", "Answers of status 400 to 499")                        \
    X(ANSWER_5XX, "counter", "recourse_http_answers_5xx_total", "Answers of status 500 to 599")                        \
    X(BUSY, "counter", "recourse_http_busy_total", "Requests told 503 because no place became free in time")           \
    X(END_CLIENT, "counter", "recourse_http_end_client_total", "Connections that the client closed between requests")  \
    X(END_GONE, "counter", "recourse_http_end_gone_total", "Connections lost inside a request or its answer")          \
    X(END_ANSWERED, "counter", "recourse_http_end_answered_total", "Connections closed after their last answer")       \
    X(END_REFUSED, "counter", "recourse_http_end_refused_total", "Connections closed because of a malformed request")  \
    X(END_HANDSHAKE, "counter", "recourse_http_end_handshake_total", "Connections whose TLS handshake failed")         \
    X(END_SLOW_HANDSHAKE, "counter", "recourse_http_end_slow_handshake_total", "TLS handshakes over their deadline")   \
    X(END_SLOW_HEAD, "counter", "recourse_http_end_slow_head_total", "Request heads over their deadline")              \
    X(END_SLOW_BODY, "counter", "recourse_http_end_slow_body_total", "Request bodies over their deadline")             \
    X(END_SLOW_READER, "counter", "recourse_http_end_slow_reader_total", "Answers not taken within their deadline")    \
    X(END_UNANSWERED, "counter", "recourse_http_end_unanswered_total", "Requests that no handler answered in time")    \
    X(END_IDLE, "counter", "recourse_http_end_idle_total", "Connections closed because nothing more came")             \
    X(END_FULL, "counter", "recourse_http_end_full_total", "Connections over the limit, told 503 or closed")           \
    X(END_STOPPED, "counter", "recourse_http_end_stopped_total", "Connections closed by a graceful stop")

enum http_metric {
#define X(name, type, text, help) HTTP_METRIC_##name,
    HTTP_METRIC_LIST(X)
#undef X
        HTTP_METRIC_COUNT
};

/* Atomic; nothing happens before metrics_open(). */
void metrics_own_add(enum http_metric which, int64_t n);
int64_t metrics_own_get(enum http_metric which);
/* The name, "END_SLOW_HEAD", for the log. */
const char *metrics_own_word(enum http_metric which);

/* In a worker after fork (1 to 65; the master is 0): counts go to cells of its own; gauges left by a dead predecessor
 * are taken back. */
void metrics_worker(unsigned index);

#endif
