/* json.h -- JSON bodies from strangers, read strictly with jansson, and their fields with limits.
 *
 * Refused: duplicate keys, deep nesting, bytes that are not UTF-8, NUL in any form, anything behind the value.
 * A fault says where and what in words of ours, never a piece of the input (json_error_t.text quotes it). */
#ifndef COMMON_TEXT_JSON_H
#define COMMON_TEXT_JSON_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"

#define JSON_DEPTH 32 /* arrays and objects inside each other; our deepest body has 5 */

struct json_fault {
    unsigned line, column; /* from 1; 0 when the fault is in a field */
    const char *field;     /* the key asked for (borrowed from the caller), NULL when the text itself is at fault */
    const char *item;      /* of a list of named things, which; borrowed as well, NULL: not told */
    const char *says;      /* a literal: "is missing" */
};

/* Any JSON value in `len` bytes. The caller owns *out (json_decref). ERR_MALFORMED, or ERR_TOO_BIG when nested too
 * deep; then *out is NULL and *fault is filled. */
MUST_CHECK enum err json_read(const void *bytes, size_t len, json_t **out, struct json_fault *fault);
/* The same, and the value must be an object. */
MUST_CHECK enum err json_read_object(const void *bytes, size_t len, json_t **out, struct json_fault *fault);

enum json_presence { JSON_REQUIRED, JSON_MAY_MISS };

/* Each takes one field out of an object. A field that may miss and is missing or null leaves *out as it was. Otherwise
 * ERR_MALFORMED (missing, blank where it is required, other kind, not one of) or ERR_TOO_BIG (too long, outside the
 * range), and *fault is filled.
 */

/* At most `max` bytes, and not empty if required. *out borrows from `object` and has no NUL inside. */
MUST_CHECK enum err json_text(const json_t *object, const char *key, enum json_presence presence, size_t max,
                              const char **out, struct json_fault *fault);
/* One of the words of `table`, which ends with NULL; *out is its place. */
MUST_CHECK enum err json_choice(const json_t *object, const char *key, enum json_presence presence,
                                const char *const *table, size_t *out, struct json_fault *fault);
/* A whole number from `min` to `max`. */
MUST_CHECK enum err json_int(const json_t *object, const char *key, enum json_presence presence, int64_t min,
                             int64_t max, int64_t *out, struct json_fault *fault);
/* true or false; *out is 1 or 0. */
MUST_CHECK enum err json_flag(const json_t *object, const char *key, enum json_presence presence, int *out,
                              struct json_fault *fault);

#endif
