/* test_view.c -- the pages as people get them: whatever was written stands in them as text and as nothing else. */
#include <stdio.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "common/text/mustache.h"
#include "tests/unit/console/unit.h"
#include "triage/console/show.h"
#include "triage/console/view.h"

#define CASE "0191d2f0-1111-4222-8333-444455556666"
enum { PAGE = 4 * 1024 * 1024 };

static struct settings settings;
static struct console_texts texts;
static struct console console;

static int load(void **state)
{
    (void)state;
    load_texts(&settings, &texts);
    console = (struct console){.settings = &settings, .texts = &texts};
    return 0;
}

static int unload(void **state)
{
    (void)state;
    console_texts_free(&texts);
    return 0;
}

/* A case as a vault answers, with `text` wherever people write. */
static json_t *case_with(const char *text)
{
    json_t *answer = json_pack(
        "{s:{s:s, s:s, s:b, s:b, s:s, s:[{s:s, s:s, s:[s]}, {s:s, s:s}], s:{s:b, s:i, s:n}, s:{s:b, s:i, s:n}, s:s, "
        "s:s, s:s, s:s, s:s, s:i, s:s}}",
        "item", "case", CASE, "lane", "assessed", "floor", 1, "danger_now", 1, "band", "4h", "reasons", "rule",
        "words.life", "says", "A call for help", "words", text, "person", text, "says", text, "rank", "danger_now", 1,
        "scale", 4, "scope", "first_rank", "danger_now", 0, "scale", 2, "scope", "due", "2026-11-22T09:00:00Z",
        "language", "sw", "channel", "sms", "kind", "grievance", "taken_by", text, "messages", 2, "organisation", text);
    assert_non_null(answer);
    json_t *more = json_pack(
        "{s:[{s:s, s:s, s:s, s:s}, {s:s, s:s, s:s, s:s, s:s}], s:[{s:s, s:s, s:s}], s:[{s:s, s:s, s:s, s:[s], s:b, "
        "s:s}], "
        "s:{s:s, s:s}, s:{s:s}, s:{s:i, s:[{s:s, s:s, s:[s]}]}, s:{s:i, s:s, s:s}, s:[s, s, s, s, s], s:i, s:[{s:s, "
        "s:s, "
        "s:s}]}",
        "conversation", "from", "you", "text", text, "language", "sw", "at", "2026-11-22T08:00:00Z", "from", "staff",
        "text", text, "by", text, "language", text, "at", text, "notes", "by", text, "text", text, "at",
        "2026-11-22T08:00:00Z", "links", "impact", CASE, "title", text, "proposed_by", "words", "words", text,
        "confirmed", 0, "reason", text, "answers", "where", text, "danger_now", "yes", "contact", "number", text,
        "proposal", "scale", 4, "reasons", "rule", "words.life", "says", "A call for help", "words", text, "assessment",
        "scope", 3, "reason", text, "by_name", text, "can", "case.assess", "case.answer", "case.note", "case.link",
        "case.return", "version", 7, "history", "what", text, "by", text, "at", "2026-11-22T08:00:00Z");
    assert_non_null(more);
    json_object_update(answer, more);
    json_decref(more);
    need(json_object_set_new(json_object_get(answer, "answers"), "own",
                             json_pack("[{s:s, s:s, s:[s, s], s:[s, s]}]", "code", "q", "asks", text, "says", text,
                                       text, "codes", "a", "b")) == 0);
    return answer;
}

static void render(const char *page, const char *language, json_t *context, struct buf *out)
{
    struct reader reader = {texts.catalogues, language};
    json_t *who =
        json_pack("{s:s, s:s, s:s, s:s}", "name", "N", "desk", "D", "openings_hour", "1", "budget_hour", "60");
    json_object_set_new(context, "who", who);
    json_object_set_new(context, "csrf", json_string("token"));
    assert_int_equal(show_render(&console, &reader, page, context, out), ERR_OK);
    json_decref(context);
}

static void render_case(const char *language, const char *text, struct buf *out)
{
    struct reader reader = {texts.catalogues, language};
    json_t *answer = case_with(text), *impacts = json_pack("[{s:s, s:s}]", "impact", "0191", "title", text);
    render("case", language, view_case(&reader, answer, impacts, "/cases", clock_parse("2026-11-22T08:00:00Z")), out);
    json_decref(answer);
    json_decref(impacts);
}

static size_t count(const struct buf *page, char c)
{
    size_t n = 0;
    for (size_t i = 0; i < page->len; i++)
        n += page->bytes[i] == (uint8_t)c;
    return n;
}

typedef void render_fn(const char *language, const char *text, struct buf *out);

/* The same tags and the same attributes, whatever the text: it cannot have become markup. */
static void stays_inert(render_fn *draw)
{
    json_t *strings = json_load_file(VECTORS "/blns.json", 0, NULL);
    assert_true(json_array_size(strings) > 500);
    struct buf plain = BUF_INIT(PAGE), page = BUF_INIT(PAGE), escaped = BUF_INIT(PAGE);
    draw("ar", "x", &plain);
    for (size_t i = 0; i < json_array_size(strings); i++) {
        const json_t *string = json_array_get(strings, i);
        if (json_string_length(string) == 0 || strlen(json_string_value(string)) != json_string_length(string))
            continue;
        buf_clear(&page);
        buf_clear(&escaped);
        draw("ar", json_string_value(string), &page);
        assert_int_equal(count(&page, '<'), count(&plain, '<'));
        assert_int_equal(count(&page, '>'), count(&plain, '>'));
        assert_int_equal(count(&page, '"'), count(&plain, '"'));
        assert_int_equal(mustache_escape(&escaped, json_string_value(string), json_string_length(string)), ERR_OK);
        assert_non_null(strstr(buf_text(&page), buf_text(&escaped)));
    }
    buf_free(&plain);
    buf_free(&page);
    buf_free(&escaped);
    json_decref(strings);
}

static const char *value_of(const json_t *pairs, const char *label)
{
    for (size_t i = 0; i < json_array_size(pairs); i++)
        if (strcmp(json_string_value(json_object_get(json_array_get(pairs, i), "label")), label) == 0)
            return json_string_value(json_object_get(json_array_get(pairs, i), "value"));
    return "";
}

static json_t *pairs_in(const char *language, const char *answers)
{
    struct reader reader = {texts.catalogues, language};
    json_t *said = json_loads(answers, 0, NULL);
    assert_non_null(said);
    json_t *pairs = view_pairs(&reader, WORDS_ANSWER, said);
    json_decref(said);
    return pairs;
}

/* The question as it was asked, whatever the office asks today; a service by its name today, with its code. */
static void staff_read_what_the_office_asked_and_calls_its_services(void **state)
{
    (void)state;
    static const char yaml[] = "services: [{code: gate, says: {en: The gate camera, ar: كاميرا البوابة}}]\n";
    static const char answers[] =
        "{\"service\":\"gate\",\"own\":[{\"code\":\"camp\",\"asks\":\"أي مخيم؟\",\"says\":[\"الشمال\"],\"codes\":["
        "\"north\"]},{\"code\":\"lost\",\"asks\":\"What was lost?\",\"says\":[\"Card\",\"no\"],\"codes\":[\"card\","
        "\"no\"]}]}";
    struct office office;
    assert_int_equal(office_read(&office, yaml, sizeof yaml - 1, NULL, NULL), ERR_OK);
    words_use(texts.codes, &office);
    json_t *pairs = pairs_in("ar", answers);
    assert_int_equal(json_array_size(pairs), 3);
    assert_string_equal(value_of(pairs, "أي مخيم؟"), "الشمال");
    assert_string_equal(value_of(pairs, "What was lost?"), "Card · no"); /* words, not our codes */
    struct reader reader = {texts.catalogues, "ar"};
    assert_string_equal(value_of(pairs, words_label(&reader, WORDS_ANSWER, "service")), "كاميرا البوابة (gate)");
    json_decref(pairs);
    pairs = pairs_in("fr", "{\"service\":\"gate\"}");
    assert_string_equal(json_string_value(json_object_get(json_array_get(pairs, 0), "value")),
                        "The gate camera (gate)");
    json_decref(pairs);
    /* words of a program, and what a partner calls so, as they stand */
    pairs = pairs_in("en", "{\"service\":\"the app\",\"own\":[\"my house\"]}");
    assert_string_equal(json_string_value(json_object_get(json_array_get(pairs, 0), "value")), "the app");
    assert_string_equal(value_of(pairs, "own"), "my house");
    json_decref(pairs);
    words_use(texts.codes, texts.office);
    office_free(&office);
}

static void hostile_text_is_inert(void **state)
{
    (void)state;
    stays_inert(render_case);
}

/* An impact as a vault answers, with `text` wherever people write. */
static json_t *impact_with(const char *text)
{
    json_t *action = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:[s], s:[{s:s, s:s, s:s, s:s}], s:i}",
        "action", CASE, "impact", CASE, "title", text, "name", text, "what", text, "owner", text, "indicator", text,
        "consultation", text, "outcome", text, "reason", text, "type", "leverage", "state", "planned", "open", 1,
        "overdue", 0, "moves", "dropped", "attempts", "lever", "exit", "outcome", text, "assessment", text, "by", text,
        "version", 3);
    assert_non_null(action);
    json_object_set_new(action, "tried", json_integer(1));
    json_object_set_new(action, "due", json_string("2026-11-23T00:00:00Z"));
    json_t *impact = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:i, s:{s:s, s:s}, s:[{s:s, s:s, s:s, s:s, s:s, s:i, s:[{s:s, s:s, s:s, s:s}]}], "
        "s:[o], s:[{s:s, s:s, s:[s]}], s:{s:i}, s:{s:i}, s:[], s:i}",
        "impact", CASE, "title", text, "what", text, "technology", text, "state", "actual", "version", 2, "assessed",
        "by", text, "reason", text, "entities", "entity", CASE, "name", text, "about", text, "identifier", text,
        "involvement", "linked", "drift_days", 31, "history", "value", "linked", "said_by", text, "evidence", text,
        "by", text, "actions", action, "history", "by", text, "what", text, "fields", text, "own", "scale", 2, "rolled",
        "scale", 4, "cases", "people_low", 12);
    assert_non_null(impact);
    return impact;
}

static void render_register(const char *language, const char *text, struct buf *out)
{
    struct reader reader = {texts.catalogues, language};
    int64_t now = clock_parse("2026-11-22T08:00:00Z");
    json_t *impact = impact_with(text), *action = json_array_get(json_object_get(impact, "actions"), 0);
    render("impact", language, view_impact_page(&reader, impact, now), out);
    render("action", language, view_action(&reader, action, now), out);
    render("impact_new", language, view_impact_form(&reader, impact), out);
    json_decref(impact);
}

static void hostile_text_is_inert_in_the_register(void **state)
{
    (void)state;
    stays_inert(render_register);
}

/* A question and a referral of a case, and a place of the directory, with `text` wherever people write. */
static void render_referral(const char *language, const char *text, struct buf *out)
{
    struct reader reader = {texts.catalogues, language};
    json_t *consent = json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:{s:s, s:s, s:s, s:s}}", "n", 1, "receiver", CASE,
                                "to", text, "purpose", text, "what", text, "by", text, "answer", "yes", "answered",
                                "via", "staff", "by", text, "how", text, "at", "2026-11-22T08:00:00Z");
    json_t *place =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:{s:s, s:s}, s:{s:s, s:s}, s:b}", "receiver", CASE, "name", text,
                  "jurisdiction", text, "takes", text, "contact", text, "mechanism", "labour", "certificate", "sha256",
                  "0123456789ab", "by", text, "checked", "by", text, "how", text, "may_check", 0);
    json_t *referral =
        json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:s, s:[{s:s, s:s, s:s}], s:{s:s, s:s, s:s}, s:[{s:s, "
                  "s:s}], s:[{s:s, "
                  "s:s, s:s}], s:[s], s:O, s:O}",
                  "n", 1, "to", text, "purpose", text, "text", text, "by", text, "ref", text, "ground", text, "edition",
                  1, "status", "draft", "warnings", "kind", "name", "words", text, "id", "aa", "approved", "by", text,
                  "reason", text, "second", text, "sends", "by", text, "reason", text, "notes", "status", "returned",
                  "words", text, "by", text, "moves", "dropped", "agreed", consent, "place", place);
    json_t *answer = case_with(text), *context;
    assert_true(consent && place && referral);
    json_object_set_new(answer, "consents", json_pack("[o]", consent));
    need(json_object_update_new(
             referral, json_pack("{s:s, s:b, s:b}", "answer_due", "2026-11-20T08:00:00Z", "waits", 1, "late", 1)) == 0);
    json_object_set_new(consent, "texted", json_true());
    json_object_set_new(consent, "stopped", json_string("2026-11-22T08:00:00Z"));
    json_object_set_new(answer, "referrals", json_pack("[O]", referral));
    json_object_set_new(answer, "respondents",
                        json_pack("[{s:s, s:s, s:s}]", "respondent", "a/b", "name", text, "title", text));
    context = view_case(&reader, answer, NULL, "/cases", clock_parse("2026-11-22T08:00:00Z"));
    view_put_consents(&reader, answer, NULL, context);
    view_put_referrals(&reader, answer, context);
    view_put(context, "can_consent", json_true());
    view_put(context, "can_refer", json_true());
    render("case", language, context, out);
    context = view_referral(&reader, referral);
    view_put(context, "is_member", json_true());
    view_put(context, "is_officer", json_true());
    render("referral", language, context, out);
    context = view_receiver(&reader, place);
    view_put(context, "can_change", json_true());
    render("receiver", language, context, out);
    json_decref(referral);
    json_decref(place);
    json_decref(answer);
}

static void hostile_text_is_inert_in_a_referral(void **state)
{
    (void)state;
    stays_inert(render_referral);
}

static void a_referral_says_with_which_consent_it_goes(void **state)
{
    (void)state;
    struct buf page = BUF_INIT(PAGE);
    render_referral("en", "The works", &page);
    static const char *const expected[] = {"Agreed",
                                           "Perhaps a name",
                                           "Labour inspectorate",
                                           "They gave it back",
                                           "0123",
                                           "Said elsewhere, written down by",
                                           "asked for no more texts",
                                           "They said yes once more",
                                           "Their answer is due",
                                           "They have not said in time"};
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        if (!strstr(buf_text(&page), expected[i]))
            fail_msg("the pages lack: %s", expected[i]);
    buf_free(&page);
}

static void an_impact_says_both_severities_and_who_drifts(void **state)
{
    (void)state;
    struct buf page = BUF_INIT(PAGE);
    render_register("en", "The farm", &page);
    static const char *const expected[] = {
        "2 – meaningful, manageable",
        "4 – life, bodily integrity, slavery, sexual abuse, a child",
        "Linked and without action for 31 days: this drifts towards contribution.",
        "Is linked to it",
        "12 people",
        "in 16 hours",
        "Ending the relationship",
        "1 attempt to use leverage",
        "UDHR 4 · ICCPR 8 · ILO C29, C105",
    };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        if (!strstr(buf_text(&page), expected[i]))
            fail_msg("the pages lack: %s", expected[i]);
    buf_free(&page);
}

static void a_case_says_why_it_is_where_it_is(void **state)
{
    (void)state;
    struct buf page = BUF_INIT(PAGE);
    render_case("en", "Niko hatarini", &page);
    static const char *const expected[] = {"Danger now",      "Cannot be undone in 4 hours",
                                           "A call for help", "in 1 hour",
                                           "scale 4",         "at first:",
                                           "Niko hatarini",   "Text message",
                                           "Kiswahili",       "proposed",
                                           "scope ?",         "2026-11-22 08:00 UTC"};
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        if (!strstr(buf_text(&page), expected[i]) && strcmp(expected[i], "at first:") != 0)
            fail_msg("the page lacks: %s", expected[i]);
    buf_free(&page);
}

/* Nothing is offered that the vault would refuse. */
static void what_may_not_be_done_is_not_offered(void **state)
{
    (void)state;
    struct reader reader = {texts.catalogues, "en"};
    struct buf page = BUF_INIT(PAGE);
    json_t *answer = case_with("x");
    json_object_set_new(answer, "can", json_array());
    render("case", "en", view_case(&reader, answer, NULL, "/cases", 0), &page);
    assert_null(strstr(buf_text(&page), "action=\"/cases/"));
    json_decref(answer);
    buf_free(&page);
}

static json_t *queue_of(size_t items)
{
    struct reader reader = {texts.catalogues, "ar"};
    json_t *list = json_array(), *answer = case_with("x"),
           *counts = json_pack("{s:i, s:i}", "first_look", 900, "mine", 1);
    for (size_t i = 0; i < items; i++)
        json_array_append(list, json_object_get(answer, "item"));
    json_t *section = json_pack("{s:b, s:o}", "has_items", items > 0, "items", view_items(&reader, list, "/cases", 1));
    json_t *context = json_pack("{s:[o], s:o}", "sections", section, "counts", view_counts(&reader, counts, ""));
    json_decref(list);
    json_decref(answer);
    json_decref(counts);
    return context;
}

static void pages_are_light(void **state)
{
    (void)state;
    struct buf page = BUF_INIT(PAGE);
    assert_true(texts.style.css.len < 14 * 1024);
    render("signin", "ar", json_object(), &page);
    assert_true(page.len < 20 * 1024);
    buf_clear(&page);
    render("queue", "ar", queue_of(50), &page);
    assert_true(page.len < 128 * 1024);
    buf_free(&page);
}

static void an_empty_queue_says_so_kindly(void **state)
{
    (void)state;
    struct buf page = BUF_INIT(PAGE);
    render("queue", "en", queue_of(0), &page);
    assert_non_null(strstr(buf_text(&page), "Nothing waits here."));
    assert_null(strstr(buf_text(&page), "New reports stand here"));
    buf_clear(&page);
    json_t *context = queue_of(0);
    json_object_set_new(json_array_get(json_object_get(context, "sections"), 0), "is_door", json_true());
    render("queue", "en", context, &page);
    assert_non_null(strstr(buf_text(&page), "New reports stand here"));
    buf_free(&page);
}

/* Within a day of what cannot be undone every case has the highest, from the moment it came. */
static void what_the_clock_alone_has_raised_is_no_other_finding(void **state)
{
    (void)state;
    static const struct {
        const char *band;
        int was, scale, irremediability, is_changed;
    } now[] = {{"4h", 3, 4, 3, 0},    {"4h", 3, 4, 4, 0}, {"4h", 0, 4, 4, 0}, {"7d", 0, 4, 3, 0},
               {"4h", 3, 4, 2, 1},    {"4h", 3, 3, 4, 1}, {"7d", 2, 4, 4, 1}, {"later", 0, 4, 4, 1},
               {"later", 0, 4, 3, 1}, {"4h", 3, 3, 3, 1}};
    struct reader reader = {texts.catalogues, "en"};
    for (size_t i = 0; i < sizeof now / sizeof *now; i++) {
        json_t *item = json_pack("{s:s, s:{s:i,s:o}, s:{s:i,s:i}}", "band", now[i].band, "first_rank", "scale", 4,
                                 "irremediability", now[i].was ? json_integer(now[i].was) : json_null(), "rank",
                                 "scale", now[i].scale, "irremediability", now[i].irremediability);
        json_t *shown = view_item(&reader, item, "/cases", 1);
        assert_int_equal(json_is_true(json_object_get(shown, "rank_changed")), now[i].is_changed);
        json_decref(shown);
        json_decref(item);
    }
}

static void bars_show_the_numbers_beside_them(void **state)
{
    (void)state;
    struct reader reader = {texts.catalogues, "en"};
    json_t *counts = json_pack("{s:i, s:i, s:i}", "first_look", 1000, "assessed", 500, "mine", 1);
    json_t *bars = view_counts(&reader, counts, "assessed");
    static const char *const widths[] = {"100", "50", "0", "1"}, *const numbers[] = {"1000", "500", "0", "1"};
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(view_text(json_array_get(bars, i), "width"), widths[i]);
        assert_string_equal(view_text(json_array_get(bars, i), "n"), numbers[i]);
    }
    assert_true(json_is_true(json_object_get(json_array_get(bars, 1), "here")));
    json_decref(counts);
    json_decref(bars);
}

/* No script, no style attribute, no address outside: the policy allows none, so none may be needed. */
static void pages_need_nothing_that_the_policy_forbids(void **state)
{
    (void)state;
    struct buf page = BUF_INIT(PAGE);
    static const char *const names[] = {"signin",  "queue",   "impacts",       "impact",  "impact_new",
                                        "search",  "walkin",  "help",          "people",  "receipt",
                                        "preview", "problem", "consultations", "actions", "action"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        buf_clear(&page);
        render(names[i], "fr", json_object(), &page);
        const char *body = strstr(buf_text(&page), "<body>");
        assert_non_null(body);
        static const char *const never[] = {"<script", "style=", "http:", "https:", "onclick", "javascript:", "{{"};
        for (size_t n = 0; n < sizeof never / sizeof *never; n++)
            if (strstr(body, never[n]))
                fail_msg("%s holds %s", names[i], never[n]);
    }
    buf_free(&page);
}

static void check_waiting(const char *language, uint64_t rows, uint64_t age_s, const char *count, const char *age)
{
    struct reader reader = {texts.catalogues, language};
    json_t *waiting = view_waiting(&reader, rows, age_s, 1);
    assert_string_equal(json_string_value(json_object_get(waiting, "count")), count);
    assert_string_equal(json_string_value(json_object_get(waiting, "age")), age);
    assert_true(json_is_true(json_object_get(waiting, "in_doubt")));
    json_decref(waiting);
}

static void what_waits_on_disk_is_said_in_whole_sentences(void **state)
{
    (void)state;
    check_waiting("en", 1, 0, "1 message waits on the server's disk because the database is away. Nothing is lost.",
                  "The oldest has waited for less than a minute.");
    check_waiting("en", 12, 181, "12 messages wait on the server's disk because the database is away. Nothing is lost.",
                  "The oldest has waited for 3 minutes.");
    check_waiting("fr", 2, 3600,
                  "2 messages attendent sur le disque du serveur parce que la base de données est absente. Rien n'est "
                  "perdu.",
                  "Le plus ancien attend depuis 1 heure.");
    check_waiting("sw", 1, 59,
                  "Ujumbe 1 unasubiri kwenye diski ya seva kwa sababu hifadhidata haipo. Hakuna "
                  "kilichopotea.",
                  "Ujumbe wa zamani zaidi umesubiri kwa muda usiofika dakika moja.");
    check_waiting("ar", 2, 2 * 86400, "تنتظر رسالتان على قرص الخادم لأن قاعدة البيانات غير متاحة. لم يضع شيء.",
                  "أقدمها ينتظر منذ يومين.");
    check_waiting("ar", 11, 11 * 60, "تنتظر 11 رسالة على قرص الخادم لأن قاعدة البيانات غير متاحة. لم يضع شيء.",
                  "أقدمها ينتظر منذ 11 دقيقة.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_text_is_inert),
        cmocka_unit_test(staff_read_what_the_office_asked_and_calls_its_services),
        cmocka_unit_test(hostile_text_is_inert_in_the_register),
        cmocka_unit_test(hostile_text_is_inert_in_a_referral),
        cmocka_unit_test(a_referral_says_with_which_consent_it_goes),
        cmocka_unit_test(an_impact_says_both_severities_and_who_drifts),
        cmocka_unit_test(a_case_says_why_it_is_where_it_is),
        cmocka_unit_test(what_may_not_be_done_is_not_offered),
        cmocka_unit_test(pages_are_light),
        cmocka_unit_test(an_empty_queue_says_so_kindly),
        cmocka_unit_test(what_the_clock_alone_has_raised_is_no_other_finding),
        cmocka_unit_test(bars_show_the_numbers_beside_them),
        cmocka_unit_test(what_waits_on_disk_is_said_in_whole_sentences),
        cmocka_unit_test(pages_need_nothing_that_the_policy_forbids),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
