/* http_line.h -- the request line: method, address, version (RFC 9112 section 3). Part of http_head.c's reading. */
#ifndef COMMON_HTTP_HTTP_LINE_H
#define COMMON_HTTP_HTTP_LINE_H

#include "common/http/http_head.h"

/* The line that begins at head->line, `len` bytes without its CRLF. Sets method, minor, target and its parts. */
enum http_verdict http_line_read(struct http_head *head, size_t len);
/* The line has come to its limit without an end: refuses what made it so long. */
enum http_verdict http_line_too_long(struct http_head *head);
/* uri-host [ ":" port ], without user information, and with no registered name that could be read as two hosts. */
int http_authority_is_good(const uint8_t *at, size_t len);
/* Notes why and returns HTTP_REFUSED. */
enum http_verdict http_head_refuse(struct http_head *head, unsigned status, const char *says);

#endif
