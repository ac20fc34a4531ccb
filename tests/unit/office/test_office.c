/* test_office.c -- what an operator writes about their office: what is right is read as it was meant, and what is wrong
 * is told with its line, all of it at once, in words that do not repeat it. */
#include "common/office/office.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/office/office_fields.h"

struct told {
    char text[4096];
    unsigned count;
};

static void note(void *room, unsigned line, const char *says)
{
    struct told *told = room;
    size_t len = strlen(told->text);
    snprintf(told->text + len, sizeof told->text - len, "%u: %s\n", line, says);
    told->count++;
}

static struct office office;
static struct told told;

static enum err read_text(const char *text)
{
    memset(&told, 0, sizeof told);
    return office_read(&office, text, strlen(text), note, &told);
}

static void assert_refused(const char *text, unsigned line, const char *why)
{
    char expected[16];
    assert_int_equal(read_text(text), ERR_MALFORMED);
    snprintf(expected, sizeof expected, "%u: ", line);
    const char *at = strstr(told.text, why);
    if (!at || strncmp(told.text, expected, strlen(expected)) != 0)
        fail_msg("wanted %u: %s, told:\n%s", line, why, told.text);
    assert_int_equal(office.service_count, 0); /* nothing of it is used */
}

static void an_office_says_who_it_is_in_its_languages(void **state)
{
    (void)state;
    const char *in = NULL;
    assert_int_equal(read_text("texts:\n"
                               "  emergency: {en: Call 112., ar: \"اتصل 112\"}\n"
                               "  about:\n"
                               "    en: |\n"
                               "      The water company of the town.\n"
                               "\n"
                               "      For everybody who drinks it.\n"
                               "steps:\n"
                               "  - what: {en: You get a number.}\n"
                               "    within: {en: at once}\n"
                               "  - what: {en: Somebody reads it.}\n"
                               "other_ways:\n"
                               "  - kind: court\n"
                               "    name: {en: The court of the town}\n"
                               "    telephone: +000 11\n"
                               "    web: https://court.example/\n"),
                     ERR_OK);
    assert_string_equal(office_says(&office.texts[OFFICE_EMERGENCY], "ar", &in), "اتصل 112");
    assert_string_equal(in, "ar");
    assert_string_equal(office_says(&office.texts[OFFICE_EMERGENCY], "sw", &in), "Call 112.");
    assert_string_equal(in, "en");
    assert_null(office_says(&office.texts[OFFICE_HOURS], "en", NULL));
    assert_string_equal(office_says(&office.texts[OFFICE_ABOUT], "en", NULL),
                        "The water company of the town.\n\nFor everybody who drinks it.");
    assert_int_equal(office.step_count, 2);
    assert_string_equal(office_says(&office.steps[0].within, "fr", NULL), "at once");
    assert_null(office_says(&office.steps[1].within, "fr", NULL));
    assert_string_equal(office.ways[0].kind, "court");
    assert_string_equal(office.ways[0].telephone, "+000 11");
    assert_string_equal(office.ways[0].web, "https://court.example/");
    assert_null(office_says(&office.ways[0].what, "en", NULL));
    office_free(&office);
}

static void an_office_chooses_what_it_asks(void **state)
{
    (void)state;
    assert_int_equal(read_text("services:\n"
                               "  - {code: gate, says: {en: Camera at the gate, sw: Kamera ya lango}}\n"
                               "  - {code: card, says: {en: Food card}}\n"
                               "questions:\n"
                               "  wish: {ask: no}\n"
                               "  when: {asks: {en: On which day?}, help: {en: Roughly.}}\n"
                               "  how: {only: [page, none]}\n"
                               "own_questions:\n"
                               "  - code: camp\n"
                               "    step: about\n"
                               "    answer: one\n"
                               "    asks: {en: Which camp is it?}\n"
                               "    choices:\n"
                               "      - {code: north, says: {en: North}}\n"
                               "      - {code: south, says: {en: South}}\n"),
                     ERR_OK);
    assert_string_equal(office_says(&office_service(&office, "gate")->says, "sw", NULL), "Kamera ya lango");
    assert_null(office_service(&office, "door"));
    assert_false(office_asks(&office, "wish"));
    assert_true(office_asks(&office, "when"));
    assert_true(office_asks(&office, "where"));
    assert_true(office_offers(&office, "how", "page"));
    assert_false(office_offers(&office, "how", "sms"));
    assert_true(office_offers(&office, "kind", "flag"));
    const struct office_own *own = office_own(&office, "camp");
    assert_string_equal(own->field, "own_camp");
    assert_int_equal(own->answer, OFFICE_ANSWER_ONE);
    assert_string_equal(own->step, "about");
    assert_string_equal(own->choices[1].code, "south");
    assert_null(office_own(&office, "tent"));
    office_free(&office);
}

static void nothing_is_an_office_that_says_nothing_of_its_own(void **state)
{
    (void)state;
    static const char *const EMPTY[] = {"", "\n", "# only a comment\n", "---\n"};
    for (size_t i = 0; i < sizeof EMPTY / sizeof *EMPTY; i++) {
        assert_int_equal(read_text(EMPTY[i]), ERR_OK);
        assert_true(office_asks(&office, "wish"));
        office_free(&office);
    }
    /* And a file without a byte in it, as is written where an installation has none. */
    assert_int_equal(office_load(&office, "/dev/null", note, &told), ERR_OK);
    office_free(&office);
}

static void what_is_wrong_is_told_with_its_line(void **state)
{
    (void)state;
    static const struct {
        unsigned line;
        const char *why, *text;
    } BAD[] = {
        {1, "is not known here; there are: texts, steps,", "text:\n  hours: {en: x}\n"},
        {2, "is not known here", "texts:\n  houres: {en: x}\n"},
        {3, "stands twice", "texts:\n  hours: {en: x}\n  hours: {en: y}\n"},
        {2, "is not a language", "texts:\n  hours: {en: x, xx: y}\n"},
        {2, "lacks \"en\"", "texts:\n  hours: {fr: x}\n"},
        {2, "is empty", "texts:\n  hours: {en: ''}\n"},
        {2, "must be a text", "texts:\n  hours: {en: [a]}\n"},
        {2, "must be settings", "texts:\n  hours: on Mondays\n"},
        {2, "cannot be seen", "texts:\n  hours: {en: \"a\\u202eb\"}\n"},
        {2, "cannot be seen", "texts:\n  hours: {en: \"a\\tb\"}\n"},
        {2, "or more than one line", "texts:\n  slip: {en: \"a\\nb\"}\n"},
        {1, "must be a list", "steps: {what: {en: x}}\n"},
        {2, "lacks \"what\"", "steps:\n  - within: {en: a day}\n"},
        {2, "is not a kind of institution", "other_ways:\n  - {kind: judge, name: {en: x}}\n"},
        {2, "begins with https://", "other_ways:\n  - {kind: court, name: {en: x}, web: 'http://a.example'}\n"},
        {2, "begins with https://", "other_ways:\n  - {kind: court, name: {en: x}, web: 'https://a.example/\"x'}\n"},
        {2, "must be a code", "services:\n  - {code: The gate, says: {en: x}}\n"},
        {3, "a code that stands twice", "services:\n  - {code: a, says: {en: x}}\n  - {code: a, says: {en: y}}\n"},
        {2, "is not a question of the form", "questions:\n  colour: {ask: no}\n"},
        {2, "is always asked", "questions:\n  danger_now: {ask: no}\n"},
        {2, "must be yes or no", "questions:\n  wish: {ask: maybe}\n"},
        {2, "does not have", "questions:\n  how: {only: [page, pigeon]}\n"},
        {2, "must offer \"page\"", "questions:\n  how: {only: [none, sms]}\n"},
        {2, "a choice twice", "questions:\n  how: {only: [page, page]}\n"},
        {2, "has no choices", "questions:\n  where: {only: [here]}\n"},
        {2, "must be one of: story", "own_questions:\n  - {code: a, step: check, answer: text, asks: {en: x}}\n"},
        {2, "needs two choices", "own_questions:\n  - {code: a, step: story, answer: one, asks: {en: x}}\n"},
        {2, "has no choices",
         "own_questions:\n  - {code: a, step: story, answer: text, asks: {en: x}, choices: [{code: b, says: {en: "
         "y}}]}\n"},
        {3, "cannot be understood", "texts:\n  hours:\n    en: look: here\n"},
        {3, "second document", "texts: {}\n---\ntexts: {}\n"},
        {0, "is not text in UTF-8", "texts:\n  hours: {en: \"\xff\"}\n"},
    };
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        assert_refused(BAD[i].text, BAD[i].line, BAD[i].why);
}

static void all_faults_are_told_at_once_and_none_repeats_what_stands_there(void **state)
{
    (void)state;
    assert_int_equal(read_text("texts:\n  secret-canary: {en: x}\n  hours: {yy: secret-canary}\nservices:\n  - code: "
                               "Secret-Canary\n"),
                     ERR_MALFORMED);
    assert_true(told.count >= 3);
    assert_null(strstr(told.text, "anary"));
}

static void too_much_of_anything_is_refused(void **state)
{
    (void)state;
    char *text = calloc(1, 65536);
    size_t len = (size_t)sprintf(text, "steps:\n");
    for (int i = 0; i < OFFICE_STEPS_MAX + 1; i++)
        len += (size_t)sprintf(text + len, "  - what: {en: x}\n");
    assert_refused(text, 2 + OFFICE_STEPS_MAX, "one too many: there may be 12");
    len = (size_t)sprintf(text, "texts:\n  emergency_sms: {en: ");
    memset(text + len, 'a', OFFICE_SMS_MOST + 1);
    strcpy(text + len + OFFICE_SMS_MOST + 1, "}\n");
    assert_refused(text, 2, "is too long: 160 bytes at most");
    len = (size_t)sprintf(text, "texts:\n");
    for (int i = 0; i < 100; i++)
        len += (size_t)sprintf(text + len, "  a%d: {en: x}\n", i);
    assert_refused(text, 2, "more settings than there are");
    assert_int_equal(office_load(&office, "/nonexistent/office.yaml", NULL, NULL), ERR_NOT_FOUND);
    free(text);
}

static void names_that_lead_in_circles_end(void **state)
{
    (void)state;
    /* What YAML calls aliases: a text may be used twice, and a loop is not followed. */
    assert_int_equal(read_text("texts:\n  hours: &a {en: x}\n  about: *a\n"), ERR_OK);
    assert_string_equal(office_says(&office.texts[OFFICE_ABOUT], "en", NULL), "x");
    office_free(&office);
    assert_int_equal(read_text("texts: &a\n  hours: *a\n"), ERR_MALFORMED);
    assert_int_equal(read_text("steps: &a\n  - what: {en: x}\n  - *a\n"), ERR_MALFORMED);
}

static void what_a_language_lacks_is_counted(void **state)
{
    (void)state;
    size_t count, all, french = 0;
    const struct language *table = language_table(&count);
    while (strcmp(table[french].code, "fr") != 0)
        french++;
    assert_int_equal(read_text("texts:\n  hours: {en: x, fr: y}\n  about: {en: x}\nservices:\n  - {code: a, says: {en: "
                               "x}}\n"),
                     ERR_OK);
    assert_int_equal(office_given(&office, 0, &all, note, &told), 3);
    assert_int_equal(told.count, 0);
    assert_int_equal(office_given(&office, french, &all, note, &told), 1);
    assert_int_equal(all, 3);
    assert_string_equal(told.text, "3: has no \"fr\"\n5: has no \"fr\"\n");
    office_free(&office);
}

static void what_fits_into_a_text_message_is_one_short_line(void **state)
{
    (void)state;
    char text[OFFICE_SMS_MOST + 2];
    memset(text, 'a', sizeof text);
    text[OFFICE_SMS_MOST] = 0;
    assert_true(office_fits_sms(text));
    text[OFFICE_SMS_MOST] = 'a';
    text[OFFICE_SMS_MOST + 1] = 0;
    assert_false(office_fits_sms(text));
    assert_false(office_fits_sms("Call\n112"));
}

/* A form has room for each of them, and a report for their words. */
static void own_questions_have_a_limit_together(void **state)
{
    (void)state;
    static char text[512 * 1024], says[OFFICE_LINE_MOST + 1];
    static const struct {
        unsigned questions, choices, says;
        const char *answer, *why;
    } rows[] = {{2, 40, 1, "several", NULL},
                {3, 40, 1, "several", "100 answers together"},
                {12, 8, 1, "several", NULL},
                {12, 15, OFFICE_LINE_MOST, "one", NULL},
                {12, 40, OFFICE_LINE_MOST, "one", "65536 bytes together"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t at = (size_t)sprintf(text, "own_questions:\n");
        memset(says, 'x', rows[i].says);
        says[rows[i].says] = 0;
        for (unsigned q = 0; q < rows[i].questions; q++) {
            at += (size_t)sprintf(text + at, "  - {code: q%u, step: story, answer: %s, asks: {en: x}, choices: [", q,
                                  rows[i].answer);
            for (unsigned c = 0; c < rows[i].choices; c++)
                at += (size_t)sprintf(text + at, "{code: c%u, says: {en: %s}}, ", c, says);
            at += (size_t)sprintf(text + at, "]}\n");
        }
        assert_true(at < OFFICE_FILE_MAX);
        if (!rows[i].why)
            assert_int_equal(read_text(text), ERR_OK);
        else
            assert_refused(text, rows[i].questions == 3 ? 4 : 7, rows[i].why);
        office_free(&office);
    }
}

static void what_must_stay_is_one_of_the_choices(void **state)
{
    (void)state;
    for (const struct office_known *at = office_fields; at->name; at++)
        if (at->must)
            assert_true(at->choices && office_fields_has(at->choices, at->must));
    assert_null(office_fields_find("colour"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_office_says_who_it_is_in_its_languages),
        cmocka_unit_test(an_office_chooses_what_it_asks),
        cmocka_unit_test(nothing_is_an_office_that_says_nothing_of_its_own),
        cmocka_unit_test(what_is_wrong_is_told_with_its_line),
        cmocka_unit_test(all_faults_are_told_at_once_and_none_repeats_what_stands_there),
        cmocka_unit_test(too_much_of_anything_is_refused),
        cmocka_unit_test(names_that_lead_in_circles_end),
        cmocka_unit_test(what_a_language_lacks_is_counted),
        cmocka_unit_test(what_fits_into_a_text_message_is_one_short_line),
        cmocka_unit_test(own_questions_have_a_limit_together),
        cmocka_unit_test(what_must_stay_is_one_of_the_choices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
