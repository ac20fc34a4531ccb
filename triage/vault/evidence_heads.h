/* evidence_heads.h -- what stands in the heads of a case's files, read when the case is opened, and never kept. */
#ifndef TRIAGE_VAULT_EVIDENCE_HEADS_H
#define TRIAGE_VAULT_EVIDENCE_HEADS_H

#include "triage/vault/evidence.h"
#include "triage/vault/vault.h"

enum { EVIDENCE_HEADS_MAX = 200 };

struct evidence_shown {
    struct evidence_file file;
    json_t *entry; /* where it is told; borrowed */
};
struct evidence_heads {
    struct evidence_shown *list;
    size_t count;
};

/* Into each entry: "name", "type", "size" (null where it was not said), "whole"; or "missing" true: it never came, or
 * was another case's. Of more than EVIDENCE_HEADS_MAX, and of what a slow database does not give in time, the newest
 * alone; the others have neither. `heads` lives until `done`, which fires once, never before the call returned, with
 * ERR_OK, or ERR_CANCELLED. */
typedef void evidence_heads_fn(void *room, enum err err);
void evidence_heads_read(struct vault *vault, const uint8_t case_id[static 16], const struct evidence_heads *heads,
                         evidence_heads_fn *done, void *room);

#endif
