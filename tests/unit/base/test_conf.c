/* test_conf.c -- a configuration is filled whole or refused with a sentence that names file, line and setting. */
#include "tests/unit/base/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/conf.h"

struct room {
    int64_t port, offset;
    int fast;
    char *name, *key;
    int64_t limit;
};

static const struct conf_row rows[] = {
    {"http", "port", CONF_NUMBER, offsetof(struct room, port), "8443", 1, 65535, 0, "where we listen"},
    {"http", "fast", CONF_BOOL, offsetof(struct room, fast), "no", 0, 0, 0, "be fast"},
    {"http", "offset", CONF_NUMBER, offsetof(struct room, offset), "0", -5, 5, 0, "below zero too"},
    {"office", "name", CONF_TEXT, offsetof(struct room, name), "Office", 0, 20, 1, "shown on pages"},
    {"office", "key", CONF_PATH, offsetof(struct room, key), NULL, 0, 0, 0, "the key's file"},
    {"office", "limit", CONF_NUMBER, offsetof(struct room, limit), "10", 0, 100, 1, "how many"},
    {"channel", "*", CONF_TEXT, 0, NULL, 0, 0, 0, "one for each provider"},
    {0},
};

static char folder[] = "/tmp/recourse-conf-XXXXXX", path[64], says[256];

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/room.ini", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

static void write_conf(const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    fclose(file);
}

static void a_good_file_fills_the_room(void **state)
{
    (void)state;
    struct room room = {0};
    write_conf("\xef\xbb\xbf[http]\nport = 99 ; not the usual one\n\tfast=Yes\r\n  offset = -5\n\n# "
               "words\n[office]\nname = Bureau d'\xc3\xa9"
               "coute\nkey=keys/desk.key\n");
    assert_int_equal(conf_load(rows, path, &room, says), ERR_OK);
    assert_string_equal(says, "");
    assert_int_equal(room.port, 99);
    assert_int_equal(room.fast, 1);
    assert_int_equal(room.offset, -5);
    assert_string_equal(room.name, "Bureau d'\xc3\xa9"
                                   "coute");
    assert_int_equal(room.limit, 10);
    char expected[128];
    snprintf(expected, sizeof expected, "%s/keys/desk.key", folder);
    assert_string_equal(room.key, expected);
    conf_free(rows, &room);
    assert_null(room.name);
    assert_int_equal(room.port, 0);
}

static void an_absolute_path_stays_and_an_empty_one_too(void **state)
{
    (void)state;
    struct room room = {0};
    write_conf("[office]\nkey = /run/keys/a\n");
    assert_int_equal(conf_load(rows, path, &room, says), ERR_OK);
    assert_string_equal(room.key, "/run/keys/a");
    conf_free(rows, &room);
    write_conf("[office]\nkey =\n");
    assert_int_equal(conf_load(rows, path, &room, says), ERR_OK);
    assert_string_equal(room.key, "");
    conf_free(rows, &room);
}

static void a_fault_is_told_in_one_sentence(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } faults[] = {
        {"[office]\nkey=k\n[http]\nporrt = 1\n", "room.ini:4: there is no setting porrt in [http]"},
        {"[office]\nkey=k\nport = 1\n", "room.ini:3: there is no setting port in [office]"},
        {"port = 1\n", "room.ini:1: there is no setting port in []"},
        {"[htpp]\n", "room.ini:1: there is no section [htpp]"},
        {"[http]\nport = 65536\n", "room.ini:2: [http] port must be 1 to 65535"},
        {"[http]\n\nport = 0\n", "room.ini:3: [http] port must be 1 to 65535"},
        {"[http]\nport = 80 80\n", "room.ini:2: [http] port must be 1 to 65535"},
        {"[http]\nport =\n", "room.ini:2: [http] port must be 1 to 65535"},
        {"[http]\noffset = -6\n", "room.ini:2: [http] offset must be -5 to 5"},
        {"[http]\nfast = perhaps\n", "room.ini:2: [http] fast must be yes or no"},
        {"[office]\nname = a name of 21 letters.\n", "room.ini:2: [office] name must have at most 20 bytes"},
        {"[http]\nport = 1\nport = 2\n", "room.ini:3: [http] port is set twice"},
        {"[http]\nport 1\n", "room.ini:2: the line is neither a [section] nor a setting = value"},
        {"[http\nport = 1\n", "room.ini:1: the line is neither a [section] nor a setting = value"},
        {"[http]\n = 1\n", "room.ini:2: the line is neither a [section] nor a setting = value"},
        {"[http]\nport = 1\n", "room.ini: [office] key must be set"},
        {"", "room.ini: [office] key must be set"},
        {"[channels]\na = b\n", "room.ini:1: there is no section [channels]"},
        {"[http]\n*=1\n", "room.ini:2: there is no setting * in [http]"},
    };
    for (size_t i = 0; i < unit_count(faults); i++) {
        struct room room = {0};
        write_conf(faults[i].text);
        assert_int_equal(conf_load(rows, path, &room, says), ERR_MALFORMED);
        assert_string_equal(says, faults[i].says);
        assert_null(room.name);
    }
}

static void a_line_without_end_is_refused(void **state)
{
    (void)state;
    struct room room = {0};
    char text[400] = "[office]\nkey = ";
    memset(text + strlen(text), 'k', 300);
    write_conf(text);
    assert_int_equal(conf_load(rows, path, &room, says), ERR_MALFORMED);
    assert_non_null(strstr(says, "room.ini:2: the line is longer than "));
}

static void a_file_that_is_not_there_is_named(void **state)
{
    (void)state;
    struct room room = {0};
    assert_int_equal(conf_load(rows, "/nowhere/room.ini", &room, says), ERR_NOT_FOUND);
    assert_string_equal(says, "room.ini: cannot be read: not there");
    assert_int_equal(conf_load(rows, folder, &room, says), ERR_SYSTEM);
}

/* ---- sections that repeat ---- */

static char collected[256];

static const char *collect(void *room, const char *name, const char *key, const char *value)
{
    assert_ptr_equal(room, collected);
    if (strcmp(key, "colour") == 0)
        return "is not a setting of a channel";
    size_t at = strlen(collected);
    snprintf(collected + at, sizeof collected - at, "%s.%s=%s;", name, key, value);
    return NULL;
}

static void repeated_sections_go_to_their_reader(void **state)
{
    (void)state;
    struct room room = {0};
    write_conf("[channel kannel-1]\nkind = kannel\nport = 13013\n[office]\nkey=/k\n[channel two words]\nkind=twilio\n");
    assert_int_equal(conf_load(rows, path, &room, says), ERR_OK);
    assert_int_equal(room.port, 8443);
    conf_free(rows, &room);
    collected[0] = 0;
    assert_int_equal(conf_each(path, "channel", collect, collected, says), ERR_OK);
    assert_string_equal(collected, "kannel-1.kind=kannel;kannel-1.port=13013;two words.kind=twilio;");
}

static void a_repeated_section_that_is_wrong_is_named(void **state)
{
    (void)state;
    write_conf("[channel kannel-1]\nkind = kannel\ncolour = secret\nport = 1\n");
    collected[0] = 0;
    assert_int_equal(conf_each(path, "channel", collect, collected, says), ERR_MALFORMED);
    assert_string_equal(says, "room.ini:3: [channel kannel-1] colour is not a setting of a channel");
    assert_string_equal(collected, "kannel-1.kind=kannel;");
}

static void a_repeated_section_sets_each_key_once(void **state)
{
    (void)state;
    static const char *const faults[] = {"[channel a]\nport = 1\n[channel b]\nport = 2\nkind = twilio\nport = 3\n",
                                         "[channel b]\nport = 2\n[channel a]\nport = 1\n\n[channel b]\n\nport = 3\n"};
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        write_conf(faults[i]);
        collected[0] = 0;
        assert_int_equal(conf_each(path, "channel", collect, collected, says), ERR_MALFORMED);
        assert_string_equal(says, i ? "room.ini:8: [channel b] port is set twice"
                                    : "room.ini:6: [channel b] port is set twice");
        assert_null(strstr(collected, "3"));
    }
}

/* ---- reading again ---- */

static void a_reload_changes_what_may_change(void **state)
{
    (void)state;
    struct room room = {0};
    write_conf("[office]\nkey=/k\nname = Old\n");
    assert_int_equal(conf_load(rows, path, &room, says), ERR_OK);
    write_conf("[office]\nkey=/k\nname = New\nlimit = 20\n");
    assert_int_equal(conf_reload(rows, path, &room, says), ERR_OK);
    assert_string_equal(room.name, "New");
    assert_int_equal(room.limit, 20);
    assert_string_equal(room.key, "/k");
    conf_free(rows, &room);
}

static void a_reload_that_needs_a_restart_changes_nothing(void **state)
{
    (void)state;
    struct room room = {0};
    write_conf("[office]\nkey=/k\nname = Old\n");
    assert_int_equal(conf_load(rows, path, &room, says), ERR_OK);
    write_conf("[office]\nkey=/other\nname = New\n");
    assert_int_equal(conf_reload(rows, path, &room, says), ERR_CONFLICT);
    assert_string_equal(says, "room.ini: [office] key changes only with a restart");
    write_conf("[office]\nkey=/k\nname = New\n[http]\nport = x\n");
    assert_int_equal(conf_reload(rows, path, &room, says), ERR_MALFORMED);
    assert_string_equal(room.name, "Old");
    assert_string_equal(room.key, "/k");
    conf_free(rows, &room);
}

/* What is printed is a configuration: with the required setting filled in it loads, and gives the defaults. */
static void the_printed_table_can_be_loaded(void **state)
{
    (void)state;
    struct room room = {0};
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    conf_print(rows, file);
    fputs("[office]\nkey = /k\n", file);
    fclose(file);
    assert_int_equal(conf_load(rows, path, &room, says), ERR_OK);
    assert_int_equal(room.port, 8443);
    assert_string_equal(room.name, "Office");
    conf_free(rows, &room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_file_fills_the_room),
        cmocka_unit_test(an_absolute_path_stays_and_an_empty_one_too),
        cmocka_unit_test(a_fault_is_told_in_one_sentence),
        cmocka_unit_test(a_line_without_end_is_refused),
        cmocka_unit_test(a_file_that_is_not_there_is_named),
        cmocka_unit_test(repeated_sections_go_to_their_reader),
        cmocka_unit_test(a_repeated_section_that_is_wrong_is_named),
        cmocka_unit_test(a_repeated_section_sets_each_key_once),
        cmocka_unit_test(a_reload_changes_what_may_change),
        cmocka_unit_test(a_reload_that_needs_a_restart_changes_nothing),
        cmocka_unit_test(the_printed_table_can_be_loaded),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
