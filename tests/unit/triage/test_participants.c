/* test_participants.c -- several people in one case: whose word decides what, what is only noted, who is told what, and
 * that who may not have one of them may have none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/mem.h"
#include "triage/vault/acts.h"
#include "triage/vault/case_state.h"
#include "triage/vault/participants_keep.h"
#include "triage/vault/pauses.h"
#include "triage/vault/seen.h"

#define TOGETHER "0b6ff0f5-6f1c-4b53-8a3e-1a0c5b1f7c11"

static json_t *reported_as(const char *speaking_as)
{
    return json_pack("{s:s,s:s}", "life", "remedy_offered", "speaking_as", speaking_as);
}

static json_t *part(const char *role)
{
    json_t *state = reported_as("self");
    participant_set(state, TOGETHER, participant_role_of(role), "amina", "They came together");
    return state;
}

/* ---- who has which part ---- */

static void who_reports_says_who_they_are_until_staff_say_otherwise(void **state)
{
    (void)state;
    static const struct {
        const char *speaking_as;
        enum participant_role role;
    } rows[] = {{"", PARTICIPANT_AFFECTED},
                {"self", PARTICIPANT_AFFECTED},
                {"witness", PARTICIPANT_AFFECTED},
                {"group", PARTICIPANT_MEMBER},
                {"representative", PARTICIPANT_REPRESENTATIVE},
                {"proxy", PARTICIPANT_REPRESENTATIVE}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_t *s = reported_as(rows[i].speaking_as);
        assert_int_equal(participant_role(s), rows[i].role);
        participant_set(s, TOGETHER, PARTICIPANT_MEMBER, "amina", "As she told me");
        assert_int_equal(participant_role(s), PARTICIPANT_MEMBER);
        json_decref(s);
    }
    assert_int_equal(participant_role_of("boss"), PARTICIPANT_ROLES);
}

/* What decides, with so many affected beside them of whom so many speak for themselves now. */
static enum participant_say with(const json_t *state, size_t affected, size_t alone)
{
    const struct participants_others others = {.affected = affected, .alone = alone};
    return participant_say(state, &others);
}

static void who_represents_decides_only_as_agreed_and_never_beside_the_person(void **state)
{
    (void)state;
    json_t *s = part("representative");
    assert_int_equal(with(s, 0, 0), SAY_NO_MANDATE);
    participant_mandate(s, "She told me so at the gate", "amina");
    assert_int_equal(with(s, 0, 0), SAY_DECIDES);
    assert_int_equal(with(s, 1, 0), SAY_BESIDE);
    assert_int_equal(with(s, 2, 1), SAY_BESIDE); /* one of the two still wants them to speak */
    assert_int_equal(with(s, 2, 2), SAY_ENDED);
    participant_mandate(s, NULL, "amina");
    assert_int_equal(with(s, 0, 0), SAY_NO_MANDATE);
    participant_end(s, "amina", "He is her employer");
    assert_int_equal(with(s, 0, 0), SAY_ENDED);
    json_decref(s);
    for (enum participant_role r = 0; r < PARTICIPANT_ROLES; r++) {
        json_t *one = part(participant_role_name(r));
        if (r != PARTICIPANT_REPRESENTATIVE)
            assert_int_equal(with(one, 3, 1), SAY_DECIDES); /* each for themself */
        json_decref(one);
    }
}

static void what_gives_away_needs_a_say_and_what_protects_needs_none(void **state)
{
    (void)state;
    static const struct {
        const char *act;
        int counts[PARTICIPANT_SAYS]; /* decides, no mandate, beside the person, ended */
    } rows[] = {{"accept", {1, 0, 0, 0}},     {"helped", {1, 0, 0, 0}},    {"solved", {1, 0, 0, 0}},
                {"withdraw", {1, 0, 0, 0}},   {"agree:1", {1, 0, 0, 0}},   {"refuse", {1, 1, 0, 0}},
                {"not_helped", {1, 1, 0, 0}}, {"review", {1, 1, 1, 0}},    {"keep", {1, 1, 1, 1}},
                {"disagree:2", {1, 1, 1, 1}}, {"revoke:12", {1, 1, 1, 1}}, {"", {1, 1, 1, 1}}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int say = 0; say < PARTICIPANT_SAYS; say++)
            assert_int_equal(participant_counts((enum participant_say)say, rows[i].act), rows[i].counts[say]);
}

/* ---- what is only noted ---- */

static void what_is_noted_is_kept_and_changes_nothing(void **state)
{
    (void)state;
    char long_words[REMEDY_WORDS_MAX + 3];
    memset(long_words, 'a', sizeof long_words);
    memcpy(long_words + REMEDY_WORDS_MAX - 1, "\xC3\xA9", 3); /* the last character would be cut in two */
    const struct remedy_voice voice = {.via = "text", .who = "", .words = long_words};
    json_t *s = reported_as("representative");
    json_object_set_new(s, "remedies", json_pack("[{s:i}]", "number", 1));
    assert_false(participant_has_noted(s, "accept"));
    participant_note(s, "accept", &voice);
    assert_true(participant_has_noted(s, "accept"));
    assert_false(participant_has_noted(s, "refuse"));
    assert_int_equal(life_now(s), LIFE_REMEDY_OFFERED);
    assert_null(json_object_get(json_array_get(json_object_get(s, "remedies"), 0), "answer"));
    const json_t *noted = json_array_get(json_object_get(s, "noted"), 0);
    assert_int_equal(strlen(state_text(noted, "words")), REMEDY_WORDS_MAX - 1);
    json_array_append_new(json_object_get(s, "remedies"), json_pack("{s:i}", "number", 2));
    assert_false(participant_has_noted(s, "accept")); /* that was said of the one before */
    for (int i = 0; i < 2 * PARTICIPANTS_NOTED_MAX; i++)
        participant_note(s, i % 2 ? "accept" : "refuse", &voice);
    assert_int_equal(json_array_size(json_object_get(s, "noted")), PARTICIPANTS_NOTED_MAX);
    assert_true(participant_has_noted(s, "accept"));
    json_decref(s);
}

/* ---- what they are told, and how it ends ---- */

static const char *represented(const json_t *state)
{
    static char word[10];
    json_t *notice = acts_notice(state);
    strcpy(word, state_text(json_object_get(notice, "participant"), "represented"));
    json_decref(notice);
    return word;
}

static void the_affected_person_ends_it_and_can_take_that_back(void **state)
{
    (void)state;
    json_t *s = part("affected");
    assert_string_equal(represented(s), "");
    assert_int_equal(participant_do(s, "alone", "page"), 0); /* nobody speaks for them */
    assert_int_equal(participant_do(s, "together", "page"), 0);
    state_set_text(json_object_get(s, "participant"), "told", "now");
    assert_string_equal(represented(s), "now");
    assert_int_equal(participant_do(s, "accept", "page"), 0);
    assert_int_equal(participant_do(s, "alone", "page"), 1);
    assert_string_equal(represented(s), "ended");
    assert_int_equal(participant_do(s, "alone", "page"), 0);
    struct participants_others others = {0};
    participant_count(s, &others);
    assert_true(others.affected == 1 && others.alone == 1 && others.representatives == 0);
    assert_int_equal(participant_do(s, "together", "page"), 1);
    assert_string_equal(represented(s), "");
    json_decref(s);
}

static void who_represents_is_told_the_same_whatever_their_word_counts(void **state)
{
    (void)state;
    json_t *s = part("representative"), *before = participant_notice(s);
    assert_true(json_is_true(json_object_get(before, "speaks_for")));
    participant_mandate(s, "On the telephone", "amina");
    json_t *after = participant_notice(s);
    assert_true(json_equal(before, after));
    assert_int_equal(participant_do(s, "alone", "page"), 0);
    json_decref(before);
    json_decref(after);
    json_decref(s);
}

static void after_the_end_deadlines_stand_still_until_it_goes_on(void **state)
{
    (void)state;
    json_t *s = part("representative");
    participant_end(s, "", "The affected person ended it");
    assert_true(participant_is_ended(s));
    assert_non_null(pauses_now(s));
    participant_resume(s, "amina");
    assert_false(participant_is_ended(s));
    assert_null(pauses_now(s));
    /* A pause of staff's own stays. */
    assert_true(pauses_begin(s, "other_proceedings", "amina", "The court sits in May", "A court decides first."));
    participant_end(s, "amina", "They asked me");
    participant_resume(s, "amina");
    assert_string_equal(state_text(pauses_now(s), "code"), "other_proceedings");
    json_decref(s);
}

/* ---- those beside them ---- */

static struct vault *vault;

static int begin(void **state)
{
    (void)state;
    vault = mem_new(sizeof *vault);
    vault->book = book_new(NULL);
    vault->circles = groups_new(GROUPS_OF_PARTICIPANTS);
    return 0;
}

static int end(void **state)
{
    (void)state;
    groups_free(vault->circles);
    for (size_t i = 0; book_at(vault->book, i); i++)
        sides_free(book_at(vault->book, i));
    book_free(vault->book);
    mem_free(vault);
    return 0;
}

/* As case_place.c does. Takes `said`. */
static struct case_file *keep(uint8_t n, json_t *said)
{
    uint8_t id[16] = {n};
    struct group *left;
    struct case_file *file = book_add(vault->book, id);
    mem_free(file->state);
    file->state = json_dumps(said, JSON_COMPACT);
    file->state_len = strlen(file->state);
    file->version++;
    (void)groups_know(vault->circles, said, file, &left);
    sides_know(vault, said, file);
    participants_placed(vault, file, left);
    json_decref(said);
    return file;
}

static enum participant_say say_of(const struct case_file *file)
{
    json_t *said = state_draft(file);
    enum participant_say say = participants_say(vault, file, said);
    json_decref(said);
    return say;
}

static json_t *named(json_t *said, const char *name)
{
    json_object_set_new(said, "named", json_pack("[{s:s}]", "name", name));
    return said;
}

static void the_person_beside_them_takes_the_say(void **state)
{
    (void)state;
    json_t *mandated = part("representative");
    participant_mandate(mandated, "She told me so", "amina");
    const struct case_file *speaker = keep(1, json_incref(mandated));
    assert_int_equal(say_of(speaker), SAY_DECIDES);
    const struct case_file *person = keep(2, part("affected"));
    assert_int_equal(say_of(speaker), SAY_BESIDE);
    assert_int_equal(say_of(person), SAY_DECIDES);
    json_t *alone = part("affected");
    json_object_set_new(json_object_get(alone, "participant"), "alone", json_object());
    keep(2, alone);
    assert_int_equal(say_of(speaker), SAY_ENDED);
    keep(2, reported_as("self")); /* taken apart: it was put there by mistake */
    assert_int_equal(say_of(speaker), SAY_DECIDES);
    json_decref(mandated);
}

static void who_is_named_in_one_has_none_of_them(void **state)
{
    (void)state;
    struct case_file *first = keep(1, part("representative")), *other = keep(2, part("affected")),
                     *stranger = keep(3, reported_as("self"));
    assert_true(seen_by(first, "joseph") && seen_by(other, "joseph"));
    keep(2, named(part("affected"), "joseph"));
    assert_false(seen_by(first, "joseph") || seen_by(other, "joseph"));
    assert_true(seen_by(first, "grace") && seen_by(stranger, "joseph"));
    keep(1, named(part("representative"), "grace"));
    assert_false(seen_by(other, "grace"));
    assert_int_equal(seen_count(vault, "joseph"), book_known(vault->book) - 2);
    keep(2, named(reported_as("self"), "joseph"));
    assert_true(seen_by(first, "joseph") && seen_by(other, "grace"));
}

static void one_case_has_one_officer(void **state)
{
    (void)state;
    struct case_file *first = keep(1, part("representative")), *other = keep(2, part("affected"));
    assert_false(participants_are_held(vault, other, "amina"));
    strcpy(first->taken_by, "joseph");
    assert_true(participants_are_held(vault, other, "amina"));
    assert_false(participants_are_held(vault, other, "joseph"));
    assert_false(participants_are_held(vault, first, "amina")); /* it is held itself: the queue has it not */
}

static void staff_see_each_part_but_not_what_is_hidden_from_them(void **state)
{
    (void)state;
    json_t *offered = part("representative");
    json_object_set_new(offered, "remedies", json_pack("[{s:i}]", "number", 1));
    const struct remedy_voice voice = {.via = "page", .who = "", .words = "Take it"};
    participant_note(offered, "accept", &voice);
    struct case_file *first = keep(1, offered), *other = keep(2, part("affected"));
    json_t *said = state_draft(other), *view = participants_view(vault, "amina", other, said);
    const json_t *one = json_array_get(json_object_get(view, "others"), 0);
    assert_int_equal(json_array_size(json_object_get(view, "others")), 1);
    assert_string_equal(state_text(view, "say"), "decides");
    assert_string_equal(state_text(one, "role"), "representative");
    assert_string_equal(state_text(one, "say"), "beside");
    assert_string_equal(state_text(one, "remedy"), "says_yes");
    json_decref(view);
    first->is_unmatched = 1; /* it was moved here and not looked through yet */
    json_t *kept = state_draft(first);
    sides_know(vault, kept, first);
    json_decref(kept);
    view = participants_view(vault, "amina", other, said);
    assert_int_equal(json_array_size(json_object_get(view, "others")), 0);
    json_decref(view);
    json_decref(said);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_reports_says_who_they_are_until_staff_say_otherwise),
        cmocka_unit_test(who_represents_decides_only_as_agreed_and_never_beside_the_person),
        cmocka_unit_test(what_gives_away_needs_a_say_and_what_protects_needs_none),
        cmocka_unit_test(what_is_noted_is_kept_and_changes_nothing),
        cmocka_unit_test(the_affected_person_ends_it_and_can_take_that_back),
        cmocka_unit_test(who_represents_is_told_the_same_whatever_their_word_counts),
        cmocka_unit_test(after_the_end_deadlines_stand_still_until_it_goes_on),
        cmocka_unit_test_setup_teardown(the_person_beside_them_takes_the_say, begin, end),
        cmocka_unit_test_setup_teardown(who_is_named_in_one_has_none_of_them, begin, end),
        cmocka_unit_test_setup_teardown(one_case_has_one_officer, begin, end),
        cmocka_unit_test_setup_teardown(staff_see_each_part_but_not_what_is_hidden_from_them, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
