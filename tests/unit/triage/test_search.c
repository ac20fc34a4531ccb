/* test_search.c -- cases are found by their words in any script, and what was erased is neither found nor remembered;
 * impacts are found by likeness. */
#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/base/mem.h"
#include "common/text/json.h"
#include "triage/vault/search.h"
#include "triage/vault/search_block.h"

enum { FOREVER = 1 << 30 };

static struct search *search;
static struct case_file files[20000];

static void add(uint32_t number, const char *text)
{
    files[number].number = number;
    search_add(search, &files[number], text, strlen(text));
}

static int fresh(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "The well beside the school is dry",
        "J'ai été menacée près de l'école",
        "هددوني بالقتل قرب المدرسة",
        "水道水が茶色です。井戸",
        "हिन्दी में शिकायत",
        "Maji ya kisima ni machafu; the well is dirty",
        "ตำรวจทำร้ายพ่อของฉัน",
        "কূপের পানি নোংরা",
    };
    search = search_new();
    for (uint32_t i = 0; i < sizeof texts / sizeof *texts; i++)
        add(i, texts[i]);
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
    struct search_run run;
    assert_int_equal(search_run_begin(search, words, strlen(words), &run), ERR_OK);
    while (search_run_step(&run, FOREVER))
        ;
    *first = 999;
    for (uint32_t i = (uint32_t)run.case_count; i-- > 0;)
        if (search_run_has(&run, i))
            *first = i;
    size_t found = run.found;
    search_run_end(&run);
    return found;
}

static void assert_found(const char *words, size_t count, uint32_t first)
{
    uint32_t number;
    assert_int_equal(find(words, &number), count);
    assert_int_equal(number, first);
}

/* ---- what people type ---- */

static void words_are_found_however_they_are_spelt(void **state)
{
    (void)state;
    assert_found("WELL dry", 1, 0);
    assert_found("well", 2, 0);
    assert_found("ecole", 1, 1);
    assert_found("المدرسه", 1, 2);
    assert_found("शिकायत", 1, 4);
    assert_found("পানি", 1, 7);
    assert_found("nowhere", 0, 999);
}

static void a_phrase_stands_as_it_is_quoted(void **state)
{
    (void)state;
    assert_found("\"the well\"", 2, 0);
    assert_found("\"well the\"", 0, 999);
    assert_found("«THE WELL» school", 1, 0);
    assert_found("“well is dirty”", 1, 5);
    assert_found("\"well is", 1, 5); /* the closing one is forgotten by many */
}

static void a_beginning_finds_what_goes_on(void **state)
{
    (void)state;
    assert_found("scho*", 1, 0);
    assert_found("menac*", 1, 1);
    assert_found("\"well is di*\"", 1, 5);
    assert_found("s*", 0, 999); /* one letter is no beginning but a word */
}

static void scripts_without_spaces_are_found_in_the_middle(void **state)
{
    (void)state;
    assert_found("水道", 1, 3);
    assert_found("道水が", 1, 3);
    assert_found("水水", 0, 999);
    assert_found("茶", 1, 3);
    assert_found("戸", 1, 3); /* the last of a run, alone */
    assert_found("ทำร้าย", 1, 6);
    assert_found("水道 井戸", 1, 3);
}

static void what_looks_like_a_query_is_only_words(void **state)
{
    (void)state;
    static const char *const hostile[] = {"well\" OR \"dirty",
                                          "text:well*",
                                          "NEAR(well, 1)",
                                          "well NOT dry",
                                          "-dry",
                                          "^The",
                                          "{text} : well",
                                          "well + is",
                                          "') OR 1=1; --",
                                          "well AND",
                                          "(((((((",
                                          "\"\"\"\"",
                                          "* OR *",
                                          "\x01well",
                                          "\x02well",
                                          "\xff\xfe well \xc0",
                                          "message MATCH",
                                          "rank"};
    uint32_t first;
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        struct search_run run;
        enum err err = search_run_begin(search, hostile[i], strlen(hostile[i]), &run);
        assert_true(err == ERR_OK || err == ERR_MALFORMED);
        if (err != ERR_OK)
            continue;
        while (search_run_step(&run, FOREVER))
            ;
        search_run_end(&run);
    }
    assert_int_equal(find("well OR dirty", &first), 0); /* "or" stands nowhere */
    assert_int_equal(find("text:well*", &first), 0);
    assert_int_equal(find("NEAR(well, 1)", &first), 0);
    assert_int_equal(find("-dry", &first), 1);
    assert_int_equal(find("\x01well", &first), 2);
}

static void nothing_to_look_for_is_told(void **state)
{
    (void)state;
    struct search_run run;
    static const char *const none[] = {"", " ?! ", "\"\"", "***", "\xff"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        assert_int_equal(search_run_begin(search, none[i], strlen(none[i]), &run), ERR_MALFORMED);
        assert_null(run.cases);
    }
}

static void too_many_words_are_told(void **state)
{
    (void)state;
    struct search_run run;
    char text[1200] = "";
    for (unsigned i = 0; i < 300; i++)
        strcat(text, "ab ");
    assert_int_equal(search_run_begin(search, text, strlen(text), &run), ERR_TOO_BIG);
}

/* ---- cases and their messages ---- */

static void a_case_with_two_messages_is_found_once(void **state)
{
    (void)state;
    add(0, "still dry");
    assert_found("dry", 1, 0);
}

static void the_most_alike_have_the_lowest_rank(void **state)
{
    (void)state;
    struct search_run run;
    add(8, "dirty dirty dirty");
    assert_int_equal(search_run_begin(search, "dirty", 5, &run), ERR_OK);
    while (search_run_step(&run, FOREVER))
        ;
    assert_int_equal(run.found, 2);
    assert_true(search_run_rank(&run, 8) < search_run_rank(&run, 5));
    assert_true(search_run_rank(&run, 1) == 0);
    search_run_end(&run);
}

static void many_blocks_are_read_in_short_steps(void **state)
{
    (void)state;
    struct search_run run;
    unsigned steps = 1;
    for (uint32_t i = 0; i < 20000; i++)
        add(i, i % 1000 == 7 ? "bridge broken" : "bridge");
    assert_found("broken", 20, 7);
    assert_int_equal(search_run_begin(search, "bridge", 6, &run), ERR_OK);
    for (; search_run_step(&run, 0) && steps < 100; steps++)
        ;
    assert_true(steps >= 3); /* a block in each */
    assert_int_equal(run.found, 20000);
    assert_int_equal(run.score_count, 0); /* more than are ranked by likeness */
    assert_int_equal(run.messages_read, run.messages);
    search_run_end(&run);
}

static void effort_has_an_end_and_the_newest_are_read_first(void **state)
{
    (void)state;
    struct search_run run;
    for (uint32_t i = 0; i < 20000; i++)
        add(i, "bridge");
    assert_int_equal(search_run_begin(search, "bridge", 6, &run), ERR_OK);
    run.effort = 1;
    while (search_run_step(&run, FOREVER))
        ;
    assert_true(run.messages_read > 0 && run.messages_read < run.messages);
    assert_true(search_run_has(&run, 19999));
    assert_false(search_run_has(&run, 0));
    search_run_end(&run);
}

/* ---- forgetting ---- */

static void what_was_erased_is_not_found_in_the_same_step(void **state)
{
    (void)state;
    struct search_run run;
    assert_int_equal(search_run_begin(search, "well", 4, &run), ERR_OK);
    search_forget(search, 5);
    while (search_run_step(&run, FOREVER))
        ;
    assert_int_equal(run.found, 1);
    search_run_end(&run);
    assert_found("well", 1, 0);
    add(5, "a message that came late: the well");
    assert_found("late", 0, 999);
    assert_int_equal(search_is_dirty(search), 1);
}

/* Spelt so that the word itself stands nowhere in this program. */
static void planted_word(char out[static 24])
{
    static const unsigned char coded[] = {0x2b, 0x2a, 0x2d, 0x2c, 0x22, 0x21, 0x23, 0x2f, 0x2b, 0x2a, 0x2d};
    for (size_t i = 0; i < sizeof coded; i++)
        out[i] = (char)(coded[i] ^ 0x5b);
    out[sizeof coded] = 0;
}

static size_t count_in(const char *bytes, size_t len, const char *wanted, size_t wanted_len)
{
    size_t count = 0;
    for (const char *at = bytes; (at = memmem(at, len - (size_t)(at - bytes), wanted, wanted_len)); at++)
        count++;
    return count;
}

/* How often the word's later part lies in what this process may write: FTS5 keeps the beginnings of neighbours once. */
static size_t in_memory(void)
{
    enum { CHUNK = 1 << 20, OVERLAP = 32 };
    char line[512], word[24];
    char *chunk = malloc(CHUNK);
    unsigned long from, to;
    size_t count = 0;
    FILE *maps = fopen("/proc/self/maps", "r");
    int mem = open("/proc/self/mem", O_RDONLY);
    assert_non_null(maps);
    assert_true(mem >= 0);
    planted_word(word);
    while (fgets(line, sizeof line, maps)) {
        char rights[5];
        if (sscanf(line, "%lx-%lx %4s", &from, &to, rights) != 3 || rights[1] != 'w' || to - from > 1UL << 30)
            continue;
        for (unsigned long at = from; at < to; at += CHUNK - OVERLAP) {
            ssize_t got = pread(mem, chunk, to - at < CHUNK ? to - at : CHUNK, (off_t)at);
            int is_ours = (unsigned long)chunk < at + CHUNK && at < (unsigned long)chunk + CHUNK;
            int is_stack = (unsigned long)word >= at && (unsigned long)word < at + CHUNK;
            if (got > 0 && !is_ours)
                count += count_in(chunk, (size_t)got, word + 3, 6) - (is_stack ? 1 : 0);
        }
    }
    explicit_bzero(chunk, CHUNK);
    free(chunk);
    close(mem);
    fclose(maps);
    return count;
}

static void plant(uint32_t number)
{
    char text[100], word[24];
    planted_word(word);
    snprintf(text, sizeof text, "they said %s %s at the gate", word, word);
    add(number, text);
    explicit_bzero(text, sizeof text);
    explicit_bzero(word, sizeof word);
}

static size_t find_planted(void)
{
    uint32_t first;
    char word[24];
    planted_word(word);
    size_t found = find(word, &first);
    explicit_bzero(word, sizeof word);
    return found;
}

static void fill(uint32_t from, uint32_t to)
{
    char text[200];
    for (uint32_t i = from; i < to; i++) {
        snprintf(text, sizeof text, "house %u road %u people %u water 水道水が%u came at night and took it", i, i % 97,
                 i % 1009, i % 31);
        add(i, text);
    }
}

/* 1: every case but the forgotten is found as it was. */
static void assert_others_are_there(uint32_t from, uint32_t to, size_t gone)
{
    uint32_t first;
    char words[100];
    assert_int_equal(find("\"came at night\" 道水", &first), to - from - gone);
    for (uint32_t i = from; i < to; i += 997) {
        snprintf(words, sizeof words, "\"house %u road %u\" が", i, i % 97);
        assert_found(words, 1, i);
    }
}

static void words_of_the_erased_leave_memory(void **state)
{
    (void)state;
    unsigned steps = 0;
    fill(100, 9000); /* more than a block */
    plant(9000);
    plant(300); /* a later message of an old case */
    fill(9001, 9100);
    assert_int_equal(find_planted(), 2);
    mem_wipe_stack();
    assert_true(in_memory() > 0);
    search_forget(search, 9000);
    search_forget(search, 300);
    assert_int_equal(find_planted(), 0);
    while (search_purge(search, 2000))
        assert_true(++steps < 10000);
    assert_true(steps > 3); /* others had their turn in between */
    assert_int_equal(search_is_dirty(search), 0);
    mem_wipe_stack();
    assert_int_equal(in_memory(), 0);
    assert_others_are_there(100, 9100, 2);
    assert_found("well", 2, 0);
}

static void forgetting_goes_on_while_a_block_is_written_anew(void **state)
{
    (void)state;
    fill(100, 3000);
    plant(3000);
    search_forget(search, 200);
    for (int i = 0; i < 4; i++)
        assert_int_equal(search_purge(search, 200), 1);
    search_forget(search, 3000);
    fill(3001, 3100);
    while (search_purge(search, 2000))
        ;
    assert_int_equal(find_planted(), 0);
    mem_wipe_stack();
    assert_int_equal(in_memory(), 0);
    assert_others_are_there(100, 3100, 2);
}

static void a_search_that_runs_while_blocks_move_is_right(void **state)
{
    (void)state;
    struct search_run run;
    fill(100, 20000);
    search_forget(search, 12000);
    assert_int_equal(search_run_begin(search, "\"came at night\"", 15, &run), ERR_OK);
    run.effort = FOREVER;
    assert_int_equal(search_run_step(&run, 0), 1);
    while (search_purge(search, FOREVER))
        ;
    while (search_run_step(&run, 0))
        ;
    assert_int_equal(run.found, 19900 - 1);
    search_run_end(&run);
}

static void forgetting_often_leaves_no_crumbs(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 40; i++) { /* each purge ends the block that is open */
        fill(100 + i * 10, 110 + i * 10);
        search_forget(search, 100 + i * 10);
        while (search_purge(search, FOREVER))
            ;
    }
    struct search_run run;
    assert_int_equal(search_run_begin(search, "night", 5, &run), ERR_OK);
    assert_true(run.blocks <= 2); /* small neighbours are joined */
    while (search_run_step(&run, FOREVER))
        ;
    assert_int_equal(run.found, 360);
    search_run_end(&run);
}

/* ---- likeness ---- */

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

static void frequencies_are_counted_in_the_newest(void **state)
{
    (void)state;
    size_t all;
    assert_int_equal(search_frequency(search, "well", &all), 2);
    assert_int_equal(all, 8);
    for (uint32_t i = 0; i < 10000; i++)
        add(i, i < 3000 ? "early" : i % 100 ? "late" : "late rare");
    assert_int_equal(search_frequency(search, "early", &all), 0);
    assert_int_equal(all, 4096);
    assert_int_equal(search_frequency(search, "rare", &all), 40);
    assert_in_range(search_frequency(search, "late", &all), 4096 / 5, 4096 / 5 + 1);
}

/* SQLite names its temporary files etilqs_...; an index of memory alone opens none at all. */
static void nothing_lies_in_a_file(void **state)
{
    (void)state;
    char path[300], target[300];
    fill(100, 9000);
    search_forget(search, 500);
    while (search_purge(search, FOREVER))
        ;
    DIR *fds = opendir("/proc/self/fd");
    assert_non_null(fds);
    for (struct dirent *entry; (entry = readdir(fds));) {
        snprintf(path, sizeof path, "/proc/self/fd/%s", entry->d_name);
        ssize_t len = readlink(path, target, sizeof target - 1);
        target[len > 0 ? len : 0] = 0;
        assert_null(strstr(target, "etilqs"));
        assert_null(strstr(target, "sqlite"));
        assert_null(strstr(target, "memory"));
    }
    closedir(fds);
}

/* ---- kept in a snapshot ---- */

/* A block of another search as a snapshot keeps it: its image, and whose each message was. */
static struct search_block *brought(struct search_block *block, const uint32_t *case_of)
{
    size_t len;
    void *image = search_block_image(block, &len);
    return search_block_of(image, len, case_of, block->messages, block->is_open);
}

static void a_block_is_brought_over_and_goes_on(void **state)
{
    (void)state;
    uint32_t first, case_of[100];
    struct search *other = search_new();
    for (uint32_t i = 0; i < 100; i++) {
        char text[60];
        snprintf(text, sizeof text, "The ferry of number%u is late", i);
        files[i].number = i;
        search_add(other, &files[i], text, strlen(text));
        case_of[i] = 500 + i;
    }
    struct search_block *block = brought(search_block_at(other, 0), case_of);
    assert_non_null(block);
    search_take_block(search, block); /* behind what is there */
    search_free(other);
    assert_found("number42", 1, 542);
    assert_int_equal(find("ferry", &first), 100);
    assert_found("well", 2, 0);
    add(700, "The ferry came");
    assert_int_equal(find("ferry", &first), 101);
    assert_int_equal(search_is_dirty(search), 0);
    search_forget(search, 542);
    assert_int_equal(find("ferry", &first), 100);
    while (search_purge(search, 2000))
        ;
    assert_int_equal(find("ferry", &first), 100);
    assert_found("number43", 1, 543);
}

static void words_of_a_case_that_has_gone_since_are_not_found_and_leave_memory(void **state)
{
    (void)state;
    uint32_t first, case_of[3] = {UINT32_MAX, 12, UINT32_MAX};
    struct search *mine = search;
    search = search_new();
    plant(0);
    add(1, "The ferry is late");
    plant(2);
    struct search_block *block = brought(search_block_at(search, 0), case_of);
    assert_non_null(block);
    search_free(search);
    search = mine;
    search_take_block(search, block);
    mem_wipe_stack();
    assert_true(in_memory() > 0);
    assert_int_equal(search_is_dirty(search), 1);
    assert_int_equal(find_planted(), 0);
    assert_found("ferry", 1, 12);
    uint64_t writings = search_writings(search);
    while (search_purge(search, 2000))
        ;
    assert_int_equal(search_is_dirty(search), 0);
    assert_true(search_writings(search) > writings);
    assert_found("ferry", 1, 12);
    assert_int_equal(find("well", &first), 2);
    mem_wipe_stack();
    assert_int_equal(in_memory(), 0);
}

static void what_is_no_index_or_of_more_messages_is_none(void **state)
{
    (void)state;
    size_t len;
    const uint32_t case_of[8] = {0};
    struct search_block *block = search_block_at(search, 0);
    void *image = search_block_image(block, &len);
    assert_null(search_block_of(image, len, case_of, block->messages - 1, 1));
    image = search_block_image(block, &len);
    memset((uint8_t *)image + 100, 0, len - 100);
    assert_null(search_block_of(image, len, case_of, block->messages, 1));
    for (size_t size = 0; size <= 1000; size += 500) {
        uint8_t *bytes = sqlite3_malloc64(size + 1);
        memset(bytes, 'x', size + 1);
        assert_null(search_block_of(bytes, size, case_of, 0, 0));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(words_are_found_however_they_are_spelt, fresh, ended),
        cmocka_unit_test_setup_teardown(a_phrase_stands_as_it_is_quoted, fresh, ended),
        cmocka_unit_test_setup_teardown(a_beginning_finds_what_goes_on, fresh, ended),
        cmocka_unit_test_setup_teardown(scripts_without_spaces_are_found_in_the_middle, fresh, ended),
        cmocka_unit_test_setup_teardown(what_looks_like_a_query_is_only_words, fresh, ended),
        cmocka_unit_test_setup_teardown(nothing_to_look_for_is_told, fresh, ended),
        cmocka_unit_test_setup_teardown(too_many_words_are_told, fresh, ended),
        cmocka_unit_test_setup_teardown(a_case_with_two_messages_is_found_once, fresh, ended),
        cmocka_unit_test_setup_teardown(the_most_alike_have_the_lowest_rank, fresh, ended),
        cmocka_unit_test_setup_teardown(many_blocks_are_read_in_short_steps, fresh, ended),
        cmocka_unit_test_setup_teardown(effort_has_an_end_and_the_newest_are_read_first, fresh, ended),
        cmocka_unit_test_setup_teardown(what_was_erased_is_not_found_in_the_same_step, fresh, ended),
        cmocka_unit_test_setup_teardown(words_of_the_erased_leave_memory, fresh, ended),
        cmocka_unit_test_setup_teardown(forgetting_goes_on_while_a_block_is_written_anew, fresh, ended),
        cmocka_unit_test_setup_teardown(a_search_that_runs_while_blocks_move_is_right, fresh, ended),
        cmocka_unit_test_setup_teardown(forgetting_often_leaves_no_crumbs, fresh, ended),
        cmocka_unit_test_setup_teardown(a_block_is_brought_over_and_goes_on, fresh, ended),
        cmocka_unit_test_setup_teardown(words_of_a_case_that_has_gone_since_are_not_found_and_leave_memory, fresh,
                                        ended),
        cmocka_unit_test_setup_teardown(what_is_no_index_or_of_more_messages_is_none, fresh, ended),
        cmocka_unit_test_setup_teardown(impacts_are_found_by_rare_words, fresh, ended),
        cmocka_unit_test_setup_teardown(frequencies_are_counted_in_the_newest, fresh, ended),
        cmocka_unit_test_setup_teardown(nothing_lies_in_a_file, fresh, ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
