/* test_vault.c -- what a desk's vault is promised: its own desk and no other, whole decisions or none, one vault at a
 * time; and what the sequencer, the gateway and the verifying operator find of what it wrote. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "common/seal/sign.h"
#include "store/door_audit.h"
#include "store/door_intake.h"
#include "store/door_operator.h"
#include "store/door_sms.h"
#include "store/door_vault.h"
#include "store/hashes.h"
#include "tests/support/pg_cluster.h"
#include "tests/unit/store/append_units.h"

static struct pg_cluster *cluster;
static struct loop *loop;

/* Every asynchronous call of these stories is waited for; what it brought lies here. */
static struct {
    int calls;
    enum err err;
    enum append_outcome outcome;
    uint64_t fence;
    size_t rows, wraps, items, ends, leaves;
    struct vault_row row[8];
    struct vault_item item[8];
    uint8_t wrap_case[8][16], end_id[16], leaf_ids[8][16], entry_sha256[32], outbox_body[64];
    int16_t end_outcome;
    int64_t seq[8];
    int is_offered;
} got;
static unsigned bells, sms_bells;

static void give_up(void *room, int64_t now)
{
    if (now > *(int64_t *)room)
        loop_stop(loop);
}

static void turn_for(int64_t ms)
{
    int64_t until = clock_ms() + ms;
    loop_on_tick(loop, give_up, &until);
    loop_run(loop);
    loop_off_tick(loop, give_up, &until);
}

static enum err wait_for_it(void)
{
    int64_t until = clock_ms() + 15000;
    assert_int_equal(got.calls, 0);
    loop_on_tick(loop, give_up, &until);
    loop_run(loop);
    loop_off_tick(loop, give_up, &until);
    assert_int_equal(got.calls, 1);
    return got.err;
}

static void ask(void)
{
    memset(&got, 0, sizeof got);
}

static void came(enum err err)
{
    got.calls++;
    got.err = err;
    loop_stop(loop);
}

static void appended(void *room, uint64_t tag, enum err err, enum append_outcome outcome)
{
    (void)room;
    (void)tag;
    got.outcome = outcome;
    came(err);
}

static void fenced(void *room, uint64_t tag, enum err err, uint64_t fence)
{
    (void)room;
    (void)tag;
    got.fence = fence;
    came(err);
}

static void done(void *room, uint64_t tag, enum err err)
{
    (void)room;
    (void)tag;
    came(err);
}

static void paged(void *room, uint64_t tag, enum err err, const struct vault_page *page)
{
    (void)room;
    (void)tag;
    if (page) {
        got.rows = page->row_count;
        got.wraps = page->wrap_count;
        for (size_t i = 0; i < page->row_count && i < 8; i++)
            got.row[i] = page->rows[i];
        for (size_t i = 0; i < page->wrap_count && i < 8; i++)
            memcpy(got.wrap_case[i], page->wraps[i].case_id, 16);
    }
    came(err);
}

static void shelved(void *room, uint64_t tag, enum err err, const struct vault_item *items, size_t count,
                    const struct envelope_wrap *wraps, size_t wrap_count)
{
    (void)room;
    (void)tag;
    got.items = count;
    got.wraps = wrap_count;
    for (size_t i = 0; i < count && i < 8; i++)
        got.item[i] = items[i];
    for (size_t i = 0; i < wrap_count && i < 8; i++)
        memcpy(got.wrap_case[i], wraps[i].case_id, 16);
    came(err);
}

static void bell(void *room)
{
    (void)room;
    bells++;
}

static void sms_bell(void *room)
{
    (void)room;
    sms_bells++;
}

static struct door_vault *open_vault(const char *role)
{
    struct door_vault *door =
        door_vault_new(loop, pg_cluster_conninfo(cluster, role), pg_cluster_password(cluster, role), bell, NULL);
    for (int i = 0; i < 40 && !door_vault_is_up(door); i++)
        turn_for(50);
    assert_true(door_vault_is_up(door));
    return door;
}

static uint64_t fence_of(struct door_vault *door)
{
    ask();
    door_vault_fence(door, 5000, fenced, NULL, 0);
    enum err err = wait_for_it();
    assert_int_equal(err, ERR_OK);
    return got.fence;
}

static void append(struct append_unit unit)
{
    struct door_intake *door = door_intake_new(loop, pg_cluster_conninfo(cluster, "recourse_intake"),
                                               pg_cluster_password(cluster, "recourse_intake"), 1);
    ask();
    door_intake_append(door, &unit, 5000, appended, NULL, 0);
    assert_int_equal(wait_for_it(), ERR_OK);
    assert_int_equal(got.outcome, APPEND_STORED);
    turn_for(300); /* the bell */
    door_intake_free(door);
}

static enum err submit(struct door_vault *door, struct vault_unit *unit)
{
    ask();
    door_vault_submit(door, unit, 5000, done, NULL, 0);
    return wait_for_it();
}

static struct buf sealed(const char *text)
{
    struct buf b = BUF_INIT(1000);
    assert_int_equal(buf_add_text(&b, text), ERR_OK);
    return b;
}

static const uint8_t none[32], signature[64] = {7};

static struct vault_item an_item(const uint8_t *id, int64_t version, uint64_t fence, const char *body)
{
    struct vault_item item = {.version = version,
                              .fence = fence,
                              .body = (const uint8_t *)body,
                              .body_len = strlen(body),
                              .signature = signature,
                              .desk = "usual"};
    memcpy(item.id, id, 16);
    return item;
}

static void put(struct vault_unit *unit, enum vault_shelf shelf, struct vault_item item)
{
    vault_unit_put(unit, shelf, &item);
}

static void leaf(struct vault_unit *unit, uint8_t id, const uint8_t *state_hash, const uint8_t *before)
{
    uint8_t leaf_id[16] = {id};
    struct buf entry = sealed("a sealed entry");
    vault_unit_leaf(unit, leaf_id, &entry, state_hash, before);
    buf_free(&entry);
}

static int begin(void **state)
{
    (void)state;
    loop = loop_new();
    pg_cluster_run(cluster,
                   "TRUNCATE recourse.message, recourse.sealed_case, recourse.case_key, recourse.inbox,"
                   " recourse.case_state, recourse.record, recourse.impact, recourse.outbox, recourse.outbox_end,"
                   " recourse.audit_leaf, recourse.audit_seq, recourse.audit_pending, recourse.audit_checkpoint");
    return 0;
}

static int end(void **state)
{
    (void)state;
    loop_free(loop);
    return 0;
}

/* --- stories --- */

static void one_vault_at_a_time_and_the_replaced_one_writes_nothing(void **state)
{
    (void)state;
    struct door_vault *first = open_vault("recourse_vault_usual"), *second = open_vault("recourse_vault_usual");
    uint8_t id[16] = {1};
    uint64_t old = fence_of(first);
    ask();
    door_vault_fence(second, 5000, fenced, NULL, 0);
    assert_int_equal(wait_for_it(), ERR_BUSY);
    /* Its lock is lost with its session; the second takes over while the first still believes. Again where the first
     * was quicker to come back: it may keep what is still its own. */
    enum err err = ERR_BUSY;
    for (int i = 0; i < 50 && err == ERR_BUSY; i++) {
        pg_cluster_run(cluster, "SELECT pg_terminate_backend(pid, 1000) FROM pg_locks"
                                " WHERE locktype = 'advisory' AND granted");
        ask();
        door_vault_fence(second, 5000, fenced, NULL, 0);
        err = wait_for_it();
    }
    assert_int_equal(err, ERR_OK);
    uint64_t fresh = got.fence;
    assert_int_equal(fresh, old + 1);
    struct vault_unit *unit = vault_unit_new(old);
    put(unit, SHELF_RECORD, an_item(id, 1, old, "late"));
    assert_int_equal(submit(first, unit), ERR_CONFLICT);
    unit = vault_unit_new(fresh);
    put(unit, SHELF_RECORD, an_item(id, 1, fresh, "now"));
    assert_int_equal(submit(second, unit), ERR_OK);
    assert_int_equal(pg_cluster_number(cluster, "SELECT count(*) FROM recourse.record"), 1);
    door_vault_free(first);
    door_vault_free(second);
}

static void a_lost_lock_is_taken_again_by_the_same_vault(void **state)
{
    (void)state;
    struct door_vault *door = open_vault("recourse_vault_usual");
    fence_of(door);
    pg_cluster_run(cluster, "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted");
    turn_for(6500);
    assert_int_equal(
        pg_cluster_number(cluster, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"), 1);
    door_vault_free(door);
}

static void a_report_rings_is_read_and_becomes_a_case(void **state)
{
    (void)state;
    struct door_vault *door = open_vault("recourse_vault_usual");
    uint64_t fence = fence_of(door);
    unsigned rung = bells;
    struct append_unit report = a_report("usual", DOOR_INTAKE, 1100),
                       other = a_report("safeguarding", DOOR_INTAKE, 900);
    uint8_t case_id[16];
    memcpy(case_id, report.place.case_id, 16);
    struct envelope_place place = report.place;
    append(report);
    assert_true(bells > rung);
    append(other);
    ask();
    door_vault_inbox(door, 0, 100, 5000, paged, NULL, 0);
    assert_int_equal(wait_for_it(), ERR_OK);
    assert_int_equal(got.rows, 1); /* not the other desk's */
    assert_int_equal(got.wraps, 2);
    assert_memory_equal(&got.row[0].place, &place, sizeof place);
    int64_t inbox = got.row[0].inbox;
    assert_true(inbox > 0);

    struct vault_unit *unit = vault_unit_new(fence);
    struct vault_item item = an_item(case_id, 1, fence, "a state");
    item.messages = 1;
    vault_unit_taken(unit, inbox);
    put(unit, SHELF_STATE, item);
    assert_int_equal(submit(door, unit), ERR_OK);
    ask();
    door_vault_items(door, SHELF_STATE, none, 10, 5000, shelved, NULL, 0);
    assert_int_equal(wait_for_it(), ERR_OK);
    assert_int_equal(got.items, 1);
    assert_int_equal(got.wraps, 2);
    assert_memory_equal(got.item[0].id, case_id, 16);
    assert_memory_equal(got.wrap_case[1], case_id, 16);
    assert_string_equal(got.item[0].desk, "usual");
    assert_int_equal(got.item[0].messages, 1);
    /* The place is done: doing it again is a conflict. */
    unit = vault_unit_new(fence);
    vault_unit_taken(unit, inbox);
    assert_int_equal(submit(door, unit), ERR_CONFLICT);
    door_vault_free(door);
}

static void another_desks_case_cannot_be_read_or_written(void **state)
{
    (void)state;
    struct door_vault *door = open_vault("recourse_vault_usual");
    uint64_t fence = fence_of(door);
    struct append_unit other = a_report("safeguarding", DOOR_INTAKE, 900);
    uint8_t case_id[16];
    struct envelope_place place = other.place;
    struct envelope_wrap wrap = other.wraps[0];
    memcpy(case_id, other.place.case_id, 16);
    append(other);
    ask();
    door_vault_case(door, case_id, 5000, paged, NULL, 0);
    assert_int_equal(wait_for_it(), ERR_NOT_FOUND);

    struct buf body = sealed("x");
    rng_bytes(place.row_id, 16);
    place.door = DOOR_VAULT;
    struct vault_unit *unit = vault_unit_new(fence);
    vault_unit_row(unit, &place, &body, NULL);
    assert_int_equal(submit(door, unit), ERR_DENIED);
    unit = vault_unit_new(fence);
    wrap.generation = 2;
    vault_unit_wrap(unit, &wrap);
    assert_int_equal(submit(door, unit), ERR_DENIED);
    unit = vault_unit_new(fence);
    put(unit, SHELF_STATE, an_item(case_id, 1, fence, "not mine"));
    assert_int_equal(submit(door, unit), ERR_NOT_FOUND);
    unit = vault_unit_new(fence);
    vault_unit_dissolve(unit, case_id);
    assert_int_equal(submit(door, unit), ERR_NOT_FOUND);
    buf_free(&body);
    door_vault_free(door);
}

/* ---- for a vault that has most of it from a snapshot ---- */

static struct {
    size_t count;
    struct vault_state_name first[4];
} names;

static void named(void *room, uint64_t tag, enum err err, const struct vault_state_name *found, size_t count)
{
    (void)room;
    (void)tag;
    names.count = count;
    for (size_t i = 0; i < count && i < 4; i++)
        names.first[i] = found[i];
    came(err);
}

static void ask_names(struct door_vault *door, const uint8_t *after, unsigned limit)
{
    ask();
    door_vault_state_names(door, after, limit, 5000, named, NULL, 0);
    assert_int_equal(wait_for_it(), ERR_OK);
}

static void ask_states(struct door_vault *door, const uint8_t (*ids)[16], size_t count)
{
    ask();
    door_vault_states(door, ids, count, 5000, shelved, NULL, 0);
    assert_int_equal(wait_for_it(), ERR_OK);
}

static int compare_ids(const void *a, const void *b)
{
    return memcmp(a, b, 16);
}

/* `count` cases of the usual desk, their ids in order; the first has version 2. */
static void make_cases(struct door_vault *door, uint64_t fence, uint8_t (*ids)[16], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct append_unit report = a_report("usual", DOOR_INTAKE, 200);
        memcpy(ids[i], report.place.case_id, 16);
        append(report);
        struct vault_unit *unit = vault_unit_new(fence);
        put(unit, SHELF_STATE, an_item(ids[i], 1, fence, "a state"));
        assert_int_equal(submit(door, unit), ERR_OK);
    }
    qsort(ids, count, 16, compare_ids);
    struct vault_unit *unit = vault_unit_new(fence);
    put(unit, SHELF_STATE, an_item(ids[0], 2, fence, "another state"));
    assert_int_equal(submit(door, unit), ERR_OK);
}

static void names_of_states_come_page_by_page_and_those_that_are_asked_for(void **state)
{
    (void)state;
    struct door_vault *door = open_vault("recourse_vault_usual");
    uint64_t fence = fence_of(door);
    uint8_t ids[3][16], hash[32], others[2][16] = {{1}, {2}};
    make_cases(door, fence, ids, 3);
    ask_names(door, none, 2);
    assert_int_equal(names.count, 2);
    for (size_t i = 0; i < 2; i++)
        assert_memory_equal(names.first[i].id, ids[i], 16);
    assert_int_equal(names.first[0].version, 2);
    assert_int_equal(names.first[1].version, 1);
    ask_names(door, ids[1], 2);
    assert_int_equal(names.count, 1);
    assert_memory_equal(names.first[0].id, ids[2], 16);
    ask_names(door, ids[2], 2);
    assert_int_equal(names.count, 0);
    /* The name is that under which a vault that opens the state knows it. */
    ask_names(door, none, 1);
    const struct vault_item item = an_item(ids[0], 2, fence, "another state");
    const struct hashes_item hashed = {.shelf = SHELF_STATE,
                                       .id = ids[0],
                                       .version = 2,
                                       .fence = fence,
                                       .rows_hash = none,
                                       .body = item.body,
                                       .body_len = item.body_len};
    hashes_state(&hashed, "usual", signature, hash);
    assert_memory_equal(names.first[0].hash, hash, 32);
    /* Of those that are asked for, what is there: with the wraps, as on the shelf, the last version alone. */
    memcpy(others[1], ids[0], 16);
    ask_states(door, (const uint8_t(*)[16])others, 2);
    assert_int_equal(got.items, 1);
    assert_memory_equal(got.item[0].id, ids[0], 16);
    assert_int_equal(got.item[0].version, 2);
    assert_string_equal(got.item[0].desk, "usual");
    assert_int_equal(got.wraps, 2);
    ask_states(door, (const uint8_t(*)[16])ids, 3);
    assert_int_equal(got.items, 3);
    assert_int_equal(got.wraps, 6);
    ask_states(door, (const uint8_t(*)[16])ids, 0);
    assert_int_equal(got.items, 0);
    door_vault_free(door);
}

/* For the search index: of several cases at once, each in its order, and nobody else's. */
static void the_messages_of_some_cases_are_those_of_the_own_desk(void **state)
{
    (void)state;
    struct door_vault *door = open_vault("recourse_vault_usual");
    uint8_t ids[3][16];
    for (unsigned i = 0; i < 3; i++) {
        struct append_unit made = a_report(i == 2 ? "safeguarding" : "usual", DOOR_INTAKE, 910 + i);
        memcpy(ids[i], made.place.case_id, 16);
        append(made);
    }
    struct buf body = sealed("an answer");
    struct envelope_place place = {0};
    ask();
    door_vault_messages(door, (const uint8_t(*)[16])ids, 3, 5000, paged, NULL, 0);
    assert_int_equal(wait_for_it(), ERR_OK);
    assert_int_equal(got.rows, 2);
    assert_int_equal(got.wraps, 0);
    /* One more in the first: behind the one that was there. */
    size_t first = memcmp(got.row[0].place.case_id, ids[0], 16) == 0 ? 0 : 1;
    place = got.row[first].place;
    rng_bytes(place.row_id, 16);
    place.door = DOOR_VAULT;
    uint64_t fence = fence_of(door);
    place.incarnation = fence;
    place.n = 1;
    struct vault_unit *unit = vault_unit_new(fence);
    vault_unit_row(unit, &place, &body, NULL);
    assert_int_equal(submit(door, unit), ERR_OK);
    ask();
    door_vault_messages(door, (const uint8_t(*)[16])ids, 3, 5000, paged, NULL, 0);
    assert_int_equal(wait_for_it(), ERR_OK);
    assert_int_equal(got.rows, 3);
    assert_memory_equal(got.row[first].place.case_id, ids[0], 16);
    assert_memory_equal(got.row[first + 1].place.row_id, place.row_id, 16);
    assert_true(got.row[first].position < got.row[first + 1].position);
    ask();
    door_vault_messages(door, (const uint8_t(*)[16])ids, 0, 5000, paged, NULL, 0);
    assert_int_equal(wait_for_it(), ERR_OK);
    assert_int_equal(got.rows, 0);
    buf_free(&body);
    door_vault_free(door);
}

static void names_and_states_are_those_of_the_own_desk_and_for_vaults_alone(void **state)
{
    (void)state;
#define NOBODY "'00000000-0000-0000-0000-000000000000'"
    static const char *const functions[] = {"SELECT * FROM door_vault.state_names(" NOBODY ", 10)",
                                            "SELECT * FROM door_vault.states(ARRAY[" NOBODY "]::uuid[])",
                                            "SELECT * FROM door_vault.messages(ARRAY[" NOBODY "]::uuid[])"};
    static const char *const roles[] = {"recourse_intake", "recourse_sms", "recourse_triage", "recourse_audit"};
    struct door_vault *door = open_vault("recourse_vault_usual"), *other = open_vault("recourse_vault_safeguarding");
    uint8_t ids[1][16];
    make_cases(door, fence_of(door), ids, 1);
    ask_names(other, none, 10);
    assert_int_equal(names.count, 0);
    ask_states(other, (const uint8_t(*)[16])ids, 1);
    assert_int_equal(got.items, 0);
    assert_int_equal(got.wraps, 0);
    for (size_t r = 0; r < sizeof roles / sizeof *roles; r++) {
        PGconn *conn = pg_cluster_connect(cluster, roles[r]);
        for (size_t f = 0; f < sizeof functions / sizeof *functions; f++) {
            PGresult *result = PQexec(conn, functions[f]);
            assert_string_equal(PQresultErrorField(result, PG_DIAG_SQLSTATE), "42501");
            PQclear(result);
        }
        PQfinish(conn);
    }
    door_vault_free(other);
    door_vault_free(door);
}

static void a_case_may_be_begun_for_another_desk(void **state)
{
    (void)state;
    struct door_vault *usual = open_vault("recourse_vault_usual"), *other = open_vault("recourse_vault_safeguarding");
    uint64_t fence = fence_of(usual);
    struct append_unit made = a_report("safeguarding", DOOR_VAULT, 900);
    made.place.author = AUTHOR_STAFF;
    struct vault_unit *unit = vault_unit_new(fence);
    /* In no order: the unit puts it right. */
    vault_unit_inbox(unit, made.place.row_id, "safeguarding");
    vault_unit_wrap(unit, &made.wraps[0]);
    vault_unit_row(unit, &made.place, &made.body, signature);
    vault_unit_case(unit, made.place.case_id, 1, "safeguarding", "2033-11-01");
    assert_int_equal(submit(usual, unit), ERR_OK);
    ask();
    door_vault_case(usual, made.place.case_id, 5000, paged, NULL, 0);
    assert_int_equal(wait_for_it(), ERR_NOT_FOUND);
    ask();
    door_vault_inbox(other, 0, 10, 5000, paged, NULL, 0);
    assert_int_equal(wait_for_it(), ERR_OK);
    assert_int_equal(got.rows, 1);
    assert_int_equal(got.wraps, 1);
    assert_non_null(got.row[0].signature);
    /* Begun and committed, it is the other desk's alone. */
    rng_bytes(made.place.row_id, 16);
    unit = vault_unit_new(fence);
    vault_unit_row(unit, &made.place, &made.body, NULL);
    assert_int_equal(submit(usual, unit), ERR_DENIED);
    buf_free(&made.body);
    door_vault_free(usual);
    door_vault_free(other);
}

static void for_safeguarding(struct vault_unit *unit, const struct append_unit *report)
{
    for (unsigned i = 0; i < 2; i++) {
        struct envelope_wrap wrap = report->wraps[i];
        memset(wrap.recipient_id, 0, sizeof wrap.recipient_id);
        memcpy(wrap.recipient_id, "safeguarding", strlen("safeguarding"));
        vault_unit_wrap(unit, &wrap);
    }
}

static enum err move(struct door_vault *door, uint64_t fence, const struct append_unit *report, int with_wraps,
                     int64_t version, const char *to)
{
    struct vault_unit *unit = vault_unit_new(fence);
    put(unit, SHELF_STATE, an_item(report->place.case_id, 2, fence, "its last words here"));
    if (with_wraps)
        for_safeguarding(unit, report);
    vault_unit_move(unit, report->place.case_id, version, to);
    return submit(door, unit);
}

static size_t shelf_of(struct door_vault *door, enum vault_shelf shelf)
{
    static const uint8_t start[16];
    ask();
    door_vault_items(door, shelf, start, 10, 5000, shelved, NULL, 0);
    assert_int_equal(wait_for_it(), ERR_OK);
    return got.items;
}

static size_t inbox_of(struct door_vault *door)
{
    ask();
    door_vault_inbox(door, 0, 10, 5000, paged, NULL, 0);
    assert_int_equal(wait_for_it(), ERR_OK);
    return got.rows;
}

static void a_case_moves_whole_and_with_what_waits_and_leaves_nothing_behind(void **state)
{
    (void)state;
    struct door_vault *usual = open_vault("recourse_vault_usual"), *other = open_vault("recourse_vault_safeguarding");
    uint64_t fence = fence_of(usual), theirs = fence_of(other);
    struct append_unit report = a_report("usual", DOOR_INTAKE, 900), kept = the_same(&report);
    struct append_unit more = a_report("usual", DOOR_INTAKE, 500);
    more.new_case = 0;
    more.wrap_count = 0;
    memcpy(more.place.case_id, report.place.case_id, 16);
    append(report);
    assert_int_equal(inbox_of(usual), 1);
    struct vault_unit *unit = vault_unit_new(fence);
    put(unit, SHELF_STATE, an_item(kept.place.case_id, 1, fence, "opened"));
    vault_unit_taken(unit, got.row[0].inbox);
    assert_int_equal(submit(usual, unit), ERR_OK);
    append(more); /* the person writes again, and nobody has read it yet */

    assert_int_equal(move(usual, fence, &kept, 0, 2, "safeguarding"), ERR_DENIED); /* nobody could open it there */
    assert_int_equal(move(usual, fence, &kept, 1, 1, "safeguarding"), ERR_CONFLICT);
    assert_int_equal(move(usual, fence, &kept, 1, 2, "nowhere"), ERR_NOT_FOUND);
    assert_int_equal(move(usual, fence, &kept, 1, 2, "usual"), ERR_NOT_FOUND);
    unit = vault_unit_new(theirs);
    vault_unit_move(unit, kept.place.case_id, 1, "safeguarding");
    assert_int_equal(submit(other, unit), ERR_NOT_FOUND); /* nobody takes what is not given */
    assert_int_equal(move(usual, fence, &kept, 1, 2, "safeguarding"), ERR_OK);

    ask();
    door_vault_case(usual, kept.place.case_id, 5000, paged, NULL, 0);
    assert_int_equal(wait_for_it(), ERR_NOT_FOUND);
    assert_int_equal(shelf_of(usual, SHELF_STATE) + shelf_of(usual, SHELF_MOVED) + inbox_of(usual), 0);
    assert_int_equal(inbox_of(other), 1);
    assert_int_equal(shelf_of(other, SHELF_MOVED), 1);
    assert_string_equal(got.item[0].desk, "usual");
    assert_int_equal(got.item[0].version, 2);
    assert_int_equal(got.wraps, 2);
    assert_int_equal(shelf_of(other, SHELF_STATE), 1);
    assert_int_equal(pg_cluster_number(cluster, "SELECT count(*) FROM recourse.case_key"), 3); /* and the receipt's */

    unit = vault_unit_new(theirs);
    put(unit, SHELF_STATE, an_item(kept.place.case_id, 3, theirs, "ours now"));
    assert_int_equal(submit(other, unit), ERR_OK);
    assert_int_equal(shelf_of(other, SHELF_MOVED), 0);
    assert_int_equal(shelf_of(other, SHELF_STATE), 1);
    assert_string_equal(got.item[0].desk, "safeguarding");
    buf_free(&kept.body);
    door_vault_free(usual);
    door_vault_free(other);
}

static void offered_came(void *room, uint64_t tag, enum err err, int is_offered)
{
    (void)room;
    assert_int_equal(tag, 77);
    got.is_offered = is_offered;
    came(err);
}

static int is_offered(struct door_vault *door, const char *desk)
{
    ask();
    door_vault_offered(door, desk, 5000, offered_came, NULL, 77);
    assert_int_equal(wait_for_it(), ERR_OK);
    return got.is_offered;
}

static void tell_offered(struct door_vault *door, uint64_t fence, int offered)
{
    struct vault_unit *unit = vault_unit_new(fence);
    vault_unit_offered(unit, offered);
    assert_int_equal(submit(door, unit), ERR_OK);
}

static void one_desk_learns_whether_somebody_works_at_another(void **state)
{
    (void)state;
    struct door_vault *usual = open_vault("recourse_vault_usual"), *other = open_vault("recourse_vault_safeguarding");
    uint64_t fence = fence_of(other);
    assert_false(is_offered(usual, "safeguarding"));
    tell_offered(other, fence, 1);
    assert_true(is_offered(usual, "safeguarding"));
    assert_true(is_offered(other, "safeguarding"));
    assert_false(is_offered(other, "usual"));
    assert_false(is_offered(usual, "no-such-desk"));
    tell_offered(other, fence, 0);
    assert_false(is_offered(usual, "safeguarding"));
    door_vault_free(usual);
    door_vault_free(other);
}

static void versions_rise_by_one_or_the_whole_unit_is_nothing(void **state)
{
    (void)state;
    struct door_vault *door = open_vault("recourse_vault_usual"), *other = open_vault("recourse_vault_safeguarding");
    uint64_t fence = fence_of(door), other_fence = fence_of(other);
    uint8_t one[16] = {1}, two[16] = {2};
    struct vault_unit *unit = vault_unit_new(fence);
    put(unit, SHELF_RECORD, an_item(one, 1, fence, "v1"));
    put(unit, SHELF_IMPACT, an_item(one, 1, fence, "v1"));
    assert_int_equal(submit(door, unit), ERR_OK);
    unit = vault_unit_new(fence);
    put(unit, SHELF_RECORD, an_item(two, 1, fence, "v1"));
    put(unit, SHELF_RECORD, an_item(one, 1, fence, "v1 again"));
    assert_int_equal(submit(door, unit), ERR_CONFLICT);
    unit = vault_unit_new(fence);
    put(unit, SHELF_RECORD, an_item(two, 1, fence, "v1"));
    put(unit, SHELF_RECORD, an_item(one, 3, fence, "v3"));
    assert_int_equal(submit(door, unit), ERR_CONFLICT);
    assert_int_equal(pg_cluster_number(cluster, "SELECT count(*) FROM recourse.record"), 1);
    unit = vault_unit_new(fence);
    put(unit, SHELF_RECORD, an_item(one, 2, fence, "v2"));
    assert_int_equal(submit(door, unit), ERR_OK);
    /* An impact is the office's: another vault may go on with it, and is told when it was too late. */
    unit = vault_unit_new(other_fence);
    put(unit, SHELF_IMPACT, an_item(one, 2, other_fence, "v2"));
    assert_int_equal(submit(other, unit), ERR_OK);
    unit = vault_unit_new(fence);
    put(unit, SHELF_IMPACT, an_item(one, 2, fence, "v2 too"));
    assert_int_equal(submit(door, unit), ERR_CONFLICT);
    ask();
    door_vault_items(door, SHELF_IMPACT, none, 10, 5000, shelved, NULL, 0);
    assert_int_equal(wait_for_it(), ERR_OK);
    assert_int_equal(got.items, 1);
    assert_int_equal(got.item[0].version, 2);
    assert_string_equal(got.item[0].desk, "safeguarding");
    ask();
    door_vault_items(other, SHELF_RECORD, none, 10, 5000, shelved, NULL, 0);
    assert_int_equal(wait_for_it(), ERR_OK);
    assert_int_equal(got.items, 0); /* records are the desk's */
    door_vault_free(door);
    door_vault_free(other);
}

static void a_text_threaded_elsewhere_leaves_nothing_behind(void **state)
{
    (void)state;
    struct door_vault *door = open_vault("recourse_vault_usual");
    uint64_t fence = fence_of(door);
    struct append_unit text = a_report("usual", DOOR_INTAKE, 500), more = a_report("usual", DOOR_INTAKE, 500);
    uint8_t case_id[16];
    memcpy(case_id, text.place.case_id, 16);
    more.new_case = 0;
    more.wrap_count = 0;
    memcpy(more.place.case_id, case_id, 16);
    append(text);
    append(more);
    ask();
    door_vault_inbox(door, 0, 10, 5000, paged, NULL, 0);
    assert_int_equal(wait_for_it(), ERR_OK);
    assert_int_equal(got.rows, 2);
    int64_t first = got.row[0].inbox, second = got.row[1].inbox;
    struct vault_unit *unit = vault_unit_new(fence);
    vault_unit_dissolve(unit, case_id);
    vault_unit_taken(unit, first);
    assert_int_equal(submit(door, unit), ERR_CONFLICT); /* something else has come in for it */
    unit = vault_unit_new(fence);
    vault_unit_dissolve(unit, case_id);
    vault_unit_taken(unit, first);
    vault_unit_taken(unit, second);
    assert_int_equal(submit(door, unit), ERR_OK);
    assert_int_equal(pg_cluster_number(cluster, "SELECT (SELECT count(*) FROM recourse.message) + (SELECT count(*) FROM"
                                                " recourse.case_key) + (SELECT count(*) FROM recourse.sealed_case)"),
                     0);
    door_vault_free(door);
}

static void a_unit_with_its_leaf_is_done_once_however_often_it_is_sent(void **state)
{
    (void)state;
    struct door_vault *door = open_vault("recourse_vault_usual");
    uint64_t fence = fence_of(door);
    uint8_t id[16] = {9};
    for (int i = 0; i < 2; i++) {
        struct vault_unit *unit = vault_unit_new(fence);
        put(unit, SHELF_RECORD, an_item(id, 1, fence, "once"));
        leaf(unit, 77, none, none);
        assert_int_equal(submit(door, unit), ERR_OK);
    }
    assert_int_equal(pg_cluster_number(cluster, "SELECT count(*) FROM recourse.audit_leaf"), 1);
    assert_int_equal(pg_cluster_number(cluster, "SELECT version FROM recourse.record"), 1);
    door_vault_free(door);
}

/* --- the gateway's side --- */

static void ended(void *room, uint64_t tag, enum err err, const struct outbox_end *ends, size_t count)
{
    (void)room;
    (void)tag;
    got.ends = count;
    if (count) {
        memcpy(got.end_id, ends[0].id, 16);
        got.end_outcome = ends[0].outcome;
    }
    came(err);
}

static void outboxed(void *room, uint64_t tag, enum err err, const struct outbox_row *rows, size_t count)
{
    (void)room;
    (void)tag;
    got.rows = count;
    if (count)
        memcpy(got.outbox_body, rows[0].body, rows[0].body_len);
    came(err);
}

static void key_told(void *room, uint64_t tag, enum err err, const uint8_t *key_id, const uint8_t *public_key,
                     const uint8_t *its_signature)
{
    (void)room;
    (void)tag;
    if (err == ERR_OK) {
        assert_int_equal(key_id[0], 4);
        assert_int_equal(public_key[0], 5);
        assert_memory_equal(its_signature, signature, 64);
    }
    came(err);
}

static void a_text_goes_out_once_and_its_end_comes_back_until_it_is_known(void **state)
{
    (void)state;
    struct door_vault *vault = open_vault("recourse_vault_usual");
    struct door_sms *sms = door_sms_new(loop, pg_cluster_conninfo(cluster, "recourse_sms"),
                                        pg_cluster_password(cluster, "recourse_sms"), 1, sms_bell, NULL);
    uint64_t fence = fence_of(vault);
    const uint8_t key_ids[2][8] = {{3}, {4}}, public_key[32] = {5}, id[16] = {6};
    ask();
    door_vault_gateway_key(vault, 5000, key_told, NULL, 0);
    assert_int_equal(wait_for_it(), ERR_NOT_FOUND);
    ask();
    door_sms_key(sms, key_ids[1], public_key, signature, 5000, done, NULL, 0);
    assert_int_equal(wait_for_it(), ERR_OK);
    ask();
    door_vault_gateway_key(vault, 5000, key_told, NULL, 0);
    assert_int_equal(wait_for_it(), ERR_OK);

    unsigned rung = sms_bells;
    for (int i = 0; i < 2; i++) { /* sealed again to today's key, under the same id */
        struct buf body = sealed(i ? "again" : "first");
        struct vault_unit *unit = vault_unit_new(fence);
        vault_unit_outbox(unit, id, "kannel-1", key_ids[i], &body);
        assert_int_equal(submit(vault, unit), ERR_OK);
        buf_free(&body);
    }
    turn_for(300);
    assert_true(sms_bells > rung);
    ask();
    door_sms_outbox(sms, &(struct outbox_wanted){.key_ids = key_ids, .count = 1, .limit = 10, .of_one = 20}, 5000,
                    outboxed, NULL, 0); /* yesterday's key alone */
    assert_int_equal(wait_for_it(), ERR_OK);
    assert_int_equal(got.rows, 0);
    ask();
    door_sms_outbox(sms, &(struct outbox_wanted){.key_ids = key_ids, .count = 2, .limit = 10, .of_one = 20}, 5000,
                    outboxed, NULL, 0);
    assert_int_equal(wait_for_it(), ERR_OK);
    assert_int_equal(got.rows, 1);
    assert_memory_equal(got.outbox_body, "again", 5);
    for (int i = 0; i < 2; i++) {
        ask();
        door_sms_outbox_end(sms, id, 1, 5000, done, NULL, 0);
        assert_int_equal(wait_for_it(), ERR_OK);
    }
    ask();
    door_vault_outbox_ends(vault, 5000, ended, NULL, 0);
    assert_int_equal(wait_for_it(), ERR_OK);
    assert_int_equal(got.ends, 1);
    assert_int_equal(got.end_outcome, 1);
    assert_memory_equal(got.end_id, id, 16);
    /* Sealed anew by a vault that did not know: it does not go out again. */
    struct buf body = sealed("again");
    struct vault_unit *unit = vault_unit_new(fence);
    vault_unit_outbox(unit, id, "kannel-1", key_ids[1], &body);
    assert_int_equal(submit(vault, unit), ERR_OK);
    buf_free(&body);
    ask();
    door_sms_outbox(sms, &(struct outbox_wanted){.key_ids = key_ids, .count = 2, .limit = 10, .of_one = 20}, 5000,
                    outboxed, NULL, 0);
    assert_int_equal(wait_for_it(), ERR_OK);
    assert_int_equal(got.rows, 0);
    /* What became of it is told until somebody knows it. */
    for (int i = 0; i < 2; i++) {
        ask();
        door_vault_outbox_ends(vault, 5000, ended, NULL, 0);
        assert_int_equal(wait_for_it(), ERR_OK);
        assert_int_equal(got.ends, 1 - i);
        unit = vault_unit_new(fence);
        vault_unit_ended(unit, id);
        assert_int_equal(submit(vault, unit), ERR_OK);
    }
    door_sms_free(sms);
    door_vault_free(vault);
}

static uint8_t out_rows[64];
static void ordered(void *room, uint64_t tag, enum err err, const struct outbox_row *rows, size_t count)
{
    (void)room;
    (void)tag;
    got.rows = count;
    for (size_t i = 0; i < count && i < sizeof out_rows; i++)
        out_rows[i] = (uint8_t)(rows[i].channel[0] == 'w' ? rows[i].channel[8] : 't');
    came(err);
}

/* A receiver that is down has a hundred rows: neither texts nor another receiver wait behind them. */
static void webhooks_stand_behind_texts_and_take_turns(void **state)
{
    (void)state;
    struct door_vault *vault = open_vault("recourse_vault_usual");
    struct door_sms *sms = door_sms_new(loop, pg_cluster_conninfo(cluster, "recourse_sms"),
                                        pg_cluster_password(cluster, "recourse_sms"), 1, sms_bell, NULL);
    uint64_t fence = fence_of(vault);
    const uint8_t key_ids[1][8] = {{31}};
    for (uint8_t i = 0; i < 102; i++) {
        const uint8_t id[16] = {60, i};
        struct buf body = sealed("x");
        struct vault_unit *unit = vault_unit_new(fence);
        vault_unit_outbox(unit, id, i < 100 ? "webhook:a" : i == 100 ? "webhook:b" : "kannel-1", key_ids[0], &body);
        assert_int_equal(submit(vault, unit), ERR_OK);
        buf_free(&body);
    }
    ask();
    struct outbox_wanted wanted = {.key_ids = key_ids, .count = 1, .limit = 64, .of_one = 20};
    door_sms_outbox(sms, &wanted, 5000, ordered, NULL, 0);
    assert_int_equal(wait_for_it(), ERR_OK);
    assert_int_equal(got.rows, 1 + 8 + 1);
    assert_int_equal(out_rows[0], 't');
    assert_true(out_rows[1] == 'b' || out_rows[2] == 'b');
    ask(); /* what waits for its next try stands in nobody's way */
    const uint8_t waits[2][16] = {{60, 101}, {60, 0}};
    wanted.without = waits;
    wanted.without_count = 2;
    door_sms_outbox(sms, &wanted, 5000, ordered, NULL, 0);
    assert_int_equal(wait_for_it(), ERR_OK);
    assert_int_equal(got.rows, 8 + 1);
    assert_true(out_rows[0] == 'a' || out_rows[0] == 'b');
    door_sms_free(sms);
    door_vault_free(vault);
}

static void the_gateway_appends_as_itself_alone(void **state)
{
    (void)state;
    struct door_sms *sms = door_sms_new(loop, pg_cluster_conninfo(cluster, "recourse_sms"),
                                        pg_cluster_password(cluster, "recourse_sms"), 2, NULL, NULL);
    struct append_unit text = a_report("usual", DOOR_SMS, 1100), again = a_report("usual", DOOR_SMS, 1100);
    text.seen = again.seen = 1;
    memset(text.seen_tag, 3, 32);
    memset(again.seen_tag, 3, 32);
    ask();
    door_sms_append(sms, &text, 5000, appended, NULL, 0);
    assert_int_equal(wait_for_it(), ERR_OK);
    assert_int_equal(got.outcome, APPEND_STORED);
    ask();
    door_sms_append(sms, &again, 5000, appended, NULL, 0);
    assert_int_equal(wait_for_it(), ERR_OK);
    assert_int_equal(got.outcome, APPEND_ALREADY);
    assert_int_equal(pg_cluster_number(cluster, "SELECT count(*) FROM recourse.message WHERE door = 2"), 1);
    door_sms_beat(sms, 1, 1, signature, 1, 5, 6); /* slot 0 is over */
    turn_for(500);
    assert_int_equal(pg_cluster_number(cluster, "SELECT count(*) FROM recourse.sms_seen"), 0);
    door_sms_free(sms);
}

/* --- audit and verification --- */

static void leaves_came(void *room, uint64_t tag, enum err err, const struct audit_leaf *leaves, size_t count)
{
    (void)room;
    (void)tag;
    got.leaves = count;
    for (size_t i = 0; i < count && i < 8; i++) {
        memcpy(got.leaf_ids[i], leaves[i].leaf_id, 16);
        memcpy(got.entry_sha256, leaves[i].entry_sha256, 32);
        got.seq[i] = leaves[i].seq;
    }
    came(err);
}

static void leaves_are_placed_in_one_order_without_gaps(void **state)
{
    (void)state;
    struct door_vault *vault = open_vault("recourse_vault_usual");
    struct door_audit *audit = door_audit_new(loop, pg_cluster_conninfo(cluster, "recourse_audit"),
                                              pg_cluster_password(cluster, "recourse_audit"));
    uint64_t fence = fence_of(vault);
    for (uint8_t i = 1; i <= 3; i++) {
        struct vault_unit *unit = vault_unit_new(fence);
        leaf(unit, i, none, none);
        assert_int_equal(submit(vault, unit), ERR_OK);
    }
    ask();
    door_audit_pending(audit, 10, 5000, leaves_came, NULL, 0);
    assert_int_equal(wait_for_it(), ERR_OK);
    assert_int_equal(got.leaves, 3);
    uint8_t expected[32];
    sign_sha256("a sealed entry", 14, expected);
    assert_memory_equal(got.entry_sha256, expected, 32);
    const uint8_t ids[3][16] = {{1}, {2}, {3}}, hashes[3][32] = {{11}, {12}, {13}}, unknown[1][16] = {{99}};
    const struct {
        int64_t first;
        size_t from, count;
        enum err err;
    } tries[] = {
        {2, 0, 2, ERR_CONFLICT}, {1, 0, 2, ERR_OK}, {1, 0, 2, ERR_OK}, {2, 2, 1, ERR_CONFLICT}, {3, 2, 1, ERR_OK}};
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        ask();
        door_audit_place(audit, tries[i].first, ids + tries[i].from, hashes + tries[i].from, tries[i].count, 5000, done,
                         NULL, 0);
        assert_int_equal(wait_for_it(), tries[i].err);
    }
    ask();
    door_audit_place(audit, 4, unknown, hashes, 1, 5000, done, NULL, 0);
    assert_int_equal(wait_for_it(), ERR_CONFLICT);
    ask();
    door_audit_pending(audit, 10, 5000, leaves_came, NULL, 0);
    assert_int_equal(wait_for_it(), ERR_OK);
    assert_int_equal(got.leaves, 0);
    ask();
    door_audit_placed(audit, 2, 10, 5000, leaves_came, NULL, 0);
    assert_int_equal(wait_for_it(), ERR_OK);
    assert_int_equal(got.leaves, 2);
    assert_int_equal(got.seq[1], 3);
    ask();
    door_audit_checkpoint(audit, 3, "recourse\n3\nroot\n", 5000, done, NULL, 0);
    assert_int_equal(wait_for_it(), ERR_OK);
    door_audit_free(audit);
    door_vault_free(vault);
}

struct verified {
    unsigned leaves, placed, cases, sound, erased, checkpoints, records;
    uint8_t last_state[32];
};

static enum err saw_leaf(void *room, const struct operator_leaf *one)
{
    struct verified *v = room;
    v->leaves++;
    v->placed += one->seq > 0;
    return ERR_OK;
}

static enum err saw_case(void *room, const struct operator_case *one)
{
    struct verified *v = room;
    v->cases++;
    v->sound += one->body && one->has_head && one->messages == one->found_messages &&
                memcmp(one->rows_hash, one->found_rows_hash, 32) == 0 &&
                memcmp(one->state_hash, one->found_state_hash, 32) == 0 && strcmp(one->desk, one->state_desk) == 0;
    return ERR_OK;
}

static enum err saw_erased(void *room, const struct operator_case *one)
{
    ((struct verified *)room)->erased += one->body_hash && !one->has_head && one->found_messages == 2 &&
                                         memcmp(one->state_hash, one->found_state_hash, 32) == 0;
    return ERR_OK;
}

static enum err saw_checkpoint(void *room, int64_t size, const char *note)
{
    (void)size;
    ((struct verified *)room)->checkpoints += strncmp(note, "recourse\n", 9) == 0;
    return ERR_OK;
}

static enum err saw_record(void *room, const struct operator_item *item)
{
    ((struct verified *)room)->records += item->version == 1 && item->signature[0] == 7;
    return ERR_OK;
}

static struct verified verify(void)
{
    struct door_operator *door;
    struct verified v = {0};
    char says[DOOR_OPERATOR_SAYS];
    assert_int_equal(door_operator_open(pg_cluster_conninfo(cluster, "recourse_operator"),
                                        pg_cluster_password(cluster, "recourse_operator"), &door, says),
                     ERR_OK);
    assert_int_equal(door_operator_leaves(door, saw_leaf, &v, says), ERR_OK);
    assert_int_equal(door_operator_cases(door, saw_case, &v, says), ERR_OK);
    assert_int_equal(door_operator_erased(door, saw_erased, &v, says), ERR_OK);
    assert_int_equal(door_operator_checkpoints(door, saw_checkpoint, &v, says), ERR_OK);
    assert_int_equal(door_operator_items(door, 2, saw_record, &v, says), ERR_OK);
    door_operator_close(door);
    return v;
}

static enum err erase(struct door_vault *door, uint64_t fence, const uint8_t *case_id, int64_t version)
{
    struct vault_unit *unit = vault_unit_new(fence);
    vault_unit_erase(unit, case_id, version);
    return submit(door, unit);
}

static void an_erased_case_leaves_no_row_no_key_and_no_head(void **state)
{
    (void)state;
    struct door_vault *usual = open_vault("recourse_vault_usual"), *other = open_vault("recourse_vault_safeguarding");
    uint64_t fence = fence_of(usual), theirs = fence_of(other);
    struct append_unit report = a_report("usual", DOOR_INTAKE, 900), kept = the_same(&report);
    struct append_unit more = a_report("usual", DOOR_INTAKE, 500);
    more.new_case = 0;
    more.wrap_count = 0;
    memcpy(more.place.case_id, report.place.case_id, 16);
    append(report);
    assert_int_equal(inbox_of(usual), 1);
    struct vault_unit *unit = vault_unit_new(fence);
    put(unit, SHELF_STATE, an_item(kept.place.case_id, 1, fence, "opened"));
    vault_unit_taken(unit, got.row[0].inbox);
    assert_int_equal(submit(usual, unit), ERR_OK);

    assert_int_equal(erase(other, theirs, kept.place.case_id, 1), ERR_NOT_FOUND); /* another desk's */
    assert_int_equal(erase(usual, fence, kept.place.case_id, 2), ERR_CONFLICT);
    append(more); /* "I want to keep it after all", and nobody has read it yet */
    assert_int_equal(erase(usual, fence, kept.place.case_id, 1), ERR_DENIED);
    assert_int_equal(inbox_of(usual), 1);
    unit = vault_unit_new(fence);
    vault_unit_taken(unit, got.row[0].inbox);
    assert_int_equal(submit(usual, unit), ERR_OK);
    assert_int_equal(erase(usual, fence, kept.place.case_id, 1), ERR_OK);

    assert_int_equal(pg_cluster_number(cluster,
                                       "SELECT (SELECT count(*) FROM recourse.message) + (SELECT count(*) FROM "
                                       "recourse.case_key) + (SELECT count(*) FROM recourse.case_state) + "
                                       "(SELECT count(*) FROM recourse.sealed_case)"),
                     0);
    /* What stays says that these two were there, and nothing else. */
    assert_int_equal(pg_cluster_number(cluster, "SELECT count(*) FROM recourse.erased_row"), 2);
    assert_int_equal(verify().erased, 1);
    assert_int_equal(erase(usual, fence, kept.place.case_id, 1), ERR_NOT_FOUND);
    buf_free(&kept.body);
    door_vault_free(usual);
    door_vault_free(other);
}

static void verification_finds_what_was_changed_removed_added_or_swapped(void **state)
{
    (void)state;
    struct door_vault *vault = open_vault("recourse_vault_usual");
    uint64_t fence = fence_of(vault);
    for (uint8_t i = 0; i < 2; i++) {
        append(a_report("usual", DOOR_INTAKE, 700));
        ask();
        door_vault_inbox(vault, 0, 10, 5000, paged, NULL, 0);
        /* The row is lent until the callback returns, so the hash is taken from what is known to be there. */
        assert_int_equal(wait_for_it(), ERR_OK);
        struct envelope_place place = got.row[0].place;
        int64_t inbox = got.row[0].inbox;
        PGconn *pg = pg_cluster_connect(cluster, "postgres");
        PGresult *body = PQexecParams(pg, "SELECT body FROM recourse.message m JOIN recourse.inbox USING (row_id)", 0,
                                      NULL, NULL, NULL, NULL, 1);
        struct vault_item item = an_item(place.case_id, 1, fence, "a state");
        item.messages = 1;
        hashes_add_row(item.rows_hash, &place, (const uint8_t *)PQgetvalue(body, 0, 0), (size_t)PQgetlength(body, 0, 0),
                       NULL);
        PQclear(body);
        PQfinish(pg);
        struct vault_unit *unit = vault_unit_new(fence);
        put(unit, SHELF_STATE, item);
        put(unit, SHELF_RECORD, an_item(place.row_id, 1, fence, "a record"));
        vault_unit_taken(unit, inbox);
        leaf(unit, (uint8_t)(i + 1), none, none);
        assert_int_equal(submit(vault, unit), ERR_OK);
    }
    door_vault_free(vault);
    struct verified v = verify();
    assert_int_equal(v.leaves, 2);
    assert_int_equal(v.cases, 2);
    assert_int_equal(v.sound, 2);
    assert_int_equal(v.records, 2);
    const char *const tampering[] = {
        "UPDATE recourse.message SET body = set_byte(body, 5, get_byte(body, 5) # 1) WHERE pos = (SELECT min(pos) FROM"
        " recourse.message)",
        "DELETE FROM recourse.message WHERE pos = (SELECT min(pos) FROM recourse.message)",
        "INSERT INTO recourse.message (row_id, case_id, office, door, incarnation, n, root, generation, part, author, "
        "body)"
        " SELECT gen_random_uuid(), case_id, office, door, incarnation, n, root, generation, part, author, body"
        " FROM recourse.message ORDER BY pos LIMIT 1",
        "UPDATE recourse.message m SET case_id = o.case_id FROM recourse.message o WHERE o.row_id <> m.row_id",
        "UPDATE recourse.case_state SET version = 2 WHERE case_id = (SELECT case_id FROM recourse.case_state LIMIT 1)",
        "UPDATE recourse.case_state SET body = 'older' WHERE case_id = (SELECT case_id FROM recourse.case_state LIMIT "
        "1)",
        "DELETE FROM recourse.case_state WHERE case_id = (SELECT case_id FROM recourse.case_state LIMIT 1)",
        "DELETE FROM recourse.sealed_case WHERE case_id = (SELECT case_id FROM recourse.sealed_case LIMIT 1)",
        "UPDATE recourse.sealed_case SET desk = 'safeguarding'",
    };
    pg_cluster_run(cluster, "CREATE SCHEMA kept; CREATE TABLE kept.m AS TABLE recourse.message;"
                            "CREATE TABLE kept.s AS TABLE recourse.case_state; CREATE TABLE kept.c AS TABLE"
                            " recourse.sealed_case");
    for (size_t i = 0; i < sizeof tampering / sizeof *tampering; i++) {
        pg_cluster_run(cluster, tampering[i]);
        assert_true(verify().sound < 2);
        pg_cluster_run(cluster, "TRUNCATE recourse.message, recourse.case_state, recourse.sealed_case;"
                                "INSERT INTO recourse.message OVERRIDING SYSTEM VALUE SELECT * FROM kept.m;"
                                "INSERT INTO recourse.case_state SELECT * FROM kept.s;"
                                "INSERT INTO recourse.sealed_case SELECT * FROM kept.c");
        assert_int_equal(verify().sound, 2);
    }
    pg_cluster_run(cluster, "DROP SCHEMA kept CASCADE");
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
#define STORY(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest stories[] = {
        STORY(one_vault_at_a_time_and_the_replaced_one_writes_nothing),
        STORY(a_lost_lock_is_taken_again_by_the_same_vault),
        STORY(a_report_rings_is_read_and_becomes_a_case),
        STORY(another_desks_case_cannot_be_read_or_written),
        STORY(names_of_states_come_page_by_page_and_those_that_are_asked_for),
        STORY(the_messages_of_some_cases_are_those_of_the_own_desk),
        STORY(names_and_states_are_those_of_the_own_desk_and_for_vaults_alone),
        STORY(a_case_may_be_begun_for_another_desk),
        STORY(a_case_moves_whole_and_with_what_waits_and_leaves_nothing_behind),
        STORY(an_erased_case_leaves_no_row_no_key_and_no_head),
        STORY(one_desk_learns_whether_somebody_works_at_another),
        STORY(versions_rise_by_one_or_the_whole_unit_is_nothing),
        STORY(a_text_threaded_elsewhere_leaves_nothing_behind),
        STORY(a_unit_with_its_leaf_is_done_once_however_often_it_is_sent),
        STORY(a_text_goes_out_once_and_its_end_comes_back_until_it_is_known),
        STORY(webhooks_stand_behind_texts_and_take_turns),
        STORY(the_gateway_appends_as_itself_alone),
        STORY(leaves_are_placed_in_one_order_without_gaps),
        STORY(verification_finds_what_was_changed_removed_added_or_swapped),
    };
    return cmocka_run_group_tests(stories, suite_begin, suite_end);
}
