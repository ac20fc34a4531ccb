/* test_consent.c -- consent is for one receiver and purpose, given to the words that were shown, and can be taken back;
 * what the person says to a question is heard. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/clock.h"
#include "triage/vault/acts.h"
#include "triage/vault/case_state.h"
#include "triage/vault/consent.h"
#include "triage/vault/life.h"
#include "triage/vault/message.h"

enum { WEEK = 7 * 24 * 3600 };

static json_t *state_at(enum life life)
{
    return json_pack("{s:s,s:s,s:{s:i}}", "life", life_name(life), "arrived", "2026-11-22T08:00:00Z", "proposal",
                     "scale", 2);
}

static int question(json_t *state)
{
    return consent_ask(state,
                       json_pack("{s:s,s:s,s:s,s:s}", "receiver", "r", "to", "Inspectorate", "purpose", "A visit",
                                 "what", "That you are locked in"),
                       "amina", clock_wall());
}

static int act(json_t *state, const char *what)
{
    const struct act act = {
        .act = what, .voice = {.via = "page", .who = "", .words = ""}, .now = clock_wall(), .wait_s = WEEK};
    return acts_do(state, &act);
}

static const char *told(const json_t *state, size_t i, const char *key)
{
    static char text[200];
    json_t *notice = acts_notice(state);
    snprintf(text, sizeof text, "%s", state_text(json_array_get(json_object_get(notice, "consents"), i), key));
    json_decref(notice);
    return text;
}

static void a_yes_holds_until_it_is_taken_back(void **state)
{
    (void)state;
    json_t *s = state_at(LIFE_IN_ACTION);
    assert_int_equal(question(s), 1);
    assert_int_equal(question(s), 2);
    assert_true(consent_is_open(consent_at(s, 2)));
    assert_false(consent_holds(consent_at(s, 2)));
    assert_int_equal(act(s, "agree:2"), 1);
    assert_true(consent_holds(consent_at(s, 2)));
    assert_true(consent_is_open(consent_at(s, 1))); /* another question */
    assert_int_equal(act(s, "agree:2"), 0);
    assert_int_equal(act(s, "disagree:2"), 0);
    assert_int_equal(act(s, "revoke:2"), 1);
    assert_false(consent_holds(consent_at(s, 2)));
    assert_int_equal(act(s, "agree:2"), 0); /* it is asked anew */
    assert_int_equal(act(s, "revoke:2"), 0);
    json_decref(s);
}

static void a_no_is_a_no_and_can_become_a_yes(void **state)
{
    (void)state;
    json_t *s = state_at(LIFE_IN_ACTION);
    question(s);
    assert_int_equal(act(s, "revoke:1"), 0);
    assert_int_equal(act(s, "disagree:1"), 1);
    assert_false(consent_holds(consent_at(s, 1)) || consent_is_open(consent_at(s, 1)));
    assert_int_equal(act(s, "disagree:1"), 0);
    assert_int_equal(act(s, "agree:1"), 1);
    assert_true(consent_holds(consent_at(s, 1)));
    json_decref(s);
}

static void what_is_no_question_is_not_answered(void **state)
{
    (void)state;
    static const char *const acts[] = {"agree:0", "agree:2", "agree:", "agree", "agree:99", "agree:-1", "nod:1"};
    json_t *s = state_at(LIFE_IN_ACTION), *before;
    question(s);
    before = json_deep_copy(s);
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
        assert_int_equal(act(s, acts[i]), 0);
    assert_true(json_equal(s, before));
    json_decref(before);
    json_decref(s);
}

static void what_the_person_says_is_heard(void **state)
{
    (void)state;
    json_t *s = state_at(LIFE_WAITING_FOR_YOU);
    question(s);
    assert_int_equal(act(s, "disagree:1"), 1);
    assert_int_equal(life_now(s), LIFE_ACKNOWLEDGED);
    json_decref(s);
    /* A yes that is taken back when all was over is something to do. */
    s = state_at(LIFE_REFERRED);
    question(s);
    assert_int_equal(consent_said(s, 1, "yes", "amina", "By telephone", clock_wall()), 1);
    assert_int_equal(life_now(s), LIFE_REFERRED);
    assert_int_equal(act(s, "revoke:1"), 1);
    assert_int_equal(life_now(s), LIFE_REOPENED);
    json_decref(s);
}

static void what_staff_write_down_says_how_and_is_shown(void **state)
{
    (void)state;
    json_t *s = state_at(LIFE_IN_ACTION);
    question(s);
    assert_string_equal(told(s, 0, "answer"), "");
    assert_string_equal(told(s, 0, "what"), "That you are locked in");
    assert_int_equal(consent_said(s, 1, "maybe", "amina", "x", clock_wall()), 0);
    assert_int_equal(consent_said(s, 2, "yes", "amina", "x", clock_wall()), 0);
    assert_int_equal(consent_said(s, 1, "yes", "amina", "By telephone, on Monday", clock_wall()), 1);
    assert_string_equal(state_text(json_object_get(consent_at(s, 1), "answered"), "by"), "amina");
    assert_string_equal(told(s, 0, "answer"), "yes");
    assert_string_equal(told(s, 0, "how"), "By telephone, on Monday");
    assert_string_equal(told(s, 0, "to"), "Inspectorate");
    assert_int_equal(consent_said(s, 1, "revoked", "amina", "She called", clock_wall()), 1);
    assert_string_equal(told(s, 0, "answer"), "revoked");
    assert_string_equal(told(s, 0, "what"), ""); /* what is over is told without its words */
    json_decref(s);
}

static void there_is_an_end_to_questions(void **state)
{
    (void)state;
    json_t *s = state_at(LIFE_IN_ACTION);
    for (int i = 1; i <= CONSENTS_MAX; i++)
        assert_int_equal(question(s), i);
    assert_int_equal(question(s), 0);
    assert_int_equal(act(s, "agree:20"), 1);
    json_decref(s);
}

static void an_act_about_a_question_is_read_and_nothing_that_looks_like_it(void **state)
{
    (void)state;
    static const struct {
        const char *said, *read;
    } rows[] = {{"agree:2", "agree:2"},
                {"revoke:12", "revoke:12"},
                {"disagree:1", "disagree:1"},
                {"keep", "keep"},
                {"agree:", ""},
                {"agree:123", ""},
                {"agree:x", ""},
                {"keep:1", ""}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct message message;
        char inside[100];
        int len = snprintf(inside, sizeof inside, "{\"v\":1,\"text\":\"\",\"act\":\"%s\"}", rows[i].said);
        assert_int_equal(message_read(inside, (size_t)len, &message), ERR_OK);
        assert_string_equal(message.act, rows[i].read);
        message_free(&message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_yes_holds_until_it_is_taken_back),
        cmocka_unit_test(a_no_is_a_no_and_can_become_a_yes),
        cmocka_unit_test(what_is_no_question_is_not_answered),
        cmocka_unit_test(what_the_person_says_is_heard),
        cmocka_unit_test(what_staff_write_down_says_how_and_is_shown),
        cmocka_unit_test(there_is_an_end_to_questions),
        cmocka_unit_test(an_act_about_a_question_is_read_and_nothing_that_looks_like_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
