/* test_words.c -- codes and times as people read them. */
#include <jansson.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "tests/unit/console/unit.h"
#include "triage/console/words.h"
#include "triage/console/words_labels.h"

static struct settings settings;
static struct console_texts texts;

static int load(void **state)
{
    (void)state;
    load_texts(&settings, &texts);
    return 0;
}

static int unload(void **state)
{
    (void)state;
    console_texts_free(&texts);
    return 0;
}

static void labels_are_in_the_readers_language(void **state)
{
    (void)state;
    struct reader en = {texts.catalogues, "en"}, fr = {texts.catalogues, "fr"}, ar = {texts.catalogues, "ar"};
    assert_string_equal(words_label(&en, WORDS_KIND, "grievance"), "Grievance");
    assert_string_equal(words_label(&fr, WORDS_KIND, "grievance"), "Plainte");
    assert_string_equal(words_label(&ar, WORDS_KIND, "grievance"), "شكوى");
}

static void a_code_of_a_newer_vault_is_shown_as_it_is(void **state)
{
    (void)state;
    struct reader en = {texts.catalogues, "en"};
    assert_string_equal(words_label(&en, WORDS_KIND, "petition"), "petition");
    assert_null(words_find(&en, WORDS_SAID, "<script>"));
}

static void check_time(const char *language, const char *at, const char *says, int over)
{
    struct reader reader = {texts.catalogues, language};
    json_t *time = words_time(&reader, at, clock_parse("2026-11-22T08:00:00Z"));
    assert_non_null(time);
    assert_string_equal(json_string_value(json_object_get(time, "says")), says);
    assert_int_equal(json_is_true(json_object_get(time, "over")), over);
    json_decref(time);
}

static void due_times_are_said_in_words(void **state)
{
    (void)state;
    check_time("en", "2026-11-22T08:40:00Z", "in 40 minutes", 0);
    check_time("en", "2026-11-22T09:00:00Z", "in 1 hour", 0);
    check_time("en", "2026-11-25T08:00:00Z", "in 3 days", 0);
    check_time("en", "2026-11-22T07:59:00Z", "1 minute overdue", 1);
    check_time("en", "2026-11-20T07:59:00Z", "2 days overdue", 1);
    check_time("fr", "2026-11-22T06:00:00Z", "2 heures de retard", 1);
    check_time("ar", "2026-11-22T10:00:00Z", "خلال ساعتين", 0);
}

static void times_are_shown_with_their_zone(void **state)
{
    (void)state;
    struct reader en = {texts.catalogues, "en"};
    json_t *time = words_time(&en, "2026-11-22T08:05:09Z", 0);
    assert_string_equal(json_string_value(json_object_get(time, "text")), "2026-11-22 08:05 UTC");
    assert_null(json_object_get(time, "says"));
    json_decref(time);
    assert_null(words_time(&en, "", 0));
    assert_null(words_time(&en, "soon", 0));
    assert_null(words_time(&en, NULL, 0));
}

static void say_each(const json_t *value, int (*found)(const char *says))
{
    const char *key;
    size_t i;
    json_t *inner;
    json_array_foreach((json_t *)(uintptr_t)value, i, inner) say_each(inner, found);
    json_object_foreach((json_t *)(uintptr_t)value, key, inner)
    {
        if (strcmp(key, "says") == 0 && !found(json_string_value(inner)))
            fail_msg("a rule's sentence has no translation: %s", json_string_value(inner));
        say_each(inner, found);
    }
}

static int is_listed(const char *says)
{
    for (const char *const *each = words_of_vault; *each; each++)
        if (strcmp(*each, says) == 0)
            return 1;
    return 0;
}

static void every_sentence_of_the_rules_is_in_the_catalogues(void **state)
{
    (void)state;
    char path[512];
    unsigned version = 1;
    for (;; version++) {
        snprintf(path, sizeof path, SOURCE_ROOT "/triage/rules/rules-%u.json", version);
        json_t *rules = json_load_file(path, 0, NULL);
        if (!rules)
            break;
        say_each(rules, is_listed);
        json_decref(rules);
    }
    assert_true(version > 2);
}

/* In Arabic and Swahili no label of ours is the English one; French has a few in common with it. */
static void no_code_is_without_a_label_in_any_language(void **state)
{
    (void)state;
    size_t languages, same_in_french = 0, all = 0;
    const char *const *each = catalogue_languages(texts.catalogues, &languages);
    for (size_t l = 0; l < languages; l++)
        for (size_t n = 0; codes_names[n]; n++) {
            const struct codes_list *list = codes_list(texts.codes, codes_names[n]);
            for (size_t i = 0; i < list->count; i++, all++) {
                const char *label = catalogue_text(texts.catalogues, each[l], list->rows[i].label);
                int same = strcmp(label, list->rows[i].label) == 0;
                assert_true(*label);
                same_in_french += same && strcmp(each[l], "fr") == 0;
                if (same && strcmp(each[l], "en") != 0 && strcmp(each[l], "fr") != 0)
                    fail_msg("%s: list %s, code %s has no label", each[l], list->name, list->rows[i].code);
            }
        }
    assert_true(all >= 4 * 140);
    assert_true(same_in_french < 5);
}

static void codes_are_offered_with_their_standard_beside_them(void **state)
{
    (void)state;
    struct reader fr = {texts.catalogues, "fr"};
    json_t *chosen = json_pack("[s]", "privacy"), *rights = words_codes(&fr, WORDS_RIGHT, chosen), *one;
    size_t i, ticked = 0;
    json_array_foreach(rights, i, one) ticked += json_is_true(json_object_get(one, "chosen"));
    assert_int_equal(ticked, 1);
    assert_string_equal(json_string_value(json_object_get(json_array_get(rights, 0), "term")),
                        "UDHR 3 · ICCPR 6 · CRC 6");
    assert_string_equal(words_label(&fr, WORDS_STAGE, "disposal"), words_text(&fr, "Disposal"));
    assert_string_equal(words_label(&fr, WORDS_RIGHT, "of_a_newer_list"), "of_a_newer_list");
    json_decref(chosen);
    json_decref(rights);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_are_in_the_readers_language),
        cmocka_unit_test(a_code_of_a_newer_vault_is_shown_as_it_is),
        cmocka_unit_test(due_times_are_said_in_words),
        cmocka_unit_test(times_are_shown_with_their_zone),
        cmocka_unit_test(every_sentence_of_the_rules_is_in_the_catalogues),
        cmocka_unit_test(no_code_is_without_a_label_in_any_language),
        cmocka_unit_test(codes_are_offered_with_their_standard_beside_them),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
