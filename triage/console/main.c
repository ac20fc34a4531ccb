/* main.c -- recourse-triage: the staff's pages and API.
 *
 * Settings, pages and the certificate are read once, the socket is bound, the workers are forked; then each gives up
 * what it will not need before it hears a stranger. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/sandbox.h"
#include "common/http/metrics.h"
#include "common/http/prefork.h"
#include "common/http/tls.h"
#include "triage/console/console.h"
#include "triage/console/openapi.h"
#include "triage/console/routes.h"

enum { GRACE_MS = 10000 };

struct room {
    struct settings settings;
    struct console_texts texts;
    SSL_CTX *tls;
};

struct worker {
    struct room *room;
    struct loop *loop;
    struct console *console;
    int stopping;
};

static void worker_stopped(void *arg)
{
    struct worker *worker = arg;
    loop_stop(worker->loop);
}

static void worker_stops(void *arg, int signal_number)
{
    (void)signal_number;
    struct worker *worker = arg;
    if (!worker->stopping++)
        http_server_stop(worker->console->server, GRACE_MS, worker_stopped, worker);
}

/* A new certificate for connections that come from now on; one that cannot be read changes nothing. */
static void worker_reloads(void *arg, int signal_number)
{
    (void)signal_number;
    struct worker *worker = arg;
    struct room *room = worker->room;
    enum err err =
        tls_server_reload(worker->console->server, room->settings.certificate, room->settings.key, &room->tls);
    if (err != ERR_OK) {
        log_warn("certificate_kept", LOG_ERR(err));
        return;
    }
    log_info("certificate_read");
}

/* What is replaced by a rename (a renewed certificate, the socket of a vault that started again) is named by its
 * folder. */
static void worker_close_up(const struct settings *settings)
{
    static char folders[SETTINGS_DESKS_MAX + 2][1024];
    const char *files[SETTINGS_DESKS_MAX + 2] = {settings->certificate, settings->key};
    const char *read[SETTINGS_DESKS_MAX + 3] = {NULL};
    for (size_t i = 0; i < settings->desk_count; i++)
        files[i + 2] = settings->desks[i].socket;
    for (size_t i = 0; i < settings->desk_count + 2; i++) {
        snprintf(folders[i], sizeof folders[i], "%s", files[i]);
        char *slash = strrchr(folders[i], '/');
        if (slash)
            *slash = 0;
        read[i] = folders[i];
    }
    uint16_t ports[NEIGHBOUR_COUNT + 1] = {0};
    for (size_t i = 0, count = 0; i < NEIGHBOUR_COUNT; i++)
        if (*settings->health[i].text)
            ports[count++] = ntohs(settings->health[i].address.sin_port);
    const struct sandbox plan = {
        .calls = SANDBOX_CALLS_CONSOLE, .read_paths = read, .connect_ports = ports, .room = "console"};
    sandbox_enter(&plan, *settings->user ? settings->user : NULL);
}

static int worker_run(void *arg, unsigned index, const int *fds)
{
    (void)index;
    struct room *room = arg;
    struct worker worker = {.room = room, .loop = loop_new()};
    worker.console = console_new(worker.loop, &room->settings, &room->texts, fds[0], room->tls);
    loop_on_signal(worker.loop, SIGHUP, worker_reloads, &worker);
    loop_on_signal(worker.loop, SIGTERM, worker_stops, &worker);
    loop_on_signal(worker.loop, SIGINT, worker_stops, &worker);
    worker_close_up(&room->settings);
    loop_run(worker.loop);
    console_free(worker.console);
    loop_free(worker.loop);
    return 0;
}

static void room_load(struct room *room, const char *path)
{
    char says[SAYS_SIZE];
    if (settings_load(&room->settings, path, says) != ERR_OK ||
        console_texts_load(&room->settings, &room->texts, says) != ERR_OK)
        err_die("%s", says);
    if (tls_server_new(room->settings.certificate, room->settings.key, &room->tls) != ERR_OK)
        err_die("%s: the certificate or its key cannot be used.", room->settings.certificate);
}

static void settle(void *room)
{
    (void)room;
    sandbox_enter_master("console", NULL);
}

static int serve(const char *path)
{
    static struct room room;
    log_open("console", LOG_INFO);
    room_load(&room, path);
    metrics_open(console_metrics, METRIC_CONSOLE_COUNT);
    const struct prefork_listen listen = {room.settings.address, (uint16_t)room.settings.port};
    const struct prefork plan = {.room = "console",
                                 .workers = (unsigned)room.settings.workers,
                                 .listens = &listen,
                                 .listen_count = 1,
                                 .health_port = (uint16_t)room.settings.health_port,
                                 .worker = worker_run,
                                 .settle = settle,
                                 .room_state = &room};
    int code = prefork_run(&plan);
    SSL_CTX_free(room.tls);
    console_texts_free(&room.texts);
    settings_free(&room.settings);
    return code;
}

/* Nothing that is on disk is needed for it but the folder of pages. */
static int print_openapi(const char *pages)
{
    struct buf out = BUF_INIT(OPENAPI_MAX);
    char says[SAYS_SIZE];
    if (openapi_write(pages, &out, says) != ERR_OK)
        err_die("%s", says);
    fputs(buf_text(&out), stdout);
    buf_free(&out);
    return 0;
}

int main(int argc, char **argv)
{
    mem_wipe_libraries();
    sandbox_begin();
    if (argc == 2 && strcmp(argv[1], "--print-config") == 0) {
        settings_print(stdout);
        return 0;
    }
    if (argc == 2 && strcmp(argv[1], "--print-routes") == 0) {
        routes_print(stdout);
        return 0;
    }
    if (argc == 3 && strcmp(argv[1], "--print-openapi") == 0)
        return print_openapi(argv[2]);
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        puts("recourse-triage " RECOURSE_VERSION);
        return 0;
    }
    if (argc != 3 || strcmp(argv[1], "--config") != 0)
        err_die("usage: recourse-triage --config FILE | --print-config | --print-routes | --print-openapi PAGES | "
                "--version");
    return serve(argv[2]);
}
