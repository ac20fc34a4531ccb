/* frame_link.c -- see frame_link.h. */
#include "common/base/frame_link.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/base/mem.h"
#include "common/base/rw.h"

void frame_head_put(uint8_t head[static FRAME_HEAD], uint32_t request, size_t len)
{
    put_u32(put_u32(head, (uint32_t)len), request);
}

void frame_head_get(const uint8_t head[static FRAME_HEAD], uint32_t *request, size_t *len)
{
    struct rd r = rd_from(head, FRAME_HEAD);
    *len = rd_u32(&r);
    *request = rd_u32(&r);
}

enum err frame_link_open(struct frame_link *link, struct loop *loop, int fd, size_t payload_max,
                         bufferevent_data_cb readable, bufferevent_event_cb ended, void *arg)
{
    need(payload_max > 0 && payload_max <= UINT32_MAX);
    *link = (struct frame_link){.payload_max = payload_max};
    link->bev = bufferevent_socket_new(loop_base(loop), fd, BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS);
    if (!link->bev) {
        close(fd);
        return ERR_SYSTEM;
    }
    bufferevent_setcb(link->bev, readable, readable, ended, arg);
    bufferevent_setwatermark(link->bev, EV_READ, 0, payload_max + FRAME_HEAD);
    bufferevent_setwatermark(link->bev, EV_WRITE, payload_max, 0);
    if (bufferevent_enable(link->bev, EV_READ | EV_WRITE) != 0) {
        frame_link_close(link, loop);
        return ERR_SYSTEM;
    }
    return ERR_OK;
}

static void frame_link_free_bev(void *arg)
{
    bufferevent_free(arg);
}

void frame_link_close(struct frame_link *link, struct loop *loop)
{
    if (!link->bev)
        return;
    bufferevent_setcb(link->bev, NULL, NULL, NULL, NULL);
    bufferevent_disable(link->bev, EV_READ | EV_WRITE);
    loop_bury(loop, link->bev, frame_link_free_bev);
    link->bev = NULL;
}

enum err frame_link_next(struct frame_link *link, int64_t now, struct frame_message *out)
{
    struct evbuffer *input = bufferevent_get_input(link->bev);
    size_t have = evbuffer_get_length(input);
    uint8_t head[FRAME_HEAD];
    if (link->is_patient && evbuffer_get_length(bufferevent_get_output(link->bev)) > link->payload_max) {
        link->half_since = 0;
        return ERR_AGAIN;
    }
    if (have && !link->half_since)
        link->half_since = now;
    if (have == 0)
        link->half_since = 0;
    if (evbuffer_copyout(input, head, FRAME_HEAD) < FRAME_HEAD)
        return ERR_AGAIN;
    frame_head_get(head, &out->request, &out->len);
    if (out->len > link->payload_max)
        return ERR_TOO_BIG;
    if (have < FRAME_HEAD + out->len)
        return ERR_AGAIN;
    uint8_t *whole = evbuffer_pullup(input, (ev_ssize_t)(FRAME_HEAD + out->len));
    need(whole != NULL);
    out->payload = whole + FRAME_HEAD;
    link->half_since = 0;
    return ERR_OK;
}

void frame_link_done(struct frame_link *link, const struct frame_message *message)
{
    mem_wipe(message->payload, message->len);
    evbuffer_drain(bufferevent_get_input(link->bev), FRAME_HEAD + message->len);
}

enum err frame_link_send(struct frame_link *link, uint32_t request, const void *payload, size_t len)
{
    struct evbuffer *output = bufferevent_get_output(link->bev);
    uint8_t head[FRAME_HEAD];
    if (len > link->payload_max)
        return ERR_TOO_BIG;
    if (evbuffer_get_length(output) / 4 > link->payload_max)
        return ERR_BUSY;
    frame_head_put(head, request, len);
    /* Both or neither: half a frame would put the whole link out of step. */
    need(evbuffer_expand(output, FRAME_HEAD + len) == 0);
    need(evbuffer_add(output, head, FRAME_HEAD) == 0 && evbuffer_add(output, payload, len) == 0);
    return ERR_OK;
}

int frame_link_is_stalled(const struct frame_link *link, int64_t now, int64_t limit_ms)
{
    return link->bev && link->half_since && now - link->half_since > limit_ms;
}

/* ---- sockets ---- */

static int frame_socket(const char *path, struct sockaddr_un *at)
{
    *at = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof at->sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(at->sun_path, path, strlen(path));
    return socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

typedef int frame_socket_fn(int fd, const struct sockaddr *address, socklen_t len);

static int frame_socket_at(const char *path, frame_socket_fn *bind_or_connect)
{
    struct sockaddr_un at;
    int fd = frame_socket(path, &at);
    if (fd < 0 || bind_or_connect(fd, (const struct sockaddr *)&at, sizeof at) == 0)
        return fd;
    int why = errno;
    close(fd);
    errno = why;
    return -1;
}

int frame_socket_bind(const char *path)
{
    return frame_socket_at(path, bind);
}

int frame_socket_connect(const char *path)
{
    return frame_socket_at(path, connect);
}

enum err frame_socket_uid(int fd, uid_t *out)
{
    struct ucred who;
    socklen_t len = sizeof who;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) != 0)
        return ERR_SYSTEM;
    *out = who.uid;
    return ERR_OK;
}
