/* test_mustache.c -- the specification's core, hostile values, translations, and faults that say their line. */
#include "common/text/mustache.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/file.h"
#include "common/base/mem.h"

static json_t *load_vectors(const char *path)
{
    struct buf text = BUF_INIT(4 * 1024 * 1024);
    assert_int_equal(file_read(path, &text), ERR_OK);
    json_t *vectors = json_loadb(buf_text(&text), text.len, 0, NULL);
    assert_non_null(vectors);
    buf_free(&text);
    return vectors;
}

static struct mustache *compile_with(const char *text, const struct mustache_words *words)
{
    char says[SAYS_SIZE] = "";
    struct mustache *template;
    if (mustache_compile(text, strlen(text), words, &template, says) != ERR_OK)
        fail_msg("%s in: %s", says, text);
    return template;
}

static struct mustache *compile(const char *text)
{
    return compile_with(text, NULL);
}

/* Partials as the specification's cases bring them: an object of texts. */
struct partials {
    const char *names[8];
    struct mustache *templates[8];
    size_t count;
};

static const struct mustache *partial(void *arg, const char *name)
{
    const struct partials *partials = arg;
    for (size_t i = 0; i < partials->count; i++)
        if (strcmp(partials->names[i], name) == 0)
            return partials->templates[i];
    return NULL;
}

static void render_and_expect(const char *text, const json_t *data, struct partials *partials, const char *expected)
{
    struct mustache *template = compile(text);
    struct buf out = BUF_INIT(65536);
    assert_int_equal(mustache_render(template, data, &(struct mustache_with){partial, partials, NULL}, &out), ERR_OK);
    assert_string_equal(buf_text(&out), expected);
    buf_free(&out);
    mustache_free(template);
}

static void render_case(const json_t *test)
{
    struct partials partials = {0};
    const char *name;
    json_t *text;
    json_object_foreach(json_object_get(test, "partials"), name, text)
    {
        partials.names[partials.count] = name;
        partials.templates[partials.count++] = compile(json_string_value(text));
    }
    render_and_expect(json_string_value(json_object_get(test, "template")), json_object_get(test, "data"), &partials,
                      json_string_value(json_object_get(test, "expected")));
    while (partials.count)
        mustache_free(partials.templates[--partials.count]);
}

static void the_core_of_the_specification_holds(void **state)
{
    (void)state;
    json_t *spec = load_vectors(VECTORS "/mustache-spec.json"), *module, *test;
    const char *name;
    size_t at;
    int cases = 0;
    json_object_foreach(json_object_get(spec, "specs"), name, module)
    {
        if (name[0] == '~') /* optional modules */
            continue;
        json_array_foreach(json_object_get(module, "tests"), at, test)
        {
            print_message("%s: %s\n", name, json_string_value(json_object_get(test, "name")));
            render_case(test);
            cases++;
        }
    }
    assert_int_equal(cases, 136);
    json_decref(spec);
}

static void naughty_strings_come_out_inert(void **state)
{
    (void)state;
    json_t *strings = load_vectors(VECTORS "/blns.json"), *each;
    struct mustache *template = compile("{{#s}}{{s}}{{/s}}");
    size_t at;
    json_array_foreach(strings, at, each)
    {
        struct buf out = BUF_INIT(65536);
        json_t *context = json_pack("{s:O}", "s", each);
        assert_int_equal(mustache_render(template, context, NULL, &out), ERR_OK);
        assert_int_equal(strcspn(buf_text(&out), "<>\"'"), out.len);
        size_t plain = 0;
        for (const char *c = buf_text(&out); *c; c++, plain++) {
            if (*c != '&')
                continue;
            static const char *const references[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
            size_t which = 0;
            while (which < 5 && strncmp(c, references[which], strlen(references[which])) != 0)
                which++;
            assert_true(which < 5);
            assert_int_equal(json_string_value(each)[plain], "&<>\"'"[which]);
            c += strlen(references[which]) - 1;
        }
        assert_int_equal(plain, json_string_length(each)); /* nothing was lost */
        json_decref(context);
        buf_free(&out);
    }
    assert_int_equal(json_array_size(strings), 515);
    mustache_free(template);
    json_decref(strings);
}

static void a_fault_names_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"a\n\n{{b", "line 3: a tag is not closed"},
        {"a\n{{{b}}", "line 2: a tag is not closed"},
        {"\n{{#a}}\n{{b}}", "line 2: a section is not closed"},
        {"{{#a}}\n{{/b}}", "line 2: this closes another section than the one that is open"},
        {"{{#a.b}}\n{{/a.bcd}}", "line 2: this closes another section than the one that is open"},
        {"{{#a.b}}\n{{/a.c}}", "line 2: this closes another section than the one that is open"},
        {"\n{{/a}}", "line 2: a section is closed that is not open"},
        {"{{}}", "line 1: this cannot be a name"},
        {"{{a b}}", "line 1: this cannot be a name"},
        {"{{a..b}}", "line 1: this cannot be a name"},
        {"{{.a}}", "line 1: this cannot be a name"},
        {"{{<a}}", "line 1: this cannot be a name"},
        {"{{>}}", "line 1: this cannot be the name of a partial"},
        {"{{=<=}}", "line 1: two delimiters are needed here, without ="},
        {"{{=a b c=}}", "line 1: two delimiters are needed here, without ="},
        {"{{=123456789 b=}}", "line 1: a delimiter is too long"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char says[SAYS_SIZE] = "";
        struct mustache *template;
        assert_int_not_equal(mustache_compile(cases[i].text, strlen(cases[i].text), NULL, &template, says), ERR_OK);
        assert_null(template);
        assert_string_equal(says, cases[i].says);
    }
}

static void depth_and_size_have_an_end(void **state)
{
    (void)state;
    char text[4096] = "", says[SAYS_SIZE];
    struct mustache *template;
    for (int i = 0; i < MUSTACHE_DEPTH; i++)
        strcat(text, "{{#a}}");
    strcat(text, "x");
    for (int i = 0; i < MUSTACHE_DEPTH; i++)
        strcat(text, "{{/a}}");
    json_t *data = json_pack("{s:b}", "a", 1);
    render_and_expect(text, data, NULL, "x");
    memmove(text + 6, text, strlen(text) + 1);
    memcpy(text, "{{#a}}", 6);
    strcat(text, "{{/a}}");
    assert_int_equal(mustache_compile(text, strlen(text), NULL, &template, says), ERR_TOO_BIG);

    struct partials partials = {{"self"}, {compile("{{#a}}{{>self}}{{/a}}")}, 1};
    struct buf out = BUF_INIT(10);
    assert_int_equal(buf_add_text(&out, "before"), ERR_OK);
    struct mustache_with with = {partial, &partials, NULL};
    assert_int_equal(mustache_render(partials.templates[0], data, &with, &out), ERR_TOO_BIG);
    template = compile("12345");
    assert_int_equal(mustache_render(template, data, NULL, &out), ERR_TOO_BIG);
    assert_string_equal(buf_text(&out), "before");
    mustache_free(template);
    mustache_free(partials.templates[0]);
    buf_free(&out);
    json_decref(data);
}

static void indentation_goes_to_lines_of_the_partial_only(void **state)
{
    (void)state;
    json_t *data = json_pack("{s:s,s:[i,i]}", "v", "one\ntwo", "l", 1, 2);
    struct partials partials = {
        {"outer", "inner", "inline"},
        {compile("{{v}}\n{{#l}}\n<{{.}}>\n{{/l}}\n {{>inner}}\nx {{>inline}}"), compile("i\ni\n"), compile("n\nn\n")},
        3};
    render_and_expect("  {{>outer}}\n", data, &partials, "  one\ntwo\n  <1>\n  <2>\n   i\n   i\n  x n\nn\n");
    while (partials.count)
        mustache_free(partials.templates[--partials.count]);
    json_decref(data);
}

static void empty_values_are_false(void **state)
{
    (void)state;
    json_t *data = json_pack("{s:s,s:i,s:f,s:{},s:s}", "text", "", "zero", 0, "naught", 0.0, "object", "full", "0");
    render_and_expect("{{#text}}t{{/text}}{{#zero}}z{{/zero}}{{#naught}}n{{/naught}}{{#object}}o{{/object}}"
                      "{{#full}}f{{/full}}{{^text}}T{{/text}}{{object}}",
                      data, NULL, "ofT");
    json_decref(data);
}

static void what_the_base_has_is_seen_last(void **state)
{
    (void)state;
    json_t *base = json_pack("{s:s,s:s}", "lang", "fr", "who", "base"), *data = json_pack("{s:s}", "who", "caller");
    struct mustache *template = compile("{{lang}} {{who}}");
    struct buf out = BUF_INIT(100);
    assert_int_equal(mustache_render(template, data, &(struct mustache_with){.base = base}, &out), ERR_OK);
    assert_string_equal(buf_text(&out), "fr caller");
    buf_free(&out);
    mustache_free(template);
    json_decref(base);
    json_decref(data);
}

static const char *to_french(void *arg, const char *context, const char *english)
{
    (void)arg;
    if (context && strcmp(context, "of a case") == 0)
        return "Ouvert : {{name}}";
    static const char *const words[][2] = {
        {"Hello {{name}}, it's \"you\"", "Bonjour {{name}}, c'est « vous » <b>"},
        {"See <b>{{name}}</b>.", "Voyez <i>{{name}}</i>."},
        {"Raw", "{{{name}}}"},
        {"Section", "{{#name}}x{{/name}}"},
        {"Open", "{{name"},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i][0], english) == 0)
            return words[i][1];
    return english;
}

static const struct mustache_words french = {to_french, NULL};

static void marked_text_is_translated_while_compiling(void **state)
{
    (void)state;
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"{{#_}}Hello {{name}}, it's \"you\"{{/_}}!", "Bonjour &lt;A&amp;B&gt;, c&#39;est « vous » &lt;b&gt;!"},
        {"<p>\n  {{#_}}\n    Hello {{name}},\n\tit's \"you\"\n  {{/_}}\n</p>",
         "<p>\n  Bonjour &lt;A&amp;B&gt;, c&#39;est « vous » &lt;b&gt;\n</p>"},
        {"{{#_html}}See <b>{{name}}</b>.{{/_html}}", "Voyez <i>&lt;A&amp;B&gt;</i>."},
        {"{{#_}}Unknown & {{name}}{{/_}}", "Unknown &amp; &lt;A&amp;B&gt;"},
        {"{{#list}}{{#_}}It is {{.}}{{/_}} {{/list}}", "It is 1 It is 2 "},
        {"{{#_ of a case}}Open{{/_}}", "Ouvert : &lt;A&amp;B&gt;"},
        {"{{#_html\n of   a case }}Open{{/_html}}", "Ouvert : &lt;A&amp;B&gt;"},
        {"{{#_ of a door}}Unknown{{/_}}", "Unknown"},
        {"{{=<% %>=}}<%#_%>Plain {{name}}<%/_%>", "Plain &lt;A&amp;B&gt;"},
    };
    json_t *data = json_pack("{s:s,s:[i,i]}", "name", "<A&B>", "list", 1, 2);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct mustache *template = compile_with(cases[i].text, &french);
        struct buf out = BUF_INIT(1000);
        assert_int_equal(mustache_render(template, data, NULL, &out), ERR_OK);
        assert_string_equal(buf_text(&out), cases[i].expected);
        buf_free(&out);
        mustache_free(template);
    }
    json_decref(data);
}

static void a_translation_cannot_bring_tags_of_its_own(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"\n{{#_}}Raw{{/_}}", "line 2: in the translation: line 1: only {{name}} may stand in a text to translate"},
        {"{{#_html}}Raw{{/_html}}",
         "line 1: in the translation: line 1: only {{name}} may stand in a text to translate"},
        {"{{#_}}Section{{/_}}", "line 1: in the translation: line 1: only {{name}} may stand in a text to translate"},
        {"{{#_}}Open{{/_}}", "line 1: in the translation: line 1: a tag is not closed"},
        {"{{#_}}a{{>b}}{{/_}}", "line 1: in the translation: line 1: only {{name}} may stand in a text to translate"},
        {"{{#_}}a{{/_html}}", "line 1: this does not close the text to translate"},
        {"{{#_ a}}a{{/_ a}}", "line 1: this does not close the text to translate"},
        {"{{#_}} \n {{/_}}", "line 1: there is no text to translate"},
        {"\n{{#_}}abc", "line 2: a text to translate is not closed"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char says[SAYS_SIZE] = "";
        struct mustache *template;
        assert_int_equal(mustache_compile(cases[i].text, strlen(cases[i].text), &french, &template, says),
                         ERR_MALFORMED);
        assert_string_equal(says, cases[i].says);
    }
}

static void short_texts_are_filled_without_escaping(void **state)
{
    (void)state;
    struct buf out = BUF_INIT(20);
    json_t *values = json_pack("{s:i,s:s}", "n", 3, "who", "A&B");
    assert_int_equal(mustache_fill("{{n}} de {{who}}\n", values, &out), ERR_OK);
    assert_string_equal(buf_text(&out), "3 de A&B\n");
    assert_int_equal(mustache_fill("{{#n}}x{{/n}}", values, &out), ERR_MALFORMED);
    assert_int_equal(mustache_fill("{{who}}{{who}}{{who}}{{who}}", values, &out), ERR_TOO_BIG);
    assert_string_equal(buf_text(&out), "3 de A&B\n");
    json_decref(values);
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_core_of_the_specification_holds),
        cmocka_unit_test(naughty_strings_come_out_inert),
        cmocka_unit_test(a_fault_names_its_line),
        cmocka_unit_test(depth_and_size_have_an_end),
        cmocka_unit_test(indentation_goes_to_lines_of_the_partial_only),
        cmocka_unit_test(empty_values_are_false),
        cmocka_unit_test(what_the_base_has_is_seen_last),
        cmocka_unit_test(marked_text_is_translated_while_compiling),
        cmocka_unit_test(a_translation_cannot_bring_tags_of_its_own),
        cmocka_unit_test(short_texts_are_filled_without_escaping),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
