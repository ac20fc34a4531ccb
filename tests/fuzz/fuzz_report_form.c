/* fuzz_report_form.c -- any web form of a report: it becomes a body that the JSON rules can judge, and what was typed
 * goes back into the page without any markup of its own. */
#include "common/text/page.h"
#include "intake/form_words.h"
#include "intake/report.h"
#include "intake/report_form.h"
#include "tests/fuzz/fuzz.h"

static struct page_set *pages;
static struct office office;
static struct settings settings = {.office_says = &office};
static struct intake intake = {.settings = &settings};

static const char OWN[] = "services: [{code: gate, says: {en: The gate}}]\n"
                          "own_questions:\n"
                          "  - {code: words, step: story, answer: text, asks: {en: Words?}}\n"
                          "  - {code: one, step: when, answer: one, asks: {en: Which?}, choices: [{code: a, says: {en: "
                          "A}}, {code: b, says: {en: "
                          "B}}]}\n";

void fuzz_start(void)
{
    char says[SAYS_SIZE];
    need(catalogue_load(SOURCE_ROOT "/intake/languages", &intake.catalogues, says) == ERR_OK);
    need(page_load(SOURCE_ROOT "/intake/pages", intake.catalogues, &pages, says) == ERR_OK);
    need(office_read(&office, OWN, sizeof OWN - 1, NULL, NULL) == ERR_OK);
}

static const char *same(void *arg, const char *english)
{
    (void)arg;
    return english;
}

static size_t count(const struct buf *page, char byte)
{
    size_t found = 0;
    for (size_t i = 0; i < page->len; i++)
        found += page->bytes[i] == (uint8_t)byte;
    return found;
}

/* An "x" for every text, also those that stand with their questions. */
static void blank(json_t *value)
{
    const char *key;
    json_t *inner;
    size_t i;
    if (json_is_string(value) && json_string_length(value))
        json_string_set(value, "x");
    json_object_foreach(value, key, inner)
    {
        if (strcmp(key, "dir") != 0 && strcmp(key, "in") != 0)
            blank(inner);
    }
    json_array_foreach(value, i, inner) blank(inner);
}

/* The same page with an "x" in the place of every text: as many tags and quotation marks. */
static void typed_is_inert(json_t *context)
{
    struct buf page = BUF_INIT(4 << 20), plain = BUF_INIT(4 << 20);
    need(page_render(pages, "report", "en", context, &page) == ERR_OK);
    json_t *copy = json_deep_copy(context);
    blank(copy);
    need(page_render(pages, "report", "en", copy, &plain) == ERR_OK);
    need(count(&page, '<') == count(&plain, '<') && count(&page, '>') == count(&plain, '>'));
    need(count(&page, '"') == count(&plain, '"'));
    json_decref(copy);
    buf_free(&page);
    buf_free(&plain);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct form form;
    struct report report;
    struct json_fault fault = {0};
    if (form_read(&form, (const char *)data, size) != ERR_OK) {
        form_free(&form);
        return 0;
    }
    struct pages_words words = {&intake, "en"};
    json_t *context = report_form_context(&form), *body = report_form_body(&office, &form, "en");
    form_words_put(context, NULL, &form, &words);
    if (body) {
        enum err err = report_read(&office, body, &report, &fault);
        if (err == ERR_OK)
            report_free(&report);
        else
            report_form_explain(context, &fault, same, NULL);
    }
    form_words_mark(context);
    typed_is_inert(context);
    json_decref(body);
    json_decref(context);
    form_free(&form);
    return 0;
}
