/* test_catalogue.c -- a text in the reader's language, or in English, never nothing. */
#include "common/text/catalogue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/buf.h"
#include "tests/unit/text/folder.h"

#define FRENCH                                                                                                         \
    "msgid \"\"\nmsgstr \"\"\n\"Language: fr\\n\"\n\"Plural-Forms: nplurals=2; plural=(n > 1);\\n\"\n\n"               \
    "msgid \"Sent\"\nmsgstr \"Envoyé\"\n\n"                                                                           \
    "msgctxt \"state\"\nmsgid \"Open\"\nmsgstr \"Ouvert\"\n\n"                                                         \
    "msgctxt \"deed\"\nmsgid \"Open\"\nmsgstr \"Ouvrir\"\n\n"                                                          \
    "#, fuzzy\nmsgid \"Guess\"\nmsgstr \"Faux\"\n\n"                                                                   \
    "msgid \"Empty\"\nmsgstr \"\"\n\n"                                                                                 \
    "msgid \"{{n}} report\"\nmsgid_plural \"{{n}} reports\"\n"                                                         \
    "msgstr[0] \"{{n}} signalement\"\nmsgstr[1] \"{{n}} signalements\"\n"

#define ARABIC                                                                                                         \
    "msgid \"\"\nmsgstr \"\"\n"                                                                                        \
    "\"Plural-Forms: nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 \"\n"                                \
    "\"&& n%100<=10 ? 3 : n%100>=11 ? 4 : 5;\\n\"\n"                                                                   \
    "msgid \"{{n}} report\"\nmsgid_plural \"{{n}} reports\"\n"                                                         \
    "msgstr[0] \"a\"\nmsgstr[1] \"b\"\nmsgstr[2] \"c\"\nmsgstr[3] \"d\"\nmsgstr[4] \"e\"\nmsgstr[5] \"f\"\n"

static char folder[64];

static int start(void **state)
{
    (void)state;
    folder_new(folder);
    return 0;
}

static int end(void **state)
{
    (void)state;
    folder_remove(folder);
    return 0;
}

static struct catalogue_set *load(void)
{
    struct catalogue_set *set;
    char says[SAYS_SIZE] = "";
    if (catalogue_load(folder, &set, says) != ERR_OK)
        fail_msg("%s", says);
    return set;
}

static void texts_come_in_the_language_asked_for(void **state)
{
    (void)state;
    folder_put(folder, "fr.po", FRENCH);
    struct catalogue_set *set = load();
    assert_string_equal(catalogue_text(set, "fr", T("Sent")), "Envoyé");
    assert_string_equal(catalogue_text_in(set, "fr", TP("state", "Open")), "Ouvert");
    assert_string_equal(catalogue_text_in(set, "fr", TP("deed", "Open")), "Ouvrir");
    catalogue_free(set);
}

static void what_is_not_translated_comes_in_english(void **state)
{
    (void)state;
    folder_put(folder, "fr.po", FRENCH);
    folder_put(folder, "en.po", "msgid \"Reworded\"\nmsgstr \"Better said\"\n");
    struct catalogue_set *set = load();
    assert_string_equal(catalogue_text(set, "fr", "Open"), "Open"); /* it has a context there */
    assert_string_equal(catalogue_text_in(set, "fr", "state", "Sent"), "Sent");
    assert_string_equal(catalogue_text(set, "fr", "Guess"), "Guess");
    assert_string_equal(catalogue_text(set, "fr", "Empty"), "Empty");
    assert_string_equal(catalogue_text(set, "fr", "Reworded"), "Better said");
    assert_string_equal(catalogue_text(set, "en", "Sent"), "Sent");
    assert_string_equal(catalogue_text(set, "tlh", "Sent"), "Sent");
    assert_string_equal(catalogue_plural(set, "en", "a report", "reports", 1), "a report");
    assert_string_equal(catalogue_plural(set, "en", "a report", "reports", 0), "reports");
    catalogue_free(set);
}

static void plurals_follow_the_language(void **state)
{
    (void)state;
    folder_put(folder, "fr.po", FRENCH);
    folder_put(folder, "ar.po", ARABIC);
    struct catalogue_set *set = load();
    assert_string_equal(catalogue_plural(set, "fr", TN("{{n}} report", "{{n}} reports"), 0), "{{n}} signalement");
    assert_string_equal(catalogue_plural(set, "fr", TN("{{n}} report", "{{n}} reports"), 2), "{{n}} signalements");
    static const uint64_t n[] = {0, 1, 2, 7, 42, 100};
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(catalogue_plural(set, "ar", "{{n}} report", "{{n}} reports", n[i])[0], 'a' + (int)i);
    catalogue_free(set);
}

static void languages_are_those_with_a_file_and_english(void **state)
{
    (void)state;
    struct catalogue_set *set = load();
    size_t count;
    assert_string_equal(catalogue_languages(set, &count)[0], "en");
    assert_int_equal(count, 1);
    catalogue_free(set);
    folder_put(folder, "sw.po", "");
    folder_put(folder, "ar.po", ARABIC);
    set = load();
    const char *const *codes = catalogue_languages(set, &count);
    assert_int_equal(count, 3);
    assert_string_equal(language_negotiate("ar-EG", codes, count), "ar");
    assert_string_equal(language_negotiate("fr", codes, count), "en");
    assert_true(catalogue_has(set, "sw"));
    assert_false(catalogue_has(set, "fr"));
    catalogue_free(set);
}

static void a_thousand_texts_are_all_found(void **state)
{
    (void)state;
    struct buf file = BUF_INIT(1024 * 1024);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(buf_addf(&file, "msgid \"text %d\"\nmsgstr \"texte %d\"\n", i, i), ERR_OK);
    folder_put(folder, "fr.po", buf_text(&file));
    buf_free(&file);
    struct catalogue_set *set = load();
    for (int i = 0; i < 1000; i++) {
        char english[32], french[32];
        snprintf(english, sizeof english, "text %d", i);
        snprintf(french, sizeof french, "texte %d", i);
        assert_string_equal(catalogue_text(set, "fr", english), french);
    }
    assert_string_equal(catalogue_text(set, "fr", "text 1000"), "text 1000");
    catalogue_free(set);
}

static void a_broken_catalogue_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"msgid \"a\"\n", "/fr.po: line 1: an entry has no msgstr"},
        {"msgid \"a\"\nmsgstr \"b\"\nmsgid \"a\"\nmsgstr \"c\"\n",
         "/fr.po: line 3: this text has a translation already"},
        {"msgid \"a\"\nmsgid_plural \"as\"\nmsgstr[0] \"b\"\n",
         "/fr.po: line 1: not as many msgstr[n] as Plural-Forms says"},
        {"msgid \"\"\nmsgstr \"Plural-Forms: nplurals=2; plural=n;\\n\"\n",
         "/fr.po: line 1: the plural expression gives a form beyond nplurals"},
        {"msgid \"a\"\nmsgstr \"b\"\nmsgid \"\"\nmsgstr \"\"\n", "/fr.po: line 3: the header must be the first entry"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct catalogue_set *set;
        char says[SAYS_SIZE] = "";
        folder_put(folder, "fr.po", cases[i].text);
        assert_int_not_equal(catalogue_load(folder, &set, says), ERR_OK);
        assert_null(set);
        assert_string_equal(says + strlen(folder), cases[i].says);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(texts_come_in_the_language_asked_for, start, end),
        cmocka_unit_test_setup_teardown(what_is_not_translated_comes_in_english, start, end),
        cmocka_unit_test_setup_teardown(plurals_follow_the_language, start, end),
        cmocka_unit_test_setup_teardown(languages_are_those_with_a_file_and_english, start, end),
        cmocka_unit_test_setup_teardown(a_thousand_texts_are_all_found, start, end),
        cmocka_unit_test_setup_teardown(a_broken_catalogue_is_refused, start, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
