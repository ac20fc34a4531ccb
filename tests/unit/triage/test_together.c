/* test_together.c -- words of several sets mean danger where they stand near each other, in whatever order; apart they
 * mean nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/mem.h"
#include "triage/vault/rules.h"

static const char SETS[] = "\"sets\":{"
                           "\"hurt\":{\"en\":[\"beat\",\"beaten\",\"hit us\"],\"fr\":[\"frapp*\"],\"zh\":[\"打*\"]},"
                           "\"person\":{\"en\":[\"brother\",\"us\",\"beat\"],\"fr\":[\"frere\"],\"zh\":[\"哥哥\"]},"
                           "\"none\":{\"en\":[\"no\"]},\"food\":{\"en\":[\"food\"]},\"days\":{\"en\":[\"day*\"]}}";
static const char RULES[] = "{\"id\":\"words.hurt\",\"says\":\"Hurt\",\"raises\":{\"scale\":4},"
                            "\"together\":[[\"hurt\",\"person\"]]},"
                            "{\"id\":\"words.hungry\",\"says\":\"Hungry\",\"raises\":{\"scale\":3},"
                            "\"phrases\":{\"en\":[\"starving\"]},\"together\":[[\"none\",\"food\",\"days\"]]}";

static struct rules *rules;

static struct rules *set_of(const char *sets, const char *words, enum err expected, char says[static SAYS_SIZE])
{
    char text[4096];
    struct rules *made = NULL;
    snprintf(text, sizeof text,
             "{\"version\":3,\"due_hours\":{\"severe\":1,\"other\":2,\"voice\":3},%s%s\"words\":[%s]}", sets,
             *sets ? "," : "", words);
    json_t *json = json_loads(text, 0, NULL);
    assert_non_null(json);
    assert_int_equal(rules_from(json, &made, says), expected);
    json_decref(json);
    return made;
}

static int load(void **state)
{
    (void)state;
    char says[SAYS_SIZE] = "";
    rules = set_of(SETS, RULES, ERR_OK, says);
    return rules && !*says ? 0 : -1;
}

static int unload(void **state)
{
    (void)state;
    rules_free(rules);
    return 0;
}

static struct rules_proposal *propose(const char *text, const char *more)
{
    struct rules_proposal *proposal = mem_new(sizeof *proposal);
    struct rules_input *input = mem_new(sizeof *input);
    *input = (struct rules_input){.kind = "grievance", .arrived = 1000000, .text_count = more ? 2 : 1};
    input->texts[0].text = text;
    input->texts[0].len = strlen(text);
    if (more) {
        input->texts[1].text = more;
        input->texts[1].len = strlen(more);
    }
    rules_propose(rules, input, proposal);
    mem_free(input);
    return proposal;
}

/* The rule that fired, and the words that made it; "" where nothing did. */
static void assert_rings(const char *text, const char *rule, const char *words)
{
    struct rules_proposal *p = propose(text, NULL);
    if (p->count != (*rule ? 1 : 0))
        fail_msg("%zu rules fired on: %s", p->count, text);
    if (*rule) {
        assert_string_equal(p->fired[0].rule, rule);
        assert_string_equal(p->fired[0].hits[0], words);
        assert_true(p->is_danger);
    }
    mem_free(p);
}

static void in_any_order_and_with_others_between(void **state)
{
    (void)state;
    assert_rings("They beat my poor old brother", "words.hurt", "beat my poor old brother");
    assert_rings("My brother at the gate was BEATEN.", "words.hurt", "brother at the gate was BEATEN");
    assert_rings("ils ont frappé mon frère", "words.hurt", "frappé mon frère");
    assert_rings("three days, and there is no food", "words.hungry", "days, and there is no food");
    assert_rings("no food for days", "words.hungry", "no food for days");
    assert_rings("we are starving", "words.hungry", "starving");
}

static void apart_they_mean_nothing(void **state)
{
    (void)state;
    assert_rings("They beat the drum. My brother danced", "", "");
    assert_rings("They beat the drum\nMy brother danced", "", "");
    assert_rings("beat one two three four five six seven brother", "words.hurt",
                 "beat one two three four five six seven brother");
    assert_rings("beat one two three four five six seven eight brother", "", "");
    assert_rings("no food in the canteen", "", "");
    assert_rings("My brother came", "", "");
}

static void one_word_is_not_two_of_them(void **state)
{
    (void)state;
    assert_rings("We beat the time", "", "");
    assert_rings("the team hit us", "words.hurt", "hit us"); /* "us" stands behind the first word of "hit us" */
}

static void sets_of_two_languages_do_not_stand_together(void **state)
{
    (void)state;
    assert_rings("beat le frere", "", "");
}

static void where_words_are_pairs_they_reach_twice_as_far(void **state)
{
    (void)state;
    assert_rings("他们在厂里打了我的哥哥", "words.hurt", "打了我的哥哥");
    assert_rings("打一二三四五六七八九十一二三四哥哥", "words.hurt", "打一二三四五六七八九十一二三四哥哥");
    assert_rings("打一二三四五六七八九十一二三四五六哥哥", "", "");
}

/* Another text is another sentence: it adds and takes nothing away, and does not complete what was said elsewhere. */
static void another_text_is_another_sentence(void **state)
{
    (void)state;
    struct rules_proposal *p = propose("They beat", "my brother");
    assert_int_equal(p->count, 0);
    mem_free(p);
    p = propose("They beat my brother", "They beat us");
    assert_int_equal(p->count, 1);
    assert_int_equal(p->fired[0].hit_count, 2);
    mem_free(p);
}

static void many_words_are_looked_at_and_end(void **state)
{
    (void)state;
    size_t room = 200000, len = 0;
    char *text = mem_new(room);
    while (len + 20 < room)
        len += (size_t)snprintf(text + len, room - len, "no us day ");
    snprintf(text + len, room - len, "food");
    struct rules_proposal *p = propose(text, NULL);
    assert_int_equal(p->count, 0); /* the last words are beyond what is looked at */
    mem_free(p);
    memcpy(text, "no food day us", 14);
    p = propose(text, NULL);
    assert_int_equal(p->count, 1);
    assert_string_equal(p->fired[0].hits[0], "no food day");
    mem_free(p);
    mem_free(text);
}

static void a_broken_set_says_where(void **state)
{
    (void)state;
    static const struct {
        const char *sets, *words, *says;
        enum err err;
    } broken[] = {
        {"\"sets\":{\"a\":{\"en\":[\"well\"]}}", "[\"a\",\"b\"]", "number 1 of together must name", ERR_MALFORMED},
        {"\"sets\":{\"a\":{\"en\":[\"well\"]}}", "[\"a\",\"a\"]", "number 1 of together must name", ERR_MALFORMED},
        {"\"sets\":{\"a\":{\"en\":[\"well\"]}}", "[\"a\"]", "number 1 of together must name", ERR_MALFORMED},
        {"\"sets\":{\"a\":{\"en\":[\"well\"]}}", "\"a\"", "number 1 of together must name", ERR_MALFORMED},
        {"\"sets\":{\"a\":{\"en\":[\"well\"]}}", "", "together is a list", ERR_MALFORMED},
        {"\"sets\":{\"a\":{}}", "[\"a\",\"b\"]", "set a has no phrases", ERR_MALFORMED},
        {"\"sets\":{\"a\":{\"en\":[\"*\"]}}", "[\"a\",\"b\"]", "set a: phrase 1 of en has a piece", ERR_MALFORMED},
        {"\"sets\":{\"\":{\"en\":[\"well\"]}}", "[\"a\",\"b\"]", "a set's name has", ERR_MALFORMED},
        {"\"sets\":[\"a\"]", "[\"a\",\"b\"]", "sets are lists", ERR_MALFORMED},
        {"\"sets\":{\"a\":{\"en\":[\"well\"]},\"b\":{\"en\":[\"dry\"]},\"c\":{\"en\":[\"dry\"]}}", "[\"a\",\"b\"]",
         "set c: no rule names it", ERR_MALFORMED},
    };
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        char says[SAYS_SIZE] = "", words[512];
        snprintf(words, sizeof words,
                 "{\"id\":\"words.x\",\"says\":\"X\",\"raises\":{\"scale\":4},\"together\":[%s],"
                 "\"phrases\":{\"en\":[\"well\"]}}",
                 broken[i].words);
        assert_null(set_of(broken[i].sets, words, broken[i].err, says));
        if (!strstr(says, broken[i].says))
            fail_msg("expected \"%s\", heard \"%s\"", broken[i].says, says);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_any_order_and_with_others_between),
        cmocka_unit_test(apart_they_mean_nothing),
        cmocka_unit_test(one_word_is_not_two_of_them),
        cmocka_unit_test(sets_of_two_languages_do_not_stand_together),
        cmocka_unit_test(where_words_are_pairs_they_reach_twice_as_far),
        cmocka_unit_test(another_text_is_another_sentence),
        cmocka_unit_test(many_words_are_looked_at_and_end),
        cmocka_unit_test(a_broken_set_says_where),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
