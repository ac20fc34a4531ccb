/* test_message.c -- what of a message can be found again: all that somebody said in words, under whatever question, and
 * nothing of how to reach them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "triage/vault/message.h"

static void finds(const char *inside, const char *expected)
{
    struct message message;
    struct buf words = BUF_INIT(MESSAGE_FOUND_MAX);
    assert_int_equal(message_read(inside, strlen(inside), &message), ERR_OK);
    message_words(message.json, &words);
    assert_string_equal(buf_text(&words), expected);
    buf_free(&words);
    message_free(&message);
}

static void what_was_answered_in_words_is_found(void **state)
{
    (void)state;
    finds("{\"text\":\"The bridge fell\",\"answers\":{\"where\":\"Kerio\",\"wish\":\"A new "
          "one\",\"service_words\":\"the ferry\"}}",
          "The bridge fell\nKerio\nA new one\nthe ferry\n");
}

static void codes_and_numbers_are_not(void **state)
{
    (void)state;
    finds("{\"text\":\"x\",\"answers\":{\"danger_now\":\"no\",\"ongoing\":\"yes\",\"groups\":[\"child\"],\"people_"
          "low\":3,"
          "\"speaking_as\":\"self\",\"under_18\":true}}",
          "x\n");
}

static void the_offices_own_questions_are_found_by_the_answer(void **state)
{
    (void)state;
    finds("{\"text\":\"x\",\"answers\":{\"own\":[{\"code\":\"line\",\"asks\":\"Which line?\",\"says\":[\"The blue "
          "one\"],\"codes\":[\"b\"]},"
          "{\"code\":\"stop\",\"asks\":\"Which stop?\",\"says\":[\"Old market\"]}]}}",
          "x\nThe blue one\nOld market\n");
}

static void a_round_asks_what_it_likes(void **state)
{
    (void)state;
    finds("{\"kind\":\"consultation\",\"answers\":{\"ongoing\":\"since the "
          "rains\",\"q2\":[\"fish\",\"boats\"],\"q3\":7}}",
          "since the rains\nfish\nboats\n");
}

static void for_whom_it_is_is_found_how_to_reach_them_is_not(void **state)
{
    (void)state;
    finds("{\"text\":\"x\",\"on_behalf_of\":{\"who\":\"my aunt\",\"why\":\"she is ill\",\"consent\":\"not_asked\"},"
          "\"contact\":{\"number\":\"+254700000001\",\"words\":\"ask for Amina\"},\"from\":\"+254700000002\"}",
          "x\nmy aunt\nshe is ill\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_answered_in_words_is_found),
        cmocka_unit_test(codes_and_numbers_are_not),
        cmocka_unit_test(the_offices_own_questions_are_found_by_the_answer),
        cmocka_unit_test(a_round_asks_what_it_likes),
        cmocka_unit_test(for_whom_it_is_is_found_how_to_reach_them_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
