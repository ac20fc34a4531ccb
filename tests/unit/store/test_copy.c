/* test_copy.c -- all rows of one moment while others write, and the same rows in an empty database. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/buf.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "store/copy.h"
#include "store/migrate.h"
#include "tests/support/pg_cluster.h"

enum { TABLES = 40, ROWS = 500, BYTES = 4 * 1024 * 1024 };

struct saved {
    struct copy_table tables[TABLES];
    struct buf bytes[TABLES];
    uint64_t rows[TABLES];
    size_t count;
    char counters[256];
};

static struct pg_cluster *cluster;
static struct saved saved;
static char says[COPY_SAYS], first[512], other[544];

/* Rows of every kind that has a key to another table or a number of its own. */
static const char FILL[] =
    "SET ROLE recourse_owner; SET search_path = recourse;"
    "INSERT INTO sealed_case SELECT gen_random_uuid(), 1, 'usual', '2033-11-01' FROM generate_series(1, %d);"
    "INSERT INTO case_key SELECT case_id, 1, 1, 1, decode(rpad('757375616c', 64, '0'), 'hex'), 3, '\\x01',"
    " decode(repeat('cd', 32), 'hex') FROM sealed_case ON CONFLICT DO NOTHING;"
    "INSERT INTO case_key SELECT case_id, 1, 1, 2, decode(repeat('ef', 32), 'hex'), 2, '\\x01',"
    " decode(repeat('cd', 32), 'hex') FROM sealed_case ON CONFLICT DO NOTHING;"
    "INSERT INTO message (row_id, case_id, office, door, incarnation, n, root, generation, part, author, body)"
    " SELECT gen_random_uuid(), case_id, 1, 1, 7, row_number() OVER (), 1, 1, 1, 1, '\\x00ff0a0d5c' FROM sealed_case;"
    "INSERT INTO inbox (desk, row_id) SELECT 'usual', row_id FROM message ON CONFLICT DO NOTHING;"
    "RESET ROLE";

static const char ONCE[] =
    "INSERT INTO recourse.round VALUES ('r1', 1, 'usual', 'T', '[]', now(), now() + interval '1 day');"
    "INSERT INTO recourse.partner VALUES (gen_random_uuid(), 1, 'Forum', decode(repeat('ab', 32), 'hex'), '{submit}')";

static void fill(int cases)
{
    char sql[4096];
    snprintf(sql, sizeof sql, FILL, cases);
    pg_cluster_run(cluster, sql);
}

static int suite_begin(void **state)
{
    (void)state;
    struct buf password = BUF_INIT(256);
    char folder[] = SOURCE_ROOT "/migrations";
    unsigned applied;
    cluster = pg_cluster_new();
    pg_cluster_migrate(cluster);
    pg_cluster_run(cluster, ONCE);
    fill(ROWS);
    pg_cluster_run(cluster, "CREATE DATABASE other OWNER recourse_operator TEMPLATE template0 ENCODING 'UTF8'");
    if (file_read(pg_cluster_password(cluster, "recourse_operator"), &password) != ERR_OK)
        return -1;
    int len = (int)strcspn(buf_text(&password), "\n");
    snprintf(first, sizeof first, "%s password=%.*s", pg_cluster_conninfo(cluster, "recourse_operator"), len,
             buf_text(&password));
    snprintf(other, sizeof other, "%s dbname=other", first);
    buf_free(&password);
    return migrate_run(other, NULL, folder, &applied, says) == ERR_OK ? 0 : -1;
}

static int suite_end(void **state)
{
    (void)state;
    for (size_t i = 0; i < saved.count; i++)
        buf_free(&saved.bytes[i]);
    pg_cluster_free(cluster);
    return 0;
}

/* ---- out ---- */

static enum err take_table(void *room, const struct copy_table *table)
{
    (void)room;
    assert_true(saved.count < TABLES);
    saved.bytes[saved.count] = BUF_INIT(BYTES);
    saved.tables[saved.count++] = *table;
    return ERR_OK;
}

static enum err take_bytes(void *room, const void *bytes, size_t len)
{
    return buf_add(room, bytes, len);
}

static enum err take_number(void *room, const char *name, int64_t number)
{
    size_t len = strlen(room);
    snprintf((char *)room + len, 256 - len, "%.12s=%d ", name, (int)number);
    return ERR_OK;
}

static void what_is_written_meanwhile_is_not_in_it(void **state)
{
    (void)state;
    struct copy *copy;
    uint64_t size;
    char epochs[256] = "";
    assert_int_equal(copy_open(first, &copy, says), ERR_OK);
    assert_int_equal(copy_size(copy, &size, says), ERR_OK);
    assert_true(size > ROWS * 100);
    /* Others go on: nobody waits for the copy. */
    fill(10);
    pg_cluster_run(cluster, "DELETE FROM recourse.inbox WHERE pos <= 5");
    assert_int_equal(copy_epochs(copy, take_number, epochs, says), ERR_OK);
    assert_string_equal(epochs, "=2 usual=3 ");
    assert_int_equal(copy_tables(copy, take_table, NULL, says), ERR_OK);
    for (size_t i = 0; i < saved.count; i++)
        assert_int_equal(copy_out(copy, &saved.tables[i], take_bytes, &saved.bytes[i], &saved.rows[i], says), ERR_OK);
    assert_int_equal(copy_counters(copy, take_number, saved.counters, says), ERR_OK);
    copy_close(copy);
    size_t desk = 0, round = 0;
    for (size_t i = 0; i < saved.count; i++) {
        const char *name = saved.tables[i].name;
        assert_string_not_equal(name, "migration");
        desk = strcmp(name, "desk") == 0 ? i : desk;
        round = strcmp(name, "round") == 0 ? i : round;
        if (strcmp(name, "sealed_case") == 0 || strcmp(name, "message") == 0 || strcmp(name, "inbox") == 0)
            assert_int_equal(saved.rows[i], ROWS);
    }
    assert_true(desk < round); /* a round points to a desk */
    assert_non_null(strstr(saved.counters, "message="));
}

/* ---- in ---- */

static void broken_rows_leave_nothing(void **state)
{
    (void)state;
    struct copy *copy;
    uint64_t rows;
    assert_int_equal(copy_open_empty(other, &copy, says), ERR_OK);
    for (size_t i = 0; i < saved.count; i++)
        if (strcmp(saved.tables[i].name, "sealed_case") == 0) {
            assert_int_equal(copy_in_begin(copy, &saved.tables[i], says), ERR_OK);
            assert_int_equal(copy_in_add(copy, saved.bytes[i].bytes, saved.bytes[i].len / 2, says), ERR_OK);
            assert_int_not_equal(copy_in_end(copy, &rows, says), ERR_OK);
            assert_non_null(strstr(says, "SQLSTATE"));
        }
    copy_close(copy);
    assert_int_equal(copy_open_empty(other, &copy, says), ERR_OK);
    copy_close(copy);
}

static void a_name_that_is_not_there_never_becomes_sql(void **state)
{
    (void)state;
    struct copy *copy;
    static const struct copy_table WRONG[] = {
        {"message", "row_id"},
        {"messages", "row_id"},
        {"migration", "number,name,sha256"},
        {"office\" (id) FROM PROGRAM 'true' --", "id"},
        {"office", "id\") FROM PROGRAM 'true' --"},
    };
    assert_int_equal(copy_open_empty(other, &copy, says), ERR_OK);
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++)
        assert_int_equal(copy_in_begin(copy, &WRONG[i], says), ERR_NOT_FOUND);
    assert_int_equal(copy_counter_set(copy, "office", 4, says), ERR_NOT_FOUND);
    copy_close(copy);
}

static void the_same_rows_are_there_and_numbers_go_on(void **state)
{
    (void)state;
    struct copy *copy;
    assert_int_equal(copy_open_empty(other, &copy, says), ERR_OK);
    for (size_t i = 0; i < saved.count; i++) {
        uint64_t rows;
        assert_int_equal(copy_in_begin(copy, &saved.tables[i], says), ERR_OK);
        assert_int_equal(copy_in_add(copy, saved.bytes[i].bytes, saved.bytes[i].len, says), ERR_OK);
        assert_int_equal(copy_in_end(copy, &rows, says), ERR_OK);
        assert_int_equal(rows, saved.rows[i]);
    }
    assert_int_equal(copy_counter_set(copy, "message", 2 * ROWS + 10, says), ERR_OK);
    assert_int_equal(copy_commit(copy, says), ERR_OK);
    copy_close(copy);
    /* Bytes are the same: what comes out again is what went in. */
    assert_int_equal(copy_open(other, &copy, says), ERR_OK);
    for (size_t i = 0; i < saved.count; i++) {
        struct buf again = BUF_INIT(BYTES);
        uint64_t rows;
        assert_int_equal(copy_out(copy, &saved.tables[i], take_bytes, &again, &rows, says), ERR_OK);
        assert_int_equal(again.len, saved.bytes[i].len);
        assert_memory_equal(buf_text(&again), buf_text(&saved.bytes[i]), again.len);
        buf_free(&again);
    }
    char counters[256] = "", wanted[32];
    assert_int_equal(copy_counters(copy, take_number, counters, says), ERR_OK);
    snprintf(wanted, sizeof wanted, "message=%d ", 2 * ROWS + 10);
    assert_non_null(strstr(counters, wanted));
    copy_close(copy);
}

static void a_database_with_rows_is_not_written_into(void **state)
{
    (void)state;
    struct copy *copy;
    assert_int_equal(copy_open_empty(other, &copy, says), ERR_CONFLICT);
    assert_string_equal(says, "there are rows in that database already");
    assert_null(copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_meanwhile_is_not_in_it),
        cmocka_unit_test(broken_rows_leave_nothing),
        cmocka_unit_test(a_name_that_is_not_there_never_becomes_sql),
        cmocka_unit_test(the_same_rows_are_there_and_numbers_go_on),
        cmocka_unit_test(a_database_with_rows_is_not_written_into),
    };
    return cmocka_run_group_tests(tests, suite_begin, suite_end);
}
