/* buf.h -- bounded bytes that wipe themselves: the only container for what people wrote.
 *
 * A buf has a maximum from birth; going over it is ERR_TOO_BIG and leaves it as it was. There is always a NUL
 * behind the last byte, so buf_text() may be read as a C string where NULs inside are impossible. */
#ifndef COMMON_BASE_BUF_H
#define COMMON_BASE_BUF_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"

struct buf {
    uint8_t *bytes; /* NULL while empty and never grown */
    size_t len, cap, max;
};

#define BUF_INIT(limit) ((struct buf){.max = (limit)})

void buf_init(struct buf *b, size_t max);
/* Wipe, free, and leave an empty buf with the same maximum. */
void buf_free(struct buf *b);
/* Wipe the content, keep the memory. */
void buf_clear(struct buf *b);
/* ERR_TOO_BIG if the whole would be over the maximum (nothing is then appended). */
MUST_CHECK enum err buf_add(struct buf *b, const void *from, size_t len);
MUST_CHECK enum err buf_add_text(struct buf *b, const char *text);
MUST_CHECK enum err buf_add_byte(struct buf *b, uint8_t byte);
MUST_CHECK enum err buf_addf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Room for `len` more bytes at the end, which the caller fills; *out_at points to it. */
MUST_CHECK enum err buf_extend(struct buf *b, size_t len, uint8_t **out_at);
/* Remove `len` bytes from the front (at most all). */
void buf_drop(struct buf *b, size_t len);
/* Shorten to `len`; what is cut off is wiped. */
void buf_cut(struct buf *b, size_t len);
/* Never NULL; "" when empty. Borrowed until the next change. */
const char *buf_text(const struct buf *b);

#endif
