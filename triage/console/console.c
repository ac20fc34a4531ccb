/* console.c -- see console.h. */
#include "triage/console/console.h"

#include <stdio.h>

#include "common/base/mem.h"
#include "triage/console/openapi.h"
#include "triage/console/refuse.h"
#include "triage/console/routes.h"
#include "triage/console/words.h"

enum { CONNECTIONS_MAX = 2000, FRAME_MAX = 1024 * 1024 };

/* Passkeys of our own pages, and nothing else that a browser could be asked for. */
static const char PERMISSIONS[] =
    "accelerometer=(), autoplay=(), camera=(), cross-origin-isolated=(), display-capture=(), encrypted-media=(), "
    "fullscreen=(), geolocation=(), gyroscope=(), keyboard-map=(), magnetometer=(), microphone=(), midi=(), "
    "payment=(), picture-in-picture=(), publickey-credentials-create=(self), publickey-credentials-get=(self), "
    "screen-wake-lock=(), sync-xhr=(self), usb=(), web-share=(), xr-spatial-tracking=(), clipboard-read=(), "
    "clipboard-write=(), gamepad=(), hid=(), idle-detection=(), interest-cohort=(), serial=(), unload=()";

const struct metric_row console_metrics[METRIC_CONSOLE_COUNT] = {
    [METRIC_PAGES] = {"recourse_console_pages_total", "counter", "Pages and forms asked for"},
    [METRIC_API] = {"recourse_console_api_total", "counter", "Requests of programs"},
    [METRIC_FORGED] = {"recourse_console_forms_refused_total", "counter", "Forms that were not ours"},
    [METRIC_SIGNINS] = {"recourse_console_signins_total", "counter", "Sign-ins"},
    [METRIC_SIGNIN_REFUSED] = {"recourse_console_signins_refused_total", "counter", "Sign-ins refused"},
    [METRIC_TAKES] = {"recourse_console_takes_total", "counter", "Cases taken"},
    [METRIC_TAKES_EMPTY] = {"recourse_console_takes_empty_total", "counter", "Takes while nothing waited"},
    [METRIC_VAULT_REFUSED] = {"recourse_console_vault_refused_total", "counter", "Requests that a vault refused"},
    [METRIC_VAULT_UNREACHABLE] = {"recourse_console_vault_unreachable_total", "counter",
                                  "Requests that a vault did not answer"},
    [METRIC_VAULT_LOCKED] = {"recourse_console_vault_locked_total", "counter", "Requests to a locked vault"},
    [METRIC_CLIENT_GONE] = {"recourse_console_client_gone_total", "counter", "Answers nobody waited for any more"},
    [METRIC_DESKS_LOCKED] = {"recourse_console_desks_locked", "gauge_max",
                             "Desks whose vault is locked or does not answer: nobody is told of danger there"},
    [METRIC_DESKS_NOBODY] = {"recourse_console_desks_nobody_on_call", "gauge_max",
                             "Desks where nobody would be told of danger now"},
    [METRIC_LOOKS] = {"recourse_console_looks_waiting", "gauge_max",
                      "Cases in danger that nobody looked at, and looks that are late"},
};

/* ---- texts ---- */

enum err console_texts_load(const struct settings *settings, struct console_texts *out, char says[static SAYS_SIZE])
{
    *out = (struct console_texts){.openapi = BUF_INIT(OPENAPI_MAX)};
    enum err err = style_load(settings->pages, &out->style);
    if (err != ERR_OK)
        return says_fail(says, err, "%.150s: the stylesheet or the script %s", settings->pages, err_says(err));
    err = catalogue_load(settings->languages, &out->catalogues, says);
    if (err == ERR_OK)
        err = page_load(settings->pages, out->catalogues, &out->pages, says);
    if (err == ERR_OK)
        err = codes_load(settings->codes, &out->codes, says);
    if (err == ERR_OK)
        err = office_open(settings->office_path, &out->office, says);
    if (err == ERR_OK)
        err = openapi_write(settings->pages, &out->openapi, says);
    if (err != ERR_OK)
        console_texts_free(out);
    else
        words_use(out->codes, out->office);
    return err;
}

void console_texts_free(struct console_texts *texts)
{
    words_use(NULL, NULL);
    office_close(texts->office);
    buf_free(&texts->openapi);
    codes_free(texts->codes);
    page_free(texts->pages);
    catalogue_free(texts->catalogues);
    style_free(&texts->style);
    *texts = (struct console_texts){0};
}

/* ---- a worker ---- */

struct console *console_new(struct loop *loop, const struct settings *settings, const struct console_texts *texts,
                            int listen_fd, SSL_CTX *tls)
{
    struct console *console = mem_new(sizeof *console);
    console->loop = loop;
    console->settings = settings;
    console->texts = texts;
    for (size_t i = 0; i < settings->desk_count; i++)
        console->links[i] = frame_client_new(loop, settings->desks[i].socket, 0, 0, FRAME_MAX);
    console->spools = spools_new(loop, settings);
    console->vaults = vaults_new(console);
    struct http_options options = {
        .listen_fd = listen_fd,
        .tls = tls,
        .routes = routes,
        .policy = {.csp = texts->style.csp, .permissions = PERMISSIONS, .hsts = settings->hsts},
        .error_page = refuse_page,
        .room = console,
        .connections_max = CONNECTIONS_MAX};
    console->server = http_server_new(loop, &options);
    return console;
}

void console_free(struct console *console)
{
    /* The links first: what they cancel is still answered. */
    for (size_t i = 0; i < console->settings->desk_count; i++) {
        frame_client_free(console->links[i]);
        console->links[i] = NULL; /* requests that end now tell nobody */
    }
    http_server_free(console->server);
    spools_free(console->spools);
    vaults_free(console->vaults);
    loop_bury(console->loop, console, mem_free);
}
