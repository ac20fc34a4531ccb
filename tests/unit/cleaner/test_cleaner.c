/* test_cleaner.c -- the cleaner as a process of its own with the real tools, asked by the vault's client: what comes
 * back, what is gone from it, and what is done with files that are made to harm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dirent.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/file.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "triage/vault/cleaning.h"

enum { FILE_MAX = 64 << 20 };

static char folder[] = "/tmp/recourse-cleaner-XXXXXX";
static struct loop *loop;
static struct cleaning *cleaning;
static pid_t cleaner;

/* ---- a cleaner ---- */

static void start_cleaner(const char *limits)
{
    char ini[128];
    snprintf(ini, sizeof ini, "%s/cleaner.ini", folder);
    FILE *file = fopen(ini, "w");
    assert_non_null(file);
    fprintf(file, "[desk]\ncode = usual\n[sockets]\nlisten = clean.sock\n[work]\nfolder = work\n[limits]\n%s", limits);
    assert_int_equal(fclose(file), 0);
    cleaner = fork();
    if (cleaner == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        execl(PROGRAMS "/recourse-cleaner", "recourse-cleaner", "--config", ini, (char *)NULL);
        _exit(127);
    }
    char path[128];
    snprintf(path, sizeof path, "%s/clean.sock", folder);
    loop = loop_new();
    cleaning = cleaning_new(loop, path, geteuid());
}

static unsigned ticks_up;

/* Up for a while: a server that has a peer already takes the connection and ends it. */
static void stop_if_up(void *room, int64_t now)
{
    (void)now;
    (void)room;
    ticks_up = cleaning_is_up(cleaning) ? ticks_up + 1 : 0;
    if (ticks_up == 2)
        loop_stop(loop);
}

static void wait_until_up(void)
{
    ticks_up = 0;
    loop_on_tick(loop, stop_if_up, NULL);
    loop_run(loop);
    loop_off_tick(loop, stop_if_up, NULL);
}

/* It was told to. */
static void cleaner_ends(void)
{
    int status;
    cleaning_free(cleaning);
    loop_free(loop);
    assert_int_equal(waitpid(cleaner, &status, 0), cleaner);
    assert_int_equal(status, 0);
}

static void stop_cleaner(void)
{
    assert_int_equal(kill(cleaner, SIGTERM), 0);
    cleaner_ends();
}

static int begin(void **state)
{
    (void)state;
    char command[300];
    log_open("test", LOG_ERROR);
    if (!mkdtemp(folder))
        return -1;
    snprintf(command, sizeof command, "bash " SOURCE_ROOT "/tests/unit/cleaner/files.sh %s", folder);
    if (system(command) != 0)
        return -1;
    start_cleaner("seconds = 120\n");
    wait_until_up();
    return 0;
}

static int end(void **state)
{
    (void)state;
    char command[100];
    stop_cleaner();
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

/* ---- one file ---- */

struct sent {
    uint64_t id;
    struct buf file, result;
    size_t given, piece;
    unsigned times; /* told to be done */
    enum err err;
    struct cleaning_result says;
};

static void give(void *room, uint64_t id)
{
    struct sent *sent = room;
    size_t left = sent->file.len - sent->given, len = left < sent->piece ? left : sent->piece;
    cleaning_give(cleaning, id, sent->file.bytes + sent->given, len);
    sent->given += len;
}

static void took(void *room, uint64_t id, enum err err, const uint8_t *bytes, size_t len)
{
    struct sent *sent = room;
    assert_int_equal(err, ERR_OK);
    if (len > 0) {
        assert_int_equal(buf_add(&sent->result, bytes, len), ERR_OK);
        assert_int_equal(cleaning_read(cleaning, id, sent->result.len, took, sent), ERR_OK);
        return;
    }
    assert_int_equal(sent->result.len, sent->says.size);
    cleaning_drop(cleaning, id);
    loop_stop(loop);
}

static void done(void *room, uint64_t id, enum err err, const struct cleaning_result *result)
{
    struct sent *sent = room;
    sent->times++;
    sent->err = err;
    if (err == ERR_OK)
        sent->says = *result;
    if (err == ERR_OK && result->size > 0) {
        assert_int_equal(cleaning_read(cleaning, id, 0, took, sent), ERR_OK);
        return;
    }
    cleaning_drop(cleaning, id);
    loop_stop(loop);
}

static void read_file(struct sent *sent, const char *name)
{
    char path[128];
    *sent = (struct sent){.file = BUF_INIT(FILE_MAX), .result = BUF_INIT(FILE_MAX), .piece = CLEANING_PIECE_MAX};
    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(file_read(path, &sent->file), ERR_OK);
}

static void send_file(struct sent *sent, enum cleaning_want want, const char *name)
{
    const char *dot = strrchr(name, '.');
    read_file(sent, name);
    assert_int_equal(cleaning_run(cleaning, want, dot ? dot + 1 : "", sent->file.len, give, done, sent, &sent->id),
                     ERR_OK);
}

static void free_sent(struct sent *sent)
{
    buf_free(&sent->file);
    buf_free(&sent->result);
}

static struct sent ask(enum cleaning_want want, const char *name)
{
    static struct sent sent;
    send_file(&sent, want, name);
    loop_run(loop);
    assert_int_equal(sent.times, 1);
    return sent;
}

static int has(const struct buf *whole, const char *part)
{
    return memmem(whole->bytes, whole->len, part, strlen(part)) != NULL;
}

/* What another eye than the cleaner's sees in a result. */
static int tells_a_place_or_name(const struct buf *result)
{
    char path[128], command[400];
    snprintf(path, sizeof path, "%s/seen", folder);
    unlink(path);
    assert_int_equal(file_write_secret(path, result->bytes, result->len), ERR_OK);
    snprintf(command, sizeof command, "exiftool -a -G -ee %s | grep -qiE 'zuhura|gps|tecno|1\\.29|36\\.82'", path);
    return system(command) == 0;
}

/* ---- stories ---- */

static const struct {
    const char *name, *type, *by;
} CLEANED[] = {
    {"a.jpg", "image/jpeg", "mat2"},
    {"a.png", "image/png", "mat2"},
    {"a.gif", "image/gif", "mat2"},
    {"a.webp", "image/webp", "ffmpeg"},
    {"a.bmp", "image/bmp", "ffmpeg"},
    {"a.pdf", "application/pdf", "mat2"},
    {"a.mp4", "video/mp4", "ffmpeg"},
    {"drone.mp4", "video/mp4", "ffmpeg"},
    {"a.mov", "video/quicktime", "ffmpeg"},
    {"a.webm", "video/webm", "ffmpeg"},
    {"a.3gp", "video/3gpp", "ffmpeg"},
    {"a.m4a", "audio/x-m4a", "ffmpeg"},
    {"a.wav", "audio/x-wav", "mat2"},
    {"a.mp3", "audio/mpeg", "mat2"},
    {"a.flac", "audio/flac", "mat2"},
    {"a.amr", "audio/amr", "ffmpeg"},
    {"a.txt", "text/plain", "mat2"},
    {"a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "mat2"},
    {"a.odt", "application/vnd.oasis.opendocument.text", "mat2"},
};

/* These say nothing of whom they are of before either. */
static const char TELL_NOTHING[] = "a.webp a.bmp a.amr a.txt";

static void copies_hold_no_metadata(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof CLEANED / sizeof *CLEANED; i++) {
        struct sent sent = ask(CLEANING_COPY, CLEANED[i].name);
        print_message("%s: %s by %s, %s\n", CLEANED[i].name, sent.says.type, sent.says.by, sent.says.says);
        assert_int_equal(sent.err, ERR_OK);
        assert_int_equal(sent.says.status, CLEANING_CLEANED);
        assert_string_equal(sent.says.says, "ok");
        assert_string_equal(sent.says.type, CLEANED[i].type);
        assert_string_equal(sent.says.result_type, CLEANED[i].type);
        assert_string_equal(sent.says.by, CLEANED[i].by);
        assert_true(sent.result.len > 0);
        assert_false(has(&sent.result, "Zuhura"));
        /* An eye that sees nothing in the original would see nothing in the copy either. */
        assert_int_equal(tells_a_place_or_name(&sent.file), !strstr(TELL_NOTHING, CLEANED[i].name));
        assert_false(tells_a_place_or_name(&sent.result));
        free_sent(&sent);
    }
}

static void a_recording_in_ogg_is_cleaned_by_whichever_tool_can(void **state)
{
    (void)state;
    struct sent sent = ask(CLEANING_COPY, "a.opus");
    assert_int_equal(sent.says.status, CLEANING_CLEANED);
    assert_false(has(&sent.result, "Zuhura"));
    free_sent(&sent);
}

static unsigned number_at(const struct buf *b, size_t at)
{
    assert_true(b->len > at + 4);
    return (unsigned)b->bytes[at] << 24 | (unsigned)b->bytes[at + 1] << 16 | (unsigned)b->bytes[at + 2] << 8 |
           b->bytes[at + 3];
}

static void what_staff_look_at_is_one_picture(void **state)
{
    (void)state;
    static const struct {
        const char *name, *type;
    } drawn[] = {{"a.jpg", "image/jpeg"}, {"a.png", "image/png"},  {"a.gif", "image/png"},  {"a.webp", "image/jpeg"},
                 {"a.pdf", "image/png"},  {"a.mp4", "image/jpeg"}, {"a.webm", "image/jpeg"}};
    for (size_t i = 0; i < sizeof drawn / sizeof *drawn; i++) {
        struct sent sent = ask(CLEANING_PIXELS, drawn[i].name);
        print_message("%s: %s\n", drawn[i].name, sent.says.says);
        assert_int_equal(sent.says.status, CLEANING_CLEANED);
        assert_string_equal(sent.says.result_type, drawn[i].type);
        assert_false(tells_a_place_or_name(&sent.result));
        if (strcmp(drawn[i].type, "image/png") == 0)
            assert_memory_equal(sent.result.bytes, "\x89PNG", 4);
        else
            assert_memory_equal(sent.result.bytes, "\xff\xd8\xff", 3);
        if (strcmp(drawn[i].name, "a.pdf") == 0)
            assert_int_equal(number_at(&sent.result, 16), 1600);
        free_sent(&sent);
    }
}

/* 1: not all of its first page is white. */
static int has_ink(const struct buf *document)
{
    char path[128], command[300];
    snprintf(path, sizeof path, "%s/inked", folder);
    unlink(path);
    assert_int_equal(file_write_secret(path, document->bytes, document->len), ERR_OK);
    snprintf(command, sizeof command, "pdftoppm -gray -r 50 -singlefile %s | tail -n +4 | LC_ALL=C grep -q '[^\377]'",
             path);
    return system(command) == 0;
}

static void words_in_letters_that_a_file_does_not_bring_are_not_lost(void **state)
{
    (void)state;
    struct sent copy = ask(CLEANING_COPY, "chinese.pdf");
    assert_int_equal(copy.says.status, CLEANING_CLEANED);
    assert_true(has_ink(&copy.result));
    free_sent(&copy);
}

static void a_wide_picture_is_made_smaller(void **state)
{
    (void)state;
    char command[200];
    struct sent sent = ask(CLEANING_PIXELS, "wide.jpg");
    assert_false(tells_a_place_or_name(&sent.result));
    snprintf(command, sizeof command, "test \"$(exiftool -s3 -ImageSize %s/seen)\" = 1600x1067", folder);
    assert_int_equal(system(command), 0);
    free_sent(&sent);
}

static void expect_none(enum cleaning_want want, const char *name, enum cleaning_status status, const char *says)
{
    struct sent sent = ask(want, name);
    print_message("%s: %s\n", name, sent.says.says);
    assert_int_equal(sent.err, ERR_OK);
    assert_int_equal(sent.says.status, status);
    assert_string_equal(sent.says.says, says);
    assert_string_equal(sent.says.result_type, "");
    assert_int_equal(sent.says.size, 0);
    free_sent(&sent);
}

static void what_nothing_cleans_or_draws_is_said_to_be_so(void **state)
{
    (void)state;
    expect_none(CLEANING_COPY, "a.bin", CLEANING_UNCLEANED, "type-unknown");
    expect_none(CLEANING_PIXELS, "a.wav", CLEANING_UNCLEANED, "type-unknown");
    expect_none(CLEANING_PIXELS, "a.docx", CLEANING_UNCLEANED, "type-unknown");
}

static void bombs_stop_at_the_limits(void **state)
{
    (void)state;
    expect_none(CLEANING_COPY, "bomb.png", CLEANING_REFUSED, "limits");
    expect_none(CLEANING_PIXELS, "bomb.png", CLEANING_REFUSED, "limits");
    expect_none(CLEANING_COPY, "bomb.docx", CLEANING_REFUSED, "limits");
}

static void broken_files_are_said_to_be_broken(void **state)
{
    (void)state;
    expect_none(CLEANING_COPY, "broken.pdf", CLEANING_REFUSED, "broken");
    expect_none(CLEANING_PIXELS, "broken.pdf", CLEANING_REFUSED, "broken");
    expect_none(CLEANING_PIXELS, "broken.jpg", CLEANING_REFUSED, "broken");
}

static unsigned folders_of_jobs(void)
{
    char path[128];
    unsigned count = 0;
    snprintf(path, sizeof path, "%s/work", folder);
    DIR *work = opendir(path);
    assert_non_null(work);
    for (struct dirent *entry; (entry = readdir(work));)
        count += entry->d_name[0] >= '0' && entry->d_name[0] <= '9';
    closedir(work);
    return count;
}

static void nothing_stays_behind(void **state)
{
    (void)state;
    struct sent sent = ask(CLEANING_COPY, "a.txt");
    free_sent(&sent);
    assert_int_equal(folders_of_jobs(), 0);
}

/* ---- many at once ---- */

static unsigned over;

static void many_done(void *room, uint64_t id, enum err err, const struct cleaning_result *result)
{
    struct sent *sent = room;
    sent->times++;
    sent->err = err;
    if (err == ERR_OK)
        sent->says = *result;
    cleaning_drop(cleaning, id);
    if (++over == CLEANING_JOBS_MAX)
        loop_stop(loop);
}

static void ten_wait_their_turn_and_one_more_is_told_so(void **state)
{
    (void)state;
    static struct sent many[CLEANING_JOBS_MAX];
    uint64_t id;
    over = 0;
    for (size_t i = 0; i < CLEANING_JOBS_MAX; i++) {
        read_file(&many[i], i ? "a.bin" : "a.txt");
        many[i].piece = i ? 1000 : 7;
        assert_int_equal(
            cleaning_run(cleaning, CLEANING_COPY, "txt", many[i].file.len, give, many_done, &many[i], &many[i].id),
            ERR_OK);
    }
    assert_int_equal(cleaning_run(cleaning, CLEANING_COPY, "", 1, give, many_done, NULL, &id), ERR_BUSY);
    loop_run(loop);
    for (size_t i = 0; i < CLEANING_JOBS_MAX; i++) {
        assert_int_equal(many[i].times, 1);
        assert_int_equal(many[i].err, ERR_OK);
        assert_int_equal(many[i].says.status, i ? CLEANING_UNCLEANED : CLEANING_CLEANED);
        free_sent(&many[i]);
    }
}

static void too_large_is_said_before_a_byte_is_sent(void **state)
{
    (void)state;
    struct sent sent = {.file = BUF_INIT(1), .result = BUF_INIT(1)};
    assert_int_equal(cleaning_run(cleaning, CLEANING_COPY, "", UINT64_C(1) << 40, give, done, &sent, &sent.id), ERR_OK);
    loop_run(loop);
    assert_int_equal(sent.err, ERR_TOO_BIG);
    assert_int_equal(sent.times, 1);
    assert_int_equal(sent.given, 0);
}

static void a_dropped_job_is_told_once_and_leaves_nothing(void **state)
{
    (void)state;
    struct sent sent;
    send_file(&sent, CLEANING_COPY, "slow.pdf");
    cleaning_drop(cleaning, sent.id);
    cleaning_drop(cleaning, sent.id);
    assert_int_equal(sent.times, 0);
    loop_run(loop);
    assert_int_equal(sent.times, 1);
    assert_int_equal(sent.err, ERR_CANCELLED);
    free_sent(&sent);
    nothing_stays_behind(NULL);
}

/* ---- limits of time, and who may ask ---- */

static void what_takes_too_long_is_ended(void **state)
{
    (void)state;
    stop_cleaner();
    start_cleaner("seconds = 1\n");
    wait_until_up();
    expect_none(CLEANING_COPY, "slow.pdf", CLEANING_REFUSED, "limits");
    nothing_stays_behind(NULL);
}

static int children_of(pid_t pid)
{
    char command[100];
    snprintf(command, sizeof command, "pgrep -P %d >/dev/null", (int)pid);
    return system(command) == 0;
}

/* Whoever ends it and starts another would find the old one's starter and its jobs in the same folder. */
static void it_ends_after_what_it_started(void **state)
{
    (void)state;
    char command[100];
    int status;
    assert_true(children_of(cleaner));
    snprintf(command, sizeof command, "pkill -STOP -P %d", (int)cleaner);
    assert_int_equal(system(command), 0);
    assert_int_equal(kill(cleaner, SIGTERM), 0);
    usleep(300 * 1000);
    assert_int_equal(waitpid(cleaner, &status, WNOHANG), 0);
    snprintf(command, sizeof command, "pkill -CONT -P %d", (int)cleaner);
    assert_int_equal(system(command), 0);
    cleaner_ends();
    start_cleaner("seconds = 1\n");
    wait_until_up();
}

static void only_count(void *room, uint64_t id, enum err err, const struct cleaning_result *result)
{
    struct sent *sent = room;
    (void)id;
    assert_null(result);
    sent->times++;
    sent->err = err;
}

static void jobs_end_with_the_connection(void **state)
{
    (void)state;
    struct sent sent;
    read_file(&sent, "slow.pdf");
    assert_int_equal(cleaning_run(cleaning, CLEANING_COPY, "pdf", sent.file.len, give, only_count, &sent, &sent.id),
                     ERR_OK);
    wait_until_up(); /* it is there already: two ticks pass */
    assert_int_equal(folders_of_jobs(), 1);
    cleaning_free(cleaning);
    assert_int_equal(sent.times, 1);
    assert_int_equal(sent.err, ERR_CANCELLED);
    free_sent(&sent);
    char path[128];
    snprintf(path, sizeof path, "%s/clean.sock", folder);
    cleaning = cleaning_new(loop, path, geteuid());
    wait_until_up();
    nothing_stays_behind(NULL);
}

/* The socket itself is open to all: the kernel tells who it is. */
static void another_user_is_not_heard(void **state)
{
    (void)state;
    char command[300];
    int status = 0;
    if (geteuid() != 0)
        skip();
    assert_int_equal(chmod(folder, 0755), 0);
    /* 'X' of job 1; whoever is heard reads an answer. */
    snprintf(command, sizeof command,
             "import socket\n"
             "s=socket.socket(socket.AF_UNIX); s.settimeout(5); s.connect('%s/clean.sock')\n"
             "try:\n"
             " s.sendall(b'\\0\\0\\0\\5\\0\\0\\0\\1X\\0\\0\\0\\1')\n"
             " got=s.recv(100)\n"
             "except (ConnectionResetError, BrokenPipeError): got=b''\n"
             "raise SystemExit(0 if got==b'' else 1)\n",
             folder);
    pid_t child = fork();
    if (child == 0) {
        if (setgid(65534) != 0 || setuid(65534) != 0)
            _exit(3);
        execl("/usr/bin/python3", "python3", "-c", command, (char *)NULL);
        _exit(4);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies_hold_no_metadata),
        cmocka_unit_test(a_recording_in_ogg_is_cleaned_by_whichever_tool_can),
        cmocka_unit_test(what_staff_look_at_is_one_picture),
        cmocka_unit_test(words_in_letters_that_a_file_does_not_bring_are_not_lost),
        cmocka_unit_test(a_wide_picture_is_made_smaller),
        cmocka_unit_test(what_nothing_cleans_or_draws_is_said_to_be_so),
        cmocka_unit_test(bombs_stop_at_the_limits),
        cmocka_unit_test(broken_files_are_said_to_be_broken),
        cmocka_unit_test(nothing_stays_behind),
        cmocka_unit_test(ten_wait_their_turn_and_one_more_is_told_so),
        cmocka_unit_test(too_large_is_said_before_a_byte_is_sent),
        cmocka_unit_test(a_dropped_job_is_told_once_and_leaves_nothing),
        cmocka_unit_test(what_takes_too_long_is_ended),
        cmocka_unit_test(it_ends_after_what_it_started),
        cmocka_unit_test(jobs_end_with_the_connection),
        cmocka_unit_test(another_user_is_not_heard),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
