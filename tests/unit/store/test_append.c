/* test_append.c -- what a public room is promised when it appends: each unit whole, once, or not at all, and a true
 * answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "common/base/clock.h"
#include "store/door_intake.h"
#include "store/door_operator.h"
#include "tests/support/pg_cluster.h"
#include "tests/unit/store/append_units.h"

enum { MANY = 4000 };

static struct pg_cluster *cluster;

struct scene {
    struct loop *loop;
    struct door_intake *door;
    unsigned waiting, submitting;
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
    assert_false(s->submitting); /* never before the call that asked has returned */
    s->answers[tag].calls++;
    s->answers[tag].err = err;
    s->answers[tag].outcome = outcome;
    s->answers[tag].answered_at = clock_ms();
    if (--s->waiting == 0)
        loop_stop(s->loop);
}

static void submit(struct scene *s, uint64_t tag, struct append_unit unit, int64_t deadline_ms)
{
    s->waiting++;
    s->submitting = 1;
    door_intake_append(s->door, &unit, deadline_ms, answered, s, tag);
    s->submitting = 0;
}

static void given_up(void *room, int64_t now)
{
    struct scene *s = room;
    if (now > s->stop_at)
        loop_stop(s->loop);
}

static void wait_for_all(struct scene *s, int64_t most_ms)
{
    s->stop_at = clock_ms() + most_ms;
    if (s->waiting)
        loop_run(s->loop);
    assert_int_equal(s->waiting, 0);
}

static void expect(const struct scene *s, uint64_t tag, enum err err, enum append_outcome outcome)
{
    assert_int_equal(s->answers[tag].calls, 1);
    assert_string_equal(err_name(s->answers[tag].err), err_name(err));
    assert_int_equal(s->answers[tag].outcome, outcome);
}

static void wait_until_up(struct scene *s)
{
    for (int64_t until = clock_ms() + 10000; !door_intake_is_up(s->door) && clock_ms() < until;) {
        s->stop_at = 0;
        loop_run(s->loop);
    }
    assert_true(door_intake_is_up(s->door));
    s->stop_at = INT64_MAX;
}

static int scene_begin_with(void **state, unsigned connections)
{
    struct scene *s = calloc(1, sizeof *s);
    s->loop = loop_new();
    s->stop_at = INT64_MAX;
    loop_on_tick(s->loop, given_up, s);
    s->door = door_intake_new(s->loop, pg_cluster_conninfo(cluster, "recourse_intake"),
                              pg_cluster_password(cluster, "recourse_intake"), connections);
    *state = s;
    /* A batch of the scene before may still be at work in the server: its connection is gone, its transaction not yet.
     */
    pg_cluster_run(cluster, "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                            " WHERE usename = 'recourse_intake' AND state <> 'idle'");
    pg_cluster_run(cluster, "TRUNCATE recourse.message, recourse.sealed_case, recourse.case_key, recourse.inbox,"
                            " recourse.once_record, recourse.sms_seen");
    return 0;
}

static int scene_begin(void **state)
{
    return scene_begin_with(state, 2);
}

static int scene_begin_wide(void **state)
{
    return scene_begin_with(state, 4);
}

static int scene_end(void **state)
{
    struct scene *s = *state;
    door_intake_free(s->door);
    loop_free(s->loop);
    free(s);
    return 0;
}

/* --- stories --- */

static void a_report_is_stored_whole(void **state)
{
    struct scene *s = *state;
    submit(s, 0, a_report("usual", DOOR_INTAKE, 1100), 5000);
    wait_for_all(s, 8000);
    expect(s, 0, ERR_OK, APPEND_STORED);
    assert_int_equal(pg_cluster_number(cluster, "SELECT count(*) FROM recourse.message"), 1);
    assert_int_equal(pg_cluster_number(cluster, "SELECT count(*) FROM recourse.sealed_case WHERE desk = 'usual'"
                                                " AND month = '2033-11-01'"),
                     1);
    assert_int_equal(pg_cluster_number(cluster, "SELECT count(*) FROM recourse.case_key"), 3);
    assert_int_equal(pg_cluster_number(cluster, "SELECT count(*) FROM recourse.inbox WHERE desk = 'usual'"), 1);
}

static void sent_again_it_is_there_already(void **state)
{
    struct scene *s = *state;
    struct append_unit unit = a_report("usual", DOOR_INTAKE, 1100);
    submit(s, 0, the_same(&unit), 5000);
    wait_for_all(s, 8000);
    submit(s, 1, unit, 5000);
    wait_for_all(s, 8000);
    expect(s, 0, ERR_OK, APPEND_STORED);
    expect(s, 1, ERR_OK, APPEND_ALREADY);
    assert_int_equal(pg_cluster_number(cluster, "SELECT count(*) FROM recourse.inbox"), 1);
}

/* A COMMIT that wrote nothing waits for nothing: no flush, no standby. "There already" must be as safe as "stored". */
static void there_already_is_written_to_the_log_before_it_is_said(void **state)
{
    static const char now[] = "SELECT txid_snapshot_xmax(txid_current_snapshot())";
    struct scene *s = *state;
    struct append_unit report = a_report("usual", DOOR_INTAKE, 1100), more = a_report("usual", DOOR_INTAKE, 1100);
    more.new_case = 0;
    more.wrap_count = 0;
    memcpy(more.place.case_id, report.place.case_id, 16);
    submit(s, 0, the_same(&report), 5000);
    wait_for_all(s, 8000);
    submit(s, 1, the_same(&more), 5000);
    wait_for_all(s, 8000);
    struct append_unit again[] = {report, more};
    for (unsigned i = 0; i < 2; i++) {
        long before = pg_cluster_number(cluster, now);
        submit(s, 2 + i, again[i], 5000);
        wait_for_all(s, 8000);
        expect(s, 2 + i, ERR_OK, APPEND_ALREADY);
        assert_true(pg_cluster_number(cluster, now) > before);
    }
}

/* The quick way takes the batch as a whole or not at all. */
static void among_many_new_ones_each_has_its_own_fate(void **state)
{
    enum { NEW = 40, KNOWN, TWICE, TWICE_TOO, NOWHERE, ALL };
    struct scene *s = *state;
    struct append_unit known = a_report("usual", DOOR_INTAKE, 500), twice = a_report("usual", DOOR_INTAKE, 500);
    submit(s, KNOWN, the_same(&known), 5000);
    wait_for_all(s, 8000);
    expect(s, KNOWN, ERR_OK, APPEND_STORED);
    s->answers[KNOWN].calls = 0;
    for (unsigned i = 0; i <= NEW; i++)
        submit(s, i == NEW ? ALL : i, a_report(i % 2 ? "usual" : "safeguarding", DOOR_INTAKE, 500), 5000);
    submit(s, KNOWN, known, 5000);
    submit(s, TWICE, the_same(&twice), 5000);
    submit(s, TWICE_TOO, twice, 5000);
    submit(s, NOWHERE, a_report("nowhere", DOOR_INTAKE, 500), 5000);
    wait_for_all(s, 8000);
    for (unsigned i = 0; i < NEW; i++)
        expect(s, i, ERR_OK, APPEND_STORED);
    expect(s, KNOWN, ERR_OK, APPEND_ALREADY);
    /* Whichever went first. */
    assert_int_equal(s->answers[TWICE].err, ERR_OK);
    assert_int_equal(s->answers[TWICE].outcome + s->answers[TWICE_TOO].outcome, APPEND_STORED + APPEND_ALREADY);
    assert_int_not_equal(s->answers[NOWHERE].err, ERR_OK);
    expect(s, ALL, ERR_OK, APPEND_STORED);
    assert_int_equal(pg_cluster_number(cluster, "SELECT count(*) FROM recourse.message"), NEW + 3);
    assert_int_equal(pg_cluster_number(cluster, "SELECT count(*) FROM recourse.sealed_case"), NEW + 3);
    assert_int_equal(pg_cluster_number(cluster, "SELECT count(*) FROM recourse.case_key"), 3 * (NEW + 3));
    assert_int_equal(pg_cluster_number(cluster, "SELECT count(*) FROM recourse.inbox"), NEW + 3);
    assert_int_equal(pg_cluster_number(cluster, "SELECT count(*) FROM recourse.sealed_case c"
                                                " JOIN recourse.message m USING (case_id)"
                                                " JOIN recourse.inbox i USING (row_id, desk)"),
                     NEW + 3);
}

static void one_key_with_two_bodies_is_refused(void **state)
{
    struct scene *s = *state;
    struct append_unit first = a_report("usual", DOOR_INTAKE, 1100), again = the_same(&first),
                       other = a_report("usual", DOOR_INTAKE, 1100), rival = a_report("usual", DOOR_INTAKE, 1100);
    with_once(&first, 1, 1);
    with_once(&again, 1, 1);
    with_once(&other, 1, 2);
    with_once(&rival, 1, 3);
    submit(s, 0, first, 5000); /* these two meet in one batch */
    submit(s, 1, rival, 5000);
    wait_for_all(s, 8000);
    submit(s, 2, again, 5000);
    submit(s, 3, other, 5000);
    wait_for_all(s, 8000);
    expect(s, 0, ERR_OK, APPEND_STORED);
    expect(s, 1, ERR_OK, APPEND_OTHER_BODY);
    expect(s, 2, ERR_OK, APPEND_ALREADY);
    expect(s, 3, ERR_OK, APPEND_OTHER_BODY);
    assert_int_equal(pg_cluster_number(cluster, "SELECT count(*) FROM recourse.sealed_case"), 1);
    assert_int_equal(pg_cluster_number(cluster, "SELECT count(*) FROM recourse.case_key"), 3);
}

static void a_message_goes_to_its_cases_desk_or_nowhere(void **state)
{
    struct scene *s = *state;
    struct append_unit report = a_report("safeguarding", DOOR_INTAKE, 1100),
                       more = a_report("usual", DOOR_INTAKE, 1100), lost = a_report("usual", DOOR_INTAKE, 1100);
    more.new_case = lost.new_case = 0;
    more.wrap_count = lost.wrap_count = 0;
    memcpy(more.place.case_id, report.place.case_id, 16);
    submit(s, 0, report, 5000);
    wait_for_all(s, 8000);
    submit(s, 1, more, 5000);
    submit(s, 2, lost, 5000);
    wait_for_all(s, 8000);
    expect(s, 1, ERR_OK, APPEND_STORED);
    expect(s, 2, ERR_OK, APPEND_NO_CASE);
    assert_int_equal(pg_cluster_number(cluster, "SELECT count(*) FROM recourse.inbox WHERE desk = 'safeguarding'"), 2);
    assert_int_equal(pg_cluster_number(cluster, "SELECT count(*) FROM recourse.message"), 2);
}

static void a_text_seen_before_makes_no_second_case(void **state)
{
    struct scene *s = *state;
    struct append_unit one = a_report("usual", DOOR_INTAKE, 1100), two = a_report("usual", DOOR_INTAKE, 1100);
    one.seen = two.seen = 1;
    memset(one.seen_tag, 9, 32);
    memset(two.seen_tag, 9, 32);
    submit(s, 0, one, 5000);
    submit(s, 1, two, 5000);
    wait_for_all(s, 8000);
    expect(s, 0, ERR_OK, APPEND_STORED);
    expect(s, 1, ERR_OK, APPEND_ALREADY);
    assert_int_equal(pg_cluster_number(cluster, "SELECT count(*) FROM recourse.sealed_case"), 1);
}

static void a_thousand_identical_reports_are_one_case(void **state)
{
    struct scene *s = *state;
    struct append_unit unit = a_report("usual", DOOR_INTAKE, 1100);
    with_once(&unit, 5, 5);
    wait_until_up(s);
    for (unsigned i = 0; i < 1000; i++)
        submit(s, i, the_same(&unit), 20000);
    buf_free(&unit.body);
    wait_for_all(s, 30000);
    unsigned stored = 0;
    for (unsigned i = 0; i < 1000; i++) {
        stored += s->answers[i].outcome == APPEND_STORED;
        expect(s, i, ERR_OK, s->answers[i].outcome == APPEND_STORED ? APPEND_STORED : APPEND_ALREADY);
    }
    assert_int_equal(stored, 1);
    assert_int_equal(pg_cluster_number(cluster, "SELECT count(*) FROM recourse.message"), 1);
    assert_int_equal(pg_cluster_number(cluster, "SELECT count(*) FROM recourse.case_key"), 3);
    assert_int_equal(pg_cluster_number(cluster, "SELECT count(*) FROM recourse.inbox"), 1);
}

static void a_poisonous_unit_fails_alone(void **state)
{
    struct scene *s = *state;
    wait_until_up(s);
    for (unsigned i = 0; i < 100; i++) {
        struct append_unit unit = a_report(i == 41 ? "nowhere" : "usual", DOOR_INTAKE, 1100);
        if (i == 57)
            unit.place.author = AUTHOR_STAFF; /* what intake may not say */
        if (i == 73)
            memcpy(&unit.wraps[1], &unit.wraps[0], sizeof unit.wraps[0]); /* one key twice */
        submit(s, i, unit, 10000);
    }
    wait_for_all(s, 15000);
    for (unsigned i = 0; i < 100; i++)
        if (i == 41)
            expect(s, i, ERR_NOT_FOUND, 0);
        else if (i == 57)
            expect(s, i, ERR_DENIED, 0);
        else if (i == 73)
            expect(s, i, ERR_DB_REFUSED, 0);
        else
            expect(s, i, ERR_OK, APPEND_STORED);
    assert_int_equal(pg_cluster_number(cluster, "SELECT count(*) FROM recourse.sealed_case"), 97);
    assert_int_equal(pg_cluster_number(cluster, "SELECT count(*) FROM recourse.message"), 97);
}

/* A client that keeps 64 reports under way while its connections are killed. */
struct storm {
    struct scene *scene;
    unsigned next, last;
    struct append_unit units[MANY];
};

static void storm_answered(void *room, uint64_t tag, enum err err, enum append_outcome outcome)
{
    struct storm *storm = room;
    struct scene *s = storm->scene;
    answered(s, tag, err, outcome);
    if (storm->next < storm->last) {
        struct append_unit copy = the_same(&storm->units[storm->next]);
        s->waiting++;
        door_intake_append(s->door, &copy, 20000, storm_answered, storm, storm->next++);
    }
}

static void kill_connections(void *room, int64_t now)
{
    (void)now;
    (void)room;
    pg_cluster_run(cluster, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'recourse_intake'");
}

static void killed_connections_lose_nothing_and_double_nothing(void **state)
{
    struct scene *s = *state;
    struct storm *storm = calloc(1, sizeof *storm);
    assert_non_null(storm);
    storm->scene = s;
    storm->last = MANY;
    for (unsigned i = 0; i < MANY; i++)
        storm->units[i] = a_report("usual", DOOR_INTAKE, 1100);
    wait_until_up(s);
    loop_on_tick(s->loop, kill_connections, NULL);
    for (; storm->next < 64; storm->next++) {
        struct append_unit copy = the_same(&storm->units[storm->next]);
        s->waiting++;
        door_intake_append(s->door, &copy, 20000, storm_answered, storm, storm->next);
    }
    wait_for_all(s, 60000);
    loop_off_tick(s->loop, kill_connections, NULL);
    for (unsigned i = 0; i < MANY; i++) {
        assert_int_equal(s->answers[i].calls, 1);
        assert_int_equal(s->answers[i].err, ERR_OK);
        assert_in_range(s->answers[i].outcome, APPEND_STORED, APPEND_ALREADY);
        buf_free(&storm->units[i].body);
    }
    free(storm);
    assert_int_equal(pg_cluster_number(cluster, "SELECT count(*) FROM recourse.message"), MANY);
    assert_int_equal(pg_cluster_number(cluster, "SELECT count(DISTINCT row_id) FROM recourse.inbox"), MANY);
    assert_int_equal(pg_cluster_number(cluster, "SELECT count(*) FROM recourse.case_key"), 3 * MANY);
}

static void without_a_database_each_is_told_in_time(void **state)
{
    struct scene *s = *state;
    wait_until_up(s);
    pg_cluster_stop(cluster, "immediate");
    int64_t began = clock_ms();
    for (unsigned i = 0; i < 10; i++)
        submit(s, i, a_report("usual", DOOR_INTAKE, 1100), 500 + 100 * i);
    wait_for_all(s, 5000);
    for (unsigned i = 0; i < 10; i++) {
        assert_int_equal(s->answers[i].calls, 1);
        assert_true(s->answers[i].err == ERR_DB_DOWN || s->answers[i].err == ERR_DB_UNKNOWN);
        assert_in_range(s->answers[i].answered_at - began, 500 + 100 * i, 500 + 100 * i + 600);
    }
    submit(s, 20, a_report("usual", DOOR_INTAKE, 1100), 15000);
    pg_cluster_start(cluster);
    wait_for_all(s, 20000);
    expect(s, 20, ERR_OK, APPEND_STORED);
}

static void a_database_that_stops_answering_is_dropped(void **state)
{
    struct scene *s = *state;
    wait_until_up(s);
    submit(s, 0, a_report("usual", DOOR_INTAKE, 1100), 5000);
    wait_for_all(s, 8000);
    pg_cluster_pause(cluster, 1);
    int64_t began = clock_ms();
    submit(s, 1, a_report("usual", DOOR_INTAKE, 1100), 1000);
    wait_for_all(s, 5000);
    pg_cluster_pause(cluster, 0);
    expect(s, 1, ERR_DB_UNKNOWN, 0);
    assert_in_range(s->answers[1].answered_at - began, 1000, 1600);
    submit(s, 2, a_report("usual", DOOR_INTAKE, 1100), 15000);
    wait_for_all(s, 20000);
    expect(s, 2, ERR_OK, APPEND_STORED);
}

static void a_door_that_closes_answers_what_it_was_asked(void **state)
{
    struct scene *s = *state;
    wait_until_up(s);
    for (unsigned i = 0; i < 300; i++)
        submit(s, i, a_report("usual", DOOR_INTAKE, 1100), 5000);
    door_intake_free(s->door);
    for (unsigned i = 0; i < 300; i++)
        assert_int_equal(s->answers[i].calls, 0);
    wait_for_all(s, 2000);
    for (unsigned i = 0; i < 300; i++)
        expect(s, i, ERR_CANCELLED, 0);
    s->door = door_intake_new(s->loop, pg_cluster_conninfo(cluster, "recourse_intake"),
                              pg_cluster_password(cluster, "recourse_intake"), 2);
}

/* --- reading --- */

struct seen_thread {
    struct scene *scene;
    enum err err;
    size_t rows, wraps;
    char desk[17];
    uint8_t case_id[16];
    struct envelope_place first;
    uint8_t body[8];
};

static void thread_seen(void *room, uint64_t tag, enum err err, const struct thread_found *found)
{
    struct seen_thread *seen = room;
    (void)tag;
    seen->err = err;
    if (found) {
        seen->rows = found->row_count;
        seen->wraps = found->wrap_count;
        strcpy(seen->desk, found->desk);
        memcpy(seen->case_id, found->case_id, 16);
        seen->first = found->rows[0].place;
        memcpy(seen->body, found->rows[0].body, 8);
    }
    loop_stop(seen->scene->loop);
}

static void a_thread_is_found_by_its_handle_alone(void **state)
{
    struct scene *s = *state;
    struct append_unit unit = a_report("usual", DOOR_INTAKE, 1100), staff = a_report("usual", DOOR_INTAKE, 1100);
    struct append_unit copy = the_same(&unit);
    staff.new_case = 0;
    staff.wrap_count = 0;
    staff.place.root = ROOT_STAFF; /* own words that the person chose not to read back */
    memcpy(staff.place.case_id, unit.place.case_id, 16);
    submit(s, 0, copy, 5000);
    wait_for_all(s, 8000);
    submit(s, 1, staff, 5000);
    wait_for_all(s, 8000);
    uint8_t handles[2][32] = {{1}};
    memcpy(handles[1], unit.wraps[2].recipient_id, 32);
    struct seen_thread seen = {.scene = s};
    door_intake_thread(s->door, (const uint8_t(*)[32])handles, 2, 5000, thread_seen, &seen, 0);
    loop_run(s->loop);
    assert_int_equal(seen.err, ERR_OK);
    assert_int_equal(seen.rows, 1);
    assert_int_equal(seen.wraps, 1);
    assert_string_equal(seen.desk, "usual");
    assert_memory_equal(seen.case_id, unit.place.case_id, 16);
    assert_memory_equal(&seen.first, &unit.place, sizeof unit.place);
    assert_memory_equal(seen.body, unit.body.bytes, 8);
    door_intake_thread(s->door, (const uint8_t(*)[32])handles, 1, 5000, thread_seen, &seen, 0);
    loop_run(s->loop);
    assert_int_equal(seen.err, ERR_NOT_FOUND);
    buf_free(&unit.body);
}

struct heard {
    struct scene *scene;
    enum err err;
    char text[256];
};

static void partner_heard(void *room, uint64_t tag, enum err err, const struct partner_found *found)
{
    struct heard *heard = room;
    (void)tag;
    heard->err = err;
    if (found)
        snprintf(heard->text, sizeof heard->text, "%s|%s", found->partner, found->scopes);
    loop_stop(heard->scene->loop);
}

static void round_heard(void *room, uint64_t tag, enum err err, const struct round_found *found)
{
    struct heard *heard = room;
    (void)tag;
    heard->err = err;
    if (found)
        snprintf(heard->text, sizeof heard->text, "%s|%s|%s|%d", found->desk, found->title, found->questions,
                 (int)(found->closes - found->opens));
    loop_stop(heard->scene->loop);
}

static void desks_heard(void *room, uint64_t tag, enum err err, const char *codes)
{
    struct heard *heard = room;
    (void)tag;
    heard->err = err;
    snprintf(heard->text, sizeof heard->text, "%s", codes ? codes : "");
    loop_stop(heard->scene->loop);
}

static void what_the_operator_published_is_read(void **state)
{
    struct scene *s = *state;
    struct heard heard = {.scene = s};
    char says[DOOR_OPERATOR_SAYS];
    uint8_t id[16] = {1}, token[32] = {2}, unknown[32] = {3};
    struct door_operator *door;
    assert_int_equal(door_operator_open(pg_cluster_conninfo(cluster, "recourse_operator"),
                                        pg_cluster_password(cluster, "recourse_operator"), &door, says),
                     ERR_OK);
    assert_int_equal(door_operator_partner_add(door, id, "Watershed Union", "submit read", token, says), ERR_OK);
    assert_int_equal(door_operator_partner_add(door, id, "Watershed Union", "submit", unknown, says), ERR_CONFLICT);
    struct operator_round round = {.code = "river-2026",
                                   .desk = "usual",
                                   .title = "The river",
                                   .questions = "[\"How?\"]",
                                   .opens = 1000,
                                   .closes = 4600};
    assert_int_equal(door_operator_round_add(door, &round, says), ERR_OK);
    round.questions = "{}";
    assert_int_equal(door_operator_round_add(door, &round, says), ERR_MALFORMED);
    round.questions = "not json";
    assert_int_equal(door_operator_round_add(door, &round, says), ERR_MALFORMED);
    assert_null(strstr(says, "not json"));

    door_intake_partner(s->door, token, 5000, partner_heard, &heard, 0);
    loop_run(s->loop);
    assert_int_equal(heard.err, ERR_OK);
    assert_string_equal(heard.text, "Watershed Union|submit read");
    door_intake_partner(s->door, unknown, 5000, partner_heard, &heard, 0);
    loop_run(s->loop);
    assert_int_equal(heard.err, ERR_NOT_FOUND);
    door_intake_round(s->door, "river-2026", 5000, round_heard, &heard, 0);
    loop_run(s->loop);
    assert_string_equal(heard.text, "usual|The river|[\"How?\"]|3600");
    door_intake_desks(s->door, 5000, desks_heard, &heard, 0);
    loop_run(s->loop);
    assert_int_equal(heard.err, ERR_OK);
    assert_string_equal(heard.text, "");

    assert_int_equal(door_operator_partner_end(door, "Watershed Union", says), ERR_OK);
    assert_int_equal(door_operator_partner_end(door, "Watershed Union", says), ERR_NOT_FOUND);
    door_intake_partner(s->door, token, 5000, partner_heard, &heard, 0);
    loop_run(s->loop);
    assert_int_equal(heard.err, ERR_NOT_FOUND);
    door_operator_close(door);
}

static void the_beat_counts_and_purges(void **state)
{
    struct scene *s = *state;
    struct append_unit old = a_report("usual", DOOR_INTAKE, 100), fresh = a_report("usual", DOOR_INTAKE, 100);
    uint8_t signature[64] = {1};
    with_once(&old, 1, 1);
    with_once(&fresh, 2, 2);
    old.once_slot = 4093;
    fresh.once_slot = 1;
    submit(s, 0, old, 5000);
    submit(s, 1, fresh, 5000);
    wait_for_all(s, 8000);
    door_intake_beat(s->door, 0xf000000000000001u, 2, signature, 5, 4094, 2); /* slots wrap round */
    door_intake_beat(s->door, 0xf000000000000001u, 3, signature, 6, 4094, 2);
    struct heard heard = {.scene = s};
    door_intake_desks(s->door, 5000, desks_heard, &heard, 0);
    loop_run(s->loop);
    /* Nobody is told that a beat has come: look until it has. */
    for (int i = 0; i < 100; i++) {
        s->stop_at = clock_ms() + 100;
        loop_run(s->loop);
        if (pg_cluster_number(cluster, "SELECT count(*) FROM recourse.door_count WHERE manifest_version = 6") == 1)
            break;
    }
    assert_int_equal(pg_cluster_number(cluster, "SELECT slot FROM recourse.once_record"), 1);
    assert_int_equal(pg_cluster_number(cluster, "SELECT n FROM recourse.door_count WHERE manifest_version = 6"), 3);
    assert_int_equal(pg_cluster_number(cluster, "SELECT beat FROM recourse.health WHERE room = 'intake'"), 2);
}

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

int main(void)
{
#define STORY(name) cmocka_unit_test_setup_teardown(name, scene_begin, scene_end)
    const struct CMUnitTest stories[] = {
        STORY(a_report_is_stored_whole),
        STORY(sent_again_it_is_there_already),
        STORY(there_already_is_written_to_the_log_before_it_is_said),
        STORY(among_many_new_ones_each_has_its_own_fate),
        STORY(one_key_with_two_bodies_is_refused),
        STORY(a_message_goes_to_its_cases_desk_or_nowhere),
        STORY(a_text_seen_before_makes_no_second_case),
        cmocka_unit_test_setup_teardown(a_thousand_identical_reports_are_one_case, scene_begin_wide, scene_end),
        STORY(a_poisonous_unit_fails_alone),
        STORY(killed_connections_lose_nothing_and_double_nothing),
        STORY(without_a_database_each_is_told_in_time),
        STORY(a_database_that_stops_answering_is_dropped),
        STORY(a_door_that_closes_answers_what_it_was_asked),
        STORY(a_thread_is_found_by_its_handle_alone),
        STORY(what_the_operator_published_is_read),
        STORY(the_beat_counts_and_purges),
    };
    return cmocka_run_group_tests(stories, suite_begin, suite_end);
}
