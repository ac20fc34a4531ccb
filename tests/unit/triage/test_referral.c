/* test_referral.c -- nothing goes without consent that holds, or two people and a ground; what is changed is approved
 * anew; what was sent is followed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/clock.h"
#include "triage/vault/acts.h"
#include "triage/vault/case_state.h"
#include "triage/vault/consent.h"
#include "triage/vault/entry.h"
#include "triage/vault/ops.h"
#include "triage/vault/referral.h"
#include "triage/vault/second.h"

static int says(json_t *state, const char *what, int64_t now)
{
    const struct act act = {.act = what, .voice = {.via = "page", .who = "", .words = ""}, .now = now, .wait_s = 1};
    return acts_do(state, &act);
}

static json_t *place; /* of the directory, to which something can be sealed */

static int begin(void **state)
{
    (void)state;
    place =
        json_pack("{s:{s:s,s:o},s:{}}", "certificate", "pem", "x", "until", entry_time(clock_wall() + 1000), "checked");
    return place ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    json_decref(place);
    return 0;
}

/* A case with one question that was answered yes, and a draft on it. */
static json_t *drafted(json_t **referral)
{
    int64_t now = clock_wall();
    json_t *s =
        json_pack("{s:s,s:s,s:{s:i}}", "life", "in_action", "arrived", "2026-11-22T08:00:00Z", "proposal", "scale", 2);
    consent_ask(s, json_pack("{s:s,s:s,s:s,s:s}", "receiver", "r", "to", "Them", "purpose", "p", "what", "w"), "amina",
                now);
    assert_int_equal(says(s, "agree:1", now), 1);
    assert_int_equal(
        referral_add(s, json_pack("{s:s,s:s,s:s,s:i}", "receiver", "r", "to", "Them", "purpose", "p", "consent", 1),
                     "amina", now),
        1);
    *referral = referral_at(s, 1);
    referral_write(*referral, "What they read", json_array(), NULL, "amina", now);
    return s;
}

static const char *lacks(const json_t *state, const json_t *referral)
{
    return referral_lacks_for_sending(state, referral, place, clock_wall());
}

static void consent_is_looked_at_when_it_is_sent(void **state)
{
    (void)state;
    json_t *r, *s = drafted(&r);
    assert_non_null(lacks(s, r)); /* not approved */
    assert_null(referral_lacks_for_approval(r));
    assert_false(referral_wants_second(s, r));
    referral_approve(r, "amina", "because", "", clock_wall());
    assert_null(lacks(s, r));
    need(json_object_set_new(consent_at(s, 1), "stopped", entry_time(clock_wall())) == 0);
    assert_non_null(strstr(lacks(s, r), "no more texts"));
    json_object_del(consent_at(s, 1), "stopped");
    assert_non_null(referral_lacks_for_sending(s, r, NULL, clock_wall()));
    assert_non_null(referral_lacks_for_sending(s, r, place, clock_wall() + 2000));
    assert_int_equal(says(s, "revoke:1", clock_wall()), 1);
    assert_non_null(strstr(lacks(s, r), "taken it back"));
    assert_false(referral_wants_recall(s, r)); /* nothing has gone */
    json_decref(s);
}

static void what_was_sent_is_to_be_called_back_when_consent_goes(void **state)
{
    (void)state;
    json_t *r, *s = drafted(&r);
    referral_approve(r, "amina", "because", "", clock_wall());
    assert_int_equal(referral_sent(r, "amina", "by courier", "12ab", clock_wall()), 1);
    assert_int_equal(referral_sent(r, "amina", "the courier lost it", "12ab", clock_wall()), 0);
    assert_int_equal(referral_note(r, "accepted", "They took it", "", "amina", clock_wall()), 1);
    assert_false(referral_is_open(s, r));
    assert_int_equal(referral_oldest(s), 0);
    assert_int_equal(says(s, "revoke:1", clock_wall()), 1);
    assert_true(referral_wants_recall(s, r) && referral_is_open(s, r));
    assert_true(referral_oldest(s) > 0);
    assert_non_null(lacks(s, r));
    assert_int_equal(referral_note(r, "recalled", "Told", "2026-11-25", "amina", clock_wall()), 1);
    assert_false(referral_is_open(s, r));
    assert_int_equal(referral_note(r, "accepted", "x", "", "amina", clock_wall()), 0);
    json_decref(s);
}

static void without_consent_it_takes_a_ground_and_two_people(void **state)
{
    (void)state;
    json_t *r, *s = drafted(&r);
    json_object_set_new(r, "consent", json_integer(0));
    referral_approve(r, "amina", "because", "joseph", clock_wall());
    assert_non_null(lacks(s, r)); /* neither consent nor ground */
    state_set_text(r, "ground", "Article 1, and he will be killed");
    assert_null(lacks(s, r));
    assert_true(referral_wants_second(s, r));
    referral_approve(r, "amina", "because", "", clock_wall());
    assert_non_null(lacks(s, r)); /* nobody else has confirmed */
    json_decref(s);
}

static json_t *number(void)
{
    return json_pack("[{s:s,s:s,s:s}]", "kind", "number", "words", "12345", "id", "aa");
}

static void each_thing_found_has_to_be_confirmed(void **state)
{
    (void)state;
    json_t *r, *s = drafted(&r), *confirm = json_pack("[s]", "aa"), *other = json_pack("[s]", "bb");
    referral_write(r, "12345", number(), other, "amina", clock_wall());
    assert_non_null(referral_lacks_for_approval(r));
    referral_write(r, "12345", number(), confirm, "joseph", clock_wall());
    assert_null(referral_lacks_for_approval(r));
    referral_write(r, "12345 again", number(), confirm, "amina", clock_wall());
    assert_string_equal(state_text(json_array_get(json_object_get(r, "warnings"), 0), "confirmed_by"), "joseph");
    referral_write(r, "12345 again", number(), NULL, "amina", clock_wall());
    assert_non_null(referral_lacks_for_approval(r)); /* taken back */
    referral_write(r, "", json_array(), NULL, "amina", clock_wall());
    assert_non_null(referral_lacks_for_approval(r)); /* nothing in it */
    json_decref(confirm);
    json_decref(other);
    json_decref(s);
}

/* What became grave after one person approved it is not sent by one person. */
static void in_the_floor_it_takes_two_also_when_it_became_so_later(void **state)
{
    (void)state;
    json_t *r, *s = drafted(&r);
    referral_approve(r, "amina", "because", "", clock_wall());
    assert_null(lacks(s, r));
    json_object_set_new(json_object_get(s, "proposal"), "danger_now", json_true());
    assert_true(referral_wants_second(s, r));
    assert_non_null(strstr(lacks(s, r), "takes two"));
    referral_approve(r, "amina", "because", "joseph", clock_wall());
    assert_null(lacks(s, r));
    json_decref(s);
}

static void what_is_changed_has_to_be_approved_anew(void **state)
{
    (void)state;
    json_t *r, *s = drafted(&r);
    json_int_t edition = json_integer_value(json_object_get(r, "edition"));
    referral_approve(r, "amina", "because", "joseph", clock_wall());
    assert_non_null(referral_lacks_for_approval(r));
    referral_write(r, "And his name", json_array(), NULL, "amina", clock_wall());
    assert_null(json_object_get(r, "approved"));
    assert_non_null(lacks(s, r));
    assert_int_equal(json_integer_value(json_object_get(r, "edition")), edition + 1);
    assert_int_equal(referral_note(r, "accepted", "x", "", "amina", clock_wall()), 0);
    assert_int_equal(referral_note(r, "dropped", "Not needed", "", "amina", clock_wall()), 1);
    assert_false(referral_is_unsent(r));
    json_decref(s);
}

static void the_second_person_confirms_that_one_or_sends_it_back(void **state)
{
    (void)state;
    json_t *r, *s = drafted(&r);
    second_ask(s, "referral", "amina", "because", json_pack("{s:i}", "n", 1));
    state_set_text(r, "status", "waiting");
    assert_true(second_is_wanted(s) && second_may(s, "referral", "joseph") && !second_may(s, "referral", "amina"));
    json_t *asked = second_settle(s, "referral", "joseph", "too much in it", 0);
    ops_referral_settled(s, asked, 0);
    assert_string_equal(state_text(r, "status"), "draft");
    json_decref(asked);
    second_ask(s, "referral", "amina", "less now", json_pack("{s:i}", "n", 1));
    state_set_text(r, "status", "waiting");
    asked = second_settle(s, "referral", "joseph", "good", 1);
    ops_referral_settled(s, asked, 1);
    assert_string_equal(state_text(r, "status"), "approved");
    assert_string_equal(state_text(json_object_get(r, "approved"), "second"), "joseph");
    assert_null(lacks(s, r));
    json_decref(asked);
    json_decref(s);
}

static void the_person_is_told_of_what_went_and_of_nothing_else(void **state)
{
    (void)state;
    json_t *r, *s = drafted(&r), *notice = acts_notice(s);
    assert_null(json_object_get(notice, "referrals")); /* a draft is nobody's business yet */
    json_decref(notice);
    referral_approve(r, "amina", "because", "", clock_wall());
    (void)!referral_sent(r, "amina", "by courier", "12ab", clock_wall());
    (void)!referral_note(r, "declined", "Not theirs", "", "amina", clock_wall());
    notice = acts_notice(s);
    const json_t *told = json_array_get(json_object_get(notice, "referrals"), 0);
    assert_string_equal(state_text(told, "to"), "Them");
    assert_string_equal(state_text(told, "status"), "declined");
    assert_string_equal(state_text(told, "words"), "Not theirs");
    assert_null(json_object_get(told, "text")); /* it stands in the conversation, once */
    assert_true(json_is_true(json_object_get(told, "hidden")) && !referral_shows_words(s, r));
    json_decref(notice);
    json_object_set_new(s, "read_back", json_true());
    assert_true(referral_shows_words(s, r));
    state_set_text(r, "untold", "Her husband reads her page");
    assert_false(referral_shows_words(s, r));
    notice = acts_notice(s);
    assert_null(json_object_get(notice, "referrals"));
    json_decref(notice);
    json_decref(s);
}

/* Who reads it knows the people; a reply can be a threat. */
static void to_the_one_it_is_about_two_decide_and_the_reply_is_only_told_of(void **state)
{
    (void)state;
    json_t *r, *s = drafted(&r);
    state_set_text(r, "respondent", "i/e");
    assert_true(referral_wants_second(s, r));
    referral_approve(r, "amina", "because", "", clock_wall());
    assert_non_null(referral_lacks_for_sending(s, r, NULL, clock_wall()));
    referral_approve(r, "amina", "because", "joseph", clock_wall());
    assert_null(referral_lacks_for_sending(s, r, NULL, clock_wall())); /* no place of the directory is needed */
    assert_int_equal(referral_sent(r, "amina", "by hand", "", clock_wall()), 1);
    assert_int_equal(referral_note(r, "accepted", "x", "", "amina", clock_wall()), 0); /* they are asked to answer */
    assert_int_equal(referral_note(r, "replied", "We know who wrote this", "", "amina", clock_wall()), 1);
    json_t *notice = acts_notice(s);
    const json_t *told = json_array_get(json_object_get(notice, "referrals"), 0);
    assert_string_equal(state_text(told, "status"), "replied");
    assert_string_equal(state_text(told, "words"), "");
    json_decref(notice);
    assert_int_equal(says(s, "revoke:1", clock_wall()), 1);
    assert_true(referral_wants_recall(s, r));
    json_decref(s);
    s = drafted(&r);
    referral_approve(r, "amina", "because", "", clock_wall());
    (void)!referral_sent(r, "amina", "by post", "12ab", clock_wall());
    assert_int_equal(referral_note(r, "replied", "x", "", "amina", clock_wall()), 0);
    json_decref(s);
}

static void there_is_an_end(void **state)
{
    (void)state;
    json_t *s = json_object();
    for (int i = 1; i <= REFERRALS_MAX; i++)
        assert_int_equal(referral_add(s, json_object(), "amina", clock_wall()), i);
    assert_int_equal(referral_add(s, json_object(), "amina", clock_wall()), 0);
    assert_null(referral_at(s, 0));
    assert_null(referral_at(s, REFERRALS_MAX + 1));
    json_decref(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(consent_is_looked_at_when_it_is_sent),
        cmocka_unit_test(what_was_sent_is_to_be_called_back_when_consent_goes),
        cmocka_unit_test(without_consent_it_takes_a_ground_and_two_people),
        cmocka_unit_test(each_thing_found_has_to_be_confirmed),
        cmocka_unit_test(in_the_floor_it_takes_two_also_when_it_became_so_later),
        cmocka_unit_test(what_is_changed_has_to_be_approved_anew),
        cmocka_unit_test(the_second_person_confirms_that_one_or_sends_it_back),
        cmocka_unit_test(the_person_is_told_of_what_went_and_of_nothing_else),
        cmocka_unit_test(to_the_one_it_is_about_two_decide_and_the_reply_is_only_told_of),
        cmocka_unit_test(there_is_an_end),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
