/* test_frame.c -- two ends of a socket in one loop: answers find their ask, and whoever breaks the form is cut off. */
#include "tests/unit/base/unit.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/frame.h"
#include "common/base/frame_link.h"
#include "common/base/log.h"
#include "common/base/mem.h"

enum { PAYLOAD_MAX = 4000 };

/* ---- the house: one loop, one server, one client, and what they saw ---- */

static char folder[] = "/tmp/recourse-frame-XXXXXX", path[64];
static struct loop *loop;
static struct frame_server *server;
static struct frame_client *client;

static struct {
    unsigned asks, gone, answers;
    uint64_t peer, tag;
    int64_t gone_at;
    uint32_t request;
    uid_t uid;
    enum err err;
    char text[PAYLOAD_MAX + 1];
    int is_mute, is_long, is_asking, frees_client, frees_server;
} seen;

static int (*enough)(void);
static int64_t give_up_at;

static void look(void *room, int64_t now)
{
    (void)room;
    if ((enough && enough()) || now > give_up_at)
        loop_stop(loop);
}

/* Run until `done` holds, at most `ms`; says whether it held. */
static int run_until(int (*done)(void), int64_t ms)
{
    enough = done;
    give_up_at = clock_ms() + ms;
    loop_run(loop);
    return done ? done() : 1;
}

static int is_answered(void)
{
    return seen.answers > 0;
}

static int is_gone(void)
{
    return seen.gone > 0;
}

static int is_asked(void)
{
    return seen.asks > 0;
}

static int is_up(void)
{
    return frame_client_is_up(client);
}

static int is_down(void)
{
    return !frame_client_is_up(client);
}

static void on_ask(void *room, uint64_t peer, uint32_t request, uid_t uid, const uint8_t *payload, size_t len)
{
    assert_ptr_equal(room, &seen);
    seen.asks++;
    seen.peer = peer;
    seen.request = request;
    seen.uid = uid;
    if (seen.frees_server) {
        frame_server_free(server);
        server = NULL;
    } else if (seen.is_long) {
        static const char full[PAYLOAD_MAX];
        assert_int_equal(frame_answer(server, peer, request, full, sizeof full), ERR_OK);
    } else if (!seen.is_mute) {
        assert_int_equal(frame_answer(server, peer, request, payload, len), ERR_OK);
    }
}

static void on_gone(void *room, uint64_t peer)
{
    assert_ptr_equal(room, &seen);
    assert_true(peer > 0);
    seen.gone++;
    seen.gone_at = clock_ms();
}

static void on_answer(void *room, uint64_t tag, enum err err, const uint8_t *payload, size_t len)
{
    assert_ptr_equal(room, &seen);
    assert_false(seen.is_asking); /* never before frame_ask() returned */
    seen.answers++;
    seen.tag = tag;
    seen.err = err;
    if (err == ERR_OK)
        memcpy(seen.text, payload, len);
    else
        assert_null(payload);
    seen.text[err == ERR_OK ? len : 0] = 0;
    if (seen.frees_client) {
        frame_client_free(client);
        client = NULL;
    }
}

static enum err ask(const char *text, int64_t deadline, uint64_t tag)
{
    seen.is_asking = 1;
    enum err err = frame_ask(client, text, strlen(text), deadline, on_answer, &seen, tag);
    seen.is_asking = 0;
    return err;
}

static int64_t idle_ms;

static void open_server(uid_t admitted, unsigned peers_max)
{
    struct frame_listen wishes = {.path = path,
                                  .mode = 0660,
                                  .uids = &admitted,
                                  .uid_count = 1,
                                  .payload_max = PAYLOAD_MAX,
                                  .peers_max = peers_max,
                                  .idle_ms = idle_ms};
    assert_int_equal(frame_server_new(loop, &wishes, on_ask, on_gone, &seen, &server), ERR_OK);
}

static void open_client(void)
{
    client = frame_client_new(loop, path, getuid(), 1, PAYLOAD_MAX);
}

static int begin(void **state)
{
    (void)state;
    memset(&seen, 0, sizeof seen);
    idle_ms = 300;
    loop = loop_new();
    loop_on_tick(loop, look, NULL);
    return 0;
}

static int end(void **state)
{
    (void)state;
    frame_client_free(client);
    frame_server_free(server);
    loop_free(loop);
    client = NULL;
    server = NULL;
    return 0;
}

static int make_folder(void **state)
{
    (void)state;
    log_open("test", LOG_ERROR);
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/socket", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder); /* empty: every server took its socket with it */
}

/* ---- stories ---- */

static void an_ask_is_answered_with_its_tag(void **state)
{
    (void)state;
    struct stat st;
    open_server(getuid(), 4);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0660);
    open_client();
    assert_true(is_up());
    assert_int_equal(ask("habari ya asubuhi", 5000, 77), ERR_OK);
    assert_true(run_until(is_answered, 5000));
    assert_int_equal(seen.err, ERR_OK);
    assert_int_equal(seen.tag, 77);
    assert_int_equal(seen.uid, getuid());
    assert_string_equal(seen.text, "habari ya asubuhi");
    assert_int_equal(frame_answer(server, seen.peer + 1, 1, "", 0), ERR_NOT_FOUND);
}

static int is_all_answered(void)
{
    return seen.answers == 1000;
}

static void a_thousand_may_wait_and_no_more(void **state)
{
    (void)state;
    open_server(getuid(), 4);
    open_client();
    for (unsigned i = 0; i < 1000; i++)
        assert_int_equal(ask("", 60000, i), ERR_OK);
    assert_int_equal(ask("", 60000, 1000), ERR_BUSY);
    assert_true(run_until(is_all_answered, 10000));
    assert_int_equal(seen.asks, 1000);
    assert_int_equal(seen.tag, 999);
}

/* Ours would answer 4 MB within one turn; whoever reads them must not be called busy. */
static void many_short_asks_may_have_long_answers(void **state)
{
    (void)state;
    open_server(getuid(), 4);
    open_client();
    seen.is_long = 1;
    for (unsigned i = 0; i < 1000; i++)
        assert_int_equal(ask("", 60000, i), ERR_OK);
    assert_true(run_until(is_all_answered, 10000));
    assert_int_equal(seen.err, ERR_OK);
    assert_int_equal(seen.gone, 0);
}

static void a_payload_over_the_maximum_is_not_sent(void **state)
{
    (void)state;
    char large[PAYLOAD_MAX + 1] = "";
    open_server(getuid(), 4);
    open_client();
    assert_int_equal(frame_ask(client, large, sizeof large, 1000, on_answer, &seen, 1), ERR_TOO_BIG);
    assert_int_equal(frame_ask(client, large, PAYLOAD_MAX, 5000, on_answer, &seen, 2), ERR_OK);
    assert_true(run_until(is_answered, 5000));
    assert_int_equal(seen.err, ERR_OK);
    assert_int_equal(frame_answer(server, seen.peer, 9, large, sizeof large), ERR_TOO_BIG);
}

/* The client of this one is a bare socket, which can say what ours never would. */
static int ended_by_server(int fd)
{
    char byte;
    struct pollfd p = {.fd = fd, .events = POLLIN};
    return poll(&p, 1, 2000) == 1 && read(fd, &byte, 1) <= 0;
}

static void a_frame_that_claims_too_much_is_cut_off_unread(void **state)
{
    (void)state;
    open_server(getuid(), 4);
    int fd = frame_socket_connect(path);
    assert_true(fd >= 0);
    int64_t began = clock_ms();
    assert_int_equal(write(fd, "\x00\x00\x0f\xa1\0\0\0\1", 8), 8); /* 4,001 bytes */
    assert_true(run_until(is_gone, 5000));
    assert_int_equal(seen.gone, 1);
    assert_in_range(seen.gone_at - began, 0, 200); /* for its claim, not at the 300 ms of half a frame */
    assert_int_equal(seen.asks, 0);
    assert_true(run_until(NULL, 300));
    assert_true(ended_by_server(fd));
    close(fd);
}

static void half_a_frame_is_cut_off_in_time(void **state)
{
    (void)state;
    open_server(getuid(), 4);
    int fd = frame_socket_connect(path);
    assert_int_equal(write(fd, "\0\0\0", 3), 3);
    int64_t began = clock_ms();
    assert_true(run_until(is_gone, 5000));
    assert_in_range(clock_ms() - began, 250, 2000);
    close(fd);
}

static void a_frame_may_come_byte_by_byte(void **state)
{
    (void)state;
    static const char message[] = "\0\0\0\2\0\0\0\5hi";
    idle_ms = 20000; /* a busy machine may be slow with a byte; how long half a frame may stay is asked above */
    open_server(getuid(), 4);
    int fd = frame_socket_connect(path);
    for (unsigned i = 0; i < 10; i++) {
        assert_int_equal(write(fd, message + i, 1), 1);
        if (i == 5)
            run_until(is_asked, 1);
    }
    assert_true(run_until(is_asked, 5000));
    assert_int_equal(seen.request, 5);
    char back[10];
    run_until(NULL, 1);
    assert_int_equal(read(fd, back, 10), 10);
    assert_memory_equal(back, message, 10);
    close(fd);
}

static void an_idle_peer_that_owes_nothing_stays(void **state)
{
    (void)state;
    open_server(getuid(), 4);
    open_client();
    run_until(NULL, 1000);
    assert_int_equal(seen.gone, 0);
    assert_true(is_up());
}

static void a_stranger_is_turned_away(void **state)
{
    (void)state;
    open_server(getuid() + 1, 4);
    open_client();
    assert_int_equal(ask("let me in", 5000, 1), ERR_OK);
    assert_true(run_until(is_answered, 5000));
    assert_int_equal(seen.err, ERR_SYSTEM);
    assert_int_equal(seen.asks, 0);
    assert_int_equal(seen.answers, 1);
}

static void a_false_server_is_not_spoken_to(void **state)
{
    (void)state;
    open_server(getuid(), 4);
    client = frame_client_new(loop, path, getuid() + 1, 1, PAYLOAD_MAX);
    assert_false(is_up());
    run_until(NULL, 600);
    assert_false(is_up());
    assert_int_equal(ask("secret", 5000, 1), ERR_SYSTEM);
    assert_int_equal(seen.asks, 0);
    run_until(NULL, 300);
    assert_int_equal(seen.answers, 0); /* refused at once: no callback */
}

static void one_peer_too_many_is_refused(void **state)
{
    (void)state;
    open_server(getuid(), 1);
    open_client();
    assert_int_equal(ask("first", 5000, 1), ERR_OK);
    assert_true(run_until(is_answered, 5000));
    int fd = frame_socket_connect(path);
    assert_true(run_until(NULL, 300));
    assert_true(ended_by_server(fd));
    assert_true(is_up());
    close(fd);
}

static void a_deadline_fires_once_and_the_late_answer_is_dropped(void **state)
{
    (void)state;
    open_server(getuid(), 4);
    open_client();
    seen.is_mute = 1;
    int64_t began = clock_ms();
    assert_int_equal(ask("anyone there?", 300, 5), ERR_OK);
    assert_true(run_until(is_answered, 5000));
    assert_in_range(clock_ms() - began, 300, 2000);
    assert_int_equal(seen.err, ERR_TIMEOUT);
    assert_int_equal(frame_answer(server, seen.peer, seen.request, "late", 4), ERR_OK);
    run_until(NULL, 600);
    assert_int_equal(seen.answers, 1);
    seen.is_mute = 0;
    seen.answers = 0;
    assert_int_equal(ask("again", 5000, 6), ERR_OK);
    assert_true(run_until(is_answered, 5000));
    assert_string_equal(seen.text, "again");
}

static void the_client_finds_a_server_that_came_back(void **state)
{
    (void)state;
    open_server(getuid(), 4);
    open_client();
    seen.is_mute = 1;
    assert_int_equal(ask("first", 60000, 1), ERR_OK);
    assert_true(run_until(is_asked, 5000));
    frame_server_free(server);
    server = NULL;
    assert_int_equal(seen.gone, 1);
    assert_true(run_until(is_answered, 5000));
    assert_int_equal(seen.err, ERR_SYSTEM);
    assert_true(is_down());
    assert_int_equal(ask("nobody home", 1000, 2), ERR_SYSTEM);
    run_until(NULL, 700);
    assert_int_equal(seen.answers, 1);
    open_server(getuid(), 4);
    seen.is_mute = 0;
    seen.answers = 0;
    assert_true(run_until(is_up, 5000));
    assert_int_equal(ask("second", 5000, 3), ERR_OK);
    assert_true(run_until(is_answered, 5000));
    assert_string_equal(seen.text, "second");
}

static void a_client_that_goes_cancels_what_waits(void **state)
{
    (void)state;
    open_server(getuid(), 4);
    open_client();
    assert_int_equal(ask("a", 60000, 1), ERR_OK);
    assert_int_equal(ask("b", 60000, 2), ERR_OK);
    frame_client_free(client);
    client = NULL;
    assert_int_equal(seen.answers, 2);
    assert_int_equal(seen.err, ERR_CANCELLED);
    run_until(NULL, 600);
    assert_int_equal(seen.answers, 2);
}

static void a_client_may_be_freed_by_its_own_answer(void **state)
{
    (void)state;
    open_server(getuid(), 4);
    open_client();
    seen.frees_client = 1;
    assert_int_equal(ask("a", 60000, 1), ERR_OK);
    assert_true(run_until(is_gone, 5000));
    assert_int_equal(seen.err, ERR_OK);
    assert_int_equal(seen.answers, 1);
    assert_null(client);
}

static void a_server_may_be_freed_by_an_ask(void **state)
{
    (void)state;
    open_server(getuid(), 4);
    open_client();
    seen.frees_server = 1;
    assert_int_equal(ask("a", 60000, 1), ERR_OK);
    assert_int_equal(ask("b", 60000, 2), ERR_OK);
    assert_true(run_until(is_answered, 5000));
    assert_int_equal(seen.asks, 1);
    assert_int_equal(seen.answers, 2);
    assert_int_equal(seen.err, ERR_SYSTEM);
}

static void a_peer_that_does_not_read_is_busy(void **state)
{
    (void)state;
    char full[PAYLOAD_MAX] = "";
    open_server(getuid(), 4);
    int fd = frame_socket_connect(path);
    assert_int_equal(write(fd, "\0\0\0\0\0\0\0\1", 8), 8);
    seen.is_mute = 1;
    assert_true(run_until(is_asked, 5000));
    enum err err = ERR_OK;
    unsigned sent = 0;
    for (; sent < 100 && err == ERR_OK; sent++)
        err = frame_answer(server, seen.peer, 1, full, sizeof full);
    assert_int_equal(err, ERR_BUSY);
    assert_in_range(sent, 4, 7);
    close(fd);
}

/* ---- asking once ---- */

static enum err once_in_a_child(const char *text, int64_t deadline, size_t room)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        struct buf out = BUF_INIT(room);
        enum err err = frame_ask_once(path, text, strlen(text), deadline, &out);
        if (err == ERR_OK && strcmp(buf_text(&out), text) != 0)
            err = ERR_INTERNAL;
        _exit((int)err);
    }
    while (waitpid(child, &status, WNOHANG) == 0)
        run_until(NULL, 50);
    assert_true(WIFEXITED(status));
    return (enum err)WEXITSTATUS(status);
}

static void asking_once_blocks_for_the_answer(void **state)
{
    (void)state;
    open_server(getuid(), 4);
    assert_int_equal(once_in_a_child("staff add", 5000, 100), ERR_OK);
    assert_int_equal(once_in_a_child("", 5000, 100), ERR_OK);
    assert_int_equal(once_in_a_child("does not fit", 5000, 4), ERR_TOO_BIG);
    seen.is_mute = 1;
    assert_int_equal(once_in_a_child("x", 300, 100), ERR_TIMEOUT);
}

static void asking_once_says_why_not(void **state)
{
    (void)state;
    assert_int_equal(once_in_a_child("x", 300, 100), ERR_NOT_FOUND);
    open_server(getuid() + 1, 4);
    assert_int_equal(once_in_a_child("x", 5000, 100), ERR_SYSTEM);
}

static void a_place_that_cannot_be_is_refused(void **state)
{
    (void)state;
    struct frame_listen wishes = {.path = "/nowhere/socket", .mode = 0600, .payload_max = 10};
    assert_int_equal(frame_server_new(loop, &wishes, on_ask, NULL, NULL, &server), ERR_SYSTEM);
    wishes.path =
        "/tmp/"
        "a-name-that-is-much-longer-than-the-hundred-and-seven-bytes-for-which-the-address-of-a-unix-socket-has-room";
    assert_int_equal(frame_server_new(loop, &wishes, on_ask, NULL, NULL, &server), ERR_SYSTEM);
    assert_null(server);
}

#define story(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    mem_wipe_libraries();
    const struct CMUnitTest tests[] = {
        story(an_ask_is_answered_with_its_tag),
        story(a_thousand_may_wait_and_no_more),
        story(many_short_asks_may_have_long_answers),
        story(a_payload_over_the_maximum_is_not_sent),
        story(a_frame_that_claims_too_much_is_cut_off_unread),
        story(half_a_frame_is_cut_off_in_time),
        story(a_frame_may_come_byte_by_byte),
        story(an_idle_peer_that_owes_nothing_stays),
        story(a_stranger_is_turned_away),
        story(a_false_server_is_not_spoken_to),
        story(one_peer_too_many_is_refused),
        story(a_deadline_fires_once_and_the_late_answer_is_dropped),
        story(the_client_finds_a_server_that_came_back),
        story(a_client_that_goes_cancels_what_waits),
        story(a_client_may_be_freed_by_its_own_answer),
        story(a_server_may_be_freed_by_an_ask),
        story(a_peer_that_does_not_read_is_busy),
        story(asking_once_blocks_for_the_answer),
        story(asking_once_says_why_not),
        story(a_place_that_cannot_be_is_refused),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
