/* test_po.c -- what a PO file may hold, and what is wrong with those that hold something else. */
#include "common/text/po.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* Entries as "context|id|plural|text0|text1|" and "~" for a fuzzy one. */
static enum err write_entry(void *arg, const struct po_entry *entry, char says[static SAYS_SIZE])
{
    struct buf *out = arg;
    if (strcmp(buf_text(&entry->id), "refuse") == 0)
        return says_fail(says, ERR_CONFLICT, "not this one");
    assert_int_equal(buf_addf(out, "%s%s|%s|%s|", entry->fuzzy ? "~" : "", buf_text(&entry->context),
                              buf_text(&entry->id), buf_text(&entry->plural)),
                     ERR_OK);
    for (unsigned i = 0; i < entry->texts; i++)
        assert_int_equal(buf_addf(out, "%s|", buf_text(&entry->text[i])), ERR_OK);
    return buf_add_text(out, "\n");
}

static enum err read_text(const char *text, struct buf *out, char *says)
{
    return po_read(text, strlen(text), write_entry, out, says);
}

static void expect(const char *text, const char *entries)
{
    struct buf out = BUF_INIT(65536);
    char says[SAYS_SIZE] = "";
    if (read_text(text, &out, says) != ERR_OK)
        fail_msg("%s", says);
    assert_string_equal(buf_text(&out), entries);
    buf_free(&out);
}

static void entries_of_every_kind_are_read(void **state)
{
    (void)state;
    expect("", "");
    expect("msgid \"a\"\nmsgstr \"b\"\n", "|a||b|\n");
    expect("msgid \"a\"\r\nmsgstr \"b\"\r\n\r\n# end", "|a||b|\n");
    expect("# for people\n#. from the source\n#: page.mustache:3\n#, c-format\nmsgid \"a\"\nmsgstr \"b\"\n",
           "|a||b|\n");
    expect("msgid \"a\"\nmsgstr \"b\"\nmsgid \"c\"\nmsgstr \"d\"\nmsgctxt \"x\"\nmsgid \"a\"\nmsgstr \"\"",
           "|a||b|\n|c||d|\nx|a|||\n");
    expect("msgid \"\"\n\"one \"\n  \"two\"\nmsgstr \"\"\n\"un \"\n\"deux\"\n", "|one two||un deux|\n");
    expect("msgid \"a\"\nmsgid_plural \"as\"\nmsgstr[0] \"b\"\nmsgstr[1] \"\"\n\"bs\"\n", "|a|as|b|bs|\n");
    expect(
        "#, fuzzy\nmsgid \"a\"\nmsgstr \"b\"\n#, fuzzy, c-format\nmsgid \"c\"\nmsgstr \"d\"\nmsgid \"e\"\nmsgstr \"f\"",
        "~|a||b|\n~|c||d|\n|e||f|\n");
    expect("#~ msgid \"old\"\n#~ msgstr \"gone\"\nmsgid \"a\"\nmsgstr \"é€\"\n#| msgid \"b\"\n", "|a||é€|\n");
    expect("msgid \"q\\\"\\\\\\n\\t\\101\\x42\"\nmsgstr \"\\303\\251\"", "|q\"\\\n\tAB||é|\n");
}

static void a_fault_names_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"msgid \"a\"\n\nmsgstr \"b", "line 3: a string is not closed"},
        {"msgid \"a\" x\n", "line 1: something stands behind a string"},
        {"msgid a\n", "line 1: a \" is missing"},
        {"msgid\n", "line 1: a \" is missing"},
        {"\"a\"\n", "line 1: a string that belongs to nothing"},
        {"msgid \"a\"\nmsgstr \"b\"\n\n#\n\"c\"\n", "line 5: a string that belongs to nothing"},
        {"msgid \"a\"\n", "line 1: an entry has no msgstr"},
        {"msgid \"a\"\nmsgid \"b\"\n", "line 2: the entry before has no msgstr"},
        {"msgid \"a\"\nmsgctxt \"b\"\n", "line 2: msgctxt must come before msgid"},
        {"msgstr \"a\"\n", "line 1: msgstr must come right behind msgid"},
        {"msgid \"a\"\nmsgid_plural \"b\"\nmsgstr \"c\"\n", "line 3: msgstr must come right behind msgid"},
        {"msgid \"a\"\nmsgstr[0] \"c\"\n", "line 2: msgstr[n] without msgid_plural, or too many of them"},
        {"msgid \"a\"\nmsgid_plural \"b\"\nmsgstr[1] \"c\"\n", "line 3: msgstr[n] must come in order from 0"},
        {"msgid \"a\"\nmsgstr \"c\"\nmsgid_plural \"b\"\n", "line 3: msgid_plural must come right behind msgid"},
        {"msgid \"\\q\"\n", "line 1: an unknown escape"},
        {"msgid \"\\000\"\n", "line 1: an escape that is no character"},
        {"msgid \"\\\n", "line 1: an unknown escape"},
        {"hello\n", "line 1: an unknown word"},
        {"msgid \"\xff\"\n", "line 1: it is not UTF-8"},
        {"\nmsgid \"refuse\"\nmsgstr \"x\"\n\n", "line 2: not this one"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf out = BUF_INIT(65536);
        char says[SAYS_SIZE] = "";
        assert_int_not_equal(read_text(cases[i].text, &out, says), ERR_OK);
        assert_string_equal(says, cases[i].says);
        buf_free(&out);
    }
}

static void a_text_has_a_greatest_length(void **state)
{
    (void)state;
    struct buf text = BUF_INIT(2 * PO_TEXT), out = BUF_INIT(PO_TEXT);
    char says[SAYS_SIZE];
    assert_int_equal(buf_add_text(&text, "msgid \""), ERR_OK);
    for (size_t i = 0; i <= PO_TEXT; i++)
        assert_int_equal(buf_add_byte(&text, 'a'), ERR_OK);
    assert_int_equal(buf_add_text(&text, "\""), ERR_OK);
    assert_int_equal(read_text(buf_text(&text), &out, says), ERR_TOO_BIG);
    assert_string_equal(says, "line 1: a text is too long");
    buf_free(&text);
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_of_every_kind_are_read),
        cmocka_unit_test(a_fault_names_its_line),
        cmocka_unit_test(a_text_has_a_greatest_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
