/* http_server.c -- listen, count, tick, stop. */
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/http/http_inside.h"
#include "common/http/http_test.h"

enum { TICK_MS = 250, CROWD = 256 };

/* --- connections --- */

static void server_check_stopped(struct http_server *server)
{
    if (!server->stopping || server->open || !server->stop_done)
        return;
    loop_later(server->loop, server->stop_done, server->stop_arg);
    server->stop_done = NULL;
}

void server_forget(struct http_server *server, struct http_conn *conn)
{
    server->slots[conn->slot] = NULL;
    server->free_slots[server->free_count++] = conn->slot;
    server->open--;
    server_check_stopped(server);
}

void server_mind_listener(struct http_server *server)
{
    int off = server->listener_paused || server->accepted_this_turn >= LIMIT_ACCEPTS_A_TURN || admit_is_full(server);
    if (!server->listener || off == server->listener_off)
        return;
    server->listener_off = off;
    if (off)
        evconnlistener_disable(server->listener);
    else
        evconnlistener_enable(server->listener);
}

static void server_turned(void *arg)
{
    struct http_server *server = arg;
    server->turn_asked = 0;
    server->accepted_this_turn = 0;
    server_mind_listener(server);
}

static void server_count_accept(struct http_server *server)
{
    server->accepted_this_turn++;
    if (!server->turn_asked)
        loop_later(server->loop, server_turned, server);
    server->turn_asked = 1;
    server_mind_listener(server);
}

static void server_accept(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *from, int from_len,
                          void *arg)
{
    (void)listener;
    (void)from_len;
    struct http_server *server = arg;
    if (server->free_count == 0) {
        metrics_own_add(HTTP_METRIC_END_FULL, 1);
        close(fd);
        return;
    }
    uint32_t slot = server->free_slots[--server->free_count];
    if (slot >= server->slot_high)
        server->slot_high = slot + 1;
    server_count_accept(server);
    int excess = server->open >= server->options.connections_max;
    server->open++;
    server->slots[slot] = conn_new(server, fd, slot, excess);
    conn_came_from(server->slots[slot], from);
}

/* Out of descriptors or memory: trying again at once would only spin. The tick opens the door again. */
static void server_accept_failed(struct evconnlistener *listener, void *arg)
{
    struct http_server *server = arg;
    (void)listener;
    log_warn("accept_failed", LOG_NUM("errno", errno));
    server->listener_paused = 1;
    server_mind_listener(server);
}

/* --- requests that are over --- */

static void server_free_dead(void *arg)
{
    struct http_server *server = arg;
    server->dead_scheduled = 0;
    while (server->dead) {
        struct http_req *req = server->dead;
        server->dead = req->next_dead;
        req_free(req);
    }
}

void server_bury_req(struct http_server *server, struct http_req *req)
{
    req->next_dead = server->dead;
    server->dead = req;
    if (server->dead_scheduled)
        return;
    server->dead_scheduled = 1;
    loop_later(server->loop, server_free_dead, server);
}

/* --- time --- */

/* When a crowd has left, its memory goes back to the system: malloc keeps what is free between what is not. */
static void server_give_back(struct http_server *server)
{
    int leaving = server->open < server->open_before;
    server->open_before = server->open;
    if (server->open > server->crowd)
        server->crowd = server->open;
    if (leaving || server->crowd < CROWD || server->open > server->crowd / 4)
        return;
    server->crowd = server->open;
    malloc_trim(0);
}

/* Those whose time is over, a few in a turn: where thousands end together, some 0.1 ms each, the others are served in
 * between. */
static void server_look_through(void *arg)
{
    struct http_server *server = arg;
    int64_t now = clock_ms();
    int over = server->stopping && now >= server->stop_at;
    unsigned ends = 0;
    server->look_asked = 0;
    for (; server->look_at < server->slot_high; server->look_at++) {
        struct http_conn *conn = server->slots[server->look_at];
        if (!conn)
            continue;
        if (ends == LIMIT_ENDS_A_TURN && !server->freeing) {
            server->look_asked = 1;
            loop_next_turn(server->loop, server_look_through, server);
            return;
        }
        if (over)
            conn_end(conn, HTTP_METRIC_END_STOPPED);
        else
            ends += conn_tick(conn, now) != 0;
    }
    server->look_at = 0;
    while (server->slot_high && !server->slots[server->slot_high - 1])
        server->slot_high--;
}

static void server_tick(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    struct http_server *server = arg;
    server->listener_paused = 0;
    admit_tick(server, clock_ms());
    if (!server->look_asked)
        server_look_through(server);
    server_give_back(server);
}

/* --- life --- */

static rlim_t descriptors; /* 0: not asked yet */

/* Shells and service managers give 1,024 unless they are asked for more, and let us ask. */
void http_raise_descriptors(void)
{
    struct rlimit limit;
    descriptors = RLIM_INFINITY;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    need(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    descriptors = limit.rlim_cur;
}

/* A connection for which there is no descriptor could not even be told 503: better to take fewer. */
static unsigned server_connections_max(unsigned wanted)
{
    enum { OTHERS = 64 }; /* listeners, database, logs */
    rlim_t reserved = LIMIT_OVERFLOW_CONNECTIONS + OTHERS;
    if (!descriptors)
        http_raise_descriptors();
    if (descriptors == RLIM_INFINITY || descriptors >= wanted + reserved)
        return wanted;
    unsigned most = descriptors > reserved ? (unsigned)(descriptors - reserved) : 1;
    log_warn("few_descriptors", LOG_NUM("connections", most), LOG_NUM("wanted", wanted));
    return most;
}

static void server_met(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    (void)arg;
}

/* libevent makes a small record for each descriptor that it meets and keeps it for ever. Made among the buffers of a
 * crowd, each would hold a page of memory after the crowd has left; made now they lie together. */
static void server_meet_descriptors(const struct http_server *server)
{
    struct event *event = event_new(loop_base(server->loop), -1, 0, server_met, NULL);
    int fd = fcntl(server->options.listen_fd, F_DUPFD_CLOEXEC, 0);
    need(event != NULL);
    for (unsigned left = server->slot_max; left && fd >= 0; left--) {
        need(event_assign(event, loop_base(server->loop), fd, EV_READ, server_met, NULL) == 0);
        need(event_add(event, NULL) == 0 && event_del(event) == 0);
        close(fd);
        fd = fcntl(server->options.listen_fd, F_DUPFD_CLOEXEC, fd + 1);
    }
    if (fd >= 0)
        close(fd);
    event_free(event);
}

struct http_server *http_server_new(struct loop *loop, const struct http_options *options)
{
    need(options->policy.csp && options->routes && options->connections_max);
    struct http_server *server = mem_new(sizeof *server);
    server->loop = loop;
    server->options = *options;
    server->options.connections_max = server_connections_max(options->connections_max);
    server->deadlines = HTTP_DEADLINES;
    server->date_at = -1;
    buf_init(&server->reply_head, 2 * LIMIT_HEAD_BYTES + LIMIT_SET_COUNT * LIMIT_SET_BYTES);
    headers_fix(server);
    server->slot_max = server->options.connections_max + LIMIT_OVERFLOW_CONNECTIONS;
    need(server->slot_max < 1U << 24);
    server->slots = mem_new_array(server->slot_max, sizeof(struct http_conn *));
    server->free_slots = mem_new_array(server->slot_max, sizeof *server->free_slots);
    while (server->free_count < server->slot_max) {
        server->free_slots[server->free_count] = server->slot_max - 1 - server->free_count;
        server->free_count++;
    }
    struct event_base *base = loop_base(loop);
    server->listener = evconnlistener_new(base, server_accept, server, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 0,
                                          options->listen_fd);
    need(server->listener != NULL);
    evconnlistener_set_error_cb(server->listener, server_accept_failed);
    /* Its own event, not loop_on_tick(): a server may be freed before its loop. */
    server->tick = event_new(base, -1, EV_PERSIST, server_tick, server);
    struct timeval every = {0, TICK_MS * 1000};
    need(server->tick && event_add(server->tick, &every) == 0);
    server_meet_descriptors(server);
    return server;
}

void http_server_set_tls(struct http_server *server, SSL_CTX *tls)
{
    need(server->options.tls && tls);
    server->options.tls = tls;
}

void http_server_set_deadlines(struct http_server *server, const struct http_deadlines *deadlines)
{
    server->deadlines = *deadlines;
}

unsigned http_server_open(const struct http_server *server)
{
    return server->open;
}

static void server_close_listener(struct http_server *server)
{
    if (server->listener)
        evconnlistener_free(server->listener);
    server->listener = NULL;
}

void http_server_stop(struct http_server *server, int64_t grace_ms, loop_fn *done, void *arg)
{
    need(!server->stopping);
    server->stopping = 1;
    server->stop_at = clock_ms() + grace_ms;
    server->stop_done = done;
    server->stop_arg = arg;
    server_close_listener(server);
    for (uint32_t i = 0; i < server->slot_high; i++)
        if (server->slots[i] && (server->slots[i]->state == CONN_IDLE || server->slots[i]->state == CONN_HANDSHAKE))
            conn_end(server->slots[i], HTTP_METRIC_END_STOPPED);
    server_check_stopped(server);
}

static void server_die(void *arg)
{
    struct http_server *server = arg;
    for (unsigned i = 0; i < server->fixed_count; i++) {
        mem_free(server->fixed[i].name);
        mem_free(server->fixed[i].value);
    }
    buf_free(&server->fixed_text);
    buf_free(&server->reply_head);
    mem_free(server->slots);
    mem_free(server->free_slots);
    mem_free(server);
}

static void server_bury(void *arg)
{
    struct http_server *server = arg;
    loop_bury(server->loop, server, server_die);
}

void http_server_free(struct http_server *server)
{
    if (!server)
        return;
    server->freeing = 1;
    server->stop_done = NULL;
    server_close_listener(server);
    event_free(server->tick);
    for (uint32_t i = 0; i < server->slot_high; i++)
        if (server->slots[i])
            conn_end(server->slots[i], HTTP_METRIC_END_STOPPED);
    server_free_dead(server);
    /* Something may still be waiting in the loop's lists under this address. */
    loop_next_turn(server->loop, server_bury, server);
}
