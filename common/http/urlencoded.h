/* urlencoded.h -- application/x-www-form-urlencoded, as the URL Standard says (what browsers send). Pure. */
#ifndef COMMON_HTTP_URLENCODED_H
#define COMMON_HTTP_URLENCODED_H

#include <stddef.h>

#include "common/base/buf.h"

/* One pair, decoded: '+' is a space, a broken %xx stays as it is, what is not UTF-8 becomes U+FFFD. Borrowed until
 * return; both have a NUL behind them, and may hold NULs. Anything but ERR_OK ends the reading with that result. */
typedef enum err urlencoded_fn(void *room, const char *name, size_t name_len, const char *value, size_t value_len);

/* Calls `fn` for each pair in order. ERR_TOO_BIG when there are more than `pairs_max`, or what `fn` returned. */
MUST_CHECK enum err urlencoded_read(const char *text, size_t len, unsigned pairs_max, urlencoded_fn *fn, void *room);
/* 1 if nothing of it would become U+FFFD: for whoever promises to keep what was written as it is. */
int urlencoded_is_utf8(const char *text, size_t len);
/* Append `text` encoded, so that it can stand in a query or a body. */
MUST_CHECK enum err urlencoded_write(struct buf *out, const char *text, size_t len);

#endif
