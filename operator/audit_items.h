/* audit_items.h -- signed things against their signatures, the rows they count, and the audit log. Pure.
 *
 * After all leaves were given to the chain. Each finding is one sentence that names ids, never content. */
#ifndef OPERATOR_AUDIT_ITEMS_H
#define OPERATOR_AUDIT_ITEMS_H

#include "common/seal/manifest.h"
#include "operator/audit_chain.h"
#include "operator/audit_findings.h"
#include "store/door_operator.h"

/* As door_vault.h counts them. */
enum audit_shelf { AUDIT_SHELF_STATE = 1, AUDIT_SHELF_RECORD = 2, AUDIT_SHELF_IMPACT = 3 };

struct audit_items {
    struct audit_findings *found;
    const struct manifest *manifest;
    struct audit_chain *chain;
    uint64_t states, unopened, erased, messages, records, impacts, counts; /* what was checked */
    struct {
        uint8_t id[16];
        int64_t version; /* 0: none yet */
        enum audit_chain_verdict verdict;
    } impact; /* the version read last */
};

/* A case: its head, its state's signature, what the state counts, its place in the log. */
void audit_items_case(struct audit_items *items, const struct operator_case *one);
/* What is left of an erased case: that its last state was signed, counted these very rows, and was ended by the log.
 * Else rows that were taken away would pass for erased ones. */
void audit_items_erased(struct audit_items *items, const struct operator_case *one);
/* A record, or one version of an impact, in order of id and version. */
void audit_items_item(struct audit_items *items, enum audit_shelf shelf, const struct operator_item *item);
/* What a door said it had written. */
void audit_items_count(struct audit_items *items, const struct operator_count *count);
/* What the log says there is and nobody has seen. */
void audit_items_end(struct audit_items *items);

/* What a door signs when it counts its rows. */
enum { AUDIT_COUNT_SIZE = 19 + 1 + 8 + 8 + 4 };
void audit_count_bytes(const struct operator_count *count, uint8_t out[static AUDIT_COUNT_SIZE]);

#endif
