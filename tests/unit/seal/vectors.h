/* vectors.h -- published vectors from tests/vectors, as bytes. */
#ifndef TESTS_UNIT_SEAL_VECTORS_H
#define TESTS_UNIT_SEAL_VECTORS_H

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/buf.h"

/* The whole file, "crypto/rfc9180-x25519.json". The caller lets it go with json_decref. Fails the test when it cannot.
 */
json_t *vectors_load(const char *name);
/* The same with every number as a real, for files with numbers that jansson's integers cannot hold. */
json_t *vectors_load_reals(const char *name);
/* A field of such a file: exact below 2^53, and 2^64 - 1 for what is as large. */
uint64_t vectors_number(const json_t *object, const char *field);
/* A field's hex as bytes; empty where the field is absent or null. The caller frees it with buf_free. */
struct buf vectors_hex(const json_t *object, const char *field);
/* The same of base64 text. */
struct buf vectors_base64(const json_t *text);
/* Call `play` for every test of every group of a Wycheproof file; `room` is handed on. */
typedef void vectors_play_fn(const json_t *group, const json_t *test, void *room);
void vectors_wycheproof(const char *name, vectors_play_fn *play, void *room);
/* 1 when the field is that text. */
int vectors_is(const json_t *object, const char *field, const char *text);

#endif
