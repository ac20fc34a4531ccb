/* copy.h -- all rows out of one moment of the database, and all rows back into an empty one. For the operator's backup
 * and restore; role recourse_operator, blocking.
 *
 * The schema is not copied: it is the program's own migrations. So nothing that a backup holds is ever run as SQL, and
 * no more rights are needed than to migrate. Rows travel as PostgreSQL's binary COPY. Every call that fails says why in
 * one sentence, never with the server's own text; besides what is told below: ERR_DB_DOWN, ERR_DB_REFUSED, ERR_DENIED.
 */
#ifndef STORE_COPY_H
#define STORE_COPY_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"

enum { COPY_SAYS = 256, COPY_NAME = 64, COPY_COLUMNS = 1024 };

struct copy;

/* Connect and stop the clock: everything read until copy_close() is of one moment, and holds up nobody who writes. */
MUST_CHECK enum err copy_open(const char *conninfo, struct copy **out, char says[static COPY_SAYS]);
/* Connect to a migrated database without a single row of ours, to fill it: ERR_CONFLICT when there is one. Nothing is
 * seen by others before copy_commit(), and nothing stays without it. */
MUST_CHECK enum err copy_open_empty(const char *conninfo, struct copy **out, char says[static COPY_SAYS]);
void copy_close(struct copy *copy); /* NULL is fine */

/* What was there in that moment. `each` borrows; anything but ERR_OK from it ends the reading and is returned. */
struct copy_table {
    char name[COPY_NAME], columns[COPY_COLUMNS]; /* of recourse.NAME: "case_id,office,desk" */
};
typedef enum err copy_table_fn(void *room, const struct copy_table *table);
/* In an order in which they can be filled: what others point to first. */
MUST_CHECK enum err copy_tables(struct copy *copy, copy_table_fn *each, void *room, char says[static COPY_SAYS]);
typedef enum err copy_number_fn(void *room, const char *name, int64_t number);
/* The counters behind numbered columns, by the name of their table: the last number that was given. */
MUST_CHECK enum err copy_counters(struct copy *copy, copy_number_fn *each, void *room, char says[static COPY_SAYS]);
/* The migrations that were applied: `name` is the SHA-256 of its file in hex. */
MUST_CHECK enum err copy_migrations(struct copy *copy, copy_number_fn *each, void *room, char says[static COPY_SAYS]);
/* Which keys open what is there: the epochs of each desk (its code), and those of the receipts' pepper (""). */
MUST_CHECK enum err copy_epochs(struct copy *copy, copy_number_fn *each, void *room, char says[static COPY_SAYS]);
/* About how many bytes all rows take. */
MUST_CHECK enum err copy_size(struct copy *copy, uint64_t *out, char says[static COPY_SAYS]);

/* Read a table. *rows: how many it had. */
typedef enum err copy_bytes_fn(void *room, const void *bytes, size_t len);
MUST_CHECK enum err copy_out(struct copy *copy, const struct copy_table *table, copy_bytes_fn *each, void *room,
                             uint64_t *rows, char says[static COPY_SAYS]);

/* Fill a table: begin, add, end. ERR_NOT_FOUND: this database has no such table or columns. */
MUST_CHECK enum err copy_in_begin(struct copy *copy, const struct copy_table *table, char says[static COPY_SAYS]);
MUST_CHECK enum err copy_in_add(struct copy *copy, const void *bytes, size_t len, char says[static COPY_SAYS]);
MUST_CHECK enum err copy_in_end(struct copy *copy, uint64_t *rows, char says[static COPY_SAYS]);
/* The numbers of that table go on behind `number`. */
MUST_CHECK enum err copy_counter_set(struct copy *copy, const char *table, int64_t number, char says[static COPY_SAYS]);
MUST_CHECK enum err copy_commit(struct copy *copy, char says[static COPY_SAYS]);

#endif
