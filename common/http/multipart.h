/* multipart.h -- multipart/form-data as it streams by (RFC 7578), without ever holding a whole part.
 *
 * Feed the body's pieces as they come; the parts' heads are bounded, their content is handed on in pieces that borrow.
 * The result does not depend on how the bytes were cut. Anything that is not well formed is refused. */
#ifndef COMMON_HTTP_MULTIPART_H
#define COMMON_HTTP_MULTIPART_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/buf.h"

enum { MULTIPART_PARTS_MAX = 64, MULTIPART_HEAD_MAX = 2048, MULTIPART_BOUNDARY_MAX = 70 };

struct multipart;

/* Each may refuse with anything but ERR_OK, which then ends the reading with that result. */
struct multipart_calls {
    /* `filename` is NULL for an ordinary field; `type` NULL when the part names none. Borrowed until return. */
    enum err (*begin)(void *room, const char *name, const char *filename, const char *type);
    enum err (*piece)(void *room, const uint8_t *piece, size_t len);
    enum err (*end)(void *room);
};

/* From the request's Content-Type. ERR_DENIED when it is not multipart/form-data, ERR_MALFORMED when its boundary is
 * missing or not well formed. */
MUST_CHECK enum err multipart_new(const char *content_type, const struct multipart_calls *calls, void *room,
                                  struct multipart **out);
/* ERR_MALFORMED, ERR_TOO_BIG (parts, head of a part), or what a call returned. After an error do not feed again. */
MUST_CHECK enum err multipart_feed(struct multipart *parser, const uint8_t *in, size_t len);
/* ERR_OK when the closing delimiter came; ERR_MALFORMED when the body broke off. */
MUST_CHECK enum err multipart_end(const struct multipart *parser);
void multipart_free(struct multipart *parser);

#endif
