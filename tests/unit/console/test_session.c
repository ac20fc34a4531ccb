/* test_session.c -- what a browser or a program brings to say who it is. */
#include "tests/unit/console/unit.h"
#include "triage/console/session.h"

static void the_cookie_names_desk_and_token(void **state)
{
    (void)state;
    struct session session;
    assert_int_equal(session_from_cookie("a=b; __Host-session=usual.AbC-_1.2; c=d", &session), ERR_OK);
    assert_string_equal(session.desk, "usual");
    assert_string_equal(session.token, "AbC-_1.2");
}

static void what_is_written_is_read(void **state)
{
    (void)state;
    struct session session = {.desk = "oversight", .token = "abcDEF012-._~+/="}, again;
    struct buf cookie = BUF_INIT(2048);
    assert_int_equal(session_write(&session, &cookie), ERR_OK);
    assert_non_null(strstr(buf_text(&cookie), "; Secure"));
    assert_non_null(strstr(buf_text(&cookie), "; HttpOnly"));
    assert_non_null(strstr(buf_text(&cookie), "; SameSite=Strict"));
    assert_non_null(strstr(buf_text(&cookie), "; Path=/"));
    char *value_end = strchr((char *)cookie.bytes, ';');
    need(value_end != NULL);
    *value_end = 0;
    assert_int_equal(session_from_cookie((const char *)cookie.bytes, &again), ERR_OK);
    assert_string_equal(again.desk, session.desk);
    assert_string_equal(again.token, session.token);
    buf_free(&cookie);
}

static void ending_a_session_deletes_the_cookie(void **state)
{
    (void)state;
    struct buf cookie = BUF_INIT(2048);
    assert_int_equal(session_write(NULL, &cookie), ERR_OK);
    assert_non_null(strstr(buf_text(&cookie), "__Host-session=;"));
    assert_non_null(strstr(buf_text(&cookie), "Max-Age=0"));
    buf_free(&cookie);
}

static void a_bad_cookie_is_no_session(void **state)
{
    (void)state;
    static const char *const bad[] = {"__Host-session=usual",
                                      "__Host-session=.token",
                                      "__Host-session=usual.",
                                      "__Host-session=a-desk-with-a-name-too-long.token",
                                      "__Host-session=usual.to ken",
                                      "__Host-session=usual.to\"ken",
                                      "__Host-session=usual.one; __Host-session=usual.two"};
    struct session session;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(session_from_cookie(bad[i], &session), ERR_MALFORMED);
        assert_string_equal(session.token, "");
    }
    assert_int_equal(session_from_cookie(NULL, &session), ERR_NOT_FOUND);
    assert_int_equal(session_from_cookie("x__Host-session=usual.token", &session), ERR_NOT_FOUND);
}

static void a_cookie_longer_than_any_token_is_refused(void **state)
{
    (void)state;
    char header[2048] = "__Host-session=usual.";
    struct session session;
    memset(header + strlen(header), 'a', SESSION_TOKEN_MAX + 1);
    assert_int_equal(session_from_cookie(header, &session), ERR_MALFORMED);
}

static void programs_bring_a_bearer_token(void **state)
{
    (void)state;
    struct session session;
    assert_int_equal(session_from_bearer("Bearer rct-abc_DEF", &session), ERR_OK);
    assert_string_equal(session.token, "rct-abc_DEF");
    assert_string_equal(session.desk, "");
    assert_int_equal(session_from_bearer("bearer rct-abc", &session), ERR_OK);
    assert_int_equal(session_from_bearer(NULL, &session), ERR_NOT_FOUND);
    static const char *const bad[] = {"", "Bearer", "Bearer ", "Basic YTpi", "Bearer a b", "Bearer a\tb", "rct-abc"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(session_from_bearer(bad[i], &session), ERR_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_cookie_names_desk_and_token),           cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(ending_a_session_deletes_the_cookie),       cmocka_unit_test(a_bad_cookie_is_no_session),
        cmocka_unit_test(a_cookie_longer_than_any_token_is_refused), cmocka_unit_test(programs_bring_a_bearer_token),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
