/* backup_marker.h -- what the last backup of keys held, without the keys: secrets/operator/keys.saved. And when the
 * last backup was made: secrets/operator/backup.made.
 *
 * A fingerprint is HMAC-SHA256 of a file's name and content under a random salt of the note's own. */
#ifndef OPERATOR_BACKUP_MARKER_H
#define OPERATOR_BACKUP_MARKER_H

#include "common/base/buf.h"
#include "operator/house.h"

enum { BACKUP_MARKER_ID = 32 + 1, BACKUP_MARKER_MAX = 64 * 1024 };

/* Take the fingerprints of all keys as they are now, for a backup of that id (32 hex digits), before it is written:
 * what changes meanwhile is then newer. `out` has room for BACKUP_MARKER_MAX. Dies with a sentence. */
void backup_marker_take(const struct house *house, const char *id, int64_t made, struct buf *out);
/* That backup is there. */
void backup_marker_keep(const struct house *house, const struct buf *taken);

struct backup_marker {
    char id[BACKUP_MARKER_ID]; /* "": there was none */
    int64_t made;
    size_t newer;           /* keys that are not in it as they are now */
    char first[HOUSE_PATH]; /* one of those */
};
/* Compare. Dies with a sentence when a key cannot be read. */
void backup_marker_compare(const struct house *house, struct backup_marker *out);

void backup_made_write(const struct house *house, int64_t made);
/* 0: never. */
int64_t backup_made_read(const struct house *house);

#endif
