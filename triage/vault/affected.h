/* affected.h -- severity by affected group: each has its own scale, scope and irremediability, and the case takes the
 * gravest. The same water that makes adults ill kills infants; one number for both would be nobody's.
 *
 * Pure. Groups stand in an assessment as `groups` (docs/order.md, "Severity by group"). Neighbours: severity.h. */
#ifndef TRIAGE_VAULT_AFFECTED_H
#define TRIAGE_VAULT_AFFECTED_H

#include <jansson.h>

#include "triage/vault/severity.h"

enum { AFFECTED_MAX = 16, AFFECTED_CODE_MAX = 40, AFFECTED_REASON_MAX = 1000 };

/* People by number: up to `low`/`high` as the assessor has it; 0 unknown. `is_whole`: all there are of a small group,
 * which is the widest scope there is, however few they are. */
struct affected_people {
    int64_t low, high;
    int is_whole;
};

/* Scope by how many are affected: the higher number counts, since the range is honest about what is not known. `from`
 * has the smallest number of each scope 1 to 4. SEVERITY_UNKNOWN when there is no number. */
uint8_t affected_scope(const struct affected_people *people, const int64_t from[static SEVERITY_AXIS_MAX]);

/* What `groups` is not: a sentence's code for the one who asked. NULL: it is in its form. `field` receives which. */
const char *affected_fault(const json_t *groups);

/* The severity of the case from `common` (danger, grave, ongoing, likelihood, arrival) and its groups: all three axes
 * of the gravest one, at `now`, and the earliest clock among those whose clock counts, so that none that runs is
 * forgotten. `gravest` receives its index. With no groups `common` itself. */
struct severity affected_gravest(const json_t *groups, const struct severity *common,
                                 const int64_t from[static SEVERITY_AXIS_MAX], int64_t now, size_t *gravest);

#endif
