/* pg_pipe.h -- units in flight on one connection in pipeline mode.
 *
 * What libpq was given is remembered as a queue of groups, each closed by one sync: a unit, the preparing of a
 * statement that a unit behind it needs, or a statement for the session. Results are matched to the first group: NULL
 * ends a statement, PIPELINE_SYNC ends the group, and only there is anything called done. */
#ifndef STORE_PG_PIPE_H
#define STORE_PG_PIPE_H

#include "store/pg_conn.h"
#include "store/store_unit.h"

enum { PG_PIPE_IN_FLIGHT_MAX = 64, PG_PIPE_STATEMENTS_MAX = 64 };

struct pg_group;

struct pg_pipe_owner {
    void (*up)(void *owner);                                              /* may be given units */
    void (*finished)(void *owner, struct store_unit *unit, enum err err); /* certain; takes the unit */
    void (*unfinished)(void *owner, struct store_unit *unit); /* connection lost, or a deadlock; takes the unit */
};

struct pg_pipe {
    struct pg_conn conn;
    const struct pg_pipe_owner *calls;
    void *owner;
    const char *const *session_sql; /* NULL-ended, or NULL */
    struct pg_group *first, **last;
    unsigned in_flight; /* units among the groups */
    int is_up;
    const struct store_statement *prepared[PG_PIPE_STATEMENTS_MAX];
    unsigned prepared_count;
    enum err prepare_err; /* why the last PREPARE that failed did */
};

void pg_pipe_init(struct pg_pipe *pipe, struct loop *loop, const char *conninfo, const char *password_path,
                  const char *const *session_sql, const struct pg_pipe_owner *calls, void *owner);
/* Units under way are handed to `each`; nothing else is called any more. */
void pg_pipe_empty(struct pg_pipe *pipe, void (*each)(void *owner, struct store_unit *unit));
void pg_pipe_close(struct pg_pipe *pipe);
int pg_pipe_has_room(const struct pg_pipe *pipe);
/* Give it to libpq; takes. Call pg_pipe_flush() behind the last of several. */
void pg_pipe_send(struct pg_pipe *pipe, struct store_unit *unit);
void pg_pipe_flush(struct pg_pipe *pipe);
/* Answers units past their deadline with ERR_DB_UNKNOWN; drops a connection whose unit is a second past it. */
void pg_pipe_tick(struct pg_pipe *pipe, int64_t now);

#endif
