/* The conversation a receipt leads to: what is shown, and what is not because nobody of the desk signed it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/rng.h"
#include "common/seal/sign.h"
#include "intake/states.h"
#include "intake/thread.h"

enum { ROWS_MOST = 8 };

static struct manifest manifest;
static struct sign_key *desk_key, *other_key;
static struct thread_key keys[2];
static struct thread_row rows[ROWS_MOST];
static struct buf bodies[ROWS_MOST];
static uint8_t signatures[ROWS_MOST][SIGN_SIZE];
static size_t row_count;

static int begin(void **state)
{
    uint8_t seed[32], other_seed[32], other_public[32];
    (void)state;
    memset(&manifest, 0, sizeof manifest);
    strcpy(manifest.keys[0].use, "state");
    strcpy(manifest.keys[0].name, "usual");
    sign_seed_new(seed, manifest.keys[0].key);
    manifest.key_count = 1;
    sign_seed_new(other_seed, other_public);
    assert_int_equal(sign_key_new(seed, &desk_key), ERR_OK);
    assert_int_equal(sign_key_new(other_seed, &other_key), ERR_OK);
    rng_bytes(keys, sizeof keys);
    keys[0].generation = 1;
    keys[1].generation = 2;
    row_count = 0;
    return 0;
}

static int end(void **state)
{
    (void)state;
    for (size_t i = 0; i < row_count; i++)
        buf_free(&bodies[i]);
    sign_key_free(desk_key);
    sign_key_free(other_key);
    return 0;
}

/* `signer` NULL: unsigned. */
static void add(uint8_t author, uint8_t part, uint64_t generation, const struct sign_key *signer, const char *inside)
{
    struct thread_row *row = &rows[row_count];
    uint8_t said[ENVELOPE_PLACE_SIZE + 32];
    *row = (struct thread_row){.place = {.office = 1,
                                         .root = ROOT_THREAD,
                                         .part = part,
                                         .author = author,
                                         .door = DOOR_VAULT,
                                         .generation = generation,
                                         .n = row_count + 1}};
    bodies[row_count] = BUF_INIT(65536);
    assert_int_equal(envelope_seal(keys[generation - 1].key, &row->place, inside, strlen(inside), &bodies[row_count]),
                     ERR_OK);
    row->body = bodies[row_count].bytes;
    row->body_len = bodies[row_count].len;
    if (signer) {
        envelope_place_bytes(&row->place, said);
        sign_sha256(row->body, row->body_len, said + ENVELOPE_PLACE_SIZE);
        assert_int_equal(sign_make(signer, said, sizeof said, signatures[row_count]), ERR_OK);
        row->signature = signatures[row_count];
    }
    row_count++;
}

static void expect(size_t key_count, int read_back, const char *wanted_text)
{
    struct thread thread = {.desk = "usual"};
    json_t *wanted = json_loads(wanted_text, 0, NULL);
    assert_non_null(wanted);
    thread_show(&manifest, keys, key_count, rows, row_count, &thread);
    assert_int_equal(thread.read_back, read_back);
    if (!json_equal(thread.shown, wanted)) {
        char *text = json_dumps(thread.shown, 0);
        fail_msg("shown: %s", text);
    }
    json_decref(thread.shown);
    json_decref(wanted);
}

static void before_anything_is_there(void **state)
{
    (void)state;
    expect(1, 0, "{\"state\":\"received\",\"since\":null,\"messages\":[],\"can\":[\"add\"]}");
}

static void words_and_signed_answers_are_shown_in_order(void **state)
{
    (void)state;
    add(AUTHOR_REPORTER, PART_MESSAGE, 1, NULL, "{\"v\":1,\"at\":\"2026-11-22T08:00:00Z\",\"text\":\"hello\"}");
    add(AUTHOR_VAULT, PART_NOTICE, 1, desk_key, "{\"v\":1,\"state\":\"answered\",\"at\":\"2026-11-24T09:00:00Z\"}");
    add(AUTHOR_STAFF, PART_MESSAGE, 1, desk_key, "{\"v\":1,\"at\":\"2026-11-24T09:00:00Z\",\"text\":\"we come\"}");
    expect(1, 1,
           "{\"state\":\"answered\",\"since\":\"2026-11-24\",\"messages\":["
           "{\"from\":\"you\",\"at_day\":\"2026-11-22\",\"text\":\"hello\",\"files\":[]},"
           "{\"from\":\"staff\",\"at_day\":\"2026-11-24\",\"text\":\"we come\",\"files\":[]}],"
           "\"can\":[\"add\",\"solved\",\"partly\",\"not_solved\",\"withdraw\",\"erase\",\"hide:2\"]}");
}

static void own_files_are_named_and_nothing_else_of_them_is_told(void **state)
{
    (void)state;
    /* NOLINTBEGIN(misc-misleading-bidirectional): that is what is tried */
    add(AUTHOR_REPORTER, PART_MESSAGE, 1, NULL,
        "{\"v\":1,\"at\":\"2026-11-22T08:00:00Z\",\"text\":\"look\",\"files\":["
        "{\"id\":\"01\",\"key\":\"secret\",\"name\":\"well.jpg\",\"size\":1200000},"
        "{\"id\":\"02\",\"key\":\"secret\",\"name\":\"../a\u202egpj.exe\",\"size\":-1},"
        "{\"id\":\"03\",\"key\":\"secret\"}, 4]}");
    /* NOLINTEND(misc-misleading-bidirectional) */
    add(AUTHOR_STAFF, PART_MESSAGE, 1, desk_key,
        "{\"v\":1,\"at\":\"2026-11-24T09:00:00Z\",\"text\":\"we saw it\",\"files\":[{\"name\":\"theirs.jpg\"}]}");
    expect(1, 1,
           "{\"state\":\"received\",\"since\":\"2026-11-22\",\"messages\":["
           "{\"from\":\"you\",\"at_day\":\"2026-11-22\",\"text\":\"look\",\"files\":["
           "{\"name\":\"well.jpg\",\"size\":1200000},{\"name\":\"agpj.exe\",\"size\":null},"
           "{\"name\":\"\",\"size\":null},{\"name\":\"\",\"size\":null}]},"
           "{\"from\":\"staff\",\"at_day\":\"2026-11-24\",\"text\":\"we saw it\",\"files\":[]}],"
           "\"can\":[\"add\",\"hide:2\"]}");
}

static void nobody_speaks_for_the_desk_without_its_signature(void **state)
{
    (void)state;
    add(AUTHOR_STAFF, PART_MESSAGE, 1, NULL, "{\"v\":1,\"text\":\"unsigned\"}");
    add(AUTHOR_STAFF, PART_MESSAGE, 1, other_key, "{\"v\":1,\"text\":\"of another\"}");
    add(AUTHOR_VAULT, PART_NOTICE, 1, other_key, "{\"v\":1,\"state\":\"closed\"}");
    add(AUTHOR_STAFF, PART_MESSAGE, 1, desk_key, "{\"v\":1,\"text\":\"moved\"}");
    rows[3].place.n++; /* signed in another place */
    expect(1, 0, "{\"state\":\"received\",\"since\":null,\"messages\":[],\"can\":[\"add\"]}");
}

static void a_person_cannot_set_the_state(void **state)
{
    (void)state;
    add(AUTHOR_REPORTER, PART_NOTICE, 1, NULL, "{\"v\":1,\"state\":\"closed\"}");
    expect(1, 0, "{\"state\":\"received\",\"since\":null,\"messages\":[],\"can\":[\"add\"]}");
}

static void a_question_can_be_answered_and_a_yes_taken_back(void **state)
{
    (void)state;
    add(AUTHOR_VAULT, PART_NOTICE, 1, desk_key,
        "{\"v\":1,\"state\":\"in_action\",\"at\":\"2026-11-24T09:00:00Z\",\"consents\":["
        "{\"n\":1,\"at\":\"2026-11-24T09:00:00Z\",\"answer\":\"yes\",\"to\":\"Them\",\"purpose\":\"p\",\"what\":\"w\","
        "\"how\":\"h\"},"
        "{\"n\":2,\"at\":\"2026-11-24T09:00:00Z\",\"answer\":\"\",\"to\":\"\",\"purpose\":\"p\",\"what\":\"w\","
        "\"secret\":1},"
        "{\"n\":3,\"answer\":\"revoked\",\"purpose\":\"p\"}]}");
    expect(1, 0,
           "{\"state\":\"in_action\",\"since\":\"2026-11-24\",\"messages\":[],\"consents\":["
           "{\"n\":1,\"day\":\"2026-11-24\",\"to\":\"Them\",\"purpose\":\"p\",\"what\":\"w\",\"answer\":\"yes\","
           "\"how\":\"h\"},"
           "{\"n\":2,\"day\":\"2026-11-24\",\"purpose\":\"p\",\"what\":\"w\",\"answer\":\"\"},"
           "{\"n\":3,\"day\":\"\",\"purpose\":\"p\",\"answer\":\"revoked\"}],"
           "\"can\":[\"add\",\"solved\",\"partly\",\"not_solved\",\"withdraw\",\"erase\",\"revoke:1\",\"agree:2\","
           "\"disagree:2\"]}");
    /* The next notice says all there is. */
    add(AUTHOR_VAULT, PART_NOTICE, 1, desk_key, "{\"v\":1,\"state\":\"in_action\",\"at\":\"2026-11-24T09:00:00Z\"}");
    expect(1, 0,
           "{\"state\":\"in_action\",\"since\":\"2026-11-24\",\"messages\":[],\"can\":[\"add\",\"solved\",\"partly\","
           "\"not_solved\",\"withdraw\",\"erase\"]}");
}

static void what_does_not_open_is_left_out(void **state)
{
    (void)state;
    add(AUTHOR_REPORTER, PART_MESSAGE, 2, NULL, "{\"v\":1,\"text\":\"newer key\"}");
    add(AUTHOR_REPORTER, PART_MESSAGE, 1, NULL, "not json");
    add(AUTHOR_VAULT, PART_NOTICE, 1, desk_key, "{\"v\":1,\"state\":\"unheard of\"}");
    expect(1, 0, "{\"state\":\"received\",\"since\":null,\"messages\":[],\"can\":[\"add\"]}");
    expect(2, 1,
           "{\"state\":\"received\",\"since\":null,\"messages\":["
           "{\"from\":\"you\",\"at_day\":\"\",\"text\":\"newer key\",\"files\":[]}],\"can\":[\"add\"]}");
}

/* What the office decided, with what stays open; a review may be asked for until its day. */
static void a_decision_says_what_stays_open_and_can_be_reviewed(void **state)
{
    (void)state;
    add(AUTHOR_STAFF, PART_MESSAGE, 1, desk_key,
        "{\"v\":1,\"at\":\"2026-11-24T09:00:00Z\",\"text\":\"no\",\"decision\":\"unfounded\","
        "\"open_remedies\":\"the court\"}");
    add(AUTHOR_VAULT, PART_NOTICE, 1, desk_key,
        "{\"v\":1,\"state\":\"unfounded\",\"at\":\"2026-11-24T09:00:00Z\",\"review_until\":\"2999-01-01T00:00:00Z\"}");
    expect(1, 0,
           "{\"state\":\"unfounded\",\"since\":\"2026-11-24\",\"review_until\":\"2999-01-01\",\"messages\":["
           "{\"from\":\"staff\",\"at_day\":\"2026-11-24\",\"text\":\"no\",\"files\":[],\"decision\":\"unfounded\","
           "\"open_remedies\":\"the court\"}],\"can\":[\"add\",\"erase\",\"review\",\"hide:1\"]}");
    add(AUTHOR_VAULT, PART_NOTICE, 1, desk_key,
        "{\"v\":1,\"state\":\"unfounded\",\"at\":\"2026-11-24T09:00:00Z\",\"review_until\":\"2026-01-01T00:00:00Z\"}");
    expect(1, 0,
           "{\"state\":\"unfounded\",\"since\":\"2026-11-24\",\"review_until\":\"2026-01-01\",\"messages\":["
           "{\"from\":\"staff\",\"at_day\":\"2026-11-24\",\"text\":\"no\",\"files\":[],\"decision\":\"unfounded\","
           "\"open_remedies\":\"the court\"}],\"can\":[\"add\",\"erase\",\"hide:1\"]}");
    add(AUTHOR_VAULT, PART_NOTICE, 1, desk_key,
        "{\"v\":1,\"state\":\"unfounded\",\"at\":\"2026-11-25T09:00:00Z\",\"final\":true}");
    expect(1, 0,
           "{\"state\":\"unfounded\",\"since\":\"2026-11-25\",\"final\":true,\"messages\":["
           "{\"from\":\"staff\",\"at_day\":\"2026-11-24\",\"text\":\"no\",\"files\":[],\"decision\":\"unfounded\","
           "\"open_remedies\":\"the court\"}],\"can\":[\"add\",\"erase\",\"hide:1\"]}");
}

static void why_the_time_limits_stand_still_is_told_until_they_run_again(void **state)
{
    (void)state;
    add(AUTHOR_VAULT, PART_NOTICE, 1, desk_key,
        "{\"v\":1,\"state\":\"in_action\",\"at\":\"2026-11-24T09:00:00Z\","
        "\"pause\":{\"code\":\"no_safe_way\",\"since\":\"2026-11-24T09:00:00Z\",\"says\":\"Write when you can\"}}");
    expect(1, 0,
           "{\"state\":\"in_action\",\"since\":\"2026-11-24\",\"pause\":{\"code\":\"no_safe_way\",\"since\":\"2026-11-"
           "24\","
           "\"says\":\"Write when you "
           "can\"},\"messages\":[],\"can\":[\"add\",\"solved\",\"partly\",\"not_solved\",\"withdraw\",\"erase\"]}");
    add(AUTHOR_VAULT, PART_NOTICE, 1, desk_key,
        "{\"v\":1,\"state\":\"in_action\",\"at\":\"2026-11-25T09:00:00Z\","
        "\"pause\":{\"code\":\"lunch\",\"since\":\"2026-11-24T09:00:00Z\",\"says\":\"x\"}}");
    expect(1, 0,
           "{\"state\":\"in_action\",\"since\":\"2026-11-25\",\"messages\":[],\"can\":[\"add\",\"solved\",\"partly\","
           "\"not_solved\",\"withdraw\",\"erase\"]}");
}

/* Whoever looks in sees that it will close, and can take that back. */
static void a_wish_that_waits_is_shown_until_it_is_taken_back(void **state)
{
    (void)state;
    add(AUTHOR_REPORTER, PART_MESSAGE, 1, NULL,
        "{\"v\":1,\"at\":\"2026-11-24T08:00:00Z\",\"text\":\"\",\"act\":\"solved\"}");
    add(AUTHOR_VAULT, PART_NOTICE, 1, desk_key,
        "{\"v\":1,\"state\":\"in_action\",\"at\":\"2026-11-24T09:00:00Z\","
        "\"wish\":{\"act\":\"solved\",\"until\":\"2026-12-01T09:00:00Z\"}}");
    expect(1, 1,
           "{\"state\":\"in_action\",\"since\":\"2026-11-24\",\"wish\":{\"act\":\"solved\",\"until\":\"2026-12-01\"},"
           "\"messages\":[{\"from\":\"you\",\"at_day\":\"2026-11-24\",\"text\":\"\",\"files\":[],\"act\":\"solved\"}],"
           "\"can\":[\"add\",\"erase\",\"keep\"]}");
    add(AUTHOR_VAULT, PART_NOTICE, 1, desk_key, "{\"v\":1,\"state\":\"in_action\",\"at\":\"2026-11-25T09:00:00Z\"}");
    expect(1, 1,
           "{\"state\":\"in_action\",\"since\":\"2026-11-25\","
           "\"messages\":[{\"from\":\"you\",\"at_day\":\"2026-11-24\",\"text\":\"\",\"files\":[],\"act\":\"solved\"}],"
           "\"can\":[\"add\",\"solved\",\"partly\",\"not_solved\",\"withdraw\",\"erase\"]}");
}

/* Two questions, each with its two answers; nothing but taking it back while a wish waits. */
static void what_a_remedy_asks_can_be_answered(void **state)
{
    (void)state;
    add(AUTHOR_VAULT, PART_NOTICE, 1, desk_key,
        "{\"v\":1,\"state\":\"remedy_offered\",\"at\":\"2026-11-24T09:00:00Z\"}");
    expect(1, 0,
           "{\"state\":\"remedy_offered\",\"since\":\"2026-11-24\",\"messages\":[],"
           "\"can\":[\"add\",\"accept\",\"refuse\",\"solved\",\"partly\",\"not_solved\",\"withdraw\",\"erase\"]}");
    add(AUTHOR_VAULT, PART_NOTICE, 1, desk_key, "{\"v\":1,\"state\":\"delivered\",\"at\":\"2026-11-25T09:00:00Z\"}");
    expect(1, 0,
           "{\"state\":\"delivered\",\"since\":\"2026-11-25\",\"messages\":[],"
           "\"can\":[\"add\",\"helped\",\"not_helped\",\"solved\",\"partly\",\"withdraw\",\"erase\"]}");
    add(AUTHOR_VAULT, PART_NOTICE, 1, desk_key,
        "{\"v\":1,\"state\":\"delivered\",\"at\":\"2026-11-25T09:00:00Z\","
        "\"wish\":{\"act\":\"helped\",\"until\":\"2026-12-02T09:00:00Z\"}}");
    expect(1, 0,
           "{\"state\":\"delivered\",\"since\":\"2026-11-25\",\"wish\":{\"act\":\"helped\",\"until\":\"2026-12-02\"},"
           "\"messages\":[],\"can\":[\"add\",\"erase\",\"keep\"]}");
}

static void only_staff_decide_and_only_the_person_acts(void **state)
{
    (void)state;
    add(AUTHOR_REPORTER, PART_MESSAGE, 1, NULL,
        "{\"v\":1,\"text\":\"x\",\"decision\":\"unfounded\",\"open_remedies\":\"none\",\"act\":\"sell\"}");
    add(AUTHOR_STAFF, PART_MESSAGE, 1, desk_key, "{\"v\":1,\"text\":\"y\",\"act\":\"withdraw\",\"decision\":\"?\"}");
    expect(1, 1,
           "{\"state\":\"received\",\"since\":null,\"messages\":["
           "{\"from\":\"you\",\"at_day\":\"\",\"text\":\"x\",\"files\":[]},"
           "{\"from\":\"staff\",\"at_day\":\"\",\"text\":\"y\",\"files\":[]}],\"can\":[\"add\",\"hide:2\"]}");
}

/* On another phone too: what was read is left out, what comes later is not, and it can be shown again. */
static void what_was_hidden_is_left_out_and_what_comes_later_is_not(void **state)
{
    (void)state;
    add(AUTHOR_REPORTER, PART_MESSAGE, 1, NULL, "{\"v\":1,\"at\":\"2026-11-22T08:00:00Z\",\"text\":\"hello\"}");
    add(AUTHOR_STAFF, PART_MESSAGE, 1, desk_key, "{\"v\":1,\"at\":\"2026-11-23T08:00:00Z\",\"text\":\"read\"}");
    add(AUTHOR_REPORTER, PART_MESSAGE, 1, NULL,
        "{\"v\":1,\"at\":\"2026-11-23T09:00:00Z\",\"text\":\"\",\"act\":\"hide:2\"}");
    add(AUTHOR_VAULT, PART_NOTICE, 1, desk_key,
        "{\"v\":1,\"state\":\"unfounded\",\"at\":\"2026-11-23T09:00:00Z\",\"hidden\":2}");
    expect(1, 1,
           "{\"state\":\"unfounded\",\"since\":\"2026-11-23\",\"hidden\":2,\"messages\":[],"
           "\"can\":[\"add\",\"erase\",\"show\"]}");
    add(AUTHOR_STAFF, PART_MESSAGE, 1, desk_key, "{\"v\":1,\"at\":\"2026-11-24T08:00:00Z\",\"text\":\"new\"}");
    expect(1, 1,
           "{\"state\":\"unfounded\",\"since\":\"2026-11-23\",\"hidden\":2,\"messages\":["
           "{\"from\":\"staff\",\"at_day\":\"2026-11-24\",\"text\":\"new\",\"files\":[]}],"
           "\"can\":[\"add\",\"erase\",\"hide:3\",\"show\"]}");
    add(AUTHOR_REPORTER, PART_NOTICE, 1, NULL,
        "{\"v\":1,\"state\":\"unfounded\",\"hidden\":3}"); /* not theirs to say */
    expect(1, 1,
           "{\"state\":\"unfounded\",\"since\":\"2026-11-23\",\"hidden\":2,\"messages\":["
           "{\"from\":\"staff\",\"at_day\":\"2026-11-24\",\"text\":\"new\",\"files\":[]}],"
           "\"can\":[\"add\",\"erase\",\"hide:3\",\"show\"]}");
}

static void that_it_is_erased_is_shown_with_its_days_and_can_be_taken_back(void **state)
{
    (void)state;
    add(AUTHOR_VAULT, PART_NOTICE, 1, desk_key,
        "{\"v\":1,\"state\":\"in_action\",\"at\":\"2026-11-24T09:00:00Z\",\"erase\":{\"until\":\"2026-12-01T09:00:"
        "00Z\","
        "\"copies_until\":\"2027-12-01T09:00:00Z\",\"asked\":false}}");
    expect(1, 0,
           "{\"state\":\"in_action\",\"since\":\"2026-11-24\",\"erase\":{\"until\":\"2026-12-01\","
           "\"copies_until\":\"2027-12-01\",\"asked\":false},\"messages\":[],\"can\":[\"add\",\"keep\"]}");
    add(AUTHOR_VAULT, PART_NOTICE, 1, desk_key, "{\"v\":1,\"state\":\"verified\",\"at\":\"2026-11-25T09:00:00Z\"}");
    expect(1, 0,
           "{\"state\":\"verified\",\"since\":\"2026-11-25\",\"messages\":[],\"can\":[\"add\",\"not_solved\","
           "\"erase\"]}");
}

static void acts_have_as_many_digits_as_their_number_may_have(void **state)
{
    (void)state;
    static const char *const good[] = {"erase", "partly", "not_solved", "show", "hide:1", "hide:1234", "agree:12"};
    static const char *const bad[] = {"hide", "hide:", "hide:12345", "hide:1x", "agree:123", "erase:1", "shows"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(states_is_act(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(states_is_act(bad[i]));
    assert_true(states_is_quiet("hide:3") && states_is_quiet("show"));
    assert_false(states_is_quiet("erase") || states_is_quiet("sell"));
}

/* The states of docs/case-life.md, and those of conversations that an earlier version began. */
static void every_state_has_a_sentence(void **state)
{
    (void)state;
    static const char *const names[] = {"received",        "first_look",     "acknowledged", "assessed",  "in_action",
                                        "waiting_for_you", "remedy_offered", "declined",     "delivered", "verified",
                                        "referred",        "out_of_scope",   "unfounded",    "withdrawn", "unanswered",
                                        "under_review",    "reopened",       "answered",     "closed"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_true(states_is_known(names[i]));
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(states_says(names[i]), states_says(names[j]));
    }
    assert_string_equal(states_says("in_progress"), states_says("in_action"));
    assert_string_equal(states_says("?"), states_says("received"));
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(before_anything_is_there),
        STORY(words_and_signed_answers_are_shown_in_order),
        STORY(own_files_are_named_and_nothing_else_of_them_is_told),
        STORY(nobody_speaks_for_the_desk_without_its_signature),
        STORY(a_person_cannot_set_the_state),
        STORY(a_question_can_be_answered_and_a_yes_taken_back),
        STORY(what_does_not_open_is_left_out),
        STORY(a_decision_says_what_stays_open_and_can_be_reviewed),
        STORY(why_the_time_limits_stand_still_is_told_until_they_run_again),
        STORY(a_wish_that_waits_is_shown_until_it_is_taken_back),
        STORY(what_a_remedy_asks_can_be_answered),
        STORY(only_staff_decide_and_only_the_person_acts),
        STORY(what_was_hidden_is_left_out_and_what_comes_later_is_not),
        STORY(that_it_is_erased_is_shown_with_its_days_and_can_be_taken_back),
        STORY(acts_have_as_many_digits_as_their_number_may_have),
        STORY(every_state_has_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
