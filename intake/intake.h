/* intake.h -- what one worker of the public door holds, and the few things its parts share.
 *
 * It can seal to every desk and open nothing but the thread of a receipt that is in the request in hand. */
#ifndef INTAKE_INTAKE_H
#define INTAKE_INTAKE_H

#include "common/base/loop.h"
#include "common/http/form.h"
#include "common/http/http.h"
#include "common/http/metrics.h"
#include "common/seal/manifest.h"
#include "common/seal/receipt.h"
#include "common/text/catalogue.h"
#include "common/text/page.h"
#include "intake/drafts.h"
#include "intake/settings.h"
#include "store/door_intake.h"
#include "store/row_counter.h"
#include "store/spool.h"
#include "store/spool_waiting.h"

enum { INTAKE_DESKS_TEXT = 17 * 64, INTAKE_SCRIPTS = 3 };

struct intake {
    struct settings *settings;
    struct loop *loop;
    struct door_intake *store;
    struct http_server *servers[2]; /* public, plain; NULL when off */
    SSL_CTX *tls;
    uint8_t root[32]; /* the pinned public key under which the manifest must be signed */
    struct manifest manifest;
    struct peppers peppers;
    uint8_t once_secret[32];
    struct sign_key *seed;
    struct row_counter counter;
    struct spool *spool;              /* NULL: none */
    struct spool_waiting *waiting;    /* whose reports wait on disk; NULL: no spool */
    struct spool_stats spool_counted; /* what the counters below have been told of it */
    int spool_is_broken;
    struct drafts *drafts; /* answers that are not sent yet; NULL: pages carry them */
    struct catalogue_set *catalogues;
    struct page_set *pages;
    struct buf scripts[INTAKE_SCRIPTS]; /* as they are served */
    struct buf openapi;                 /* what programs may ask, as it is served */
    char csp[256];
    char offered[INTAKE_DESKS_TEXT];      /* codes of desks that have members, separated by spaces */
    int offers_known;                     /* the database has said so since this process began */
    unsigned uploads;                     /* partners' uploads under way */
    unsigned files;                       /* files that are being taken in (upload.h) */
    int64_t beat_at, desks_at, drafts_at; /* loop time of the next one */
    unsigned servers_stopping;
};

/* Counters, shared by all workers: counts and nothing else. The order is that of intake_metric_rows. */
enum intake_metric {
    COUNT_REPORTS,
    COUNT_REPORTS_AGAIN,
    COUNT_REPORTS_REFUSED,
    COUNT_MESSAGES,
    COUNT_THREADS,
    COUNT_RECEIPTS_UNKNOWN,
    COUNT_SUBMISSIONS,
    COUNT_SUBMISSIONS_REFUSED,
    COUNT_PARTNERS_REFUSED,
    COUNT_FLOOD_ASKED,
    COUNT_FLOOD_COMPUTED,
    COUNT_FLOOD_WAITED,
    COUNT_FLOOD_ASIDE,
    COUNT_STORE_AWAY,
    COUNT_SIGNATURES_BAD,
    COUNT_ROWS_UNREADABLE,
    COUNT_SPOOLED,
    COUNT_SPOOL_FULL,
    COUNT_SPOOL_FAULTS,
    GAUGE_SPOOL_BYTES,
    GAUGE_SPOOL_ROWS,
    GAUGE_SPOOL_AGE,
    GAUGE_DRAFTS_BYTES,
    COUNT_DRAFTS_FULL,
    GAUGE_STORE_UP,
    INTAKE_METRICS,
};
extern const struct metric_row intake_metric_rows[INTAKE_METRICS];

/* An answer that waits for the store. The client may have gone meanwhile: then intake_waiter_end() gives NULL. */
struct waiter {
    struct intake *intake;
    struct http_server *server;
    uint64_t req_id;
};
struct waiter intake_waiter(struct intake *intake, const struct http_req *req);
struct http_req *intake_waiter_req(const struct waiter *waiter);

/* The reader's language: ?lang=, else the form's field (may be NULL), else Accept-Language. Lives as long as `intake`.
 */
const char *intake_language(const struct intake *intake, const struct http_req *req, const struct form *form);
/* 1 if the desk can be chosen today: "usual" always, others only when they have members or that is not known yet. */
int intake_offers(const struct intake *intake, const char *desk);
/* 1 if somebody works there, or that is not known: where nobody does, the page says who else to go to. */
int intake_has_members(const struct intake *intake, const char *desk);
/* Did the store say that it is away or overloaded? Then 503 is the answer, and it is counted. */
int intake_store_is_away(enum err err);

#endif
