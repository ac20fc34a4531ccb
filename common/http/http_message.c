/* http_message.c -- see http_message.h. */
#include "common/http/http_message.h"

#include <string.h>

enum phase { PHASE_HEAD, PHASE_BODY, PHASE_END };

void http_message_init(struct http_message *message)
{
    memset(message, 0, offsetof(struct http_message, chunk));
    message->second = http_second_new();
    http_chunk_init(&message->chunk);
    http_head_init(&message->head);
}

void http_message_free(struct http_message *message)
{
    http_head_free(&message->head);
    http_chunk_free(&message->chunk);
    http_second_free(message->second);
    message->second = NULL;
}

static enum http_event refuse(struct http_message *message, unsigned status, const char *says)
{
    message->status = status;
    message->says = says;
    message->phase = PHASE_END;
    return HTTP_EVENT_REFUSED;
}

static const char DISAGREE[] = "The request could be read in two ways.";

static enum http_event feed_head(struct http_message *message, const uint8_t *in, size_t len, size_t *used)
{
    struct http_head *head = &message->head;
    enum http_verdict verdict = http_head_feed(head, in, len, used);
    if (verdict == HTTP_MORE)
        return HTTP_EVENT_MORE;
    if (verdict == HTTP_REFUSED)
        return refuse(message, head->status, head->says);
    message->left = head->length;
    int has_body = head->chunked || head->length;
    if (!http_second_agrees(message->second, head->bytes.bytes, head->bytes.len, 0) ||
        http_second_done(message->second) == has_body)
        return refuse(message, 400, DISAGREE);
    http_head_seal(head);
    message->phase = PHASE_BODY;
    return HTTP_EVENT_HEAD;
}

/* One step of a chunked body: a span of content or a line, which llhttp then sees. */
static enum http_verdict chunked_step(struct http_message *message, const uint8_t *in, size_t len, size_t *used,
                                      const uint8_t **piece, size_t *piece_len)
{
    struct http_chunk *chunk = &message->chunk;
    enum http_verdict verdict = http_chunk_feed(chunk, in, len, used, piece, piece_len);
    if (verdict == HTTP_REFUSED) {
        refuse(message, chunk->status, chunk->says);
        return verdict;
    }
    int agrees = *piece_len ? http_second_agrees(message->second, *piece, *piece_len, *piece_len)
                            : http_second_agrees(message->second, chunk->shown.bytes, chunk->shown.len, 0);
    if (agrees)
        return verdict;
    refuse(message, 400, DISAGREE);
    return HTTP_REFUSED;
}

static enum http_verdict counted_step(struct http_message *message, const uint8_t *in, size_t len, size_t *used,
                                      const uint8_t **piece, size_t *piece_len)
{
    *used = *piece_len = len < message->left ? len : (size_t)message->left;
    *piece = in;
    message->left -= *used;
    if (*used && !http_second_agrees(message->second, in, *used, *used)) {
        refuse(message, 400, DISAGREE);
        return HTTP_REFUSED;
    }
    return message->left ? HTTP_MORE : HTTP_DONE;
}

static enum http_event feed_body(struct http_message *message, const uint8_t *in, size_t len, size_t *used,
                                 const uint8_t **piece, size_t *piece_len)
{
    enum http_verdict verdict;
    do {
        size_t step;
        verdict = message->head.chunked ? chunked_step(message, in + *used, len - *used, &step, piece, piece_len)
                                        : counted_step(message, in + *used, len - *used, &step, piece, piece_len);
        *used += step;
    } while (verdict == HTTP_MORE && !*piece_len && *used < len);
    if (verdict == HTTP_REFUSED)
        return HTTP_EVENT_REFUSED;
    if (http_second_done(message->second) != (verdict == HTTP_DONE))
        return refuse(message, 400, DISAGREE);
    if (verdict == HTTP_DONE)
        message->phase = PHASE_END;
    if (*piece_len)
        return HTTP_EVENT_PIECE;
    return verdict == HTTP_DONE ? HTTP_EVENT_DONE : HTTP_EVENT_MORE;
}

enum http_event http_message_feed(struct http_message *message, const uint8_t *in, size_t len, size_t *used,
                                  const uint8_t **piece, size_t *piece_len)
{
    static const uint8_t nothing[1];
    if (!in)
        in = nothing;
    *used = 0;
    *piece = NULL;
    *piece_len = 0;
    if (message->phase == PHASE_HEAD)
        return feed_head(message, in, len, used);
    if (message->phase == PHASE_BODY)
        return feed_body(message, in, len, used, piece, piece_len);
    return message->status ? HTTP_EVENT_REFUSED : HTTP_EVENT_DONE;
}
