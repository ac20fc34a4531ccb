/* view_filter.h -- a filter of cases as the choices of a form (pages/filters.mustache), as words, and as a query.
 *
 * A filter is of codes alone, so it may stand in an address; words that somebody searched for never do. Pure. */
#ifndef TRIAGE_CONSOLE_VIEW_FILTER_H
#define TRIAGE_CONSOLE_VIEW_FILTER_H

#include "triage/console/words.h"

/* What filters.mustache shows, into `context`; `impacts` is impact.list's answer, `filter` may be NULL. */
void view_put_filter(const struct reader *reader, const json_t *filter, const json_t *impacts, json_t *context);
/* "filter.kind=flag&filter.overdue=yes&", to stand before what else an address says; NULL for no filter. New
 * reference. */
json_t *view_filter_query(const json_t *filter);

#endif
