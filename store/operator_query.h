/* operator_query.h -- asking and reading for door_operator.c and operator_verify.c: blocking, results in binary. */
#ifndef STORE_OPERATOR_QUERY_H
#define STORE_OPERATOR_QUERY_H

#include <libpq-fe.h>
#include <stddef.h>
#include <stdint.h>

#include "store/door_operator.h"

struct door_operator {
    PGconn *pg;
};

/* Whom to call with each row: callbacks of several types, cast back by who cast them. */
typedef void operator_any_fn(void);
struct operator_reader {
    operator_any_fn *each;
    void *room;
};

/* Run a statement for its effect. On error `says` gets a sentence by the kind of error. */
enum err operator_do(struct door_operator *door, char *says, const char *sql, int count, const char *const *values);
/* Call `read` with each row; anything but ERR_OK from it ends the reading and is returned. */
typedef enum err operator_row_fn(void *room, const PGresult *result, int row);
enum err operator_read(struct door_operator *door, char *says, const char *sql, operator_row_fn *read, void *room);
/* One page with parameters; the caller clears the result. NULL on error. */
PGresult *operator_page(struct door_operator *door, char *says, const char *sql, int count, const char *const *values,
                        enum err *err);

int64_t operator_i64(const PGresult *result, int row, int column);
int operator_bool(const PGresult *result, int row, int column);
const char *operator_text(const PGresult *result, int row, int column);
const uint8_t *operator_bytes(const PGresult *result, int row, int column, size_t *len); /* NULL for SQL NULL */
void operator_fixed(const PGresult *result, int row, int column, uint8_t *out, size_t size);

/* "\x..." text of bytes, as a bytea parameter. */
#define OPERATOR_HEX(bytes) ((bytes)*2 + 3)
void operator_hex(const uint8_t *bytes, size_t len, char *out);

#endif
