/* http_second.h -- llhttp as the second opinion on a request's framing.
 *
 * A file of its own because llhttp's names for methods are ours too: nobody else includes llhttp.h. */
#ifndef COMMON_HTTP_HTTP_SECOND_H
#define COMMON_HTTP_HTTP_SECOND_H

#include <stddef.h>
#include <stdint.h>

struct http_second;

/* For one request. Never NULL. */
struct http_second *http_second_new(void);
void http_second_free(struct http_second *second);
/* Reads on. 1 when it finds no fault and calls exactly `content` of these bytes content. */
int http_second_agrees(struct http_second *second, const uint8_t *in, size_t len, size_t content);
/* 1 when it holds the request to be whole. */
int http_second_done(const struct http_second *second);

#endif
