/* inbound.h -- a text comes in: verified, sealed to the channel's desk, stored, and only then acknowledged.
 *
 * Nothing of it is kept here. 200 is answered only after COMMIT; when that fails, 503, so that the gateway in front
 * tries again; a repeated delivery is recognised by its tag and answered 200 without a second case. */
#ifndef SMS_GATEWAY_INBOUND_H
#define SMS_GATEWAY_INBOUND_H

#include "common/http/http.h"
#include "common/http/metrics.h"
#include "sms-gateway/settings.h"
#include "store/door_sms.h"

struct inbound;

/* Borrows `settings` and `door` for life. The one that `rotates` renews the keys of seen_key.h each hour. */
struct inbound *inbound_new(struct loop *loop, const struct settings *settings, struct door_sms *door, int rotates);
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
    METRIC_INBOUND_COUNT
};
extern const struct metric_row inbound_metrics[METRIC_INBOUND_COUNT];

#endif
