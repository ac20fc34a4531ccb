/* test_prefork.c -- a master and two workers: a killed worker comes back and its queue is served, counters are summed,
 * a stop finishes the request in progress, and nobody outlives the master. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/http/metrics.h"
#include "common/http/prefork.h"
#include "tests/unit/http/serve.h"

enum { WORKERS = 2 };

struct shared {
    _Atomic int started, settled, ready, hangups, slow;
    _Atomic int pids[WORKERS], helper;
};

static struct shared *shared;
static uint16_t port, health;
static pid_t master;

static const struct metric_row rows[] = {{"test_hits_total", "counter", "Hits"}, {"test_level", "gauge", "Level"}};

/* --- a worker --- */

static struct loop *worker_loop;
static struct http_server *worker_server;
static uint64_t slow_id;

static void on_pid(struct http_req *req, void *room)
{
    (void)room;
    char text[16];
    metrics_add(0, 1);
    http_answer(req, 200, "text/plain", text, (size_t)snprintf(text, sizeof text, "%d", (int)getpid()));
}

static void on_slow(struct http_req *req, void *room)
{
    (void)room;
    slow_id = http_req_id(req);
    shared->slow++;
}

static const struct http_route routes[] = {
    {HTTP_GET, "/", on_pid, 0, NULL},
    {HTTP_GET, "/slow", on_slow, 0, NULL},
    {0, NULL, NULL, 0, NULL},
};

static void on_stopped(void *arg)
{
    (void)arg;
    loop_stop(worker_loop);
}

/* A signal stops; then, half a second later, what waited is answered. */
static void on_signal(void *room, int signal_number)
{
    (void)room;
    if (signal_number == SIGHUP) {
        shared->hangups++;
        return;
    }
    http_server_stop(worker_server, 5000, on_stopped, NULL);
}

static void on_tick(void *room, int64_t now)
{
    (void)room;
    static int64_t since;
    struct http_req *req = http_find(worker_server, slow_id);
    if (req && !since)
        since = now;
    if (req && now - since > 1500)
        http_answer(req, 200, "text/plain", "slow", 4);
}

static int work(void *room_state, unsigned index, const int *fds)
{
    (void)room_state;
    need(fds[0] >= 0 && fds[1] == -1);
    metrics_set(1, 5);
    worker_loop = loop_new();
    struct http_options options = {
        .listen_fd = fds[0], .routes = routes, .policy = {.csp = "default-src 'none'"}, .connections_max = 100};
    worker_server = http_server_new(worker_loop, &options);
    loop_on_signal(worker_loop, SIGTERM, on_signal, NULL);
    loop_on_signal(worker_loop, SIGHUP, on_signal, NULL);
    loop_on_tick(worker_loop, on_tick, NULL);
    shared->pids[index] = getpid();
    shared->started++;
    loop_run(worker_loop);
    http_server_free(worker_server);
    loop_free(worker_loop);
    return 0;
}

static int help(void *room_state)
{
    (void)room_state;
    shared->helper = getpid();
    shared->started++;
    for (;;)
        pause();
    return 0;
}

static void settle(void *room_state)
{
    (void)room_state;
    shared->settled++;
}

static int ready(void *room_state)
{
    (void)room_state;
    return shared->ready;
}

/* --- the tests --- */

static uint16_t free_port(void)
{
    uint16_t found;
    close(serve_listen(&found));
    return found;
}

static pid_t start_master(void)
{
    pid_t pid = fork();
    need(pid >= 0);
    if (pid == 0) {
        log_open("test", LOG_ERROR);
        metrics_open(rows, 2);
        const struct prefork_listen listens[] = {{"127.0.0.1", port}, {"::1", 0}};
        struct prefork plan = {.room = "test",
                               .workers = WORKERS,
                               .listens = listens,
                               .listen_count = 2,
                               .health_port = health,
                               .worker = work,
                               .helper = help,
                               .settle = settle,
                               .ready = ready};
        exit(prefork_run(&plan));
    }
    return pid;
}

static int set_up(void **state)
{
    (void)state;
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    need(shared != MAP_FAILED);
    port = free_port();
    health = free_port();
    master = start_master();
    assert_true(wait_for(&shared->started, WORKERS + 1));
    assert_true(wait_for(&shared->settled, 1));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    int status;
    if (!master)
        return 0;
    kill(master, SIGTERM);
    need(waitpid(master, &status, 0) == master);
    assert_int_equal(status, 0);
    return 0;
}

static unsigned ask(uint16_t to, const char *path, struct buf *answer)
{
    char text[128];
    snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", path);
    client_ask(to, text, answer);
    return client_status(answer);
}

static void health_is_told_and_counters_are_summed(void **state)
{
    (void)state;
    struct buf answer = BUF_INIT(1 << 20);
    assert_int_equal(ask(health, "/healthz", &answer), 200);
    assert_int_equal(ask(health, "/readyz", &answer), 503);
    shared->ready = 1;
    assert_int_equal(ask(health, "/readyz", &answer), 200);
    for (int i = 0; i < 20; i++)
        assert_int_equal(ask(port, "/", &answer), 200);
    assert_int_equal(ask(health, "/metrics", &answer), 200);
    assert_non_null(strstr(buf_text(&answer), "# TYPE test_hits_total counter\ntest_hits_total 20\n"));
    assert_non_null(strstr(buf_text(&answer), "\ntest_level 10\n"));
    assert_non_null(strstr(buf_text(&answer), "\nrecourse_http_answers_2xx_total 2"));
    buf_free(&answer);
}

static void a_killed_worker_comes_back(void **state)
{
    (void)state;
    struct buf answer = BUF_INIT(1 << 20);
    for (int round = 0; round < 3; round++) {
        int before = shared->started, killed = shared->pids[round % WORKERS];
        kill(killed, SIGKILL);
        /* Meanwhile nobody is turned away: the sockets are the master's. */
        for (int i = 0; i < 10; i++)
            assert_int_equal(ask(port, "/", &answer), 200);
        assert_true(wait_for(&shared->started, before + 1));
        assert_int_not_equal(shared->pids[round % WORKERS], killed);
    }
    /* The gauge of the dead is taken back. */
    assert_int_equal(ask(health, "/metrics", &answer), 200);
    assert_non_null(strstr(buf_text(&answer), "\ntest_level 10\n"));
    int helper = shared->helper, before = shared->started;
    kill(helper, SIGKILL);
    assert_true(wait_for(&shared->started, before + 1));
    assert_int_not_equal(shared->helper, helper);
    buf_free(&answer);
}

static void a_hangup_reaches_the_workers(void **state)
{
    (void)state;
    /* The helper of this test knows no SIGHUP and dies of it, and comes back. */
    kill(master, SIGHUP);
    assert_true(wait_for(&shared->hangups, WORKERS));
    assert_true(wait_for(&shared->started, WORKERS + 2));
}

static void a_stop_finishes_the_request_in_progress(void **state)
{
    (void)state;
    struct buf answer = BUF_INIT(1 << 20);
    int fd = client_connect(port), status;
    client_say(fd, "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_true(wait_for(&shared->slow, 1));
    kill(master, SIGTERM);
    assert_true(client_answer(fd, &answer));
    assert_non_null(strstr(buf_text(&answer), "slow"));
    assert_int_equal(waitpid(master, &status, 0), master);
    assert_int_equal(status, 0);
    master = 0;
    for (int i = 0; i < WORKERS; i++)
        assert_true(kill(shared->pids[i], 0) != 0 && errno == ESRCH);
    close(fd);
    buf_free(&answer);
}

/* Another installation of the same user, started on the same ports by mistake: the kernel would share what people send
 * between the two. */
static void a_second_one_on_the_same_ports_takes_no_connection(void **state)
{
    (void)state;
    struct buf answer = BUF_INIT(1 << 20);
    int before = shared->started, status;
    for (int round = 0; round < 3; round++) {
        pid_t second = start_master();
        for (int i = 0; i < 20; i++)
            assert_int_equal(ask(port, "/", &answer), 200);
        assert_int_equal(waitpid(second, &status, 0), second);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    }
    assert_int_equal(shared->started, before);
    buf_free(&answer);
}

/* Gone, or a zombie that nobody has collected. */
static int is_dead(int pid)
{
    char path[64], line[128] = "";
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *file = fopen(path, "r");
    if (!file)
        return 1;
    int got = fgets(line, sizeof line, file) != NULL;
    fclose(file);
    return !got || strstr(line, ") Z ") != NULL;
}

static void nobody_outlives_the_master(void **state)
{
    (void)state;
    kill(master, SIGKILL);
    assert_int_equal(waitpid(master, NULL, 0), master);
    master = 0;
    for (int i = 0; i < 300 && !(is_dead(shared->pids[0]) && is_dead(shared->pids[1]) && is_dead(shared->helper)); i++)
        usleep(20000);
    assert_true(is_dead(shared->pids[0]));
    assert_true(is_dead(shared->pids[1]));
    assert_true(is_dead(shared->helper));
}

#define STORY(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(health_is_told_and_counters_are_summed),
        STORY(a_killed_worker_comes_back),
        STORY(a_hangup_reaches_the_workers),
        STORY(a_second_one_on_the_same_ports_takes_no_connection),
        STORY(a_stop_finishes_the_request_in_progress),
        STORY(nobody_outlives_the_master),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
