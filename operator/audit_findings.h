/* audit_findings.h -- what a verification found, one plain sentence each. Pure.
 *
 * Sentences name ids and places, never content. So that a tampered million does not fill the screen only the first ones
 * of a run are kept, and all are counted. */
#ifndef OPERATOR_AUDIT_FINDINGS_H
#define OPERATOR_AUDIT_FINDINGS_H

#include <stddef.h>
#include <stdint.h>

enum { AUDIT_SENTENCE = 320, AUDIT_KEPT = 500 };

struct audit_findings {
    char (*sentences)[AUDIT_SENTENCE];
    size_t kept;
    uint64_t count;
};

void audit_findings_free(struct audit_findings *found);
void audit_found(struct audit_findings *found, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Keep of `found` only what stands in `again` too: an installation that is being written to between two readings looks
 * wrong for a moment, and not in the same place twice. */
void audit_findings_only_both(struct audit_findings *found, const struct audit_findings *again);

#endif
