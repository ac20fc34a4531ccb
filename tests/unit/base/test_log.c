/* test_log.c -- nothing but identifiers and numbers gets into a log line, and a line is one write. */
#include "tests/unit/base/unit.h"

#include <event2/event.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "common/base/log.h"

static int real_stderr, ends[2];
static char said[4096];

static int listen_to_stderr(void **state)
{
    (void)state;
    real_stderr = dup(STDERR_FILENO);
    return pipe2(ends, O_NONBLOCK) == 0 && dup2(ends[1], STDERR_FILENO) >= 0 ? 0 : -1;
}

static int give_stderr_back(void **state)
{
    (void)state;
    dup2(real_stderr, STDERR_FILENO);
    close(real_stderr);
    close(ends[0]);
    close(ends[1]);
    return 0;
}

static const char *what_was_said(void)
{
    ssize_t len = read(ends[0], said, sizeof said - 1);
    said[len > 0 ? len : 0] = 0;
    return said;
}

static void a_line_is_key_and_value(void **state)
{
    (void)state;
    log_open("intake", LOG_INFO);
    log_info("connection_end", LOG_WORD("cause", "too_slow"), LOG_NUM("open", -12), LOG_ERR(ERR_TIMEOUT),
             LOG_NAME("desk", "usual"));
    assert_string_equal(what_was_said(),
                        "level=info room=intake what=connection_end cause=too_slow open=-12 err=TIMEOUT desk=usual\n");
    log_warn("bare");
    assert_string_equal(what_was_said(), "level=warn room=intake what=bare\n");
}

static void what_people_wrote_comes_out_as_a_dash(void **state)
{
    (void)state;
    static const char *const content[] = {
        "He hit me",
        "a\nlevel=error",
        "caf\xc3\xa9",
        "x=y",
        "",
        "+254700123456",
        "254700123456",
        "0700123456",
        "sms:0700123456",
        "192.168.100.200",
        "10.0.0.1",
        "fe80::1",
        "2001:db8::ff",
        "a@example.org",
        "/etc/passwd",
        "4711 2290 1183",
        "471122901183",
        "01234567-89ab-cdef-fedc-ba9876543210",
        "2026-11-22T08:00:00Z",
        "an-identifier-that-goes-on-and-on-for-49-characters",
    };
    log_open("intake", LOG_INFO);
    for (size_t i = 0; i < unit_count(content); i++) {
        log_info("told", LOG_NAME("by", content[i]));
        assert_string_equal(what_was_said(), "level=info room=intake what=told by=-\n");
    }
    log_info("told", LOG_NAME("by", NULL));
    assert_string_equal(what_was_said(), "level=info room=intake what=told by=-\n");
}

static void our_own_names_come_through(void **state)
{
    (void)state;
    static const char *const names[] = {"usual", "safeguarding", "kannel-1",    "intake_append_2", "23505",
                                        "57P01", "42P01",        "twilio.main", "err.c:120"};
    for (size_t i = 0; i < unit_count(names); i++)
        assert_ptr_equal(log_identifier(names[i]), names[i]);
}

static void below_the_least_level_nothing_is_said(void **state)
{
    (void)state;
    log_open("vault", LOG_WARN);
    log_debug("whisper");
    log_info("murmur");
    assert_string_equal(what_was_said(), "");
    log_error("shout");
    assert_string_equal(what_was_said(), "level=error room=vault what=shout\n");
}

static void a_line_that_is_too_long_is_cut_and_ended(void **state)
{
    (void)state;
    char name[49];
    memset(name, 'n', 48);
    name[48] = 0;
    log_open("intake", LOG_INFO);
    log_info("long", LOG_NAME("a", name), LOG_NAME("b", name), LOG_NAME("c", name), LOG_NAME("d", name),
             LOG_NAME("e", name), LOG_NAME("f", name), LOG_NAME("g", name), LOG_NAME("h", name), LOG_NAME("i", name),
             LOG_NAME("j", name), LOG_NAME("k", name), LOG_NAME("l", name));
    size_t len = strlen(what_was_said());
    assert_in_range(len, 480, 512);
    assert_int_equal(said[len - 1], '\n');
    assert_ptr_equal(strchr(said, '\n'), said + len - 1);
}

static void never(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    (void)arg;
}

static void libevent_may_not_speak_for_itself(void **state)
{
    (void)state;
    log_open("intake", LOG_INFO);
    /* A closed descriptor cannot be watched: libevent says so in a sentence of its own. */
    int gone = dup(STDIN_FILENO);
    close(gone);
    struct event_base *base = event_base_new();
    struct event *event = event_new(base, gone, EV_READ, never, NULL);
    assert_int_equal(event_add(event, NULL), -1);
    event_free(event);
    event_base_free(base);
    assert_string_equal(what_was_said(), "level=warn room=intake what=libevent severity=2\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_line_is_key_and_value, listen_to_stderr, give_stderr_back),
        cmocka_unit_test_setup_teardown(what_people_wrote_comes_out_as_a_dash, listen_to_stderr, give_stderr_back),
        cmocka_unit_test_setup_teardown(our_own_names_come_through, listen_to_stderr, give_stderr_back),
        cmocka_unit_test_setup_teardown(below_the_least_level_nothing_is_said, listen_to_stderr, give_stderr_back),
        cmocka_unit_test_setup_teardown(a_line_that_is_too_long_is_cut_and_ended, listen_to_stderr, give_stderr_back),
        cmocka_unit_test_setup_teardown(libevent_may_not_speak_for_itself, listen_to_stderr, give_stderr_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
