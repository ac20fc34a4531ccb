/* What "How this works" tells: the office's own steps or ours with its times, who else there is, and in which language
 * each of its texts is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <stdio.h>

#include "intake/about.h"
#include "intake/pages.h"

static char pages_folder[] = SOURCE_ROOT "/intake/pages", languages_folder[] = SOURCE_ROOT "/intake/languages";
static struct office office;
static struct settings settings = {
    .pages = pages_folder, .languages = languages_folder, .office_says = &office, .retention_months = 84};
static struct intake intake = {.settings = &settings};

static int load(void **state)
{
    char says[SAYS_SIZE];
    (void)state;
    return pages_load(&intake, says) == ERR_OK ? 0 : -1;
}

static int unload(void **state)
{
    (void)state;
    pages_free(&intake);
    return 0;
}

static int forget(void **state)
{
    (void)state;
    office_free(&office);
    office = (struct office){0};
    memset(settings.times, 0, sizeof settings.times);
    return 0;
}

static void office_of(const char *yaml)
{
    assert_int_equal(office_read(&office, yaml, strlen(yaml), NULL, NULL), ERR_OK);
}

static void times_of(const char *look, const char *acknowledge, const char *outcome)
{
    const char *const texts[] = {look, acknowledge, outcome};
    for (size_t i = 0; i < SETTINGS_TIMES; i++)
        assert_int_equal(term_read(texts[i], &settings.times[i]), *texts[i] != 0);
}

static const char *at(const json_t *list, size_t i, const char *key)
{
    return json_string_value(json_object_get(json_array_get(list, i), key));
}

static void without_steps_of_the_office_ours_have_its_times(void **state)
{
    (void)state;
    static const struct {
        const char *language, *look, *outcome;
    } rows[] = {
        {"en", "within 1 working day", "within 3 months after you were told that it was read"},
        {"ar", "خلال يوم عمل واحد", "خلال 3 أشهر بعد إخبارك بأنه قُرئ"},
        {"ru", "не позже чем через 1 рабочий день",
         "не позже чем через 3 месяца после того, как вам сообщат, что обращение прочитано"},
        {"zh", "1 个工作日之内", "在告诉您已经有人看过之后的 3 个月之内"},
    };
    times_of("1w", "", "3m after acknowledge");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_t *facts = about_facts(&intake, rows[i].language), *steps = json_object_get(facts, "steps");
        assert_int_equal(json_array_size(steps), 7);
        assert_null(at(steps, 0, "within"));
        assert_string_equal(at(steps, 1, "within"), rows[i].look);
        assert_null(at(steps, 2, "within")); /* no time is set: none is promised */
        assert_string_equal(at(steps, 4, "within"), rows[i].outcome);
        assert_null(json_object_get(json_array_get(steps, 1), "what_in"));
        json_decref(facts);
    }
}

static void what_the_office_says_of_its_steps_stands_in_place_of_ours(void **state)
{
    (void)state;
    times_of("7d", "7d", "15w");
    office_of("texts: {about: {en: The water company runs this., sw: Kampuni ya maji.}}\n"
              "steps:\n  - {what: {en: We read it., ar: نقرؤه.}, within: {en: one day}}\n");
    json_t *facts = about_facts(&intake, "ar"), *steps = json_object_get(facts, "steps");
    assert_int_equal(json_array_size(steps), 1);
    assert_string_equal(at(steps, 0, "what"), "نقرؤه.");
    const json_t *own = json_object_get(json_array_get(steps, 0), "what_in");
    assert_string_equal(json_string_value(json_object_get(own, "dir")), "auto");
    /* In English to a reader of Arabic: a screen reader has to know. */
    assert_string_equal(at(steps, 0, "within"), "one day");
    const json_t *in = json_object_get(json_array_get(steps, 0), "within_in");
    assert_string_equal(json_string_value(json_object_get(in, "lang")), "en");
    assert_string_equal(json_string_value(json_object_get(in, "dir")), "ltr");
    assert_non_null(json_object_get(facts, "about_in"));
    assert_null(json_object_get(facts, "cannot"));
    json_decref(facts);
}

static void ways_of_a_kind_stand_together_and_only_a_number_is_dialled(void **state)
{
    (void)state;
    office_of("other_ways:\n"
              "  - {kind: ombuds, name: {en: Ombuds}, telephone: +000 12-3}\n"
              "  - {kind: court, name: {en: Town court}, web: \"https://court.example/\"}\n"
              "  - {kind: ombuds, name: {en: Another}, telephone: 123 (mornings)}\n");
    json_t *facts = about_facts(&intake, "fr"), *groups = json_object_get(facts, "other_ways");
    assert_int_equal(json_array_size(groups), 2);
    assert_string_equal(at(groups, 0, "code"), "court");
    assert_string_equal(at(groups, 0, "kind"), "Tribunaux");
    assert_string_equal(at(groups, 1, "code"), "ombuds");
    const json_t *ombuds = json_object_get(json_array_get(groups, 1), "ways");
    assert_int_equal(json_array_size(ombuds), 2);
    assert_string_equal(at(ombuds, 0, "telephone"), "+000 12-3");
    assert_string_equal(at(ombuds, 0, "dials"), "+000123");
    assert_null(at(ombuds, 1, "dials"));
    assert_string_equal(at(json_object_get(json_array_get(groups, 0), "ways"), 0, "web"), "https://court.example/");
    json_decref(facts);
}

/* A kind that has no heading would be left out of the page without a word. */
static void every_kind_of_the_file_has_its_heading(void **state)
{
    (void)state;
    for (size_t i = 0; office_way_kinds[i]; i++) {
        char yaml[128];
        snprintf(yaml, sizeof yaml, "other_ways:\n  - {kind: %s, name: {en: One}}\n", office_way_kinds[i]);
        office_of(yaml);
        json_t *facts = about_facts(&intake, "en"), *groups = json_object_get(facts, "other_ways");
        assert_int_equal(json_array_size(groups), 1);
        assert_string_equal(at(groups, 0, "code"), office_way_kinds[i]);
        json_decref(facts);
        office_free(&office);
    }
}

static void how_long_it_is_kept_is_told_in_years_where_it_is_some(void **state)
{
    (void)state;
    static const struct {
        int64_t months;
        const char *says;
    } rows[] = {{84, "We keep it for 7 years after it is closed, and then destroy it."},
                {12, "We keep it for 1 year after it is closed, and then destroy it."},
                {18, "We keep it for 18 months after it is closed, and then destroy it."}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        settings.retention_months = rows[i].months;
        json_t *facts = about_facts(&intake, "en");
        assert_string_equal(json_string_value(json_object_get(facts, "kept")), rows[i].says);
        json_decref(facts);
    }
    settings.retention_months = 84;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(without_steps_of_the_office_ours_have_its_times, forget),
        cmocka_unit_test_teardown(what_the_office_says_of_its_steps_stands_in_place_of_ours, forget),
        cmocka_unit_test_teardown(ways_of_a_kind_stand_together_and_only_a_number_is_dialled, forget),
        cmocka_unit_test_teardown(every_kind_of_the_file_has_its_heading, forget),
        cmocka_unit_test_teardown(how_long_it_is_kept_is_told_in_years_where_it_is_some, forget),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
