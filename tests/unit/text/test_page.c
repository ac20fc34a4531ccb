/* test_page.c -- a folder of templates becomes pages in every language, or says at the start what is wrong. */
#include "common/text/page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/text/folder.h"

static char folder[64];
static struct catalogue_set *catalogues;

static int start(void **state)
{
    (void)state;
    char says[SAYS_SIZE] = "";
    folder_new(folder);
    folder_put(folder, "fr.po", "msgid \"Good day, {{name}}.\"\nmsgstr \"Bonjour {{name}}.\"\n");
    folder_put(folder, "ar.po", "msgid \"Good day, {{name}}.\"\nmsgstr \"مرحبا {{name}}\"\n");
    return catalogue_load(folder, &catalogues, says) == ERR_OK ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    catalogue_free(catalogues);
    folder_remove(folder);
    return 0;
}

static void expect_page(const struct page_set *set, const char *language, const json_t *context, const char *expected)
{
    struct buf out = BUF_INIT(1000);
    assert_int_equal(page_render(set, "hello", language, context, &out), ERR_OK);
    assert_string_equal(buf_text(&out), expected);
    buf_free(&out);
}

static void a_page_comes_in_every_language(void **state)
{
    (void)state;
    folder_put(folder, "hello.mustache", "{{>head}}<p>{{#_}}Good day,\n {{name}}.{{/_}}</p>");
    folder_put(folder, "head.mustache", "<html lang=\"{{lang}}\" dir=\"{{dir}}\">");
    struct page_set *set;
    char says[SAYS_SIZE] = "";
    if (page_load(folder, catalogues, &set, says) != ERR_OK)
        fail_msg("%s", says);
    json_t *context = json_pack("{s:s}", "name", "O'Neil");
    expect_page(set, "en", context, "<html lang=\"en\" dir=\"ltr\"><p>Good day, O&#39;Neil.</p>");
    expect_page(set, "fr", context, "<html lang=\"fr\" dir=\"ltr\"><p>Bonjour O&#39;Neil.</p>");
    expect_page(set, "ar", context, "<html lang=\"ar\" dir=\"rtl\"><p>مرحبا O&#39;Neil</p>");
    expect_page(set, "sw", context, "<html lang=\"en\" dir=\"ltr\"><p>Good day, O&#39;Neil.</p>");
    expect_page(set, "fr", NULL, "<html lang=\"fr\" dir=\"ltr\"><p>Bonjour .</p>");
    struct buf out = BUF_INIT(10);
    assert_int_equal(page_render(set, "gone", "en", context, &out), ERR_NOT_FOUND);
    assert_int_equal(page_render(set, "hello", "en", context, &out), ERR_TOO_BIG);
    assert_int_equal(out.len, 0);
    buf_free(&out);
    json_decref(context);
    page_free(set);
}

static void a_page_can_offer_the_other_languages(void **state)
{
    (void)state;
    folder_put(folder, "hello.mustache",
               "{{language}}:{{#languages}} {{#current}}*{{/current}}{{code}}/{{dir}}/{{native}}{{/languages}}");
    struct page_set *set;
    char says[SAYS_SIZE];
    assert_int_equal(page_load(folder, catalogues, &set, says), ERR_OK);
    expect_page(set, "fr", NULL, "Français: en/ltr/English *fr/ltr/Français ar/rtl/العربية");
    page_free(set);
}

static void a_broken_folder_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text, *says;
    } cases[] = {
        {"b.mustache", "\n{{#a}}", "b.mustache (en): line 2: a section is not closed"},
        {"b.mustache", "{{>gone}}", "b: there is no template gone"},
        {"B.mustache", "", "a template has a name that cannot be one"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct page_set *set;
        char says[SAYS_SIZE] = "", path[128];
        folder_put(folder, cases[i].name, cases[i].text);
        assert_int_not_equal(page_load(folder, catalogues, &set, says), ERR_OK);
        assert_null(set);
        assert_non_null(strstr(says, cases[i].says));
        snprintf(path, sizeof path, "%s/%s", folder, cases[i].name);
        unlink(path);
    }
    struct page_set *set;
    char says[SAYS_SIZE];
    assert_int_equal(page_load("/nonexistent", catalogues, &set, says), ERR_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_page_comes_in_every_language, start, end),
        cmocka_unit_test_setup_teardown(a_page_can_offer_the_other_languages, start, end),
        cmocka_unit_test_setup_teardown(a_broken_folder_is_refused, start, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
