/* operator_query.c -- see operator_query.h. */
#include "store/operator_query.h"

#include <stdio.h>
#include <string.h>

#include "common/base/code.h"
#include "common/base/rw.h"
#include "store/pg_error.h"

static const struct {
    enum err err;
    const char *says;
} operator_says[] = {
    {ERR_CONFLICT, "there is one of that name already"},
    {ERR_NOT_FOUND, "there is none of that name"},
    {ERR_DENIED, "this database role may not do that"},
    {ERR_MALFORMED, "a value is not in the form that it must have"},
};

static enum err operator_explain(const PGresult *result, char *says)
{
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    enum err err = pg_error_judge(sqlstate).err;
    /* What was given does not fit a column or a check. */
    if (sqlstate && (strncmp(sqlstate, "22", 2) == 0 || strncmp(sqlstate, "23", 2) == 0))
        err = ERR_MALFORMED;
    if (err == ERR_DB_UNKNOWN)
        err = ERR_DB_DOWN;
    snprintf(says, DOOR_OPERATOR_SAYS, "the database refused (SQLSTATE %.5s)", sqlstate ? sqlstate : "-");
    for (size_t i = 0; i < sizeof operator_says / sizeof *operator_says; i++)
        if (operator_says[i].err == err)
            snprintf(says, DOOR_OPERATOR_SAYS, "%s", operator_says[i].says);
    return err;
}

PGresult *operator_page(struct door_operator *door, char *says, const char *sql, int count, const char *const *values,
                        enum err *err)
{
    says[0] = 0;
    PGresult *result = PQexecParams(door->pg, sql, count, NULL, values, NULL, NULL, 1);
    *err = ERR_OK;
    if (PQresultStatus(result) == PGRES_TUPLES_OK)
        return result;
    *err = operator_explain(result, says);
    PQclear(result);
    return NULL;
}

enum err operator_do(struct door_operator *door, char *says, const char *sql, int count, const char *const *values)
{
    enum err err;
    PQclear(operator_page(door, says, sql, count, values, &err));
    return err;
}

enum err operator_read(struct door_operator *door, char *says, const char *sql, operator_row_fn *read, void *room)
{
    enum err err;
    PGresult *result = operator_page(door, says, sql, 0, NULL, &err);
    for (int i = 0; result && i < PQntuples(result) && err == ERR_OK; i++)
        err = read(room, result, i);
    PQclear(result);
    return err;
}

const uint8_t *operator_bytes(const PGresult *result, int row, int column, size_t *len)
{
    *len = (size_t)PQgetlength(result, row, column);
    return PQgetisnull(result, row, column) ? NULL : (const uint8_t *)PQgetvalue(result, row, column);
}

int64_t operator_i64(const PGresult *result, int row, int column)
{
    size_t len;
    const uint8_t *at = operator_bytes(result, row, column, &len);
    struct rd r = rd_from(at, len);
    if (!at)
        return 0;
    if (len == 2)
        return (int16_t)rd_u16(&r);
    if (len == 4)
        return (int32_t)rd_u32(&r);
    return (int64_t)rd_u64(&r);
}

int operator_bool(const PGresult *result, int row, int column)
{
    return PQgetlength(result, row, column) == 1 && *PQgetvalue(result, row, column) == 1;
}

const char *operator_text(const PGresult *result, int row, int column)
{
    return PQgetvalue(result, row, column);
}

void operator_fixed(const PGresult *result, int row, int column, uint8_t *out, size_t size)
{
    size_t len;
    const uint8_t *at = operator_bytes(result, row, column, &len);
    memset(out, 0, size);
    if (at && len == size)
        memcpy(out, at, size);
}

void operator_hex(const uint8_t *bytes, size_t len, char *out)
{
    memcpy(out, "\\x", 2);
    code_hex(bytes, len, out + 2);
}
