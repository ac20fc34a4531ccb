/* test_roles.c -- logs in as each role and tries everything that is there: every table in every way, every function.
 * What is not on the short lists below must be refused. New tables and functions are found by themselves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/file.h"
#include "tests/support/pg_cluster.h"

#define DENIED "42501"
#define OURS   "n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname NOT LIKE 'pg_temp%'"

/* Who may call the functions of which schema. */
static const struct {
    const char *role, *schema;
} may_call[] = {
    {"recourse_intake", "door_intake"},
    {"recourse_sms", "door_sms"},
    {"recourse_triage", "door_console"},
    {"recourse_audit", "door_audit"},
    {"recourse_operator", "door_operator"},
    {"recourse_vault_usual", "door_vault"},
    {"recourse_vault_safeguarding", "door_vault"},
};
enum { ROLES = sizeof may_call / sizeof *may_call };

/* Functions of the doors that nobody calls from outside. */
static const char *const inner_functions[] = {"door_vault.lock_key", "door_vault.conflict_unless",
                                              "door_vault.must_own"};

/* The one table that a login role owns. */
static int may_touch(const char *role, const char *table)
{
    return strcmp(role, "recourse_operator") == 0 && strcmp(table, "recourse.migration") == 0;
}

static struct pg_cluster *cluster;

static int suite_begin(void **state)
{
    (void)state;
    cluster = pg_cluster_new();
    pg_cluster_migrate(cluster);
    return 0;
}

static int suite_end(void **state)
{
    (void)state;
    pg_cluster_free(cluster);
    return 0;
}

/* Run in a transaction that is rolled back; the SQLSTATE, or "" when it worked. */
static const char *attempt(PGconn *pg, const char *sql)
{
    static char state[6];
    PQclear(PQexec(pg, "BEGIN"));
    PGresult *result = PQexec(pg, sql);
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    snprintf(state, sizeof state, "%s", sqlstate ? sqlstate : "");
    PQclear(result);
    PQclear(PQexec(pg, "ROLLBACK"));
    return state;
}

static PGresult *list(const char *sql)
{
    PGconn *pg = pg_cluster_connect(cluster, "postgres");
    PGresult *result = PQexec(pg, sql);
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        fail_msg("%s", PQerrorMessage(pg));
    PQfinish(pg);
    return result;
}

/* A role that logs in is on the list above, or nobody has said what it may. */
static void no_role_is_left_out(void **state)
{
    (void)state;
    PGresult *roles = list("SELECT rolname FROM pg_roles WHERE rolcanlogin AND rolname LIKE 'recourse%'");
    assert_int_equal(PQntuples(roles), ROLES);
    for (int i = 0; i < PQntuples(roles); i++) {
        unsigned r = 0;
        while (r < ROLES && strcmp(may_call[r].role, PQgetvalue(roles, i, 0)) != 0)
            r++;
        if (r == ROLES)
            fail_msg("nothing is said about %s", PQgetvalue(roles, i, 0));
    }
    PQclear(roles);
}

/* What cannot be tried by one statement: a right to a single column, to triggers and references, to make things in a
 * schema or the database, to types and languages of ours. Rights that come by membership count. */
static void no_role_has_a_right_that_is_not_tried(void **state)
{
    (void)state;
    PGresult *rights =
        list("SELECT u.rolname, n.nspname || '.' || c.relname FROM pg_roles u, pg_class c JOIN pg_namespace n ON"
             " n.oid = c.relnamespace WHERE " OURS " AND u.rolcanlogin AND u.rolname LIKE 'recourse%'"
             " AND c.relkind IN ('r', 'v', 'm', 'p', 'f') AND"
             " (has_table_privilege(u.oid, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')"
             "  OR has_any_column_privilege(u.oid, c.oid, 'SELECT, INSERT, UPDATE, REFERENCES'))"
             " UNION ALL SELECT u.rolname, n.nspname FROM pg_roles u, pg_namespace n WHERE " OURS
             " AND u.rolcanlogin AND u.rolname LIKE 'recourse%' AND u.rolname <> 'recourse_operator'"
             " AND has_schema_privilege(u.oid, n.oid, 'CREATE')"
             " UNION ALL SELECT u.rolname, d.datname FROM pg_roles u, pg_database d WHERE d.datname = 'recourse'"
             " AND u.rolcanlogin AND u.rolname LIKE 'recourse%' AND u.rolname <> 'recourse_operator'"
             " AND has_database_privilege(u.oid, d.oid, 'CREATE, TEMPORARY')");
    for (int i = 0; i < PQntuples(rights); i++)
        if (!may_touch(PQgetvalue(rights, i, 0), PQgetvalue(rights, i, 1)))
            fail_msg("%s has a right to %s", PQgetvalue(rights, i, 0), PQgetvalue(rights, i, 1));
    PQclear(rights);
}

static void no_role_touches_a_table(void **state)
{
    (void)state;
    static const struct {
        const char *before, *after; /* the table's name */
    } ways[] = {{"SELECT 1 FROM", "LIMIT 1"},
                {"INSERT INTO", "DEFAULT VALUES"},
                {"DELETE FROM", ""},
                {"TRUNCATE", ""},
                {"LOCK TABLE", ""},
                {"COPY", "TO STDOUT"},
                {"ALTER TABLE", "DISABLE ROW LEVEL SECURITY"}};
    PGresult *tables = list("SELECT n.nspname || '.' || c.relname, (SELECT quote_ident(a.attname) FROM pg_attribute a"
                            " WHERE a.attrelid = c.oid AND a.attnum > 0 AND a.attidentity = '' ORDER BY a.attnum LIMIT "
                            "1) FROM pg_class c JOIN pg_namespace n ON"
                            " n.oid = c.relnamespace WHERE " OURS " AND c.relkind IN ('r', 'v', 'm', 'p', 'f')");
    assert_true(PQntuples(tables) >= 20);
    for (unsigned r = 0; r < ROLES; r++) {
        PGconn *pg = pg_cluster_connect(cluster, may_call[r].role);
        for (int t = 0; t < PQntuples(tables); t++) {
            const char *table = PQgetvalue(tables, t, 0), *column = PQgetvalue(tables, t, 1);
            char sql[256];
            if (may_touch(may_call[r].role, table))
                continue;
            for (unsigned w = 0; w < sizeof ways / sizeof *ways; w++) {
                snprintf(sql, sizeof sql, "%s %s %s", ways[w].before, table, ways[w].after);
                if (strcmp(attempt(pg, sql), DENIED) != 0)
                    fail_msg("%s may: %s", may_call[r].role, sql);
            }
            snprintf(sql, sizeof sql, "UPDATE %s SET %s = NULL", table, column);
            if (strcmp(attempt(pg, sql), DENIED) != 0)
                fail_msg("%s may: %s", may_call[r].role, sql);
        }
        PQfinish(pg);
    }
    PQclear(tables);
}

static void no_role_draws_from_a_sequence(void **state)
{
    (void)state;
    PGresult *sequences = list("SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON"
                               " n.oid = c.relnamespace WHERE " OURS " AND c.relkind = 'S'");
    assert_true(PQntuples(sequences) >= 3);
    for (unsigned r = 0; r < ROLES; r++) {
        PGconn *pg = pg_cluster_connect(cluster, may_call[r].role);
        for (int s = 0; s < PQntuples(sequences); s++) {
            char sql[256];
            snprintf(sql, sizeof sql, "SELECT nextval('%s')", PQgetvalue(sequences, s, 0));
            assert_string_equal(attempt(pg, sql), DENIED);
        }
        PQfinish(pg);
    }
    PQclear(sequences);
}

static int is_inner(const char *function)
{
    for (size_t i = 0; i < sizeof inner_functions / sizeof *inner_functions; i++)
        if (strcmp(inner_functions[i], function) == 0)
            return 1;
    return 0;
}

static void each_role_calls_its_own_doors_functions_alone(void **state)
{
    (void)state;
    PGresult *functions =
        list("SELECT n.nspname, n.nspname || '.' || p.proname, coalesce((SELECT string_agg('NULL::' || format_type(t, "
             "NULL), ', '"
             " ORDER BY i) FROM unnest(p.proargtypes) WITH ORDINALITY AS u(t, i)), '')"
             " FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE " OURS " ORDER BY 2");
    assert_true(PQntuples(functions) >= 50);
    for (unsigned r = 0; r < ROLES; r++) {
        PGconn *pg = pg_cluster_connect(cluster, may_call[r].role);
        unsigned allowed = 0;
        for (int f = 0; f < PQntuples(functions); f++) {
            const char *schema = PQgetvalue(functions, f, 0), *name = PQgetvalue(functions, f, 1);
            int may = strcmp(schema, may_call[r].schema) == 0 && !is_inner(name);
            char sql[2048];
            snprintf(sql, sizeof sql, "SELECT %s(%s)", name, PQgetvalue(functions, f, 2));
            int refused = strcmp(attempt(pg, sql), DENIED) == 0;
            if (may == refused)
                fail_msg("%s %s: %s", may_call[r].role, may ? "may not" : "may", sql);
            allowed += (unsigned)may;
        }
        assert_true(allowed >= 1);
        PQfinish(pg);
    }
    PQclear(functions);
}

static void no_role_makes_or_becomes_anything(void **state)
{
    (void)state;
    static const char *const deeds[] = {
        "CREATE TABLE public.x (i int)",
        "CREATE TABLE recourse.x (i int)",
        "CREATE TABLE door_intake.x (i int)",
        "CREATE TEMP TABLE x (i int)",
        "CREATE SCHEMA x",
        "CREATE ROLE x",
        "ALTER ROLE recourse_intake SUPERUSER",
        "ALTER ROLE recourse_owner PASSWORD 'x'",
        "SET ROLE recourse_owner",
        "SET ROLE recourse_door_vault",
        "SET ROLE postgres",
        "SET SESSION AUTHORIZATION recourse_operator",
        "SELECT pg_read_file('/etc/passwd')",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "SELECT pg_terminate_backend(1), lo_import('/etc/passwd')",
    };
    for (unsigned r = 0; r < ROLES; r++) {
        if (strcmp(may_call[r].role, "recourse_operator") == 0)
            continue; /* it migrates and makes roles: see the next story */
        PGconn *pg = pg_cluster_connect(cluster, may_call[r].role);
        for (unsigned d = 0; d < sizeof deeds / sizeof *deeds; d++)
            if (strcmp(attempt(pg, deeds[d]), DENIED) != 0)
                fail_msg("%s may: %s", may_call[r].role, deeds[d]);
        PQfinish(pg);
    }
}

static void the_operator_is_no_superuser(void **state)
{
    (void)state;
    static const char *const deeds[] = {"SET ROLE postgres",
                                        "SET SESSION AUTHORIZATION recourse_vault_usual",
                                        "ALTER ROLE recourse_intake SUPERUSER",
                                        "SELECT pg_read_file('/etc/passwd')",
                                        "COPY (SELECT 1) TO PROGRAM 'true'",
                                        "SELECT door_vault.inbox(0, 1)"};
    PGconn *pg = pg_cluster_connect(cluster, "recourse_operator");
    for (unsigned d = 0; d < sizeof deeds / sizeof *deeds; d++)
        if (strcmp(attempt(pg, deeds[d]), DENIED) != 0)
            fail_msg("recourse_operator may: %s", deeds[d]);
    PQfinish(pg);
}

static void nothing_is_granted_to_everyone(void **state)
{
    (void)state;
    assert_int_equal(
        pg_cluster_number(
            cluster, "SELECT count(*) FROM ("
                     " SELECT x.grantee FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,"
                     "  aclexplode(c.relacl) x WHERE " OURS " UNION ALL SELECT x.grantee FROM pg_attribute a JOIN "
                     "pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON"
                     "  n.oid = c.relnamespace, aclexplode(a.attacl) x WHERE " OURS
                     " UNION ALL SELECT x.grantee FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace,"
                     "  aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x WHERE " OURS
                     " UNION ALL SELECT x.grantee FROM pg_namespace n, aclexplode(n.nspacl) x WHERE " OURS
                     " UNION ALL SELECT x.grantee FROM pg_database d,"
                     "  aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) x WHERE d.datname = 'recourse') g "
                     "WHERE g.grantee = 0"),
        0);
    assert_int_equal(
        pg_cluster_number(
            cluster,
            "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'recourse%' AND (rolsuper OR rolcreatedb OR rolbypassrls "
            "OR"
            " rolreplication OR (rolcreaterole AND rolname <> 'recourse_operator')"
            " OR (rolcanlogin AND rolname LIKE 'recourse_door%') OR (rolname = 'recourse_owner' AND rolcanlogin)"
            " OR (rolname = 'recourse_operator' AND rolinherit))"),
        0);
    /* Login roles belong to no role but the vaults' group. */
    assert_int_equal(pg_cluster_number(cluster,
                                       "SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid "
                                       "JOIN pg_roles u ON u.oid = m.member"
                                       " WHERE u.rolname LIKE 'recourse%' AND u.rolname <> 'recourse_operator'"
                                       " AND NOT (r.rolname = 'recourse_vault' AND u.rolname LIKE 'recourse_vault_%')"),
                     0);
}

static void every_table_with_a_desk_has_row_security(void **state)
{
    (void)state;
    assert_true(pg_cluster_number(cluster, "SELECT count(*) FROM pg_class WHERE relrowsecurity") >= 12);
    assert_int_equal(
        pg_cluster_number(cluster,
                          "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE " OURS
                          " AND c.relkind = 'r' AND NOT c.relrowsecurity AND EXISTS (SELECT FROM pg_attribute a WHERE "
                          "a.attrelid = c.oid"
                          " AND a.attname IN ('desk', 'case_id'))"),
        0);
    /* Functions with the owner's rights fix their search path. */
    assert_int_equal(
        pg_cluster_number(cluster,
                          "SELECT count(*) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE " OURS
                          " AND p.prosecdef"
                          " AND NOT coalesce('search_path=pg_catalog, recourse' = ANY (p.proconfig), false)"),
        0);
}

static void answers_mean_stored_whatever_the_server_says(void **state)
{
    (void)state;
    pg_cluster_run(cluster, "ALTER SYSTEM SET synchronous_commit = off");
    pg_cluster_run(cluster, "SELECT pg_reload_conf()");
    for (unsigned r = 0; r < ROLES; r++) {
        if (strcmp(may_call[r].role, "recourse_operator") == 0)
            continue;
        PGconn *pg = pg_cluster_connect(cluster, may_call[r].role);
        PGresult *result = PQexec(pg, "SHOW synchronous_commit");
        assert_string_equal(PQgetvalue(result, 0, 0), "on");
        PQclear(result);
        result = PQexec(pg, "SHOW statement_timeout");
        assert_string_not_equal(PQgetvalue(result, 0, 0), "0");
        PQclear(result);
        PQfinish(pg);
    }
    pg_cluster_run(cluster, "ALTER SYSTEM RESET synchronous_commit");
    pg_cluster_run(cluster, "SELECT pg_reload_conf()");
}

static void the_servers_log_holds_no_content(void **state)
{
    (void)state;
    PGconn *pg = pg_cluster_connect(cluster, "recourse_intake");
    const char *canary[] = {"the heron stands in the mill race"};
    PQclear(
        PQexecParams(pg, "SELECT door_intake.round($1), 1 / length(substr($1, 999))", 1, NULL, canary, NULL, NULL, 0));
    PQclear(PQexec(pg, "SELECT 'the heron stands in the mill race'::int"));
    PQfinish(pg);
    pg = pg_cluster_connect(cluster, "postgres");
    PQclear(PQexec(pg, "INSERT INTO recourse.desk (code, office) VALUES ('the heron stands in the mill race', 1)"));
    PQfinish(pg);
    char path[256];
    snprintf(path, sizeof path, "%s/log", pg_cluster_folder(cluster));
    struct buf log = BUF_INIT(1 << 24);
    assert_int_equal(file_read(path, &log), ERR_OK);
    assert_non_null(strstr(buf_text(&log), "division by zero"));
    if (strstr(buf_text(&log), "INSERT INTO") || strstr(buf_text(&log), "Failing row"))
        fail_msg("the server's log holds statements or rows");
    buf_free(&log);
}

int main(void)
{
    const struct CMUnitTest stories[] = {
        cmocka_unit_test(no_role_is_left_out),
        cmocka_unit_test(no_role_has_a_right_that_is_not_tried),
        cmocka_unit_test(no_role_touches_a_table),
        cmocka_unit_test(no_role_draws_from_a_sequence),
        cmocka_unit_test(each_role_calls_its_own_doors_functions_alone),
        cmocka_unit_test(no_role_makes_or_becomes_anything),
        cmocka_unit_test(the_operator_is_no_superuser),
        cmocka_unit_test(nothing_is_granted_to_everyone),
        cmocka_unit_test(every_table_with_a_desk_has_row_security),
        cmocka_unit_test(answers_mean_stored_whatever_the_server_says),
        cmocka_unit_test(the_servers_log_holds_no_content),
    };
    return cmocka_run_group_tests(stories, suite_begin, suite_end);
}
