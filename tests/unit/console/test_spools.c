/* test_spools.c -- what waits on disk beside us: what is believed of a neighbour's answer, and of none. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/unit/console/unit.h"

#define HEAD "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\nConnection: close\r\n\r\n"

static enum err heard(const char *answer, struct spool_state *out)
{
    memset(out, 0xff, sizeof *out);
    return spools_read(answer, strlen(answer), NEIGHBOUR_INTAKE, out);
}

static void four_numbers_are_read_among_many(void **state)
{
    (void)state;
    struct spool_state out;
    const char *answer = HEAD "# HELP recourse_intake_spool_rows Rows that wait on disk for the database.\n"
                              "# TYPE recourse_intake_spool_rows gauge\n"
                              "recourse_intake_spool_rows 12\n"
                              "recourse_intake_reports_stored_total 99\n"
                              "recourse_sms_spool_rows 77\n"
                              "recourse_intake_spooled_total 14\n"
                              "recourse_intake_spool_full_total 3\n"
                              "recourse_intake_spool_bytes 34567\n"
                              "recourse_intake_spool_age_seconds 181\n"
                              "recourse_intake_spool_faults_total 1\n";
    assert_int_equal(heard(answer, &out), ERR_OK);
    assert_true(out.known);
    assert_int_equal(out.rows, 12);
    assert_int_equal(out.bytes, 34567);
    assert_int_equal(out.age_s, 181);
    assert_int_equal(out.faults, 1);
    assert_int_not_equal(spools_read(answer, strlen(answer), NEIGHBOUR_SMS, &out), ERR_OK);
}

/* An answer with one of the four as given. */
static void expect_unknown(const char *rows_line, enum err expected)
{
    char answer[1024];
    struct spool_state out, nothing = {0};
    snprintf(answer, sizeof answer,
             HEAD "%srecourse_intake_spool_bytes 0\nrecourse_intake_spool_age_seconds 0\n"
                  "recourse_intake_spool_faults_total 0\n",
             rows_line);
    assert_int_equal(heard(answer, &out), expected);
    assert_memory_equal(&out, &nothing, sizeof out);
}

static void what_is_not_a_count_makes_all_of_it_unknown(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "",
        "recourse_intake_spool_rows -1\n",
        "recourse_intake_spool_rows +1\n",
        "recourse_intake_spool_rows 1.5\n",
        "recourse_intake_spool_rows 1e3\n",
        "recourse_intake_spool_rows NaN\n",
        "recourse_intake_spool_rows \n",
        "recourse_intake_spool_rows  1\n",
        "recourse_intake_spool_rows 1 1795335793\n",
        "recourse_intake_spool_rows 1\r\n",
        "recourse_intake_spool_rows{worker=\"1\"} 1\n",
        "# recourse_intake_spool_rows 1\n",
        "xrecourse_intake_spool_rows 1\n",
        "recourse_intake_spool_rows 1\nrecourse_intake_spool_rows 1\n",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        expect_unknown(lines[i], ERR_MALFORMED);
    expect_unknown("recourse_intake_spool_rows 1000000001\n", ERR_TOO_BIG);
    expect_unknown("recourse_intake_spool_rows 99999999999999999999999999999999\n", ERR_TOO_BIG);
}

/* Wherever it was cut, nothing is believed: "12" may have been "123". */
static void a_truncated_answer_is_unknown(void **state)
{
    (void)state;
    struct spool_state out;
    const char *answer = HEAD "recourse_intake_spool_rows 12\nrecourse_intake_spool_bytes 3\n"
                              "recourse_intake_spool_age_seconds 4\nrecourse_intake_spool_faults_total 56\n";
    for (size_t len = 0; len < strlen(answer); len++) {
        char *cut = malloc(len ? len : 1); /* of its own, so that a sanitizer sees a read behind it */
        memcpy(cut, answer, len);
        assert_int_equal(spools_read(cut, len, NEIGHBOUR_INTAKE, &out), ERR_MALFORMED);
        assert_false(out.known);
        free(cut);
    }
    assert_int_equal(heard(answer, &out), ERR_OK);
}

static void only_a_200_counts(void **state)
{
    (void)state;
    struct spool_state out;
    const char *rows = "recourse_intake_spool_rows 1\nrecourse_intake_spool_bytes 1\n"
                       "recourse_intake_spool_age_seconds 1\nrecourse_intake_spool_faults_total 1\n";
    static const char *const heads[] = {"HTTP/1.1 503 Service Unavailable\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n",
                                        "SSH-2.0-OpenSSH_9.2\r\n\r\n", ""};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        char answer[512];
        snprintf(answer, sizeof answer, "%s%s", heads[i], rows);
        assert_int_equal(heard(answer, &out), ERR_MALFORMED);
    }
}

/* ---- asked over real sockets ---- */

struct story {
    struct loop *loop;
    struct spools *spools;
    struct settings settings;
    int listener, peer;
    const char *says; /* sent when asked; then closed unless `silent` */
    int silent, asked, ticks;
    size_t flood;
};

static void story_tick(void *room, int64_t now)
{
    (void)now;
    struct story *story = room;
    char question[512];
    if (story->peer < 0)
        story->peer = accept(story->listener, NULL, NULL);
    if (story->peer >= 0 && recv(story->peer, question, sizeof question - 1, MSG_DONTWAIT) > 0) {
        story->asked++;
        if (story->says)
            assert_int_equal(send(story->peer, story->says, strlen(story->says), MSG_NOSIGNAL), strlen(story->says));
    }
    static const char lines[4096] = "";
    for (size_t i = 0; story->asked && i < story->flood; i += sizeof lines)
        (void)!send(story->peer, lines, sizeof lines, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (story->asked && !story->silent && story->peer >= 0) {
        close(story->peer);
        story->peer = -2;
    }
    if (--story->ticks <= 0)
        loop_stop(story->loop);
}

static void story_begin(struct story *story)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof at;
    story->listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    story->peer = -1;
    assert_int_equal(bind(story->listener, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(story->listener, 4), 0);
    assert_int_equal(getsockname(story->listener, (struct sockaddr *)&at, &len), 0);
    story->settings.health[NEIGHBOUR_INTAKE].address = at;
    story->loop = loop_new();
    story->spools = spools_new(story->loop, &story->settings);
    loop_on_tick(story->loop, story_tick, story);
}

static void story_end(struct story *story)
{
    spools_free(story->spools);
    loop_off_tick(story->loop, story_tick, story);
    loop_free(story->loop);
    close(story->listener);
    if (story->peer >= 0)
        close(story->peer);
}

static const char good[] = HEAD "recourse_intake_spool_rows 2\nrecourse_intake_spool_bytes 3\n"
                                "recourse_intake_spool_age_seconds 4\nrecourse_intake_spool_faults_total 0\n";

static void a_neighbour_is_asked_and_believed(void **state)
{
    (void)state;
    struct story story = {.says = good, .ticks = 4};
    story_begin(&story);
    assert_false(spools_state(story.spools, NEIGHBOUR_INTAKE)->known);
    loop_run(story.loop);
    assert_int_equal(story.asked, 1);
    assert_true(spools_state(story.spools, NEIGHBOUR_INTAKE)->known);
    assert_int_equal(spools_state(story.spools, NEIGHBOUR_INTAKE)->rows, 2);
    assert_false(spools_is_asked(story.spools, NEIGHBOUR_SMS));
    assert_false(spools_state(story.spools, NEIGHBOUR_SMS)->known);
    story_end(&story);
}

/* What it said before is no more believed when it stops in the middle of an answer and keeps the line open. */
static void a_neighbour_that_hangs_is_given_up_after_two_seconds(void **state)
{
    (void)state;
    struct story story = {.says = good, .silent = 1, .ticks = 7};
    story_begin(&story);
    loop_run(story.loop);
    assert_int_equal(story.asked, 1);
    assert_false(spools_state(story.spools, NEIGHBOUR_INTAKE)->known);
    char byte;
    assert_int_equal(recv(story.peer, &byte, 1, MSG_DONTWAIT), -1); /* still waited for */
    story.ticks = 4;
    loop_run(story.loop);
    assert_false(spools_state(story.spools, NEIGHBOUR_INTAKE)->known);
    assert_int_equal(recv(story.peer, &byte, 1, MSG_DONTWAIT), 0); /* hung up on */
    story_end(&story);
}

static void a_neighbour_that_never_ends_is_cut(void **state)
{
    (void)state;
    struct story story = {.says = good, .silent = 1, .flood = 256 * 1024, .ticks = 4};
    story_begin(&story);
    loop_run(story.loop);
    assert_false(spools_state(story.spools, NEIGHBOUR_INTAKE)->known);
    char byte;
    ssize_t got = recv(story.peer, &byte, 1, MSG_DONTWAIT);
    assert_true(got == 0 || (got < 0 && errno == ECONNRESET));
    story_end(&story);
}

static void nobody_at_the_port_is_unknown(void **state)
{
    (void)state;
    struct story story = {.ticks = 3};
    story_begin(&story);
    close(story.listener);
    story.listener = -1;
    loop_run(story.loop);
    assert_false(spools_state(story.spools, NEIGHBOUR_INTAKE)->known);
    story_end(&story);
}

/* ---- the setting ---- */

static enum err load_with(const char *health, struct settings *settings, char says[static 256])
{
    char path[] = "/tmp/test_spools-XXXXXX", text[1024];
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    int len = snprintf(text, sizeof text,
                       "[http]\ncertificate = c\nkey = k\n[files]\npages = p\nlanguages = l\ncodes = x\n[health]\n%s\n"
                       "[desk usual]\nsocket = s\n",
                       health);
    assert_int_equal(write(fd, text, (size_t)len), len);
    close(fd);
    enum err err = settings_load(settings, path, says);
    unlink(path);
    return err;
}

static void only_a_numeric_loopback_address_is_asked(void **state)
{
    (void)state;
    struct settings settings;
    char says[256] = "";
    static const char *const bad[] = {"localhost:8453", "10.0.0.1:8453", "127.0.0.1",       "127.0.0.1:0",
                                      "127.0.0.1:",     ":8453",         "127.0.0.1:8453x", "[::]:8453"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char line[64];
        snprintf(line, sizeof line, "intake = %s", bad[i]);
        assert_int_equal(load_with(line, &settings, says), ERR_MALFORMED);
        assert_non_null(strstr(says, "[health] intake"));
    }
    assert_int_equal(load_with("intake = 127.0.0.1:8453\nsms =", &settings, says), ERR_OK);
    assert_int_equal(ntohs(settings.health[NEIGHBOUR_INTAKE].address.sin_port), 8453);
    assert_int_equal(settings.health[NEIGHBOUR_SMS].address.sin_port, 0);
    settings_free(&settings);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(four_numbers_are_read_among_many),
        cmocka_unit_test(what_is_not_a_count_makes_all_of_it_unknown),
        cmocka_unit_test(a_truncated_answer_is_unknown),
        cmocka_unit_test(only_a_200_counts),
        cmocka_unit_test(a_neighbour_is_asked_and_believed),
        cmocka_unit_test(a_neighbour_that_hangs_is_given_up_after_two_seconds),
        cmocka_unit_test(a_neighbour_that_never_ends_is_cut),
        cmocka_unit_test(nobody_at_the_port_is_unknown),
        cmocka_unit_test(only_a_numeric_loopback_address_is_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
