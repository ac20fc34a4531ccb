/* test_uploads.c -- files on their way: each piece once and in its place, kept when they are sent, a case's when its
 * desk has read of them, and gone when nobody wants them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/clock.h"
#include "store/door_intake.h"
#include "store/door_vault.h"
#include "tests/support/pg_cluster.h"

static struct pg_cluster *cluster;
static struct loop *loop;
static struct door_intake *intake;
static struct door_vault *vault;
static struct buf head, body;

static struct {
    int calls;
    enum err err;
    int32_t pieces;
    int64_t bytes;
    int is_whole, is_kept;
    size_t count;
    uint64_t fence;
    int32_t n[VAULT_PIECES_MAX];
    char head[32], body[32];
} got;

static const uint8_t ONE[16] = {1}, TWO[16] = {2}, THREE[16] = {3}, OURS[16] = {0xaa}, THEIRS[16] = {0xbb};

static void give_up(void *room, int64_t now)
{
    if (now > *(int64_t *)room)
        loop_stop(loop);
}

static enum err wait_for_it(void)
{
    int64_t until = clock_ms() + 15000;
    loop_on_tick(loop, give_up, &until);
    loop_run(loop);
    loop_off_tick(loop, give_up, &until);
    assert_int_equal(got.calls, 1);
    return got.err;
}

static void came(enum err err)
{
    got.calls++;
    got.err = err;
    loop_stop(loop);
}

static void wrote(void *room, uint64_t tag, enum err err)
{
    (void)room;
    (void)tag;
    came(err);
}

static void found(void *room, uint64_t tag, enum err err, const struct upload_found *upload)
{
    (void)room;
    (void)tag;
    if (upload) {
        got.pieces = upload->pieces;
        got.bytes = upload->bytes;
        got.is_whole = upload->is_whole;
        got.is_kept = upload->is_kept;
        snprintf(got.head, sizeof got.head, "%.*s", (int)upload->head_len, (const char *)upload->head);
    }
    came(err);
}

static void kept(void *room, uint64_t tag, enum err err, const struct upload_kept *kept, size_t count)
{
    (void)room;
    (void)tag;
    got.count = count;
    for (size_t i = 0; i < count; i++) {
        got.bytes += kept[i].bytes;
        if (kept[i].head)
            snprintf(got.head, sizeof got.head, "%.*s", (int)kept[i].head_len, (const char *)kept[i].head);
    }
    came(err);
}

static void fenced(void *room, uint64_t tag, enum err err, uint64_t fence)
{
    (void)room;
    (void)tag;
    got.fence = fence;
    came(err);
}

static void read_by_desk(void *room, uint64_t tag, enum err err, const struct vault_upload *upload)
{
    (void)room;
    (void)tag;
    if (upload) {
        got.count = upload->count;
        got.pieces = upload->pieces;
        for (size_t i = 0; i < upload->count; i++)
            got.n[i] = upload->piece[i].n;
        if (upload->count)
            snprintf(got.body, sizeof got.body, "%.*s", (int)upload->piece[0].len, (const char *)upload->piece[0].body);
    }
    came(err);
}

static struct buf *text(struct buf *to, const char *says)
{
    buf_clear(to);
    assert_int_equal(buf_add_text(to, says), ERR_OK);
    return to;
}

static enum err begin(const uint8_t id[static 16])
{
    memset(&got, 0, sizeof got);
    door_intake_upload_begin(intake, id, 1, 7, text(&head, "head"), 5000, wrote, NULL, 0);
    return wait_for_it();
}

static enum err put(const uint8_t id[static 16], int32_t n, const char *says, int is_whole)
{
    struct upload_piece piece = {
        .id = id, .n = n, .body = text(&body, says), .head = text(&head, says), .is_whole = is_whole, .slot = 7};
    memset(&got, 0, sizeof got);
    door_intake_upload_piece(intake, &piece, 5000, wrote, NULL, 0);
    return wait_for_it();
}

static enum err look(const uint8_t id[static 16])
{
    memset(&got, 0, sizeof got);
    door_intake_upload(intake, id, 5000, found, NULL, 0);
    return wait_for_it();
}

static enum err keep(const uint8_t (*ids)[16], size_t count)
{
    memset(&got, 0, sizeof got);
    door_intake_uploads_keep(intake, ids, count, 5000, kept, NULL, 0);
    return wait_for_it();
}

static enum err end(const uint8_t id[static 16])
{
    memset(&got, 0, sizeof got);
    door_intake_upload_end(intake, id, 5000, wrote, NULL, 0);
    return wait_for_it();
}

static enum err read_file(const uint8_t case_id[static 16], const uint8_t id[static 16], int32_t from)
{
    memset(&got, 0, sizeof got);
    door_vault_upload(vault, case_id, id, from, 16, 5000, read_by_desk, NULL, 0);
    return wait_for_it();
}

static void claim(const uint8_t case_id[static 16], const uint8_t id[static 16], uint64_t fence, enum err want)
{
    struct vault_unit *unit = vault_unit_new(fence);
    memset(&got, 0, sizeof got);
    vault_unit_claim(unit, case_id, (const uint8_t(*)[16])(uintptr_t)id, 1);
    door_vault_submit(vault, unit, 5000, wrote, NULL, 0);
    assert_int_equal(wait_for_it(), want);
}

static void a_file_comes_piece_by_piece(void **state)
{
    (void)state;
    assert_int_equal(look(ONE), ERR_NOT_FOUND);
    assert_int_equal(put(ONE, 0, "too early", 0), ERR_NOT_FOUND);
    assert_int_equal(begin(ONE), ERR_OK);
    assert_int_equal(begin(ONE), ERR_CONFLICT);
    assert_int_equal(put(ONE, 0, "first", 0), ERR_OK);
    assert_int_equal(put(ONE, 0, "again", 0), ERR_CONFLICT);
    assert_int_equal(put(ONE, 2, "a hole", 0), ERR_CONFLICT);
    assert_int_equal(put(ONE, 1, "second", 1), ERR_OK);
    assert_int_equal(put(ONE, 2, "behind the end", 0), ERR_CONFLICT);
    assert_int_equal(look(ONE), ERR_OK);
    assert_int_equal(got.pieces, 2);
    assert_int_equal(got.bytes, 11);
    assert_true(got.is_whole && !got.is_kept);
    assert_string_equal(got.head, "second");
}

static void what_is_sent_is_kept_when_it_is_whole(void **state)
{
    (void)state;
    const uint8_t ids[][16] = {{1}, {2}, {9}};
    assert_int_equal(begin(TWO), ERR_OK);
    assert_int_equal(put(TWO, 0, "half", 0), ERR_OK);
    assert_int_equal(keep(ids, 3), ERR_OK);
    assert_int_equal(got.count, 1); /* the second is not whole, the third is nobody's */
    assert_int_equal(got.bytes, 11);
    assert_string_equal(got.head, "second"); /* so that what was said of it can go into the words */
    assert_int_equal(end(ONE), ERR_NOT_FOUND);
    assert_int_equal(end(TWO), ERR_OK);
    assert_int_equal(look(TWO), ERR_NOT_FOUND);
    assert_int_equal(pg_cluster_number(cluster, "SELECT count(*) FROM recourse.piece WHERE upload_id::text LIKE '02%'"),
                     0);
}

static void its_desk_takes_it_and_no_other(void **state)
{
    (void)state;
    pg_cluster_run(
        cluster,
        "INSERT INTO recourse.sealed_case VALUES ('aa000000-0000-0000-0000-000000000000', 1, 'usual', '2033-11-01'),"
        " ('bb000000-0000-0000-0000-000000000000', 1, 'safeguarding', '2033-11-01')");
    memset(&got, 0, sizeof got);
    door_vault_fence(vault, 5000, fenced, NULL, 0);
    assert_int_equal(wait_for_it(), ERR_OK);
    uint64_t fence = got.fence;
    assert_int_equal(read_file(OURS, ONE, 0), ERR_NOT_FOUND); /* nobody's yet */
    claim(THEIRS, ONE, fence, ERR_DENIED);
    claim(OURS, ONE, fence, ERR_OK);
    claim(OURS, THREE, fence, ERR_OK); /* not there: passed over */
    assert_int_equal(read_file(OURS, ONE, 0), ERR_OK);
    assert_int_equal(got.count, 2);
    assert_int_equal(got.pieces, 2);
    assert_int_equal(got.n[1], 1);
    assert_string_equal(got.body, "first");
    assert_int_equal(read_file(OURS, ONE, 1), ERR_OK);
    assert_int_equal(got.count, 1);
    assert_string_equal(got.body, "second");
    assert_int_equal(read_file(THEIRS, ONE, 0), ERR_NOT_FOUND);
    assert_int_equal(look(ONE), ERR_NOT_FOUND); /* the public door sees it no more */
    assert_int_equal(keep((const uint8_t(*)[16])(uintptr_t)ONE, 1), ERR_OK);
    assert_int_equal(got.count, 1); /* but the same report, sent again, finds it in good hands */
    assert_string_equal(got.head, "");
    assert_int_equal(end(ONE), ERR_NOT_FOUND);
    pg_cluster_run(
        cluster,
        "UPDATE recourse.sealed_case SET desk = 'safeguarding' WHERE case_id = 'aa000000-0000-0000-0000-000000000000'");
    assert_int_equal(read_file(OURS, ONE, 0), ERR_NOT_FOUND); /* it moved with its case */
    pg_cluster_run(
        cluster,
        "UPDATE recourse.sealed_case SET desk = 'usual' WHERE case_id = 'aa000000-0000-0000-0000-000000000000'");
    struct vault_unit *unit = vault_unit_new(fence);
    memset(&got, 0, sizeof got);
    vault_unit_dissolve(unit, OURS);
    door_vault_submit(vault, unit, 5000, wrote, NULL, 0);
    assert_int_equal(wait_for_it(), ERR_OK);
    assert_int_equal(pg_cluster_number(cluster, "SELECT count(*) FROM recourse.piece"), 0);
    assert_int_equal(pg_cluster_number(cluster, "SELECT count(*) FROM recourse.upload"), 0);
}

static void what_nobody_sent_goes_after_its_time(void **state)
{
    (void)state;
    const uint8_t ids[][16] = {{1}};
    assert_int_equal(begin(ONE), ERR_OK);
    assert_int_equal(put(ONE, 0, "kept", 1), ERR_OK);
    assert_int_equal(keep(ids, 1), ERR_OK);
    assert_int_equal(begin(TWO), ERR_OK);
    assert_int_equal(put(TWO, 0, "forgotten", 1), ERR_OK);
    static const struct {
        int16_t oldest, newest, kept_oldest;
        long left;
    } turns[] = {{5, 9, 0, 2}, {8, 30, 0, 1}, {900, 925, 8, 0}};
    for (size_t i = 0; i < sizeof turns / sizeof *turns; i++) {
        door_intake_uploads_purge(intake, turns[i].oldest, turns[i].newest, turns[i].kept_oldest);
        (void)look(THREE);
        for (int again = 0;
             again < 100 && pg_cluster_number(cluster, "SELECT count(*) FROM recourse.piece") != turns[i].left; again++)
            (void)look(THREE);
        assert_int_equal(pg_cluster_number(cluster, "SELECT count(*) FROM recourse.piece"), turns[i].left);
        assert_int_equal(pg_cluster_number(cluster, "SELECT count(*) FROM recourse.upload"), turns[i].left);
    }
}

static void on_bell(void *room)
{
    (void)room;
}

static int suite_begin(void **state)
{
    (void)state;
    cluster = pg_cluster_new();
    pg_cluster_migrate(cluster);
    loop = loop_new();
    buf_init(&head, 1024);
    buf_init(&body, 1024);
    intake = door_intake_new(loop, pg_cluster_conninfo(cluster, "recourse_intake"),
                             pg_cluster_password(cluster, "recourse_intake"), 1);
    vault = door_vault_new(loop, pg_cluster_conninfo(cluster, "recourse_vault_usual"),
                           pg_cluster_password(cluster, "recourse_vault_usual"), on_bell, NULL);
    return 0;
}

static int suite_end(void **state)
{
    (void)state;
    door_intake_free(intake);
    door_vault_free(vault);
    loop_stop(loop);
    loop_run(loop);
    loop_free(loop);
    buf_free(&head);
    buf_free(&body);
    pg_cluster_free(cluster);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_comes_piece_by_piece),
        cmocka_unit_test(what_is_sent_is_kept_when_it_is_whole),
        cmocka_unit_test(its_desk_takes_it_and_no_other),
        cmocka_unit_test(what_nobody_sent_goes_after_its_time),
    };
    return cmocka_run_group_tests(tests, suite_begin, suite_end);
}
