/* test_taking_pieces.c -- an original on its way out of a real database: byte for byte in its order, and an end with a
 * cause where a piece was changed, swapped, doubled or cut off. And the heads that the case page lists. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/mem.h"
#include "tests/support/pg_cluster.h"
#include "triage/vault/evidence_heads.h"
#include "triage/vault/request.h"
#include "triage/vault/taking_job.h"

enum { PIECES = 3, OFFICE = 1 };
static const char *const words[PIECES] = {"The well ", "is dry", "."};

static struct pg_cluster *cluster;
static struct vault *vault;
static struct request request;
static struct taking *taking;
static const uint8_t OURS[16] = {0xaa};

static struct {
    int calls;
    enum err err;
    char text[64];
} got;

static void give_up(void *room, int64_t now)
{
    if (now > *(int64_t *)room)
        loop_stop(vault->loop);
}

static void wait_for_it(void)
{
    int64_t until = clock_ms() + 15000;
    loop_on_tick(vault->loop, give_up, &until);
    loop_run(vault->loop);
    loop_off_tick(vault->loop, give_up, &until);
    assert_int_equal(got.calls, 1);
}

static void came(struct request *asked, enum err err, const uint8_t *bytes, size_t len)
{
    assert_ptr_equal(asked, &request);
    got.calls++;
    got.err = err;
    snprintf(got.text, sizeof got.text, "%.*s", (int)len, bytes ? (const char *)bytes : "");
    loop_stop(vault->loop);
}

static enum err read_piece(int32_t n)
{
    memset(&got, 0, sizeof got);
    taking->next = n;
    taking_piece_read(taking, &request, came);
    wait_for_it();
    return got.err;
}

/* ---- a file as intake would have left it ---- */

static void put_hex(const struct buf *bytes, char *out)
{
    code_hex(bytes->bytes, bytes->len, out);
}

static void store_piece(const struct evidence_file *file, uint32_t as, int32_t at, int is_last)
{
    struct buf sealed = BUF_INIT(PIECE_SEALED_MAX);
    struct piece_place place = {.office = OFFICE, .n = as, .is_last = is_last};
    memcpy(place.file, file->id, sizeof place.file);
    assert_int_equal(piece_seal(file->key, &place, words[as], strlen(words[as]), 64, &sealed), ERR_OK);
    char hex[512], id[CODE_ID_SIZE], sql[1024];
    put_hex(&sealed, hex);
    code_id(file->id, id);
    snprintf(sql, sizeof sql, "INSERT INTO recourse.piece VALUES ('%s', %d, '\\x%s')", id, at, hex);
    pg_cluster_run(cluster, sql);
    buf_free(&sealed);
}

static void store_head(const struct evidence_file *file, const char *says, int is_whole)
{
    struct buf sealed = BUF_INIT(8192);
    struct piece_place place = {.office = OFFICE, .n = PIECE_HEAD};
    memcpy(place.file, file->id, sizeof place.file);
    assert_int_equal(piece_seal(file->key, &place, says, strlen(says), PIECE_HEAD_TEXT, &sealed), ERR_OK);
    char hex[2 * (PIECE_HEAD_TEXT + 64) + 1], id[CODE_ID_SIZE];
    static char sql[sizeof hex + 512];
    put_hex(&sealed, hex);
    code_id(file->id, id);
    snprintf(
        sql, sizeof sql,
        "INSERT INTO recourse.upload VALUES ('%s', %d, 'aa000000-0000-0000-0000-000000000000', 1, true, %s, %d, 1, "
        "'\\x%s')",
        id, OFFICE, is_whole ? "true" : "false", PIECES, hex);
    pg_cluster_run(cluster, sql);
    buf_free(&sealed);
}

static int begin(void **state)
{
    (void)state;
    const struct evidence_file file = {.id = {7}, .key = {9}};
    pg_cluster_run(cluster, "TRUNCATE recourse.piece, recourse.upload");
    store_head(&file, "{\"v\":1,\"name\":\"well.txt\",\"type\":\"text/plain\",\"size\":16,\"got\":16}", 1);
    for (int32_t n = 0; n < PIECES; n++)
        store_piece(&file, (uint32_t)n, n, n == PIECES - 1);
    vault->takings = takings_new();
    request = (struct request){.vault = vault, .body = json_object()};
    assert_int_equal(takings_add(&request, TAKING_ORIGINAL, OURS, file.id, &taking), ERR_OK);
    json_object_set_new(request.body, "ticket", json_string(taking->id));
    taking->file = file;
    taking->pieces = PIECES;
    taking->state = TAKING_READY;
    return 0;
}

static int end(void **state)
{
    (void)state;
    takings_cancel(vault);
    takings_free(vault->takings);
    json_decref(request.body);
    return 0;
}

/* ---- the stories ---- */

static void it_comes_as_it_was_sent(void **state)
{
    (void)state;
    for (int32_t n = 0; n < PIECES; n++) {
        assert_int_equal(read_piece(n), ERR_OK);
        assert_string_equal(got.text, words[n]);
    }
    assert_int_equal(read_piece(PIECES), ERR_MALFORMED);
}

static void a_changed_piece_does_not_open(void **state)
{
    (void)state;
    pg_cluster_run(cluster, "UPDATE recourse.piece SET body = set_byte(body, 50, get_byte(body, 50) # 1) WHERE n = 1");
    assert_int_equal(read_piece(0), ERR_OK);
    assert_int_equal(read_piece(1), ERR_CRYPTO);
}

static void pieces_that_were_swapped_do_not_open(void **state)
{
    (void)state;
    pg_cluster_run(cluster, "UPDATE recourse.piece SET n = n + 10; UPDATE recourse.piece SET n = CASE n WHEN 10 THEN 1 "
                            "WHEN 11 THEN 0 ELSE 2 END");
    assert_int_equal(read_piece(0), ERR_CRYPTO);
}

static void what_was_cut_off_is_noticed(void **state)
{
    (void)state;
    pg_cluster_run(cluster, "DELETE FROM recourse.piece WHERE n = 2; UPDATE recourse.upload SET pieces = 2");
    assert_int_equal(read_piece(0), ERR_MALFORMED); /* it had three when the ticket was given */
    taking->pieces = 2;                             /* or it was cut before */
    assert_int_equal(read_piece(0), ERR_OK);
    assert_int_equal(read_piece(1), ERR_CRYPTO); /* says of itself that it is not the last */
}

static void a_hole_is_noticed(void **state)
{
    (void)state;
    pg_cluster_run(cluster, "DELETE FROM recourse.piece WHERE n = 1");
    assert_int_equal(read_piece(1), ERR_MALFORMED);
}

static void another_desks_is_not_there(void **state)
{
    (void)state;
    pg_cluster_run(cluster, "UPDATE recourse.sealed_case SET desk = 'safeguarding'");
    assert_int_equal(read_piece(0), ERR_NOT_FOUND);
    pg_cluster_run(cluster, "UPDATE recourse.sealed_case SET desk = 'usual'");
    assert_int_equal(read_piece(0), ERR_OK);
}

static void who_gave_the_ticket_back_gets_nothing(void **state)
{
    (void)state;
    memset(&got, 0, sizeof got);
    taking_piece_read(taking, &request, came);
    taking_end(taking);
    wait_for_it();
    assert_int_equal(got.err, ERR_CANCELLED);
}

static void heads_done(void *room, enum err err)
{
    (void)room;
    got.calls++;
    got.err = err;
    loop_stop(vault->loop);
}

static void heads_say_what_there_is(void **state)
{
    (void)state;
    struct evidence_shown shown[] = {{.file = taking->file, .entry = json_object()},
                                     {.file = {.id = {8}, .key = {9}}, .entry = json_object()},
                                     {.file = {.id = {6}, .key = {9}}, .entry = json_object()},
                                     {.file = {.id = {5}, .key = {4}}, .entry = json_object()}};
    const struct evidence_heads heads = {shown, 4};
    store_head(&shown[2].file, "{\"v\":1,\"name\":\"a/b\\u202e.jpg\",\"type\":\"\",\"size\":99,\"got\":3}", 0);
    store_head(&shown[3].file, "{}", 1);
    shown[3].file.key[0] = 5; /* the message names another key */
    memset(&got, 0, sizeof got);
    evidence_heads_read(vault, OURS, &heads, heads_done, NULL);
    wait_for_it();
    assert_int_equal(got.err, ERR_OK);
    static const char *const expected[] = {"{\"name\":\"well.txt\",\"size\":16,\"type\":\"text/plain\",\"whole\":true}",
                                           "{\"missing\":true}",
                                           "{\"name\":\"b.jpg\",\"size\":99,\"type\":\"\",\"whole\":false}",
                                           "{\"name\":\"\",\"size\":null,\"type\":\"\",\"whole\":false}"};
    for (size_t i = 0; i < 4; i++) {
        char *text = json_dumps(shown[i].entry, JSON_COMPACT | JSON_SORT_KEYS);
        assert_string_equal(text, expected[i]);
        mem_free(text);
        json_decref(shown[i].entry);
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
    pg_cluster_run(cluster, "INSERT INTO recourse.sealed_case VALUES ('aa000000-0000-0000-0000-000000000000', 1, "
                            "'usual', '2033-11-01')");
    vault = mem_new(sizeof *vault);
    vault->settings.office = OFFICE;
    vault->loop = loop_new();
    vault->door = door_vault_new(vault->loop, pg_cluster_conninfo(cluster, "recourse_vault_usual"),
                                 pg_cluster_password(cluster, "recourse_vault_usual"), on_bell, NULL);
    return 0;
}

static int suite_end(void **state)
{
    (void)state;
    door_vault_free(vault->door);
    loop_stop(vault->loop);
    loop_run(vault->loop);
    loop_free(vault->loop);
    mem_free(vault);
    pg_cluster_free(cluster);
    return 0;
}

int main(void)
{
#define STORY(f) cmocka_unit_test_setup_teardown(f, begin, end)
    const struct CMUnitTest tests[] = {
        STORY(it_comes_as_it_was_sent),
        STORY(a_changed_piece_does_not_open),
        STORY(pieces_that_were_swapped_do_not_open),
        STORY(what_was_cut_off_is_noticed),
        STORY(a_hole_is_noticed),
        STORY(another_desks_is_not_there),
        STORY(who_gave_the_ticket_back_gets_nothing),
        STORY(heads_say_what_there_is),
    };
    return cmocka_run_group_tests_name("taking_pieces", tests, suite_begin, suite_end);
}
