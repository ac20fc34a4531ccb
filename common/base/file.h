/* file.h -- read and write small whole files: keys, tokens, configuration. */
#ifndef COMMON_BASE_FILE_H
#define COMMON_BASE_FILE_H

#include "common/base/buf.h"

/* Append the whole file to `out`. ERR_NOT_FOUND, ERR_TOO_BIG over the buf's maximum, ERR_SYSTEM. */
MUST_CHECK enum err file_read(const char *path, struct buf *out);
/* A secret of `len` bytes that stands as hex digits, with or without a line's end, in a file that its owner alone may
 * read. ERR_DENIED: open to others; ERR_MALFORMED: anything else inside; ERR_NOT_FOUND, ERR_SYSTEM. */
MUST_CHECK enum err file_read_hex(const char *path, uint8_t *out, size_t len);
/* Write a new file of mode 0600 beside `path`, fsync it, rename it into place, fsync the folder. */
MUST_CHECK enum err file_write_secret(const char *path, const void *bytes, size_t len);
/* The same with mode 0644, for what anyone may read. */
MUST_CHECK enum err file_write_public(const char *path, const void *bytes, size_t len);
/* 1 if others than the owner may read or write it (a secret file must not be so). */
int file_is_open_to_others(const char *path);

#endif
