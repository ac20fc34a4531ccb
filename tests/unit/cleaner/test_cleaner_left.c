/* test_cleaner_left.c -- the look behind the tools: had one left something in a file, would it be seen? Files as phones
 * and offices make them are looked at as they are, uncleaned, with the real exiftool. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>

#include "triage/cleaner/left.h"
#include "triage/cleaner/tool.h"

static char folder[] = "/tmp/recourse-left-XXXXXX";

static enum report_says looked(const char *name)
{
    const char *extension = strrchr(name, '.') + 1;
    assert_int_equal(rename(name, "result"), 0);
    enum report_says says = left_in("result", extension);
    assert_int_equal(rename("result", name), 0);
    return says;
}

static void whatever_a_tool_leaves_is_seen(void **state)
{
    (void)state;
    static const char *const dirty[] = {"a.jpg",  "a.png",     "a.gif",  "a.mp4", "a.mov",   "a.webm",
                                        "a.3gp",  "drone.mp4", "a.m4a",  "a.wav", "a.mp3",   "a.opus",
                                        "a.flac", "a.pdf",     "a.docx", "a.odt", "wide.jpg"};
    for (size_t i = 0; i < sizeof dirty / sizeof *dirty; i++)
        if (looked(dirty[i]) != REPORT_LEFT)
            fail_msg("in %s nothing was seen", dirty[i]);
}

static void in_what_holds_nothing_nothing_is_seen(void **state)
{
    (void)state;
    static const char *const clean[] = {"a.bmp", "a.webp", "a.txt", "a.amr", "a.bin"};
    for (size_t i = 0; i < sizeof clean / sizeof *clean; i++)
        if (looked(clean[i]) != REPORT_OK)
            fail_msg("%s holds nothing", clean[i]);
}

static void one_tag_is_enough(void **state)
{
    (void)state;
    static const char *const tags[] = {
        "-Copyright=Z",    "-UserComment=Z",      "-ImageDescription=Z", "-HostComputer=Z",
        "-SerialNumber=Z", "-OwnerName=Z",        "-IPTC:City=Z",        "-XMP:Location=Z",
        "-Comment=Z",      "-ImageUniqueID=0a0b", "-LensSerialNumber=Z", "-DateTimeOriginal=2026:01:01 10:00:00"};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        const char *const wipe[] = {TOOL_EXIFTOOL, "-q", "-q", "-all=", "-overwrite_original", "a.jpg", NULL};
        const char *const tag[] = {TOOL_EXIFTOOL, "-q", "-q", tags[i], "-overwrite_original", "a.jpg", NULL};
        assert_int_equal(tool_run(wipe, NULL), TOOL_DONE);
        assert_int_equal(looked("a.jpg"), REPORT_OK);
        assert_int_equal(tool_run(tag, NULL), TOOL_DONE);
        if (looked("a.jpg") != REPORT_LEFT)
            fail_msg("%s was not seen", tags[i]);
    }
}

static void who_cannot_look_has_seen_nothing(void **state)
{
    (void)state;
    assert_int_equal(left_in("gone", "jpg"), REPORT_BROKEN);
    tool_memory(12 << 20); /* too little for perl and what it loads: it does not get to the end */
    assert_int_not_equal(looked("a.bmp"), REPORT_OK);
    tool_memory(1 << 30);
    assert_int_equal(looked("a.bmp"), REPORT_OK);
}

static int make_files(void **state)
{
    (void)state;
    char command[256];
    tool_memory(1 << 30);
    snprintf(command, sizeof command, "bash " SOURCE_ROOT "/tests/unit/cleaner/files.sh %s", mkdtemp(folder));
    return system(command) != 0 || chdir(folder) != 0;
}

static int drop_files(void **state)
{
    (void)state;
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return chdir("/") != 0 || system(command) != 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_a_tool_leaves_is_seen), cmocka_unit_test(in_what_holds_nothing_nothing_is_seen),
        cmocka_unit_test(who_cannot_look_has_seen_nothing), cmocka_unit_test(one_tag_is_enough)};
    return cmocka_run_group_tests(tests, make_files, drop_files);
}
