/* audit_read.h -- where a verification reads from: the database through the operator's door, and the checkpoints that
 * were kept outside it. Any failure to read ends the command with a sentence. */
#ifndef OPERATOR_AUDIT_READ_H
#define OPERATOR_AUDIT_READ_H

#include "operator/args.h"
#include "operator/audit_verify.h"
#include "operator/house.h"

enum { AUDIT_FILES_MAX = ARGS_LIST_MAX + 2 };

struct audit_reading {
    struct door_operator *door;
    char files[AUDIT_FILES_MAX][HOUSE_PATH]; /* with checkpoints kept outside the database */
    size_t file_count;
    int shows_progress;
};

/* Connect. Besides DIR/audit/checkpoint and checkpoints.log, where they are there, those of `more` are read, which must
 * be. */
void audit_read_open(struct audit_reading *reading, const struct house *house, const struct args_list *more);
void audit_read_close(struct audit_reading *reading);
/* Borrows `reading`. */
struct audit_source audit_read_source(struct audit_reading *reading);

#endif
