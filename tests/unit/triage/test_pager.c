/* test_pager.c -- which cases page, who is on call, and whose text is an answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "triage/vault/case_state.h"
#include "triage/vault/oncall.h"
#include "triage/vault/outbox.h"
#include "triage/vault/pager.h"
#include "triage/vault/told.h"

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
    vault->oncall = oncall_new(3 * 3600);
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

/* Behind whoever was set: these. */
static void roster_of(const char *first, const char *second)
{
    static const uint8_t hash[32];
    struct vault_item item = {.version = 1};
    oncall_read(vault->oncall, &item, hash,
                json_pack("{s:s,s:[{s:s,s:s,s:s,s:i},{s:s,s:s,s:s,s:i}]}", "kind", "oncall", "roster", "name", "Juma",
                          "channel", "sms", "to", first, "place", 1, "name", "Halima", "channel", way, "to", second,
                          "place", 2));
}

static size_t how_many(int64_t at)
{
    struct roster_person people[ROSTER_MOST];
    return oncall_now(vault->oncall, at, people);
}

static void who_is_on_call_is_so_from_until(void **state)
{
    (void)state;
    json_t *keep = NULL;
    struct roster_person people[ROSTER_MOST];
    assert_int_equal(how_many(now), 0);
    assert_string_equal(state_text(json_of(&keep), "standing"), "nobody");
    on_call("+254733000111", now - 10, now + 10);
    assert_int_equal(oncall_now(vault->oncall, now, people), 1);
    assert_string_equal(people[0].to, "+254733000111");
    assert_string_equal(people[0].name, "Amina");
    assert_int_equal(how_many(now - 11), 0);
    assert_int_equal(how_many(now + 10), 0);
    assert_string_equal(state_text(json_of(&keep), "standing"), "no_gateway");
    assert_false(pager_reaches_somebody(vault->pager));
    static char none[] = "";
    vault->settings.alarm_channel = none;
    assert_string_equal(state_text(json_of(&keep), "standing"), "no_channel");
    on_call("", 0, 0);
    assert_string_equal(state_text(json_of(&keep), "standing"), "nobody");
    json_decref(keep);
}

static const char *who;

static const char *heard(const char *text, const char *from, const char *channel)
{
    struct message message = {.text = text, .from = from, .sms_channel = channel, .is_sms = 1};
    who = "";
    return pager_hears(vault->pager, &message, &who);
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
    assert_string_equal(who, "Amina");
}

static void each_of_the_roster_answers_under_their_own_name(void **state)
{
    (void)state;
    roster_of("+254733000111", "+254733000222");
    assert_string_equal(heard("OK 123456", "+254733000222", "nights"), "alarm.wrong_code");
    assert_string_equal(who, "Halima");
    assert_string_equal(heard("OK 123456", "0733000111", "nights"), "alarm.wrong_code");
    assert_string_equal(who, "Juma");
    assert_null(heard("OK 123456", "+254733000333", "nights"));
}

static void an_alarm_can_be_heard_while_one_of_the_roster_has_a_channel(void **state)
{
    (void)state;
    json_t *keep = NULL;
    static char none[] = "";
    way = "email";
    roster_of("+254733000111", "halima@office.example");
    way = "sms";
    vault->settings.alarm_channel = none;
    assert_string_equal(state_text(json_of(&keep), "standing"), "no_gateway");
    vault->settings.alarm_email_channel = none;
    assert_string_equal(state_text(json_of(&keep), "standing"), "no_channel");
    json_decref(keep);
}

static void who_cannot_be_reached_is_passed_over_once_in_each_alarm(void **state)
{
    (void)state;
    static const struct roster_person juma = {.name = "Juma", .to = "+254733000111"},
                                      mail = {.name = "Halima", .to = "h@office.example", .is_email = 1};
    struct told told = {0};
    uint8_t first[16], again[16], other[16];
    int is_news;
    told_write(&told, &juma, first);
    assert_false(told_is(&told, &juma));
    assert_int_equal(told_ended(&told, first, 0, &is_news), 0); /* not kept yet */
    told_kept(&told, first);
    assert_true(told_is(&told, &juma));
    told_write(&told, &juma, again);
    assert_memory_equal(again, first, sizeof first); /* it takes the place of the one under way */
    told_write(&told, &mail, other);
    told_kept(&told, other);
    assert_memory_not_equal(other, first, sizeof first);
    assert_int_equal(told_ended(&told, first, 0, &is_news), 1);
    assert_true(is_news && told_is_undelivered(&told, &juma) && !told_is_undelivered(&told, &mail));
    assert_int_equal(told_ended(&told, first, 0, &is_news), 0);
    told_write(&told, &juma, again);
    assert_memory_not_equal(again, first, sizeof first);
    told_kept(&told, again);
    assert_int_equal(told_ended(&told, again, 0, &is_news), 1);
    assert_false(is_news);
    told_anew(&told);
    assert_false(told_is(&told, &juma));
    told_write(&told, &juma, again);
    told_kept(&told, again);
    assert_int_equal(told_ended(&told, again, 0, &is_news), 1);
    assert_true(is_news);
    told_write(&told, &juma, again);
    told_kept(&told, again);
    assert_int_equal(told_ended(&told, again, 1, &is_news), 1);
    assert_false(is_news || told_is_undelivered(&told, &juma));
    assert_string_equal(told_name(&told, "0733000111"), "Juma");
    assert_null(told_name(&told, "h@office.example")); /* nothing comes in by mail */
}

static void the_first_of_many_who_were_told_gives_way(void **state)
{
    (void)state;
    struct told told = {0};
    uint8_t row[16];
    char to[32];
    for (int i = 0; i <= TOLD_MAX; i++) {
        snprintf(to, sizeof to, "+2547330000%02d", i);
        told_write(&told, &(struct roster_person){.name = "N", .to = to}, row);
    }
    assert_int_equal(told.count, TOLD_MAX);
    assert_null(told_name(&told, "+254733000000"));
    assert_non_null(told_name(&told, "+254733000001"));
    assert_non_null(told_name(&told, to));
}

static void what_becomes_of_a_message_that_is_none_of_ours_is_none_of_ours(void **state)
{
    (void)state;
    assert_int_equal(pager_ended(vault->pager, "00000000-0000-4000-8000-000000000000", 0), 0);
    assert_int_equal(pager_ended(vault->pager, "", 0), 0);
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
        cmocka_unit_test_setup_teardown(each_of_the_roster_answers_under_their_own_name, begin, end),
        cmocka_unit_test_setup_teardown(an_alarm_can_be_heard_while_one_of_the_roster_has_a_channel, begin, end),
        cmocka_unit_test(who_cannot_be_reached_is_passed_over_once_in_each_alarm),
        cmocka_unit_test(the_first_of_many_who_were_told_gives_way),
        cmocka_unit_test_setup_teardown(what_becomes_of_a_message_that_is_none_of_ours_is_none_of_ours, begin, end),
        cmocka_unit_test_setup_teardown(who_is_told_by_email_is_told_by_its_channel_and_answers_in_the_console_alone,
                                        begin, end),
        cmocka_unit_test(numbers_are_one_however_a_provider_writes_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
