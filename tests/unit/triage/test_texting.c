/* test_texting.c -- one number is one case; STOP is obeyed in every language until the person texts again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "triage/vault/texting.h"

static struct vault vault;

static int fresh(void **state)
{
    (void)state;
    vault.loop = loop_new();
    vault.book = book_new(vault.loop);
    vault.texting = texting_new();
    return 0;
}

static int ended(void **state)
{
    (void)state;
    texting_free(vault.texting);
    book_free(vault.book);
    loop_free(vault.loop);
    return 0;
}

static json_t *state_of(const char *channel, const char *from)
{
    return json_pack("{s:{s:s,s:s,s:b}}", "sms", "channel", channel, "from", from, "stopped", 0);
}

static struct case_file *know(uint8_t id, const char *channel, const char *from)
{
    const uint8_t case_id[16] = {id};
    struct case_file *file = book_add(vault.book, case_id);
    json_t *state = state_of(channel, from);
    file->version = 1;
    texting_know(vault.texting, state, file);
    json_decref(state);
    return file;
}

static struct case_file *find(const char *channel, const char *from)
{
    struct message message = {.is_sms = 1, .sms_channel = channel, .from = from};
    return texting_find(&vault, &message);
}

static void a_number_finds_its_case(void **state)
{
    (void)state;
    struct case_file *one = know(1, "main", "+254700000001"), *two = know(2, "main", "+254700000002");
    assert_ptr_equal(find("main", "+254700000001"), one);
    assert_ptr_equal(find("main", "+254700000002"), two);
    assert_null(find("other", "+254700000001"));
    assert_null(find("main", "+25470000000"));
}

static void many_numbers_are_kept_apart(void **state)
{
    (void)state;
    char number[24];
    for (unsigned i = 0; i < 250; i++) {
        snprintf(number, sizeof number, "+2547%06u", i);
        know((uint8_t)i, "main", number);
    }
    for (unsigned i = 0; i < 250; i++) {
        snprintf(number, sizeof number, "+2547%06u", i);
        assert_int_equal(find("main", number)->id[0], i);
    }
}

static const char *elsewhere(const char *channel, const char *from)
{
    struct message message = {.is_sms = 1, .sms_channel = channel, .from = from};
    return texting_elsewhere(vault.texting, &message);
}

static json_t *gone(const char *from, const char *desk, int64_t version)
{
    const uint8_t hash[32] = {(uint8_t)version};
    json_t *state = state_of("main", from), *record = texting_record(state, desk);
    json_decref(state);
    texting_recorded(vault.texting, record, version, hash);
    texting_moved(vault.texting, record);
    return record;
}

static void a_number_whose_case_was_moved_leads_to_the_other_desk_until_it_is_back(void **state)
{
    (void)state;
    uint8_t hash[32];
    know(1, "main", "+1");
    json_t *record = gone("+1", "oversight", 1);
    assert_null(find("main", "+1"));
    assert_string_equal(elsewhere("main", "+1"), "oversight");
    assert_null(elsewhere("main", "+2"));
    assert_null(elsewhere("other", "+1"));
    struct case_file *back = know(2, "main", "+1");
    assert_ptr_equal(find("main", "+1"), back);
    assert_null(elsewhere("main", "+1"));
    /* The next record of the number is one version higher, and says what it takes the place of. */
    assert_int_equal(texting_record_version(vault.texting, record, hash), 1);
    assert_int_equal(hash[0], 1);
    json_decref(record);
    record = gone("+1", "safeguarding", 2);
    assert_string_equal(elsewhere("main", "+1"), "safeguarding");
    json_decref(record);
}

static void a_move_that_failed_after_its_record_was_kept_changes_nothing(void **state)
{
    (void)state;
    const uint8_t hash[32] = {1};
    uint8_t kept[32];
    struct case_file *file = know(1, "main", "+1");
    json_t *case_state = state_of("main", "+1"), *record = texting_record(case_state, "oversight");
    texting_recorded(vault.texting, record, 1, hash);
    assert_ptr_equal(find("main", "+1"), file);
    assert_null(elsewhere("main", "+1"));
    assert_int_equal(texting_record_version(vault.texting, record, kept), 1);
    json_decref(record);
    json_decref(case_state);
    json_t *none = json_object();
    assert_null(texting_record(none, "oversight")); /* a case without a number */
    json_decref(none);
}

static void a_restart_reads_records_before_states(void **state)
{
    (void)state;
    json_t *record = gone("+1", "oversight", 3), *other = gone("+2", "oversight", 1);
    struct case_file *file = know(9, "main", "+1"); /* it came back since */
    assert_ptr_equal(find("main", "+1"), file);
    assert_string_equal(elsewhere("main", "+2"), "oversight");
    json_decref(record);
    json_decref(other);
}

/* A snapshot may have a case that has gone since: it is read behind the records, and then forgotten. */
static void a_case_that_went_while_nobody_looked_leaves_its_number_to_where_it_went(void **state)
{
    (void)state;
    json_t *record = gone("+1", "oversight", 3), *number = state_of("main", "+1"), *other = state_of("main", "+2");
    struct case_file *file = know(9, "main", "+1"), *alone = know(8, "main", "+2");
    assert_null(elsewhere("main", "+1"));
    texting_forget(vault.texting, number, alone); /* it is not that one's number */
    assert_ptr_equal(find("main", "+1"), file);
    texting_forget(vault.texting, number, file);
    assert_string_equal(elsewhere("main", "+1"), "oversight");
    assert_null(find("main", "+1"));
    /* One that was forgotten to be read anew has it again, and one that went nowhere leaves it to the next. */
    file = know(9, "main", "+1");
    assert_ptr_equal(find("main", "+1"), file);
    assert_null(elsewhere("main", "+1"));
    texting_forget(vault.texting, other, alone);
    assert_null(find("main", "+2"));
    assert_null(elsewhere("main", "+2"));
    file = know(7, "main", "+2");
    assert_ptr_equal(find("main", "+2"), file);
    json_decref(other);
    json_decref(number);
    json_decref(record);
}

static void stop_is_obeyed_until_they_text_again(void **state)
{
    (void)state;
    static const char *const words[] = {"STOP", " stop. ", "Arrêt", "ARRET", "قف", "توقف", "Acha", "SIMAMA!"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct case_change cc = {.vault = &vault, .state = state_of("main", "+1")};
        json_object_set_new(cc.state, "outbox", json_pack("[{s:s}]", "id", "x"));
        assert_true(texting_may_send(cc.state));
        texting_heard(&cc, sms_word_of(words[i], strlen(words[i])));
        assert_false(texting_may_send(cc.state));
        assert_null(json_object_get(cc.state, "outbox"));
        texting_heard(&cc, sms_word_of("I need help", 11));
        assert_true(texting_may_send(cc.state));
        json_decref(cc.state);
    }
}

static void a_web_case_gets_no_texts(void **state)
{
    (void)state;
    json_t *web = json_object();
    assert_false(texting_may_send(web));
    json_decref(web);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_number_finds_its_case, fresh, ended),
        cmocka_unit_test_setup_teardown(many_numbers_are_kept_apart, fresh, ended),
        cmocka_unit_test_setup_teardown(a_number_whose_case_was_moved_leads_to_the_other_desk_until_it_is_back, fresh,
                                        ended),
        cmocka_unit_test_setup_teardown(a_move_that_failed_after_its_record_was_kept_changes_nothing, fresh, ended),
        cmocka_unit_test_setup_teardown(a_restart_reads_records_before_states, fresh, ended),
        cmocka_unit_test_setup_teardown(a_case_that_went_while_nobody_looked_leaves_its_number_to_where_it_went, fresh,
                                        ended),
        cmocka_unit_test_setup_teardown(stop_is_obeyed_until_they_text_again, fresh, ended),
        cmocka_unit_test_setup_teardown(a_web_case_gets_no_texts, fresh, ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
