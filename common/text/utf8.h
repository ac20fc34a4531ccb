/* utf8.h -- UTF-8 as RFC 3629 has it: no surrogates, nothing overlong, nothing above U+10FFFF.
 *
 * Works on bytes with a length; a NUL inside is a character like any other. Of length 0 they may be NULL. */
#ifndef COMMON_TEXT_UTF8_H
#define COMMON_TEXT_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* How many bytes (1 to 4) the first character takes, its code point in *out; 0 at the end or if malformed. */
size_t utf8_next(const void *bytes, size_t len, uint32_t *out);
/* The reverse: writes `point` (not above U+10FFFF, no surrogate) and returns how many bytes (1 to 4) it took. No NUL.
 */
size_t utf8_put(uint32_t point, char out[static 4]);
/* 1 if all of it is well formed (nothing at all is). */
int utf8_valid(const void *bytes, size_t len);
/* How many characters there are, up to the end or the first malformed byte. */
size_t utf8_count(const void *bytes, size_t len);
/* Length in bytes of the first `characters` characters, or of all if there are fewer; stops before malformed bytes. */
size_t utf8_cut(const void *bytes, size_t len, size_t characters);
/* 1 if there is nothing to read in it: spaces, ends of lines, marks of width or direction (nothing at all is such). */
int utf8_blank(const void *bytes, size_t len);

#endif
