/* test_snapshot_file.c -- a snapshot's bytes: what was written is read, and nothing else ever is: not what was torn,
 * changed, put in another order, left unfinished, or written for another desk. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/base/err.h"
#include "common/base/mem.h"
#include "triage/vault/snapshot_inside.h"

enum { LAST = 777, LEN = 2 * STREAM_PIECE + LAST, SIZE = SNAPSHOT_HEAD + 2 * STREAM_SEALED + LAST + STREAM_TAG };

static const uint8_t record_key[32] = {5}, other_key[32] = {6};
static const struct snapshot_owner owner = {.record_key = record_key, .desk = "usual"};
static const char said[] = "Odhiambo keeps our fares";
static uint8_t text[LEN], back[LEN];
static int fd;

static int begin(void **state)
{
    (void)state;
    fd = memfd_create("snapshot", MFD_CLOEXEC);
    for (size_t i = 0; i < LEN; i++)
        text[i] = (uint8_t)(i * 7 + i / 251);
    memcpy(text + 1000, said, sizeof said);
    memcpy(text + LEN - 100, said, sizeof said);
    return fd >= 0 ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    return close(fd);
}

/* In pieces of `part` bytes. */
static void write_in(size_t part, uint64_t serial, size_t len)
{
    struct snapshot_file file;
    assert_int_equal(snapshot_file_begin(&file, fd, &owner, serial), ERR_OK);
    for (size_t at = 0; at < len; at += part)
        assert_int_equal(snapshot_file_add(&file, text + at, len - at < part ? len - at : part), ERR_OK);
    assert_int_equal(snapshot_file_end(&file), ERR_OK);
}

/* How much of it is read in pieces of `part` bytes, which must be as it was written; what then was said in `*err`. */
static size_t read_in(size_t part, size_t len, const struct snapshot_owner *whose, enum err *err)
{
    struct snapshot_file file;
    size_t at = 0;
    *err = snapshot_file_open(&file, fd, whose);
    memset(back, 0, sizeof back);
    while (*err == ERR_OK && at < len) {
        size_t some = len - at < part ? len - at : part;
        *err = snapshot_file_take(&file, back + at, some);
        at += *err == ERR_OK ? some : 0;
    }
    assert_memory_equal(back, text, at);
    if (*err == ERR_OK) {
        uint8_t more;
        assert_int_equal(snapshot_file_take(&file, &more, 1), ERR_MALFORMED); /* there is no more */
    }
    snapshot_file_wipe(&file);
    return at;
}

static int is_read(void)
{
    enum err err;
    return read_in(1000, LEN, &owner, &err) == LEN && err == ERR_OK;
}

/* Every byte of the file, in a block of its own. */
static uint8_t *bytes_of(size_t size)
{
    uint8_t *bytes = mem_new(size);
    assert_int_equal(pread(fd, bytes, size, 0), size);
    return bytes;
}

static void put_bytes(const uint8_t *bytes, size_t size)
{
    assert_int_equal(ftruncate(fd, 0), 0);
    assert_int_equal(pwrite(fd, bytes, size, 0), size);
}

static void what_was_written_is_read_however_it_is_cut(void **state)
{
    (void)state;
    static const size_t parts[] = {1, 13, STREAM_PIECE - 1, STREAM_PIECE, STREAM_PIECE + 1, LEN};
    static const size_t lens[] = {0, 1, STREAM_PIECE - 1, STREAM_PIECE, STREAM_PIECE + 1, 2 * STREAM_PIECE, LEN};
    enum err err;
    for (size_t p = 0; p < sizeof parts / sizeof *parts; p++)
        for (size_t l = 0; l < sizeof lens / sizeof *lens; l++) {
            write_in(parts[p], p + 1, lens[l]);
            assert_int_equal(snapshot_file_serial(fd), p + 1);
            assert_int_equal(read_in(parts[sizeof parts / sizeof *parts - 1 - p], lens[l], &owner, &err), lens[l]);
            assert_int_equal(err, ERR_OK);
        }
}

static void a_shorter_one_leaves_nothing_of_a_longer_one(void **state)
{
    (void)state;
    struct stat is;
    write_in(5000, 1, LEN);
    write_in(5000, 2, 10);
    assert_int_equal(fstat(fd, &is), 0);
    assert_int_equal(is.st_size, SNAPSHOT_HEAD + 10 + STREAM_TAG);
}

static void nothing_of_it_can_be_read_in_the_file_and_no_two_are_alike(void **state)
{
    (void)state;
    write_in(5000, 3, LEN);
    uint8_t *bytes = bytes_of(SIZE);
    for (size_t at = 0; at + 8 <= sizeof said; at += 8)
        assert_null(memmem(bytes, SIZE, said + at, 8));
    assert_null(memmem(bytes, SIZE, text, 16));
    assert_null(memmem(bytes, SIZE, record_key, 8));
    write_in(5000, 3, LEN);
    uint8_t *again = bytes_of(SIZE);
    for (size_t at = 24; at + 16 <= SIZE; at += at < 56 ? 16 : 4096)
        assert_memory_not_equal(bytes + at, again + at, 16);
    mem_free(again);
    mem_free(bytes);
}

static void a_torn_one_gives_what_is_whole_and_then_an_end(void **state)
{
    (void)state;
    static const long edges[] = {SNAPSHOT_HEAD,
                                 SNAPSHOT_HEAD + STREAM_TAG,
                                 SNAPSHOT_HEAD + STREAM_SEALED,
                                 SNAPSHOT_HEAD + 2 * STREAM_SEALED,
                                 SNAPSHOT_HEAD + 2 * STREAM_SEALED + STREAM_TAG,
                                 SIZE};
    enum err err;
    write_in(5000, 1, LEN);
    uint8_t *bytes = bytes_of(SIZE);
    for (size_t e = 0; e < sizeof edges / sizeof *edges; e++)
        for (long size = edges[e] - 3; size <= edges[e] + 3 && size < SIZE; size++) {
            put_bytes(bytes, (size_t)size);
            size_t read = read_in(1, LEN, &owner, &err);
            assert_int_not_equal(err, ERR_OK);
            /* A piece that was in the middle does not open as the last one. */
            assert_true(read % STREAM_PIECE == 0 && read <= LEN - LAST);
        }
    put_bytes(bytes, SIZE);
    assert_true(is_read());
    assert_int_equal(pwrite(fd, "more", 4, SIZE), 4); /* nor does it with something behind it */
    assert_false(is_read());
    mem_free(bytes);
}

static void a_changed_byte_is_found_wherever_it_stands(void **state)
{
    (void)state;
    static const size_t places[] = {0,
                                    15,
                                    16,
                                    23,
                                    24,
                                    55,
                                    56,
                                    63,
                                    SNAPSHOT_HEAD,
                                    SNAPSHOT_HEAD + STREAM_PIECE - 1,
                                    SNAPSHOT_HEAD + STREAM_PIECE,
                                    SNAPSHOT_HEAD + STREAM_SEALED - 1,
                                    SNAPSHOT_HEAD + STREAM_SEALED,
                                    SNAPSHOT_HEAD + 2 * STREAM_SEALED,
                                    SIZE - STREAM_TAG - 1,
                                    SIZE - STREAM_TAG,
                                    SIZE - 1};
    write_in(5000, 1, LEN);
    uint8_t *bytes = bytes_of(SIZE);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        bytes[places[i]] ^= 1;
        put_bytes(bytes, SIZE);
        assert_false(is_read());
        bytes[places[i]] ^= 1;
    }
    put_bytes(bytes, SIZE);
    assert_true(is_read());
    mem_free(bytes);
}

static void pieces_in_another_order_do_not_open(void **state)
{
    (void)state;
    enum err err;
    write_in(5000, 1, LEN);
    uint8_t *bytes = bytes_of(SIZE), *other = bytes_of(SIZE);
    uint8_t *first = other + SNAPSHOT_HEAD, *second = first + STREAM_SEALED;
    memcpy(first, bytes + SNAPSHOT_HEAD + STREAM_SEALED, STREAM_SEALED);
    put_bytes(other, SIZE);
    assert_int_equal(read_in(1, LEN, &owner, &err), 0);
    assert_int_equal(err, ERR_CRYPTO);
    memcpy(first, bytes + SNAPSHOT_HEAD, STREAM_SEALED);
    memcpy(second, bytes + SNAPSHOT_HEAD, STREAM_SEALED);
    put_bytes(other, SIZE);
    assert_int_equal(read_in(1, LEN, &owner, &err), STREAM_PIECE);
    assert_int_equal(err, ERR_CRYPTO);
    mem_free(other);
    mem_free(bytes);
}

static void it_is_its_desks_alone(void **state)
{
    (void)state;
    static const struct snapshot_owner others[] = {{other_key, "usual"}, {record_key, "usua"}, {record_key, "other"}};
    enum err err;
    write_in(5000, 1, LEN);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        assert_int_equal(read_in(5000, LEN, &others[i], &err), 0);
        assert_int_equal(err, ERR_CRYPTO);
    }
}

static void one_that_was_not_finished_is_none(void **state)
{
    (void)state;
    struct snapshot_file file;
    assert_int_equal(snapshot_file_serial(fd), 0);
    assert_int_equal(snapshot_file_open(&file, fd, &owner), ERR_NOT_FOUND);
    write_in(5000, 7, LEN);
    assert_int_equal(snapshot_file_begin(&file, fd, &owner, 8), ERR_OK);
    assert_int_equal(snapshot_file_serial(fd), 0);
    assert_int_equal(snapshot_file_open(&file, fd, &owner), ERR_NOT_FOUND);
    assert_int_equal(snapshot_file_begin(&file, fd, &owner, 8), ERR_OK);
    assert_int_equal(snapshot_file_add(&file, text, LEN), ERR_OK);
    snapshot_file_wipe(&file);
    assert_int_equal(snapshot_file_serial(fd), 0);
    assert_int_equal(snapshot_file_open(&file, fd, &owner), ERR_NOT_FOUND);
    write_in(5000, 9, LEN);
    snapshot_file_empty(fd);
    assert_int_equal(lseek(fd, 0, SEEK_END), 0);
}

/* Where it cannot be cut, as on some disks, it opens no more all the same. */
static void emptied_it_has_no_salt(void **state)
{
    (void)state;
    uint8_t head[SNAPSHOT_HEAD], zeroes[SNAPSHOT_HEAD] = {0};
    write_in(5000, 9, LEN);
    assert_int_equal(fcntl(fd, F_ADD_SEALS, 0), -1); /* it was made without leave to be sealed */
    int held = memfd_create("snapshot", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    uint8_t *bytes = bytes_of(SIZE);
    assert_int_equal(pwrite(held, bytes, SIZE, 0), SIZE);
    assert_int_equal(fcntl(held, F_ADD_SEALS, F_SEAL_SHRINK), 0);
    snapshot_file_empty(held);
    assert_int_equal(lseek(held, 0, SEEK_END), SIZE);
    assert_int_equal(pread(held, head, sizeof head, 0), sizeof head);
    assert_memory_equal(head, zeroes, sizeof head);
    assert_int_equal(snapshot_file_serial(held), 0);
    close(held);
    mem_free(bytes);
}

static void a_full_disk_is_said_and_leaves_none(void **state)
{
    (void)state;
    struct rlimit before, few = {100 * 1000, RLIM_INFINITY};
    struct snapshot_file file;
    char path[] = "/tmp/snapshot-XXXXXX";
    int full = open("/dev/full", O_RDWR | O_CLOEXEC), disk = mkstemp(path);
    assert_true(full >= 0 && disk >= 0);
    assert_int_equal(snapshot_file_begin(&file, full, &owner, 1), ERR_SYSTEM);
    snapshot_file_wipe(&file);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    few.rlim_max = before.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &few), 0);
    assert_int_equal(snapshot_file_begin(&file, disk, &owner, 1), ERR_OK);
    enum err err = snapshot_file_add(&file, text, LEN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(err, ERR_SYSTEM); /* in the middle of a piece */
    snapshot_file_wipe(&file);
    assert_int_equal(snapshot_file_serial(disk), 0);
    unlink(path);
    close(disk);
    close(full);
}

/* ---- of two files ---- */

static char folder[] = "/tmp/snapshots-XXXXXX";

static struct snapshot *snapshot_of(struct vault *vault)
{
    static char desk[] = "usual";
    *vault = (struct vault){.settings = {.desk = desk, .snapshot = folder}};
    return snapshot_new(vault);
}

static void put_slot(char slot, uint64_t serial, int is_whole)
{
    char path[100];
    snprintf(path, sizeof path, "%s/usual.%c", folder, slot);
    int at = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    assert_true(at >= 0);
    struct snapshot_file file;
    assert_int_equal(snapshot_file_begin(&file, at, &owner, serial), ERR_OK);
    assert_int_equal(snapshot_file_add(&file, text, 100), ERR_OK);
    if (is_whole)
        assert_int_equal(snapshot_file_end(&file), ERR_OK);
    snapshot_file_wipe(&file);
    close(at);
}

static void assert_newest(int newest, uint64_t serial)
{
    static struct vault vault;
    struct snapshot *s = snapshot_of(&vault);
    assert_int_equal(s->newest, newest);
    assert_int_equal(s->serial, serial);
    snapshot_free(s);
}

static void of_two_the_newer_whole_one_counts(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    assert_newest(-1, 0);
    put_slot('a', 3, 1);
    put_slot('b', 4, 1);
    assert_newest(1, 4);
    put_slot('b', 5, 0);
    assert_newest(0, 3);
    put_slot('a', 6, 0);
    assert_newest(-1, 0);
    put_slot('b', UINT64_MAX, 1);
    assert_newest(1, UINT64_MAX);
}

static void one_file_alone_is_none(void **state)
{
    (void)state;
    char path[100];
    static struct vault vault;
    snprintf(path, sizeof path, "%s/usual.b", folder);
    put_slot('a', 3, 1);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink("/dev/null", path), 0);
    struct snapshot *s = snapshot_of(&vault);
    assert_int_equal(s->newest, -1);
    for (int i = 0; i < SNAPSHOT_FILES; i++)
        assert_int_equal(s->fds[i], -1);
    snapshot_free(s);
    assert_int_equal(unlink(path), 0);
    snprintf(path, sizeof path, "%s/usual.a", folder);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
#define STORY(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest stories[] = {
        STORY(what_was_written_is_read_however_it_is_cut),
        STORY(a_shorter_one_leaves_nothing_of_a_longer_one),
        STORY(nothing_of_it_can_be_read_in_the_file_and_no_two_are_alike),
        STORY(a_torn_one_gives_what_is_whole_and_then_an_end),
        STORY(a_changed_byte_is_found_wherever_it_stands),
        STORY(pieces_in_another_order_do_not_open),
        STORY(it_is_its_desks_alone),
        STORY(one_that_was_not_finished_is_none),
        STORY(emptied_it_has_no_salt),
        STORY(a_full_disk_is_said_and_leaves_none),
        STORY(of_two_the_newer_whole_one_counts),
        STORY(one_file_alone_is_none),
    };
    return cmocka_run_group_tests(stories, NULL, NULL);
}
