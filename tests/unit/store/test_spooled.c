/* test_spooled.c -- the database goes away and comes back: what was acknowledged meanwhile is in it, once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "common/base/clock.h"
#include "store/door_intake.h"
#include "store/spool.h"
#include "tests/support/pg_cluster.h"
#include "tests/unit/store/append_units.h"

enum { MANY = 512, DEADLINE = 10000 };

static struct pg_cluster *cluster;

struct scene {
    struct loop *loop;
    struct door_intake *door;
    struct spool *spool;
    char folder[64];
    unsigned waiting, submitting, drained, broken;
    enum append_outcome drained_as;
    int64_t stop_at;
    struct {
        unsigned calls;
        enum err err;
        enum append_outcome outcome;
        int64_t answered_at;
    } answers[MANY];
};

static void answered(void *room, uint64_t tag, enum err err, enum append_outcome outcome)
{
    struct scene *s = room;
    assert_false(s->submitting);
    s->answers[tag].calls++;
    s->answers[tag].err = err;
    s->answers[tag].outcome = outcome;
    s->answers[tag].answered_at = clock_ms();
    if (--s->waiting == 0)
        loop_stop(s->loop);
}

static void submit(struct scene *s, uint64_t tag, struct append_unit unit)
{
    s->waiting++;
    s->submitting = 1;
    door_intake_append(s->door, &unit, DEADLINE, answered, s, tag);
    s->submitting = 0;
}

static void given_up(void *room, int64_t now)
{
    struct scene *s = room;
    if (now > s->stop_at)
        loop_stop(s->loop);
}

static void run_for(struct scene *s, int64_t ms)
{
    s->stop_at = clock_ms() + ms;
    loop_run(s->loop);
    s->stop_at = INT64_MAX;
}

static void wait_for_all(struct scene *s)
{
    if (s->waiting)
        run_for(s, 15000);
    assert_int_equal(s->waiting, 0);
}

static void wait_until_drained(struct scene *s)
{
    struct spool_stats stats;
    for (int64_t until = clock_ms() + 20000; clock_ms() < until; run_for(s, 50)) {
        spool_stats(s->spool, &stats);
        if (stats.rows == 0 && stats.bytes == 0)
            return;
    }
    fail_msg("the spool is not empty");
}

static void expect(const struct scene *s, uint64_t tag, enum err err, enum append_outcome outcome)
{
    assert_int_equal(s->answers[tag].calls, 1);
    assert_string_equal(err_name(s->answers[tag].err), err_name(err));
    assert_int_equal(s->answers[tag].outcome, outcome);
}

static void drained(void *room, const struct envelope_place *place, enum err err, enum append_outcome outcome)
{
    struct scene *s = room;
    assert_int_equal(place->office, 1);
    s->drained++;
    s->drained_as = err == ERR_OK ? outcome : 0;
}

static void changed(void *room)
{
    (void)room;
}

static void broken(void *room)
{
    struct scene *s = room;
    s->broken++;
}

static void open_door(struct scene *s, uint64_t most)
{
    struct spool_options options = {s->folder, 0, 1, most};
    s->drained = s->broken = s->waiting = 0;
    memset(s->answers, 0, sizeof s->answers);
    s->loop = loop_new();
    s->stop_at = INT64_MAX;
    loop_on_tick(s->loop, given_up, s);
    assert_int_equal(spool_open(&options, &s->spool), ERR_OK);
    s->door = door_intake_new(s->loop, pg_cluster_conninfo(cluster, "recourse_intake"),
                              pg_cluster_password(cluster, "recourse_intake"), 2);
    door_intake_spool(s->door, &(struct append_spool){s->spool, drained, changed, broken, s});
}

static void close_door(struct scene *s)
{
    door_intake_free(s->door);
    loop_stop(s->loop);
    loop_run(s->loop);
    loop_free(s->loop);
    spool_close(s->spool);
}

static int scene_begin(void **state)
{
    struct scene *s = *state = calloc(1, sizeof *s);
    assert_non_null(s);
    strcpy(s->folder, "/tmp/recourse-spool-XXXXXX");
    pg_cluster_run(cluster, "TRUNCATE recourse.message, recourse.sealed_case, recourse.case_key, recourse.inbox,"
                            " recourse.once_record, recourse.sms_seen");
    if (!mkdtemp(s->folder))
        return -1;
    open_door(s, 8 << 20);
    return 0;
}

static int scene_end(void **state)
{
    struct scene *s = *state;
    char command[128];
    close_door(s);
    snprintf(command, sizeof command, "rm -r %s", s->folder);
    free(s);
    return system(command);
}

static void wait_until_up(struct scene *s)
{
    for (int64_t until = clock_ms() + 10000; !door_intake_is_up(s->door) && clock_ms() < until;)
        run_for(s, 20);
    assert_true(door_intake_is_up(s->door));
}

static void wait_until_down(struct scene *s)
{
    for (int64_t until = clock_ms() + 10000; door_intake_is_up(s->door) && clock_ms() < until;)
        run_for(s, 20);
}

static void expect_stored(unsigned cases, unsigned messages)
{
    assert_int_equal(pg_cluster_number(cluster, "SELECT count(*) FROM recourse.sealed_case"), cases);
    assert_int_equal(pg_cluster_number(cluster, "SELECT count(*) FROM recourse.message"), messages);
    assert_int_equal(pg_cluster_number(cluster, "SELECT count(*) FROM recourse.inbox"), messages);
    assert_int_equal(pg_cluster_number(cluster, "SELECT count(*) FROM recourse.case_key"), 3 * cases);
}

/* --- stories --- */

static void while_the_database_is_away_a_report_is_kept_and_later_stored_once(void **state)
{
    struct scene *s = *state;
    wait_until_up(s);
    pg_cluster_stop(cluster, "immediate");
    wait_until_down(s);
    int64_t asked = clock_ms();
    for (unsigned i = 0; i < 100; i++)
        submit(s, i, a_report("usual", DOOR_INTAKE, 1100));
    wait_for_all(s);
    for (unsigned i = 0; i < 100; i++) {
        expect(s, i, ERR_OK, APPEND_SPOOLED);
        assert_true(s->answers[i].answered_at - asked < 2000); /* no longer than a slow page */
    }
    pg_cluster_start(cluster);
    wait_until_drained(s);
    expect_stored(100, 100);
    assert_int_equal(s->drained, 100);
    assert_int_equal(s->drained_as, APPEND_STORED);
}

static void what_another_process_left_on_the_disk_is_stored_by_the_next(void **state)
{
    struct scene *s = *state;
    pg_cluster_stop(cluster, "immediate");
    wait_until_down(s);
    for (unsigned i = 0; i < 10; i++)
        submit(s, i, a_report("usual", DOOR_INTAKE, 1100));
    wait_for_all(s);
    close_door(s); /* killed, as far as the disk can tell */
    pg_cluster_start(cluster);
    open_door(s, 8 << 20);
    wait_until_drained(s);
    expect_stored(10, 10);
}

static void an_answer_that_stays_out_is_not_waited_for_and_not_stored_twice(void **state)
{
    struct scene *s = *state;
    wait_until_up(s);
    submit(s, 0, a_report("usual", DOOR_INTAKE, 1100));
    wait_for_all(s);
    expect(s, 0, ERR_OK, APPEND_STORED);
    pg_cluster_pause(cluster, 1);
    int64_t asked = clock_ms();
    for (unsigned i = 1; i < 6; i++)
        submit(s, i, a_report("usual", DOOR_INTAKE, 1100));
    wait_for_all(s);
    for (unsigned i = 1; i < 6; i++) {
        expect(s, i, ERR_OK, APPEND_SPOOLED);
        assert_true(s->answers[i].answered_at - asked < 4000);
    }
    asked = clock_ms();
    submit(s, 6, a_report("usual", DOOR_INTAKE, 1100));
    wait_for_all(s);
    expect(s, 6, ERR_OK, APPEND_SPOOLED);
    assert_true(s->answers[6].answered_at - asked < 1500); /* who comes later waits less */
    pg_cluster_pause(cluster, 0);                          /* and now it does what it was asked long ago */
    wait_until_drained(s);
    expect_stored(7, 7);
}

static void the_same_report_sent_again_meanwhile_is_one(void **state)
{
    struct scene *s = *state;
    struct append_unit unit = a_report("usual", DOOR_INTAKE, 1100);
    with_once(&unit, 1, 2);
    pg_cluster_stop(cluster, "immediate");
    wait_until_down(s);
    for (unsigned i = 0; i < 20; i++)
        submit(s, i, the_same(&unit));
    wait_for_all(s);
    for (unsigned i = 0; i < 20; i++)
        expect(s, i, ERR_OK, APPEND_SPOOLED);
    pg_cluster_start(cluster);
    wait_until_drained(s);
    expect_stored(1, 1);
    buf_free(&unit.body);
}

/* With the database away nobody can know that the key was used before: it was acknowledged, so it is stored. */
static void a_key_that_another_body_had_used_loses_nobody_their_report(void **state)
{
    struct scene *s = *state;
    struct append_unit one = a_report("usual", DOOR_INTAKE, 1100), two = a_report("usual", DOOR_INTAKE, 1200);
    with_once(&one, 1, 2);
    with_once(&two, 1, 3);
    wait_until_up(s);
    submit(s, 0, one);
    wait_for_all(s);
    pg_cluster_stop(cluster, "immediate");
    wait_until_down(s);
    submit(s, 1, two);
    wait_for_all(s);
    expect(s, 1, ERR_OK, APPEND_SPOOLED);
    pg_cluster_start(cluster);
    wait_until_drained(s);
    expect_stored(2, 2);
}

static void a_full_spool_is_said_and_nothing_is_promised(void **state)
{
    struct scene *s = *state;
    close_door(s);
    open_door(s, 16 * 1024);
    pg_cluster_stop(cluster, "immediate");
    wait_until_down(s);
    unsigned kept = 0;
    for (unsigned i = 0; i < 20; i++) {
        submit(s, i, a_report("usual", DOOR_INTAKE, 1100));
        wait_for_all(s);
        assert_true(s->answers[i].err == ERR_OK || s->answers[i].err == ERR_DB_DOWN);
        kept += s->answers[i].err == ERR_OK;
    }
    assert_in_range(kept, 5, 12);
    assert_int_equal(s->broken, 0);
    pg_cluster_start(cluster);
    wait_until_drained(s);
    expect_stored(kept, kept);
}

/* What the database refuses for good must not hold up what stands behind it, nor vanish. */
static void a_row_that_is_refused_is_kept_aside_and_the_others_go_on(void **state)
{
    struct scene *s = *state;
    char command[160];
    pg_cluster_stop(cluster, "immediate");
    wait_until_down(s);
    submit(s, 0, a_report("usual", DOOR_INTAKE, 1100));
    submit(s, 1, a_report("nodesk", DOOR_INTAKE, 1100));
    submit(s, 2, a_report("usual", DOOR_INTAKE, 1100));
    wait_for_all(s);
    pg_cluster_start(cluster);
    wait_until_drained(s);
    expect_stored(2, 2);
    snprintf(command, sizeof command, "ls %s/*.kept > /dev/null", s->folder);
    assert_int_equal(system(command), 0);
}

static void expect_none_aside(const struct scene *s)
{
    char command[160];
    snprintf(command, sizeof command, "! ls %s/*.kept > /dev/null 2>&1", s->folder);
    assert_int_equal(system(command), 0);
}

/* A statement that was cancelled, a lock that somebody holds, a function that an upgrade is just making:
 * no fault of the row's. It is kept here, and what was kept is not put aside. */
static void a_server_that_cannot_just_now_refuses_nobody(void **state)
{
    struct scene *s = *state;
    static const char *const SQLSTATES[] = {"57014", "55P03", "58030", "42883", "0A000"};
    enum { COUNT = sizeof SQLSTATES / sizeof *SQLSTATES };
    char sql[256];
    wait_until_up(s);
    for (unsigned i = 0; i < COUNT; i++) {
        snprintf(sql, sizeof sql,
                 "CREATE OR REPLACE FUNCTION public.trouble() RETURNS trigger LANGUAGE plpgsql AS"
                 " $$BEGIN RAISE 'trouble' USING ERRCODE = '%s'; END$$",
                 SQLSTATES[i]);
        pg_cluster_run(cluster, sql);
        if (i == 0)
            pg_cluster_run(cluster, "CREATE TRIGGER trouble BEFORE INSERT ON recourse.message FOR EACH ROW"
                                    " EXECUTE FUNCTION public.trouble()");
        submit(s, i, a_report("usual", DOOR_INTAKE, 1100));
        wait_for_all(s);
        expect(s, i, ERR_OK, APPEND_SPOOLED);
        run_for(s, 1500); /* some tries to bring it in */
        expect_stored(0, 0);
        assert_int_equal(s->drained, 0);
    }
    pg_cluster_run(cluster, "DROP TRIGGER trouble ON recourse.message");
    wait_until_drained(s);
    expect_stored(COUNT, COUNT);
    expect_none_aside(s);
}

static int group_begin(void **state)
{
    (void)state;
    cluster = pg_cluster_new();
    pg_cluster_migrate(cluster);
    return 0;
}

static int group_end(void **state)
{
    (void)state;
    pg_cluster_free(cluster);
    return 0;
}

int main(void)
{
#define STORY(name) cmocka_unit_test_setup_teardown(name, scene_begin, scene_end)
    const struct CMUnitTest tests[] = {
        STORY(while_the_database_is_away_a_report_is_kept_and_later_stored_once),
        STORY(what_another_process_left_on_the_disk_is_stored_by_the_next),
        STORY(an_answer_that_stays_out_is_not_waited_for_and_not_stored_twice),
        STORY(the_same_report_sent_again_meanwhile_is_one),
        STORY(a_key_that_another_body_had_used_loses_nobody_their_report),
        STORY(a_full_spool_is_said_and_nothing_is_promised),
        STORY(a_row_that_is_refused_is_kept_aside_and_the_others_go_on),
        STORY(a_server_that_cannot_just_now_refuses_nobody),
    };
    return cmocka_run_group_tests(tests, group_begin, group_end);
}
