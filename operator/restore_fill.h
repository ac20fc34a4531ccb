/* restore_fill.h -- put what a backup holds where it belongs: files into a new folder, rows into an empty database. */
#ifndef OPERATOR_RESTORE_FILL_H
#define OPERATOR_RESTORE_FILL_H

#include "operator/restore_read.h"

struct restore_filled {
    uint64_t files, left_alone, unknown, rows;
    uint64_t keys_left_alone; /* of those, keys that may be newer than the backup's */
};

/* Put back files, but recourse.ini. One that is there is left alone; one that this installation has no use for is
 * passed over. Dies with a sentence. */
void restore_fill_keys(const struct house *house, struct restore_read *read, struct restore_filled *filled);
/* Files and rows. At the first row the database must be there, migrated to where the backup was: `prepare` is called.
 * Everything is committed at once, after the numbers of rows were compared. Dies with a sentence. */
void restore_fill_rows(const struct house *house, struct restore_read *read, void (*prepare)(void *room), void *room,
                       struct restore_filled *filled);

#endif
