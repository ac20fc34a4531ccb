/* copy.c -- see copy.h. Everything is done as recourse_owner, whom row security does not concern. */
#include "store/copy.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/base/mem.h"
#include "common/base/num.h"
#include "store/pg_block.h"
#include "store/pg_error.h"

struct copy {
    PGconn *pg;
};

/* ---- asking ---- */

static enum err judge(const PGresult *result, char *says, const char *doing)
{
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    enum err err = pg_error_judge(sqlstate).err;
    if (!sqlstate || err == ERR_DB_UNKNOWN)
        err = ERR_DB_DOWN;
    if (err == ERR_OK || err == ERR_AGAIN)
        err = ERR_DB_REFUSED;
    snprintf(says, COPY_SAYS, "%s: the database %s (SQLSTATE %.5s)", doing,
             err == ERR_DB_DOWN ? "went away" : "refused", sqlstate ? sqlstate : "-");
    return err;
}

/* NULL on error. */
static PGresult *ask(struct copy *copy, const char *sql, const char *doing, char *says, enum err *err)
{
    PGresult *result = PQexec(copy->pg, sql);
    ExecStatusType status = PQresultStatus(result);
    *err = ERR_OK;
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_COPY_OUT || status == PGRES_COPY_IN)
        return result;
    *err = judge(result, says, doing);
    PQclear(result);
    return NULL;
}

static enum err run(struct copy *copy, const char *sql, const char *doing, char *says)
{
    enum err err;
    PQclear(ask(copy, sql, doing, says, &err));
    return err;
}

/* Rows of a name and a number. */
static enum err each_number(struct copy *copy, const char *sql, const char *doing, copy_number_fn *each, void *room,
                            char *says)
{
    enum err err;
    PGresult *result = ask(copy, sql, doing, says, &err);
    for (int i = 0; result && i < PQntuples(result) && err == ERR_OK; i++)
        err = each(room, PQgetvalue(result, i, 0), strtoll(PQgetvalue(result, i, 1), NULL, 10));
    PQclear(result);
    return err;
}

/* ---- which tables ---- */

#define IS_OURS "c.relnamespace = 'recourse'::regnamespace AND c.relkind = 'r' AND c.relname <> 'migration'"

/* Depth: how many tables one behind the other it points to. */
static const char TABLES[] =
    "WITH RECURSIVE deep(oid, depth) AS ("
    " SELECT c.oid, 0 FROM pg_catalog.pg_class c WHERE " IS_OURS " UNION"
    " SELECT k.conrelid, d.depth + 1 FROM deep d JOIN pg_catalog.pg_constraint k"
    "  ON k.confrelid = d.oid AND k.contype = 'f' AND k.conrelid <> k.confrelid WHERE d.depth < 20)"
    "SELECT c.relname, (SELECT string_agg(a.attname, ',' ORDER BY a.attnum) FROM pg_catalog.pg_attribute a"
    " WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '')"
    " FROM pg_catalog.pg_class c JOIN deep d ON d.oid = c.oid WHERE " IS_OURS
    " GROUP BY c.oid, c.relname ORDER BY max(d.depth), c.relname";

enum err copy_tables(struct copy *copy, copy_table_fn *each, void *room, char says[static COPY_SAYS])
{
    enum err err;
    PGresult *result = ask(copy, TABLES, "looking for tables", says, &err);
    for (int i = 0; result && i < PQntuples(result) && err == ERR_OK; i++) {
        struct copy_table table;
        int name = snprintf(table.name, sizeof table.name, "%s", PQgetvalue(result, i, 0));
        int columns = snprintf(table.columns, sizeof table.columns, "%s", PQgetvalue(result, i, 1));
        need(name < COPY_NAME && columns < COPY_COLUMNS);
        err = each(room, &table);
    }
    PQclear(result);
    return err;
}

enum err copy_counters(struct copy *copy, copy_number_fn *each, void *room, char says[static COPY_SAYS])
{
    return each_number(
        copy,
        "SELECT c.relname, coalesce(pg_catalog.pg_sequence_last_value(s.oid), 0) FROM pg_catalog.pg_class s"
        " JOIN pg_catalog.pg_depend d ON d.objid = s.oid AND d.deptype = 'i' AND d.classid = 'pg_class'::regclass"
        " JOIN pg_catalog.pg_class c ON c.oid = d.refobjid WHERE s.relkind = 'S' AND " IS_OURS " ORDER BY 1",
        "looking for counters", each, room, says);
}

enum err copy_migrations(struct copy *copy, copy_number_fn *each, void *room, char says[static COPY_SAYS])
{
    /* The one table of recourse_operator's own. */
    enum err err = run(copy, "SET LOCAL ROLE NONE", "looking for migrations", says);
    if (err == ERR_OK)
        err = each_number(copy, "SELECT sha256, number FROM recourse.migration ORDER BY number",
                          "looking for migrations", each, room, says);
    if (err == ERR_OK)
        err = run(copy, "SET LOCAL ROLE recourse_owner", "looking for migrations", says);
    return err;
}

enum err copy_epochs(struct copy *copy, copy_number_fn *each, void *room, char says[static COPY_SAYS])
{
    return each_number(copy,
                       "SELECT CASE recipient_kind WHEN 1 THEN convert_from(rtrim(recipient_id, '\\x00'), 'UTF8')"
                       " ELSE '' END, epoch FROM recourse.case_key GROUP BY 1, 2 ORDER BY 1, 2",
                       "looking for epochs of keys", each, room, says);
}

enum err copy_size(struct copy *copy, uint64_t *out, char says[static COPY_SAYS])
{
    enum err err;
    PGresult *result =
        ask(copy, "SELECT coalesce(sum(pg_catalog.pg_table_size(c.oid)), 0) FROM pg_catalog.pg_class c WHERE " IS_OURS,
            "asking how much there is", says, &err);
    *out = result ? strtoull(PQgetvalue(result, 0, 0), NULL, 10) : 0;
    PQclear(result);
    return err;
}

/* ---- beginning and ending ---- */

static enum err begin(const char *conninfo, const char *transaction, struct copy **out, char *says)
{
    PGconn *pg;
    enum err err = pg_block_open(conninfo, NULL, &pg, says);
    *out = NULL;
    if (err != ERR_OK)
        return err;
    struct copy *copy = mem_new(sizeof *copy);
    copy->pg = pg;
    err = run(copy, transaction, "beginning", says);
    if (err == ERR_OK)
        err = run(copy, "SET LOCAL ROLE recourse_owner", "beginning", says);
    if (err == ERR_OK)
        *out = copy;
    else
        copy_close(copy);
    return err;
}

enum err copy_open(const char *conninfo, struct copy **out, char says[static COPY_SAYS])
{
    enum err err = begin(conninfo, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", out, says);
    /* The moment is that of the first look. */
    if (err == ERR_OK)
        err = run(*out, "SELECT FROM recourse.office", "beginning", says);
    return err;
}

static enum err has_no_rows(void *room, const struct copy_table *table)
{
    struct copy *copy = room;
    char sql[256], says[COPY_SAYS];
    enum err err;
    snprintf(sql, sizeof sql, "SELECT FROM recourse.%.63s LIMIT 1", table->name);
    PGresult *result = ask(copy, sql, "looking whether it is empty", says, &err);
    /* The migrations themselves put the office there. */
    if (result && PQntuples(result) && strcmp(table->name, "office") != 0)
        err = ERR_CONFLICT;
    PQclear(result);
    return err;
}

enum err copy_open_empty(const char *conninfo, struct copy **out, char says[static COPY_SAYS])
{
    enum err err = begin(conninfo, "BEGIN", out, says);
    if (err != ERR_OK)
        return err;
    err = copy_tables(*out, has_no_rows, *out, says);
    if (err == ERR_CONFLICT)
        snprintf(says, COPY_SAYS, "there are rows in that database already");
    if (err == ERR_OK)
        err = run(*out, "DELETE FROM recourse.office", "beginning", says);
    if (err != ERR_OK) {
        copy_close(*out);
        *out = NULL;
    }
    return err;
}

enum err copy_commit(struct copy *copy, char says[static COPY_SAYS])
{
    return run(copy, "COMMIT", "committing", says);
}

void copy_close(struct copy *copy)
{
    if (!copy)
        return;
    PQfinish(copy->pg);
    mem_free(copy);
}

/* ---- rows ---- */

enum { COPY_SQL = COPY_COLUMNS * 3 + 256 };

/* Each name in quotes: a column may be called like a word of SQL. */
static void copy_sql(const struct copy_table *table, const char *how, char out[static COPY_SQL])
{
    char quoted[COPY_COLUMNS * 3], *at = quoted;
    for (const char *c = table->columns; *c; c++)
        at = *c == ',' ? stpcpy(at, "\",\"") : (*at = *c, at + 1);
    *at = '\0';
    snprintf(out, COPY_SQL, "COPY recourse.\"%s\" (\"%s\") %s WITH (FORMAT binary)", table->name, quoted, how);
}

static enum err take_count(PGresult *result, uint64_t *rows, char *says, const char *doing)
{
    const char *count = PQcmdTuples(result);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        return judge(result, says, doing);
    return num_parse(count, strlen(count), 0, INT64_MAX, rows);
}

enum err copy_out(struct copy *copy, const struct copy_table *table, copy_bytes_fn *each, void *room, uint64_t *rows,
                  char says[static COPY_SAYS])
{
    char sql[COPY_SQL], *row;
    enum err err;
    int len;
    copy_sql(table, "TO STDOUT", sql);
    PQclear(ask(copy, sql, "reading rows", says, &err));
    while (err == ERR_OK && (len = PQgetCopyData(copy->pg, &row, 0)) > 0) {
        err = each(room, row, (size_t)len);
        PQfreemem(row);
    }
    if (err != ERR_OK)
        return err; /* the connection is of no more use */
    PGresult *result = PQgetResult(copy->pg);
    err = take_count(result, rows, says, "reading rows");
    PQclear(result);
    PQclear(PQgetResult(copy->pg));
    return err;
}

struct wanted {
    const struct copy_table *table;
    int is_there;
};

static enum err compare(void *room, const struct copy_table *there)
{
    struct wanted *wanted = room;
    wanted->is_there |=
        strcmp(there->name, wanted->table->name) == 0 && strcmp(there->columns, wanted->table->columns) == 0;
    return ERR_OK;
}

enum err copy_in_begin(struct copy *copy, const struct copy_table *table, char says[static COPY_SAYS])
{
    char sql[COPY_SQL];
    struct wanted wanted = {.table = table};
    enum err err = copy_tables(copy, compare, &wanted, says);
    /* What comes from a file becomes SQL only where the catalogue has the very same. */
    if (err == ERR_OK && !wanted.is_there) {
        snprintf(says, COPY_SAYS, "this version has no table %.40s with those columns", table->name);
        return ERR_NOT_FOUND;
    }
    copy_sql(table, "FROM STDIN", sql);
    if (err == ERR_OK)
        PQclear(ask(copy, sql, "writing rows", says, &err));
    return err;
}

enum err copy_in_add(struct copy *copy, const void *bytes, size_t len, char says[static COPY_SAYS])
{
    need(len <= INT32_MAX);
    if (PQputCopyData(copy->pg, bytes, (int)len) == 1)
        return ERR_OK;
    snprintf(says, COPY_SAYS, "writing rows: the database went away");
    return ERR_DB_DOWN;
}

enum err copy_in_end(struct copy *copy, uint64_t *rows, char says[static COPY_SAYS])
{
    if (PQputCopyEnd(copy->pg, NULL) != 1) {
        snprintf(says, COPY_SAYS, "writing rows: the database went away");
        return ERR_DB_DOWN;
    }
    PGresult *result = PQgetResult(copy->pg);
    enum err err = take_count(result, rows, says, "writing rows");
    PQclear(result);
    PQclear(PQgetResult(copy->pg));
    return err;
}

enum err copy_counter_set(struct copy *copy, const char *table, int64_t number, char says[static COPY_SAYS])
{
    char text[24];
    const char *values[] = {table, text};
    snprintf(text, sizeof text, "%lld", (long long)number);
    PGresult *result =
        PQexecParams(copy->pg,
                     "SELECT setval(s.oid, $2::bigint) FROM pg_catalog.pg_class s"
                     " JOIN pg_catalog.pg_depend d ON d.objid = s.oid AND d.deptype = 'i'"
                     " JOIN pg_catalog.pg_class c ON c.oid = d.refobjid WHERE s.relkind = 'S' AND c.relname = $1"
                     " AND " IS_OURS,
                     2, NULL, values, NULL, NULL, 0);
    enum err err = PQresultStatus(result) == PGRES_TUPLES_OK ? ERR_OK : judge(result, says, "setting a counter");
    if (err == ERR_OK && PQntuples(result) != 1) {
        snprintf(says, COPY_SAYS, "this version has no counter of %.40s", table);
        err = ERR_NOT_FOUND;
    }
    PQclear(result);
    return err;
}
