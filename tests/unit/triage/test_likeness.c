/* test_likeness.c -- links that the vault proposes: with the words and the codes they rest on, and never on codes
 * alone. */
#include "tests/unit/triage/register.h"

#include "triage/vault/likeness.h"
#include "triage/vault/message.h"

static char farm[CODE_ID_SIZE], wells[CODE_ID_SIZE];

static int fresh(void **state)
{
    int result = register_fresh(state);
    register_keep(1, 1,
                  json_pack("{s:s,s:s,s:[s,s],s:[s]}", "title", "Passports withheld", "what",
                            "Workers cannot leave the plantation, the foreman keeps their passports", "rights",
                            "slavery", "liberty", "groups", "migrant_worker"),
                  farm);
    register_keep(2, 1,
                  json_pack("{s:s,s:s,s:[s]}", "title", "Dry wells", "what",
                            "The pumps of the plantation empty the wells", "rights", "water"),
                  wells);
    return result;
}

/* The links proposed for what somebody wrote; `rule` fired, or NULL. */
static json_t *proposed(const char *text, const char *group, const char *rule)
{
    json_t *answers = group ? json_pack("{s:[s]}", "groups", group) : json_object();
    json_t *state = rule ? json_pack("{s:{s:[{s:s}]}}", "proposal", "fired", "rule", rule) : json_object();
    json_t *inside = json_pack("{s:s,s:O}", "text", text, "answers", answers);
    const struct message message = {.json = inside, .text = text, .answers = answers};
    likeness_propose(&vault, &message, state);
    json_decref(inside);
    json_t *links = json_incref(json_object_get(state, "links"));
    json_decref(state);
    json_decref(answers);
    return links ? links : json_array();
}

static const char *code_at(const json_t *link, size_t i)
{
    return json_string_value(json_object_get(json_array_get(json_object_get(link, "codes"), i), "code"));
}

static void two_words_are_enough(void **state)
{
    (void)state;
    json_t *links = proposed("The foreman has taken all passports", NULL, NULL);
    assert_int_equal(json_array_size(links), 1);
    const json_t *link = json_array_get(links, 0);
    assert_string_equal(json_string_value(json_object_get(link, "impact")), farm);
    assert_int_equal(json_array_size(json_object_get(link, "words")), 2);
    assert_int_equal(json_array_size(json_object_get(link, "codes")), 0);
    assert_true(json_is_false(json_object_get(link, "confirmed")));
    json_decref(links);
}

static void one_word_needs_a_code_beside_it(void **state)
{
    (void)state;
    json_t *links = proposed("They keep our passports", NULL, NULL);
    assert_int_equal(json_array_size(links), 0);
    json_decref(links);
    links = proposed("They keep our passports", "migrant_worker", "words.trafficking");
    assert_int_equal(json_array_size(links), 1);
    const json_t *link = json_array_get(links, 0);
    assert_string_equal(code_at(link, 0), "migrant_worker");
    assert_string_equal(code_at(link, 1), "slavery");
    json_decref(links);
}

static void codes_alone_propose_nothing(void **state)
{
    (void)state;
    json_t *links = proposed("Nobody is let out", "migrant_worker", "words.trafficking");
    assert_int_equal(json_array_size(links), 0);
    json_decref(links);
}

/* "plantation" and "workers" stand in one, "plantation" and "pumps" in the other: what shares more comes first. */
static void what_shares_more_comes_first(void **state)
{
    (void)state;
    static const char told[] = "The plantation pumps day and night and its workers are not let out";
    json_t *links = proposed(told, NULL, NULL);
    assert_int_equal(json_array_size(links), 2);
    json_decref(links);
    links = proposed(told, "migrant_worker", "words.detention");
    assert_int_equal(json_array_size(links), 2);
    assert_string_equal(json_string_value(json_object_get(json_array_get(links, 0), "impact")), farm);
    json_decref(links);
}

/* Input to a consultation has answers and often no text at all. */
static void what_was_answered_counts_like_what_was_told(void **state)
{
    (void)state;
    json_t *answers = json_pack("{s:s}", "q1", "The foreman has taken all passports"), *draft = json_object();
    json_t *inside = json_pack("{s:s,s:O}", "kind", "consultation", "answers", answers);
    const struct message message = {.json = inside, .text = "", .answers = answers};
    likeness_propose(&vault, &message, draft);
    assert_int_equal(json_array_size(json_object_get(draft, "links")), 1);
    json_decref(draft);
    json_decref(inside);
    json_decref(answers);
}

static void a_link_that_is_there_is_not_proposed_again(void **state)
{
    (void)state;
    json_t *inside = json_pack("{s:s}", "text", "The foreman has taken all passports"), *draft = json_object();
    const struct message message = {.json = inside};
    likeness_propose(&vault, &message, draft);
    likeness_propose(&vault, &message, draft);
    assert_int_equal(json_array_size(json_object_get(draft, "links")), 1);
    json_decref(draft);
    json_decref(inside);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(two_words_are_enough, fresh, register_ended),
        cmocka_unit_test_setup_teardown(one_word_needs_a_code_beside_it, fresh, register_ended),
        cmocka_unit_test_setup_teardown(codes_alone_propose_nothing, fresh, register_ended),
        cmocka_unit_test_setup_teardown(what_shares_more_comes_first, fresh, register_ended),
        cmocka_unit_test_setup_teardown(what_was_answered_counts_like_what_was_told, fresh, register_ended),
        cmocka_unit_test_setup_teardown(a_link_that_is_there_is_not_proposed_again, fresh, register_ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
