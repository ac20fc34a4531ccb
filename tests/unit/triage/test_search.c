/* test_search.c -- cases are found by their words in any script; impacts by likeness. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/base/mem.h"
#include "triage/vault/search.h"

static struct search *search;
static struct case_file files[8];

static int fresh(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "The well beside the school is dry",
        "J'ai été menacée près de l'école",
        "هددوني بالقتل قرب المدرسة",
        "水道水が茶色です",
        "हिन्दी में शिकायत",
        "Maji ya kisima ni machafu; the well is dirty",
    };
    search = search_new();
    for (uint32_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        files[i].number = i;
        search_add(search, &files[i], texts[i], strlen(texts[i]));
    }
    return 0;
}

static int ended(void **state)
{
    (void)state;
    search_free(search);
    return 0;
}

static size_t find(const char *words, uint32_t *first)
{
    uint32_t *numbers;
    size_t count;
    assert_int_equal(search_find(search, words, strlen(words), &numbers, &count), ERR_OK);
    *first = count ? numbers[0] : 999;
    mem_free(numbers);
    return count;
}

static void words_are_found_however_they_are_spelt(void **state)
{
    (void)state;
    uint32_t first;
    assert_int_equal(find("WELL dry", &first), 1);
    assert_int_equal(first, 0);
    assert_int_equal(find("well", &first), 2);
    assert_int_equal(find("ecole", &first), 1);
    assert_int_equal(first, 1);
    assert_int_equal(find("المدرسه", &first), 1);
    assert_int_equal(first, 2);
    assert_int_equal(find("水道", &first), 1);
    assert_int_equal(first, 3);
    assert_int_equal(find("शिकायत", &first), 1);
    assert_int_equal(find("nowhere", &first), 0);
}

static void what_looks_like_a_query_is_only_words(void **state)
{
    (void)state;
    uint32_t first;
    assert_int_equal(find("well\" OR \"dirty", &first), 0);
    assert_int_equal(find("text:well*", &first), 0);
    assert_int_equal(find("NEAR(well, 1)", &first), 0);
}

static void nothing_to_look_for_is_told(void **state)
{
    (void)state;
    uint32_t *numbers;
    size_t count;
    assert_int_equal(search_find(search, " ?! ", 4, &numbers, &count), ERR_MALFORMED);
    assert_null(numbers);
}

static void a_case_with_two_messages_is_found_once(void **state)
{
    (void)state;
    uint32_t first;
    search_add(search, &files[0], "still dry", 9);
    assert_int_equal(find("dry", &first), 1);
}

static void impacts_are_found_by_rare_words(void **state)
{
    (void)state;
    static const char *const titles[] = {"Wells polluted by the mine", "Fingerprints shared with the army"};
    static const char words[][72] = {"wells", "polluted"};
    uint32_t like[4];
    for (uint32_t i = 0; i < 2; i++)
        search_impact(search, i, titles[i], strlen(titles[i]));
    assert_int_equal(search_impacts_like(search, words, 2, like, 4), 1);
    assert_int_equal(like[0], 0);
    assert_int_equal(search_impact_frequency(search, "the"), 2);
    assert_int_equal(search_impact_frequency(search, "school"), 0);
    search_impact(search, 0, "School fees", 11);
    assert_int_equal(search_impacts_like(search, words, 2, like, 4), 0);
}

static void frequencies_are_counted(void **state)
{
    (void)state;
    size_t all;
    assert_int_equal(search_frequency(search, "well", &all), 2);
    assert_int_equal(all, 6);
}

/* SQLite names its temporary files etilqs_... */
static void nothing_lies_in_a_file(void **state)
{
    (void)state;
    char path[300], target[300];
    DIR *fds = opendir("/proc/self/fd");
    assert_non_null(fds);
    for (int i = 0; i < 2000; i++)
        search_add(search, &files[1], "many words that fill the index with pages and pages", 51);
    for (struct dirent *entry; (entry = readdir(fds));) {
        snprintf(path, sizeof path, "/proc/self/fd/%s", entry->d_name);
        ssize_t len = readlink(path, target, sizeof target - 1);
        target[len > 0 ? len : 0] = 0;
        assert_null(strstr(target, "etilqs"));
        assert_null(strstr(target, "sqlite"));
    }
    closedir(fds);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(words_are_found_however_they_are_spelt, fresh, ended),
        cmocka_unit_test_setup_teardown(what_looks_like_a_query_is_only_words, fresh, ended),
        cmocka_unit_test_setup_teardown(nothing_to_look_for_is_told, fresh, ended),
        cmocka_unit_test_setup_teardown(a_case_with_two_messages_is_found_once, fresh, ended),
        cmocka_unit_test_setup_teardown(impacts_are_found_by_rare_words, fresh, ended),
        cmocka_unit_test_setup_teardown(frequencies_are_counted, fresh, ended),
        cmocka_unit_test_setup_teardown(nothing_lies_in_a_file, fresh, ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
