/* pg_error.c -- see pg_error.h. The first row whose code is a prefix of the SQLSTATE decides. */
#include "store/pg_error.h"

#include <string.h>

static const struct {
    const char *prefix;
    struct pg_verdict verdict;
} pg_error_table[] = {
    {"RC001", {ERR_CONFLICT, PG_FATE_FINAL}},        /* version or fence is not the expected one */
    {"RC002", {ERR_NOT_FOUND, PG_FATE_FINAL}},       /* no such case, desk, row */
    {"RC003", {ERR_DENIED, PG_FATE_FINAL}},          /* not of this desk */
    {"RC004", {ERR_AGAIN, PG_FATE_FINAL}},           /* this very unit was done before */
    {"42501", {ERR_DENIED, PG_FATE_FINAL}},          /* insufficient_privilege */
    {"42", {ERR_TIMEOUT, PG_FATE_FINAL}},            /* a function or column that an upgrade is just making */
    {"0A", {ERR_DB_UNKNOWN, PG_FATE_CONNECTION}},    /* what was prepared no longer fits: prepare it anew */
    {"26", {ERR_DB_UNKNOWN, PG_FATE_CONNECTION}},    /* what was prepared is not there */
    {"55P03", {ERR_TIMEOUT, PG_FATE_FINAL}},         /* a lock was not to be had in time */
    {"57014", {ERR_TIMEOUT, PG_FATE_FINAL}},         /* cancelled: statement_timeout, or somebody's hand */
    {"58", {ERR_TIMEOUT, PG_FATE_FINAL}},            /* the server's own disk */
    {"40", {ERR_DB_REFUSED, PG_FATE_RETRY}},         /* deadlock, serialization */
    {"25006", {ERR_DB_UNKNOWN, PG_FATE_CONNECTION}}, /* read only: a standby, or a primary that was replaced */
    {"53300", {ERR_DB_UNKNOWN, PG_FATE_CONNECTION}}, /* too many connections */
    {"53", {ERR_BUSY, PG_FATE_FINAL}},               /* disk full, out of memory */
    {"57P", {ERR_DB_UNKNOWN, PG_FATE_CONNECTION}},   /* shutdown, crash, idle session */
    {"08", {ERR_DB_UNKNOWN, PG_FATE_CONNECTION}},    /* connection exceptions */
};

struct pg_verdict pg_error_judge(const char *sqlstate)
{
    if (!sqlstate)
        return (struct pg_verdict){ERR_DB_UNKNOWN, PG_FATE_CONNECTION};
    for (size_t i = 0; i < sizeof pg_error_table / sizeof *pg_error_table; i++)
        if (strncmp(sqlstate, pg_error_table[i].prefix, strlen(pg_error_table[i].prefix)) == 0)
            return pg_error_table[i].verdict;
    return (struct pg_verdict){ERR_DB_REFUSED, PG_FATE_FINAL};
}
