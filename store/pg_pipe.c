/* pg_pipe.c -- see pg_pipe.h. */
#include "store/pg_pipe.h"

#include <string.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "store/pg_error.h"

enum { OVERDUE_MS = 1000 };
enum group_kind { GROUP_UNIT, GROUP_PREPARE, GROUP_SESSION };

struct pg_group {
    struct pg_group *next;
    enum group_kind kind;
    struct store_unit *unit;                 /* GROUP_UNIT */
    const struct store_statement *statement; /* GROUP_PREPARE */
    unsigned at;                             /* statements whose NULL has come */
    int failed;                              /* `verdict` is of its first error */
    struct pg_verdict verdict;
};

static void pipe_push(struct pg_pipe *pipe, enum group_kind kind, struct store_unit *unit,
                      const struct store_statement *statement)
{
    struct pg_group *group = mem_new(sizeof *group);
    *group = (struct pg_group){.kind = kind, .unit = unit, .statement = statement};
    *pipe->last = group;
    pipe->last = &group->next;
    pipe->in_flight += kind == GROUP_UNIT;
}

static struct pg_group *pipe_pop(struct pg_pipe *pipe)
{
    struct pg_group *group = pipe->first;
    pipe->first = group->next;
    if (!pipe->first)
        pipe->last = &pipe->first;
    pipe->in_flight -= group->kind == GROUP_UNIT;
    return group;
}

static int pipe_is_open(const struct pg_pipe *pipe)
{
    return pipe->conn.state == PG_CONN_OPEN;
}

/* --- sending --- */

static int pipe_is_prepared(const struct pg_pipe *pipe, const struct store_statement *statement)
{
    for (unsigned i = 0; i < pipe->prepared_count; i++)
        if (pipe->prepared[i] == statement)
            return 1;
    return 0;
}

static void pipe_forget_statement(struct pg_pipe *pipe, const struct store_statement *statement)
{
    for (unsigned i = 0; i < pipe->prepared_count; i++)
        if (pipe->prepared[i] == statement) {
            pipe->prepared[i] = pipe->prepared[--pipe->prepared_count];
            return;
        }
}

/* In a sync group of its own: an error elsewhere must not undo it while later units count on it. */
static int pipe_prepare(struct pg_pipe *pipe, const struct unit_call *call)
{
    Oid types[STORE_PARAMS_MAX];
    for (unsigned i = 0; i < call->given; i++)
        types[i] = call->params[i].oid;
    need(pipe->prepared_count < PG_PIPE_STATEMENTS_MAX);
    pipe->prepared[pipe->prepared_count++] = call->statement;
    pipe_push(pipe, GROUP_PREPARE, NULL, call->statement);
    return PQsendPrepare(pipe->conn.pg, call->statement->name, call->statement->sql, (int)call->given, types) &&
           PQpipelineSync(pipe->conn.pg);
}

static int pipe_execute(struct pg_pipe *pipe, const struct unit_call *call)
{
    const char *values[STORE_PARAMS_MAX];
    int lengths[STORE_PARAMS_MAX], formats[STORE_PARAMS_MAX];
    for (unsigned i = 0; i < call->given; i++) {
        values[i] = (const char *)call->params[i].bytes;
        lengths[i] = (int)call->params[i].len;
        formats[i] = 1;
    }
    return PQsendQueryPrepared(pipe->conn.pg, call->statement->name, (int)call->given, values, lengths, formats, 1);
}

void pg_pipe_send(struct pg_pipe *pipe, struct store_unit *unit)
{
    need(pg_pipe_has_room(pipe) && unit->count > 0);
    int sent = 1;
    for (unsigned i = 0; i < unit->count && sent; i++)
        if (!pipe_is_prepared(pipe, unit->calls[i].statement))
            sent = pipe_prepare(pipe, &unit->calls[i]);
    unit->was_sent = 1;
    pipe_push(pipe, GROUP_UNIT, unit, NULL);
    for (unsigned i = 0; i < unit->count && sent; i++)
        sent = pipe_execute(pipe, &unit->calls[i]);
    if (!sent || !PQpipelineSync(pipe->conn.pg))
        pg_conn_fail(&pipe->conn, "send");
}

void pg_pipe_flush(struct pg_pipe *pipe)
{
    pg_conn_flush(&pipe->conn);
}

int pg_pipe_has_room(const struct pg_pipe *pipe)
{
    return pipe->is_up && pipe_is_open(pipe) && pipe->in_flight < PG_PIPE_IN_FLIGHT_MAX;
}

/* --- receiving --- */

static const char *group_name(const struct pg_group *group)
{
    if (group->kind == GROUP_SESSION)
        return "session";
    if (group->kind == GROUP_PREPARE)
        return group->statement->name;
    return group->unit->calls[group->at < group->unit->count ? group->at : group->unit->count - 1].statement->name;
}

/* Returns 0 when the connection is useless now. */
static int group_failed(struct pg_pipe *pipe, struct pg_group *group, const PGresult *result)
{
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    struct pg_verdict verdict = pg_error_judge(sqlstate);
    /* Unknown statement: its PREPARE, just before, told why. */
    if (sqlstate && strcmp(sqlstate, "26000") == 0 && pipe->prepare_err != ERR_OK)
        verdict = (struct pg_verdict){pipe->prepare_err, PG_FATE_FINAL};
    if (verdict.err == ERR_DB_REFUSED || verdict.err == ERR_BUSY || verdict.err == ERR_TIMEOUT ||
        verdict.fate != PG_FATE_FINAL)
        log_warn("db_error", LOG_NAME("statement", group_name(group)), LOG_NAME("sqlstate", sqlstate));
    if (verdict.fate == PG_FATE_CONNECTION)
        return 0;
    if (!group->failed)
        group->verdict = verdict;
    group->failed = 1;
    return 1;
}

static void group_keep(struct pg_group *group, PGresult *result)
{
    if (group->kind != GROUP_UNIT || group->at >= group->unit->count || group->unit->calls[group->at].result) {
        PQclear(result);
        return;
    }
    group->unit->calls[group->at].result = result;
}

static void pipe_finish_unit(struct pg_pipe *pipe, const struct pg_group *group)
{
    struct store_unit *unit = group->unit;
    if (group->failed && group->verdict.fate == PG_FATE_RETRY && unit->again)
        pipe->calls->unfinished(pipe->owner, unit);
    else if (group->failed)
        pipe->calls->finished(pipe->owner, unit, group->verdict.err);
    else if (pipe->conn.warned)
        pipe->calls->finished(pipe->owner, unit, ERR_DB_UNKNOWN);
    else
        pipe->calls->finished(pipe->owner, unit, ERR_OK);
}

static void pipe_synced(struct pg_pipe *pipe)
{
    struct pg_group *group = pipe_pop(pipe);
    pg_conn_works(&pipe->conn);
    if (group->kind == GROUP_PREPARE && group->failed) {
        pipe_forget_statement(pipe, group->statement);
        pipe->prepare_err = group->verdict.err;
    }
    if (group->kind == GROUP_SESSION && group->failed)
        pg_conn_fail(&pipe->conn, "session");
    if (group->kind == GROUP_UNIT)
        pipe_finish_unit(pipe, group);
    pipe->conn.warned = 0;
    if (!pipe->is_up && pipe_is_open(pipe) && !pipe->first) {
        pipe->is_up = 1;
        pipe->calls->up(pipe->owner);
    }
    mem_free(group);
}

/* One result or end of statement. Returns 0 when nothing more can be read now. */
static int pipe_read_one(struct pg_pipe *pipe, int *nulls)
{
    PGresult *result = PQgetResult(pipe->conn.pg);
    if (!result) {
        /* Two in a row mean that there is nothing: a dead connection says NULL for ever. */
        pipe->first->at++;
        return ++*nulls < 2;
    }
    *nulls = 0;
    switch (PQresultStatus(result)) {
    case PGRES_TUPLES_OK:
    case PGRES_COMMAND_OK:
        group_keep(pipe->first, result);
        return 1;
    case PGRES_PIPELINE_SYNC:
        PQclear(result);
        pipe_synced(pipe);
        return 1;
    case PGRES_PIPELINE_ABORTED:
        PQclear(result);
        return 1;
    default: {
        int useful = group_failed(pipe, pipe->first, result);
        PQclear(result);
        if (!useful)
            pg_conn_fail(&pipe->conn, "server");
        return useful;
    }
    }
}

static void pipe_readable(void *owner)
{
    struct pg_pipe *pipe = owner;
    int nulls = 0;
    while (pipe_is_open(pipe) && pipe->first && !PQisBusy(pipe->conn.pg))
        if (!pipe_read_one(pipe, &nulls))
            break;
    if (pipe_is_open(pipe) && PQstatus(pipe->conn.pg) != CONNECTION_OK)
        pg_conn_fail(&pipe->conn, "gone");
}

/* --- coming and going --- */

static void pipe_opened(void *owner)
{
    struct pg_pipe *pipe = owner;
    pipe->prepared_count = 0;
    pipe->prepare_err = ERR_OK;
    if (!PQenterPipelineMode(pipe->conn.pg)) {
        pg_conn_fail(&pipe->conn, "pipeline");
        return;
    }
    int sent = 1;
    for (const char *const *sql = pipe->session_sql; sql && *sql && sent; sql++) {
        pipe_push(pipe, GROUP_SESSION, NULL, NULL);
        sent = PQsendQueryParams(pipe->conn.pg, *sql, 0, NULL, NULL, NULL, NULL, 1) && PQpipelineSync(pipe->conn.pg);
    }
    if (!sent) {
        pg_conn_fail(&pipe->conn, "session");
    } else if (!pipe->first) {
        pipe->is_up = 1;
        pipe->calls->up(pipe->owner);
    } else {
        pg_conn_flush(&pipe->conn);
    }
}

/* The queue is taken off first: what is called here may submit, or free the store. */
static void pipe_lost(void *owner)
{
    struct pg_pipe *pipe = owner;
    struct pg_group *group = pipe->first;
    pipe->first = NULL;
    pipe->last = &pipe->first;
    pipe->in_flight = 0;
    pipe->is_up = 0;
    while (group) {
        struct pg_group *next = group->next;
        if (group->kind == GROUP_UNIT && group->failed && group->verdict.fate == PG_FATE_FINAL)
            pipe->calls->finished(pipe->owner, group->unit, group->verdict.err);
        else if (group->kind == GROUP_UNIT)
            pipe->calls->unfinished(pipe->owner, group->unit);
        mem_free(group);
        group = next;
    }
}

static const struct pg_conn_owner pipe_as_owner = {pipe_opened, pipe_readable, pipe_lost};

void pg_pipe_init(struct pg_pipe *pipe, struct loop *loop, const char *conninfo, const char *password_path,
                  const char *const *session_sql, const struct pg_pipe_owner *calls, void *owner)
{
    *pipe = (struct pg_pipe){.calls = calls, .owner = owner, .session_sql = session_sql, .last = &pipe->first};
    pg_conn_init(&pipe->conn, loop, conninfo, password_path, &pipe_as_owner, pipe);
}

void pg_pipe_empty(struct pg_pipe *pipe, void (*each)(void *owner, struct store_unit *unit))
{
    while (pipe->first) {
        struct pg_group *group = pipe_pop(pipe);
        if (group->kind == GROUP_UNIT)
            each(pipe->owner, group->unit);
        mem_free(group);
    }
    pipe->is_up = 0;
}

void pg_pipe_close(struct pg_pipe *pipe)
{
    pg_conn_close(&pipe->conn);
}

void pg_pipe_tick(struct pg_pipe *pipe, int64_t now)
{
    pg_conn_tick(&pipe->conn, now);
    int overdue = 0;
    for (struct pg_group *group = pipe->first; group; group = group->next) {
        if (group->kind != GROUP_UNIT)
            continue;
        overdue |= now > group->unit->deadline + OVERDUE_MS;
        if (now > group->unit->deadline && !group->unit->answered) {
            store_unit_answer(group->unit, ERR_DB_UNKNOWN);
            /* The callback may have freed the store: look again next time. */
            if (!pipe->first)
                return;
        }
    }
    if (overdue)
        pg_conn_fail(&pipe->conn, "deadline");
}
