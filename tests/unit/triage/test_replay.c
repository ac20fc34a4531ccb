/* test_replay.c -- what was proposed once is proposed again from what is stored, also when newer rules have come. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/mem.h"
#include "triage/vault/replay.h"
#include "triage/vault/severity_json.h"

#define FOLDER SOURCE_ROOT "/triage/rules"

static const char *const texts[] = {
    "{\"kind\":\"grievance\",\"text\":\"The guards said they will kill us\",\"answers\":{\"people_low\":40},"
    "\"at\":\"2026-11-22T08:00:00Z\"}",
    /* Without a time of its own: its arrival was taken from the clock, and is known from the proposal alone. */
    "{\"kind\":\"grievance\",\"text\":\"the manager took all our passports\"}",
    "{\"kind\":\"grievance\",\"text\":\"\\u043f\\u043e\\u043c\\u043e\\u0433\\u0438\\u0442\\u0435\",\"at\":\"2026-11-"
    "23T08:00:00Z\"}",
};
enum { COUNT = sizeof texts / sizeof *texts };

static struct message messages[COUNT];

static int read_messages(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT; i++)
        if (message_read(texts[i], strlen(texts[i]), &messages[i]) != ERR_OK)
            return -1;
    return 0;
}

static int forget_messages(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT; i++)
        message_free(&messages[i]);
    return 0;
}

static json_t *propose(unsigned version, const struct message *message)
{
    struct rules *rules;
    struct rules_input *input = mem_new(sizeof *input);
    struct rules_proposal *proposal = mem_new(sizeof *proposal);
    char says[SAYS_SIZE];
    assert_int_equal(rules_load_version(FOLDER, version, &rules, says), ERR_OK);
    message_rules_input(message, input);
    rules_propose(rules, input, proposal);
    json_t *json = proposal_json(proposal, version);
    rules_free(rules);
    mem_free(proposal);
    mem_free(input);
    return json;
}

/* As a case's state keeps it: sealed as text, read again at the next start. */
static json_t *stored(json_t *proposal)
{
    char *text = json_dumps(proposal, JSON_COMPACT);
    json_t *json = json_loads(text, 0, NULL);
    assert_non_null(json);
    free(text);
    json_decref(proposal);
    return json;
}

static void an_old_proposal_is_made_again_with_the_rules_of_its_time(void **state)
{
    (void)state;
    char says[SAYS_SIZE];
    json_t *again, *old = stored(propose(1, &messages[0])), *new = stored(propose(2, &messages[0]));
    assert_false(json_equal(old, new));
    assert_int_equal(replay_proposal(FOLDER, old, messages, 1, &again, says), ERR_OK);
    assert_true(json_equal(old, again));
    json_decref(again);
    assert_int_equal(replay_proposal(FOLDER, new, messages, 1, &again, says), ERR_OK);
    assert_true(json_equal(new, again));
    json_decref(again);
    json_decref(old);
    json_decref(new);
}

/* The rules became newer between a person's first message and their second. */
static void every_message_meets_the_rules_of_its_own_arrival(void **state)
{
    (void)state;
    char says[SAYS_SIZE];
    json_t *again, *all = propose(1, &messages[0]);
    for (size_t i = 1; i < COUNT; i++) {
        json_t *one = propose(2, &messages[i]);
        proposal_raise(all, one);
        json_decref(one);
    }
    all = stored(all);
    assert_int_equal(json_array_size(json_object_get(all, "later")), COUNT - 1);
    assert_int_equal(replay_proposal(FOLDER, all, messages, COUNT, &again, says), ERR_OK);
    assert_true(json_equal(all, again));
    json_decref(again);
    json_decref(all);
}

static void a_changed_word_does_not_go_unseen(void **state)
{
    (void)state;
    char says[SAYS_SIZE];
    struct message other;
    static const char text[] = "{\"kind\":\"grievance\",\"text\":\"The guards said they will greet us\"}";
    json_t *again, *was = stored(propose(2, &messages[0]));
    assert_int_equal(message_read(text, sizeof text - 1, &other), ERR_OK);
    assert_int_equal(replay_proposal(FOLDER, was, &other, 1, &again, says), ERR_OK);
    assert_false(json_equal(was, again));
    json_decref(again);
    json_decref(was);
    message_free(&other);
}

static void what_cannot_be_made_again_says_why(void **state)
{
    (void)state;
    char says[SAYS_SIZE];
    json_t *again, *was = propose(2, &messages[0]);
    assert_int_equal(replay_proposal(FOLDER, was, messages, 2, &again, says), ERR_CONFLICT);
    json_object_set_new(was, "rules", json_integer(999));
    assert_int_equal(replay_proposal(FOLDER, was, messages, 1, &again, says), ERR_NOT_FOUND);
    assert_non_null(strstr(says, "rules-999.json"));
    json_object_del(was, "arrived");
    assert_int_equal(replay_proposal(FOLDER, was, messages, 1, &again, says), ERR_MALFORMED);
    json_decref(was);
}

/* What vaults have stored. Where this fails, the code that cuts texts into words or looks for phrases proposes
 * something else than it did: cases of that time could no longer be explained. */
static void what_was_stored_long_ago_comes_out_the_same(void **state)
{
    (void)state;
    size_t i;
    json_t *one, *kept = json_load_file(SOURCE_ROOT "/tests/triage/replays.json", 0, NULL);
    assert_true(json_array_size(kept) >= 40);
    json_array_foreach(kept, i, one)
    {
        char says[SAYS_SIZE], *text = json_dumps(json_object_get(one, "message"), JSON_COMPACT);
        const json_t *was = json_object_get(one, "proposal");
        struct message message;
        json_t *again;
        assert_int_equal(message_read(text, strlen(text), &message), ERR_OK);
        assert_int_equal(replay_proposal(FOLDER, was, &message, 1, &again, says), ERR_OK);
        const char *key;
        json_t *value;
        /* What later code adds is no difference; what it changes is. */
        json_object_foreach((json_t *)(uintptr_t)was, key, value) if (!json_equal(value, json_object_get(again, key)))
            fail_msg("proposal %zu: %s differs", i + 1, key);
        json_decref(again);
        message_free(&message);
        free(text);
    }
    json_decref(kept);
}

/* With --record: proposals of a few reports of each language, for tests/triage/replays.json. The second was written for
 * version 3. */
static int record(void)
{
    static const char *const languages[] = {"ar", "bn", "en", "es", "fr", "hi", "pt", "ru", "sw", "zh"};
    json_t *kept = json_array();
    static const struct {
        unsigned version;
        size_t report;
    } rows[] = {{1, 12}, {2, 12}, {3, 12}, {3, 50}};
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
        for (size_t l = 0; l < sizeof languages / sizeof *languages; l++) {
            char path[512];
            struct message message;
            snprintf(path, sizeof path, SOURCE_ROOT "/tests/triage/reports-%s.json", languages[l]);
            json_t *file = json_load_file(path, 0, NULL);
            json_t *report = json_array_get(json_object_get(file, "reports"), rows[r].report);
            json_t *inside = json_pack("{s:s,s:O,s:s}", "kind", "grievance", "text", json_object_get(report, "text"),
                                       "at", "2026-11-22T08:00:00Z");
            char *text = json_dumps(inside, JSON_COMPACT);
            if (message_read(text, strlen(text), &message) == ERR_OK)
                json_array_append_new(
                    kept, json_pack("{s:o,s:o}", "message", inside, "proposal", propose(rows[r].version, &message)));
            message_free(&message);
            free(text);
            json_decref(file);
        }
    json_dumpf(kept, stdout, JSON_INDENT(1));
    json_decref(kept);
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_old_proposal_is_made_again_with_the_rules_of_its_time),
        cmocka_unit_test(every_message_meets_the_rules_of_its_own_arrival),
        cmocka_unit_test(a_changed_word_does_not_go_unseen),
        cmocka_unit_test(what_cannot_be_made_again_says_why),
        cmocka_unit_test(what_was_stored_long_ago_comes_out_the_same),
    };
    if (argc == 2 && strcmp(argv[1], "--record") == 0)
        return record();
    return cmocka_run_group_tests(tests, read_messages, forget_messages);
}
