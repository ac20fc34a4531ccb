/* http_message.h -- one whole request from bytes: our strict readers first, llhttp as the second opinion.
 *
 * Every byte passes http_head.c or http_chunk.c before llhttp sees it. Where the two disagree about framing (a fault,
 * the length, the end) the request is refused: nothing that two parsers read differently reaches a handler. No I/O. */
#ifndef COMMON_HTTP_HTTP_MESSAGE_H
#define COMMON_HTTP_HTTP_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

#include "common/http/http_chunk.h"
#include "common/http/http_head.h"
#include "common/http/http_second.h"

enum http_event {
    HTTP_EVENT_MORE,    /* all is used, more must come */
    HTTP_EVENT_HEAD,    /* the head is whole (once); go on feeding the rest, even if there is none */
    HTTP_EVENT_PIECE,   /* content, borrowed from `in` */
    HTTP_EVENT_DONE,    /* the request is whole; what was not used belongs to the next */
    HTTP_EVENT_REFUSED, /* status and says tell why; the connection must end */
};

struct http_message {
    uint8_t phase;
    unsigned status;
    const char *says;
    uint64_t left; /* of Content-Length */
    struct http_second *second;
    struct http_chunk chunk;
    struct http_head head;
};

void http_message_init(struct http_message *message);
void http_message_free(struct http_message *message);
enum http_event http_message_feed(struct http_message *message, const uint8_t *in, size_t len, size_t *used,
                                  const uint8_t **piece, size_t *piece_len);

#endif
