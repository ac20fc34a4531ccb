/* store.h -- the one way to PostgreSQL: asynchronous libpq in pipeline mode.
 *
 * Work is given as units. A unit is one transaction: one or more calls of prepared statements, one sync, one answer.
 * The callback of a unit fires exactly once, and never before store_submit() has returned. ERR_OK is said only after
 * the sync that follows COMMIT has come back. When the connection dies after the sync was sent, the answer is not
 * guessed: units marked `again` (their rows have client-made ids, so that a second run does nothing) are sent again on
 * a new connection until their deadline; others answer ERR_DB_UNKNOWN.
 *
 * Rooms do not use this file's unit functions directly but through their door (door_intake.h, door_sms.h, door_vault.h,
 * door_audit.h, door_console.h, door_operator.h), beside which the SQL stands. Error texts of the server never leave
 * this room: SQLSTATE and our statement's name are logged, nothing else. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/loop.h"

struct store;
struct store_unit;
struct store_result;

struct store_options {
    const char *conninfo;      /* libpq string without password: "host=/run/... dbname=recourse user=recourse_intake" */
    const char *password_path; /* file with the role's password; NULL: none */
    unsigned connections;      /* 1 to 8 working connections */
    const char *listen;        /* NULL, or channels to LISTEN on, comma-separated, on a connection of its own */
    void (*on_notify)(void *room, const char *channel); /* on that connection; after each reconnect once with "" */
    void (*on_up)(void *room); /* NULL, or called whenever a working connection has become ready */
    void *room;
    const char *const *session_sql; /* NULL, or statements run once on each new connection, NULL-ended */
};

/* Connects in the background and again with back-off (50 ms to 2 s) for as long as it lives. Never NULL. */
struct store *store_new(struct loop *loop, const struct store_options *options);
/* Units that are waiting or under way answer ERR_CANCELLED, not within this call but behind the present callback
 * (loop_later); on_notify and on_up fire no more. So what the callbacks use must outlive this turn: bury it
 * (loop_bury), graves are dug after the last of them has fired. */
void store_free(struct store *store);
int store_is_up(const struct store *store);

/* A statement of ours: name (also in logs), SQL with $1.., number of parameters. Prepared once per connection. */
struct store_statement {
    const char *name, *sql;
    unsigned params;
};

/* A parameter in PostgreSQL's binary format. */
struct store_param {
    unsigned oid;      /* of the type: STORE_BYTEA, ... */
    const void *bytes; /* NULL: SQL NULL */
    size_t len;
};
enum {
    STORE_BOOL = 16,
    STORE_BYTEA = 17,
    STORE_INT8 = 20,
    STORE_INT2 = 21,
    STORE_INT4 = 23,
    STORE_TEXT = 25,
    STORE_DATE = 1082,
    STORE_UUID = 2950,
    STORE_BYTEA_A = 1001,
    STORE_INT2_A = 1005,
    STORE_INT4_A = 1007,
    STORE_TEXT_A = 1009,
    STORE_INT8_A = 1016,
    STORE_BOOL_A = 1000,
    STORE_UUID_A = 2951,
    STORE_DATE_A = 1182
};

/* A new, empty unit; owned by the caller until store_submit() takes it, or store_unit_free(). */
struct store_unit *store_unit_new(int again);
void store_unit_free(struct store_unit *unit);
/* Add a call; parameters are copied into the unit. Returns the call's index for reading its result. */
unsigned store_call(struct store_unit *unit, const struct store_statement *statement, const struct store_param *params);
/* The same with values put one by one, for most callers: store_begin(), store_put_*() in order, store_end(). */
void store_begin(struct store_unit *unit, const struct store_statement *statement);
void store_put_bytes(struct store_unit *unit, const void *bytes, size_t len); /* bytea; NULL bytes: SQL NULL */
void store_put_id(struct store_unit *unit, const uint8_t id[static 16]);
void store_put_text(struct store_unit *unit, const char *text); /* NULL: SQL NULL */
void store_put_i64(struct store_unit *unit, int64_t v);
void store_put_i32(struct store_unit *unit, int32_t v);
void store_put_i16(struct store_unit *unit, int16_t v);
void store_put_bool(struct store_unit *unit, int v);
void store_put_day(struct store_unit *unit, const char *day); /* "2033-11-01"; else SQL NULL */
struct pg_array;
void store_put_array(struct store_unit *unit, struct pg_array *array); /* ended and taken */
void store_put_no_array(struct store_unit *unit, unsigned oid);        /* SQL NULL of this array type */
unsigned store_end(struct store_unit *unit);
/* Move the calls of `from` behind those of `to`; `from` is then empty, still the caller's. */
void store_unit_join(struct store_unit *to, struct store_unit *from);

/* `result` is borrowed until return and NULL unless ERR_OK. Errors: ERR_DB_DOWN (never sent, deadline over),
 * ERR_DB_UNKNOWN (also when the server warns that a COMMIT may not have been replicated), ERR_DB_REFUSED (an error of
 * the server; the transaction did nothing), ERR_CONFLICT (SQLSTATE RC001 raised by our functions: version or fence is
 * not the expected one), ERR_NOT_FOUND (RC002), ERR_DENIED (RC003, 42501), ERR_AGAIN (RC004: this very unit was done
 * before), ERR_BUSY (queue full, 53xxx), ERR_TIMEOUT (the server cannot just now: a lock, cancelled, its disk, a
 * function that an upgrade is making), ERR_CANCELLED. */
typedef void store_done_fn(void *room, uint64_t tag, enum err err, const struct store_result *result);
/* Takes the unit. `deadline_ms` from now, total, kept to within one tick. With one connection units run in the order of
 * submission. At most STORE_WAITING_MAX wait. */
enum { STORE_WAITING_MAX = 8192 };
void store_submit(struct store *store, struct store_unit *unit, int64_t deadline_ms, store_done_fn *done, void *room,
                  uint64_t tag);

/* Reading a result, by call, row, column (binary). */
unsigned store_rows(const struct store_result *result, unsigned call);
int store_is_null(const struct store_result *result, unsigned call, unsigned row, unsigned column);
const uint8_t *store_bytes(const struct store_result *result, unsigned call, unsigned row, unsigned column,
                           size_t *len);
const char *store_text(const struct store_result *result, unsigned call, unsigned row,
                       unsigned column); /* "" for NULL */
int64_t store_i64(const struct store_result *result, unsigned call, unsigned row,
                  unsigned column); /* int2, int4, int8, bool */
/* Exactly `size` bytes, or zeroes when NULL or of another length. */
void store_fixed(const struct store_result *result, unsigned call, unsigned row, unsigned column, uint8_t *out,
                 size_t size);
/* Exactly 16 bytes; zeroes when NULL. */
void store_id(const struct store_result *result, unsigned call, unsigned row, unsigned column, uint8_t out[static 16]);

#endif
