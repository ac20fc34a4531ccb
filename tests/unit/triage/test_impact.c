/* test_impact.c -- an impact: its own severity and that of its cases, who is involved and since when, what is forgotten
 * about by nobody. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/clock.h"
#include "triage/vault/entry.h"
#include "triage/vault/idmap.h"
#include "triage/vault/impact.h"

enum { DAY = 24 * 3600 };

static int64_t at(const char *day)
{
    return clock_parse(day);
}

static struct impact_level level(uint8_t scale, uint8_t scope, uint8_t irremediability)
{
    return (struct impact_level){scale, scope, irremediability, 0, 0, 1};
}

/* ---- severity ---- */

static void the_higher_counts_part_by_part(void **state)
{
    (void)state;
    struct impact_level all = {0};
    const struct impact_level few_gravely = level(4, 1, 2), many_lightly = level(1, 3, 2), nobody_said = {0};
    impact_level_join(&all, &nobody_said);
    assert_false(all.is_known);
    impact_level_join(&all, &few_gravely);
    impact_level_join(&all, &many_lightly);
    impact_level_join(&all, &nobody_said);
    assert_true(all.is_known);
    assert_int_equal(all.scale, 4);
    assert_int_equal(all.scope, 3);
    assert_int_equal(all.irremediability, 2);
}

/* What is not known sorts as 3: it is above a 2 that is known, and gives way to a 3. */
static void unknown_is_never_low(void **state)
{
    (void)state;
    struct impact_level all = level(2, 3, SEVERITY_UNKNOWN);
    const struct impact_level other = level(SEVERITY_UNKNOWN, SEVERITY_UNKNOWN, 2);
    impact_level_join(&all, &other);
    assert_int_equal(all.scale, SEVERITY_UNKNOWN);
    assert_int_equal(all.scope, 3);
    assert_int_equal(all.irremediability, SEVERITY_UNKNOWN);
}

static void what_a_desk_published_never_lowers(void **state)
{
    (void)state;
    json_t *impact = json_object();
    struct impact_level now = level(3, 2, SEVERITY_UNKNOWN);
    assert_true(impact_raises(impact, "usual", &now));
    impact_publish(impact, "usual", &now);
    assert_false(impact_raises(impact, "usual", &now));
    now = level(1, 1, 1);
    assert_true(impact_raises(impact, "usual", &now)); /* irremediability is known now */
    impact_publish(impact, "usual", &now);
    struct impact_level all = impact_published(impact);
    assert_int_equal(all.scale, 3);
    assert_int_equal(all.scope, 2);
    assert_int_equal(all.irremediability, 1);
    now = level(4, 1, 1);
    now.danger_now = 1;
    impact_publish(impact, "safeguarding", &now);
    all = impact_published(impact);
    assert_int_equal(all.scale, 4);
    assert_false(all.danger_now); /* of a moment: it is not kept */
    json_decref(impact);
}

static void an_impact_that_nobody_assessed_has_no_level_of_its_own(void **state)
{
    (void)state;
    json_t *impact = json_pack("{s:n,s:n,s:n}", "scale", "scope", "irremediability");
    assert_false(impact_own(impact).is_known);
    json_object_set_new(impact, "grave", json_true());
    assert_true(impact_own(impact).is_known && impact_own(impact).grave);
    json_decref(impact);
}

/* ---- involvement ---- */

static json_t *entity_of(const char *const *entries)
{
    json_t *entity = json_pack("{s:s,s:[]}", "entity", "e", "involvement");
    for (; *entries; entries += 2)
        json_array_append_new(json_object_get(entity, "involvement"),
                              json_pack("{s:s,s:s}", "value", entries[0], "from", entries[1]));
    return entity;
}

static void involvement_shifts_and_its_past_stays(void **state)
{
    (void)state;
    static const char *const entries[] = {"cause",  "2026-01-01T00:00:00Z", "contribute", "2026-03-01T00:00:00Z",
                                          "linked", "2026-05-01T00:00:00Z", NULL};
    json_t *entity = entity_of(entries);
    assert_null(impact_involvement(entity, at("2025-12-31")));
    assert_string_equal(entry_text(impact_involvement(entity, at("2026-02-01")), "value"), "cause");
    assert_string_equal(entry_text(impact_involvement(entity, at("2026-04-01")), "value"), "contribute");
    assert_string_equal(entry_text(impact_involvement(entity, at("2026-06-01")), "value"), "linked");
    assert_int_equal(json_array_size(json_object_get(entity, "involvement")), 3);
    json_decref(entity);
}

/* Written down late, it still holds from when it began; of two for the same day the later word counts. */
static void what_is_learned_later_holds_from_when_it_was_true(void **state)
{
    (void)state;
    static const char *const entries[] = {"linked",     "2026-05-01T00:00:00Z", "contribute", "2026-02-01T00:00:00Z",
                                          "contribute", "2026-05-01T00:00:00Z", NULL};
    json_t *entity = entity_of(entries);
    assert_string_equal(entry_text(impact_involvement(entity, at("2026-03-01")), "value"), "contribute");
    assert_string_equal(entry_text(impact_involvement(entity, at("2026-06-01")), "value"), "contribute");
    assert_int_equal(impact_linked_since(entity, at("2026-06-01")), 0);
    json_decref(entity);
}

/* Confirmed again, it is linked since the first word of it, not the last. */
static void linked_counts_from_its_beginning(void **state)
{
    (void)state;
    static const char *const entries[] = {"linked", "2026-01-01T00:00:00Z", "cause",  "2026-02-01T00:00:00Z",
                                          "linked", "2026-03-01T00:00:00Z", "linked", "2026-04-01T00:00:00Z",
                                          NULL};
    json_t *entity = entity_of(entries);
    assert_int_equal(impact_linked_since(entity, at("2026-06-01")), at("2026-03-01"));
    assert_int_equal(impact_linked_since(entity, at("2026-02-15")), 0);
    json_decref(entity);
}

static void linked_without_action_drifts(void **state)
{
    (void)state;
    int64_t since = at("2026-01-01");
    assert_int_equal(impact_drift(since, 0, 0, since + 29 * DAY, 30), 0);
    assert_int_equal(impact_drift(since, 0, 0, since + 30 * DAY, 30), 30);
    assert_int_equal(impact_drift(since, 1, since, since + 300 * DAY, 30), 0); /* an action holds */
    assert_int_equal(impact_drift(since, 0, since + 20 * DAY, since + 49 * DAY, 30), 0);
    assert_int_equal(impact_drift(since, 0, since + 20 * DAY, since + 50 * DAY, 30), 30);
    assert_int_equal(impact_drift(0, 0, 0, since, 30), 0); /* not linked */
}

/* ---- who changed what ---- */

static void whoever_comes_second_is_told_what_changed(void **state)
{
    (void)state;
    json_t *impact = json_pack("{s:s}", "title", "Wells");
    entry_note(impact, 1, at("2026-01-01"), "amina", "Put into the register", NULL);
    json_t *facts = json_pack("{s:s,s:n,s:[],s:b}", "title", "Wells run dry", "scale", "rights", "grave", 0);
    json_t *changed = entry_apply(impact, facts);
    assert_int_equal(json_array_size(changed), 1); /* nothing that was nothing is a change */
    assert_string_equal(json_string_value(json_array_get(changed, 0)), "title");
    entry_note(impact, 3, at("2026-01-02"), "joseph", "Changed", changed);
    json_t *since = entry_since(impact, 2), *none = entry_since(impact, 3);
    assert_int_equal(json_array_size(since), 1);
    assert_string_equal(entry_text(json_array_get(since, 0), "by"), "joseph");
    assert_int_equal(json_array_size(none), 0);
    assert_int_equal(entry_last(impact), at("2026-01-02"));
    json_decref(since);
    json_decref(none);
    json_decref(facts);
    json_decref(impact);
}

static void a_long_history_keeps_its_beginning_and_its_end(void **state)
{
    (void)state;
    json_t *impact = json_object();
    for (int i = 1; i <= ENTRY_HISTORY_MAX + 10; i++)
        entry_note(impact, i, i, "amina", "Changed", NULL);
    const json_t *history = json_object_get(impact, "history");
    assert_int_equal(json_array_size(history), ENTRY_HISTORY_MAX);
    assert_int_equal(json_integer_value(json_object_get(json_array_get(history, 0), "version")), 1);
    assert_int_equal(json_integer_value(json_object_get(json_array_get(history, ENTRY_HISTORY_MAX - 1), "version")),
                     ENTRY_HISTORY_MAX + 10);
    json_decref(impact);
}

static void ids_are_found_among_many(void **state)
{
    (void)state;
    struct idmap map = {0};
    uint8_t id[16] = {0};
    assert_int_equal(idmap_find(&map, id), -1);
    for (uint32_t i = 0; i < 1000; i++) {
        id[0] = (uint8_t)i;
        id[15] = (uint8_t)(i >> 8); /* the same first bytes: they meet in their slots */
        idmap_add(&map, id, i);
    }
    for (uint32_t i = 0; i < 1000; i++) {
        id[0] = (uint8_t)i;
        id[15] = (uint8_t)(i >> 8);
        assert_int_equal(idmap_find(&map, id), i);
    }
    id[7] = 1;
    assert_int_equal(idmap_find(&map, id), -1);
    idmap_free(&map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_higher_counts_part_by_part),
        cmocka_unit_test(unknown_is_never_low),
        cmocka_unit_test(what_a_desk_published_never_lowers),
        cmocka_unit_test(an_impact_that_nobody_assessed_has_no_level_of_its_own),
        cmocka_unit_test(involvement_shifts_and_its_past_stays),
        cmocka_unit_test(what_is_learned_later_holds_from_when_it_was_true),
        cmocka_unit_test(linked_counts_from_its_beginning),
        cmocka_unit_test(linked_without_action_drifts),
        cmocka_unit_test(whoever_comes_second_is_told_what_changed),
        cmocka_unit_test(a_long_history_keeps_its_beginning_and_its_end),
        cmocka_unit_test(ids_are_found_among_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
