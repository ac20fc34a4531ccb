/* The pages in every language: their weight, that nothing in them runs, that a language is whole, and that what a
 * person typed is inert. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <stdio.h>

#include "common/base/code.h"
#include "common/seal/sign.h"
#include "intake/form_words.h"
#include "intake/limits.h"
#include "intake/pages.h"
#include "intake/report_form.h"
#include "intake/steps.h"

enum { FIRST_WEIGHT = 14 * 1024, ALL_WEIGHT = 28 * 1024 };

static char pages_folder[] = SOURCE_ROOT "/intake/pages", languages_folder[] = SOURCE_ROOT "/intake/languages";
static struct office office; /* it has a service, and words and questions of its own once a test gives it some */
static struct settings settings = {.pages = pages_folder, .languages = languages_folder, .office_says = &office};
static struct intake intake = {.settings = &settings};
static const char *const languages[] = {"en", "fr", "ar", "sw"};
static const char *const page_names[] = {"home", "step",  "report", "check",   "stored", "written", "ended", "safety",
                                         "left", "about", "error",  "receipt", "thread", "add",     "added", "busy"};

#define ONE_SERVICE "services: [{code: gate, says: {en: The gate}}]\n"

static void give_office(const char *yaml)
{
    office_free(&office);
    assert_int_equal(office_read(&office, yaml, strlen(yaml), NULL, NULL), ERR_OK);
}

static int load(void **state)
{
    char says[SAYS_SIZE];
    (void)state;
    give_office(ONE_SERVICE);
    if (pages_load(&intake, says) == ERR_OK)
        return 0;
    fprintf(stderr, "%s\n", says);
    return 1;
}

static int unload(void **state)
{
    (void)state;
    pages_free(&intake);
    office_free(&office);
    return 0;
}

static void put(json_t *context, const char *key, const char *text)
{
    assert_int_equal(json_object_set_new(context, key, json_string(text)), 0);
}

/* Who is there is not known here. */
static void put_a_desk(json_t *context)
{
    json_t *asks = json_object_get(context, "desk_asks");
    if (asks)
        assert_int_equal(json_object_set_new(
                             asks, "options",
                             json_pack("[{s:s,s:s,s:s,s:b}]", "name", "desk", "value", "one", "says", "One", "in", 0)),
                         0);
}

/* The form at its heaviest: danger, every desk, an error, and the operator's longest lines. */
static json_t *heavy_form_of(const char *language, const char *encoded)
{
    static const char *const flags[] = {"danger", "offer_choice", "offer_safeguarding", "offer_oversight",
                                        "away",   "behalf_group", "behalf_person",      "behalf_agreed"};
    struct pages_words words = {&intake, language};
    struct form form;
    char line[181];
    memset(line, 'x', 180);
    line[180] = 0;
    assert_int_equal(form_read(&form, encoded, strlen(encoded)), ERR_OK);
    json_t *context = report_form_context(&form);
    form_words_put(context, NULL, &form, &words);
    form_free(&form);
    put_a_desk(context);
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        assert_int_equal(json_object_set_new(context, flags[i], json_true()), 0);
    report_form_explain(context, &(struct json_fault){.field = "answers.people_high"}, pages_says, &words);
    form_words_mark(context);
    put(context, "emergency", line);
    put(context, "hours", line);
    put(context, "office", line);
    put(context, "path", "/report");
    put(context, "key", "abcdefghijklmnopqrstuv");
    return context;
}

static void render(const char *name, const char *language, json_t *context, struct buf *out)
{
    buf_clear(out);
    assert_int_equal(page_render(intake.pages, name, language, context, out), ERR_OK);
}

static json_t *heavy_form(const char *language)
{
    return heavy_form_of(language, "danger_now=yes&ongoing=yes&how=sms&speaking_as=group&read_back=yes");
}

/* What a person on a slow line waits for: the first page, and each step. All questions on one page are what somebody
 * chooses who cannot load a page for each. */
static void pages_are_light_in_every_language(void **state)
{
    (void)state;
    struct buf page = BUF_INIT(LIMIT_PAGE);
    size_t count;
    const struct language *language = language_table(&count);
    for (const struct language *end = language + count; language < end; language++) {
        if (!catalogue_has(intake.catalogues, language->code))
            continue;
        json_t *context = heavy_form(language->code);
        render("report", language->code, context, &page);
        assert_in_range(page.len, 4096, ALL_WEIGHT);
        render("home", language->code, context, &page);
        assert_in_range(page.len, 3072, FIRST_WEIGHT);
        for (const struct step *step = steps; step->name; step++) {
            char at[64];
            snprintf(at, sizeof at, "at_%s", step->name);
            assert_int_equal(json_object_set_new(context, at, json_true()), 0);
            render("step", language->code, context, &page);
            assert_in_range(page.len, 3072, FIRST_WEIGHT);
            json_object_del(context, at);
        }
        json_decref(context);
    }
    buf_free(&page);
}

/* Each step's page asks for each of its fields, and for no other. */
static void every_field_is_asked_for_where_the_table_says(void **state)
{
    (void)state;
    struct buf page = BUF_INIT(LIMIT_PAGE);
    for (const struct step *step = steps; step[1].name; step++) {
        json_t *context = heavy_form("en");
        char name[64];
        snprintf(name, sizeof name, "at_%s", step->name);
        assert_int_equal(json_object_set_new(context, name, json_true()), 0);
        render("step", "en", context, &page);
        for (const struct form_question *question = form_questions; question->field; question++) {
            snprintf(name, sizeof name, " name=\"%s\"", question->field);
            assert_int_equal(strstr(buf_text(&page), name) != NULL, steps_has(&office, step, question->field));
        }
        json_decref(context);
    }
    buf_free(&page);
}

static const char CHANGED[] =
    "questions:\n"
    "  wish: {ask: no}\n"
    "  ongoing: {ask: no}\n"
    "  groups: {ask: no}\n"
    "  when: {asks: {en: On which day?, ar: \"في أي يوم؟\"}, help: {en: Roughly.}}\n"
    "  kind: {only: [question, grievance]}\n"
    "  how: {only: [page, none]}\n"
    "own_questions:\n"
    "  - {code: camp, step: when, answer: one, asks: {en: Which camp?}, choices: [{code: north, says: {en: North}},"
    " {code: south, says: {en: South, ar: \"الجنوب\"}}]}\n"
    "  - {code: lost, step: when, answer: several, asks: {en: What was lost?, ar: \"ماذا فقد؟\"}, help: {en: Any.},"
    " choices: [{code: card, says: {en: Card}}, {code: food, says: {en: Food}}]}\n"
    "  - {code: guard, step: story, answer: text, asks: {en: Who stood there?}}\n";

static void stands(const struct buf *page, const char *text, int is_there)
{
    if ((strstr(buf_text(page), text) != NULL) != is_there)
        fail_msg("%s stands there: %d, in\n%s", text, !is_there, buf_text(page));
}

/* Left out is left out with what depends on it; what is in another language than the page says so. */
static void an_office_asks_what_it_wants_in_its_words(void **state)
{
    (void)state;
    static const char *const there[] = {
        "<label class=\"q\" for=\"when\">في أي يوم؟</label>",
        "<p class=\"h\" id=\"when-h\" lang=\"en\" dir=\"ltr\">Roughly.</p>",
        "value=\"\" aria-describedby=\"when-h\"",
        "<fieldset id=\"own_camp\"><legend lang=\"en\" dir=\"ltr\">Which camp?</legend>",
        "<label class=\"c\"><input type=\"radio\" name=\"own_camp\" value=\"south\" checked> الجنوب</label>",
        "<legend>ماذا فقد؟</legend>",
        "<p class=\"h\" id=\"own_lost-h\" lang=\"en\"",
        "name=\"own_lost\" value=\"food\" checked> <span lang=\"en\" dir=\"ltr\">Food</span></label>",
        "<input type=\"text\" id=\"own_guard\" name=\"own_guard\" value=\"a\"",
        "<p class=\"e\" id=\"own_guard-e\">",
        "<a href=\"#own_guard\">"};
    static const char *const gone[] = {"name=\"wish\"",   "name=\"ongoing\"", "name=\"likelihood\"", "name=\"groups\"",
                                       "name=\"number\"", "name=\"email\"",   "value=\"thanks\"",    "value=\"sms\""};
    struct buf page = BUF_INIT(LIMIT_PAGE);
    struct pages_words words = {&intake, "ar"};
    give_office(CHANGED);
    json_t *context = heavy_form_of("ar", "own_camp=south&own_lost=food&own_guard=a");
    report_form_explain(context, &(struct json_fault){.field = "answers.own", .item = "own_guard"}, pages_says, &words);
    form_words_mark(context);
    render("report", "ar", context, &page);
    for (size_t i = 0; i < sizeof there / sizeof *there; i++)
        stands(&page, there[i], 1);
    for (size_t i = 0; i < sizeof gone / sizeof *gone; i++)
        stands(&page, gone[i], 0);
    const char *question = strstr(buf_text(&page), "<option value=\"question\"");
    assert_true(question && question < strstr(buf_text(&page), "<option value=\"grievance\" selected"));
    give_office(ONE_SERVICE);
    json_decref(context);
    buf_free(&page);
}

/* A script of ours, once. */
static void blank(struct buf *page, const char *ours)
{
    char *script = strstr((char *)page->bytes, ours);
    assert_non_null(script);
    memset(script, ' ', strlen(ours));
}

static void nothing_runs_and_nothing_is_fetched(void **state)
{
    (void)state;
    static const char *const banned[] = {"<script",  "javascript:", "http://",   "https://", "<img",    "<link",
                                         "<iframe",  " style=",     "@import",   "url(",     "onclick", "onload",
                                         "onsubmit", "onfocus",     "autofocus", "<object",  "<base",   "http-equiv"};
    struct buf page = BUF_INIT(LIMIT_PAGE);
    for (size_t i = 0; i < sizeof page_names / sizeof *page_names; i++) {
        render(page_names[i], "en", NULL, &page);
        blank(&page, "<script src=\"/script.js\" defer></script>");
        if (strcmp(page_names[i], "busy") == 0)
            blank(&page, "<script src=\"/proof.js\" defer></script>");
        if (strstr(buf_text(&page), "type=\"file\""))
            blank(&page, "<script src=\"/upload.js\" defer></script>");
        for (size_t b = 0; b < sizeof banned / sizeof *banned; b++)
            if (strstr(buf_text(&page), banned[b]))
                fail_msg("%s holds %s", page_names[i], banned[b]);
    }
    buf_free(&page);
}

static void every_page_says_its_language_and_direction(void **state)
{
    (void)state;
    struct buf page = BUF_INIT(LIMIT_PAGE);
    for (size_t i = 0; i < sizeof page_names / sizeof *page_names; i++)
        for (int l = 0; l < 4; l++) {
            char wanted[64];
            snprintf(wanted, sizeof wanted, "<html lang=\"%s\" dir=\"%s\">", languages[l],
                     strcmp(languages[l], "ar") == 0 ? "rtl" : "ltr");
            render(page_names[i], languages[l], NULL, &page);
            assert_non_null(strstr(buf_text(&page), wanted));
            assert_non_null(strstr(buf_text(&page), "<title>"));
        }
    buf_free(&page);
}

static void languages_can_be_changed_without_cookies(void **state)
{
    (void)state;
    struct buf page = BUF_INIT(LIMIT_PAGE);
    json_t *context = heavy_form("fr");
    render("report", "fr", context, &page);
    assert_non_null(strstr(buf_text(&page), "<a href=\"/report?lang=ar\" lang=\"ar\" dir=\"rtl\">"));
    assert_non_null(strstr(buf_text(&page), "<b lang=\"fr\" aria-current=\"true\">"));
    assert_non_null(strstr(buf_text(&page), "name=\"lang\" value=\"fr\""));
    json_decref(context);
    buf_free(&page);
}

static void what_was_typed_is_inert_and_whole(void **state)
{
    (void)state;
    struct buf page = BUF_INIT(LIMIT_PAGE);
    give_office("own_questions: [{code: camp, step: story, answer: text, asks: {en: Camp?}}]\n");
    json_t *context = heavy_form_of("en", "text=%0A%3C/textarea%3E%3Cscript%3Ealert(1)%3C/script%3E&when=%22%3E%3Cb%3E"
                                          "&own_camp=%22%3E%3Cb%3E");
    render("report", "en", context, &page);
    /* a line end behind the tag belongs to the page, so that one of the person's own is kept */
    assert_non_null(strstr(buf_text(&page), "\">\n\n&lt;/textarea&gt;&lt;script&gt;"));
    assert_null(strstr(buf_text(&page), "<script>alert"));
    assert_null(strstr(buf_text(&page), "\"><b>"));
    assert_non_null(strstr(buf_text(&page), "name=\"own_camp\" value=\"&quot;&gt;&lt;b&gt;\""));
    give_office(ONE_SERVICE);
    json_decref(context);
    buf_free(&page);
}

static void the_policy_names_the_style_that_is_in_the_page(void **state)
{
    (void)state;
    struct buf page = BUF_INIT(LIMIT_PAGE);
    uint8_t digest[32];
    char hash[CODE_BASE64_SIZE(32)];
    render("receipt", "ar", NULL, &page);
    const char *style = strstr(buf_text(&page), "<style>") + 7;
    sign_sha256(style, (size_t)(strstr(style, "</style>") - style), digest);
    code_base64(digest, sizeof digest, hash);
    assert_non_null(strstr(intake.csp, hash));
    assert_non_null(strstr(intake.csp, "default-src 'none'"));
    assert_null(strstr(intake.csp, "unsafe"));
    buf_free(&page);
}

static void the_receipt_is_on_its_page_and_on_no_later_one(void **state)
{
    (void)state;
    struct buf page = BUF_INIT(LIMIT_PAGE);
    json_t *context = json_pack("{s:[s,s]}", "groups", "1234", "5678");
    render("stored", "sw", context, &page);
    assert_non_null(strstr(buf_text(&page), "<span>1234</span> <span>5678</span>"));
    render("written", "sw", context, &page);
    assert_null(strstr(buf_text(&page), "1234"));
    json_decref(context);
    buf_free(&page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_are_light_in_every_language),
        cmocka_unit_test(every_field_is_asked_for_where_the_table_says),
        cmocka_unit_test(an_office_asks_what_it_wants_in_its_words),
        cmocka_unit_test(nothing_runs_and_nothing_is_fetched),
        cmocka_unit_test(every_page_says_its_language_and_direction),
        cmocka_unit_test(languages_can_be_changed_without_cookies),
        cmocka_unit_test(what_was_typed_is_inert_and_whole),
        cmocka_unit_test(the_policy_names_the_style_that_is_in_the_page),
        cmocka_unit_test(the_receipt_is_on_its_page_and_on_no_later_one),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
