/* fuzz_report_form.c -- any web form of a report: it becomes a body that the JSON rules can judge, and what was typed
 * goes back into the page without any markup of its own. */
#include "common/text/page.h"
#include "intake/report.h"
#include "intake/report_form.h"
#include "tests/fuzz/fuzz.h"

static struct page_set *pages;

void fuzz_start(void)
{
    char says[SAYS_SIZE];
    struct catalogue_set *catalogues;
    need(catalogue_load(SOURCE_ROOT "/intake/languages", &catalogues, says) == ERR_OK);
    need(page_load(SOURCE_ROOT "/intake/pages", catalogues, &pages, says) == ERR_OK);
    catalogue_free(catalogues);
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

/* The same page with an "x" in the place of every text: as many tags and quotation marks. */
static void typed_is_inert(json_t *context)
{
    struct buf page = BUF_INIT(4 << 20), plain = BUF_INIT(4 << 20);
    const char *key;
    json_t *value;
    need(page_render(pages, "report", "en", context, &page) == ERR_OK);
    json_t *copy = json_deep_copy(context);
    json_object_foreach(copy, key, value)
    {
        if (json_is_string(value) && json_string_length(value))
            json_string_set(value, "x");
    }
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
    json_t *context = report_form_context(&form), *body = report_form_body(&form, "en");
    if (body) {
        enum err err = report_read(body, &report, &fault);
        if (err == ERR_OK)
            report_free(&report);
        else
            report_form_explain(context, &fault, same, NULL);
    }
    typed_is_inert(context);
    json_decref(body);
    json_decref(context);
    form_free(&form);
    return 0;
}
