/* test_listing.c -- pages of filtered and found cases stand in the queue's order, whether few are sorted or many are
 * walked, and page after page shows each case once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/mem.h"
#include "triage/vault/alike.h"
#include "triage/vault/case_state.h"
#include "triage/vault/impacts.h"
#include "triage/vault/listing.h"
#include "triage/vault/search.h"

enum { NOW = 1800000000, FEW = 200, MANY = LISTING_SORTED_MAX + 4000 };

static struct vault *vault;

static int fresh(void **state)
{
    (void)state;
    static char desk[] = "usual";
    vault = mem_new(sizeof *vault);
    vault->settings.desk = desk;
    vault->book = book_new(NULL);
    vault->roll = filter_roll_new();
    vault->alike = alike_new();
    vault->alike_aside = alike_new();
    vault->search = search_new();
    vault->impacts = impacts_new();
    return 0;
}

static int ended(void **state)
{
    (void)state;
    book_free(vault->book);
    filter_roll_free(vault->roll);
    alike_free(vault->alike);
    alike_free(vault->alike_aside);
    search_free(vault->search);
    impacts_free(vault->impacts);
    mem_free(vault);
    return 0;
}

/* Case n arrived at NOW + n, with scale 1 to 4 in turn; every third is in Swahili, every seventh is answered. */
static void add_case(uint32_t n, int is_indexed)
{
    uint8_t id[16] = {0};
    char arrived[CLOCK_TEXT_SIZE], text[80];
    memcpy(id, &n, sizeof n);
    struct case_file *file = book_add(vault->book, id);
    clock_text(NOW + n, arrived);
    json_t *state = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:{s:i,s:i,s:i}}", "kind", "grievance", "channel", "web",
                              "language", n % 3 ? "en" : "sw", "public", n % 7 ? "received" : "answered", "arrived",
                              arrived, "lane", n % 2 ? "assessed" : "first_look", "taken_by", n % 11 ? "" : "amina",
                              "proposal", "scale", (int)(n % 4) + 1, "scope", 1, "irremediability", 1);
    file->state = json_dumps(state, JSON_COMPACT);
    file->state_len = strlen(file->state);
    file->version = 1;
    state_read(state, file);
    queue_put(&vault->queue, &file->place, NOW);
    listing_know(vault, state, file);
    json_decref(state);
    snprintf(text, sizeof text, "bridge %s", n % 5 ? "" : "bridge bridge broken");
    if (is_indexed)
        search_add(vault->search, file, text, strlen(text));
}

static struct filter filter_of(const char *text)
{
    struct filter filter;
    struct json_fault fault;
    json_t *object = json_loads(text, 0, NULL);
    assert_int_equal(filter_read(object, &filter, &fault), ERR_OK);
    json_decref(object);
    return filter;
}

static uint32_t number_of(const json_t *item)
{
    uint8_t id[16];
    uint32_t n;
    const char *text = json_string_value(json_object_get(item, "case"));
    assert_int_equal(code_unid(text, strlen(text), id), ERR_OK);
    memcpy(&n, id, sizeof n);
    return n;
}

/* The n-th in the order that listing.h promises. */
static int stands_before(uint32_t a, uint32_t b)
{
    const struct case_file *x = book_at(vault->book, a), *y = book_at(vault->book, b);
    int x_waits = x->place.lane != LANE_NONE, y_waits = y->place.lane != LANE_NONE;
    if (x_waits != y_waits)
        return x_waits;
    if (!x_waits)
        return a > b;
    return severity_compare(&x->place.severity, &y->place.severity, NOW) < 0;
}

/* All pages of it: every case stands before the next, none twice. How many there are. */
static size_t walk(const struct filter *filter, const struct search_run *found, size_t most)
{
    size_t total = 1, seen = 0;
    uint32_t before = 0;
    while (seen < total && seen < most) {
        const struct listing ask = {.filter = filter, .who = "amina", .found = found, .after = seen, .limit = 25};
        json_t *items = listing_page(vault, &ask, &total), *item;
        size_t i;
        assert_int_equal(json_array_size(items), total - seen < 25 ? total - seen : 25);
        json_array_foreach(items, i, item)
        {
            uint32_t number = number_of(item);
            if (seen + i > 0)
                assert_true(stands_before(before, number));
            before = number;
        }
        seen += json_array_size(items);
        json_decref(items);
        if (total == 0)
            break;
    }
    return total;
}

static void few_stand_in_the_queues_order(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < FEW; n++)
        add_case(n, 0);
    const struct filter all = filter_of("{}"), swahili = filter_of("{\"language\":\"sw\"}"),
                        mine = filter_of("{\"mine\":true}"), lane = filter_of("{\"lane\":\"assessed\"}"),
                        answered = filter_of("{\"state\":\"waiting_for_you\"}"),
                        none = filter_of("{\"language\":\"fr\"}");
    assert_int_equal(walk(&all, NULL, FEW), FEW);
    assert_int_equal(walk(&swahili, NULL, FEW), 67);
    assert_int_equal(walk(&mine, NULL, FEW), 19);
    assert_int_equal(walk(&answered, NULL, FEW), 29);
    assert_int_equal(walk(&none, NULL, FEW), 0);
    assert_true(walk(&lane, NULL, FEW) > 50);
}

static void many_stand_in_the_same_order(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < MANY; n++)
        add_case(n, 0);
    const struct filter all = filter_of("{}"), overdue = filter_of("{\"overdue\":true}"),
                        lane = filter_of("{\"lane\":\"first_look\"}");
    assert_int_equal(walk(&all, NULL, 100), MANY);
    assert_int_equal(walk(&overdue, NULL, 100), 0);
    assert_true(walk(&lane, NULL, 100) > FEW);
}

static void begin(const char *words, struct search_run *run)
{
    assert_int_equal(search_run_begin(vault->search, words, strlen(words), run), ERR_OK);
    while (search_run_step(run, 1 << 30))
        ;
}

static void what_was_found_stands_by_severity_and_then_by_likeness(void **state)
{
    (void)state;
    struct search_run run;
    size_t total, i;
    json_t *item;
    const struct filter swahili = filter_of("{\"language\":\"sw\"}");
    for (uint32_t n = 0; n < FEW; n++)
        add_case(n, 1);
    begin("bridge", &run);
    const struct listing ask = {.filter = &swahili, .who = "amina", .found = &run, .limit = 100};
    json_t *items = listing_page(vault, &ask, &total);
    assert_int_equal(total, 67);
    /* Of the gravest, those that hold the word most often stand first, whenever they came. */
    int ended_often = 0;
    json_array_foreach(items, i, item)
    {
        uint32_t number = number_of(item);
        const struct case_file *file = book_at(vault->book, number);
        if (file->place.lane == LANE_NONE || file->place.severity.scale != 4)
            break;
        assert_false(ended_often && number % 5 == 0);
        ended_often |= number % 5 != 0;
    }
    assert_true(i > 5 && ended_often);
    json_decref(items);
    search_run_end(&run);
    begin("broken", &run);
    assert_int_equal(walk(&swahili, &run, FEW), 14);
    search_run_end(&run);
}

static void what_is_erased_stands_in_no_list(void **state)
{
    (void)state;
    struct search_run run;
    const struct filter all = filter_of("{}");
    for (uint32_t n = 0; n < FEW; n++)
        add_case(n, 1);
    listing_forget(vault, book_at(vault->book, 5)->id);
    uint8_t unknown[16] = {0xff};
    listing_forget(vault, unknown);
    assert_int_equal(walk(&all, NULL, FEW), FEW - 1);
    begin("broken", &run);
    assert_int_equal(walk(&all, &run, FEW), FEW / 5 - 1);
    search_run_end(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(few_stand_in_the_queues_order, fresh, ended),
        cmocka_unit_test_setup_teardown(many_stand_in_the_same_order, fresh, ended),
        cmocka_unit_test_setup_teardown(what_was_found_stands_by_severity_and_then_by_likeness, fresh, ended),
        cmocka_unit_test_setup_teardown(what_is_erased_stands_in_no_list, fresh, ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
