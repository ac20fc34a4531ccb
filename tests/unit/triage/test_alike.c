/* test_alike.c -- a campaign and a flood are one item, each voice is kept, and different complaints stay apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/rng.h"
#include "triage/vault/alike.h"

static struct alike *alike;

static int begin(void **state)
{
    (void)state;
    alike = alike_new();
    return 0;
}

static int end(void **state)
{
    (void)state;
    alike_free(alike);
    return 0;
}

static uint32_t add(uint32_t number, const char *text)
{
    return alike_add(alike, number, text, strlen(text));
}

static const char CAMPAIGN[] =
    "We the people of the river villages ask the company to stop the dam. The water has fallen, the fish are gone, and "
    "nobody has asked us. We want a meeting in our own language before the rains, with the maps, and an answer in "
    "writing. "
    "My name is %s and I live in village number %u.";

/* Of another run, but the same one each time this is tried: what falls out of a group hangs on the key. */
static void begin_with_key(uint32_t n)
{
    uint8_t key[ALIKE_KEY];
    uint64_t drawn = n;
    for (size_t i = 0; i < sizeof key; i++) {
        drawn = drawn * 6364136223846793005u + 1442695040888963407u;
        key[i] = (uint8_t)(drawn >> 56);
    }
    alike_free(alike);
    alike = alike_new();
    alike_take_key(alike, key);
}

static void a_campaign_is_one_item_and_every_voice_is_kept(void **state)
{
    (void)state;
    enum { KEYS = 40, VOICES = 500, NAMES = 5 };
    static const char *const names[NAMES] = {"Amina", "Joseph", "Wanjiku", "Otieno", "Fatuma"};
    char text[600];
    const uint32_t *members;
    unsigned all = 0;
    for (uint32_t key = 0; key < KEYS; key++) {
        unsigned with_first = 0;
        begin_with_key(key);
        for (uint32_t i = 0; i < VOICES; i++) {
            snprintf(text, sizeof text, CAMPAIGN, names[i % NAMES], i);
            with_first += add(i, text) == 0;
        }
        /* A text or two, seldom all that bear one name, fall out by chance: nothing is lost by that. */
        assert_in_range(with_first, VOICES - 2 * VOICES / NAMES, VOICES);
        assert_int_equal(alike_members(alike, 0, &members), with_first);
        for (size_t i = 1; i < with_first; i++)
            assert_true(members[i] > members[i - 1]); /* in the order in which they came */
        all += with_first;
    }
    assert_in_range(all, KEYS * VOICES * 98 / 100, KEYS * VOICES);
}

static void ten_thousand_hellos_are_one_item(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 10000; i++)
        assert_int_equal(add(i, i % 2 ? "Hello!" : "hello"), 0);
    assert_int_equal(alike_groups(alike), 1);
}

static void different_complaints_stay_apart(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "The well behind the school is locked and the children drink from the river",
        "The well behind the clinic is broken and my mother walks two hours for water",
        "The app closed my account and nobody answers",
        "They took our papers and lock the gate at night",
        "Kisima cha shule kimefungwa na watoto wanakunywa maji ya mto",
        "\xe6\x88\x91\xe4\xbb\xac\xe7\x9a\x84\xe4\xba\x95\xe8\xa2\xab\xe9\x94\x81\xe4\xba\x86",
        "\xd8\xa7\xd9\x84\xd8\xa8\xd8\xa6\xd8\xb1 \xd9\x85\xd8\xba\xd9\x84\xd9\x82",
        "help",
        "help me",
    };
    for (uint32_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_int_equal(add(i, texts[i]), i);
}

static void scripts_without_spaces_are_compared_too(void **state)
{
    (void)state;
    static const char text[] = "\xe6\x88\x91\xe4\xbb\xac\xe6\x9d\x91\xe9\x87\x8c\xe7\x9a\x84\xe6\xb0\xb4\xe4\xba\x95"
                               "\xe8\xa2\xab\xe5\x85\xac\xe5\x8f\xb8\xe9\x94\x81\xe4\xba\x86\xe5\xad\xa9\xe5\xad\x90"
                               "\xe4\xbb\xac\xe5\x8f\xaa\xe8\x83\xbd\xe5\x96\x9d\xe6\xb2\xb3\xe6\xb0\xb4";
    char with_more[200];
    snprintf(with_more, sizeof with_more, "%s\xe3\x80\x82", text);
    assert_int_equal(add(1, text), 1);
    assert_int_equal(add(2, with_more), 1);
}

static void when_the_first_leaves_the_next_one_stands_for_the_others(void **state)
{
    (void)state;
    const uint32_t *members;
    for (uint32_t i = 10; i < 14; i++)
        add(i, "the tap is dry since monday and nobody comes");
    assert_int_equal(alike_first(alike, 13), 10);
    assert_int_equal(alike_remove(alike, 10), 11);
    assert_int_equal(alike_first(alike, 13), 11);
    assert_int_equal(alike_first(alike, 10), ALIKE_NONE);
    assert_int_equal(alike_remove(alike, 10), ALIKE_NONE);
    assert_int_equal(alike_remove(alike, 12), 11);
    assert_int_equal(alike_members(alike, 11, &members), 2);
    assert_int_equal(members[1], 13);
    assert_int_equal(alike_remove(alike, 11), 13);
    assert_int_equal(alike_remove(alike, 13), ALIKE_NONE);
    assert_int_equal(alike_groups(alike), 0);
    assert_int_equal(add(20, "the tap is dry since monday and nobody comes"), 20); /* begins anew */
}

static void an_empty_text_harms_nothing(void **state)
{
    (void)state;
    assert_int_equal(add(1, ""), 1);
    assert_int_equal(add(2, ""), 1);
    assert_int_equal(add(3, " .,!"), 1);
}

/* What comes and goes in any order leaves each number in the group of its text. */
static void many_come_and_go(void **state)
{
    (void)state;
    enum { NUMBERS = 400, TEXTS = 40 };
    static int8_t says[NUMBERS];
    char text[200];
    memset(says, -1, sizeof says);
    for (int step = 0; step < 20000; step++) {
        uint32_t number = (uint32_t)rng_below(NUMBERS);
        if (says[number] >= 0) {
            alike_remove(alike, number);
            says[number] = -1;
            continue;
        }
        says[number] = (int8_t)rng_below(TEXTS);
        snprintf(text, sizeof text, "complaint %d about place %d by person %d on day %d", says[number],
                 says[number] * 7, says[number] * 13, says[number] * 29);
        add(number, text);
        const uint32_t *members;
        size_t count = alike_members(alike, number, &members);
        size_t same = 0;
        for (int i = 0; i < NUMBERS; i++)
            same += says[i] == says[number];
        assert_int_equal(count, same);
        for (size_t i = 0; i < count; i++)
            assert_int_equal(says[members[i]], says[number]);
    }
    assert_in_range(alike_groups(alike), 0, TEXTS);
}

#define STORY(fn) cmocka_unit_test_setup_teardown(fn, begin, end)

/* ---- kept in a snapshot ---- */

static void a_signature_finds_its_group_again_with_the_same_key_alone(void **state)
{
    (void)state;
    char text[600];
    uint8_t key[ALIKE_KEY];
    uint32_t minima[ALIKE_MINIMA], other[ALIKE_MINIMA];
    struct alike *again = alike_new();
    assert_null(alike_minima(alike, 3));
    add(3, "No water in the barracks since Monday, and nobody tells us why");
    snprintf(text, sizeof text, CAMPAIGN, "Amina", 1U);
    add(7, text);
    memcpy(minima, alike_minima(alike, 7), sizeof minima);
    memcpy(other, alike_minima(alike, 3), sizeof other);
    assert_memory_not_equal(minima, other, sizeof minima);
    alike_key(alike, key);
    alike_take_key(again, key);
    assert_int_equal(alike_add_minima(again, 20, minima), 20);
    assert_int_equal(alike_add_minima(again, 21, minima), 20);
    assert_int_equal(alike_add_minima(again, 22, other), 22);
    /* Who writes now joins those of then. */
    snprintf(text, sizeof text, CAMPAIGN, "Joseph", 2U);
    assert_int_equal(alike_add(again, 23, text, strlen(text)), 20);
    assert_memory_equal(alike_minima(again, 23), minima, sizeof minima);
    alike_remove(again, 23);
    assert_null(alike_minima(again, 23));
    alike_free(again);
    /* Under another key it is of no use. */
    again = alike_new();
    assert_int_equal(alike_add_minima(again, 20, minima), 20);
    assert_int_equal(alike_add(again, 23, text, strlen(text)), 23);
    alike_free(again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(a_campaign_is_one_item_and_every_voice_is_kept),
        STORY(ten_thousand_hellos_are_one_item),
        STORY(different_complaints_stay_apart),
        STORY(scripts_without_spaces_are_compared_too),
        STORY(when_the_first_leaves_the_next_one_stands_for_the_others),
        STORY(an_empty_text_harms_nothing),
        STORY(many_come_and_go),
        STORY(a_signature_finds_its_group_again_with_the_same_key_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
