/* test_words.c -- texts in many scripts become the words that people would look for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "triage/vault/words.h"

static void assert_words(const char *text, const char *expected)
{
    char got[1024] = "";
    struct words words;
    struct word word;
    words_begin(&words, text, strlen(text));
    while (words_next(&words, &word)) {
        assert_true(word.to <= strlen(text) && word.from < word.to);
        strcat(got, got[0] ? " " : "");
        strcat(got, word.text);
    }
    assert_string_equal(got, expected);
}

static void latin_is_folded(void **state)
{
    (void)state;
    assert_words("J'ai été menacée, à l'école!", "j ai ete menacee a l ecole");
    assert_words("HELP me -- pls", "help me pls");
    assert_words("e\xcc\x81tude", "etude");
}

static void arabic_spellings_meet(void **state)
{
    (void)state;
    assert_words("أُهَدَّدُ بالقَتْلِ،", "اهدد بالقتل");
    assert_words("إلى مدرسةٍ", "الي مدرسه");
    assert_words("٣ أيام", "3 ايام");
}

static void marks_stay_inside_indic_words(void **state)
{
    (void)state;
    assert_words("हिन्दी में।", "हिन्दी में");
}

static void scripts_without_spaces_give_pairs(void **state)
{
    (void)state;
    assert_words("水道水", "水道 道水");
    assert_words("水", "水");
    assert_words("私はkill", "私は kill");
}

static void broken_bytes_are_no_words(void **state)
{
    (void)state;
    assert_words("\xff\xfe", "");
    assert_words("a\xff"
                 "b",
                 "a b");
    assert_words("", "");
    assert_words("😀 ok", "ok");
}

static void long_words_are_cut(void **state)
{
    (void)state;
    char text[300];
    struct words words;
    struct word word;
    memset(text, 'x', sizeof text);
    words_begin(&words, text, sizeof text);
    assert_true(words_next(&words, &word));
    assert_true(word.len <= WORD_BYTES && word.to == sizeof text);
    assert_false(words_next(&words, &word));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(latin_is_folded),
        cmocka_unit_test(arabic_spellings_meet),
        cmocka_unit_test(marks_stay_inside_indic_words),
        cmocka_unit_test(scripts_without_spaces_give_pairs),
        cmocka_unit_test(broken_bytes_are_no_words),
        cmocka_unit_test(long_words_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
