/* fuzz_http_server.c -- any bytes sent to the whole server (common/http/http.h) over a socket: handlers see the same
 * requests and the client the same answers however the bytes come; each request gets one answer, and behind an answer
 * that closes nothing is handled any more. */
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/http/http.h"
#include "common/http/limits.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/turns.h"

enum { TOLD_MAX = 4 << 20, BODY_MAX = 2000, TURNS_MAX = 20000 };

static struct loop *loop;
static struct http_server *server;
static struct sockaddr_un address = {.sun_family = AF_UNIX};

/* One visit: what the client sends, and all that was seen. */
static struct visit {
    int fd;
    const uint8_t *left;
    size_t left_len;
    struct fuzz_cuts cuts;
    int whole, ended;
    unsigned handled, turns;
    uint64_t refused; /* the request whose body was */
    struct buf told, answers;
} visit;

static void tell(void *room, const char *name, const char *value)
{
    (void)room;
    need(*name && strcspn(name, "\r\n") == strlen(name) && strcspn(value, "\r\n") == strlen(value));
    need(buf_addf(&visit.told, "%s: %s\n", name, value) == ERR_OK);
}

static void on_request(struct http_req *req, void *room)
{
    (void)room;
    need(!visit.ended && !fuzz_has(&visit.answers, "\r\nConnection: close\r\n", 21));
    visit.handled++;
    need(buf_addf(&visit.told, "%d %s ? %s\n", http_req_method(req), http_req_path(req), http_req_query(req)) ==
         ERR_OK);
    for (unsigned i = 0; i < 2 && strchr(http_req_path(req) + 1, '/'); i++)
        tell(NULL, "param", http_req_param(req, i));
    http_req_each_header(req, tell, NULL);
    need(http_req_body(req)->len <= BODY_MAX);
    need(buf_add(&visit.told, http_req_body(req)->bytes, http_req_body(req)->len) == ERR_OK);
    http_set(req, "X-Handled", "1");
    http_answer(req, 200, "text/plain", "ok", 2);
}

/* Refuses at a "!", and is then told nothing more of this request. */
static enum err on_piece(struct http_req *req, void *room, const uint8_t *piece, size_t len)
{
    (void)room;
    const uint8_t *stop = memchr(piece, '!', len);
    need(len > 0 && http_req_id(req) != visit.refused);
    need(buf_add(&visit.told, piece, stop ? (size_t)(stop - piece) : len) == ERR_OK);
    if (!stop)
        return ERR_OK;
    visit.refused = http_req_id(req);
    return ERR_DENIED; /* 415: the framing is well, the connection may live on */
}

static const struct http_route routes[] = {
    {HTTP_GET | HTTP_POST, "/", on_request, BODY_MAX, NULL},
    {HTTP_PUT | HTTP_PATCH, "/{a}/x/{b}", on_request, BODY_MAX, NULL},
    {HTTP_POST, "/stream", on_request, BODY_MAX, on_piece},
    {0, NULL, NULL, 0, NULL},
};

void fuzz_start(void)
{
    loop = loop_new();
    snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "recourse-fuzz-http-%ld", (long)getpid());
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    need(fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address) == 0 && listen(fd, 16) == 0);
    struct http_options options = {.listen_fd = fd, .routes = routes, .connections_max = 8};
    options.policy.csp = "default-src 'none'";
    server = http_server_new(loop, &options);
}

/* Called each turn: send a little, take what came, stop when the server has closed. */
static void on_turn(evutil_socket_t fd, short what, void *arg)
{
    char piece[4096];
    ssize_t got;
    (void)fd;
    (void)what;
    (void)arg;
    need(++visit.turns < TURNS_MAX);
    if (visit.left_len) {
        size_t len = visit.whole ? visit.left_len : fuzz_cut(&visit.cuts, visit.left_len);
        ssize_t sent = send(visit.fd, visit.left, len, MSG_NOSIGNAL);
        visit.left += sent > 0 ? sent : 0;
        visit.left_len -= sent > 0 ? (size_t)sent : 0;
        if (sent < 0 && errno != EAGAIN)
            visit.left_len = 0;
        if (visit.left_len == 0)
            shutdown(visit.fd, SHUT_WR);
    }
    while ((got = recv(visit.fd, piece, sizeof piece, 0)) > 0)
        need(buf_add(&visit.answers, piece, (size_t)got) == ERR_OK);
    visit.ended = got == 0 || (got < 0 && errno != EAGAIN);
    if (visit.ended && http_server_open(server) == 0)
        loop_stop(loop);
}

/* Interim answers depend on what had come by then; the date on the clock. */
static void cut_out(struct buf *from, const char *begin, const char *end)
{
    char *at = (char *)(uintptr_t)buf_text(from);
    while ((at = strstr(at, begin))) {
        char *behind = strstr(at + 1, end) + strlen(end);
        memmove(at, behind, strlen(behind) + 1);
    }
    buf_cut(from, strlen(buf_text(from)));
}

static unsigned count(const struct buf *in, const char *what)
{
    unsigned found = 0;
    for (const char *at = buf_text(in); (at = strstr(at, what)); at++)
        found++;
    return found;
}

/* What was sent could not be told apart from what follows it. */
static int is_refused(const struct buf *answers)
{
    static const char *const lines[] = {"HTTP/1.1 400 ", "HTTP/1.1 411 ", "HTTP/1.1 413 ", "HTTP/1.1 414 ",
                                        "HTTP/1.1 431 ", "HTTP/1.1 501 ", "HTTP/1.1 505 ", NULL};
    size_t i = 0;
    while (lines[i] && !strstr(buf_text(answers), lines[i]))
        i++;
    return lines[i] != NULL;
}

static void go(const uint8_t *data, size_t size, int whole)
{
    visit = (struct visit){.left = data, .left_len = size, .whole = whole, .cuts = fuzz_cuts(data, size)};
    visit.told = visit.answers = BUF_INIT(TOLD_MAX);
    visit.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    need(visit.fd >= 0 && connect(visit.fd, (struct sockaddr *)&address, sizeof address) == 0);
    if (size == 0)
        shutdown(visit.fd, SHUT_WR);
    turns_run(loop, on_turn);
    close(visit.fd);
    cut_out(&visit.answers, "HTTP/1.1 100 ", "\r\n\r\n");
    need(count(&visit.answers, "\r\nX-Handled: 1\r\n") == visit.handled);
    const char *closing = strstr(buf_text(&visit.answers), "\r\nConnection: close\r\n");
    need(!closing || !strstr(closing, "\r\nDate: ")); /* which every answer has in front */
    need(closing || !is_refused(&visit.answers));
    cut_out(&visit.answers, "\r\nDate: ", "\r\n");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    go(data, size, 1);
    struct visit whole = visit;
    go(data, size, 0);
    need(whole.handled == visit.handled && whole.told.len == visit.told.len);
    need(memcmp(buf_text(&whole.told), buf_text(&visit.told), whole.told.len) == 0);
    need(strcmp(buf_text(&whole.answers), buf_text(&visit.answers)) == 0);
    buf_free(&whole.told);
    buf_free(&whole.answers);
    buf_free(&visit.told);
    buf_free(&visit.answers);
    return 0;
}
