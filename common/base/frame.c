/* frame.c -- the server's side of frame.h. Neighbours: frame_link.c reads and writes frames, frame_client.c asks.
 *
 * A peer ends in peer_cut() and nowhere else: off the list, its room told, its memory buried. Answers name a peer by
 * number, because by the time an answer is known the peer may have gone. */
#include "common/base/frame.h"

#include <event2/listener.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/frame_link.h"
#include "common/base/log.h"
#include "common/base/mem.h"

struct peer {
    struct peer *next;
    struct frame_server *server;
    struct frame_link link;
    uint64_t id;
    uid_t uid;
};

struct frame_server {
    struct loop *loop;
    struct evconnlistener *listener;
    struct peer *peers;
    unsigned peer_count;
    uint64_t next_id;
    int is_pausing; /* out of descriptors: accept again at the next tick */
    frame_ask_fn *ask;
    frame_gone_fn *gone;
    void *room;
    /* the wishes, copied */
    char *path;
    uid_t *uids;
    size_t uid_count, payload_max;
    unsigned peers_max;
    int64_t idle_ms;
    dev_t socket_dev;
    ino_t socket_ino;
};

/* Once cut, a peer's link is closed; its memory lives until the turn's end. */
static void peer_cut(struct peer *peer)
{
    struct frame_server *server = peer->server;
    for (struct peer **at = &server->peers; *at; at = &(*at)->next)
        if (*at == peer) {
            *at = peer->next;
            break;
        }
    server->peer_count--;
    frame_link_close(&peer->link, server->loop);
    loop_bury(server->loop, peer, mem_free);
    if (server->gone)
        server->gone(server->room, peer->id);
}

static void peer_readable(struct bufferevent *bev, void *arg)
{
    (void)bev;
    struct peer *peer = arg;
    struct frame_message m;
    enum err err;
    while ((err = frame_link_next(&peer->link, loop_now(peer->server->loop), &m)) == ERR_OK) {
        peer->server->ask(peer->server->room, peer->id, m.request, peer->uid, m.payload, m.len);
        if (!peer->link.bev) {
            /* Our room freed the server meanwhile; the bytes stay valid until the turn's end. */
            mem_wipe(m.payload, m.len);
            return;
        }
        frame_link_done(&peer->link, &m);
    }
    if (err == ERR_TOO_BIG) {
        log_warn("frame_cut", LOG_WORD("cause", "too_large"));
        peer_cut(peer);
    }
}

static void peer_ended(struct bufferevent *bev, short what, void *arg)
{
    (void)bev;
    if (what & (BEV_EVENT_EOF | BEV_EVENT_ERROR))
        peer_cut(arg);
}

static int server_admits(const struct frame_server *server, uid_t uid)
{
    for (size_t i = 0; i < server->uid_count; i++)
        if (server->uids[i] == uid)
            return 1;
    return 0;
}

static void server_accepted(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *from, int from_len,
                            void *arg)
{
    (void)listener;
    (void)from;
    (void)from_len;
    struct frame_server *server = arg;
    uid_t uid;
    if (frame_socket_uid(fd, &uid) != ERR_OK || !server_admits(server, uid)) {
        log_warn("frame_refused", LOG_WORD("cause", "uid"));
        close(fd);
        return;
    }
    if (server->peer_count >= server->peers_max) {
        log_warn("frame_refused", LOG_WORD("cause", "too_many"), LOG_NUM("open", server->peer_count));
        close(fd);
        return;
    }
    struct peer *peer = mem_new(sizeof *peer);
    *peer = (struct peer){.server = server, .uid = uid};
    if (frame_link_open(&peer->link, server->loop, fd, server->payload_max, peer_readable, peer_ended, peer) !=
        ERR_OK) {
        mem_free(peer);
        return;
    }
    peer->link.is_patient = 1;
    peer->id = server->next_id++;
    peer->next = server->peers;
    server->peers = peer;
    server->peer_count++;
}

/* Level-triggered: without a pause the loop would spin on a connection that it cannot accept. */
static void server_accept_failed(struct evconnlistener *listener, void *arg)
{
    struct frame_server *server = arg;
    log_error("frame_accept_failed", LOG_NUM("open", server->peer_count));
    evconnlistener_disable(listener);
    server->is_pausing = 1;
}

static void server_tick(void *arg, int64_t now)
{
    struct frame_server *server = arg;
    if (server->is_pausing && evconnlistener_enable(server->listener) == 0)
        server->is_pausing = 0;
    for (struct peer *peer = server->peers, *next; peer; peer = next) {
        next = peer->next;
        if (!frame_link_is_stalled(&peer->link, now, server->idle_ms))
            continue;
        log_warn("frame_cut", LOG_WORD("cause", "too_slow"));
        peer_cut(peer);
    }
}

/* An old socket of a process that is no more is replaced; anything else at that place is not ours to remove. */
static int server_bind(struct frame_server *server, mode_t mode)
{
    struct stat st;
    if (lstat(server->path, &st) == 0 && S_ISSOCK(st.st_mode))
        unlink(server->path);
    mode_t before = umask(0177);
    int fd = frame_socket_bind(server->path);
    umask(before);
    if (fd < 0)
        return -1;
    /* The mode before listen(): nobody connects to a socket that is still more open than wished. */
    if (chmod(server->path, mode) != 0 || lstat(server->path, &st) != 0 || listen(fd, 128) != 0) {
        unlink(server->path);
        close(fd);
        return -1;
    }
    server->socket_dev = st.st_dev;
    server->socket_ino = st.st_ino;
    return fd;
}

static void server_let_go(void *arg)
{
    struct frame_server *server = arg;
    mem_free(server->path);
    mem_free(server->uids);
    mem_free(server);
}

enum err frame_server_new(struct loop *loop, const struct frame_listen *listen, frame_ask_fn *ask, frame_gone_fn *gone,
                          void *room, struct frame_server **out)
{
    struct frame_server *server = mem_new(sizeof *server);
    *server = (struct frame_server){
        .loop = loop,
        .next_id = 1,
        .ask = ask,
        .gone = gone,
        .room = room,
        .path = mem_copy_text(listen->path),
        .uids = mem_new_array(listen->uid_count, sizeof *server->uids),
        .uid_count = listen->uid_count,
        .payload_max = listen->payload_max,
        .peers_max = listen->peers_max,
        .idle_ms = listen->idle_ms ? listen->idle_ms : FRAME_STALL_MS,
    };
    if (listen->uid_count)
        memcpy(server->uids, listen->uids, listen->uid_count * sizeof *server->uids);
    int fd = server_bind(server, listen->mode);
    if (fd >= 0) {
        server->listener = evconnlistener_new(loop_base(loop), server_accepted, server,
                                              LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 0, fd);
        if (!server->listener)
            close(fd);
    }
    if (!server->listener) {
        server_let_go(server);
        return ERR_SYSTEM;
    }
    evconnlistener_set_error_cb(server->listener, server_accept_failed);
    loop_on_tick(loop, server_tick, server);
    *out = server;
    return ERR_OK;
}

void frame_server_free(struct frame_server *server)
{
    if (!server)
        return;
    loop_off_tick(server->loop, server_tick, server);
    evconnlistener_free(server->listener);
    /* A successor may have put its own socket there already. */
    struct stat st;
    if (lstat(server->path, &st) == 0 && st.st_dev == server->socket_dev && st.st_ino == server->socket_ino)
        unlink(server->path);
    while (server->peers)
        peer_cut(server->peers);
    loop_bury(server->loop, server, server_let_go);
}

enum err frame_answer(struct frame_server *server, uint64_t peer, uint32_t request, const void *payload, size_t len)
{
    for (struct peer *at = server->peers; at; at = at->next)
        if (at->id == peer)
            return frame_link_send(&at->link, request, payload, len);
    return ERR_NOT_FOUND;
}
