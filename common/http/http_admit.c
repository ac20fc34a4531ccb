/* http_admit.c -- how many requests are with handlers at a time, and where the others wait.
 *
 * More requests under way than the machine works at do not make it faster: they only wait longer, all of them, until
 * none is answered in time. So a worker hands out at most handling_max places. A whole request that finds none waits in
 * the order of arrival; a place that becomes free goes to whoever has waited longest; who has waited wait_ms is told
 * 503 and when to come back, and keeps the connection, since a new TLS handshake would cost more than the answer. The
 * 503s themselves are rationed: refusing must not eat what answering needs. While the waiting room is full nobody new
 * is let in: the kernel keeps them at the door.
 *
 * Called by http_conn.c's one setter of states, which tells when a request takes or leaves a place. */
#include "common/base/clock.h"
#include "common/http/http_inside.h"

enum {
    /* 503s for each tick of 250 ms: a thousand a second cost some 4 % of a core. */
    BUSY_A_TICK = 250,
    /* Requests let in before the loop turns: handlers that answer at once must not keep the others from being read. */
    ADMITTED_A_TURN = 32,
    /* Full: this many times handling_max wait, which is about what wait_ms serves. */
    ROOM_FOR = 4,
};

static void admit_some(void *arg);

static void admit_ask(struct http_server *server)
{
    if (server->admit_asked || server->freeing || !server->wait_first)
        return;
    server->admit_asked = 1;
    loop_next_turn(server->loop, admit_some, server);
}

static void admit_some(void *arg)
{
    struct http_server *server = arg;
    server->admit_asked = 0;
    for (unsigned i = 0; i < ADMITTED_A_TURN && server->wait_first && admit_has_place(server); i++)
        conn_handle(server->wait_first);
    if (admit_has_place(server))
        admit_ask(server);
    server_mind_listener(server);
}

int admit_has_place(const struct http_server *server)
{
    return server->options.handling_max == 0 || server->handling < server->options.handling_max;
}

int admit_is_full(const struct http_server *server)
{
    return server->options.handling_max && server->waiting >= ROOM_FOR * server->options.handling_max;
}

void admit_wait(struct http_conn *conn)
{
    struct http_server *server = conn->server;
    conn->wait_next = NULL;
    conn->wait_before = server->wait_last;
    if (server->wait_last)
        server->wait_last->wait_next = conn;
    else
        server->wait_first = conn;
    server->wait_last = conn;
    server->waiting++;
    server_mind_listener(server);
}

void admit_wait_over(struct http_conn *conn)
{
    struct http_server *server = conn->server;
    if (conn->wait_before)
        conn->wait_before->wait_next = conn->wait_next;
    else
        server->wait_first = conn->wait_next;
    if (conn->wait_next)
        conn->wait_next->wait_before = conn->wait_before;
    else
        server->wait_last = conn->wait_before;
    server->waiting--;
}

void admit_begins(struct http_server *server)
{
    server->handling++;
}

void admit_ends(struct http_server *server)
{
    need(server->handling > 0);
    server->handling--;
    admit_ask(server);
}

void admit_tick(struct http_server *server, int64_t now)
{
    for (unsigned i = 0; i < BUSY_A_TICK && server->wait_first && now >= server->wait_first->deadline; i++)
        conn_busy(server->wait_first);
    server_mind_listener(server);
}
