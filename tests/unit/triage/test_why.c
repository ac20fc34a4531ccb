/* test_why.c -- what the person is told of how urgent their report is: from the assessment alone, in their language,
 * and nothing that stands in the case otherwise. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/clock.h"
#include "triage/vault/case_state.h"
#include "triage/vault/severity_json.h"
#include "triage/vault/why.h"

enum { HOUR = 3600, DAY = 24 * HOUR, TWO_TEXTS = 306, THREE_TEXTS_OF_UCS2 = 201 };

static struct stages_office office;
static struct catalogue_set *texts;
static int64_t now;

static int begin(void **state)
{
    (void)state;
    char says[SAYS_SIZE];
    now = clock_wall();
    if (catalogue_load(SOURCE_ROOT "/triage/vault/languages", &texts, says) != ERR_OK)
        return -1;
    return stages_office_begin(&office, SOURCE_ROOT "/triage/deadlines", "default", says) == ERR_OK ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    stages_office_end(&office);
    catalogue_free(texts);
    return 0;
}

static json_t *time_json(int64_t wall)
{
    char text[CLOCK_TEXT_SIZE];
    clock_text(wall, text);
    return json_string(text);
}

/* Assessed; all else is what the deadlines need. */
static json_t *assessed(const char *life, const struct severity *s)
{
    json_t *state = json_pack("{s:s,s:s,s:o,s:{s:[]},s:{},s:o,s:s}", "kind", "grievance", "life", life, "arrived",
                              time_json(now - DAY), "proposal", "fired", "stages", "assessment", severity_json(s),
                              "language", "fr");
    assert_non_null(state);
    return state;
}

struct words {
    char page[WHY_MAX], text[WHY_MAX];
};

static struct words written(const struct why *why, const char *language)
{
    struct words words;
    struct buf page = BUF_INIT(WHY_MAX), text = BUF_INIT(WHY_MAX);
    why_write(texts, language, why, now, &page, &text);
    snprintf(words.page, sizeof words.page, "%s", buf_text(&page));
    snprintf(words.text, sizeof words.text, "%s", buf_text(&text));
    buf_free(&page);
    buf_free(&text);
    return words;
}

static struct why read_why(const json_t *state)
{
    struct why why;
    struct severity counts = {0};
    state_severity(state, &counts);
    assert_int_equal(why_of(&office, state, &counts, now, &why), 1);
    return why;
}

static struct words words_of(json_t *state, const char *language)
{
    struct why why = read_why(state);
    struct words words = written(&why, language);
    json_decref(state);
    return words;
}

static void only_what_a_person_assessed_counts(void **state)
{
    (void)state;
    struct severity light = {.scale = 1, .scope = 1, .irremediability = 1, .likelihood = LIKELIHOOD_HAPPENED};
    struct severity worst = {.danger_now = 1, .grave = 1, .ongoing = 1, .scale = 4, .scope = 4, .irremediability = 4};
    struct why why;
    json_t *s = assessed("assessed", &light);
    json_object_set_new(s, "proposal", severity_json(&worst));
    json_object_set_new(s, "since", severity_json(&worst));
    json_object_set_new(s, "look",
                        json_pack("{s:s,s:s,s:{s:b}}", "danger", "yes", "urgency", "now", "raises", "danger_now", 1));
    json_object_set_new(s, "first_rank", severity_json(&worst));
    struct words words = words_of(json_incref(s), "en");
    struct words same = words_of(assessed("assessed", &light), "en");
    assert_non_null(strstr(words.page, "less urgent than reports of danger"));
    assert_null(strstr(words.page, "still going on"));
    /* The deadline alone may be another, by what came since. */
    *strstr(words.page, "What happens next") = *strstr(same.page, "What happens next") = 0;
    assert_string_equal(words.page, same.page);
    json_object_set_new(s, "assessment", json_null());
    assert_int_equal(why_of(&office, s, &worst, now, &why), 0);
    json_object_del(s, "assessment");
    assert_int_equal(why_of(&office, s, &worst, now, &why), 0);
    json_decref(s);
}

/* Whatever a state holds in words (rules, word lists, names, notes, other cases, entities, numbers): not one of them.
 */
static void nothing_else_of_the_case_gets_in(void **state)
{
    (void)state;
    static const char full[] =
        "{'assessment':{'reason':'ZZZ','by_name':'ZZZ','people_low':7131,'people_high':7132,'whole':true,'gravest':0,"
        "'groups':[{'group':'ZZZ','reason':'ZZZ','people_low':7133}]},"
        "'proposal':{'fired':[{'rule':'words.ZZZ','says':'ZZZ','words':['ZZZ'],'desk':'ZZZ'}],'rules':7134},"
        "'taken_by':'ZZZ','notes':[{'by':'ZZZ','text':'ZZZ'}],'history':[{'by':'ZZZ','what':'ZZZ','reason':'ZZZ'}],"
        "'links':[{'impact':'ZZZ','words':['ZZZ'],'confirmed':true,'reason':'ZZZ'}],'linked':['ZZZ'],"
        "'group':{'id':'ZZZ','title':'ZZZ','by':'ZZZ'},'named':[{'name':'ZZZ'}],'hinted':[{'name':'ZZZ'}],"
        "'remedies':[{'number':1,'what':'ZZZ'}],'consents':[{'n':1,'to':'ZZZ','what':'ZZZ'}],"
        "'referrals':[{'n':1,'to':'ZZZ','text':'ZZZ'}],'outside':[{'says':'ZZZ'}],"
        "'decisions':[{'by':'ZZZ','state':'assessed','reason':'ZZZ'}],'lowering':{'by':'ZZZ','reason':'ZZZ'},"
        "'safety':{'level':'low','plan':'ZZZ','by':'ZZZ'},'sms':{'from':'+7135','to':'7136','channel':'ZZZ'},"
        "'pauses':[{'code':'other_proceedings','by':'ZZZ','says':'ZZZ','reason':'ZZZ','from':'2026-01-01T00:00:00Z',"
        "'to':'2026-01-02T00:00:00Z'}],'organisation':'ZZZ','round':'ZZZ'}";
    static const char *const languages[] = {"en", "fr", "ar", "sw"};
    char text[sizeof full];
    memcpy(text, full, sizeof full);
    for (char *at = text; *at; at++)
        *at = *at == '\'' ? '"' : *at;
    json_t *rest = json_loads(text, 0, NULL);
    assert_non_null(rest);
    struct severity s = {.grave = 1, .scale = 4, .scope = 3, .irremediability = 2, .likelihood = LIKELIHOOD_HAPPENED};
    for (size_t i = 0; i < sizeof languages / sizeof *languages; i++) {
        json_t *filled = assessed("in_action", &s), *empty = assessed("in_action", &s);
        assert_int_equal(json_object_update(json_object_get(filled, "assessment"), json_object_get(rest, "assessment")),
                         0);
        json_t *assessment = json_incref(json_object_get(filled, "assessment"));
        assert_int_equal(json_object_update(filled, rest), 0);
        json_object_set_new(filled, "assessment", assessment);
        json_object_set_new(empty, "sms", json_object());
        struct words all = words_of(filled, languages[i]);
        struct words bare = words_of(empty, languages[i]);
        assert_string_equal(all.page, bare.page);
        assert_string_equal(all.text, bare.text);
        assert_null(strstr(all.page, "ZZZ"));
        assert_null(strstr(all.page, "713"));
        assert_true(*all.text);
    }
    json_decref(rest);
}

/* Every line of every assessment: in the language, filled in, with no number but the day. */
static void check_lines(const char *page, const char *english, const char *day)
{
    char lines[WHY_MAX];
    snprintf(lines, sizeof lines, "%s", page);
    assert_null(strstr(page, "{{"));
    for (char *line = lines; line;) {
        char *next = strchr(line, '\n');
        if (next)
            *next++ = 0;
        if (*line && english) {
            char found[WHY_MAX];
            snprintf(found, sizeof found, "%s", line);
            assert_null(strstr(english, found));
        }
        char *date = strstr(line, day);
        if (date)
            memset(date, ' ', strlen(day));
        assert_null(strpbrk(line, "0123456789"));
        line = next;
    }
}

static void check_one(const struct severity *s, enum why_next next)
{
    static const char *const languages[] = {"fr", "ar", "sw"};
    struct why why = {.severity = *s, .next = next, .day = now + 3 * DAY, .text = WHY_TEXT_NONE};
    char day[11];
    clock_day(why.day, day);
    struct words english = written(&why, "en");
    check_lines(english.page, NULL, day);
    assert_string_equal(english.text, "");
    int has_day = next == WHY_NEXT_DUE || next == WHY_NEXT_LATE || next == WHY_NEXT_REVIEW;
    assert_int_equal(strstr(english.page, day) != NULL, has_day);
    for (size_t i = 0; i < sizeof languages / sizeof *languages; i++) {
        struct words words = written(&why, languages[i]);
        check_lines(words.page, english.page, day);
        assert_int_equal(strstr(words.page, day) != NULL, has_day);
    }
}

static void every_assessment_has_its_words_in_every_language(void **state)
{
    (void)state;
    static const int64_t clocks[] = {0, 2 * HOUR, 5 * DAY, 90 * DAY, -DAY};
    for (unsigned i = 0; i < 8 * 5 * 5 * 5; i++) {
        struct severity s = {.danger_now = i & 1, .grave = i >> 1 & 1, .ongoing = i >> 2 & 1, .looked = now};
        s.scale = i / 8 % 5;
        s.scope = i / 40 % 5;
        s.irremediability = i / 200 % 5;
        s.likelihood = i % 5;
        s.by = clocks[i % 5] ? now + clocks[i % 5] : 0;
        check_one(&s, (enum why_next)(i % WHY_NEXTS));
    }
}

/* How many it touches is known from others too: a case among five hundred reads like one that is alone. */
static void how_many_others_is_not_told(void **state)
{
    (void)state;
    struct why one = {.severity = {.scale = 3, .scope = 1, .irremediability = 2}}, many = one;
    many.severity.scope = 4;
    struct words a = written(&one, "en"), b = written(&many, "en");
    assert_string_equal(a.page, b.page);
    assert_non_null(strstr(a.page, "- How many people it touches.\n"));
}

static void the_levels_are_said_in_words(void **state)
{
    (void)state;
    struct why why = {.severity = {.danger_now = 1, .ongoing = 1, .scale = 4, .scope = 2, .irremediability = 1}};
    struct words words = written(&why, "en");
    assert_non_null(strstr(words.page, "somebody may be in danger now"));
    assert_non_null(strstr(words.page, "- How bad it is: very serious."));
    assert_non_null(strstr(words.page, "yes, fully and quickly"));
    assert_non_null(strstr(words.page, "- That it is still going on."));
    assert_non_null(strstr(words.page, "write to us here"));
    why.severity = (struct severity){.scale = 3, .scope = 1, .irremediability = 1, .by = now + DAY};
    words = written(&why, "en");
    assert_non_null(strstr(words.page, "it may soon be too late"));
    assert_non_null(strstr(words.page, "only if something is done very soon"));
    why.severity = (struct severity){0};
    words = written(&why, "en");
    assert_non_null(strstr(words.page, "Until we do, we treat it as serious."));
}

/* Whoever holds the phone reads it: the same words whatever the report is about, and how urgent it is. */
static void a_text_says_nothing_of_what_it_is_about(void **state)
{
    (void)state;
    static const char *const languages[] = {"en", "fr", "ar", "sw"};
    struct why light = {.severity = {.scale = 1, .scope = 1, .irremediability = 1}}, worst = light;
    worst.severity = (struct severity){.danger_now = 1, .grave = 1, .ongoing = 1, .scale = 4, .irremediability = 4};
    for (size_t i = 0; i < sizeof languages / sizeof *languages; i++)
        for (int text = WHY_TEXT_QUIET; text < WHY_TEXTS; text++)
            for (int next = 0; next < WHY_NEXTS; next++) {
                light.text = worst.text = (enum why_text)text;
                light.next = worst.next = (enum why_next)next;
                light.day = worst.day = now;
                struct words a = written(&light, languages[i]);
                struct words b = written(&worst, languages[i]);
                assert_string_equal(a.text, b.text);
                assert_null(strstr(a.text, "urgent"));
                size_t most = strcmp(languages[i], "ar") == 0 ? THREE_TEXTS_OF_UCS2 : TWO_TEXTS, letters = 0;
                for (const char *at = a.text; *at; at++)
                    letters += (*at & 0xc0) != 0x80;
                assert_in_range(letters, 20, most);
            }
}

static void no_text_where_it_is_not_wanted_or_not_safe(void **state)
{
    (void)state;
    struct severity s = {.scale = 2, .scope = 2, .irremediability = 2};
    json_t *c = assessed("in_action", &s);
    assert_int_equal(read_why(c).text, WHY_TEXT_NONE);
    json_object_set_new(c, "sms", json_pack("{s:s}", "from", "+254"));
    assert_int_equal(read_why(c).text, WHY_TEXT_SHORT);
    json_object_set_new(c, "safety", json_pack("{s:s}", "level", "high"));
    assert_int_equal(read_why(c).text, WHY_TEXT_QUIET);
    json_object_set_new(c, "pauses", json_pack("[{s:s,s:o}]", "code", "no_safe_way", "from", time_json(now - HOUR)));
    assert_int_equal(read_why(c).text, WHY_TEXT_NONE);
    json_object_del(c, "pauses");
    json_object_set_new(json_object_get(c, "sms"), "stopped", json_true());
    assert_int_equal(read_why(c).text, WHY_TEXT_NONE);
    json_decref(c);
}

static void what_happens_next_is_what_is_known(void **state)
{
    (void)state;
    static const struct {
        const char *life;
        enum why_next next;
    } rows[] = {{"assessed", WHY_NEXT_DUE},           {"in_action", WHY_NEXT_DUE},
                {"waiting_for_you", WHY_NEXT_THEIRS}, {"remedy_offered", WHY_NEXT_THEIRS},
                {"delivered", WHY_NEXT_THEIRS},       {"out_of_scope", WHY_NEXT_OVER},
                {"verified", WHY_NEXT_OVER}};
    struct severity s = {.scale = 2, .scope = 2, .irremediability = 2};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_t *c = assessed(rows[i].life, &s);
        assert_int_equal(read_why(c).next, rows[i].next);
        json_decref(c);
    }
    json_t *c = assessed("in_action", &s);
    struct why why = read_why(c);
    assert_in_range(why.day, now + DAY, now + 200 * DAY);
    json_object_set_new(c, "arrived", time_json(now - 400 * DAY));
    json_object_set_new(c, "stages", json_pack("{s:o}", "acknowledge", time_json(now - 399 * DAY)));
    assert_int_equal(read_why(c).next, WHY_NEXT_LATE);
    json_object_set_new(json_object_get(c, "stages"), "outcome", time_json(now - DAY));
    assert_int_equal(read_why(c).next, WHY_NEXT_OPEN);
    json_object_set_new(c, "pauses",
                        json_pack("[{s:s,s:o}]", "code", "other_proceedings", "from", time_json(now - HOUR)));
    assert_int_equal(read_why(c).next, WHY_NEXT_PAUSED);
    json_decref(c);
    c = assessed("under_review", &s);
    json_object_set_new(c, "review", json_pack("{s:o}", "at", time_json(now - DAY)));
    why = read_why(c);
    assert_int_equal(why.next, WHY_NEXT_REVIEW);
    assert_in_range(why.day, now + 28 * DAY, now + 30 * DAY);
    json_decref(c);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_a_person_assessed_counts),
        cmocka_unit_test(nothing_else_of_the_case_gets_in),
        cmocka_unit_test(every_assessment_has_its_words_in_every_language),
        cmocka_unit_test(how_many_others_is_not_told),
        cmocka_unit_test(the_levels_are_said_in_words),
        cmocka_unit_test(a_text_says_nothing_of_what_it_is_about),
        cmocka_unit_test(no_text_where_it_is_not_wanted_or_not_safe),
        cmocka_unit_test(what_happens_next_is_what_is_known),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
