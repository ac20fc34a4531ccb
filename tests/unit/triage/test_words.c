/* test_words.c -- texts in many scripts become the words that people would look for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/text/utf8.h"
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
    assert_words("हिन्दी शक्ति।", "हिन्दी शक्ति");
    assert_words("ক্ষতিপূরণ কবে?", "ক্ষতিপূরণ কবে");
}

/* Dots and moons that phones leave out, and letters that exist in one piece and in two. */
static void indic_spellings_meet(void **state)
{
    (void)state;
    assert_words("में हूँ", "मे हू");
    assert_words("ज़मीन ज\u093cमीन जमीन", "जमीन जमीन जमीन");
    assert_words("लड़की \u0932\u0921\u093c\u0915\u0940", "लडकी लडकी");
    assert_words("বাঁচান বাচান", "বাচান বাচান");
    assert_words("\u09ac\u09be\u09dc\u09bf \u09ac\u09be\u09a1\u09bc\u09bf", "বাডি বাডি");
    assert_words("१२ ১২", "12 12");
}

static void cyrillic_spellings_meet(void **state)
{
    (void)state;
    assert_words("Убьёт, УБЬЕТ", "убьет убьет");
    assert_words("мой мо\u0438\u0306", "мои мои");
    assert_words("Ђак", "ђак");
}

static void traditional_and_simplified_chinese_meet(void **state)
{
    (void)state;
    assert_words("護照", "护照");
    assert_words("強殺", "强杀");
    assert_words("救命", "救命");
}

static void stretched_words_are_the_word(void **state)
{
    (void)state;
    assert_words("heeeelp plzzz", "help plz");
    assert_words("النجدةةةة ياااارب", "النجده يارب");
    assert_words("good food", "good food");
    assert_words("1000 2222", "1000 2222");
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
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = "xy"[i % 2];
    words_begin(&words, text, sizeof text);
    assert_true(words_next(&words, &word));
    assert_true(word.len <= WORD_BYTES && word.to == sizeof text);
    assert_int_equal(word.len, 61);
    assert_false(words_next(&words, &word));

    /* Cut inside a stretched letter: still whole characters. */
    memset(text, 'x', sizeof text);
    memcpy(text + 59, "ыыыы", 8);
    words_begin(&words, text, 67);
    assert_true(words_next(&words, &word));
    assert_true(utf8_valid(word.text, word.len));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(latin_is_folded),
        cmocka_unit_test(arabic_spellings_meet),
        cmocka_unit_test(marks_stay_inside_indic_words),
        cmocka_unit_test(indic_spellings_meet),
        cmocka_unit_test(cyrillic_spellings_meet),
        cmocka_unit_test(traditional_and_simplified_chinese_meet),
        cmocka_unit_test(stretched_words_are_the_word),
        cmocka_unit_test(scripts_without_spaces_give_pairs),
        cmocka_unit_test(broken_bytes_are_no_words),
        cmocka_unit_test(long_words_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
