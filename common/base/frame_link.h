/* frame_link.h -- one end of a frame connection: what server and client of frame.h share. Not for others.
 *
 * It cuts whole frames off the input, never holds more than one and a bit of them, and wipes what was handed on. */
#ifndef COMMON_BASE_FRAME_LINK_H
#define COMMON_BASE_FRAME_LINK_H

#include <event2/bufferevent.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/base/err.h"
#include "common/base/loop.h"

enum { FRAME_HEAD = 8, FRAME_STALL_MS = 10000 };

struct frame_link {
    struct bufferevent *bev; /* NULL while closed */
    size_t payload_max;
    int64_t half_since; /* a frame began to arrive then and is not whole; 0: none */
    int is_patient;     /* read no further while more than payload_max waits to be sent: for the server only, since two
                         * patient ends could wait for each other for ever */
};

struct frame_message {
    uint32_t request;
    uint8_t *payload;
    size_t len;
};

/* Take over `fd` (a connected socket). `readable` is also called when what waited has been sent. ERR_SYSTEM: no room;
 * `fd` is closed. */
MUST_CHECK enum err frame_link_open(struct frame_link *link, struct loop *loop, int fd, size_t payload_max,
                                    bufferevent_data_cb readable, bufferevent_event_cb ended, void *arg);
/* No more callbacks; freed between callbacks. */
void frame_link_close(struct frame_link *link, struct loop *loop);
/* The next whole frame, left in place until frame_link_done(). ERR_AGAIN: not there yet. ERR_TOO_BIG: cut it off. */
MUST_CHECK enum err frame_link_next(struct frame_link *link, int64_t now, struct frame_message *out);
/* Wipe and remove what frame_link_next() gave. */
void frame_link_done(struct frame_link *link, const struct frame_message *message);
/* ERR_TOO_BIG, ERR_BUSY when over 4 payload_max wait to be read by the other side. */
MUST_CHECK enum err frame_link_send(struct frame_link *link, uint32_t request, const void *payload, size_t len);
int frame_link_is_stalled(const struct frame_link *link, int64_t now, int64_t limit_ms);

/* The 8 bytes in front of a payload, and back. */
void frame_head_put(uint8_t head[static FRAME_HEAD], uint32_t request, size_t len);
void frame_head_get(const uint8_t head[static FRAME_HEAD], uint32_t *request, size_t *len);

/* A close-on-exec, non-blocking socket bound to or connected to `path`, or -1 with errno. */
int frame_socket_bind(const char *path);
int frame_socket_connect(const char *path);
/* Who is at the other end. */
MUST_CHECK enum err frame_socket_uid(int fd, uid_t *out);

#endif
