/* frame_client.c -- the asking side of frame.h: a client on the loop, and the blocking frame_ask_once().
 *
 * An ask leaves its list in ask_tell() and nowhere else, which is why its callback fires exactly once. Callbacks run
 * from the loop's events, its tick, or frame_client_free(), hence never inside the frame_ask() that made them. */
#include <errno.h>
#include <event2/event.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/frame.h"
#include "common/base/frame_link.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/rw.h"

/* A socket of this machine costs little to try: who starts again is back for everybody within BACK_OFF_MAX_MS. */
enum { ASKS_MAX = 1000, BACK_OFF_MIN_MS = 50, BACK_OFF_MAX_MS = 200, UP_FOR_GOOD_MS = 2000 };

struct ask {
    struct ask *next;
    uint32_t request;
    int64_t deadline;
    frame_answer_fn *fn;
    void *room;
    uint64_t tag;
};

struct frame_client {
    struct loop *loop;
    struct event *retry;
    struct frame_link link; /* bev is NULL while down */
    struct ask *first, **last;
    unsigned waiting;
    uint32_t next_request;
    int64_t retry_at, back_off_ms, up_since;
    char *path;
    uid_t server_uid;
    int check_uid;
    size_t payload_max;
    int is_freed;
};

static void client_connect(struct frame_client *client);

/* Take `*at` off the list and tell its room. The client may be freed on return (its memory lives until the turn's end).
 */
static void ask_tell(struct frame_client *client, struct ask **at, enum err err, const uint8_t *payload, size_t len)
{
    struct ask *ask = *at;
    *at = ask->next;
    if (!ask->next)
        client->last = at;
    client->waiting--;
    struct ask told = *ask;
    mem_free(ask);
    told.fn(told.room, told.tag, err, payload, len);
}

static void client_retry_later(struct frame_client *client)
{
    client->retry_at = loop_now(client->loop) + client->back_off_ms;
    struct timeval wait = {client->back_off_ms / 1000, client->back_off_ms % 1000 * 1000};
    /* Where the timer cannot be added, the tick will do it a little later. */
    (void)event_add(client->retry, &wait);
    client->back_off_ms = client->back_off_ms * 2 < BACK_OFF_MAX_MS ? client->back_off_ms * 2 : BACK_OFF_MAX_MS;
}

static void client_lost(struct frame_client *client)
{
    frame_link_close(&client->link, client->loop);
    if (loop_now(client->loop) - client->up_since > UP_FOR_GOOD_MS)
        client->back_off_ms = BACK_OFF_MIN_MS;
    client_retry_later(client);
    /* While the link is down no ask comes in, so this ends. */
    while (client->first)
        ask_tell(client, &client->first, ERR_SYSTEM, NULL, 0);
}

static struct ask **client_find(struct frame_client *client, uint32_t request)
{
    struct ask **at = &client->first;
    while (*at && (*at)->request != request)
        at = &(*at)->next;
    return at;
}

static void client_readable(struct bufferevent *bev, void *arg)
{
    (void)bev;
    struct frame_client *client = arg;
    struct frame_message m;
    enum err err;
    while ((err = frame_link_next(&client->link, loop_now(client->loop), &m)) == ERR_OK) {
        client->back_off_ms = BACK_OFF_MIN_MS;
        struct ask **ask = client_find(client, m.request);
        /* None: it came after its deadline, and its room has been told. */
        if (*ask)
            ask_tell(client, ask, ERR_OK, m.payload, m.len);
        if (!client->link.bev) {
            mem_wipe(m.payload, m.len);
            return;
        }
        frame_link_done(&client->link, &m);
    }
    if (err == ERR_TOO_BIG) {
        log_warn("frame_cut", LOG_WORD("cause", "answer_too_large"));
        client_lost(client);
    }
}

static void client_ended(struct bufferevent *bev, short what, void *arg)
{
    (void)bev;
    if (what & (BEV_EVENT_EOF | BEV_EVENT_ERROR))
        client_lost(arg);
}

static void client_connect(struct frame_client *client)
{
    uid_t uid;
    int fd = frame_socket_connect(client->path);
    if (fd < 0) {
        client_retry_later(client);
        return;
    }
    if (client->check_uid && (frame_socket_uid(fd, &uid) != ERR_OK || uid != client->server_uid)) {
        log_warn("frame_server_refused", LOG_WORD("cause", "uid"));
        close(fd);
        client_retry_later(client);
        return;
    }
    if (frame_link_open(&client->link, client->loop, fd, client->payload_max, client_readable, client_ended, client) !=
        ERR_OK) {
        client_retry_later(client);
        return;
    }
    client->up_since = loop_now(client->loop);
}

static void client_retry(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    struct frame_client *client = arg;
    if (!client->is_freed && !client->link.bev)
        client_connect(client);
}

static void client_tick(void *arg, int64_t now)
{
    struct frame_client *client = arg;
    struct ask **at = &client->first;
    /* From the front again after each callback, which may have changed the list. A new ask is never over already. */
    while (*at && !client->is_freed) {
        if (now <= (*at)->deadline) {
            at = &(*at)->next;
            continue;
        }
        ask_tell(client, at, ERR_TIMEOUT, NULL, 0);
        at = &client->first;
    }
    if (client->is_freed)
        return;
    if (frame_link_is_stalled(&client->link, now, FRAME_STALL_MS)) {
        log_warn("frame_cut", LOG_WORD("cause", "answer_too_slow"));
        client_lost(client);
    } else if (!client->link.bev && now > client->retry_at) {
        client_connect(client);
    }
}

struct frame_client *frame_client_new(struct loop *loop, const char *path, uid_t server_uid, int check_uid,
                                      size_t payload_max)
{
    struct frame_client *client = mem_new(sizeof *client);
    *client = (struct frame_client){
        .loop = loop,
        .path = mem_copy_text(path),
        .server_uid = server_uid,
        .check_uid = check_uid,
        .payload_max = payload_max,
        .back_off_ms = BACK_OFF_MIN_MS,
    };
    client->last = &client->first;
    client->retry = event_new(loop_base(loop), -1, 0, client_retry, client);
    need(client->retry != NULL);
    loop_on_tick(loop, client_tick, client);
    client_connect(client);
    return client;
}

static void client_let_go(void *arg)
{
    struct frame_client *client = arg;
    event_free(client->retry);
    mem_free(client->path);
    mem_free(client);
}

void frame_client_free(struct frame_client *client)
{
    if (!client)
        return;
    client->is_freed = 1;
    loop_off_tick(client->loop, client_tick, client);
    event_del(client->retry);
    frame_link_close(&client->link, client->loop);
    while (client->first)
        ask_tell(client, &client->first, ERR_CANCELLED, NULL, 0);
    loop_bury(client->loop, client, client_let_go);
}

int frame_client_is_up(const struct frame_client *client)
{
    return client->link.bev != NULL;
}

enum err frame_ask(struct frame_client *client, const void *payload, size_t len, int64_t deadline_ms,
                   frame_answer_fn *fn, void *room, uint64_t tag)
{
    if (len > client->payload_max)
        return ERR_TOO_BIG;
    if (!client->link.bev)
        return ERR_SYSTEM;
    if (client->waiting >= ASKS_MAX)
        return ERR_BUSY;
    /* A number still waiting after 2^32 others is skipped. */
    while (*client_find(client, client->next_request))
        client->next_request++;
    enum err err = frame_link_send(&client->link, client->next_request, payload, len);
    if (err != ERR_OK)
        return err;
    struct ask *ask = mem_new(sizeof *ask);
    *ask = (struct ask){.request = client->next_request++,
                        .deadline = loop_now(client->loop) + (deadline_ms > 0 ? deadline_ms : 0),
                        .fn = fn,
                        .room = room,
                        .tag = tag};
    *client->last = ask;
    client->last = &ask->next;
    client->waiting++;
    return ERR_OK;
}

/* ---- asking once, without a loop ---- */

static enum err once_wait(int fd, short events, int64_t until)
{
    struct pollfd p = {.fd = fd, .events = events};
    for (;;) {
        int64_t left = until - clock_ms();
        if (left <= 0)
            return ERR_TIMEOUT;
        int ready = poll(&p, 1, left > 60000 ? 60000 : (int)left);
        if (ready > 0)
            return ERR_OK;
        if (ready < 0 && errno != EINTR)
            return ERR_SYSTEM;
    }
}

static enum err once_move(int fd, uint8_t *bytes, size_t len, short direction, int64_t until)
{
    while (len) {
        ssize_t moved = direction == POLLOUT ? send(fd, bytes, len, MSG_NOSIGNAL) : recv(fd, bytes, len, 0);
        if (moved > 0) {
            bytes += moved;
            len -= (size_t)moved;
            continue;
        }
        if (moved == 0 || (errno != EAGAIN && errno != EINTR))
            return ERR_SYSTEM;
        enum err err = once_wait(fd, direction, until);
        if (err != ERR_OK)
            return err;
    }
    return ERR_OK;
}

static enum err once_connect(const char *path, int64_t until, int *out)
{
    while ((*out = frame_socket_connect(path)) < 0) {
        if (errno == ENOENT || errno == ECONNREFUSED)
            return ERR_NOT_FOUND;
        if (errno == EACCES || errno == EPERM)
            return ERR_DENIED;
        if (errno != EAGAIN && errno != EINTR)
            return ERR_SYSTEM;
        /* The queue of the listener is full; there is nothing to poll for. */
        if (clock_ms() >= until)
            return ERR_TIMEOUT;
        poll(NULL, 0, 10);
    }
    return ERR_OK;
}

enum err frame_ask_once(const char *path, const void *payload, size_t len, int64_t deadline_ms, struct buf *out)
{
    int64_t until = clock_ms() + deadline_ms;
    if (len > UINT32_MAX)
        return ERR_TOO_BIG;
    uint8_t head[FRAME_HEAD], *message = mem_new(FRAME_HEAD + len), *at = NULL;
    size_t before = out->len, answer_len = 0;
    uint32_t request = 0;
    int fd = -1;
    enum err err = once_connect(path, until, &fd);
    if (err != ERR_OK)
        goto out;
    frame_head_put(message, 1, len);
    put_raw(message + FRAME_HEAD, payload, len);
    err = once_move(fd, message, FRAME_HEAD + len, POLLOUT, until);
    if (err == ERR_OK)
        err = once_move(fd, head, FRAME_HEAD, POLLIN, until);
    if (err != ERR_OK)
        goto out;
    frame_head_get(head, &request, &answer_len);
    err = request == 1 ? buf_extend(out, answer_len, &at) : ERR_MALFORMED;
    if (err == ERR_OK)
        err = once_move(fd, at, answer_len, POLLIN, until);
    if (err != ERR_OK)
        buf_cut(out, before);
out:
    if (fd >= 0)
        close(fd);
    mem_free(message);
    return err;
}
