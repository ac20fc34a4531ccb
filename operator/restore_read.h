/* restore_read.h -- read a backup from end to end before anything is done with it: is it whole, is it ours, what is in
 * it. Changes nothing. */
#ifndef OPERATOR_RESTORE_READ_H
#define OPERATOR_RESTORE_READ_H

#include "operator/backup_pack.h"
#include "operator/house.h"

struct restore_read {
    const char *path; /* borrowed */
    struct backup_in *in;
    enum backup_form form;
    uint8_t key[STREAM_KEY];
    struct buf facts, ending;         /* lines */
    struct buf ini, checkpoint, root; /* recourse.ini, audit/checkpoint, keys/root.public; empty when not in it */
    uint64_t bytes, files, tables, rows;
};

/* Open `path`, which must be of that form, and read all of it. Rows: `key_path` is the file of the kept backup key.
 * Keys: `key_path` NULL, the passphrase is asked for. Dies with a sentence. */
void restore_read_begin(struct restore_read *read, enum backup_form form, const char *path, const char *key_path);
/* Once more, for `reader`: what was read may have been changed on the disk since. Returns what `reader` or the file
 * said. */
MUST_CHECK enum err restore_read_again(struct restore_read *read, const struct backup_reader *reader);
void restore_read_end(struct restore_read *read);

/* "table column,column" in its two halves. ERR_MALFORMED. */
struct copy_table;
MUST_CHECK enum err restore_table(const char *name, struct copy_table *out);

/* Dies unless the migrations that the rows were written under are the first ones of this program, byte for byte;
 * returns the last. */
unsigned restore_migrations(const struct restore_read *read);

#endif
