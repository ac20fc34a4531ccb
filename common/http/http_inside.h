/* http_inside.h -- what the files of the HTTP server share. Nobody outside common/http includes it.
 *
 * http_server.c owns the list of connections and the tick; http_conn.c a connection's life; http_read.c what comes in
 * on it; http_admit.c the places for requests under way; http_reply.c answers; http_stream.c those in pieces;
 * http_route.c finds the row; http_headers.c the fixed headers. */
#ifndef COMMON_HTTP_HTTP_INSIDE_H
#define COMMON_HTTP_HTTP_INSIDE_H

#include <event2/bufferevent.h>
#include <event2/listener.h>

#include "common/http/http.h"
#include "common/http/http_message.h"
#include "common/http/limits.h"
#include "common/http/metrics_own.h"

/* Every state of a connection. */
#define CONN_STATE_LIST(X)                                                                                             \
    X(HANDSHAKE) /* TLS is being agreed */                                                                             \
    X(IDLE)      /* no byte of a request yet */                                                                        \
    X(HEAD)      /* some bytes of a head */                                                                            \
    X(BODY)      /* head judged, body coming */                                                                        \
    X(WAITING)   /* whole, and no place is free: waits its turn (http_admit.c) */                                      \
    X(HANDLING)  /* a handler has the request; reading waits, the client's end is noticed */                           \
    X(STREAMING) /* the answer is given and written piece by piece */                                                  \
    X(ANSWERING) /* the answer is being written */                                                                     \
    X(LINGERING) /* our end is closed; hearing the client's end */                                                     \
    X(ENDED)     /* to be buried */

enum conn_state {
#define X(name) CONN_##name,
    CONN_STATE_LIST(X)
#undef X
};

/* Sets of states. */
#define TO(state) (1U << CONN_##state)

struct http_conn {
    struct http_server *server;
    struct bufferevent *bev;
    struct http_req *req; /* NULL between requests */
    int64_t deadline;
    int64_t began;       /* when the state that has a deadline by progress began */
    int64_t taken_by;    /* when the last answer must have been read to its end */
    int64_t waits_since; /* where it waits */
    int64_t whole_by;    /* when the request must be whole, whatever the state (deadlines.request_ms) */
    struct http_conn *wait_before, *wait_next; /* WAITING: the neighbours in the queue */
    uint32_t slot;
    uint8_t state;
    uint8_t cause;  /* enum http_metric, an END_ one */
    uint8_t eof;    /* the client's end came while an answer was being written */
    uint8_t close;  /* end after the answer that is being written */
    uint8_t excess; /* one over connections_max: it is only told 503 */
    uint8_t served; /* a request has been answered on it */
    uint8_t given;  /* STREAMING: a piece is being written */
    uint8_t deaf;   /* reads nothing more, for its input is full */
    uint8_t waits;  /* BODY: the room takes no more just now */
    uint8_t network[HTTP_NETWORK];
    uint64_t tally; /* the room's own */
};

struct http_header {
    char *name, *value;
};

struct http_req {
    uint64_t id;
    struct http_server *server;
    struct http_conn *conn; /* NULL: answered or gone, waiting to be freed */
    struct http_req *next_dead;
    const struct http_route *route; /* NULL: none, refusal tells */
    unsigned refusal;               /* status to answer instead of calling the handler; 0: none */
    const char *refusal_says;
    unsigned allow; /* methods of this path, for 405 and OPTIONS */
    uint8_t close, has_head;
    uint64_t body_seen;
    struct buf body;
    void *kept;
    void (*kept_free)(void *kept);
    http_more_fn *more; /* of an answer in pieces */
    unsigned param_count;
    char *params[LIMIT_PARAMS];
    unsigned set_count;
    struct http_header *set; /* LIMIT_SET_COUNT, made at the first http_set() */
    struct http_message message;
};

enum { FIXED_HEADER_MAX = 16 };

struct http_server {
    struct loop *loop;
    struct http_options options;
    struct http_deadlines deadlines;
    struct evconnlistener *listener;
    struct event *tick;
    struct http_conn **slots; /* by connection number */
    uint32_t *free_slots;
    uint32_t slot_max, free_count, slot_high;
    unsigned handling, waiting;               /* requests with a handler; whole ones without a place */
    struct http_conn *wait_first, *wait_last; /* in the order of arrival */
    int admit_asked;
    unsigned accepted_this_turn;
    int turn_asked, listener_off;
    unsigned open, open_before; /* now, and at the last tick */
    unsigned crowd;             /* the most that were open since memory was last given back */
    uint32_t look_at;           /* the slot from which the search for those whose time is over goes on */
    int look_asked;
    uint64_t requests;
    struct http_req *dead;
    int dead_scheduled, listener_paused;
    struct http_header fixed[FIXED_HEADER_MAX]; /* borrowed texts */
    unsigned fixed_count;
    struct buf fixed_text; /* the same as header lines */
    struct buf reply_head; /* empty between answers */
    int64_t date_at;
    char date[48];
    int stopping, freeing;
    int64_t stop_at;
    loop_fn *stop_done;
    void *stop_arg;
};

/* http_server.c */
void server_forget(struct http_server *server, struct http_conn *conn);
/* Free the request at the end of the turn: whoever answered may still look at it. */
void server_bury_req(struct http_server *server, struct http_req *req);
/* Listen or not, as things are now. */
void server_mind_listener(struct http_server *server);

/* http_admit.c */
int admit_has_place(const struct http_server *server);
int admit_is_full(const struct http_server *server);
/* The connection enters or leaves WAITING. */
void admit_wait(struct http_conn *conn);
void admit_wait_over(struct http_conn *conn);
/* A handler gets a request; one has answered, or its client has gone. */
void admit_begins(struct http_server *server);
void admit_ends(struct http_server *server);
void admit_tick(struct http_server *server, int64_t now);

/* http_conn.c */
struct sockaddr;
struct http_conn *conn_new(struct http_server *server, int fd, uint32_t slot, int excess);
/* Remembers where it comes from: the network, not the address. */
void conn_came_from(struct http_conn *conn, const struct sockaddr *from);
/* End at once, for this cause. The connection is freed at the end of the turn. */
void conn_end(struct http_conn *conn, enum http_metric cause);
/* The answer is in the output: take the request off and see it written. */
void conn_answered(struct http_conn *conn, int close, size_t size);
/* A piece of the answer is in the output. */
void conn_given(struct http_conn *conn, size_t size);
/* End at once, so that the client sees that the answer is not whole. */
void conn_cut(struct http_conn *conn);
/* 1 when its time was over. */
int conn_tick(struct http_conn *conn, int64_t now);
/* The only place where the state changes. */
void conn_enter(struct http_conn *conn, enum conn_state next);
/* Until the request is whole, no state's own deadline goes beyond that of all together. */
void conn_set_deadline(struct http_conn *conn, int64_t deadline);
void conn_free(void *conn);

/* http_read.c */
/* Read on from the input until a request is whole, the room takes no more, or the input is empty. `again`: the message
 * has more to tell, though no byte came. */
void conn_read_on(struct http_conn *conn, int again);
/* Hears nothing more while the input is full, and hears again once it was read from. */
void conn_mind_input(struct http_conn *conn);
/* Refuse and close: the rest of what comes cannot or will not be read. */
void conn_refuse(struct http_conn *conn, unsigned status, const char *says, enum http_metric cause);
/* The room takes no more of the body; it does again. */
void conn_wait(struct http_conn *conn);
void conn_go_on(struct http_conn *conn);
/* The whole request goes to its handler. */
void conn_handle(struct http_conn *conn);
/* The whole request is told 503 and when to come back; the connection stays. */
void conn_busy(struct http_conn *conn);

/* http_req.c */
struct http_req *req_new(struct http_conn *conn);
void req_free(struct http_req *req);
/* The connection has gone: http_find() no longer finds it. */
void req_gone(struct http_req *req);

/* http_reply.c */
/* The answer of the server itself, by the room's error page. `says` may be NULL. */
void reply_refusal(struct http_req *req, unsigned status, const char *says);
void reply_continue(struct http_conn *conn);
/* The head alone, of an answer in pieces. */
void reply_stream_head(struct http_req *req, unsigned status, const char *type);
const char *reply_reason(unsigned status);

/* http_route.c */
/* Finds the row, the parts of the path and the allowed methods; sets refusal 404 or 405 when there is none. */
void route_find(struct http_req *req);
/* "GET, HEAD, OPTIONS" of a set of methods. */
void route_allow(unsigned methods, char out[static 64]);

/* http_headers.c */
void headers_fix(struct http_server *server);
/* 1 if the request has set it. */
int headers_has(const struct http_req *req, const char *name);
/* Appends the fixed headers but those that the request has replaced, then those it has set. */
MUST_CHECK enum err headers_write(const struct http_req *req, struct buf *out);

#endif
