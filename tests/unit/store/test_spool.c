/* test_spool.c -- the spool's files: what was told to be on disk is read back, in order and byte for byte, whatever
 * happened to the end of the file; what never was is never read. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/base/mem.h"
#include "store/spool.h"
#include "store/spool_frame.h"
#include "store/spool_waiting.h"
#include "tests/unit/store/append_units.h"

static char folder[] = "/tmp/recourse-spool-XXXXXX";

static int begin(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/recourse-spool-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int end(void **state)
{
    char command[128];
    (void)state;
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

static struct spool *open_for(unsigned worker, unsigned workers, uint64_t most)
{
    struct spool *spool;
    struct spool_options options = {folder, worker, workers, most};
    assert_int_equal(spool_open(&options, &spool), ERR_OK);
    return spool;
}

static struct spool *open_one(void)
{
    return open_for(0, 1, 64 << 20);
}

/* `count` reports in one frame; what they were is left in `units`, whose bodies the caller frees. */
static enum err put(struct spool *spool, struct append_unit *units, size_t count, size_t size)
{
    const struct append_unit *each[SPOOL_UNITS_MAX];
    for (size_t i = 0; i < count; i++) {
        units[i] = a_report("usual", DOOR_INTAKE, size);
        each[i] = &units[i];
    }
    return spool_put(spool, each, count);
}

static void put_one(struct spool *spool, struct append_unit *unit)
{
    assert_int_equal(put(spool, unit, 1, 1100), ERR_OK);
}

static void assert_same_unit(const struct append_unit *a, const struct append_unit *b)
{
    assert_string_equal(a->desk, b->desk);
    assert_int_equal(a->new_case, b->new_case);
    assert_string_equal(a->month, b->month);
    uint8_t here[ENVELOPE_PLACE_SIZE], there[ENVELOPE_PLACE_SIZE];
    envelope_place_bytes(&a->place, here);
    envelope_place_bytes(&b->place, there);
    assert_memory_equal(here, there, sizeof here);
    assert_int_equal(a->body.len, b->body.len);
    assert_memory_equal(a->body.bytes, b->body.bytes, a->body.len);
    assert_int_equal(a->wrap_count, b->wrap_count);
    for (size_t i = 0; i < a->wrap_count; i++) {
        assert_memory_equal(a->wraps[i].case_id, b->wraps[i].case_id, 16);
        assert_memory_equal(a->wraps[i].wrap, b->wraps[i].wrap, a->wraps[i].wrap_len);
        assert_int_equal(a->wraps[i].wrap_len, b->wraps[i].wrap_len);
        assert_memory_equal(a->wraps[i].recipient_id, b->wraps[i].recipient_id, 32);
        assert_memory_equal(a->wraps[i].commitment, b->wraps[i].commitment, 32);
        assert_int_equal(a->wraps[i].epoch, b->wraps[i].epoch);
    }
    assert_int_equal(a->once, b->once);
    assert_memory_equal(a->once_handle, b->once_handle, 32);
    assert_memory_equal(a->once_tag, b->once_tag, 32);
    assert_int_equal(a->once_slot, b->once_slot);
    assert_int_equal(a->seen, b->seen);
    assert_memory_equal(a->seen_tag, b->seen_tag, 32);
    assert_int_equal(a->seen_slot, b->seen_slot);
}

/* The next frame is exactly these; it is then done with. */
static void expect_frame(struct spool *spool, struct append_unit *units, size_t count)
{
    struct spool_batch batch;
    assert_int_equal(spool_next(spool, &batch), ERR_OK);
    assert_int_equal(batch.count, count);
    for (size_t i = 0; i < count; i++) {
        assert_same_unit(&units[i], &batch.units[i].unit);
        buf_free(&units[i].body);
    }
    spool_batch_free(&batch);
    spool_done(spool, 0);
}

static void expect_nothing(struct spool *spool)
{
    struct spool_batch batch;
    struct spool_stats stats;
    assert_int_equal(spool_next(spool, &batch), ERR_NOT_FOUND);
    spool_stats(spool, &stats);
    assert_int_equal(stats.bytes, 0);
    assert_int_equal(stats.rows, 0);
    assert_int_equal(stats.age_ms, 0);
}

static void path_of(const char *name, char out[static 128])
{
    snprintf(out, 128, "%s/%s", folder, name);
}

static size_t size_of(const char *name)
{
    char path[128];
    struct stat st;
    path_of(name, path);
    return stat(path, &st) == 0 ? (size_t)st.st_size : 0;
}

static void cut_to(const char *name, size_t size)
{
    char path[128];
    path_of(name, path);
    assert_int_equal(truncate(path, (off_t)size), 0);
}

static void flip_at(const char *name, size_t at)
{
    char path[128];
    uint8_t byte;
    path_of(name, path);
    int fd = open(path, O_RDWR);
    assert_int_equal(pread(fd, &byte, 1, (off_t)at), 1);
    byte ^= 0x40;
    assert_int_equal(pwrite(fd, &byte, 1, (off_t)at), 1);
    close(fd);
}

/* --- stories --- */

static void what_was_put_comes_back_in_order_and_leaves_nothing(void **state)
{
    (void)state;
    struct append_unit first[3], second[1];
    struct spool *spool = open_one();
    assert_int_equal(put(spool, first, 3, 900), ERR_OK);
    put_one(spool, second);
    struct spool_stats stats;
    spool_stats(spool, &stats);
    assert_int_equal(stats.rows, 4);
    assert_int_equal(stats.put, 4);
    assert_true(stats.bytes > 4 * 900);
    expect_frame(spool, first, 3);
    expect_frame(spool, second, 1);
    expect_nothing(spool);
    assert_int_equal(size_of("0-1.spool"), 0);
    spool_close(spool);
}

static void every_field_of_a_unit_comes_back(void **state)
{
    (void)state;
    struct append_unit unit = a_report("safeguarding", DOOR_SMS, 1), message = a_report("usual", DOOR_INTAKE, 0);
    with_once(&unit, 7, 9);
    unit.seen = 1;
    memset(unit.seen_tag, 3, 32);
    unit.seen_slot = -1;
    message.new_case = 0;
    message.wrap_count = 0;
    memset(message.month, 0, sizeof message.month);
    const struct append_unit *each[] = {&unit, &message};
    struct spool *spool = open_one();
    assert_int_equal(spool_put(spool, each, 2), ERR_OK);
    expect_frame(spool, (struct append_unit[]){unit, message}, 2);
    spool_close(spool);
}

static void a_letter_comes_back_with_its_handles_and_the_wraps_for_every_desk(void **state)
{
    (void)state;
    struct append_unit report = a_report("usual", DOOR_INTAKE, 300), letter = report;
    struct append_letter whose = {.handle_count = 2, .desk_count = 3};
    static const char *const codes[] = {"usual", "safeguarding", "oversight"};
    rng_bytes(whose.handles, sizeof whose.handles);
    for (size_t i = 0; i < 3; i++) {
        strcpy(whose.desks[i].code, codes[i]);
        memcpy(whose.desks[i].wraps, report.wraps, sizeof whose.desks[i].wraps);
        whose.desks[i].wraps[1].epoch = (uint32_t)i;
    }
    letter.letter = &whose;
    letter.wrap_count = 0;
    letter.desk = NULL;
    struct spool *spool = open_one();
    assert_int_equal(spool_put(spool, (const struct append_unit *const[]){&letter}, 1), ERR_OK);
    struct spool_batch batch;
    assert_int_equal(spool_next(spool, &batch), ERR_OK);
    const struct append_letter *got = batch.units[0].unit.letter;
    assert_non_null(got);
    assert_int_equal(got->handle_count, 2);
    assert_memory_equal(got->handles, whose.handles, 64);
    assert_int_equal(got->desk_count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(got->desks[i].code, codes[i]);
        assert_memory_equal(got->desks[i].wraps[0].wrap, whose.desks[i].wraps[0].wrap, 80);
        assert_int_equal(got->desks[i].wraps[1].epoch, i);
    }
    spool_batch_free(&batch);
    buf_free(&report.body);
    spool_close(spool);
}

static void what_was_put_is_there_after_the_process_was_killed(void **state)
{
    (void)state;
    struct append_unit units[2], later[1];
    struct spool *spool = open_one();
    put_one(spool, &units[0]);
    put_one(spool, &units[1]);
    spool_close(spool); /* the same bytes as after a kill: nothing is written at the end */
    spool = open_one();
    struct spool_stats stats;
    spool_stats(spool, &stats);
    assert_int_equal(stats.rows, 2);
    put_one(spool, later); /* in a file of its own, behind */
    assert_true(size_of("0-2.spool") > 0);
    expect_frame(spool, &units[0], 1);
    expect_frame(spool, &units[1], 1);
    expect_frame(spool, later, 1);
    expect_nothing(spool);
    spool_close(spool);
}

static void a_frame_comes_again_until_it_is_done(void **state)
{
    (void)state;
    struct append_unit unit;
    struct spool_batch batch;
    struct spool *spool = open_one();
    put_one(spool, &unit);
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(spool_next(spool, &batch), ERR_OK);
        assert_same_unit(&unit, &batch.units[0].unit);
        spool_batch_free(&batch);
    }
    expect_frame(spool, &unit, 1);
    expect_nothing(spool);
    spool_close(spool);
}

/* The machine stopped while the second frame was being written: at every length it may have reached. */
static void a_torn_end_is_let_go_and_what_stood_before_it_is_kept(void **state)
{
    (void)state;
    struct append_unit units[2];
    struct spool *spool = open_one();
    put_one(spool, &units[0]);
    size_t first = size_of("0-1.spool");
    put_one(spool, &units[1]);
    spool_close(spool);
    for (size_t size = size_of("0-1.spool") - 1; size >= first; size -= size > first + 70 ? 61 : 1) {
        cut_to("0-1.spool", size);
        spool = open_one();
        struct spool_batch batch;
        assert_int_equal(spool_next(spool, &batch), ERR_OK);
        assert_same_unit(&units[0], &batch.units[0].unit);
        spool_batch_free(&batch);
        spool_close(spool);
    }
    cut_to("0-1.spool", first + 20);
    spool = open_one();
    buf_free(&units[1].body);
    expect_frame(spool, units, 1);
    expect_nothing(spool);
    assert_int_equal(size_of("0-1.kept"), 0); /* it was never acknowledged: nothing to keep */
    spool_close(spool);
}

static void pages_of_the_last_frame_that_never_reached_the_disk_read_as_torn(void **state)
{
    (void)state;
    struct append_unit units[2];
    struct spool *spool = open_one();
    put_one(spool, &units[0]);
    size_t first = size_of("0-1.spool");
    put_one(spool, &units[1]);
    size_t all = size_of("0-1.spool");
    spool_close(spool);
    cut_to("0-1.spool", first + 60);
    cut_to("0-1.spool", all); /* zeroes where the rest should be */
    spool = open_one();
    buf_free(&units[1].body);
    expect_frame(spool, units, 1);
    expect_nothing(spool);
    spool_close(spool);
}

static void damage_costs_only_what_it_hit_and_the_file_is_kept(void **state)
{
    (void)state;
    struct append_unit units[3];
    struct spool *spool = open_one();
    put_one(spool, &units[0]);
    size_t first = size_of("0-1.spool");
    put_one(spool, &units[1]);
    put_one(spool, &units[2]);
    spool_close(spool);
    flip_at("0-1.spool", first + 500);
    spool = open_one();
    expect_frame(spool, &units[0], 1);
    expect_frame(spool, &units[2], 1);
    expect_nothing(spool);
    struct spool_stats stats;
    spool_stats(spool, &stats);
    assert_int_equal(stats.faults, 1);
    assert_true(size_of("0-1.kept") > 0);
    buf_free(&units[1].body);
    spool_close(spool);
}

static void every_flipped_byte_of_a_frame_is_noticed(void **state)
{
    (void)state;
    struct append_unit units[2];
    struct spool *spool = open_one();
    assert_int_equal(put(spool, units, 1, 40), ERR_OK);
    size_t first = size_of("0-1.spool");
    assert_int_equal(put(spool, units + 1, 1, 40), ERR_OK);
    spool_close(spool);
    for (size_t at = SPOOL_HEAD; at < first; at++) {
        struct spool_batch batch;
        flip_at("0-1.spool", at);
        spool = open_one();
        assert_int_equal(spool_next(spool, &batch), ERR_OK);
        assert_same_unit(&units[1], &batch.units[0].unit);
        spool_batch_free(&batch);
        spool_close(spool);
        flip_at("0-1.spool", at);
    }
    buf_free(&units[0].body);
    buf_free(&units[1].body);
}

static void what_was_refused_is_kept_aside(void **state)
{
    (void)state;
    struct append_unit unit;
    struct spool_batch batch;
    struct spool *spool = open_one();
    put_one(spool, &unit);
    assert_int_equal(spool_next(spool, &batch), ERR_OK);
    spool_batch_free(&batch);
    spool_done(spool, 1);
    expect_nothing(spool);
    assert_true(size_of("0-1.kept") > 1100);
    buf_free(&unit.body);
    spool_close(spool);
}

static void over_its_limit_nothing_is_taken_until_something_is_gone(void **state)
{
    (void)state;
    struct append_unit unit, more, none;
    struct spool *spool = open_for(0, 1, 4096);
    put_one(spool, &unit);
    assert_int_equal(put(spool, &none, 1, 3000), ERR_BUSY);
    buf_free(&none.body);
    assert_false(spool_is_broken(spool));
    expect_frame(spool, &unit, 1);
    expect_nothing(spool);
    assert_int_equal(put(spool, &more, 1, 3000), ERR_OK);
    expect_frame(spool, &more, 1);
    struct spool_stats stats;
    spool_stats(spool, &stats);
    assert_int_equal(stats.full, 1);
    spool_close(spool);
}

/* A file-size limit stands for the disk: write() takes a part and then refuses. */
static void a_full_disk_refuses_and_takes_back_its_half(void **state)
{
    (void)state;
    struct append_unit units[2], none;
    struct spool *spool = open_one();
    put_one(spool, &units[0]);
    struct rlimit all, little;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &all), 0);
    little = all;
    little.rlim_cur = size_of("0-1.spool") + 300;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
    assert_int_equal(put(spool, &none, 1, 1100), ERR_BUSY);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &all), 0);
    buf_free(&none.body);
    assert_false(spool_is_broken(spool));
    put_one(spool, &units[1]); /* there is room again */
    expect_frame(spool, &units[0], 1);
    expect_frame(spool, &units[1], 1);
    expect_nothing(spool);
    spool_close(spool);
}

static void each_worker_takes_up_what_its_forerunners_left_and_no_others(void **state)
{
    (void)state;
    struct append_unit units[4];
    for (unsigned worker = 0; worker < 4; worker++) {
        struct spool *spool = open_for(worker, 4, 1 << 20);
        put_one(spool, &units[worker]);
        spool_close(spool);
    }
    struct spool *even = open_for(0, 2, 1 << 20), *odd = open_for(1, 2, 1 << 20);
    expect_frame(even, &units[0], 1);
    expect_frame(even, &units[2], 1);
    expect_nothing(even);
    expect_frame(odd, &units[1], 1);
    expect_frame(odd, &units[3], 1);
    expect_nothing(odd);
    spool_close(even);
    spool_close(odd);
}

static void a_file_that_another_process_still_writes_is_left_to_it(void **state)
{
    (void)state;
    struct append_unit unit;
    struct spool_batch batch;
    struct spool *writer = open_one();
    put_one(writer, &unit);
    struct spool *other = open_one();
    assert_int_equal(spool_next(other, &batch), ERR_AGAIN);
    spool_close(writer);
    expect_frame(other, &unit, 1);
    spool_close(other);
}

static void strange_files_in_the_folder_are_not_touched(void **state)
{
    (void)state;
    static const char *const names[] = {"0-.spool", "x-1.spool", "0-1.spool~", "0-1-2.spool", "notes"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[128];
        path_of(names[i], path);
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fputs("somebody else's", file);
        fclose(file);
    }
    struct spool *spool = open_one();
    expect_nothing(spool);
    spool_close(spool);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_int_equal(size_of(names[i]), strlen("somebody else's"));
}

static void an_empty_or_headless_file_is_nothing_and_goes(void **state)
{
    (void)state;
    char path[128];
    path_of("0-1.spool", path);
    close(open(path, O_CREAT | O_WRONLY, 0600));
    path_of("0-2.spool", path);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("recourse spo", file);
    fclose(file);
    struct spool *spool = open_one();
    expect_nothing(spool);
    assert_int_equal(access(path, F_OK), -1);
    spool_close(spool);
}

static void a_folder_that_is_not_there_is_said_at_once(void **state)
{
    (void)state;
    struct spool *spool;
    struct spool_options options = {"/nowhere/spool", 0, 1, 1 << 20};
    assert_int_equal(spool_open(&options, &spool), ERR_SYSTEM);
    assert_null(spool);
}

/* ---- whose report waits ---- */

static enum err is_waiting(struct spool_waiting *waiting, const struct append_unit *unit)
{
    for (size_t i = 0; i < unit->wrap_count; i++)
        if (unit->wraps[i].recipient_kind == RECIPIENT_RECEIPT)
            return spool_waiting_has(waiting, &unit->wraps[i].recipient_id, 1);
    fail_msg("%s", "a report without a receipt");
    return ERR_SYSTEM;
}

static void a_report_is_known_to_wait_in_whoevers_file_it_lies(void **state)
{
    (void)state;
    struct append_unit units[3], never = a_report("usual", DOOR_INTAKE, 1100);
    struct spool_waiting *waiting = spool_waiting_new(folder);
    struct spool *mine = open_for(0, 2, 64 << 20), *theirs = open_for(1, 2, 64 << 20);
    assert_int_equal(is_waiting(waiting, &never), ERR_NOT_FOUND); /* nothing is there */
    put_one(mine, &units[0]);
    put_one(theirs, &units[1]);
    assert_int_equal(is_waiting(waiting, &units[0]), ERR_OK);
    assert_int_equal(is_waiting(waiting, &units[1]), ERR_OK);
    put_one(theirs, &units[2]); /* behind what was read already */
    assert_int_equal(is_waiting(waiting, &units[2]), ERR_OK);
    assert_int_equal(is_waiting(waiting, &units[1]), ERR_OK);
    assert_int_equal(is_waiting(waiting, &never), ERR_NOT_FOUND);
    struct spool_batch batch;
    assert_int_equal(spool_next(mine, &batch), ERR_OK);
    spool_batch_free(&batch);
    spool_done(mine, 0); /* it is in the database, and its file is gone */
    assert_int_equal(spool_next(mine, &batch), ERR_NOT_FOUND);
    assert_int_equal(is_waiting(waiting, &units[0]), ERR_NOT_FOUND);
    assert_int_equal(is_waiting(waiting, &units[2]), ERR_OK);
    spool_close(mine);
    spool_close(theirs);
    spool_waiting_free(waiting);
    for (size_t i = 0; i < 3; i++)
        buf_free(&units[i].body);
    buf_free(&never.body);
}

int main(void)
{
#define STORY(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        STORY(a_report_is_known_to_wait_in_whoevers_file_it_lies),
        STORY(what_was_put_comes_back_in_order_and_leaves_nothing),
        STORY(every_field_of_a_unit_comes_back),
        STORY(a_letter_comes_back_with_its_handles_and_the_wraps_for_every_desk),
        STORY(what_was_put_is_there_after_the_process_was_killed),
        STORY(a_frame_comes_again_until_it_is_done),
        STORY(a_torn_end_is_let_go_and_what_stood_before_it_is_kept),
        STORY(pages_of_the_last_frame_that_never_reached_the_disk_read_as_torn),
        STORY(damage_costs_only_what_it_hit_and_the_file_is_kept),
        STORY(every_flipped_byte_of_a_frame_is_noticed),
        STORY(what_was_refused_is_kept_aside),
        STORY(over_its_limit_nothing_is_taken_until_something_is_gone),
        STORY(a_full_disk_refuses_and_takes_back_its_half),
        STORY(each_worker_takes_up_what_its_forerunners_left_and_no_others),
        STORY(a_file_that_another_process_still_writes_is_left_to_it),
        STORY(strange_files_in_the_folder_are_not_touched),
        STORY(an_empty_or_headless_file_is_nothing_and_goes),
        STORY(a_folder_that_is_not_there_is_said_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
