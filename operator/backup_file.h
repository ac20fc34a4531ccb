/* backup_file.h -- a sealed file: written whole or not at all, read to its end or refused. Constant memory.
 *
 * A head (backup_lock.h) and a stream (common/seal/stream.h) behind it. */
#ifndef OPERATOR_BACKUP_FILE_H
#define OPERATOR_BACKUP_FILE_H

#include "operator/backup_lock.h"

/* ---- writing ---- */

struct backup_out;

/* Begin PATH.part, mode 0600; it becomes PATH at backup_out_end() and is gone whenever this process ends before that,
 * Ctrl-C included. One at a time. ERR_CONFLICT: there is a PATH already; ERR_BUSY: another process writes it just now;
 * ERR_SYSTEM (errno); ERR_TOO_BIG: the path. */
MUST_CHECK enum err backup_out_begin(const char *path, const struct buf *head, const uint8_t key[static STREAM_KEY],
                                     struct backup_out **out);
/* ERR_SYSTEM (errno): no space, most likely. */
MUST_CHECK enum err backup_out_add(struct backup_out *out, const void *bytes, size_t len);
/* The last piece, all of it on the disk, and under its name. Frees. ERR_SYSTEM, ERR_CONFLICT (or PATH.part is not the
 * one that was begun); PATH.part is then gone. */
MUST_CHECK enum err backup_out_end(struct backup_out *out);
/* So many bytes were added so far. */
uint64_t backup_out_size(const struct backup_out *out);

/* ---- reading ---- */

struct backup_in;

/* Open a file and read its head. ERR_NOT_FOUND, ERR_SYSTEM, ERR_MALFORMED: no backup of this version. */
MUST_CHECK enum err backup_in_open(const char *path, struct backup_in **out, enum backup_form *form);
/* Borrowed: for backup_unlock_*(). */
const void *backup_in_head(const struct backup_in *in, size_t *len);
/* From the first piece on (again). */
MUST_CHECK enum err backup_in_begin(struct backup_in *in, const uint8_t key[static STREAM_KEY]);
/* Exactly `len` bytes. ERR_CRYPTO: another key, or the file was changed or cut off here; ERR_MALFORMED; ERR_NOT_FOUND:
 * it ends before. */
MUST_CHECK enum err backup_in_read(struct backup_in *in, void *out, size_t len);
/* 1: everything was read, and the stream ended there. */
int backup_in_is_over(const struct backup_in *in);
void backup_in_close(struct backup_in *in); /* NULL is fine */

#endif
