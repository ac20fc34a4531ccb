/* main.c -- recourse-sms: webhooks in, outbox out.
 *
 * Boot order is the security story: settings and secrets are read once, sockets are bound, then workers and the sender
 * are forked; each gives up what it will not need before it hears a stranger. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/sandbox.h"
#include "common/http/metrics.h"
#include "common/http/prefork.h"
#include "common/seal/hpke.h"
#include "sms-gateway/acknowledged.h"
#include "sms-gateway/inbound.h"
#include "sms-gateway/seen_key.h"
#include "sms-gateway/sender.h"

enum {
    WEBHOOK_MAX = 64 * 1024,
    CONNECTIONS_MAX = 2000,
    HANDLING_MAX = 256, /* two batches of the appender; a provider that is told 503 sends its text again */
    GRACE_MS = 10000,
    BREAK_GRACE_MS = 2000,
    MEGABYTE = 1 << 20
};

static const struct http_route routes[] = {
    {HTTP_GET | HTTP_POST, "/sms/{channel}", inbound_text, WEBHOOK_MAX, NULL},
    {HTTP_GET | HTTP_POST, "/sms/{channel}/status", inbound_status, WEBHOOK_MAX, NULL},
    {0},
};

struct worker {
    struct loop *loop;
    struct settings *settings;
    struct http_server *servers[2];
    unsigned open;
    int stopping, is_broken;
};

static void folder_of(const char *path, char *out, size_t size)
{
    const char *slash = strrchr(path, '/');
    snprintf(out, size, "%.*s", slash ? (int)(slash - path) : 1, slash ? path : ".");
}

static void make_seen_keys(const char *path)
{
    char folder[1024];
    folder_of(path, folder, sizeof folder);
    (void)mkdir(folder, 0700); /* what is wrong with it, the next says */
    if (seen_key_rotate(path, clock_wall()) != ERR_OK)
        err_die("%s: cannot be written", path);
}

static void worker_reloads(void *room, int signal_number)
{
    (void)signal_number;
    struct worker *worker = room;
    if (settings_reload(worker->settings) && worker->servers[0])
        http_server_set_tls(worker->servers[0], worker->settings->tls);
}

static void server_stopped(void *arg)
{
    struct worker *worker = arg;
    if (--worker->open == 0)
        loop_stop(worker->loop);
}

static void worker_end(struct worker *worker, int grace_ms)
{
    if (worker->stopping)
        return;
    worker->stopping = 1;
    for (size_t i = 0; i < 2; i++)
        if (worker->servers[i])
            http_server_stop(worker->servers[i], grace_ms, server_stopped, worker);
}

static void worker_stops(void *room, int signal_number)
{
    (void)signal_number;
    worker_end(room, GRACE_MS);
}

static void worker_breaks(void *room)
{
    struct worker *worker = room;
    worker->is_broken = 1;
    worker_end(worker, BREAK_GRACE_MS);
}

/* NULL when the settings name no folder. */
static struct spool *worker_spool(const struct settings *settings, unsigned index)
{
    struct spool *spool = NULL;
    uint64_t workers = (uint64_t)settings->workers;
    struct spool_options options = {.folder = settings->spool,
                                    .worker = index,
                                    .workers = (unsigned)workers,
                                    .bytes_max = (uint64_t)settings->spool_megabytes * MEGABYTE / workers};
    if (*settings->spool && spool_open(&options, &spool) != ERR_OK)
        err_die("recourse-sms: the folder of [spool] is not there, or may not be written by this user");
    return spool;
}

/* A worker reads its certificate, its own secrets and the manifest again at SIGHUP (by folder: files are replaced by
 * rename) and writes the folder of the day's keys; the sender reads what a resolver and a TLS client read. */
static void worker_sandbox(const struct settings *settings)
{
    char own[sizeof settings->seen_path], seen[sizeof settings->seen_path], manifest[1024], certificate[1024];
    folder_of(settings->seen_path, seen, sizeof seen);
    folder_of(seen, own, sizeof own);
    folder_of(settings->manifest_path, manifest, sizeof manifest);
    folder_of(settings->certificate, certificate, sizeof certificate);
    const char *const read[] = {own, manifest, certificate, settings->password, NULL};
    const char *const write[] = {seen, *settings->spool ? settings->spool : NULL, NULL};
    sandbox_enter(
        &(struct sandbox){.calls = SANDBOX_CALLS_SMS, .read_paths = read, .write_paths = write, .room = "sms"}, NULL);
}

static void master_sandbox(void *room)
{
    const struct settings *settings = room;
    char seen[sizeof settings->seen_path];
    folder_of(settings->seen_path, seen, sizeof seen);
    const char *const write[] = {seen, *settings->spool ? settings->spool : NULL, NULL};
    sandbox_enter_master("sms", write);
}

static void sender_sandbox(const struct settings *settings)
{
    static const char *const none[] = {NULL};
    const char *const read[] = {settings->password,
                                "/etc/ssl",
                                "/usr/lib/ssl",
                                "/usr/share/ca-certificates",
                                "/etc/hosts",
                                "/etc/resolv.conf",
                                "/etc/nsswitch.conf",
                                "/etc/gai.conf",
                                "/lib",
                                "/usr/lib",
                                NULL};
    sandbox_enter(
        &(struct sandbox){.calls = SANDBOX_CALLS_SENDER, .read_paths = read, .write_paths = none, .room = "sms"}, NULL);
}

/* Listener 0 speaks TLS to the world, listener 1 plain HTTP on loopback. */
static int worker_run(void *room, unsigned index, const int *fds)
{
    struct settings *settings = room;
    struct worker worker = {.loop = loop_new(), .settings = settings};
    /* One that is forked later would have the manifest of the master's start, and seal to an epoch that has passed. */
    (void)settings_reload(settings);
    struct door_sms *door =
        door_sms_new(worker.loop, settings->conninfo, settings->password, (unsigned)settings->connections, NULL, NULL);
    struct spool *spool = worker_spool(settings, index);
    struct inbound *inbound = inbound_new(worker.loop, settings, door, spool, index == 0, worker_breaks, &worker);
    for (size_t i = 0; i < 2; i++) {
        if (fds[i] < 0)
            continue;
        struct http_options options = {.listen_fd = fds[i],
                                       .tls = i == 0 ? settings->tls : NULL,
                                       .routes = routes,
                                       .policy = {.csp = "default-src 'none'; frame-ancestors 'none'"},
                                       .room = inbound,
                                       .connections_max = CONNECTIONS_MAX,
                                       .handling_max = HANDLING_MAX};
        worker.servers[i] = http_server_new(worker.loop, &options);
        worker.open++;
    }
    loop_on_signal(worker.loop, SIGHUP, worker_reloads, &worker);
    loop_on_signal(worker.loop, SIGTERM, worker_stops, &worker);
    loop_on_signal(worker.loop, SIGINT, worker_stops, &worker);
    worker_sandbox(settings);
    loop_run(worker.loop);
    /* Whoever still waits for the store is told so while the servers are there to be asked for the request. */
    door_sms_free(door);
    loop_stop(worker.loop);
    loop_run(worker.loop);
    for (size_t i = 0; i < 2; i++)
        http_server_free(worker.servers[i]);
    inbound_free(inbound);
    loop_free(worker.loop);
    spool_close(spool);
    return worker.is_broken;
}

struct sending {
    struct loop *loop;
    struct sender *sender;
};

static void sender_stopped(void *arg)
{
    loop_stop(((struct sending *)arg)->loop);
}

static void sender_stops(void *room, int signal_number)
{
    (void)signal_number;
    struct sending *sending = room;
    sender_stop(sending->sender, GRACE_MS, sender_stopped, sending);
}

static void sender_stays(void *room, int signal_number)
{
    (void)room;
    (void)signal_number; /* it reads nothing again, and its key of the day would be lost */
}

static int sender_run(void *room)
{
    struct settings *settings = room;
    struct sending sending = {.loop = loop_new()};
    sending.sender = sender_new(sending.loop, settings);
    loop_on_signal(sending.loop, SIGTERM, sender_stops, &sending);
    loop_on_signal(sending.loop, SIGINT, sender_stops, &sending);
    loop_on_signal(sending.loop, SIGHUP, sender_stays, &sending);
    sender_sandbox(settings);
    loop_run(sending.loop);
    sender_free(sending.sender);
    loop_free(sending.loop);
    return 0;
}

int main(int argc, char **argv)
{
    mem_wipe_libraries();
    sandbox_begin();
    if (argc == 2 && strcmp(argv[1], "--print-config") == 0) {
        settings_print();
        return 0;
    }
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        puts("recourse-sms " RECOURSE_VERSION);
        return 0;
    }
    if (argc != 3 || strcmp(argv[1], "--config") != 0)
        err_die("usage: recourse-sms --config FILE | --print-config | --version");
    log_open("sms", LOG_INFO);
    hpke_start();
    static struct settings settings;
    settings_load(argv[2], &settings);
    make_seen_keys(settings.seen_path);
    metrics_open(inbound_metrics, METRIC_INBOUND_COUNT);
    acknowledged_open();
    const struct prefork_listen listens[] = {{settings.address, (uint16_t)settings.port},
                                             {"127.0.0.1", (uint16_t)settings.plain_port}};
    const struct prefork plan = {.room = "sms",
                                 .workers = (unsigned)settings.workers,
                                 .listens = listens,
                                 .listen_count = 2,
                                 .health_port = (uint16_t)settings.health_port,
                                 .worker = worker_run,
                                 .helper = sender_run,
                                 .settle = master_sandbox,
                                 .room_state = &settings};
    return prefork_run(&plan);
}
