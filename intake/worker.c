/* worker.c -- see worker.h.
 *
 * The order is the security story: keys are read, the names of their files forgotten, every other file and system call
 * closed, and only then does the first stranger come in. */
#include "intake/worker.h"

#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "common/base/code.h"
#include "common/base/file.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/sandbox.h"
#include "common/http/tls.h"
#include "common/seal/sign.h"
#include "intake/beat.h"
#include "intake/drafting.h"
#include "intake/intake.h"
#include "intake/limits.h"
#include "intake/pages.h"
#include "intake/routes.h"
#include "intake/spooling.h"

/* ---- what it holds ---- */

static void read_secret(const char *path, const char *what, uint8_t out[static 32])
{
    enum err err = file_read_hex(path, out, 32);
    if (err == ERR_DENIED)
        err_die("recourse-intake: the file of the %s may be read by others; its mode must be 0600", what);
    if (err != ERR_OK)
        err_die("recourse-intake: the file of the %s %s; it holds 64 hex digits", what, err_says(err));
}

/* The manifest says whose count this is; with another seed every minute's count would be void. */
static void check_seed(const struct intake *intake)
{
    const uint8_t *listed;
    uint8_t own[32];
    sign_key_public(intake->seed, own);
    if (manifest_key(&intake->manifest, "door", "intake", &listed) != ERR_OK || memcmp(listed, own, 32) != 0)
        err_die("recourse-intake: the seed of this door is not the one in the manifest (sign door intake)");
}

static void read_keys(struct intake *intake)
{
    struct settings *settings = intake->settings;
    uint8_t seed[32];
    if (code_unbase64_exact(settings->root, strlen(settings->root), intake->root, sizeof intake->root) != ERR_OK)
        err_die("recourse-intake: [keys] root is not the base64 of 32 bytes");
    enum err err = manifest_load(settings->manifest, intake->root, 1, &intake->manifest);
    if (err == ERR_OK && intake->manifest.office != (uint32_t)settings->office)
        err = ERR_CONFLICT;
    if (err != ERR_OK)
        err_die("recourse-intake: the manifest of keys %s", err_says(err));
    err = peppers_load(settings->pepper, &intake->peppers);
    if (err != ERR_OK)
        err_die("recourse-intake: the pepper file %s", err_says(err));
    read_secret(settings->once, "once secret", intake->once_secret);
    read_secret(settings->seed, "signing seed", seed);
    if (sign_key_new(seed, &intake->seed) != ERR_OK)
        err_die("recourse-intake: the signing seed cannot be used");
    mem_wipe(seed, sizeof seed);
    check_seed(intake);
}

static void read_tls(struct intake *intake, int fd)
{
    if (fd >= 0 && tls_server_new(intake->settings->certificate, intake->settings->key, &intake->tls) != ERR_OK)
        err_die("recourse-intake: certificate or key cannot be used");
}

/* ---- what it gives up ---- */

static void folder_of(const char *path, char out[static PATH_MAX])
{
    char copy[PATH_MAX];
    snprintf(copy, sizeof copy, "%s", path);
    snprintf(out, PATH_MAX, "%s", dirname(copy));
}

/* The host and socket folder of a conninfo, so that a new connection can be made when one is lost. */
static void socket_folder(const char *conninfo, char out[static PATH_MAX])
{
    const char *host = strstr(conninfo, "host=/");
    out[0] = 0;
    if (!host)
        return;
    host += strlen("host=");
    snprintf(out, PATH_MAX, "%.*s", (int)strcspn(host, " "), host);
}

static void enter_sandbox(const struct settings *settings)
{
    char certificate[PATH_MAX], key[PATH_MAX], manifest[PATH_MAX], password[PATH_MAX], sockets[PATH_MAX];
    const char *paths[8] = {0}, *writes[DRAFTING_WRITES];
    size_t count = 0;
    folder_of(settings->manifest, manifest);
    paths[count++] = manifest;
    folder_of(settings->certificate, certificate);
    folder_of(settings->key, key);
    folder_of(settings->password, password);
    socket_folder(settings->conninfo, sockets);
    if (*settings->certificate)
        paths[count++] = certificate;
    if (*settings->key)
        paths[count++] = key;
    if (*settings->password)
        paths[count++] = password;
    if (*sockets)
        paths[count++] = sockets;
    sandbox_enter(&(struct sandbox){.calls = SANDBOX_CALLS_INTAKE,
                                    .lock_memory = 0,
                                    .read_paths = paths,
                                    .write_paths = drafting_writes(settings, writes),
                                    .room = "intake"},
                  *settings->user ? settings->user : NULL);
}

/* ---- serving ---- */

static void open_server(struct intake *intake, unsigned which, int fd)
{
    if (fd < 0)
        return;
    struct http_options options = {
        .listen_fd = fd,
        .tls = which == WORKER_PUBLIC ? intake->tls : NULL,
        .routes = intake_routes,
        .policy = {.csp = intake->csp, .hsts = which == WORKER_PUBLIC && intake->settings->hsts},
        .error_page = pages_error,
        .room = intake,
        .connections_max = LIMIT_CONNECTIONS,
        .handling_max = LIMIT_HANDLING};
    intake->servers[which] = http_server_new(intake->loop, &options);
}

static void server_stopped(void *arg)
{
    struct intake *intake = arg;
    if (--intake->servers_stopping == 0)
        loop_stop(intake->loop);
}

void worker_stop(struct intake *intake, int grace_ms)
{
    if (intake->servers_stopping)
        return;
    for (unsigned i = 0; i < WORKER_LISTENS; i++)
        intake->servers_stopping += intake->servers[i] != NULL;
    for (unsigned i = 0; i < WORKER_LISTENS; i++)
        if (intake->servers[i])
            http_server_stop(intake->servers[i], grace_ms, server_stopped, intake);
}

static void on_stop(void *room, int signal_number)
{
    (void)signal_number;
    worker_stop(room, LIMIT_GRACE_MS);
}

static void on_hangup(void *room, int signal_number)
{
    (void)signal_number;
    beat_reload(room);
}

static void close_all(struct intake *intake)
{
    /* Whoever still waits for the store is told so while the servers are there to be asked for the request. */
    door_intake_free(intake->store);
    loop_stop(intake->loop);
    loop_run(intake->loop);
    for (unsigned i = 0; i < WORKER_LISTENS; i++)
        http_server_free(intake->servers[i]);
    loop_free(intake->loop);
    spool_close(intake->spool);
    drafts_free(intake->drafts);
    spool_waiting_free(intake->waiting);
    pages_free(intake);
    sign_key_free(intake->seed);
    SSL_CTX_free(intake->tls);
}

int worker_run(void *room, unsigned index, const int *fds)
{
    struct intake *intake = mem_new(sizeof *intake);
    char says[SAYS_SIZE];
    intake->settings = room;
    intake->loop = loop_new();
    loop_on_signal(intake->loop, SIGTERM, on_stop, intake);
    loop_on_signal(intake->loop, SIGINT, on_stop, intake);
    loop_on_signal(intake->loop, SIGHUP, on_hangup, intake);
    if (pages_load(intake, says) != ERR_OK)
        err_die("recourse-intake: %s", says);
    read_keys(intake);
    read_tls(intake, fds[WORKER_PUBLIC]);
    settings_forget(intake->settings);
    row_counter_start(&intake->counter);
    spooling_open(intake, index);
    drafting_open(intake);
    enter_sandbox(intake->settings);
    intake->store = door_intake_new(intake->loop, intake->settings->conninfo,
                                    *intake->settings->password ? intake->settings->password : NULL,
                                    (unsigned)intake->settings->connections);
    spooling_begin(intake);
    for (unsigned i = 0; i < WORKER_LISTENS; i++)
        open_server(intake, i, fds[i]);
    beat_start(intake);
    loop_run(intake->loop);
    close_all(intake);
    int code = intake->spool_is_broken ? 1 : 0;
    mem_free(intake); /* wiped: secrets and keys with it */
    return code;
}
