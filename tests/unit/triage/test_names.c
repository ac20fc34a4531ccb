/* test_names.c -- who is named by a text: orders of names, scripts, endings, initials; and what is no more than a hint.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/buf.h"
#include "common/base/mem.h"
#include "triage/vault/names.h"

static enum names_found look(const char *text, const char *name, const char *alias)
{
    struct names_text *cut = names_text_new();
    json_t *aliases = alias ? json_pack("[s]", alias) : NULL;
    names_text_add(cut, text, strlen(text));
    enum names_found found = names_look(cut, name, aliases);
    json_decref(aliases);
    names_text_free(cut);
    return found;
}

static void expect(const char *text, const char *name, const char *alias, enum names_found expected)
{
    enum names_found found = look(text, name, alias);
    if (found != expected)
        fail_msg("\"%s\" and \"%s\" (%s): %d instead of %d", text, name, alias ? alias : "-", found, expected);
}

static void two_parts_of_a_name_are_a_hit_in_either_order(void **state)
{
    (void)state;
    static const char *const hits[] = {"AMARA OKAFOR took my card", "Okafor, Amara", "It was Amara N. Okafor!",
                                       "said (okafor amara)", "Amárà Ọkafor's brother is Okafor Amara"};
    for (size_t i = 0; i < sizeof hits / sizeof *hits; i++)
        expect(hits[i], "Amara Okafor", NULL, NAMES_HIT);
    expect("Jose Garcia", "José María García López", NULL, NAMES_HIT);
    expect("Ahmed bin Hassan", "Ahmed Ali Hassan", NULL, NAMES_HIT);
    expect("Nobody of that name", "Amara Okafor", NULL, NAMES_NONE);
    expect("Amaranth okaforest", "Amara Okafor", NULL, NAMES_NONE);
}

static void one_part_alone_is_a_hint(void **state)
{
    (void)state;
    expect("Amara was kind", "Amara Okafor", NULL, NAMES_HINT);
    expect("Amara and then Okafor", "Amara Okafor", NULL, NAMES_HINT);
    expect("Ahmed y Mohamed", "Ahmed Mohamed", NULL, NAMES_HINT);
    expect("Joseph hit me", "Joseph", NULL, NAMES_HINT);
    expect("plan J is over", "J Smith", NULL, NAMES_NONE);
    expect("a man called da Silva", "Ana da Silva", NULL, NAMES_HINT);
    expect("da da da", "Ana da Silva", NULL, NAMES_NONE);
}

/* "The officer" is what everybody writes; an account that is called so cannot take every case away. */
static void what_everybody_writes_names_nobody(void **state)
{
    (void)state;
    expect("The officer at the desk hit me", "The officer", NULL, NAMES_NONE);
    expect("The officer at the desk hit me", "officer", NULL, NAMES_NONE);
    assert_false(names_alias_is_good("the officer"));
    assert_false(names_alias_is_good(""));
    assert_false(names_alias_is_good("..."));
    assert_false(names_alias_is_good("tab\there"));
    assert_true(names_alias_is_good("the guard at gate 3"));
    char longer[NAMES_ALIAS_BYTES + 2];
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = 0;
    assert_false(names_alias_is_good(longer));
}

static void an_alias_is_a_hit_when_all_of_it_stands_in_a_row(void **state)
{
    (void)state;
    expect("the guard at gate 3 wants money", "Amara Okafor", "guard at gate 3", NAMES_HIT);
    expect("the guard stood at the gate 3", "Amara Okafor", "guard at gate 3", NAMES_NONE);
    expect("call +254 712345678", "Amara Okafor", "712345678", NAMES_HIT);
    expect("row 7123", "Amara Okafor", "7123", NAMES_HINT);
    expect("they call him Kobra", "Amara Okafor", "Kobra", NAMES_HINT);
    expect("Chief Kobra", "Amara Okafor", "Kobra Chief", NAMES_HIT);
}

static void other_scripts_meet_too(void **state)
{
    (void)state;
    expect("ضربتني أمارة أوكافور أمس", "Amara Okafor", "امارة اوكافور", NAMES_HIT);
    expect("تكلمت مع محمد وأحمد حسن", "أحمد حسن", NULL, NAMES_HIT);
    expect("я говорил с Ивановым Петром", "Пётр Иванов", NULL, NAMES_HIT);
    expect("Марии Ивановой", "Мария Иванова", NULL, NAMES_HIT);
    expect("иван пришел", "Пётр Иванов", NULL, NAMES_NONE);
    expect("রহিমকে উদ্দিনের", "রহিম উদ্দিন", NULL, NAMES_HIT);
    expect("김철수가 때렸다", "Kim", "김철수", NAMES_HINT);
    expect("昨天被王小明打了", "王小明", NULL, NAMES_HIT);
    expect("昨天被馬強打了", "马强", NULL, NAMES_HINT);
    expect("เขาคือสมชายใจดีครับ", "สมชาย ใจดี", NULL, NAMES_HIT);
    expect("ใจดี สมชาย", "สมชาย ใจดี", NULL, NAMES_HIT);
}

static void a_name_does_not_go_from_one_text_into_the_next(void **state)
{
    (void)state;
    struct names_text *cut = names_text_new();
    names_text_add(cut, "it was Amara", 12);
    names_text_add(cut, "Okafor knows", 12);
    assert_int_equal(names_look(cut, "Amara Okafor", NULL), NAMES_HINT);
    names_text_free(cut);
}

/* A text as long as one can be, and everybody is looked for in it: it ends, and what stands at its end is found. */
static void a_long_text_and_many_people_end(void **state)
{
    (void)state;
    struct buf text = BUF_INIT(1 << 20);
    struct names_text *cut = names_text_new();
    char name[40];
    for (int i = 0; i < 30000; i++)
        assert_int_equal(buf_addf(&text, "Aa%d ", i % 700), ERR_OK);
    assert_int_equal(buf_add_text(&text, "Aa900 Bb900"), ERR_OK);
    names_text_add(cut, buf_text(&text), text.len);
    size_t hits = 0;
    for (int i = 0; i < 1000; i++) {
        snprintf(name, sizeof name, "Aa%d Bb%d", i, i);
        hits += names_look(cut, name, NULL) == NAMES_HIT;
    }
    assert_int_equal(hits, 1);
    names_text_free(cut);
    buf_free(&text);
}

/* Whatever is a hit has all the words of one of the searches in it. */
static void searches_find_what_may_be_a_hit(void **state)
{
    (void)state;
    static const struct {
        const char *name, *alias, *queries;
    } rows[] = {
        {"Amara Okafor", NULL, "Amara Okafor ;"},
        {"Ana de Souza Lima", NULL, "Ana Souza ;Ana Lima ;Souza Lima ;"},
        {"The officer", NULL, ""},
        {"Joseph", "Kobra", ""},
        {"Joseph", "guard at gate 3", "guard at gate 3 ;"},
        {"Joseph", "0712345678", "0712345678 ;"},
        {"Мария Иванова", NULL, "мари* иванов* ;"},
        {"王小明", NULL, "王小明 ;"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_t *aliases = rows[i].alias ? json_pack("[s]", rows[i].alias) : NULL;
        json_t *queries = names_queries(rows[i].name, aliases), *one;
        char all[400] = "";
        size_t q;
        json_array_foreach(queries, q, one)
        {
            strcat(all, json_string_value(one));
            strcat(all, ";");
        }
        assert_string_equal(all, rows[i].queries);
        json_decref(queries);
        json_decref(aliases);
    }
}

/* Two parts at a time of the longest name, and behind them each alias: none is left out. */
static void searches_have_room_for_the_longest_name(void **state)
{
    (void)state;
    json_t *aliases = json_array();
    for (int i = 0; i < NAMES_ALIASES_MAX; i++)
        assert_int_equal(json_array_append_new(aliases, json_sprintf("guard %d", i)), 0);
    json_t *queries = names_queries("a b c d e f g h i j k l", aliases);
    assert_int_equal(json_array_size(queries), 66 + NAMES_ALIASES_MAX);
    assert_string_equal(json_string_value(json_array_get(queries, 65)), "k l ");
    assert_string_equal(json_string_value(json_array_get(queries, 66 + NAMES_ALIASES_MAX - 1)), "guard 15 ");
    json_decref(queries);
    json_decref(aliases);
}

static void the_same_name_is_the_same_in_any_order(void **state)
{
    (void)state;
    assert_true(names_same("Amara OKAFOR", "Okafor, Amárà"));
    assert_false(names_same("Amara Okafor", "Amara"));
    assert_false(names_same("!", "?"));
    assert_true(names_same("!", "!"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_parts_of_a_name_are_a_hit_in_either_order),
        cmocka_unit_test(one_part_alone_is_a_hint),
        cmocka_unit_test(what_everybody_writes_names_nobody),
        cmocka_unit_test(an_alias_is_a_hit_when_all_of_it_stands_in_a_row),
        cmocka_unit_test(other_scripts_meet_too),
        cmocka_unit_test(a_name_does_not_go_from_one_text_into_the_next),
        cmocka_unit_test(a_long_text_and_many_people_end),
        cmocka_unit_test(searches_find_what_may_be_a_hit),
        cmocka_unit_test(searches_have_room_for_the_longest_name),
        cmocka_unit_test(the_same_name_is_the_same_in_any_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
