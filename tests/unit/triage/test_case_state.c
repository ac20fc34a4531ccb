/* test_case_state.c -- the state of a case through its life: first message, assessment, what comes after. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "triage/vault/case_state.h"
#include "triage/vault/life.h"
#include "triage/vault/message.h"
#include "triage/vault/severity_json.h"
#include "triage/vault/stages.h"
#include "triage/vault/texting.h"

static struct rules *rules;

static int load(void **state)
{
    (void)state;
    char says[SAYS_SIZE];
    return rules_load(SOURCE_ROOT "/triage/rules", &rules, says) == ERR_OK ? 0 : -1;
}

static int unload(void **state)
{
    (void)state;
    rules_free(rules);
    return 0;
}

static json_t *propose(const struct message *message)
{
    struct rules_input input;
    struct rules_proposal *proposal = mem_new(sizeof *proposal);
    message_rules_input(message, &input);
    rules_propose(rules, &input, proposal);
    json_t *json = proposal_json(proposal, 1);
    mem_free(proposal);
    return json;
}

static struct message message_of(const char *json)
{
    struct message message;
    assert_int_equal(message_read(json, strlen(json), &message), ERR_OK);
    return message;
}

static json_t *first(const char *json)
{
    struct message message = message_of(json);
    json_t *state = state_new(&message, propose(&message));
    message_free(&message);
    return state;
}

static void further(json_t *state, const char *json)
{
    struct message message = message_of(json);
    state_add_message(state, &message, propose(&message));
    state_heard(state);
    message_free(&message);
}

/* As ops_assess.c writes it. */
static void assess(json_t *state, int scale)
{
    json_object_set_new(state, "assessment",
                        json_pack("{s:i,s:i,s:i,s:s,s:o}", "scale", scale, "scope", 1, "irremediability", 1, "by_name",
                                  "amina", "at", state_now()));
    json_object_del(state, "since");
    state_set_text(state, "lane", "assessed");
}

static enum queue_lane lane_of(const json_t *state)
{
    struct case_file file = {0};
    state_read(state, &file);
    return file.place.lane;
}

static void a_first_message_stands_in_the_first_look(void **state)
{
    (void)state;
    json_t *s =
        first("{\"v\":1,\"kind\":\"grievance\",\"language\":\"fr\",\"channel\":\"web\",\"text\":\"Le puits est sec\"}");
    assert_int_equal(lane_of(s), LANE_FIRST_LOOK);
    assert_int_equal(life_now(s), LIFE_RECEIVED);
    assert_string_equal(state_text(s, "language"), "fr");
    json_decref(s);
}

static void consultation_has_a_lane_of_its_own(void **state)
{
    (void)state;
    json_t *s = first("{\"kind\":\"consultation\",\"channel\":\"partner\",\"text\":\"More "
                      "taps\",\"organisation\":\"Wells\",\"round\":\"water\"}");
    assert_int_equal(lane_of(s), LANE_CONSULTATION);
    assert_string_equal(state_text(s, "organisation"), "Wells");
    json_decref(s);
}

static void a_case_that_was_opened_for_another_names_it(void **state)
{
    (void)state;
    static const char from[] = "01234567-89ab-4def-8123-456789abcdef";
    json_t *s = first("{\"kind\":\"flag\",\"text\":\"they will kill me\","
                      "\"linked_from\":\"01234567-89ab-4def-8123-456789abcdef\"}");
    assert_string_equal(json_string_value(json_array_get(json_object_get(s, "linked"), 0)), from);
    assert_string_equal(state_text(s, "lane"), "first_look");
    assert_true(state_is_copy(s));
    json_decref(s);
    s = first("{\"kind\":\"flag\",\"text\":\"hi\",\"linked_from\":\"<b>not an id</b>\"}");
    assert_null(json_object_get(s, "linked"));
    assert_false(state_is_copy(s));
    json_decref(s);
}

/* Texts of a number are one conversation, with the case that the first of them began. */
static void a_case_that_was_opened_for_a_text_has_no_number(void **state)
{
    (void)state;
    json_t *s =
        first("{\"from\":\"+254700000001\",\"to\":\"12345\",\"channel\":\"kannel\",\"text\":\"they will kill me\"}");
    assert_true(texting_may_send(s));
    assert_string_equal(state_text(s, "channel"), "sms");
    json_decref(s);
    s = first("{\"kind\":\"flag\",\"from\":\"+254700000001\",\"to\":\"12345\",\"channel\":\"kannel\","
              "\"text\":\"they will kill me\",\"linked_from\":\"01234567-89ab-4def-8123-456789abcdef\"}");
    assert_false(texting_may_send(s));
    assert_string_equal(state_text(s, "channel"), "sms");
    json_decref(s);
}

static void it_knows_how_many_files_came(void **state_)
{
    (void)state_;
#define FILE_JSON(c)                                                                                                   \
    "{\"id\":\"" c "00102030405060708090a0b0c0d0e0f1\",\"key\":\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\"}"
    json_t *state = first("{\"kind\":\"grievance\",\"text\":\"Look.\"}");
    assert_null(json_object_get(state, "files"));
    further(state, "{\"text\":\"\",\"files\":[" FILE_JSON("") "," FILE_JSON("1") "]}");
    assert_int_equal(json_integer_value(json_object_get(state, "files")), 1); /* the other id is none */
    further(state, "{\"text\":\"And this.\",\"files\":[" FILE_JSON("") "]}");
    assert_int_equal(json_integer_value(json_object_get(state, "files")), 2);
    json_decref(state);
}

static void the_persons_assessment_counts_and_new_words_raise_it_again(void **state)
{
    (void)state;
    struct severity severity;
    json_t *s = first("{\"text\":\"The well is dry\"}");
    assess(s, 2);
    state_severity(s, &severity);
    assert_int_equal(severity.scale, 2);
    assert_int_equal(lane_of(s), LANE_ASSESSED);
    further(s, "{\"text\":\"It is still dry\"}");
    assert_int_equal(lane_of(s), LANE_ASSESSED);
    further(s, "{\"text\":\"They said they will kill us if we complain\"}");
    state_severity(s, &severity);
    assert_true(severity.danger_now);
    assert_int_equal(severity.scale, 4);
    assert_int_equal(lane_of(s), LANE_FIRST_LOOK);
    assess(s, 3);
    state_severity(s, &severity);
    assert_false(severity.danger_now);
    assert_int_equal(json_integer_value(json_object_get(s, "messages")), 3);
    json_decref(s);
}

/* As ops_look.c writes it. */
static void look(json_t *state, int danger, const char *by)
{
    json_object_set_new(state, "look",
                        json_pack("{s:s,s:o,s:{s:b,s:s}}", "by_name", "amina", "at", state_now(), "raises",
                                  "danger_now", danger, "by", by));
    state_set_text(state, "lane", "assessed");
}

static void a_first_look_raises_what_the_rules_proposed_and_the_assessment_takes_its_place(void **state)
{
    (void)state;
    struct severity severity, before;
    char soon[CLOCK_TEXT_SIZE];
    clock_text(clock_wall() + 3600, soon);
    json_t *s = first("{\"text\":\"The well is dry\"}");
    state_severity(s, &before);
    look(s, 1, soon);
    assert_int_equal(lane_of(s), LANE_ASSESSED);
    state_severity(s, &severity);
    assert_true(severity.danger_now);
    assert_int_equal(severity.by, clock_parse(soon));
    assert_true(severity_weight(&severity, clock_wall()) > severity_weight(&before, clock_wall()));
    assess(s, 2);
    state_severity(s, &severity);
    assert_false(severity.danger_now);
    assert_int_equal(severity.by, 0);
    json_decref(s);
    /* What the rules saw is not looked away. */
    s = first("{\"text\":\"They said they will kill us if we complain\"}");
    look(s, 0, soon);
    state_severity(s, &severity);
    assert_true(severity.danger_now);
    json_decref(s);
}

static void a_message_opens_what_was_closed(void **state)
{
    (void)state;
    json_t *s = first("{\"text\":\"The well is dry\"}");
    state_set_text(s, "life", "unfounded");
    assert_int_equal(lane_of(s), LANE_NONE);
    further(s, "{\"text\":\"It is not solved\"}");
    assert_int_equal(life_now(s), LIFE_REOPENED);
    assert_int_equal(lane_of(s), LANE_FIRST_LOOK);
    json_decref(s);
}

static void what_waits_for_the_person_stands_in_no_lane_until_they_write(void **state)
{
    (void)state;
    static const struct {
        const char *life;
        enum life after;
    } rows[] = {
        {"waiting_for_you", LIFE_ACKNOWLEDGED}, {"remedy_offered", LIFE_REMEDY_OFFERED}, {"delivered", LIFE_DELIVERED}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_t *s = first("{\"text\":\"The well is dry\"}");
        state_set_text(s, "life", rows[i].life);
        stages_did(s, DEADLINE_LOOK);
        assert_int_equal(lane_of(s), LANE_NONE);
        further(s, "{\"text\":\"That is no help\"}");
        assert_int_equal(lane_of(s), LANE_FIRST_LOOK);
        assert_int_equal(life_now(s), rows[i].after);
        json_decref(s);
    }
}

/* Its look is due whatever the answer waits for, so somebody has to be led back to it. */
static void what_was_answered_before_anybody_looked_still_waits_for_a_look(void **state)
{
    (void)state;
    struct life_step step = {.to = LIFE_WAITING_FOR_YOU, .mover = LIFE_BY_OFFICER, .who = "amina"};
    json_t *s = first("{\"text\":\"They said they will kill us if we complain\"}");
    assert_int_equal(life_move(s, &step), LIFE_MOVED);
    assert_int_equal(lane_of(s), LANE_FIRST_LOOK);
    assert_true(state_is_ours(s));
    state_set_text(s, "taken_by", "amina");
    assert_int_equal(lane_of(s), LANE_HELD);
    state_set_text(s, "taken_by", "");
    look(s, 1, "");
    stages_did(s, DEADLINE_LOOK);
    assert_int_equal(lane_of(s), LANE_NONE);
    assert_false(state_is_ours(s));
    json_decref(s);
}

static void a_reopened_case_keeps_its_first_rank_and_what_a_person_found(void **state)
{
    (void)state;
    struct severity before, after;
    json_t *s = first("{\"text\":\"help us they have guns\"}");
    json_t *was = json_deep_copy(json_object_get(s, "first_rank"));
    assess(s, 3);
    state_severity(s, &before);
    state_set_text(s, "life", "verified");
    further(s, "{\"text\":\"It began again\"}");
    state_severity(s, &after);
    assert_int_equal(life_now(s), LIFE_REOPENED);
    assert_true(json_equal(was, json_object_get(s, "first_rank")));
    assert_int_equal(severity_weight(&before, 0), severity_weight(&after, 0));
    assert_int_equal(before.arrived, after.arrived);
    json_decref(was);
    json_decref(s);
}

static void who_took_it_holds_it(void **state)
{
    (void)state;
    struct case_file file = {0};
    json_t *s = first("{\"text\":\"The well is dry\"}");
    state_set_text(s, "taken_by", "amina");
    state_read(s, &file);
    assert_int_equal(file.place.lane, LANE_HELD);
    assert_string_equal(file.taken_by, "amina");
    json_decref(s);
}

static void the_first_rank_stays(void **state)
{
    (void)state;
    json_t *s = first("{\"text\":\"The well is dry\"}");
    json_t *was = json_deep_copy(json_object_get(s, "first_rank"));
    further(s, "{\"text\":\"help us they have guns\"}");
    assert_true(json_equal(was, json_object_get(s, "first_rank")));
    json_decref(was);
    json_decref(s);
}

static void a_text_brings_its_number_and_channel(void **state)
{
    (void)state;
    json_t *s = first("{\"text\":\"hi\",\"channel\":\"sms\",\"sms_channel\":\"main\",\"from\":\"+1\",\"to\":\"2\"}");
    const json_t *sms = json_object_get(s, "sms");
    assert_string_equal(state_text(sms, "from"), "+1");
    assert_string_equal(state_text(sms, "channel"), "main");
    assert_string_equal(state_text(s, "channel"), "sms");
    json_decref(s);
    s = first("{\"text\":\"hi\",\"channel\":\"kannel\",\"from\":\"+1\"}");
    assert_string_equal(state_text(json_object_get(s, "sms"), "channel"), "kannel");
    assert_string_equal(state_text(s, "channel"), "sms");
    json_decref(s);
}

static void odd_fields_lose_no_report(void **state)
{
    (void)state;
    struct message m =
        message_of("{\"text\":7,\"kind\":\"other\",\"language\":[],\"at\":\"2999-01-01T00:00:00Z\",\"answers\":3}");
    assert_string_equal(m.kind, "grievance");
    assert_string_equal(m.language, "en");
    assert_string_equal(m.text, "");
    assert_null(m.answers);
    assert_true(m.at <= clock_wall());
    assert_string_equal(m.act, "");
    message_free(&m);
    m = message_of("{\"text\":\"\",\"act\":\"solved\"}");
    assert_string_equal(m.act, "solved");
    message_free(&m);
    m = message_of("{\"text\":\"\",\"act\":\"erase everything\"}");
    assert_string_equal(m.act, "");
    message_free(&m);
    assert_int_equal(message_read("[]", 2, &m), ERR_MALFORMED);
}

/* Somebody tells it under another question, or a partner's form has questions of its own. */
static void danger_is_seen_wherever_it_is_told(void **state)
{
    (void)state;
    static const char *const told[] = {
        "{\"v\":1,\"kind\":\"grievance\",\"language\":\"en\",\"channel\":\"web\",\"at\":\"2026-11-22T08:00:00Z\","
        "\"text\":\"See below\","
        "\"answers\":{\"who\":\"my sister, they want to kill her\"}}",
        "{\"v\":1,\"kind\":\"consultation\",\"language\":\"en\",\"channel\":\"partner\",\"at\":\"2026-11-22T08:00:"
        "00Z\",\"text\":\"Answers\","
        "\"answers\":{\"q1\":\"fine\",\"q2\":[\"slow\",\"they want to kill her\"]}}",
        "{\"v\":1,\"kind\":\"grievance\",\"language\":\"en\",\"channel\":\"web\",\"at\":\"2026-11-22T08:00:00Z\","
        "\"text\":\"See below\",\"answers\":{\"own\":[{\"code\":\"guard\",\"asks\":\"Who was there?\","
        "\"says\":[\"men who want to kill her\"]}]}}",
        "{\"v\":1,\"kind\":\"grievance\",\"language\":\"en\",\"channel\":\"web\",\"at\":\"2026-11-22T08:00:00Z\","
        "\"text\":\"See below\",\"answers\":{\"own\":[{\"code\":\"guard\",\"asks\":\"Did they want to kill her?\","
        "\"says\":[\"No\"],\"codes\":[\"no\"]}]}}", /* what the office asks, nobody has told */
    };
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        struct message message = message_of(told[i]);
        struct rules_input input;
        struct rules_proposal *proposal = mem_new(sizeof *proposal);
        message_rules_input(&message, &input);
        rules_propose(rules, &input, proposal);
        assert_int_equal(proposal->is_danger != 0, i != sizeof told / sizeof *told - 1);
        mem_free(proposal);
        message_free(&message);
    }
}

/* The clock of the first look runs from the words of danger, once: who writes again every hour puts nothing off. */
static void danger_that_comes_before_anybody_looked_begins_the_look_anew(void **state)
{
    (void)state;
    json_t *s = first("{\"kind\":\"grievance\",\"text\":\"Le puits est sec\"}");
    state_set_text(s, "arrived", "2026-11-01T08:00:00Z");
    stages_did(s, DEADLINE_CONTACT); /* it was answered, and nobody looked at how urgent it is */
    further(s, "{\"text\":\"they will kill me\"}");
    assert_true(json_is_true(json_object_get(json_object_get(s, "proposal"), "danger")));
    assert_false(stages_is_reached(s, DEADLINE_CONTACT));
    json_t *anew = json_deep_copy(json_object_get(s, "stages"));
    assert_true(clock_parse(state_text(json_object_get(anew, "anew"), "look")) >= clock_wall() - 60);
    need(json_object_set_new(json_object_get(json_object_get(s, "stages"), "anew"), "look",
                             json_string("2026-11-20T08:00:00Z")) == 0);
    further(s, "{\"text\":\"they will kill me\"}");
    assert_string_equal(state_text(json_object_get(json_object_get(s, "stages"), "anew"), "look"),
                        "2026-11-20T08:00:00Z");
    json_decref(anew);
    json_decref(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(danger_is_seen_wherever_it_is_told),
        cmocka_unit_test(a_first_message_stands_in_the_first_look),
        cmocka_unit_test(consultation_has_a_lane_of_its_own),
        cmocka_unit_test(a_case_that_was_opened_for_another_names_it),
        cmocka_unit_test(a_case_that_was_opened_for_a_text_has_no_number),
        cmocka_unit_test(it_knows_how_many_files_came),
        cmocka_unit_test(the_persons_assessment_counts_and_new_words_raise_it_again),
        cmocka_unit_test(a_first_look_raises_what_the_rules_proposed_and_the_assessment_takes_its_place),
        cmocka_unit_test(a_message_opens_what_was_closed),
        cmocka_unit_test(what_waits_for_the_person_stands_in_no_lane_until_they_write),
        cmocka_unit_test(what_was_answered_before_anybody_looked_still_waits_for_a_look),
        cmocka_unit_test(a_reopened_case_keeps_its_first_rank_and_what_a_person_found),
        cmocka_unit_test(who_took_it_holds_it),
        cmocka_unit_test(the_first_rank_stays),
        cmocka_unit_test(a_text_brings_its_number_and_channel),
        cmocka_unit_test(odd_fields_lose_no_report),
        cmocka_unit_test(danger_that_comes_before_anybody_looked_begins_the_look_anew),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
