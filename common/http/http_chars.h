/* http_chars.h -- which bytes may stand where (RFC 9110 section 5.6, RFC 3986 section 3), as one table. */
#ifndef COMMON_HTTP_HTTP_CHARS_H
#define COMMON_HTTP_HTTP_CHARS_H

#include <stddef.h>
#include <stdint.h>

enum http_char {
    CHAR_TOKEN = 1,  /* tchar */
    CHAR_TARGET = 2, /* pchar, '/' and '?' with '%' */
    CHAR_VALUE = 4,  /* field content: SP, HTAB, visible, obs-text */
    CHAR_HOST = 8,   /* of a registered name as people really use it */
    CHAR_DIGIT = 16,
    CHAR_HEX = 32,
};

extern const uint8_t http_chars[256];

/* 1 if each of `len` bytes is of the kind. */
int http_chars_all(const uint8_t *bytes, size_t len, enum http_char kind);
/* 1 if the two may go out as a header line: a token, and a value without control bytes of at most LIMIT_SET_BYTES. */
int http_field_text(const char *name, const char *value);
/* 0 to 15; the byte must be CHAR_HEX. */
unsigned http_hex(uint8_t byte);

#endif
