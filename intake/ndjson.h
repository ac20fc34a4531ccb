/* ndjson.h -- cuts a stream into lines, whatever the pieces it came in. Pure. */
#ifndef INTAKE_NDJSON_H
#define INTAKE_NDJSON_H

#include "common/base/buf.h"

struct ndjson {
    struct buf held; /* what has come and is not used yet */
    size_t at;       /* in `held`: the next line begins here */
    size_t line_max;
    unsigned lines; /* given so far; the first is 1 */
    int too_long;   /* the rest of a line that was too long is being passed over */
    int ended;
};

/* `held_max`: bytes that may wait; `line_max`: bytes of a line. */
void ndjson_init(struct ndjson *lines, size_t held_max, size_t line_max);
void ndjson_free(struct ndjson *lines);
/* ERR_TOO_BIG when too much waits. */
MUST_CHECK enum err ndjson_feed(struct ndjson *lines, const void *piece, size_t len);
/* Nothing more comes: what is left is the last line. */
void ndjson_end(struct ndjson *lines);
/* The next line without its end, borrowed until the next call; lines of blanks alone are passed over but counted.
 * ERR_AGAIN: not there yet. ERR_NOT_FOUND: that was all. ERR_TOO_BIG: this line is over line_max (once for each such
 * line). lines->lines is the number of the line that was given. */
MUST_CHECK enum err ndjson_next(struct ndjson *lines, const char **out, size_t *out_len);

#endif
