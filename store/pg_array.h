/* pg_array.h -- one-dimensional arrays in PostgreSQL's binary format, built element by element.
 *
 * A batch is one statement by unnest(): each column of the batch is one such array. */
#ifndef STORE_PG_ARRAY_H
#define STORE_PG_ARRAY_H

#include "common/base/buf.h"

struct pg_array {
    struct buf bytes;
    unsigned oid; /* of the array type */
    unsigned count;
    int nulls;
};

/* `array_oid`: STORE_BYTEA_A and the like of store.h. */
void pg_array_init(struct pg_array *array, unsigned array_oid);
void pg_array_free(struct pg_array *array);
/* NULL bytes: SQL NULL. The element's own binary format. */
void pg_array_bytes(struct pg_array *array, const void *bytes, size_t len);
void pg_array_text(struct pg_array *array, const char *text); /* NULL: SQL NULL */
void pg_array_i64(struct pg_array *array, int64_t v);
void pg_array_i32(struct pg_array *array, int32_t v);
void pg_array_i16(struct pg_array *array, int16_t v);
void pg_array_bool(struct pg_array *array, int v);
/* A day as "2033-11-01"; anything else is SQL NULL. */
void pg_array_day(struct pg_array *array, const char *day);
/* Write the header; afterwards the bytes are the whole value and nothing may be added. */
void pg_array_end(struct pg_array *array);

/* Days since 2000-01-01 of "2033-11-01"; 0 and *ok = 0 when it is none. */
int32_t pg_array_days(const char *day, int *ok);

#endif
