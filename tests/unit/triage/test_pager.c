/* test_pager.c -- which cases page, who is on call, and whose text is an answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "triage/vault/case_state.h"
#include "triage/vault/oncall.h"
#include "triage/vault/outbox.h"
#include "triage/vault/pager.h"

static struct vault *vault;
static int64_t now;

static int begin(void **state)
{
    (void)state;
    static char channel[] = "nights", mail[] = "mail", language[] = "en";
    now = clock_wall();
    vault = mem_new(sizeof *vault);
    vault->loop = loop_new();
    vault->settings.alarm_channel = channel;
    vault->settings.alarm_email_channel = mail;
    vault->settings.alarm_language = language;
    vault->settings.alarm_repeat_s = 600;
    vault->settings.alarm_gather_s = 60;
    vault->book = book_new(vault->loop);
    vault->outbox = outbox_new(vault);
    vault->oncall = oncall_new();
    vault->pager = pager_new(vault);
    return 0;
}

static int end(void **state)
{
    (void)state;
    pager_free(vault->pager);
    outbox_free(vault->outbox);
    oncall_free(vault->oncall);
    book_free(vault->book);
    loop_free(vault->loop);
    mem_free(vault);
    return 0;
}

static struct case_file *file_of(uint8_t n, enum queue_lane lane, int danger)
{
    uint8_t id[16] = {n};
    struct case_file *file = book_add(vault->book, id);
    file->place.lane = lane;
    file->place.severity = (struct severity){.danger_now = (uint8_t)danger};
    return file;
}

static void look_due(struct case_file *file, int64_t due)
{
    struct stage_fact look = {.due = due, .standing = STAGE_OPEN};
    pager_know(vault->pager, file, &look);
}

static const char *way = "sms";

static void on_call(const char *to, int64_t from, int64_t until)
{
    static const uint8_t hash[32];
    struct vault_item item = {.version = 1};
    char begins[CLOCK_TEXT_SIZE] = "", ends[CLOCK_TEXT_SIZE] = "";
    if (from)
        clock_text(from, begins);
    if (until)
        clock_text(until, ends);
    oncall_read(vault->oncall, &item, hash,
                json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "kind", "oncall", "channel", way, "name", "Amina", "to", to,
                          "from", begins, "until", ends));
}

static void danger_that_nobody_has_looked_at_pages_until_somebody_takes_it(void **state)
{
    (void)state;
    struct case_file *danger = file_of(1, LANE_FIRST_LOOK, 1), *usual = file_of(2, LANE_FIRST_LOOK, 0);
    look_due(danger, now + 3600);
    look_due(usual, now + 3600);
    assert_int_equal(pager_waiting(vault->pager), 1);
    danger->place.lane = LANE_HELD;
    look_due(danger, now + 3600);
    assert_int_equal(pager_waiting(vault->pager), 0);
    danger->place.lane = LANE_FIRST_LOOK; /* given back */
    look_due(danger, now + 3600);
    assert_int_equal(pager_waiting(vault->pager), 1);
    struct stage_fact looked = {.due = now + 3600, .standing = STAGE_IN_TIME, .is_reached = 1};
    pager_know(vault->pager, danger, &looked);
    assert_int_equal(pager_waiting(vault->pager), 0);
    assert_null(danger->page);
}

static void new_words_of_danger_page_although_somebody_holds_the_case(void **state)
{
    (void)state;
    struct case_file *held = file_of(1, LANE_HELD, 0);
    look_due(held, now + 3600); /* taken, not looked at yet */
    assert_int_equal(pager_waiting(vault->pager), 0);
    held->place.severity.danger_now = 1;
    look_due(held, now + 3600);
    assert_int_equal(pager_waiting(vault->pager), 1);
    look_due(held, now + 3600);
    assert_int_equal(pager_waiting(vault->pager), 1);
    /* One whose look was reached before, and begins anew. */
    struct case_file *known = file_of(2, LANE_HELD, 1);
    struct stage_fact looked = {.due = now, .standing = STAGE_IN_TIME, .is_reached = 1};
    pager_know(vault->pager, known, &looked);
    assert_int_equal(pager_waiting(vault->pager), 1);
    look_due(known, now + 3600);
    assert_int_equal(pager_waiting(vault->pager), 2);
    pager_know(vault->pager, known, &looked);
    pager_know(vault->pager, held, &looked);
    assert_int_equal(pager_waiting(vault->pager), 0);
}

static void what_says_nearly_the_same_is_one_and_demonstrations_and_consultation_are_none(void **state)
{
    (void)state;
    struct case_file *behind = file_of(1, LANE_NONE, 1), *round = file_of(2, LANE_CONSULTATION, 1);
    look_due(behind, now - 10);
    look_due(round, now - 10);
    pager_know(vault->pager, file_of(3, LANE_FIRST_LOOK, 1), NULL);
    assert_int_equal(pager_waiting(vault->pager), 0);
    behind->place.lane = LANE_FIRST_LOOK; /* it stands for itself now */
    pager_lane(vault->pager, behind);
    assert_int_equal(pager_waiting(vault->pager), 1);
    pager_forget(behind);
    assert_int_equal(pager_waiting(vault->pager), 0);
}

static const json_t *json_of(json_t **keep)
{
    json_decref(*keep);
    return *keep = pager_json(vault->pager, "amina");
}

static void an_acknowledgement_holds_for_what_waited_then(void **state)
{
    (void)state;
    json_t *keep = NULL;
    look_due(file_of(1, LANE_FIRST_LOOK, 1), now + 3600);
    look_due(file_of(2, LANE_FIRST_LOOK, 1), now + 3600);
    assert_int_equal(json_integer_value(json_object_get(json_of(&keep), "unknown")), 2);
    assert_int_equal(pager_acknowledge(vault->pager), 1);
    assert_int_equal(pager_acknowledge(vault->pager), 0);
    assert_int_equal(json_integer_value(json_object_get(json_of(&keep), "unknown")), 0);
    look_due(file_of(1, LANE_FIRST_LOOK, 1), now + 3600); /* kept again: a note, a further message */
    assert_int_equal(json_integer_value(json_object_get(json_of(&keep), "unknown")), 0);
    look_due(file_of(3, LANE_FIRST_LOOK, 1), now + 3600);
    assert_int_equal(json_integer_value(json_object_get(json_of(&keep), "unknown")), 1);
    assert_int_equal(json_integer_value(json_object_get(json_of(&keep), "waiting")), 3);
    json_decref(keep);
}

static void who_is_on_call_is_so_from_until(void **state)
{
    (void)state;
    json_t *keep = NULL;
    assert_null(oncall_to(vault->oncall, now));
    assert_string_equal(state_text(json_of(&keep), "standing"), "nobody");
    on_call("+254733000111", now - 10, now + 10);
    assert_string_equal(oncall_to(vault->oncall, now), "+254733000111");
    assert_string_equal(oncall_name(vault->oncall, now), "Amina");
    assert_null(oncall_to(vault->oncall, now - 11));
    assert_null(oncall_to(vault->oncall, now + 10));
    assert_string_equal(oncall_name(vault->oncall, now + 10), "");
    assert_string_equal(state_text(json_of(&keep), "standing"), "no_gateway");
    assert_false(pager_reaches_somebody(vault->pager));
    static char none[] = "";
    vault->settings.alarm_channel = none;
    assert_string_equal(state_text(json_of(&keep), "standing"), "no_channel");
    on_call("", 0, 0);
    assert_string_equal(state_text(json_of(&keep), "standing"), "nobody");
    json_decref(keep);
}

static const char *heard(const char *text, const char *from, const char *channel)
{
    struct message message = {.text = text, .from = from, .sms_channel = channel, .is_sms = 1};
    return pager_hears(vault->pager, &message);
}

static void only_their_telephone_answers_and_only_with_a_code(void **state)
{
    (void)state;
    assert_null(heard("OK 123456", "+254733000111", "nights"));
    on_call("+254733000111", 0, 0);
    assert_null(heard("they are at the door", "+254733000111", "nights")); /* a report like any other */
    assert_null(heard("OK 123456", "+254733000112", "nights"));
    assert_null(heard("OK 123456", "+254733000111", "days"));
    assert_string_equal(heard("OK 123456", "254733000111", "nights"), "alarm.wrong_code");
}

static void who_is_told_by_email_is_told_by_its_channel_and_answers_in_the_console_alone(void **state)
{
    (void)state;
    json_t *keep = NULL;
    static char none[] = "";
    way = "email";
    on_call("amina@office.example", 0, 0);
    way = "sms";
    vault->settings.alarm_channel = none;
    assert_true(oncall_is_email(vault->oncall));
    assert_string_equal(state_text(json_of(&keep), "standing"), "no_gateway");
    vault->settings.alarm_email_channel = none;
    assert_string_equal(state_text(json_of(&keep), "standing"), "no_channel");
    assert_null(heard("OK 123456", "amina@office.example", ""));
    static const char *const wrong[] = {"", "amina", "amina@", "@b", "a@b@c", "a b@c", "a@b>\r\nBcc: x@y", "a@b,c@d"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(oncall_is_address(wrong[i]));
    assert_true(oncall_is_address("amina.w+night@office.example"));
    json_decref(keep);
}

static void numbers_are_one_however_a_provider_writes_them(void **state)
{
    (void)state;
    char kept[24];
    assert_int_equal(oncall_number(" +254 (733) 000-111 ", kept), ERR_OK);
    assert_string_equal(kept, "+254733000111");
    static const char *const wrong[] = {"", "12345", "+12+345678", "0733 amina", "+1234567890123456", "a@b.org"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(oncall_number(wrong[i], kept), ERR_MALFORMED);
    assert_true(oncall_is_same("+254733000111", "00254733000111"));
    assert_true(oncall_is_same("+254733000111", "0733000111"));
    assert_false(oncall_is_same("+254733000111", "+254733000112"));
    assert_false(oncall_is_same("+254733000111", "0111"));
    assert_false(oncall_is_same("", ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(danger_that_nobody_has_looked_at_pages_until_somebody_takes_it, begin, end),
        cmocka_unit_test_setup_teardown(new_words_of_danger_page_although_somebody_holds_the_case, begin, end),
        cmocka_unit_test_setup_teardown(what_says_nearly_the_same_is_one_and_demonstrations_and_consultation_are_none,
                                        begin, end),
        cmocka_unit_test_setup_teardown(an_acknowledgement_holds_for_what_waited_then, begin, end),
        cmocka_unit_test_setup_teardown(who_is_on_call_is_so_from_until, begin, end),
        cmocka_unit_test_setup_teardown(only_their_telephone_answers_and_only_with_a_code, begin, end),
        cmocka_unit_test_setup_teardown(who_is_told_by_email_is_told_by_its_channel_and_answers_in_the_console_alone,
                                        begin, end),
        cmocka_unit_test(numbers_are_one_however_a_provider_writes_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
