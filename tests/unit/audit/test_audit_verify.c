/* Someone who owns the database changes one thing: each time a sentence says so, and without it nothing is said. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "world.h"

static void assert_found(struct world *world, const char *words)
{
    struct audit_report report;
    world_verify(world, &report);
    int found = 0;
    for (size_t i = 0; i < report.found.kept; i++)
        found |= strstr(report.found.sentences[i], words) != NULL;
    if (!found)
        for (size_t i = 0; i < report.found.kept; i++)
            print_message("found: %s\n", report.found.sentences[i]);
    assert_true(found);
    audit_findings_free(&report.found);
    world_free(world);
}

static void swap(void *a, void *b, size_t size)
{
    uint8_t held[512];
    assert_true(size <= sizeof held);
    memcpy(held, a, size);
    memcpy(a, b, size);
    memcpy(b, held, size);
}

static void test_a_whole_installation_has_nothing_wrong(void **state)
{
    struct world world;
    struct audit_report report;
    (void)state;
    world_new(&world);
    world_verify(&world, &report);
    for (size_t i = 0; i < report.found.kept; i++)
        print_message("found: %s\n", report.found.sentences[i]);
    assert_int_equal(report.found.count, 0);
    assert_int_equal(report.log.leaves, 11);
    assert_int_equal(report.log.newer, 1);
    assert_int_equal(report.log.checkpoints, 3);
    assert_int_equal(report.states, WORLD_CASES);
    assert_int_equal(report.messages, WORLD_CASES * WORLD_ROWS);
    assert_int_equal(report.records, 1);
    assert_int_equal(report.impacts, WORLD_VERSIONS);
    assert_int_equal(report.counts, 1);
    world_free(&world);
}

/* ---- the log ---- */

static void test_a_changed_entry(void **state)
{
    struct world world;
    (void)state;
    world_new(&world);
    world.entries[4][7] ^= 1;
    assert_found(&world, "was changed: it is not what its own hash says");
}

static void test_an_entry_changed_together_with_its_hash(void **state)
{
    struct world world;
    (void)state;
    world_new(&world);
    world.entries[4][7] ^= 1;
    sign_sha256(world.entries[4], sizeof world.entries[4], world.leaves[4].entry_sha256);
    assert_found(&world, "Log entry 5 (desk usual) is not the one that was put there");
}

static void test_an_entry_changed_together_with_all_hashes(void **state)
{
    struct world world;
    struct operator_leaf *leaf = &world.leaves[4];
    (void)state;
    world_new(&world);
    world.entries[4][7] ^= 1;
    sign_sha256(world.entries[4], sizeof world.entries[4], leaf->entry_sha256);
    audit_leaf_hash(leaf->leaf_id, leaf->desk, leaf->state_hash, leaf->before_hash, leaf->entry_sha256,
                    leaf->leaf_hash);
    assert_found(&world, "The first 8 entries of the log are not those that the checkpoint in the database");
}

static void test_a_missing_entry(void **state)
{
    struct world world;
    (void)state;
    world_new(&world);
    world.leaves[2].entry = NULL;
    assert_found(&world, "Log entry 3 is missing");
}

static void test_a_hole_in_the_order(void **state)
{
    struct world world;
    (void)state;
    world_new(&world);
    memmove(&world.leaves[3], &world.leaves[4], (world.leaf_count - 4) * sizeof *world.leaves);
    world.leaf_count--;
    assert_found(&world, "hole: places 4 to 4 are missing");
}

static void test_two_entries_with_their_places_swapped(void **state)
{
    struct world world;
    (void)state;
    world_new(&world);
    swap(&world.leaves[2], &world.leaves[3], sizeof world.leaves[0]);
    world.leaves[2].seq = 3;
    world.leaves[3].seq = 4;
    assert_found(&world, "an entry was changed, added, taken away or moved");
}

static void test_an_entry_under_another_desk(void **state)
{
    struct world world;
    (void)state;
    world_new(&world);
    strcpy(world.leaves[1].desk, "oversight");
    assert_found(&world, "Log entry 2 (desk oversight) is not the one that was put there");
}

static void test_a_database_rolled_back_behind_a_published_checkpoint(void **state)
{
    struct world world;
    (void)state;
    world_new(&world);
    /* All of it as it was at the first checkpoint; the file outside knows the second. */
    world.leaf_count = 8;
    world.note_count = 1;
    world.impact_count = 0;
    assert_found(&world, "rolled back: a checkpoint in the file outside was signed for 10 entries");
}

static void test_a_checkpoint_that_another_key_signed(void **state)
{
    struct world world, other;
    (void)state;
    world_new(&world);
    world_new(&other);
    memcpy(world.notes[0], other.notes[0], sizeof world.notes[0]);
    world_free(&other);
    assert_found(&world, "is not signed by this office's checkpoint key");
}

static void test_swapped_checkpoints(void **state)
{
    struct world world;
    (void)state;
    world_new(&world);
    swap(world.notes[0], world.notes[1], WORLD_NOTE);
    assert_found(&world, "keeps under size 8 is signed for size 10: swapped");
}

/* ---- states and rows ---- */

static void test_a_changed_state(void **state)
{
    struct world world;
    (void)state;
    world_new(&world);
    world.cases[1].body[3] ^= 1;
    assert_found(&world, "the signature of desk usual does not fit");
}

static void test_a_missing_case(void **state)
{
    struct world world;
    (void)state;
    world_new(&world);
    world.case_count--;
    assert_found(&world, "Log entry 7 wrote something that is not there any more");
}

static void test_an_erased_case_is_not_missing(void **state)
{
    struct world world;
    struct audit_report report;
    (void)state;
    world_new(&world);
    world_erase(&world);
    world_verify(&world, &report);
    assert_int_equal(report.found.count, 0);
    assert_int_equal(report.erased, 1);
    assert_int_equal(report.states, WORLD_CASES - 1);
    world_free(&world);
}

/* Whoever owns the database takes away a report that nobody has opened, and says that it was part of an erased case. */
static void test_a_row_that_is_said_to_be_of_an_erased_case(void **state)
{
    struct world world;
    (void)state;
    world_new(&world);
    world_erase(&world);
    world.gone.row_count++;
    assert_found(&world, "were added: its state counts 2, and there are 3");
}

static void test_a_row_swapped_among_those_of_an_erased_case(void **state)
{
    struct world world;
    (void)state;
    world_new(&world);
    world_erase(&world);
    world.gone.rows[1].place.n = 77;
    assert_found(&world, "were changed or swapped");
}

static void test_an_erased_case_that_the_log_does_not_know_as_one(void **state)
{
    struct world world;
    (void)state;
    world_new(&world);
    world_erase(&world);
    world.leaf_count--;
    assert_found(&world, "is said to have been erased, and the log does not say so");
}

static void test_an_erased_case_that_no_desk_signed(void **state)
{
    struct world world;
    (void)state;
    world_new(&world);
    world_erase(&world);
    world.gone.one.messages = 3;
    world.gone.row_count = 3;
    assert_found(&world, "the signature of desk usual does not fit");
}

static void test_an_erased_case_of_which_something_is_there(void **state)
{
    struct world world;
    (void)state;
    world_new(&world);
    world_erase(&world);
    world.gone.one.has_head = 1;
    assert_found(&world, "is said to have been erased, and something of it is there");
}

static void test_a_missing_state(void **state)
{
    struct world world;
    (void)state;
    world_new(&world);
    world.cases[0].one.body = NULL;
    assert_found(&world, "has 2 opened messages and no state");
}

/* The first version of case 0 with the rows that it counted: all of it well signed. */
static void test_an_old_state_put_back(void **state)
{
    struct world world;
    /* cppcheck-suppress uninitvar ; only where it is, not what it holds */
    struct operator_case *one = &world.cases[0].one;
    struct world_case old;
    (void)state;
    world_new(&world);
    /* Write a third version and put the second one back. */
    old = world.cases[0];
    memcpy(world.leaves[world.leaf_count - 1].state_hash, "a third version's hash, whatever", 32);
    memcpy(world.leaves[world.leaf_count - 1].before_hash, old.one.state_hash, 32);
    struct operator_leaf *leaf = &world.leaves[world.leaf_count - 1];
    audit_leaf_hash(leaf->leaf_id, leaf->desk, leaf->state_hash, leaf->before_hash, leaf->entry_sha256,
                    leaf->leaf_hash);
    assert_int_equal(one->version, 2);
    assert_found(&world, "is an old one put back");
}

static void test_a_state_that_the_log_does_not_know(void **state)
{
    struct world world, other;
    (void)state;
    world_new(&world);
    world_new(&other);
    /* Signed by the same desk, in a history that was never published. */
    sign_key_free(other.desk);
    other.desk = NULL;
    memcpy(world.manifest.keys[0].key, other.manifest.keys[0].key, 32);
    world.cases[2] = other.cases[2];
    world.cases[2].one.body = world.cases[2].body;
    world.cases[2].one.signature = world.cases[2].signature;
    world_free(&other);
    assert_found(&world, "(version 2) is not in the log");
}

static void test_a_state_at_another_desk(void **state)
{
    struct world world;
    (void)state;
    world_new(&world);
    strcpy(world.cases[0].one.desk, "oversight");
    assert_found(&world, "lies at desk oversight, and its state at desk usual");
}

static void test_a_changed_row(void **state)
{
    struct world world;
    (void)state;
    world_new(&world);
    world.cases[1].rows[0].body[0] ^= 1;
    assert_found(&world, "were changed or swapped");
}

static void test_a_missing_row(void **state)
{
    struct world world;
    (void)state;
    world_new(&world);
    world.cases[1].row_count--;
    assert_found(&world, "are missing: its state counts 2, and there are 1");
}

static void test_an_added_row(void **state)
{
    struct world world;
    (void)state;
    world_new(&world);
    world.cases[1].row_count++;
    assert_found(&world, "were added: its state counts 2, and there are 3");
}

static void test_swapped_rows(void **state)
{
    struct world world;
    (void)state;
    world_new(&world);
    swap(&world.cases[1].rows[0], &world.cases[1].rows[1], sizeof(struct world_row));
    assert_found(&world, "were changed or swapped");
}

static void test_bodies_swapped_between_two_cases(void **state)
{
    struct world world;
    (void)state;
    world_new(&world);
    swap(world.cases[0].rows[0].body, world.cases[1].rows[0].body, sizeof world.cases[0].rows[0].body);
    assert_found(&world, "were changed or swapped");
}

static void test_a_case_without_its_head(void **state)
{
    struct world world;
    (void)state;
    world_new(&world);
    world.cases[0].one.has_head = 0;
    assert_found(&world, "has rows and no head");
}

/* ---- records, impacts, counts ---- */

static void test_a_changed_record(void **state)
{
    struct world world;
    (void)state;
    world_new(&world);
    world.record.body[0] ^= 1;
    assert_found(&world, "Staff record");
}

static void test_a_missing_record(void **state)
{
    struct world world;
    (void)state;
    world_new(&world);
    world.record_count = 0;
    assert_found(&world, "Log entry 1 wrote something that is not there any more");
}

static void test_the_newest_version_of_an_impact_taken_away(void **state)
{
    struct world world;
    (void)state;
    world_new(&world);
    world.impact_count--;
    assert_found(&world, "an old one put back: the log knows one newer than version 1");
}

static void test_the_first_version_of_an_impact_taken_away(void **state)
{
    struct world world;
    (void)state;
    world_new(&world);
    world.impacts[0] = world.impacts[1];
    world.impacts[0].item.body = world.impacts[0].body;
    world.impacts[0].item.signature = world.impacts[0].signature;
    world.impact_count--;
    assert_found(&world, "a version before 2 is missing");
}

static void test_a_changed_count(void **state)
{
    struct world world;
    (void)state;
    world_new(&world);
    world.count.n--;
    assert_found(&world, "A count of rows by intake was changed");
}

static void test_rows_that_intake_counted_and_nobody_has(void **state)
{
    struct world world;
    (void)state;
    world_new(&world);
    world.count.rows = 3;
    assert_found(&world, "intake has signed for 4 rows of one of its runs, and there are 3");
}

/* ---- reading twice ---- */

static void test_only_what_is_found_twice_is_told(void **state)
{
    struct audit_findings first = {0}, second = {0};
    (void)state;
    audit_found(&first, "Case %d.", 1);
    audit_found(&first, "Case %d.", 2);
    audit_found(&second, "Case %d.", 2);
    audit_found(&second, "Case %d.", 3);
    audit_findings_only_both(&first, &second);
    assert_int_equal(first.count, 1);
    assert_string_equal(first.sentences[0], "Case 2.");
    audit_findings_free(&first);
    audit_findings_free(&second);
}

static void test_more_than_can_be_kept_is_counted(void **state)
{
    struct audit_findings found = {0}, again = {0};
    (void)state;
    for (int i = 0; i < AUDIT_KEPT + 7; i++) {
        audit_found(&found, "Case %d.", i);
        audit_found(&again, "Case %d.", i);
    }
    audit_findings_only_both(&found, &again);
    assert_int_equal(found.kept, AUDIT_KEPT);
    assert_int_equal(found.count, AUDIT_KEPT + 7);
    audit_findings_free(&found);
    audit_findings_free(&again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_whole_installation_has_nothing_wrong),
        cmocka_unit_test(test_a_changed_entry),
        cmocka_unit_test(test_an_entry_changed_together_with_its_hash),
        cmocka_unit_test(test_an_entry_changed_together_with_all_hashes),
        cmocka_unit_test(test_a_missing_entry),
        cmocka_unit_test(test_a_hole_in_the_order),
        cmocka_unit_test(test_two_entries_with_their_places_swapped),
        cmocka_unit_test(test_an_entry_under_another_desk),
        cmocka_unit_test(test_a_database_rolled_back_behind_a_published_checkpoint),
        cmocka_unit_test(test_a_checkpoint_that_another_key_signed),
        cmocka_unit_test(test_swapped_checkpoints),
        cmocka_unit_test(test_a_changed_state),
        cmocka_unit_test(test_a_missing_case),
        cmocka_unit_test(test_an_erased_case_is_not_missing),
        cmocka_unit_test(test_a_row_that_is_said_to_be_of_an_erased_case),
        cmocka_unit_test(test_a_row_swapped_among_those_of_an_erased_case),
        cmocka_unit_test(test_an_erased_case_that_the_log_does_not_know_as_one),
        cmocka_unit_test(test_an_erased_case_that_no_desk_signed),
        cmocka_unit_test(test_an_erased_case_of_which_something_is_there),
        cmocka_unit_test(test_a_missing_state),
        cmocka_unit_test(test_an_old_state_put_back),
        cmocka_unit_test(test_a_state_that_the_log_does_not_know),
        cmocka_unit_test(test_a_state_at_another_desk),
        cmocka_unit_test(test_a_changed_row),
        cmocka_unit_test(test_a_missing_row),
        cmocka_unit_test(test_an_added_row),
        cmocka_unit_test(test_swapped_rows),
        cmocka_unit_test(test_bodies_swapped_between_two_cases),
        cmocka_unit_test(test_a_case_without_its_head),
        cmocka_unit_test(test_a_changed_record),
        cmocka_unit_test(test_a_missing_record),
        cmocka_unit_test(test_the_newest_version_of_an_impact_taken_away),
        cmocka_unit_test(test_the_first_version_of_an_impact_taken_away),
        cmocka_unit_test(test_a_changed_count),
        cmocka_unit_test(test_rows_that_intake_counted_and_nobody_has),
        cmocka_unit_test(test_only_what_is_found_twice_is_told),
        cmocka_unit_test(test_more_than_can_be_kept_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
