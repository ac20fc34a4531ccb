/* test_life.c -- the life of a case: every pair of states against the table of docs/case-life.md, and
 * what each move needs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "triage/vault/case_state.h"
#include "triage/vault/life.h"
#include "triage/vault/second.h"

/* As the table of the docs has it: who may bring a case from one state to which others. */
static const struct {
    enum life_mover mover;
    const char *from, *to;
} legal[] = {
    {LIFE_BY_OFFICER, "received", "first_look acknowledged assessed waiting_for_you"},
    {LIFE_BY_OFFICER, "first_look",
     "acknowledged assessed in_action waiting_for_you remedy_offered delivered referred out_of_scope unfounded"},
    {LIFE_BY_OFFICER, "acknowledged",
     "assessed in_action waiting_for_you remedy_offered delivered referred out_of_scope unfounded"},
    {LIFE_BY_OFFICER, "assessed", "in_action waiting_for_you remedy_offered delivered referred out_of_scope unfounded"},
    {LIFE_BY_OFFICER, "in_action", "waiting_for_you remedy_offered delivered referred out_of_scope unfounded"},
    {LIFE_BY_OFFICER, "waiting_for_you",
     "in_action remedy_offered delivered referred out_of_scope unfounded unanswered"},
    {LIFE_BY_OFFICER, "remedy_offered", "in_action declined delivered referred out_of_scope unfounded unanswered"},
    {LIFE_BY_OFFICER, "declined", "in_action waiting_for_you remedy_offered delivered referred out_of_scope unfounded"},
    {LIFE_BY_OFFICER, "delivered", "in_action remedy_offered verified referred out_of_scope unfounded unanswered"},
    {LIFE_BY_OFFICER, "reopened",
     "assessed in_action waiting_for_you remedy_offered delivered referred out_of_scope unfounded"},
    {LIFE_BY_OFFICER, "verified referred out_of_scope unfounded withdrawn unanswered closed", "reopened"},
    {LIFE_BY_PERSON,
     "received first_look acknowledged assessed in_action waiting_for_you declined under_review reopened",
     "verified withdrawn"},
    {LIFE_BY_PERSON, "delivered", "in_action verified withdrawn"},
    {LIFE_BY_PERSON, "remedy_offered", "in_action declined verified withdrawn"},
    {LIFE_BY_PERSON, "referred out_of_scope unfounded unanswered", "under_review"},
    {LIFE_BY_RULE, "waiting_for_you", "acknowledged assessed"},
    {LIFE_BY_RULE, "verified referred out_of_scope unfounded withdrawn unanswered closed", "reopened"},
    {LIFE_BY_SECOND, "under_review", "referred out_of_scope unfounded unanswered reopened"},
};

static const char endings[] = "verified referred out_of_scope unfounded withdrawn unanswered closed";

/* One of the words of a list. */
static int has(const char *list, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = list; (at = strstr(at, word)); at += len)
        if ((at == list || at[-1] == ' ') && (at[len] == ' ' || !at[len]))
            return 1;
    return 0;
}

static int is_legal(enum life_mover mover, const char *from, const char *to)
{
    for (size_t i = 0; i < sizeof legal / sizeof *legal; i++)
        if (legal[i].mover == mover && has(legal[i].from, from) && has(legal[i].to, to))
            return 1;
    return 0;
}

static json_t *state_at(enum life life)
{
    return json_pack("{s:s,s:s}", "life", life_name(life), "taken_by", "amina");
}

/* With everything that a move could need. */
static struct life_step step_to(enum life to, enum life_mover mover)
{
    return (struct life_step){
        .to = to, .mover = mover, .who = "amina", .second = "joseph", .reason = "why", .remedies = "the court"};
}

static void every_pair_is_legal_or_not_as_the_table_says(void **state)
{
    (void)state;
    for (int from = 0; from < LIFE_COUNT; from++)
        for (int to = 0; to < LIFE_COUNT; to++)
            for (unsigned mover = LIFE_BY_RULE; mover <= LIFE_BY_SECOND; mover <<= 1) {
                struct life_step step = step_to((enum life)to, (enum life_mover)mover);
                json_t *s = state_at((enum life)from), *was = json_deep_copy(s);
                int wanted = is_legal(step.mover, life_name((enum life)from), life_name((enum life)to));
                if ((life_move(s, &step) == LIFE_MOVED) != wanted)
                    fail_msg("%s to %s by %u", life_name((enum life)from), life_name((enum life)to), mover);
                assert_int_equal(life_now(s), wanted ? to : from);
                if (!wanted)
                    assert_true(json_equal(s, was));
                json_decref(was);
                json_decref(s);
            }
}

static void nothing_closes_by_itself(void **state)
{
    (void)state;
    for (int from = 0; from < LIFE_COUNT; from++)
        for (int to = 0; to < LIFE_COUNT; to++)
            if (life_is_ending((enum life)to))
                assert_false(life_may((enum life)from, (enum life)to, LIFE_BY_RULE, NULL));
    for (int life = 0; life < LIFE_COUNT; life++)
        assert_int_equal(life_is_ending((enum life)life), has(endings, life_name((enum life)life)));
}

static void an_ending_by_the_office_needs_a_reason_the_other_remedies_and_for_a_grave_case_a_second(void **state)
{
    (void)state;
    static const enum life decided[] = {LIFE_REFERRED, LIFE_OUT_OF_SCOPE, LIFE_UNFOUNDED, LIFE_UNANSWERED};
    for (size_t i = 0; i < sizeof decided / sizeof *decided; i++) {
        json_t *s = state_at(LIFE_WAITING_FOR_YOU);
        struct life_step step = {.to = decided[i], .mover = LIFE_BY_OFFICER, .who = "amina", .is_grave = 1};
        assert_int_equal(life_move(s, &step), LIFE_WANTS_REASON);
        step.reason = "no such place";
        assert_int_equal(life_move(s, &step), LIFE_WANTS_REMEDIES);
        step.remedies = "the labour court";
        assert_int_equal(life_move(s, &step), LIFE_WANTS_SECOND);
        step.second = "amina";
        assert_int_equal(life_move(s, &step), LIFE_WANTS_SECOND); /* nobody is their own second */
        step.second = "joseph";
        assert_int_equal(life_move(s, &step), LIFE_MOVED);
        json_decref(s);
        s = state_at(LIFE_WAITING_FOR_YOU);
        step.second = NULL;
        step.is_grave = 0;
        assert_int_equal(life_move(s, &step), LIFE_MOVED);
        json_decref(s);
    }
}

static void that_it_is_solved_needs_the_person_or_two_who_say_so(void **state)
{
    (void)state;
    json_t *s = state_at(LIFE_DELIVERED);
    struct life_step step = {.to = LIFE_VERIFIED, .mover = LIFE_BY_OFFICER, .who = "amina", .reason = "she called"};
    assert_int_equal(life_move(s, &step), LIFE_WANTS_SECOND);
    step = (struct life_step){.to = LIFE_VERIFIED, .mover = LIFE_BY_PERSON, .who = ""};
    assert_int_equal(life_move(s, &step), LIFE_MOVED);
    json_decref(s);
    s = state_at(LIFE_DELIVERED);
    step.is_grave = 1;
    assert_int_equal(life_move(s, &step), LIFE_WANTS_SECOND); /* somebody may have made them say it */
    step.second = "joseph";
    assert_int_equal(life_move(s, &step), LIFE_MOVED);
    json_decref(s);
}

static void an_ending_lets_go_and_the_history_says_who_and_why(void **state)
{
    (void)state;
    json_t *s = state_at(LIFE_ASSESSED);
    struct life_step step = step_to(LIFE_UNFOUNDED, LIFE_BY_OFFICER);
    json_object_set_new(s, "wish", json_object());
    assert_int_equal(life_move(s, &step), LIFE_MOVED);
    assert_string_equal(state_text(s, "taken_by"), "");
    assert_null(json_object_get(s, "wish"));
    const json_t *line = json_array_get(json_object_get(s, "history"), 0);
    assert_string_equal(state_text(line, "state"), "unfounded");
    assert_string_equal(state_text(line, "by"), "amina");
    assert_string_equal(state_text(line, "second"), "joseph");
    assert_string_equal(state_text(line, "reason"), "why");
    assert_int_equal(strlen(state_text(line, "at")), 20);
    json_decref(s);
}

static void what_an_earlier_version_wrote_is_understood(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        enum life life;
    } rows[] = {
        {"{\"public\":\"received\"}", LIFE_RECEIVED},
        {"{\"public\":\"in_progress\",\"assessment\":null}", LIFE_FIRST_LOOK},
        {"{\"public\":\"in_progress\",\"assessment\":{}}", LIFE_ASSESSED},
        {"{\"public\":\"answered\"}", LIFE_WAITING_FOR_YOU},
        {"{\"public\":\"closed\"}", LIFE_CLOSED},
        {"{\"public\":\"closed\",\"life\":\"reopened\"}", LIFE_REOPENED},
        {"{\"life\":\"unheard_of\"}", LIFE_RECEIVED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_t *s = json_loads(rows[i].json, 0, NULL);
        assert_int_equal(life_now(s), rows[i].life);
        json_decref(s);
    }
    json_t *s = json_loads("{\"public\":\"closed\"}", 0, NULL);
    assert_true(life_follow(s, LIFE_REOPENED, LIFE_BY_RULE, ""));
    assert_null(json_object_get(s, "public"));
    json_decref(s);
}

static void what_one_asks_another_confirms_and_both_names_stay(void **state)
{
    (void)state;
    json_t *s = json_object();
    assert_false(second_is_wanted(s));
    assert_false(second_may(s, "closing", "joseph"));
    second_ask(s, "closing", "amina", "nothing in it", json_pack("{s:s}", "state", "unfounded"));
    assert_true(second_is_wanted(s));
    assert_false(second_may(s, "closing", "amina"));
    assert_true(second_may(s, "closing", "joseph"));
    assert_false(second_may(s, "lowering", "joseph"));
    json_t *settled = second_settle(s, "closing", "joseph", "I read it too", 1);
    assert_string_equal(state_text(settled, "by"), "amina");
    assert_string_equal(state_text(settled, "reason"), "nothing in it");
    assert_string_equal(state_text(settled, "second"), "joseph");
    assert_string_equal(state_text(settled, "second_reason"), "I read it too");
    assert_string_equal(state_text(settled, "state"), "unfounded");
    assert_int_equal(strlen(state_text(settled, "at")), 20);
    assert_int_equal(strlen(state_text(settled, "second_at")), 20);
    assert_true(json_is_true(json_object_get(settled, "confirmed")));
    json_decref(settled);
    assert_false(second_is_wanted(s));
    second_ask(s, "lowering", "joseph", "less than it seemed", json_object());
    json_decref(second_settle(s, "lowering", "amina", "not to me", 0));
    const json_t *kept = json_object_get(s, "seconds");
    assert_int_equal(json_array_size(kept), 2);
    assert_true(json_is_false(json_object_get(json_array_get(kept, 1), "confirmed")));
    assert_string_equal(state_text(json_array_get(kept, 1), "what"), "lowering");
    json_decref(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pair_is_legal_or_not_as_the_table_says),
        cmocka_unit_test(nothing_closes_by_itself),
        cmocka_unit_test(an_ending_by_the_office_needs_a_reason_the_other_remedies_and_for_a_grave_case_a_second),
        cmocka_unit_test(that_it_is_solved_needs_the_person_or_two_who_say_so),
        cmocka_unit_test(an_ending_lets_go_and_the_history_says_who_and_why),
        cmocka_unit_test(what_an_earlier_version_wrote_is_understood),
        cmocka_unit_test(what_one_asks_another_confirms_and_both_names_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
