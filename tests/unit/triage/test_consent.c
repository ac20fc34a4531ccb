/* test_consent.c -- consent is for one receiver and purpose, given to the words that were shown, and can be taken back;
 * what the person says to a question is heard. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/clock.h"
#include "triage/vault/acts.h"
#include "triage/vault/by_text.h"
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

/* ---- by text ---- */

static int asked_by_text(json_t *state)
{
    int n = question(state);
    consent_texted(state, n);
    return n;
}

/* What a text does; "" a message. "?" behind it: something goes back all the same. */
static const char *does(json_t *state, const char *text)
{
    static char out[BY_TEXT_ACT_MAX + 2];
    struct by_text answer;
    unsigned number;
    enum sms_word word = sms_answer_of(text, strlen(text), &number);
    by_text_read(state, word, number, &answer);
    snprintf(out, sizeof out, "%s%s", answer.act, !*answer.act && answer.says ? "?" : "");
    if (*answer.act) {
        const struct act act = {
            .act = answer.act, .voice = {.via = "text", .who = "", .words = text}, .now = clock_wall(), .wait_s = WEEK};
        assert_non_null(answer.says);
        assert_int_equal(acts_do(state, &act), 1);
    }
    return out;
}

static void a_text_answers_and_takes_back_the_question_of_its_number(void **state)
{
    (void)state;
    json_t *s = state_at(LIFE_IN_ACTION);
    asked_by_text(s);
    asked_by_text(s);
    question(s); /* on their page alone: the text said nothing of it */
    assert_string_equal(does(s, "yes 3"), "");
    assert_string_equal(does(s, "yes 4"), "");
    assert_string_equal(does(s, "YES 2"), "agree:2");
    assert_string_equal(state_text(json_object_get(consent_at(s, 2), "answered"), "via"), "text");
    assert_true(consent_is_open(consent_at(s, 1)));
    assert_string_equal(does(s, "yes 2"), "?"); /* again: the text that noted it may have been lost */
    assert_string_equal(does(s, "oui 1"), "agree:1");
    assert_string_equal(does(s, "no"), "?"); /* which of the two */
    assert_true(consent_holds(consent_at(s, 1)) && consent_holds(consent_at(s, 2)));
    assert_string_equal(does(s, "non 2"), "revoke:2");
    assert_false(consent_holds(consent_at(s, 2)));
    assert_string_equal(does(s, "no 2"), "?");
    assert_string_equal(does(s, "yes 2"), ""); /* it is asked anew: a person reads it */
    assert_string_equal(does(s, "No"), "revoke:1");
    assert_string_equal(does(s, "No"), "");
    json_decref(s);
}

static void the_bare_word_does_where_nothing_else_was_asked(void **state)
{
    (void)state;
    json_t *s = state_at(LIFE_IN_ACTION);
    assert_string_equal(does(s, "yes"), "");
    asked_by_text(s);
    assert_string_equal(does(s, "yes?"), "");
    assert_string_equal(does(s, "no"), "disagree:1");
    assert_string_equal(does(s, "yes 1"), "agree:1"); /* they thought better of it */
    asked_by_text(s);
    assert_string_equal(does(s, "yes"), "?"); /* it may have been for the one before */
    assert_true(consent_is_open(consent_at(s, 2)));
    assert_string_equal(does(s, "no"), "disagree:2"); /* no is the safe side */
    json_decref(s);
}

/* A yes to a remedy must not pass anything on, and the other way round. */
static void a_remedy_and_a_question_are_not_taken_for_each_other(void **state)
{
    (void)state;
    json_t *s = state_at(LIFE_IN_ACTION), *offer = json_pack("{s:s}", "what", "A new pump");
    asked_by_text(s);
    assert_int_equal(remedy_offer(s, offer, "amina"), LIFE_MOVED);
    remedy_offer_texted(s);
    assert_string_equal(does(s, "yes"), "?");
    assert_string_equal(does(s, "no"), "?");
    assert_int_equal(life_now(s), LIFE_REMEDY_OFFERED);
    assert_string_equal(does(s, "yes 1"), "agree:1");
    assert_string_equal(does(s, "yes"), "accept"); /* the only thing that is open */
    asked_by_text(s);
    assert_string_equal(does(s, "yes"), "?"); /* a late answer to the offer would look the same */
    assert_true(consent_is_open(consent_at(s, 2)));
    json_decref(offer);
    json_decref(s);
}

static void who_asks_for_silence_after_a_yes_is_asked_once_more(void **state)
{
    (void)state;
    json_t *s = state_at(LIFE_IN_ACTION);
    asked_by_text(s);
    question(s);
    assert_string_equal(does(s, "yes"), "agree:1");
    assert_int_equal(act(s, "agree:2"), 1);
    consent_stopped(s, clock_wall());
    assert_true(consent_holds(consent_at(s, 1))); /* what went is not called back */
    assert_false(consent_may_go(consent_at(s, 1)));
    assert_true(consent_may_go(consent_at(s, 2))); /* said on their page */
    assert_string_equal(does(s, "yes 1"), "agree:1");
    assert_true(consent_may_go(consent_at(s, 1)));
    consent_stopped(s, clock_wall());
    assert_int_equal(consent_said(s, 1, "yes", "amina", "She called", clock_wall()), 1);
    assert_true(consent_may_go(consent_at(s, 1)));
    json_decref(s);
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
        cmocka_unit_test(a_text_answers_and_takes_back_the_question_of_its_number),
        cmocka_unit_test(the_bare_word_does_where_nothing_else_was_asked),
        cmocka_unit_test(a_remedy_and_a_question_are_not_taken_for_each_other),
        cmocka_unit_test(who_asks_for_silence_after_a_yes_is_asked_once_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
