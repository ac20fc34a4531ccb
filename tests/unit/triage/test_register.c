/* test_register.c -- the register in memory: cases that join and go, actions of each entity, what is shown of them. */
#include "tests/unit/triage/register.h"

#include "common/base/clock.h"
#include "triage/vault/register_view.h"

enum { DAY = 24 * 3600 };

static struct case_file files[8];
static char wells[CODE_ID_SIZE];

static int fresh(void **state)
{
    memset(files, 0, sizeof files);
    for (uint32_t i = 0; i < 8; i++)
        files[i].number = i;
    int result = register_fresh(state);
    register_keep(1, 1, json_pack("{s:s,s:s}", "title", "Wells", "what", "The wells run dry"), wells);
    return result;
}

static int ended(void **state)
{
    for (size_t i = 0; i < 8; i++)
        mem_free(files[i].impacts);
    return register_ended(state);
}

static int is_assessed;

/* A case of that severity is linked to the wells, or not any more. */
static void link_case(size_t number, uint8_t scale, uint8_t scope, int confirmed, const char *at)
{
    json_t *state = json_pack("{s:s,s:[{s:s,s:b,s:s}]}", "arrived", "2026-01-05T00:00:00Z", "links", "impact", wells,
                              "confirmed", confirmed, "at", at);
    if (is_assessed)
        json_object_set_new(state, "assessment", json_object());
    files[number].place.severity.scale = scale;
    files[number].place.severity.scope = scope;
    impacts_know(vault.impacts, state, &files[number]);
    json_decref(state);
}

static void an_impact_has_the_highest_of_its_cases(void **state)
{
    (void)state;
    const struct impact *impact = impacts_find(vault.impacts, wells);
    assert_false(impact_rolled(impact).is_known);
    link_case(0, 4, 1, 1, "");
    link_case(1, 2, 3, 1, "");
    link_case(2, 1, 4, 0, ""); /* only proposed */
    struct impact_level rolled = impact_rolled(impact);
    assert_int_equal(rolled.scale, 4);
    assert_int_equal(rolled.scope, 3);
    assert_int_equal(rolled.irremediability, SEVERITY_UNKNOWN);
    assert_int_equal(impact->case_count, 2);
    link_case(0, 2, 1, 1, ""); /* assessed again, and lower: what was not published was never said */
    assert_int_equal(impact_rolled(impact).scale, 2);
    link_case(0, 2, 1, 0, "");
    link_case(1, 2, 1, 0, "");
    assert_int_equal(impact->case_count, 0);
    assert_false(impact_rolled(impact).is_known);
}

/* What a vault publishes stays for ever: a guess of the rules must not be among it. */
static void only_what_a_person_assessed_is_published(void **state)
{
    (void)state;
    const struct impact *impact = impacts_find(vault.impacts, wells);
    link_case(0, 4, 4, 1, "");
    assert_int_equal(impact_rolled(impact).scale, 4);
    assert_false(impact_assessed(impact).is_known);
    is_assessed = 1;
    link_case(0, 2, 0, 1, "");
    assert_true(impact_assessed(impact).is_known);
    assert_int_equal(impact_assessed(impact).scale, 2);
    assert_int_equal(impact_assessed(impact).scope, SEVERITY_UNKNOWN);
    link_case(1, 1, 3, 1, "");
    assert_int_equal(impact_assessed(impact).scale, 2);
    assert_int_equal(impact_assessed(impact).scope, 3);
    is_assessed = 0;
}

static void an_older_version_changes_nothing(void **state)
{
    (void)state;
    register_keep(1, 3, json_pack("{s:s}", "title", "Wells and pumps"), wells);
    register_keep(1, 2, json_pack("{s:s}", "title", "Pumps"), wells);
    const struct impact *impact = impacts_find(vault.impacts, wells);
    assert_int_equal(impact->version, 3);
    assert_string_equal(json_string_value(json_object_get(impact->json, "title")), "Wells and pumps");
    assert_int_equal(impacts_count(vault.impacts), 1);
}

static void how_many_people_is_for_its_cases_too(void **state)
{
    (void)state;
    int64_t low, high;
    assert_false(impact_people(impacts_find(vault.impacts, wells), &low, &high));
    register_keep(1, 2, json_pack("{s:s,s:i,s:b}", "title", "Wells", "people_low", 500, "whole_group", 1), wells);
    const struct impact *impact = impacts_find(vault.impacts, wells);
    assert_true(impact_people(impact, &low, &high));
    assert_int_equal(low, 500);
    assert_int_equal(high, 0);
    assert_true(impact_is_whole_group(impact));
}

static void the_months_in_which_cases_joined_are_counted(void **state)
{
    (void)state;
    link_case(0, 1, 1, 1, "2026-03-31T23:00:00Z");
    link_case(1, 1, 1, 1, "2026-03-01T00:00:00Z");
    link_case(2, 1, 1, 1, "2025-12-05T00:00:00Z");
    link_case(3, 1, 1, 1, ""); /* before links had a time: when the case arrived */
    json_t *joined = register_joined(&vault, "amina", impacts_find(vault.impacts, wells), 24);
    static const struct {
        const char *month;
        int cases;
    } rows[] = {{"2026-03", 2}, {"2026-01", 1}, {"2025-12", 1}};
    assert_int_equal(json_array_size(joined), 3);
    for (size_t i = 0; i < 3; i++) {
        const json_t *one = json_array_get(joined, i);
        assert_string_equal(json_string_value(json_object_get(one, "month")), rows[i].month);
        assert_int_equal(json_integer_value(json_object_get(one, "cases")), rows[i].cases);
    }
    json_decref(joined);
    joined = register_joined(&vault, "amina", impacts_find(vault.impacts, wells), 2);
    assert_int_equal(json_array_size(joined), 2);
    json_decref(joined);
}

/* ---- actions ---- */

static char action[CODE_ID_SIZE];

static void plan(uint8_t number, const char *entity, const char *in_state, const char *due)
{
    register_keep(number, 1,
                  json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s}", "kind", "action", "impact", wells, "entity", entity,
                            "type", "leverage", "state", in_state, "due", due, "at", "2026-01-10T00:00:00Z"),
                  action);
}

static int64_t drift_at(const char *day)
{
    struct docket docket;
    const struct impact *impact = impacts_find(vault.impacts, wells);
    docket_fill(&vault, &docket);
    int64_t days = register_drift(&vault, &docket, impact, impact_entity(impact->json, "buyer"), clock_parse(day));
    docket_free(&docket);
    return days;
}

/* Each has its own responsibility: what the pump's maker does keeps nobody else from drifting. */
static void what_one_entity_does_discharges_no_other(void **state)
{
    (void)state;
    json_t *linked = json_pack("[{s:s,s:s}]", "value", "linked", "from", "2026-01-01T00:00:00Z");
    register_keep(1, 2,
                  json_pack("{s:s,s:[{s:s,s:s,s:o},{s:s,s:s,s:[]}]}", "title", "Wells", "entities", "entity", "buyer",
                            "name", "Buyer", "involvement", linked, "entity", "maker", "name", "Maker", "involvement"),
                  wells);
    assert_int_equal(drift_at("2026-01-15"), 0);
    assert_int_equal(drift_at("2026-02-05"), 35);
    plan(2, "maker", "effective", "2026-01-20T00:00:00Z");
    assert_int_equal(drift_at("2026-02-05"), 35);
    plan(3, "buyer", "planned", "2026-06-01T00:00:00Z");
    assert_int_equal(drift_at("2026-02-05"), 0);
    assert_int_equal(drift_at("2026-05-31"), 0);
    assert_int_equal(drift_at("2026-06-10"), 151); /* overdue, and not touched since the tenth of January */
    json_t *shown = register_impact(&vault, "amina", impacts_find(vault.impacts, wells), clock_parse("2026-02-05"));
    const json_t *buyer = json_array_get(json_object_get(shown, "entities"), 0);
    const json_t *expects = json_array_get(json_object_get(buyer, "expects"), 0);
    assert_string_equal(json_string_value(json_object_get(buyer, "involvement")), "linked");
    assert_string_equal(json_string_value(json_object_get(expects, "type")), "leverage");
    assert_true(json_is_true(json_object_get(expects, "is_there")));
    assert_int_equal(json_integer_value(json_object_get(shown, "open")), 1);
    assert_int_equal(json_array_size(json_object_get(shown, "actions")), 2);
    assert_null(json_object_get(shown, "levels")); /* of other desks: only what they come to together */
    json_decref(shown);
}

/* Entries are read in the order of their ids: an action may come before its impact. */
static void an_action_may_be_read_before_its_impact(void **state)
{
    (void)state;
    char later[CODE_ID_SIZE];
    uint8_t id[16];
    memset(id, 9, sizeof id);
    code_id(id, later);
    memcpy(wells, later, sizeof wells);
    plan(4, "buyer", "planned", "2026-06-01T00:00:00Z");
    json_t *row = register_action(&vault, impacts_action(vault.impacts, action), 0);
    assert_string_equal(json_string_value(json_object_get(row, "title")), "");
    json_decref(row);
    register_keep(9, 1, json_pack("{s:s}", "title", "Pumps"), later);
    row = register_action(&vault, impacts_action(vault.impacts, action), 0);
    assert_string_equal(json_string_value(json_object_get(row, "title")), "Pumps");
    json_decref(row);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_impact_has_the_highest_of_its_cases, fresh, ended),
        cmocka_unit_test_setup_teardown(only_what_a_person_assessed_is_published, fresh, ended),
        cmocka_unit_test_setup_teardown(an_older_version_changes_nothing, fresh, ended),
        cmocka_unit_test_setup_teardown(how_many_people_is_for_its_cases_too, fresh, ended),
        cmocka_unit_test_setup_teardown(the_months_in_which_cases_joined_are_counted, fresh, ended),
        cmocka_unit_test_setup_teardown(what_one_entity_does_discharges_no_other, fresh, ended),
        cmocka_unit_test_setup_teardown(an_action_may_be_read_before_its_impact, fresh, ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
