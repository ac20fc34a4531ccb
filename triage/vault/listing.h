/* listing.h -- a page of cases that a filter lets through, or a search found, in the queue's order.
 *
 * First those that wait, as in the queue (severity; where that is the same, the more alike to what was searched; then
 * the older); then those that wait for nobody (answered, closed), the newest first. Few are sorted; many are met by
 * walking the lanes in their order until the page is full, so a page costs the same at ten cases and at a million. */
#ifndef TRIAGE_VAULT_LISTING_H
#define TRIAGE_VAULT_LISTING_H

#include <jansson.h>

#include "triage/vault/book.h"
#include "triage/vault/filter.h"

struct request;
struct search_run;

enum { LISTING_AFTER_MAX = 5000, LISTING_SORTED_MAX = 65536 };

/* A state was kept, or read at the rebuild: the case's line on the roll. */
void listing_know(struct vault *vault, const json_t *state, const struct case_file *file);
/* The case was erased or dissolved: in no list and no result from now on. Unknown ids are fine. */
void listing_forget(struct vault *vault, const uint8_t case_id[static 16]);

struct listing {
    const struct filter *filter;
    const char *who;
    const struct search_run *found; /* NULL: all cases */
    size_t after, limit;            /* `after` at most LISTING_AFTER_MAX */
};

/* The request's "filter", or all cases. 0: it is none, and the request was answered. */
int listing_asked(struct request *request, struct filter *out);
/* The queue items of the page (new reference), and how many cases there are in all. */
json_t *listing_page(struct vault *vault, const struct listing *ask, size_t *out_total);

/* All that a filter lets through, as numbers of the book in no order that means anything; *out belongs to the caller.
 */
size_t listing_numbers(struct vault *vault, const struct filter *filter, const char *who, uint32_t **out);
#endif
