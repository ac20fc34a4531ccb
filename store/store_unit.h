/* store_unit.h -- what a unit is inside store/: its calls, its results, and where it stands. */
#ifndef STORE_STORE_UNIT_H
#define STORE_STORE_UNIT_H

#include <libpq-fe.h>

#include "store/store.h"

enum { STORE_PARAMS_MAX = 32 };

struct unit_param {
    unsigned oid;
    uint8_t *bytes; /* owned; NULL: SQL NULL */
    size_t len;
};

struct unit_call {
    const struct store_statement *statement;
    struct unit_param *params; /* statement->params of them */
    unsigned given;
    PGresult *result; /* TUPLES_OK or COMMAND_OK once it came */
};

struct store_unit {
    struct store_unit *next;
    struct unit_call *calls;
    unsigned count, room_for;
    int again;
    int was_sent; /* handed to a connection at least once */
    int answered; /* its callback has fired; it is only kept until its place in the pipeline has passed */
    int64_t deadline;
    store_done_fn *done;
    void *room;
    uint64_t tag;
};

/* Before it is sent again. */
void store_unit_forget_results(struct store_unit *unit);
/* Call back, once. On ERR_OK the unit's results are lent. Does not free. */
void store_unit_answer(struct store_unit *unit, enum err err);

#endif
