/* http_chunk.h -- a chunked body, read strictly (RFC 9112 section 7.1): bytes in, spans of content out.
 *
 * Sizes are hex digits only. Extensions must be well formed, trailers must be header lines; both are ignored and
 * bounded. The verdict does not depend on how the bytes were cut. */
#ifndef COMMON_HTTP_HTTP_CHUNK_H
#define COMMON_HTTP_HTTP_CHUNK_H

#include <stddef.h>
#include <stdint.h>

#include "common/http/http_head.h"

struct http_chunk {
    uint64_t left;   /* content bytes of this chunk still to come */
    struct buf line; /* a chunk line or trailer line, until its LF */
    /* After a call that ended a line: the same line without extensions, with its CRLF, for the second opinion (llhttp
     * does not know every extension that is well formed). Also the CRLF behind a chunk's content. */
    struct buf shown;
    uint8_t phase, last;
    uint16_t extension_bytes, trailer_bytes, trailers;
    unsigned status;
    const char *says;
};

void http_chunk_init(struct http_chunk *chunk);
void http_chunk_free(struct http_chunk *chunk);
/* Reads on until content was met (*data, *data_len borrow from `in`), a line ended (`shown` is not empty), all is used,
 * or the body ended. Call again with the rest while HTTP_MORE. HTTP_REFUSED sets status (400, 413, 431) and says. */
enum http_verdict http_chunk_feed(struct http_chunk *chunk, const uint8_t *in, size_t len, size_t *used,
                                  const uint8_t **data, size_t *data_len);

#endif
