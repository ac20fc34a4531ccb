/* metrics.h -- counters and gauges in memory shared by a room's processes, shown as Prometheus text.
 *
 * Counts only: no label ever carries content, an address, a time or a case. */
#ifndef COMMON_HTTP_METRICS_H
#define COMMON_HTTP_METRICS_H

#include <stdint.h>

#include "common/base/buf.h"

struct metric_row {
    const char *name; /* "recourse_reports_stored_total" */
    const char *type; /* "counter"; "gauge", summed over processes; "gauge_max", the greatest of them */
    const char *help;
};

/* Before forking: shared memory for `count` metrics (at most 128) described by `rows` (borrowed for life) plus the
 * HTTP server's own. */
void metrics_open(const struct metric_row *rows, unsigned count);
/* Atomic. `which` is the row's index. Before metrics_open() nothing happens. */
void metrics_add(unsigned which, int64_t n);
void metrics_set(unsigned which, int64_t value);
int64_t metrics_get(unsigned which);
/* All as Prometheus text. */
MUST_CHECK enum err metrics_write(struct buf *out);

#endif
