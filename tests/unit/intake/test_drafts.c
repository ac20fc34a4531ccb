/* Answers that are not sent yet: sealed on disk, ended for good, bounded, swept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dirent.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/base/file.h"
#include "intake/drafts.h"

#define KEY     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define OTHER   "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB"
#define STORY   "canary-heron stood in the well"
#define RECEIPT "1234567890123456789012345678"

enum { KIB = 1024, MIB = 1024 * 1024 };

static char folder[64];

static int begin(void **state)
{
    struct drafts *drafts;
    snprintf(folder, sizeof folder, "/tmp/recourse-drafts-XXXXXX");
    if (!mkdtemp(folder) || drafts_new(folder, MIB, &drafts) != ERR_OK)
        return -1;
    *state = drafts;
    return 0;
}

/* Calls `each` for every file; gives their number. */
static size_t files(void (*each)(const char *path))
{
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    struct dirent *entry;
    size_t count = 0;
    while ((entry = readdir(dir)) != NULL) {
        char path[400];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        count++;
        if (each)
            each(path);
    }
    closedir(dir);
    return count;
}

static void remove_one(const char *path)
{
    unlink(path);
}

static int end(void **state)
{
    drafts_free(*state);
    files(remove_one);
    return rmdir(folder);
}

static void holds(struct drafts *drafts, const char *key, enum draft_kind wanted, const char *text)
{
    struct buf out = BUF_INIT(DRAFT_MAX);
    enum draft_kind kind;
    assert_int_equal(drafts_get(drafts, key, &kind, &out), ERR_OK);
    assert_int_equal(kind, wanted);
    assert_int_equal(out.len, strlen(text));
    assert_memory_equal(out.bytes, text, out.len);
    buf_free(&out);
}

static void gives(struct drafts *drafts, const char *key, enum err wanted)
{
    struct buf out = BUF_INIT(DRAFT_MAX);
    enum draft_kind kind;
    assert_int_equal(drafts_get(drafts, key, &kind, &out), wanted);
    assert_int_equal(out.len, 0);
    buf_free(&out);
}

static void put(struct drafts *drafts, const char *key, enum draft_kind kind, const char *text)
{
    assert_int_equal(drafts_put(drafts, key, kind, text, strlen(text)), ERR_OK);
}

static void says_nothing(const char *path)
{
    struct buf bytes = BUF_INIT(4 * MIB);
    assert_int_equal(file_read(path, &bytes), ERR_OK);
    if (bytes.len) {
        assert_null(memmem(bytes.bytes, bytes.len, "heron", 5));
        assert_null(memmem(bytes.bytes, bytes.len, KEY, 20));
    }
    assert_null(strstr(path, "AAAA"));
    assert_false(file_is_open_to_others(path));
    buf_free(&bytes);
}

static void what_was_put_comes_back_and_nothing_of_it_is_readable_on_disk(void **state)
{
    put(*state, KEY, DRAFT_ANSWERS, STORY);
    holds(*state, KEY, DRAFT_ANSWERS, STORY);
    assert_int_equal(files(says_nothing), 1);
    gives(*state, OTHER, ERR_NOT_FOUND);
    put(*state, KEY, DRAFT_ANSWERS, "another");
    holds(*state, KEY, DRAFT_ANSWERS, "another");
    assert_int_equal(files(NULL), 1);
}

static char first[4 * KIB];
static size_t same_bytes;

static void remember(const char *path)
{
    struct buf bytes = BUF_INIT(MIB);
    assert_int_equal(file_read(path, &bytes), ERR_OK);
    assert_int_equal(bytes.len, DRAFTS_SMALLEST);
    same_bytes = 0;
    for (size_t i = 0; i < bytes.len; i++)
        same_bytes += (uint8_t)first[i] == bytes.bytes[i];
    memcpy(first, bytes.bytes, bytes.len);
    buf_free(&bytes);
}

static void sizes_tell_little_and_the_same_text_is_sealed_anew(void **state)
{
    put(*state, KEY, DRAFT_ANSWERS, "a");
    files(remember);
    put(*state, KEY, DRAFT_ANSWERS, STORY);
    put(*state, KEY, DRAFT_ANSWERS, "a");
    files(remember);
    assert_true(same_bytes < 100); /* by chance 16 */
}

static void a_long_story_of_several_pieces_comes_back(void **state)
{
    char *text = malloc(300 * KIB + 1);
    memset(text, 'x', 300 * KIB);
    text[300 * KIB] = 0;
    put(*state, KEY, DRAFT_ANSWERS, text);
    holds(*state, KEY, DRAFT_ANSWERS, text);
    free(text);
}

static void what_was_ended_stays_ended(void **state)
{
    put(*state, KEY, DRAFT_ANSWERS, STORY);
    drafts_end(*state, KEY);
    gives(*state, KEY, ERR_CONFLICT);
    assert_int_equal(drafts_put(*state, KEY, DRAFT_ANSWERS, STORY, strlen(STORY)), ERR_CONFLICT);
    gives(*state, KEY, ERR_CONFLICT);
    assert_int_equal(files(says_nothing), 1); /* the tombstone, of no bytes */
    /* Also one of which nothing was kept yet. */
    drafts_end(*state, OTHER);
    gives(*state, OTHER, ERR_CONFLICT);
}

static void a_receipt_takes_the_place_of_the_answers(void **state)
{
    put(*state, KEY, DRAFT_ANSWERS, STORY);
    put(*state, KEY, DRAFT_RECEIPT, RECEIPT);
    holds(*state, KEY, DRAFT_RECEIPT, RECEIPT);
    assert_int_equal(files(NULL), 1);
    put(*state, KEY, DRAFT_ANSWERS, STORY); /* a step that comes late */
    holds(*state, KEY, DRAFT_RECEIPT, RECEIPT);
    put(*state, KEY, DRAFT_WRITTEN, RECEIPT);
    holds(*state, KEY, DRAFT_WRITTEN, RECEIPT);
}

static void flip(const char *path)
{
    FILE *file = fopen(path, "r+");
    assert_non_null(file);
    assert_int_equal(fseek(file, 1000, SEEK_SET), 0);
    int byte = fgetc(file);
    assert_int_equal(fseek(file, 1000, SEEK_SET), 0);
    assert_int_equal(fputc(byte ^ 1, file), byte ^ 1);
    fclose(file);
}

static void empty(const char *path)
{
    assert_int_equal(truncate(path, 10), 0);
}

static void what_was_changed_on_disk_does_not_open(void **state)
{
    put(*state, KEY, DRAFT_ANSWERS, STORY);
    files(flip);
    gives(*state, KEY, ERR_CRYPTO);
    files(empty);
    gives(*state, KEY, ERR_MALFORMED);
}

static void only_what_grows_takes_more_room(void **state)
{
    static char story[3 * DRAFTS_SMALLEST];
    memset(story, 'a', sizeof story);
    assert_int_equal(drafts_adds(*state, KEY, 10), DRAFTS_SMALLEST);
    put(*state, KEY, DRAFT_ANSWERS, STORY);
    assert_int_equal(drafts_adds(*state, KEY, 10), 0);
    assert_int_equal(drafts_adds(*state, KEY, sizeof story), 3 * DRAFTS_SMALLEST);
    assert_int_equal(drafts_put(*state, KEY, DRAFT_ANSWERS, story, sizeof story), ERR_OK);
    assert_int_equal(drafts_adds(*state, KEY, sizeof story), 0);
    assert_int_equal(drafts_adds(*state, KEY, 10), 0);
    assert_int_equal(drafts_adds(*state, OTHER, 10), DRAFTS_SMALLEST);
}

static void a_full_folder_takes_no_more_and_loses_nothing(void **state)
{
    char key[44] = OTHER;
    size_t taken = 0;
    for (; taken < 1000; taken++) {
        snprintf(key, sizeof key, "CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC%03zu", taken);
        if (drafts_put(*state, key, DRAFT_ANSWERS, STORY, strlen(STORY)) != ERR_OK)
            break;
    }
    assert_int_equal(taken, MIB / DRAFTS_SMALLEST);
    assert_int_equal(drafts_put(*state, key, DRAFT_ANSWERS, STORY, strlen(STORY)), ERR_BUSY);
    snprintf(key, sizeof key, "CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC%03d", 0);
    holds(*state, key, DRAFT_ANSWERS, STORY);
    drafts_end(*state, key); /* leaving is always possible, and makes room */
    gives(*state, key, ERR_CONFLICT);
    drafts_sweep(*state, time(NULL));
    assert_int_equal(drafts_put(*state, KEY, DRAFT_ANSWERS, STORY, strlen(STORY)), ERR_OK);
}

static void what_is_too_old_goes(void **state)
{
    struct drafts_stats stats;
    int64_t now = time(NULL), hour = 3600;
    put(*state, KEY, DRAFT_ANSWERS, STORY);
    put(*state, OTHER, DRAFT_RECEIPT, RECEIPT);
    drafts_sweep(*state, now + hour / 2);
    holds(*state, KEY, DRAFT_ANSWERS, STORY);
    holds(*state, OTHER, DRAFT_RECEIPT, RECEIPT);
    drafts_sweep(*state, now + hour + 60);
    holds(*state, KEY, DRAFT_ANSWERS, STORY);
    gives(*state, OTHER, ERR_CONFLICT); /* sent, and not shown again */
    drafts_sweep(*state, now + 25 * hour);
    gives(*state, KEY, ERR_NOT_FOUND);
    gives(*state, OTHER, ERR_CONFLICT);
    drafts_sweep(*state, now + 73 * hour);
    drafts_stats(*state, &stats);
    assert_int_equal(stats.files + stats.bytes + stats.tombstones, 0);
    assert_int_equal(files(NULL), 0);
}

static void a_folder_that_is_not_there_is_said(void **state)
{
    struct drafts *drafts;
    (void)state;
    assert_int_equal(drafts_new("/nowhere/at/all", MIB, &drafts), ERR_SYSTEM);
    assert_null(drafts);
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH(what_was_put_comes_back_and_nothing_of_it_is_readable_on_disk),
        WITH(sizes_tell_little_and_the_same_text_is_sealed_anew),
        WITH(a_long_story_of_several_pieces_comes_back),
        WITH(what_was_ended_stays_ended),
        WITH(a_receipt_takes_the_place_of_the_answers),
        WITH(what_was_changed_on_disk_does_not_open),
        WITH(only_what_grows_takes_more_room),
        WITH(a_full_folder_takes_no_more_and_loses_nothing),
        WITH(what_is_too_old_goes),
        WITH(a_folder_that_is_not_there_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
