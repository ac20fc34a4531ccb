/* snapshot_file.h -- the bytes of a snapshot: one sealed stream in a file that was opened before the doors were shut.
 *
 * The key is made of the desk's record key, a salt that stands in the file and the snapshot's number; a file whose salt
 * was written over opens never again, and that alone is synced: what a crash tears does not open, and the database has it all
 * (docs/snapshot.md shows the bytes). Blocks, for files do; callers write and read a little at a time. */
#ifndef TRIAGE_VAULT_SNAPSHOT_FILE_H
#define TRIAGE_VAULT_SNAPSHOT_FILE_H

#include "common/base/err.h"
#include "common/seal/stream.h"

enum { SNAPSHOT_SALT = 32, SNAPSHOT_HEAD = 64 };

/* Whose it is. `record_key` is the desk's, borrowed for the call. */
struct snapshot_owner {
    const uint8_t *record_key; /* 32 bytes */
    const char *desk;
};

struct snapshot_file {
    int fd;
    uint64_t serial;
    uint8_t salt[SNAPSHOT_SALT];
    struct stream stream;
    uint8_t piece[STREAM_SEALED];
    size_t len, at;       /* what of `piece` is there, and of that was read */
    uint64_t sealed_left; /* reading: bytes of the file behind this piece */
};

/* The number of the snapshot in `fd`; 0: there is none, or not a whole one. */
uint64_t snapshot_file_serial(int fd);

/* The file is emptied and written; it counts as a snapshot when snapshot_file_end() has said ERR_OK. ERR_SYSTEM: it
 * cannot be written (a full disk); end it with snapshot_file_wipe(). */
MUST_CHECK enum err snapshot_file_begin(struct snapshot_file *file, int fd, const struct snapshot_owner *owner,
                                        uint64_t serial);
MUST_CHECK enum err snapshot_file_add(struct snapshot_file *file, const void *bytes, size_t len);
MUST_CHECK enum err snapshot_file_end(struct snapshot_file *file);

/* ERR_NOT_FOUND: no whole snapshot; ERR_SYSTEM. */
MUST_CHECK enum err snapshot_file_open(struct snapshot_file *file, int fd, const struct snapshot_owner *owner);
/* Exactly `len` bytes. ERR_CRYPTO: the file was changed, torn, or is another desk's; ERR_MALFORMED: it ends before. */
MUST_CHECK enum err snapshot_file_take(struct snapshot_file *file, void *out, size_t len);

/* Empty the file, its salt first: no snapshot is in it, nor in what the disk remembers of it. */
void snapshot_file_empty(int fd);
void snapshot_file_wipe(struct snapshot_file *file);

#endif
