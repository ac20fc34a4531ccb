/* test_identify.c -- what may tell who somebody is, in the forms that people write it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "triage/vault/entry.h"
#include "triage/vault/identify.h"

static json_t *found_in(const char *text, const json_t *known)
{
    return identify_find(text, strlen(text), known);
}

static int has(const json_t *found, const char *kind, const char *words)
{
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)(uintptr_t)found, i, one) if (strcmp(entry_text(one, "kind"), kind) == 0 &&
                                                               strcmp(entry_text(one, "words"), words) == 0) return 1;
    return 0;
}

static void forms_are_found(void **state)
{
    (void)state;
    static const struct {
        const char *text, *kind, *words;
    } rows[] = {
        {"call 0712 345 678 at night", "number", "0712 345 678"},
        {"call +254-712-345678.", "number", "+254-712-345678"},
        {"call (020) 222 3333", "number", "020) 222 3333"},
        {"id A1234567 was taken", "number", "1234567"},
        {"\xd9\xa0\xd9\xa7\xd9\xa1\xd9\xa2\xd9\xa3\xd9\xa4", "number",
         "\xd9\xa0\xd9\xa7\xd9\xa1\xd9\xa2\xd9\xa3\xd9\xa4"},
        {"born 03/04/1987 here", "date", "03/04/1987"},
        {"born 1987-04-03", "date", "1987-04-03"},
        {"since 1987 we", "date", "1987"},
        {"write amina@example.org, please", "address", "amina@example.org"},
        {"on @amina_k there", "address", "@amina_k"},
        {"the man is Daniel and", "name", "Daniel"},
        {"with \xc3\x89lodie there", "name", "\xc3\x89lodie"},
        {"\xd0\xb3\xd0\xb4\xd0\xb5 \xd0\x98\xd0\xb2\xd0\xb0\xd0\xbd", "name", "\xd0\x98\xd0\xb2\xd0\xb0\xd0\xbd"},
        {"Daniel has it. I saw Daniel there", "name", "Daniel"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_t *found = found_in(rows[i].text, NULL);
        if (!has(found, rows[i].kind, rows[i].words)) {
            char *text = json_dumps(found, 0);
            fail_msg("%s: %s", rows[i].text, text);
        }
        json_decref(found);
    }
}

static void what_tells_nothing_is_not_marked(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",
        "They lock the gate at night. Nobody is let out.",
        "Four of 12 people, 40 of them in 3 rooms",
        "In the year 2026 it began",
        "- First\n- Second\nThird",
        "I think that I know",
        "a @ b",
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_t *found = found_in(rows[i], NULL);
        if (json_array_size(found)) {
            char *text = json_dumps(found, 0);
            fail_msg("%s: %s", rows[i], text);
        }
        json_decref(found);
    }
}

static void what_is_known_is_found_however_it_is_spelt(void **state)
{
    (void)state;
    json_t *known = json_pack("[{s:s,s:s},{s:s,s:s},{s:s,s:s}]", "kind", "answer", "text", "the foreman at K\xc3\xadln",
                              "kind", "staff", "text", "Amina Yusuf Joseph ", "kind", "contact", "text", "");
    json_t *found = found_in("kiln, KILN and yusuf\xe2\x80\x99s; he is at it", known);
    assert_true(has(found, "answer", "kiln") && has(found, "answer", "KILN"));
    assert_true(has(found, "staff", "yusuf") || has(found, "staff", "yusuf\xe2\x80\x99s"));
    assert_false(has(found, "answer", "at")); /* too short to tell anything */
    json_decref(found);
    json_decref(known);
}

static void what_is_known_of_a_person_is_what_they_told(void **state)
{
    (void)state;
    static const char said[] =
        "{\"contact\":{\"how\":\"sms\",\"number\":\"+254700111222\",\"words\":\"school\"},\"answers\":{\"who\":\"my "
        "sister\",\"where\":\"Kilimani\",\"wish\":\"the key\",\"own\":[{\"code\":\"fence\",\"asks\":\"Which fence?\","
        "\"says\":[\"beside Otieno\"]},{\"code\":\"camp\",\"asks\":\"Which camp?\",\"says\":[\"North\"],\"codes\":"
        "[\"north\"]}]}}";
    json_t *first = json_loads(said, 0, NULL), *texted = json_pack("{s:{s:s}}", "sms", "from", "+254700333444");
    json_t *wanted = json_pack("[{s:s,s:s},{s:s,s:s},{s:s,s:s},{s:s,s:s},{s:s,s:s},{s:s,s:s}]", "kind", "contact",
                               "text", "+254700333444", "kind", "contact", "text", "+254700111222", "kind", "contact",
                               "text", "school", "kind", "answer", "text", "my sister", "kind", "answer", "text",
                               "Kilimani", "kind", "answer", "text", "beside Otieno");
    json_t *known = identify_known(texted, first), *nothing = identify_known(NULL, NULL);
    assert_non_null(first);
    assert_true(json_equal(known, wanted));
    assert_int_equal(json_array_size(nothing), 0);
    json_decref(nothing);
    json_decref(known);
    json_object_set_new(first, "from", json_string("+254700333444"));
    known = identify_known(NULL, first);
    assert_true(json_equal(known, wanted)); /* the copy of a text */
    json_decref(known);
    json_decref(wanted);
    json_decref(texted);
    json_decref(first);
}

static void each_is_marked_once_and_its_id_is_of_its_words(void **state)
{
    (void)state;
    json_t *found = found_in("see Daniel, see Daniel, see Otieno", NULL);
    json_t *again = found_in("only of Otieno", NULL);
    assert_int_equal(json_array_size(found), 2);
    assert_string_equal(entry_text(json_array_get(found, 1), "id"), entry_text(json_array_get(again, 0), "id"));
    assert_string_not_equal(entry_text(json_array_get(found, 0), "id"), entry_text(json_array_get(again, 0), "id"));
    json_decref(found);
    json_decref(again);
}

static void there_is_an_end_and_it_says_so(void **state)
{
    (void)state;
    char text[8000] = "see";
    for (int i = 0; i < 300; i++)
        snprintf(text + strlen(text), 12, ", %d", 100000 + i);
    json_t *found = found_in(text, NULL);
    assert_int_equal(json_array_size(found), IDENTIFY_MOST);
    assert_string_equal(entry_text(json_array_get(found, IDENTIFY_MOST - 1), "kind"), "more");
    json_decref(found);
}

/* Bytes that are no text are passed over, not stumbled on. */
static void malformed_bytes_end_nothing(void **state)
{
    (void)state;
    json_t *found = found_in("12345 \xff\xfe 67890 @\xff", NULL);
    assert_true(has(found, "number", "12345"));
    json_decref(found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_are_found),
        cmocka_unit_test(what_tells_nothing_is_not_marked),
        cmocka_unit_test(what_is_known_is_found_however_it_is_spelt),
        cmocka_unit_test(what_is_known_of_a_person_is_what_they_told),
        cmocka_unit_test(each_is_marked_once_and_its_id_is_of_its_words),
        cmocka_unit_test(there_is_an_end_and_it_says_so),
        cmocka_unit_test(malformed_bytes_end_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
