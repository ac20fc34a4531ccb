/* console.h -- one worker of the console: a server, a link to each desk's vault, pages and catalogues, and
 * what waits on disk beside us.
 *
 * It holds no key and no content: every request is handed to a vault with the session it came with, and what the vault
 * answers is shown and wiped. Which operations there are stands in routes.h; how a request travels in call.h. */
#ifndef TRIAGE_CONSOLE_CONSOLE_H
#define TRIAGE_CONSOLE_CONSOLE_H

#include "common/base/frame.h"
#include "common/http/http.h"
#include "common/http/metrics.h"
#include "common/office/office.h"
#include "common/text/codes.h"
#include "common/text/page.h"
#include "triage/console/settings.h"
#include "triage/console/spools.h"
#include "triage/console/style.h"
#include "triage/console/vaults.h"

enum console_metric {
    METRIC_PAGES,
    METRIC_API,
    METRIC_FORGED,
    METRIC_SIGNINS,
    METRIC_SIGNIN_REFUSED,
    METRIC_TAKES,
    METRIC_TAKES_EMPTY,
    METRIC_VAULT_REFUSED,
    METRIC_VAULT_UNREACHABLE,
    METRIC_VAULT_LOCKED,
    METRIC_CLIENT_GONE,
    METRIC_DESKS_LOCKED,
    METRIC_DESKS_NOBODY,
    METRIC_LOOKS,
    METRIC_CONSOLE_COUNT
};
extern const struct metric_row console_metrics[METRIC_CONSOLE_COUNT];

/* What is read once, before the workers are forked; borrowed by each of them. */
struct console_texts {
    struct catalogue_set *catalogues;
    struct page_set *pages;
    struct codes *codes;
    struct office *office;
    struct style style;
    struct buf openapi; /* openapi.h, as it is served */
};

struct console {
    struct loop *loop;
    const struct settings *settings;
    const struct console_texts *texts;
    struct http_server *server;
    struct spools *spools;
    struct vaults *vaults;
    struct frame_client *links[SETTINGS_DESKS_MAX]; /* in the order of settings->desks */
};

/* ERR_* with a sentence for the operator. */
MUST_CHECK enum err console_texts_load(const struct settings *settings, struct console_texts *out,
                                       char says[static SAYS_SIZE]);
void console_texts_free(struct console_texts *texts);

/* Serve on `listen_fd` (taken) under `tls` (borrowed; NULL only in tests) and connect to the vaults. Never NULL. */
struct console *console_new(struct loop *loop, const struct settings *settings, const struct console_texts *texts,
                            int listen_fd, SSL_CTX *tls);
/* What waits for a vault is told that it went away. */
void console_free(struct console *console);

#endif
