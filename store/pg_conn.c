/* pg_conn.c -- see pg_conn.h.
 *
 * Two rules keep epoll and libpq apart: while connecting, the event is deleted before PQconnectPoll, which may close
 * the socket and open another under the same number; once open, the socket only ever closes by a failure, after which
 * the event goes before anything else can be opened. */
#include "store/pg_conn.h"

#include <event2/event.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/rng.h"
#include "store/pg_hosts.h"

enum { CONNECT_MS = 5000, BACKOFF_LEAST_MS = 50, BACKOFF_MOST_MS = 2000, PASSWORD_MAX = 1024 };

static void pg_conn_set_state(struct pg_conn *conn, enum pg_conn_state state)
{
    need(conn->state != PG_CONN_CLOSED);
    conn->state = state;
}

static void pg_conn_unwatch(struct pg_conn *conn)
{
    if (conn->socket_event)
        event_free(conn->socket_event);
    conn->socket_event = NULL;
    conn->watched = 0;
    conn->watched_socket = -1;
}

static void pg_conn_event(evutil_socket_t fd, short what, void *arg);

static void pg_conn_watch(struct pg_conn *conn, short what)
{
    evutil_socket_t fd = PQsocket(conn->pg);
    if (conn->socket_event && conn->watched == what && conn->watched_socket == fd)
        return;
    pg_conn_unwatch(conn);
    if (fd < 0)
        return;
    conn->socket_event = event_new(loop_base(conn->loop), fd, (short)(what | EV_PERSIST), pg_conn_event, conn);
    need(conn->socket_event && event_add(conn->socket_event, NULL) == 0);
    conn->watched = what;
    conn->watched_socket = fd;
}

/* libpq prints notices to stderr by default. Only that there was a warning is of use: a COMMIT that may not have
 * been replicated says so in this way. */
static void pg_conn_notice(void *arg, const PGresult *notice)
{
    struct pg_conn *conn = arg;
    const char *severity = PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
    if (severity && strcmp(severity, "WARNING") == 0)
        conn->warned = 1;
}

static void pg_conn_drop(struct pg_conn *conn)
{
    pg_conn_unwatch(conn);
    if (conn->pg)
        PQfinish(conn->pg);
    conn->pg = NULL;
}

static void pg_conn_retry_later(struct pg_conn *conn)
{
    unsigned wait = conn->backoff_ms / 2 + rng_below(conn->backoff_ms / 2 + 1);
    conn->backoff_ms = conn->backoff_ms >= BACKOFF_MOST_MS / 2 ? BACKOFF_MOST_MS : conn->backoff_ms * 2;
    struct timeval in = {wait / 1000, (suseconds_t)(wait % 1000) * 1000};
    need(event_add(conn->retry_event, &in) == 0);
}

void pg_conn_fail(struct pg_conn *conn, const char *cause)
{
    if (conn->state == PG_CONN_CLOSED || conn->state == PG_CONN_WAITING)
        return;
    int was_open = conn->state == PG_CONN_OPEN;
    if (!conn->said_it)
        log_warn("db_lost", LOG_NAME("cause", cause));
    conn->said_it = 1;
    pg_conn_drop(conn);
    pg_conn_set_state(conn, PG_CONN_WAITING);
    pg_conn_retry_later(conn);
    if (was_open)
        conn->calls->lost(conn->owner);
}

void pg_conn_works(struct pg_conn *conn)
{
    if (conn->said_it)
        log_info("db_back");
    conn->said_it = 0;
    conn->backoff_ms = BACKOFF_LEAST_MS;
}

static void pg_conn_opened(struct pg_conn *conn)
{
    if (PQsetnonblocking(conn->pg, 1) != 0) {
        pg_conn_fail(conn, "nonblocking");
        return;
    }
    pg_conn_set_state(conn, PG_CONN_OPEN);
    pg_conn_watch(conn, EV_READ);
    conn->calls->opened(conn->owner);
}

static void pg_conn_poll(struct pg_conn *conn)
{
    pg_conn_unwatch(conn);
    switch (PQconnectPoll(conn->pg)) {
    case PGRES_POLLING_OK:
        pg_conn_opened(conn);
        break;
    case PGRES_POLLING_READING:
        pg_conn_watch(conn, EV_READ);
        break;
    case PGRES_POLLING_WRITING:
        pg_conn_watch(conn, EV_WRITE);
        break;
    default:
        pg_conn_fail(conn, "connect");
    }
}

/* Read anew for each attempt, so that a changed password needs no restart. */
static void pg_conn_password(const struct pg_conn *conn, struct buf *out)
{
    if (!conn->password_path)
        return;
    enum err err = file_read(conn->password_path, out);
    if (err != ERR_OK)
        log_error("db_password", LOG_ERR(err));
    while (out->len && strchr("\r\n", out->bytes[out->len - 1]))
        buf_cut(out, out->len - 1);
    if (out->len)
        out->bytes[out->len] = 0;
}

static void pg_conn_start(struct pg_conn *conn)
{
    struct buf password = BUF_INIT(PASSWORD_MAX);
    pg_conn_password(conn, &password);
    conn->warned = 0;
    conn->pg = pg_hosts_start(conn->conninfo, conn->password_path ? buf_text(&password) : NULL, conn->turn);
    buf_free(&password);
    PQsetNoticeReceiver(conn->pg, pg_conn_notice, conn);
    pg_conn_set_state(conn, PG_CONN_CONNECTING);
    conn->connect_deadline = clock_ms() + CONNECT_MS;
    if (PQstatus(conn->pg) == CONNECTION_BAD)
        pg_conn_fail(conn, "connect");
    else
        pg_conn_watch(conn, EV_WRITE);
}

static void pg_conn_retry(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    pg_conn_start(arg);
}

void pg_conn_flush(struct pg_conn *conn)
{
    if (conn->state != PG_CONN_OPEN)
        return;
    int left = PQflush(conn->pg);
    if (left < 0)
        pg_conn_fail(conn, "write");
    else
        pg_conn_watch(conn, left ? EV_READ | EV_WRITE : EV_READ);
}

static void pg_conn_event(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    struct pg_conn *conn = arg;
    if (conn->state == PG_CONN_CONNECTING) {
        pg_conn_poll(conn);
        return;
    }
    /* Room to write as well: where it could not send on, libpq has read what was there, and no event tells of that. */
    if (what & (EV_READ | EV_WRITE)) {
        /* Results that came before a loss are still in libpq's hands: let the owner read them first. */
        int alive = PQconsumeInput(conn->pg);
        if (!alive || PQsocket(conn->pg) < 0)
            pg_conn_unwatch(conn);
        conn->calls->readable(conn->owner);
        if (!alive)
            pg_conn_fail(conn, "read");
    }
    pg_conn_flush(conn);
}

void pg_conn_init(struct pg_conn *conn, struct loop *loop, const char *conninfo, const char *password_path,
                  const struct pg_conn_owner *calls, void *owner)
{
    *conn = (struct pg_conn){.loop = loop,
                             .conninfo = conninfo,
                             .password_path = password_path,
                             .calls = calls,
                             .owner = owner,
                             .watched_socket = -1,
                             .backoff_ms = BACKOFF_LEAST_MS};
    conn->retry_event = evtimer_new(loop_base(loop), pg_conn_retry, conn);
    struct timeval at_once = {0, 0};
    need(conn->retry_event && event_add(conn->retry_event, &at_once) == 0);
}

void pg_conn_close(struct pg_conn *conn)
{
    if (conn->state == PG_CONN_CLOSED)
        return;
    pg_conn_drop(conn);
    event_free(conn->retry_event);
    conn->retry_event = NULL;
    pg_conn_set_state(conn, PG_CONN_CLOSED);
}

void pg_conn_tick(struct pg_conn *conn, int64_t now)
{
    if (conn->state != PG_CONN_CONNECTING || now <= conn->connect_deadline)
        return;
    conn->turn++; /* the host that kept us waiting comes last now */
    pg_conn_fail(conn, "connect_deadline");
}
