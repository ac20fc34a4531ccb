/* test_export.c -- rows as a file: read back by a reader of RFC 4180 they are what they were, and no cell can be taken
 * for a formula. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/console/unit.h"
#include "triage/console/export_csv.h"

/* The text as the one cell "title" of an impact. */
static void as_cell(const char *text, struct buf *out)
{
    json_t *items = json_pack("[{s:s}]", "title", text);
    assert_non_null(items);
    buf_clear(out);
    assert_int_equal(export_csv_rows("impacts", items, out), ERR_OK);
    json_decref(items);
}

static void what_begins_like_a_formula_gets_an_apostrophe(void **state)
{
    (void)state;
    static const struct {
        const char *text, *cell;
    } rows[] = {
        {"The well is dry", "\"The well is dry\""},
        {"=1+1", "\"'=1+1\""},
        {"+254700000001", "\"'+254700000001\""},
        {"-1", "\"'-1\""},
        {"@SUM(A1)", "\"'@SUM(A1)\""},
        {"\t=1", "\"'\t'=1\""},
        {"\r=1", "\"'\r'=1\""},
        {"  =1", "\"  '=1\""},
        {"\xef\xbc\x9d"
         "1",
         "\"'\xef\xbc\x9d"
         "1\""},
        {"\xef\xbc\xa0x", "\"'\xef\xbc\xa0x\""},
        /* cut elsewhere: at a semicolon, a line, a quotation mark */
        {"a;=cmd", "\"a;'=cmd\""},
        {"a\n=cmd", "\"a\n'=cmd\""},
        {"\"=cmd", "\"\"\"'=cmd\""},
        {"a,+cmd", "\"a,'+cmd\""},
        /* nothing but what is needed */
        {"1 + 1 = 2", "\"1 + 1 = 2\""},
        {"a-b@c", "\"a-b@c\""},
        {"he said \"no\"", "\"he said \"\"no\"\"\""},
        {"\xd9\x85\xd8\xb1\xd8\xad\xd8\xa8\xd8\xa7", "\"\xd9\x85\xd8\xb1\xd8\xad\xd8\xa8\xd8\xa7\""},
    };
    struct buf out = BUF_INIT(64 * 1024);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char expected[256];
        as_cell(rows[i].text, &out);
        snprintf(expected, sizeof expected, ",%s,", rows[i].cell);
        if (strncmp(buf_text(&out), expected, strlen(expected)) != 0)
            fail_msg("\"%s\" became %s", rows[i].text, buf_text(&out));
    }
    buf_free(&out);
}

/* Any start of a cell, as RFC 4180 reads it or as a program that cuts at semicolons does. */
static void no_text_gets_through(void **state)
{
    (void)state;
    static const char letters[] = "=+-@;,\t\r\n\" a";
    struct buf out = BUF_INIT(64 * 1024);
    for (unsigned n = 0; n < 12 * 12 * 12 * 12; n++) {
        char text[5] = {letters[n % 12], letters[n / 12 % 12], letters[n / 144 % 12], letters[n / 1728], 0};
        as_cell(text, &out);
        const char *at = buf_text(&out) + 1; /* behind the first comma */
        assert_int_equal(*at++, '"');
        for (int begins = 1; *at; at++) {
            if (begins && strchr("=+-@", *at))
                fail_msg("%s lets a formula begin", buf_text(&out));
            begins = strchr(",;\t\r\n\"", *at) || (begins && *at == ' ');
        }
    }
    buf_free(&out);
}

static void numbers_flags_days_and_lists_are_plain(void **state)
{
    (void)state;
    json_t *items =
        json_pack("[{s:s, s:i, s:b, s:b, s:n, s:s, s:[s,s]}]", "case", "00000000-0000-4000-8000-000000000001", "scale",
                  -4, "held", 1, "grave", 0, "by", "arrived", "2026-11-25", "impacts", "one", "two");
    struct buf out = BUF_INIT(64 * 1024);
    assert_int_equal(export_csv_head("cases", &out), ERR_OK);
    assert_int_equal(export_csv_rows("cases", items, &out), ERR_OK);
    assert_int_equal(export_csv_end("cases", 1, 2, &out), ERR_OK);
    const char *text = buf_text(&out);
    assert_int_equal(strncmp(text, "case,desk,state,", 16), 0);
    assert_non_null(strstr(text, "\r\n\"00000000-0000-4000-8000-000000000001\",,,"));
    assert_non_null(strstr(text, ",\"2026-11-25\",yes,,"));
    assert_non_null(strstr(text, ",no,,-4,")); /* a number of ours, no formula of theirs */
    assert_non_null(strstr(text, ",\"one two\","));
    assert_non_null(strstr(text, "\r\nend,1,2,"));
    /* every line has as many cells */
    size_t commas[3] = {0}, line = 0;
    for (const char *at = text; *at; at++)
        if (*at == '\n')
            line++;
        else
            commas[line] += *at == ',';
    assert_int_equal(line, 3);
    assert_int_equal(commas[0], commas[1]);
    assert_int_equal(commas[0], commas[2]);
    buf_free(&out);
    json_decref(items);
}

static void lines_for_programs_are_json(void **state)
{
    (void)state;
    json_t *items = json_pack("[{s:s}, {s:i}]", "title", "=1\n2", "scale", 4);
    struct buf out = BUF_INIT(64 * 1024);
    assert_int_equal(export_ndjson_rows(items, &out), ERR_OK);
    assert_int_equal(export_ndjson_end(2, 0, &out), ERR_OK);
    assert_string_equal(buf_text(&out),
                        "{\"title\":\"=1\\n2\"}\n{\"scale\":4}\n{\"end\":true,\"rows\":2,\"left_out\":0}\n");
    buf_free(&out);
    json_decref(items);
}

static void there_are_four_lists(void **state)
{
    (void)state;
    static const char *const whats[] = {"cases", "messages", "impacts", "actions"};
    for (size_t i = 0; i < 4; i++) {
        assert_non_null(export_columns(whats[i]));
        assert_non_null(export_columns(whats[i])[3]); /* the last line has three cells of its own */
    }
    assert_null(export_columns("people"));
}

static void answers_are_lines_that_begin_no_formula(void **state)
{
    (void)state;
    json_t *items = json_pack("[{s:s, s:{s:s, s:s, s:i, s:b, s:[s,s], s:[{s:s, s:[s]}]}}]", "text", "x", "answers",
                              "where", "Kerio", "wish", "one;=cmd", "people_low", 3, "under_18", 0, "groups", "child",
                              "older", "own", "asks", "=Which line?", "says", "blue");
    struct buf out = BUF_INIT(64 * 1024);
    assert_non_null(items);
    assert_int_equal(export_csv_rows("messages", items, &out), ERR_OK);
    assert_string_equal(buf_text(&out), ",,,,,\"x\",\"where: Kerio\nwish: one;'=cmd\npeople_low: 3\nunder_18: no\n"
                                        "groups: child, older\n'=Which line?: blue\",\r\n");
    json_decref(items);
    items = json_pack("[{s:{s:s}}]", "answers", "own", "fish"); /* a round may ask under any name */
    buf_clear(&out);
    assert_int_equal(export_csv_rows("messages", items, &out), ERR_OK);
    assert_string_equal(buf_text(&out), ",,,,,,\"own: fish\",\r\n");
    buf_free(&out);
    json_decref(items);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_begins_like_a_formula_gets_an_apostrophe),
        cmocka_unit_test(no_text_gets_through),
        cmocka_unit_test(numbers_flags_days_and_lists_are_plain),
        cmocka_unit_test(answers_are_lines_that_begin_no_formula),
        cmocka_unit_test(lines_for_programs_are_json),
        cmocka_unit_test(there_are_four_lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
