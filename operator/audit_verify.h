/* audit_verify.h -- everything that can be checked about an installation without opening anything and without trusting
 * its database: the log and its checkpoints, signed items, counts of rows. */
#ifndef OPERATOR_AUDIT_VERIFY_H
#define OPERATOR_AUDIT_VERIFY_H

#include "operator/audit_items.h"
#include "operator/audit_tree.h"

/* Where it is read from. Each reads all there is and gives it on; what cannot be read ends the command with a
 * sentence. The order of the calls is that of the members. */
struct audit_source {
    void (*checkpoints)(void *room, struct audit_tree *tree);
    void (*leaves)(void *room, operator_leaf_fn *each, void *each_room);
    void (*cases)(void *room, operator_case_fn *each, void *each_room);
    void (*erased)(void *room, operator_case_fn *each, void *each_room); /* what is left of erased ones */
    void (*items)(void *room, enum audit_shelf shelf, operator_item_fn *each, void *each_room);
    void (*counts)(void *room, operator_count_fn *each, void *each_room);
    void (*progress)(void *room, const char *what, uint64_t count); /* now and then */
    void *room;
};

struct audit_report {
    struct audit_findings found;
    struct audit_tree_counts log;
    uint64_t states, unopened, erased, messages, records, impacts, counts;
};

/* ERR_NOT_FOUND: the manifest has no checkpoint key. The caller ends `out` with audit_findings_free(&out->found). */
MUST_CHECK enum err audit_verify(const struct manifest *manifest, const struct audit_source *source,
                                 struct audit_report *out);

/* One line for the operator: how many cases there are, of which kind. */
void audit_verify_say_cases(const struct audit_report *report);

#endif
