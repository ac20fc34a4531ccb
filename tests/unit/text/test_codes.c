/* test_codes.c -- the code lists: what ships can be used; what is wrong is refused with the place where it is wrong. */
#include "common/text/codes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/buf.h"
#include "common/base/file.h"
#include "tests/unit/text/folder.h"

static struct codes *shipped;

static int load(void **state)
{
    (void)state;
    char says[SAYS_SIZE];
    return codes_load(SOURCE_ROOT "/triage/codes", &shipped, says) == ERR_OK ? 0 : -1;
}

static int unload(void **state)
{
    (void)state;
    codes_free(shipped);
    return 0;
}

static void a_right_has_plain_words_and_the_law_beside_it(void **state)
{
    (void)state;
    const struct codes_row *row = codes_find(shipped, "right", "slavery");
    assert_non_null(row);
    assert_string_equal(row->label, "Freedom from slavery, forced labour, trafficking");
    assert_string_equal(row->term, "UDHR 4 · ICCPR 8 · ILO C29, C105");
    assert_null(codes_find(shipped, "right", "Slavery"));
    assert_null(codes_find(shipped, "rights", "slavery"));
}

/* The five stages, and the rights that are most at stake in each. */
static void a_stage_suggests_rights(void **state)
{
    (void)state;
    const struct codes_list *stages = codes_list(shipped, "stage");
    assert_int_equal(stages->count, 5);
    assert_string_equal(stages->leads_to, "right");
    for (size_t i = 0; i < stages->count; i++)
        assert_true(stages->rows[i].to_count >= 2);
    assert_string_equal(codes_find(shipped, "stage", "conception")->to[0], "equality");
}

/* Who is not involved is asked for nothing; who causes an impact ceases and remedies it. */
static void involvement_says_what_is_expected(void **state)
{
    (void)state;
    assert_int_equal(codes_find(shipped, "involvement", "not_involved")->to_count, 0);
    assert_int_equal(codes_find(shipped, "involvement", "linked")->to_count, 1);
    assert_string_equal(codes_find(shipped, "involvement", "linked")->to[0], "leverage");
    const struct codes_row *cause = codes_find(shipped, "involvement", "cause");
    assert_string_equal(cause->to[0], "cease");
    assert_string_equal(cause->to[cause->to_count - 1], "remedy");
}

/* Records and reports that are there already use these: none may go. */
static void codes_in_use_stay(void **state)
{
    (void)state;
    static const char *const groups[] = {
        "child",        "older",          "woman",   "lgbtiq",       "disability",      "minority",
        "indigenous",   "migrant_worker", "refugee", "detainee",     "defender",        "informal_worker",
        "gbv_survivor", "conflict",       "poverty", "low_literacy", "platform_worker", "religious_minority"};
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        assert_non_null(codes_find(shipped, "group", groups[i]));
    assert_int_equal(codes_list(shipped, "right")->count, 40);
}

/* ---- what is refused ---- */

static char *whole(const char *from, const char *to)
{
    static char text[CODES_FILE_MAX];
    struct buf file = BUF_INIT(CODES_FILE_MAX);
    assert_int_equal(file_read(SOURCE_ROOT "/triage/codes/codes-1.json", &file), ERR_OK);
    const char *at = strstr(buf_text(&file), from);
    assert_non_null(at);
    snprintf(text, sizeof text, "%.*s%s%s", (int)(at - buf_text(&file)), buf_text(&file), to, at + strlen(from));
    buf_free(&file);
    return text;
}

static void check_refused(const char *from, const char *to, const char *says_this)
{
    char folder[64], says[SAYS_SIZE] = "";
    struct codes *codes = NULL;
    folder_new(folder);
    folder_put(folder, "codes-1.json", whole(from, to));
    assert_int_not_equal(codes_load(folder, &codes, says), ERR_OK);
    assert_null(codes);
    if (!strstr(says, says_this))
        fail_msg("it says \"%s\" and not \"%s\"", says, says_this);
    folder_remove(folder);
}

static void a_fault_is_named_with_its_place(void **state)
{
    (void)state;
    check_refused("{\"code\": \"torture\",", "{\"code\": \"torture\"", "codes-1.json:5: ");
    check_refused("\"code\": \"torture\"", "\"code\": \"Torture!\"", "codes-1.json: list right, row 2: a code is a-z");
    check_refused("\"code\": \"torture\"", "\"code\": \"life\"", "list right, code life stands there twice");
    check_refused(", \"label\": \"Life\"", "", "list right, code life: label is missing");
    check_refused("\"label\": \"Life\"", "\"label\": \"Life\", \"colour\": \"red\"",
                  "code life: nobody knows \"colour\"");
    check_refused("\"to\": [\"equality\", \"privacy\"]", "\"to\": [\"equality\", \"privcy\"]",
                  "list stage, code conception leads to privcy, which is not in list right");
    check_refused("\"code\": \"linked\"", "\"code\": \"tied\"", "list involvement lacks the code linked");
    check_refused("\"name\": \"leverage\"", "\"name\": \"levers\"", "list leverage is missing");
    check_refused("\"version\": 1", "\"version\": 2", "codes-1.json says that it is another version");
}

static void an_empty_folder_has_no_lists(void **state)
{
    (void)state;
    char folder[64], says[SAYS_SIZE];
    struct codes *codes;
    folder_new(folder);
    assert_int_equal(codes_load(folder, &codes, says), ERR_NOT_FOUND);
    assert_null(codes);
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_right_has_plain_words_and_the_law_beside_it),
        cmocka_unit_test(a_stage_suggests_rights),
        cmocka_unit_test(involvement_says_what_is_expected),
        cmocka_unit_test(codes_in_use_stay),
        cmocka_unit_test(a_fault_is_named_with_its_place),
        cmocka_unit_test(an_empty_folder_has_no_lists),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
