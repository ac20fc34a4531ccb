/* prefork.c -- see prefork.h.
 *
 * The master keeps every listening socket, so that what the kernel has queued for a killed worker is served by its
 * successor. Its event loop exists only after the first forks; a worker that is forked later first gives itself kernel
 * objects of its own (event_reinit) and only then frees what it inherited: the two would else share one epoll set. */
#include "common/http/prefork.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/loop.h"
#include "common/base/mem.h"
#include "common/http/http.h"
#include "common/http/metrics.h"
#include "common/http/metrics_own.h"

enum {
    WORKERS_MAX = 64,
    LISTENS_MAX = 4,
    LISTEN_QUEUE = 1024,
    BACK_OFF_MS = 50,
    BACK_OFF_MAX_MS = 5000,
    /* Who lived this long did not die of its start. */
    SETTLED_MS = 10000,
    /* A worker's own grace is shorter. */
    STOP_MS = 20000,
};

struct child {
    pid_t pid; /* 0: not running */
    unsigned index;
    int is_helper;
    int64_t started, start_again, back_off;
    int fds[LISTENS_MAX];
};

struct master {
    const struct prefork *plan;
    pid_t pid;
    struct child children[WORKERS_MAX + 1];
    unsigned child_count;
    struct loop *loop;
    struct http_server *health;
    int health_fd; /* its listener, the server's own from then on; -1: none */
    struct event *wake;
    int stopping;
    int64_t stop_at;
};

/* --- sockets --- */

static socklen_t address_of(const struct prefork_listen *listen_on, struct sockaddr_storage *out)
{
    struct sockaddr_in *four = (struct sockaddr_in *)out;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)out;
    memset(out, 0, sizeof *out);
    if (inet_pton(AF_INET, listen_on->address, &four->sin_addr) == 1) {
        four->sin_family = AF_INET;
        four->sin_port = htons(listen_on->port);
        return sizeof *four;
    }
    if (inet_pton(AF_INET6, listen_on->address, &six->sin6_addr) == 1) {
        six->sin6_family = AF_INET6;
        six->sin6_port = htons(listen_on->port);
        return sizeof *six;
    }
    return 0;
}

/* Before anything serves: a port that cannot be had ends the program with a sentence. */
static int open_listener(const struct prefork_listen *listen_on, int shared)
{
    struct sockaddr_storage address;
    socklen_t len = address_of(listen_on, &address);
    if (!len)
        err_die("'%s' is not a numeric address to listen on.", listen_on->address);
    int fd = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int on = 1;
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        (shared && setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0) ||
        (address.ss_family == AF_INET6 && setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) != 0) ||
        bind(fd, (struct sockaddr *)&address, len) != 0 || listen(fd, LISTEN_QUEUE) != 0)
        err_die("Cannot listen on %s port %u: %s.%s", listen_on->address, listen_on->port, strerror(errno),
                errno == EADDRINUSE ? " Another program has it, or another installation of this one (ss -ltnp shows "
                                      "which): end that, or change [http] port in recourse.ini."
                                    : "");
    return fd;
}

static void open_listeners(struct master *m)
{
    const struct prefork *plan = m->plan;
    for (unsigned i = 0; i < plan->workers; i++)
        for (unsigned j = 0; j < plan->listen_count; j++)
            m->children[i].fds[j] = plan->listens[j].port ? open_listener(&plan->listens[j], 1) : -1;
}

/* The listening sockets of all, or of all but one child. */
static void close_listeners(struct master *m, const struct child *except)
{
    for (unsigned i = 0; i < m->plan->workers; i++)
        for (unsigned j = 0; j < m->plan->listen_count; j++)
            if (&m->children[i] != except && m->children[i].fds[j] >= 0) {
                close(m->children[i].fds[j]);
                m->children[i].fds[j] = -1;
            }
}

/* --- children --- */

/* What the master made for itself is let go without a word on its connections. */
static void child_drop_loop(struct master *m)
{
    if (!m->loop) {
        if (m->health_fd >= 0)
            close(m->health_fd);
        return;
    }
    need(event_reinit(loop_base(m->loop)) == 0);
    http_server_free(m->health);
    event_free(m->wake);
    loop_free(m->loop);
    m->loop = NULL;
}

static _Noreturn void child_run(struct master *m, struct child *child)
{
    const struct prefork *plan = m->plan;
    int fds[LISTENS_MAX];
    memcpy(fds, child->fds, sizeof fds);
    /* sandbox_enter() keeps it over a change of user. */
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != m->pid)
        _exit(1);
    child_drop_loop(m);
    close_listeners(m, child);
    metrics_worker(child->index + 1);
    unsigned index = child->index;
    int is_helper = child->is_helper;
    mem_free(m);
    exit(is_helper ? plan->helper(plan->room_state) : plan->worker(plan->room_state, index, fds));
}

static void child_start(struct master *m, struct child *child)
{
    child->started = clock_ms();
    child->start_again = 0;
    pid_t pid = fork();
    if (pid == 0)
        child_run(m, child);
    if (pid < 0) {
        log_error("cannot_fork", LOG_NUM("errno", errno));
        child->start_again = child->started + BACK_OFF_MAX_MS;
        return;
    }
    child->pid = pid;
}

/* When the next child is due, or the last one must be stopped by force. */
static void master_set_wake(struct master *m)
{
    int64_t due = m->stopping ? m->stop_at : 0;
    for (unsigned i = 0; i < m->child_count && !m->stopping; i++)
        if (m->children[i].start_again && (!due || m->children[i].start_again < due))
            due = m->children[i].start_again;
    event_del(m->wake);
    if (!due)
        return;
    int64_t in = due - clock_ms();
    if (in < 1)
        in = 1;
    struct timeval wait = {in / 1000, in % 1000 * 1000};
    need(event_add(m->wake, &wait) == 0);
}

static void child_ended(struct master *m, struct child *child, int status)
{
    const char *room = log_identifier(m->plan->room);
    child->pid = 0;
    if (m->stopping)
        return;
    int64_t now = clock_ms();
    int settled = now - child->started >= SETTLED_MS || !child->back_off;
    child->back_off = settled ? BACK_OFF_MS : child->back_off * 2;
    if (child->back_off > BACK_OFF_MAX_MS)
        child->back_off = BACK_OFF_MAX_MS;
    child->start_again = now + child->back_off;
    log_warn("worker_ended", LOG_NAME("of", room), LOG_NUM("index", child->index),
             LOG_NUM("code", WIFEXITED(status) ? WEXITSTATUS(status) : -1),
             LOG_NUM("signal", WIFSIGNALED(status) ? WTERMSIG(status) : 0));
}

static void tell_children(struct master *m, int signal_number)
{
    for (unsigned i = 0; i < m->child_count; i++)
        if (m->children[i].pid)
            kill(m->children[i].pid, signal_number);
}

static void stop_if_alone(struct master *m)
{
    unsigned running = 0;
    for (unsigned i = 0; i < m->child_count; i++)
        running += m->children[i].pid != 0;
    if (m->stopping && !running)
        loop_stop(m->loop);
}

static void reap(struct master *m)
{
    int status;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;)
        for (unsigned i = 0; i < m->child_count; i++)
            if (m->children[i].pid == pid)
                child_ended(m, &m->children[i], status);
    master_set_wake(m);
    stop_if_alone(m);
}

/* --- signals and time --- */

static void on_child(void *room, int signal_number)
{
    (void)signal_number;
    reap(room);
}

static void on_hangup(void *room, int signal_number)
{
    tell_children(room, signal_number);
}

static void on_stop(void *room, int signal_number)
{
    struct master *m = room;
    (void)signal_number;
    if (m->stopping)
        return;
    m->stopping = 1;
    m->stop_at = clock_ms() + STOP_MS;
    log_info("stopping", LOG_NAME("of", log_identifier(m->plan->room)));
    tell_children(m, SIGTERM);
    /* Who knocks from now on is refused at once rather than left waiting in a queue that nobody serves. */
    close_listeners(m, NULL);
    master_set_wake(m);
    stop_if_alone(m);
}

static void on_wake(evutil_socket_t fd, short what, void *room)
{
    (void)fd;
    (void)what;
    struct master *m = room;
    int64_t now = clock_ms();
    if (m->stopping) {
        if (now >= m->stop_at)
            tell_children(m, SIGKILL);
        m->stop_at = now + STOP_MS;
    }
    for (unsigned i = 0; i < m->child_count && !m->stopping; i++)
        if (m->children[i].start_again && m->children[i].start_again <= now)
            child_start(m, &m->children[i]);
    master_set_wake(m);
}

/* --- health --- */

static const char TEXT[] = "text/plain; charset=utf-8";

static void on_healthz(struct http_req *req, void *room)
{
    (void)room;
    http_answer(req, 200, TEXT, "ok\n", 3);
}

static void on_readyz(struct http_req *req, void *room)
{
    struct master *m = room;
    int ready = !m->stopping && (!m->plan->ready || m->plan->ready(m->plan->room_state));
    const char *says = ready ? "ready\n" : "not ready\n";
    http_answer(req, ready ? 200 : 503, TEXT, says, strlen(says));
}

static void on_metrics(struct http_req *req, void *room)
{
    (void)room;
    struct buf text = BUF_INIT(256 * 1024);
    need(metrics_write(&text) == ERR_OK);
    http_answer(req, 200, "text/plain; version=0.0.4; charset=utf-8", buf_text(&text), text.len);
    buf_free(&text);
}

static const struct http_route health_routes[] = {
    {HTTP_GET, "/healthz", on_healthz, 0, NULL},
    {HTTP_GET, "/readyz", on_readyz, 0, NULL},
    {HTTP_GET, "/metrics", on_metrics, 0, NULL},
    {0, NULL, NULL, 0, NULL},
};

static void master_open_loop(struct master *m)
{
    m->loop = loop_new();
    m->wake = event_new(loop_base(m->loop), -1, 0, on_wake, m);
    need(m->wake != NULL);
    loop_on_signal(m->loop, SIGCHLD, on_child, m);
    loop_on_signal(m->loop, SIGHUP, on_hangup, m);
    loop_on_signal(m->loop, SIGTERM, on_stop, m);
    loop_on_signal(m->loop, SIGINT, on_stop, m);
    if (m->health_fd < 0)
        return;
    struct http_options options = {.listen_fd = m->health_fd,
                                   .routes = health_routes,
                                   .policy = {.csp = "default-src 'none'"},
                                   .room = m,
                                   .connections_max = 32};
    m->health = http_server_new(m->loop, &options);
}

/* --- the whole --- */

static void plan_children(struct master *m)
{
    const struct prefork *plan = m->plan;
    for (unsigned i = 0; i < plan->workers; i++)
        m->children[m->child_count++].index = i;
    if (plan->helper) {
        struct child *helper = &m->children[m->child_count++];
        helper->index = WORKERS_MAX;
        helper->is_helper = 1;
        memset(helper->fds, -1, sizeof helper->fds);
    }
}

int prefork_run(const struct prefork *plan)
{
    /* Here: a worker in its sandbox may no longer ask. */
    http_raise_descriptors();
    need(plan->workers >= 1 && plan->workers <= WORKERS_MAX && plan->listen_count <= LISTENS_MAX);
    struct master *m = mem_new(sizeof *m);
    m->plan = plan;
    m->pid = getpid();
    plan_children(m);
    /* First, because this one is not shared: with another installation of the same user on the same ports, started by
     * mistake, the kernel would else hand us some of what people send to that one. */
    struct prefork_listen health = {"127.0.0.1", plan->health_port};
    m->health_fd = plan->health_port ? open_listener(&health, 0) : -1;
    open_listeners(m);
    for (unsigned i = 0; i < m->child_count; i++)
        child_start(m, &m->children[i]);
    if (plan->settle)
        plan->settle(plan->room_state);
    master_open_loop(m);
    /* Who died before the signal handler stood is found here. */
    reap(m);
    log_info("serving", LOG_NAME("of", log_identifier(plan->room)), LOG_NUM("workers", plan->workers));
    loop_run(m->loop);
    http_server_free(m->health);
    event_free(m->wake);
    loop_free(m->loop);
    mem_free(m);
    return 0;
}
