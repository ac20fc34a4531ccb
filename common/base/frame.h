/* frame.h -- bounded messages between our own processes over a unix socket.
 *
 * A frame is a 32-bit big-endian length, a 32-bit request number, and the payload. The length is checked against the
 * peer's maximum before anything is read; a peer that breaks the form is cut off with one cause line. Who is at the
 * other end is told by the kernel (SO_PEERCRED), never by the peer. Payloads are wiped when handed on. */
#ifndef COMMON_BASE_FRAME_H
#define COMMON_BASE_FRAME_H

#include <stdint.h>
#include <sys/types.h>

#include "common/base/buf.h"
#include "common/base/loop.h"

struct frame_server;
struct frame_client;

/* A message arrived on the server's side. `peer` names the connection for frame_answer(); it may be gone by then.
 * `payload` is borrowed until return and wiped after it. */
typedef void frame_ask_fn(void *room, uint64_t peer, uint32_t request, uid_t uid, const uint8_t *payload, size_t len);
/* A connection ended; what was kept for `peer` can be let go. May be NULL. frame_server_free() calls it for those still
 * open, before it returns; after that nothing is called any more. */
typedef void frame_gone_fn(void *room, uint64_t peer);

struct frame_listen {
    const char *path;  /* an old socket there is replaced */
    mode_t mode;       /* of the socket file */
    const uid_t *uids; /* who may connect; others are cut off at accept */
    size_t uid_count;
    size_t payload_max;
    unsigned peers_max; /* more are refused */
    int64_t idle_ms;    /* a peer with a half-read frame is cut off after this; 0: 10 s */
};

/* ERR_SYSTEM when the socket cannot be made. The kernel tells clients the uid of the moment of this call: drop the
 * privileges before it, or let the clients expect root. */
MUST_CHECK enum err frame_server_new(struct loop *loop, const struct frame_listen *listen, frame_ask_fn *ask,
                                     frame_gone_fn *gone, void *room, struct frame_server **out);
void frame_server_free(struct frame_server *server);
/* Send; borrows. ERR_NOT_FOUND when the peer is gone, ERR_TOO_BIG over payload_max, ERR_BUSY when it does not read
 * (over 4 payload_max waiting). */
MUST_CHECK enum err frame_answer(struct frame_server *server, uint64_t peer, uint32_t request, const void *payload,
                                 size_t len);

/* The answer to an ask. Fires exactly once per ask, never before frame_ask() returned. On ERR_OK `payload` is borrowed
 * until return; else it is NULL: ERR_TIMEOUT, ERR_SYSTEM (link lost), ERR_CANCELLED (client freed). */
typedef void frame_answer_fn(void *room, uint64_t tag, enum err err, const uint8_t *payload, size_t len);

/* Connects at once (frame_client_is_up() may be true on return) and again, 50 to 200 ms after a failure, for as long as
 * it lives. With `check_uid` a server of another uid than `server_uid` is not spoken to. Never NULL. */
struct frame_client *frame_client_new(struct loop *loop, const char *path, uid_t server_uid, int check_uid,
                                      size_t payload_max);
/* Every ask still waiting is told ERR_CANCELLED before this returns; after that nothing is called any more. */
void frame_client_free(struct frame_client *client);
int frame_client_is_up(const struct frame_client *client);
/* `tag` comes back with the answer. ERR_SYSTEM at once (and no callback) when the link is down, ERR_BUSY when over
 * 1,000 are waiting or over 4 payload_max are not sent yet, ERR_TOO_BIG. */
MUST_CHECK enum err frame_ask(struct frame_client *client, const void *payload, size_t len, int64_t deadline_ms,
                              frame_answer_fn *fn, void *room, uint64_t tag);

/* For the operator's command: connect, ask once, wait, close. Blocking. `out` receives the payload. ERR_NOT_FOUND when
 * nobody listens at `path`, ERR_DENIED when we may not connect, ERR_SYSTEM when the link is lost (a server that does
 * not want our uid ends it), ERR_TIMEOUT, ERR_MALFORMED, ERR_TOO_BIG when the answer does not fit into `out`. */
MUST_CHECK enum err frame_ask_once(const char *path, const void *payload, size_t len, int64_t deadline_ms,
                                   struct buf *out);

#endif
