/* test_seen.c -- for who is in conflict with a case it is not there: not by its id, in no lane, list, search, count or
 * month, and never given; for everybody else nothing differs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/mem.h"
#include "triage/vault/alike.h"
#include "triage/vault/case_state.h"
#include "triage/vault/impacts_inside.h"
#include "triage/vault/listing.h"
#include "triage/vault/register_view.h"
#include "triage/vault/search.h"
#include "triage/vault/seen.h"

/* Of every five cases one names Amina; of every seventeen one was moved here and is not looked through yet. */
enum { NOW = 1800000000, CASES = 340, NAMES_EVERY = 5, CLOSED_EVERY = 17 };
static const char wells[] = "01010101-0101-0101-0101-010101010101";
static struct vault *vault;

static int names_amina(uint32_t n)
{
    return n % NAMES_EVERY == 0;
}

static int is_closed(uint32_t n)
{
    return n % CLOSED_EVERY == 3;
}

static int is_there(uint32_t n, const char *who)
{
    return !is_closed(n) && !(names_amina(n) && strcmp(who, "amina") == 0);
}

static void add_case(uint32_t n)
{
    uint8_t id[16] = {0};
    char arrived[CLOCK_TEXT_SIZE];
    memcpy(id, &n, sizeof n);
    struct case_file *file = book_add(vault->book, id);
    clock_text(NOW + n, arrived);
    json_t *state = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:{s:i,s:i,s:i},s:[{s:s,s:i}],s:[{s:s,s:b}],s:[s]}", "life",
                              n % 3 ? "assessed" : "received", "kind", "grievance", "language", "en", "arrived",
                              arrived, "lane", n % 3 ? "assessed" : "first_look", "taken_by", "", "proposal", "scale",
                              (int)(n % 4) + 1, "scope", 1, "irremediability", 1, "watchers", "who", "amina", "seen", 0,
                              "links", "impact", wells, "confirmed", 1, "linked", "x");
    if (names_amina(n))
        json_object_set_new(state, "named", json_pack("[{s:s}]", "name", "amina"));
    if (n % 7 == 0)
        json_object_set_new(state, "closing", json_pack("{s:s}", "by", "joseph"));
    file->state = json_dumps(state, JSON_COMPACT);
    file->state_len = strlen(file->state);
    file->version = 1;
    book_note_known(vault->book, 1);
    file->is_unmatched = is_closed(n);
    state_read(state, file);
    impacts_know(vault->impacts, state, file);
    sides_know(vault, state, file);
    queue_put(&vault->queue, &file->place, NOW);
    listing_know(vault, state, file);
    search_add(vault->search, file, "the bridge fell", 15);
    json_decref(state);
}

static int begin(void **state)
{
    (void)state;
    static char desk[] = "usual";
    uint8_t id[16], hash[32] = {0};
    vault = mem_new(sizeof *vault);
    vault->settings.desk = desk;
    vault->book = book_new(NULL);
    vault->roll = filter_roll_new();
    vault->alike = alike_new();
    vault->alike_aside = alike_new();
    vault->search = search_new();
    vault->impacts = impacts_new();
    memset(id, 1, sizeof id);
    impacts_keep(vault, id, 1, hash, json_pack("{s:s}", "title", "Wells"));
    for (uint32_t n = 0; n < CASES; n++)
        add_case(n);
    return 0;
}

static int end(void **state)
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

/* How many of all cases `is` says 1 to and `who` may know of. */
typedef int is_fn(uint32_t n);
static size_t there(const char *who, is_fn *is)
{
    size_t count = 0;
    for (uint32_t n = 0; n < CASES; n++)
        count += is(n) && is_there(n, who);
    return count;
}

static int any(uint32_t n)
{
    (void)n;
    return 1;
}

static int is_new(uint32_t n)
{
    return n % 3 == 0;
}

static int waits_for_second(uint32_t n)
{
    return n % 7 == 0;
}

static const char *const people[] = {"amina", "joseph"};
/* NOLINTNEXTLINE(bugprone-macro-parentheses): a name that is declared cannot stand in parentheses. */
#define EACH(who) for (const char *const *at = people, *who; at < people + 2 && (who = *at); at++)

static void by_its_id_it_is_not_there(void **state)
{
    (void)state;
    uint8_t id[16];
    char text[CODE_ID_SIZE];
    EACH(who)
    for (uint32_t n = 0; n < CASES; n++) {
        struct case_file *file = book_at(vault->book, n);
        code_id(file->id, text);
        struct case_file *expected = is_there(n, who) ? file : NULL;
        assert_ptr_equal(seen_find(vault, who, text), expected);
        assert_ptr_equal(seen_at(vault, who, n), expected);
        assert_int_equal(seen_hides(vault, who, text, id), !expected);
    }
    assert_null(seen_find(vault, "joseph", "no id"));
    assert_false(seen_hides(vault, "joseph", "02020202-0202-0202-0202-020202020202", id));
}

static void counts_leave_out_what_lists_leave_out(void **state)
{
    (void)state;
    EACH(who)
    {
        size_t index = 0, met = 0;
        assert_int_equal(seen_count(vault, who), there(who, any));
        assert_int_equal(seen_lane_count(vault, who, LANE_FIRST_LOOK), there(who, is_new));
        assert_int_equal(seen_side_count(vault, who, SIDES_SECOND), there(who, waits_for_second));
        assert_int_equal(seen_side_count(vault, who, SIDES_WATCHED), there(who, any));
        assert_int_equal(seen_impact_count(vault, who, impacts_at(vault->impacts, 0)), there(who, any));
        for (const struct case_file *file; (file = seen_lane_next(vault, who, LANE_FIRST_LOOK, &index)); met++)
            assert_true(is_there(file->number, who));
        assert_int_equal(met, there(who, is_new));
    }
    assert_true(there("amina", any) < there("joseph", any));
}

/* A page that begins behind so many others: the same cases as when all are walked. */
static void pages_of_a_lane_leave_no_gap(void **state)
{
    (void)state;
    EACH(who)
    {
        size_t walk = 0;
        const struct case_file *file;
        for (size_t after = 0; (file = seen_lane_next(vault, who, LANE_FIRST_LOOK, &walk)); after++) {
            size_t index = seen_lane_begin(vault, who, LANE_FIRST_LOOK, after);
            assert_ptr_equal(seen_lane_next(vault, who, LANE_FIRST_LOOK, &index), file);
        }
        size_t index = seen_lane_begin(vault, who, LANE_FIRST_LOOK, CASES);
        assert_null(seen_lane_next(vault, who, LANE_FIRST_LOOK, &index));
    }
}

static size_t listed(const char *who, const char *filter, const struct search_run *found)
{
    struct filter read;
    struct json_fault fault;
    size_t total;
    json_t *object = json_loads(filter, 0, NULL);
    assert_int_equal(filter_read(object, &read, &fault), ERR_OK);
    json_decref(object);
    const struct listing ask = {.filter = &read, .who = who, .found = found, .limit = CASES};
    json_t *items = listing_page(vault, &ask, &total), *item;
    size_t i;
    assert_int_equal(json_array_size(items), total);
    json_array_foreach(items, i, item)
    {
        uint8_t id[16];
        const char *text = json_string_value(json_object_get(item, "case"));
        assert_int_equal(code_unid(text, strlen(text), id), ERR_OK);
        assert_true(is_there(book_find(vault->book, id)->number, who));
    }
    json_decref(items);
    return total;
}

static void no_filter_and_no_search_finds_it(void **state)
{
    (void)state;
    struct search_run run;
    assert_int_equal(search_run_begin(vault->search, "bridge", 6, &run), ERR_OK);
    while (search_run_step(&run, 1 << 30))
        ;
    EACH(who)
    {
        assert_int_equal(listed(who, "{}", NULL), there(who, any));
        assert_int_equal(listed(who, "{\"lane\":\"first_look\"}", NULL), there(who, is_new));
        assert_int_equal(listed(who, "{\"impact\":\"01010101-0101-0101-0101-010101010101\"}", NULL), there(who, any));
        assert_int_equal(listed(who, "{}", &run), there(who, any));
    }
    search_run_end(&run);
}

static int may_have(const struct queue_place *place, void *who)
{
    return sides_may_have(book_of_place((struct queue_place *)(uintptr_t)place), who, NOW);
}

static void it_is_given_to_others_alone(void **state)
{
    (void)state;
    struct queue_place *place;
    size_t hers = 0, his = 0;
    while ((place = queue_take_for(&vault->queue, NOW, may_have, (void *)(uintptr_t) "amina"))) {
        assert_true(is_there(place->number, "amina"));
        hers++;
    }
    while ((place = queue_take_for(&vault->queue, NOW, may_have, (void *)(uintptr_t) "joseph"))) {
        assert_true(names_amina(place->number) && !is_closed(place->number));
        his++;
    }
    assert_int_equal(hers, there("amina", any));
    assert_int_equal(hers + his, there("joseph", any));
}

static void what_is_on_its_way_is_given_to_nobody(void **state)
{
    (void)state;
    struct case_file *file = book_at(vault->book, 1);
    char at[CLOCK_TEXT_SIZE];
    clock_text(NOW, at);
    json_t *leaving = json_pack("{s:{s:s,s:s}}", "route", "to", "oversight", "at", at);
    assert_true(sides_may_have(file, "joseph", NOW));
    sides_know(vault, leaving, file);
    assert_false(sides_may_have(file, "joseph", NOW));
    assert_true(seen_by(file, "joseph"));
    assert_false(sides_may_have(file, "joseph", NOW + SIDES_LEAVING_S - 1));
    assert_true(sides_may_have(file, "joseph", NOW + SIDES_LEAVING_S)); /* something holds it here */
    assert_int_equal(sides_count(&vault->sides, SIDES_LEAVING), 1);
    json_decref(leaving);
}

static void an_impact_tells_no_more_than_its_cases(void **state)
{
    (void)state;
    struct docket docket;
    docket_fill(vault, &docket);
    EACH(who)
    {
        json_t *row = register_row(vault, who, &docket, impacts_at(vault->impacts, 0), NOW), *one;
        json_t *joined = register_joined(vault, who, impacts_at(vault->impacts, 0), 24);
        json_int_t sum = 0;
        size_t i;
        json_array_foreach(joined, i, one) sum += json_integer_value(json_object_get(one, "cases"));
        assert_int_equal(json_integer_value(json_object_get(row, "cases")), there(who, any));
        assert_int_equal(sum, there(who, any));
        json_decref(row);
        json_decref(joined);
    }
    docket_free(&docket);
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(by_its_id_it_is_not_there),
        STORY(counts_leave_out_what_lists_leave_out),
        STORY(pages_of_a_lane_leave_no_gap),
        STORY(no_filter_and_no_search_finds_it),
        STORY(it_is_given_to_others_alone),
        STORY(what_is_on_its_way_is_given_to_nobody),
        STORY(an_impact_tells_no_more_than_its_cases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
