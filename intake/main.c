/* main.c -- recourse-intake, the public door.
 *
 *   recourse-intake --config FILE      --print-config      --version
 *
 * The master reads the settings, binds, and forks; it holds no key but those of the hour under which all workers count
 * (budget.h). Each worker reads keys and locks itself in (worker.c). */
#include <event2/event.h>
#include <jansson.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/sandbox.h"
#include "common/http/prefork.h"
#include "intake/budget.h"
#include "intake/drafting.h"
#include "intake/intake.h"
#include "intake/spooling.h"
#include "intake/worker.h"

static int is_ready(void *room)
{
    return metrics_get(GAUGE_STORE_UP) > 0 || spooling_takes(room);
}

static void settle(void *room)
{
    const char *writes[DRAFTING_WRITES];
    sandbox_enter_master("intake", drafting_writes(room, writes));
}

static int serve(const char *path)
{
    struct settings settings;
    char says[256];
    if (settings_load(&settings, path, says) != ERR_OK)
        err_die("recourse-intake: %s", says);
    metrics_open(intake_metric_rows, INTAKE_METRICS);
    settings.budget = budget_new(&(struct budget_limits){.connection = settings.per_connection,
                                                         .network = settings.per_network,
                                                         .office = settings.per_office,
                                                         .aside_times = settings.aside_times});
    settings.drafts_budget = drafting_budget(&settings);
    struct prefork_listen listens[WORKER_LISTENS] = {
        [WORKER_PUBLIC] = {settings.address, (uint16_t)settings.port},
        [WORKER_PLAIN] = {"127.0.0.1", (uint16_t)settings.plain_port},
    };
    int code = prefork_run(&(struct prefork){.room = "intake",
                                             .workers = (unsigned)settings.workers,
                                             .listens = listens,
                                             .listen_count = WORKER_LISTENS,
                                             .health_port = (uint16_t)settings.health_port,
                                             .worker = worker_run,
                                             .settle = settle,
                                             .room_state = &settings,
                                             .ready = is_ready});
    budget_free(settings.budget);
    budget_free(settings.drafts_budget);
    settings_free(&settings);
    return code;
}

int main(int argc, char **argv)
{
    mem_wipe_libraries();
    sandbox_begin();
    log_open("intake", LOG_INFO);
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        printf("recourse-intake %s (%s, libevent %s, jansson %s)\n", RECOURSE_VERSION, OpenSSL_version(OPENSSL_VERSION),
               event_get_version(), JANSSON_VERSION);
        return 0;
    }
    if (argc == 2 && strcmp(argv[1], "--print-config") == 0) {
        settings_print(stdout);
        return 0;
    }
    if (argc != 3 || strcmp(argv[1], "--config") != 0)
        err_die("usage: recourse-intake --config FILE | --print-config | --version");
    return serve(argv[2]);
}
