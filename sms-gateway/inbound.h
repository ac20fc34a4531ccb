/* inbound.h -- a text comes in: verified, sealed to the channel's desk, stored, and only then acknowledged.
 *
 * Nothing of it is kept here that can be read. 200 is answered only after COMMIT, or when it lies sealed on this
 * machine's disk because the database is away; when neither can be had, 503, so that the gateway in front
 * tries again; a repeated delivery is recognised by its tag and answered 200 without a second case. */
#ifndef SMS_GATEWAY_INBOUND_H
#define SMS_GATEWAY_INBOUND_H

#include "common/http/http.h"
#include "common/http/metrics.h"
#include "sms-gateway/settings.h"
#include "store/door_sms.h"
#include "store/spool.h"

struct inbound;

/* Borrows `settings`, `door` and `spool` (NULL: none) for life. The one that `rotates` renews the keys of seen_key.h
 * each hour. `broken` is called once when the spool's disk cannot be trusted: end this process and begin again. */
struct inbound *inbound_new(struct loop *loop, const struct settings *settings, struct door_sms *door,
                            struct spool *spool, int rotates, void (*broken)(void *room), void *room);
void inbound_free(struct inbound *inbound);
/* Handlers of the route table; `room` is the inbound. */
void inbound_text(struct http_req *req, void *room);
void inbound_status(struct http_req *req, void *room);

/* Counters of metrics.h, in the order of inbound_metrics. */
enum inbound_metric {
    METRIC_TEXTS,
    METRIC_REPEATED,
    METRIC_REFUSED,
    METRIC_UNSTORED,
    METRIC_SENT,
    METRIC_UNSENT,
    METRIC_SPOOLED,
    METRIC_SPOOL_FULL,
    METRIC_SPOOL_FAULTS,
    METRIC_SPOOL_BYTES,
    METRIC_SPOOL_ROWS,
    METRIC_SPOOL_AGE,
    METRIC_INBOUND_COUNT
};
extern const struct metric_row inbound_metrics[METRIC_INBOUND_COUNT];

#endif
