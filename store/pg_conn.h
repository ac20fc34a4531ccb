/* pg_conn.h -- one connection to PostgreSQL, made and made again in the background, never blocking.
 *
 * Used by pg_pipe.c (units) and pg_listen.c (bells). Connecting has its own deadline, because libpq ignores
 * connect_timeout here; after a loss it waits 50 ms, then twice as long each time, up to 2 s. The socket is asked of
 * libpq anew after every call that may have changed it. */
#ifndef STORE_PG_CONN_H
#define STORE_PG_CONN_H

#include <event2/util.h>
#include <libpq-fe.h>
#include <stdint.h>

#include "common/base/loop.h"

struct event;

enum pg_conn_state {
    PG_CONN_WAITING,    /* not connected; the retry timer runs */
    PG_CONN_CONNECTING, /* PQconnectPoll */
    PG_CONN_OPEN,       /* the owner may send and read */
    PG_CONN_CLOSED,     /* for good */
};

/* What the owner is told; each may make the connection fail or close it. */
struct pg_conn_owner {
    void (*opened)(void *owner);   /* now PG_CONN_OPEN */
    void (*readable)(void *owner); /* input was consumed: read results */
    void (*lost)(void *owner);     /* it was OPEN and is no more; `pg` is gone */
};

struct pg_conn {
    struct loop *loop;
    const char *conninfo, *password_path; /* borrowed from the store */
    const struct pg_conn_owner *calls;
    void *owner;
    PGconn *pg; /* NULL while WAITING or CLOSED */
    enum pg_conn_state state;
    struct event *socket_event, *retry_event;
    evutil_socket_t watched_socket;
    short watched;
    int64_t connect_deadline;
    unsigned backoff_ms;
    unsigned turn; /* with which of the conninfo's hosts an attempt begins */
    int warned;    /* the server sent a warning since this was last cleared */
    int said_it;   /* the present outage is in the log */
};

/* Starts connecting at the next turn. */
void pg_conn_init(struct pg_conn *conn, struct loop *loop, const char *conninfo, const char *password_path,
                  const struct pg_conn_owner *calls, void *owner);
/* Without a call to `lost`. */
void pg_conn_close(struct pg_conn *conn);
/* Send what libpq holds back; watch for room when not all went. The connection may fail in this call. */
void pg_conn_flush(struct pg_conn *conn);
/* Drop it, call `lost`, connect again after the back-off. `cause` is a word for the log. */
void pg_conn_fail(struct pg_conn *conn, const char *cause);
/* The connection proved useful: the next outage starts with the shortest back-off. */
void pg_conn_works(struct pg_conn *conn);
/* Every tick: the connect deadline. */
void pg_conn_tick(struct pg_conn *conn, int64_t now);

#endif
