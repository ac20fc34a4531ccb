/* pg_error.h -- what an SQLSTATE means for a unit. The server's texts are never looked at: they hold values. */
#ifndef STORE_PG_ERROR_H
#define STORE_PG_ERROR_H

#include "common/base/err.h"

enum pg_fate {
    PG_FATE_FINAL,      /* the transaction did nothing, and would do nothing again */
    PG_FATE_RETRY,      /* it did nothing, and may succeed when run again (deadlock, serialization) */
    PG_FATE_CONNECTION, /* the connection is lost or useless; whether COMMIT was reached is not known */
};

struct pg_verdict {
    enum err err;
    enum pg_fate fate;
};

/* `sqlstate` may be NULL (libpq itself found the fault): the connection. */
struct pg_verdict pg_error_judge(const char *sqlstate);

#endif
