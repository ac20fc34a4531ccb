/* code.h -- bytes as text: hex, base64 (RFC 4648, with and without padding, url alphabet), ids as UUID text. */
#ifndef COMMON_BASE_CODE_H
#define COMMON_BASE_CODE_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/buf.h"

#define CODE_HEX_SIZE(bytes)    ((bytes)*2 + 1)
#define CODE_BASE64_SIZE(bytes) (((bytes) + 2) / 3 * 4 + 1)
#define CODE_ID_SIZE            37

/* Lower-case hex with NUL; `out` holds CODE_HEX_SIZE(len). */
void code_hex(const uint8_t *bytes, size_t len, char *out);
/* Exactly `len` bytes from exactly 2*len hex digits. */
MUST_CHECK enum err code_unhex(const char *text, size_t text_len, uint8_t *out, size_t len);

/* Standard alphabet with padding; `out` holds CODE_BASE64_SIZE(len). */
void code_base64(const uint8_t *bytes, size_t len, char *out);
/* URL alphabet without padding. Same room. */
void code_base64url(const uint8_t *bytes, size_t len, char *out);
/* Either alphabet, padding optional but right if there; appends to `out`. Strict: no spaces, no stray bits. */
MUST_CHECK enum err code_unbase64(const char *text, size_t text_len, struct buf *out);

/* The same for exactly `len` bytes: a key. ERR_MALFORMED when it is not base64 or of another length. */
MUST_CHECK enum err code_unbase64_exact(const char *text, size_t text_len, uint8_t *out, size_t len);

/* A 16-byte id as 8-4-4-4-12 hex with NUL. */
void code_id(const uint8_t id[static 16], char out[static CODE_ID_SIZE]);
/* The reverse; upper and lower case accepted. */
MUST_CHECK enum err code_unid(const char *text, size_t text_len, uint8_t out[static 16]);

#endif
