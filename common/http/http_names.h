/* http_names.h -- header names about which there are rules, apart from those that http_head.c acts upon. Case-blind. */
#ifndef COMMON_HTTP_HTTP_NAMES_H
#define COMMON_HTTP_HTTP_NAMES_H

#include <stddef.h>
#include <stdint.h>

/* 1 if a second line of that name would be read differently by different readers: no list, and something hangs on it.
 */
int http_name_is_single(const uint8_t *name, size_t len);
/* 1 if it becomes a name of framing in whoever takes '_' for '-' (CGI does), though it is none here. */
int http_name_is_disguised(const uint8_t *name, size_t len);
/* 1 if it may stand behind a body: RFC 9110 section 6.5.1 says what cannot be meant there. */
int http_name_may_trail(const uint8_t *name, size_t len);

#endif
