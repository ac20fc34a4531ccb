/* test_store.c -- the core: one unit, one transaction, one true answer, whatever its neighbours in the pipeline do. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/base/clock.h"
#include "store/pg_array.h"
#include "store/pg_error.h"
#include "store/store.h"
#include "tests/support/pg_cluster.h"

enum { MANY = 10000 };

static struct pg_cluster *cluster;
static struct loop *loop;
static struct store *store;
static struct {
    int calls;
    enum err err;
    int64_t number;
} answers[MANY];
static unsigned waiting, ups, bells;
static char channels[256];

static const struct store_statement echo = {"test_echo", "SELECT $1::int8 + 1", 1};
static const struct store_statement insert = {"test_insert", "INSERT INTO t VALUES ($1::int8)", 1};
static const struct store_statement insert_late = {"test_insert_late", "INSERT INTO late VALUES ($1::int8)", 1};
static const struct store_statement divide = {"test_divide", "SELECT 1 / $1::int8", 1};
static const struct store_statement raise_as = {"test_raise", "SELECT raise_as($1::text)", 1};
static const struct store_statement nap = {"test_sleep", "SELECT pg_sleep(0.001 * $1::int8)", 1};
static const struct store_statement future = {"test_future", "SELECT future_function($1::int8)", 1};
static const struct store_statement big = {"test_big", "SELECT $1::bytea, length($1::bytea)::int8", 1};

static void answered(void *room, uint64_t tag, enum err err, const struct store_result *result)
{
    (void)room;
    assert_true((err == ERR_OK) == (result != NULL));
    answers[tag].calls++;
    answers[tag].err = err;
    if (result && store_rows(result, 0) == 1 && !store_is_null(result, 0, 0, 0)) {
        size_t len;
        store_bytes(result, 0, 0, 0, &len);
        answers[tag].number = len == 8 ? store_i64(result, 0, 0, 0) : (int64_t)len;
    }
    if (--waiting == 0)
        loop_stop(loop);
}

static void add(struct store_unit *unit, const struct store_statement *statement, int64_t v)
{
    store_begin(unit, statement);
    store_put_i64(unit, v);
    store_end(unit);
}

static void submit(uint64_t tag, struct store_unit *unit, int64_t deadline_ms)
{
    waiting++;
    store_submit(store, unit, deadline_ms, answered, NULL, tag);
    assert_int_equal(answers[tag].calls, 0);
}

static void submit_one(uint64_t tag, const struct store_statement *statement, int64_t v, int again)
{
    struct store_unit *unit = store_unit_new(again);
    add(unit, statement, v);
    submit(tag, unit, 8000);
}

static void enough(void *room, int64_t now)
{
    if (now > *(int64_t *)room)
        loop_stop(loop);
}

static void wait_all(int64_t most_ms)
{
    int64_t until = clock_ms() + most_ms;
    loop_on_tick(loop, enough, &until);
    if (waiting)
        loop_run(loop);
    loop_off_tick(loop, enough, &until);
    assert_int_equal(waiting, 0);
}

static void expect(uint64_t tag, enum err err)
{
    assert_int_equal(answers[tag].calls, 1);
    assert_string_equal(err_name(answers[tag].err), err_name(err));
}

static void went_up(void *room)
{
    (void)room;
    ups++;
}

static void heard(void *room, const char *channel)
{
    (void)room;
    bells++;
    strcat(strcat(channels, "/"), channel);
    loop_stop(loop);
}

static const char *const session_sql[] = {"SET application_name = 'story'", "SET search_path = public", NULL};

static int begin(void **state)
{
    (void)state;
    memset(answers, 0, sizeof answers);
    waiting = ups = bells = 0;
    channels[0] = 0;
    loop = loop_new();
    store = store_new(loop, &(struct store_options){.conninfo = pg_cluster_conninfo(cluster, "postgres"),
                                                    .connections = 1,
                                                    .on_up = went_up,
                                                    .session_sql = session_sql});
    pg_cluster_run(cluster, "TRUNCATE t, late");
    return 0;
}

static int end(void **state)
{
    (void)state;
    store_free(store);
    loop_free(loop);
    return 0;
}

static void a_failing_unit_leaves_its_neighbours_alone(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 40; i++) {
        struct store_unit *unit = store_unit_new(0);
        add(unit, &insert, (int64_t)i);
        add(unit, i % 4 == 1 ? &divide : &echo, 0);
        submit(i, unit, 8000);
    }
    wait_all(10000);
    for (uint64_t i = 0; i < 40; i++)
        expect(i, i % 4 == 1 ? ERR_DB_REFUSED : ERR_OK);
    assert_int_equal(pg_cluster_number(cluster, "SELECT count(*) FROM t"), 30);
    assert_int_equal(pg_cluster_number(cluster, "SELECT count(*) FROM t WHERE i % 4 = 1"), 0);
    assert_int_equal(ups, 1);
}

static void an_error_at_commit_is_no_success(void **state)
{
    (void)state;
    submit_one(0, &insert_late, 1, 0);
    submit_one(1, &insert_late, -1, 0); /* refused by a trigger that runs at COMMIT */
    submit_one(2, &insert_late, 2, 0);
    wait_all(10000);
    expect(0, ERR_OK);
    expect(1, ERR_DB_REFUSED);
    expect(2, ERR_OK);
    assert_int_equal(pg_cluster_number(cluster, "SELECT count(*) FROM late"), 2);
}

static void our_own_sqlstates_have_their_meaning(void **state)
{
    (void)state;
    static const struct {
        const char *sqlstate;
        enum err err;
    } meant[] = {{"RC001", ERR_CONFLICT}, {"RC002", ERR_NOT_FOUND}, {"RC003", ERR_DENIED},    {"RC004", ERR_AGAIN},
                 {"42501", ERR_DENIED},   {"53100", ERR_BUSY},      {"23505", ERR_DB_REFUSED}};
    for (uint64_t i = 0; i < sizeof meant / sizeof *meant; i++) {
        struct store_unit *unit = store_unit_new(1);
        store_begin(unit, &raise_as);
        store_put_text(unit, meant[i].sqlstate);
        store_end(unit);
        submit(i, unit, 8000);
    }
    wait_all(10000);
    for (uint64_t i = 0; i < sizeof meant / sizeof *meant; i++)
        expect(i, meant[i].err);
    assert_int_equal(pg_error_judge("57P01").fate, PG_FATE_CONNECTION);
    assert_int_equal(pg_error_judge("40P01").fate, PG_FATE_RETRY);
    assert_int_equal(pg_error_judge("0A000").fate, PG_FATE_CONNECTION); /* "cached plan must not change result type" */
    assert_int_equal(pg_error_judge("57014").err, ERR_TIMEOUT);
    assert_int_equal(pg_error_judge("55P03").err, ERR_TIMEOUT);
    assert_int_equal(pg_error_judge(NULL).fate, PG_FATE_CONNECTION);
}

static void a_warning_makes_the_answer_unknown(void **state)
{
    (void)state;
    struct store_unit *unit = store_unit_new(1);
    store_begin(unit, &raise_as);
    store_put_text(unit, "WARN");
    store_end(unit);
    submit(0, unit, 8000);
    submit_one(1, &echo, 41, 1);
    wait_all(10000);
    expect(0, ERR_DB_UNKNOWN);
    expect(1, ERR_OK);
    assert_int_equal(answers[1].number, 42);
}

static void what_may_run_again_does_and_what_may_not_is_unknown(void **state)
{
    (void)state;
    submit_one(0, &echo, 1, 1);
    wait_all(10000);
    submit_one(1, &nap, 700, 1);
    submit_one(2, &nap, 700, 0);
    submit_one(3, &echo, 6, 1);
    int64_t until = clock_ms() + 200;
    loop_on_tick(loop, enough, &until);
    loop_run(loop);
    loop_off_tick(loop, enough, &until);
    pg_cluster_run(cluster, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'story'");
    wait_all(10000);
    expect(1, ERR_OK);
    expect(2, ERR_DB_UNKNOWN);
    expect(3, ERR_OK);
    assert_int_equal(ups, 2);
}

static void a_statement_that_could_not_be_prepared_can_be_later(void **state)
{
    (void)state;
    pg_cluster_run(cluster, "DROP FUNCTION IF EXISTS future_function");
    submit_one(0, &future, 1, 1);
    submit_one(1, &future, 1, 1);
    wait_all(10000);
    expect(0, ERR_TIMEOUT);
    expect(1, ERR_TIMEOUT);
    pg_cluster_run(cluster, "CREATE FUNCTION future_function(int8) RETURNS int8 LANGUAGE sql AS 'SELECT $1 * 2'");
    submit_one(2, &future, 4, 1);
    wait_all(10000);
    expect(2, ERR_OK);
    assert_int_equal(answers[2].number, 8);
}

static void much_in_both_directions_does_not_stall(void **state)
{
    (void)state;
    static uint8_t bytes[1 << 20];
    for (uint64_t i = 0; i < 24; i++) {
        struct store_unit *unit = store_unit_new(1);
        store_begin(unit, &big);
        store_put_bytes(unit, bytes, sizeof bytes);
        store_end(unit);
        submit(i, unit, 20000);
    }
    wait_all(30000);
    for (uint64_t i = 0; i < 24; i++) {
        expect(i, ERR_OK);
        assert_int_equal(answers[i].number, sizeof bytes);
    }
}

static void a_full_queue_says_so_and_every_unit_is_answered_once(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < MANY; i++)
        submit_one(i, &echo, (int64_t)i, 1);
    wait_all(30000);
    unsigned busy = 0;
    for (uint64_t i = 0; i < MANY; i++) {
        busy += answers[i].err == ERR_BUSY;
        expect(i, answers[i].err == ERR_BUSY ? ERR_BUSY : ERR_OK);
        if (answers[i].err == ERR_OK)
            assert_int_equal(answers[i].number, i + 1);
    }
    assert_int_equal(busy, MANY - STORE_WAITING_MAX);
}

static void a_slow_unit_is_told_at_its_deadline(void **state)
{
    (void)state;
    int64_t began = clock_ms();
    struct store_unit *unit = store_unit_new(1);
    add(unit, &nap, 5000);
    submit(0, unit, 600);
    wait_all(3000);
    expect(0, ERR_DB_UNKNOWN);
    assert_in_range(clock_ms() - began, 600, 1200);
    submit_one(1, &echo, 1, 1); /* the connection is dropped and made again rather than waited for */
    wait_all(4000);
    expect(1, ERR_OK);
}

/* A machine that stands still: it takes the connection and says nothing, and the database has moved to the next. */
static void a_host_that_says_nothing_does_not_keep_the_others_from_their_turn(void **state)
{
    (void)state;
    struct sockaddr_in silent = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof silent;
    char conninfo[512];
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&silent, len), 0);
    assert_int_equal(listen(fd, 8), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&silent, &len), 0);
    snprintf(conninfo, sizeof conninfo, "host=127.0.0.1,%s port=%u,5432 dbname=recourse user=postgres",
             pg_cluster_folder(cluster), ntohs(silent.sin_port));
    store_free(store);
    store = store_new(loop, &(struct store_options){.conninfo = conninfo, .connections = 1, .on_up = went_up});
    struct store_unit *unit = store_unit_new(1);
    add(unit, &echo, 1);
    submit(0, unit, 9000);
    wait_all(12000);
    expect(0, ERR_OK);
    close(fd);
}

static void bells_are_heard_and_a_reconnect_rings_by_itself(void **state)
{
    (void)state;
    struct store *listener =
        store_new(loop, &(struct store_options){.conninfo = pg_cluster_conninfo(cluster, "postgres"),
                                                .connections = 1,
                                                .listen = "one,two_2",
                                                .on_notify = heard});
    loop_run(loop);
    assert_string_equal(channels, "/");
    pg_cluster_run(cluster, "NOTIFY two_2; NOTIFY three");
    loop_run(loop);
    assert_string_equal(channels, "//two_2");
    pg_cluster_run(cluster, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                            " AND backend_type = 'client backend'");
    loop_run(loop);
    assert_string_equal(channels, "//two_2/");
    store_free(listener);
}

static void arrays_and_days_travel_in_binary(void **state)
{
    (void)state;
    static const struct store_statement sum = {
        "test_arrays",
        "SELECT (SELECT sum(v) FROM unnest($1::int8[]) v)::int8 + cardinality($2::text[]) * 100 +"
        " (SELECT count(*) FROM unnest($2::text[]) x WHERE x IS NULL) * 1000 + ($3::date - '2033-10-31')",
        3};
    struct pg_array numbers, texts;
    pg_array_init(&numbers, STORE_INT8_A);
    pg_array_init(&texts, STORE_TEXT_A);
    pg_array_i64(&numbers, 40);
    pg_array_i64(&numbers, -38);
    pg_array_text(&texts, "\u00e9");
    pg_array_text(&texts, NULL);
    pg_array_text(&texts, "");
    struct store_unit *unit = store_unit_new(1);
    store_begin(unit, &sum);
    store_put_array(unit, &numbers);
    store_put_array(unit, &texts);
    store_put_day(unit, "2033-11-01");
    store_end(unit);
    submit(0, unit, 5000);
    wait_all(8000);
    expect(0, ERR_OK);
    assert_int_equal(answers[0].number, 2 + 300 + 1000 + 1);
}

static int suite_begin(void **state)
{
    (void)state;
    cluster = pg_cluster_new();
    pg_cluster_run(cluster,
                   "CREATE TABLE t (i int8); CREATE TABLE late (i int8);"
                   "CREATE FUNCTION at_commit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.i < 0 THEN RAISE "
                   "EXCEPTION 'no';"
                   " END IF; RETURN NULL; END $$;"
                   "CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON late DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
                   " EXECUTE FUNCTION at_commit();"
                   "CREATE FUNCTION raise_as(text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN IF $1 = 'WARN' THEN"
                   " RAISE WARNING 'may not be replicated'; ELSE RAISE EXCEPTION USING ERRCODE = $1; END IF; END $$");
    return 0;
}

static int suite_end(void **state)
{
    (void)state;
    pg_cluster_free(cluster);
    return 0;
}

int main(void)
{
#define STORY(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest stories[] = {
        STORY(a_failing_unit_leaves_its_neighbours_alone),
        STORY(an_error_at_commit_is_no_success),
        STORY(our_own_sqlstates_have_their_meaning),
        STORY(a_warning_makes_the_answer_unknown),
        STORY(what_may_run_again_does_and_what_may_not_is_unknown),
        STORY(a_statement_that_could_not_be_prepared_can_be_later),
        STORY(much_in_both_directions_does_not_stall),
        STORY(a_full_queue_says_so_and_every_unit_is_answered_once),
        STORY(a_slow_unit_is_told_at_its_deadline),
        STORY(a_host_that_says_nothing_does_not_keep_the_others_from_their_turn),
        STORY(bells_are_heard_and_a_reconnect_rings_by_itself),
        STORY(arrays_and_days_travel_in_binary),
    };
    return cmocka_run_group_tests(stories, suite_begin, suite_end);
}
