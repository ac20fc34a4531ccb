/* serve.c -- see serve.h. */
#include "tests/unit/http/serve.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/http/metrics.h"
#include "common/http/metrics_own.h"
#include "common/http/tls.h"

int serve_listen(uint16_t *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    need(fd >= 0 && bind(fd, (struct sockaddr *)&address, len) == 0 && listen(fd, 128) == 0);
    need(getsockname(fd, (struct sockaddr *)&address, &len) == 0);
    *port = ntohs(address.sin_port);
    return fd;
}

static void on_stopped(void *arg)
{
    struct serve *serve = arg;
    serve->seen->stopped = 1;
    loop_stop(serve->loop);
}

static void on_signal(void *room, int signal_number)
{
    struct serve *serve = room;
    if (signal_number == SIGTERM) {
        http_server_stop(serve->server, serve->grace_ms, on_stopped, serve);
        return;
    }
    need(tls_server_reload(serve->server, serve->certificate, serve->key, &serve->options.tls) == ERR_OK);
    serve->seen->answered++;
}

static void run(struct serve *serve)
{
    log_open("test", LOG_ERROR);
    metrics_open(NULL, 0);
    if (serve->certificate)
        need(tls_server_new(serve->certificate, serve->key, &serve->options.tls) == ERR_OK);
    serve->loop = loop_new();
    serve->server = http_server_new(serve->loop, &serve->options);
    http_server_set_deadlines(serve->server, &serve->deadlines);
    loop_on_signal(serve->loop, SIGTERM, on_signal, serve);
    loop_on_signal(serve->loop, SIGHUP, on_signal, serve);
    serve->seen->up = 1;
    loop_run(serve->loop);
    for (unsigned i = 0; i < HTTP_METRIC_COUNT; i++)
        serve->seen->metrics[i] = metrics_own_get((enum http_metric)i);
    http_server_free(serve->server);
    loop_free(serve->loop);
    SSL_CTX_free(serve->options.tls);
}

void serve_start(struct serve *serve)
{
    if (!serve->deadlines.head_ms)
        serve->deadlines = HTTP_DEADLINES;
    serve->options.listen_fd = serve_listen(&serve->port);
    serve->options.room = serve;
    serve->options.policy.csp = "default-src 'none'";
    if (!serve->options.connections_max)
        serve->options.connections_max = 100;
    serve->seen = mmap(NULL, sizeof *serve->seen, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    need(serve->seen != MAP_FAILED);
    serve->pid = fork();
    need(serve->pid >= 0);
    if (serve->pid == 0) {
        /* A test that fails must not leave its server behind. */
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        run(serve);
        exit(0);
    }
    close(serve->options.listen_fd);
    need(wait_for(&serve->seen->up, 1));
}

void serve_stop(struct serve *serve)
{
    int status;
    if (!serve->seen->stopped)
        kill(serve->pid, SIGTERM);
    need(waitpid(serve->pid, &status, 0) == serve->pid);
    if (status != 0)
        fprintf(stderr, "the server ended with %x\n", status);
    need(status == 0);
}

int client_connect(uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct timeval wait = {10, 0};
    need(fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait) == 0);
    /* A forked server may not have come to listen yet only where prefork binds it itself. */
    for (int i = 0; connect(fd, (struct sockaddr *)&address, sizeof address) != 0; i++) {
        need(i < 200);
        usleep(25000);
    }
    return fd;
}

void client_send(int fd, const void *bytes, size_t len)
{
    while (len) {
        ssize_t sent = send(fd, bytes, len, MSG_NOSIGNAL);
        if (sent < 0)
            return; /* The server may refuse before all was said. */
        bytes = (const char *)bytes + sent;
        len -= (size_t)sent;
    }
}

void client_say(int fd, const char *text)
{
    client_send(fd, text, strlen(text));
}

/* Exactly to the end of the head: byte by byte, so that nothing of the next answer is taken. */
int client_head(int fd, struct buf *out)
{
    uint8_t byte;
    while (recv(fd, &byte, 1, 0) == 1) {
        need(buf_add_byte(out, byte) == ERR_OK);
        if (out->len >= 4 && memcmp(out->bytes + out->len - 4, "\r\n\r\n", 4) == 0)
            return 1;
    }
    return 0;
}

int client_answer(int fd, struct buf *out)
{
    buf_clear(out);
    if (!client_head(fd, out))
        return 0;
    const char *length = strcasestr(buf_text(out), "\r\nContent-Length: ");
    size_t left = length ? strtoul(length + 18, NULL, 10) : 0;
    while (left) {
        char piece[4096];
        ssize_t got = recv(fd, piece, left < sizeof piece ? left : sizeof piece, 0);
        if (got <= 0)
            return 0;
        need(buf_add(out, piece, (size_t)got) == ERR_OK);
        left -= (size_t)got;
    }
    return 1;
}

int64_t client_closed_after(int fd, int64_t most_ms, struct buf *out)
{
    struct timeval wait = {0, 50000};
    need(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait) == 0);
    for (int64_t began = clock_ms(); clock_ms() - began < most_ms;) {
        char piece[4096];
        ssize_t got = recv(fd, piece, sizeof piece, 0);
        if (got > 0 && out)
            need(buf_add(out, piece, (size_t)got) == ERR_OK);
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR))
            return clock_ms() - began;
    }
    return -1;
}

void client_ask(uint16_t port, const char *text, struct buf *out)
{
    int fd = client_connect(port);
    client_say(fd, text);
    buf_clear(out);
    need(client_closed_after(fd, 10000, out) >= 0);
    close(fd);
}

unsigned client_status(const struct buf *answer)
{
    return answer->len > 12 ? (unsigned)strtoul(buf_text(answer) + 9, NULL, 10) : 0;
}

int wait_for(_Atomic int *counter, int n)
{
    for (int i = 0; i < 1000; i++) {
        if (*counter >= n)
            return 1;
        usleep(10000);
    }
    return 0;
}
