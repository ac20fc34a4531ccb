/* backup_take.h -- write a backup: of all rows in one moment and what belongs to them, or of all keys. */
#ifndef OPERATOR_BACKUP_TAKE_H
#define OPERATOR_BACKUP_TAKE_H

#include "operator/backup_check.h"
#include "operator/backup_lock.h"

struct backup_taken {
    uint64_t bytes, rows, files;
};

/* keys/backup.public, to which rows are locked, and secrets/operator/backup.key, with which this machine shows that it
 * wrote them. Dies with a sentence that names the cure. The caller wipes `from_private`. */
void backup_take_keys(const struct house *house, uint8_t open_public[static 32], uint8_t from_private[static 32]);

/* What the rows that are there would need: their size and the epochs of keys. Dies with a sentence. */
void backup_take_look(const struct house *house, struct backup_epochs *epochs, uint64_t *bytes);
/* Dies unless `folder` has room for about `bytes`. */
void backup_take_room(const char *folder, uint64_t bytes);

/* Write `path`. The installation goes on meanwhile: spooled rows are read first, then everything of one moment of the
 * database. Dies with a sentence, and nothing is left. */
void backup_take_rows(const struct house *house, const char *path, const char *keys_id, uint64_t about,
                      struct backup_taken *taken);
/* Write `path` under the passphrase; notes beside the keys that they are saved. */
void backup_take_secrets(const struct house *house, const char *path, const struct buf *passphrase,
                         struct backup_taken *taken);

#endif
