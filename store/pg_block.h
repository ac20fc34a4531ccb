/* pg_block.h -- blocking libpq for the operator's command, which has no loop. Shared by migrate.c and door_operator.c.
 */
#ifndef STORE_PG_BLOCK_H
#define STORE_PG_BLOCK_H

#include <libpq-fe.h>

#include "common/base/err.h"

enum { PG_BLOCK_SAYS = 256 };

/* Connect within 10 s. `says`: why not, without the server's own text. ERR_DB_DOWN. */
MUST_CHECK enum err pg_block_open(const char *conninfo, const char *password_path, PGconn **out,
                                  char says[static PG_BLOCK_SAYS]);
/* One or more statements without parameters; the result of the last. NULL result on error, and err by SQLSTATE. */
MUST_CHECK enum err pg_block_run(PGconn *pg, const char *sql);

#endif
