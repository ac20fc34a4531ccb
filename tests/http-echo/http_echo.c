/* http_echo.c -- the very HTTP server that faces strangers, on loopback without TLS, so that conformance suites can be
 * played at it.
 *
 *   http-echo [PORT]     (0 or nothing: any free port) prints "http-echo PORT" and serves until SIGTERM or SIGINT.
 *
 * `/` and `/echo` answer 200 to GET, HEAD and POST: the body as it came, or without one the path, query and headers
 * met; and 204 with Allow to OPTIONS, as every address does. */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/num.h"
#include "common/http/http.h"

static const char TEXT[] = "text/plain; charset=utf-8";
/* In place of the list of two dozen, half a kilobyte in every answer: some suites read 1,024 bytes and no more. */
static const char PERMISSIONS[] = "camera=()";

static void echo_line(void *room, const char *name, const char *value)
{
    need(buf_addf(room, "%s: %s\n", name, value) == ERR_OK);
}

static void echo_head(struct http_req *req)
{
    struct buf out = BUF_INIT(64 * 1024);
    need(buf_addf(&out, "path %s\nquery %s\n", http_req_path(req), http_req_query(req)) == ERR_OK);
    http_req_each_header(req, echo_line, &out);
    http_answer(req, 200, TEXT, buf_text(&out), out.len);
    buf_free(&out);
}

static void on_request(struct http_req *req, void *room)
{
    (void)room;
    struct buf *body = http_req_body(req);
    if (body->len)
        http_answer(req, 200, "application/octet-stream", body->bytes, body->len);
    else
        echo_head(req);
}

static const struct http_route routes[] = {
    {HTTP_GET | HTTP_POST, "/", on_request, 1024 * 1024, NULL},
    {HTTP_GET | HTTP_POST, "/echo", on_request, 1024 * 1024, NULL},
    {0, NULL, NULL, 0, NULL},
};

static int listen_on(uint16_t port, uint16_t *got)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        bind(fd, (struct sockaddr *)&address, len) != 0 || listen(fd, 1024) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &len) != 0)
        err_die("Cannot listen on port %u of 127.0.0.1.", port);
    *got = ntohs(address.sin_port);
    return fd;
}

struct echo {
    struct loop *loop;
    struct http_server *server;
    int stopping;
};

static void on_stopped(void *room)
{
    loop_stop(((struct echo *)room)->loop);
}

static void on_signal(void *room, int signal_number)
{
    (void)signal_number;
    struct echo *echo = room;
    if (!echo->stopping++)
        http_server_stop(echo->server, 5000, on_stopped, echo);
}

int main(int argc, char **argv)
{
    mem_wipe_libraries();
    log_open("http-echo", LOG_WARN);
    uint64_t asked = 0;
    if (argc > 2 || (argc == 2 && num_parse(argv[1], strlen(argv[1]), 0, 65535, &asked) != ERR_OK))
        err_die("Usage: http-echo [PORT]");
    uint16_t port;
    struct http_options options = {.listen_fd = listen_on((uint16_t)asked, &port),
                                   .routes = routes,
                                   .policy = {.csp = "default-src 'none'", .permissions = PERMISSIONS},
                                   .connections_max = 10000};
    struct echo echo = {.loop = loop_new()};
    echo.server = http_server_new(echo.loop, &options);
    loop_on_signal(echo.loop, SIGTERM, on_signal, &echo);
    loop_on_signal(echo.loop, SIGINT, on_signal, &echo);
    printf("http-echo %u\n", port);
    fflush(stdout);
    loop_run(echo.loop);
    http_server_free(echo.server);
    loop_free(echo.loop);
    return 0;
}
