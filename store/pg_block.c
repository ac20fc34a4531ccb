/* pg_block.c -- see pg_block.h. */
#include "store/pg_block.h"

#include <stdio.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/base/file.h"
#include "store/pg_error.h"

enum { PASSWORD_MAX = 1024 };

static void pg_block_notice(void *arg, const PGresult *notice)
{
    (void)arg;
    (void)notice;
}

enum err pg_block_open(const char *conninfo, const char *password_path, PGconn **out, char says[static PG_BLOCK_SAYS])
{
    struct buf password = BUF_INIT(PASSWORD_MAX);
    *out = NULL;
    if (password_path && file_read(password_path, &password) != ERR_OK) {
        snprintf(says, PG_BLOCK_SAYS, "the database password cannot be read from its file");
        buf_free(&password);
        return ERR_SYSTEM;
    }
    while (password.len && strchr("\r\n", password.bytes[password.len - 1]))
        buf_cut(&password, password.len - 1);
    if (password.len)
        password.bytes[password.len] = 0;
    const char *keys[] = {"client_encoding", "connect_timeout", "dbname", "password", NULL};
    const char *values[] = {"UTF8", "10", conninfo, buf_text(&password), NULL};
    if (!password_path)
        keys[3] = NULL;
    PGconn *pg = PQconnectdbParams(keys, values, 1);
    buf_free(&password);
    if (PQstatus(pg) != CONNECTION_OK) {
        snprintf(says, PG_BLOCK_SAYS, "%s",
                 PQconnectionNeedsPassword(pg) || PQconnectionUsedPassword(pg)
                     ? "the database did not accept the role and its password"
                     : "the database cannot be reached");
        PQfinish(pg);
        return ERR_DB_DOWN;
    }
    PQsetNoticeReceiver(pg, pg_block_notice, NULL);
    *out = pg;
    return ERR_OK;
}

enum err pg_block_run(PGconn *pg, const char *sql)
{
    PGresult *result = PQexec(pg, sql);
    ExecStatusType status = PQresultStatus(result);
    enum err err = ERR_OK;
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        err = pg_error_judge(PQresultErrorField(result, PG_DIAG_SQLSTATE)).err;
    PQclear(result);
    return err;
}
