/* intake.ini: what it must hold, and the words for people in each language. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/base/file.h"
#include "intake/settings.h"

#define WITHOUT_HTTP                                                                                                   \
    "[database]\nconninfo=host=/run\n[keys]\nmanifest=m\nroot=AAAA\npepper=p\nonce=o\nseed=s\n[files]\npages=p\n"      \
    "languages=l\n"
#define LEAST "[http]\ncertificate=c.pem\nkey=k.pem\n" WITHOUT_HTTP

static enum err load(struct settings *settings, const char *text, char says[static 256])
{
    char path[] = "/tmp/test-intake-settings-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(file_write_public(path, text, strlen(text)), ERR_OK);
    enum err err = settings_load(settings, path, says);
    unlink(path);
    return err;
}

static void the_least_file_has_sound_defaults(void **state)
{
    (void)state;
    struct settings settings;
    char says[256];
    assert_int_equal(load(&settings, LEAST, says), ERR_OK);
    assert_int_equal(settings.port, 8443);
    assert_int_equal(settings.plain_port, 0);
    assert_int_equal(settings.retention_months, 84);
    assert_false(settings.hsts);
    assert_string_equal(settings.manifest, "/tmp/m");
    assert_string_equal(settings_emergency(&settings, "fr"), "");
    settings_forget(&settings);
    assert_string_equal(settings.seed, "");
    assert_string_equal(settings.manifest, "/tmp/m");
    settings_free(&settings);
}

static void words_fall_back_to_english(void **state)
{
    (void)state;
    struct settings settings;
    char says[256];
    assert_int_equal(load(&settings,
                          LEAST "[language en]\nemergency=Call 112.\nhours=Weekdays.\n[language ar]\nemergency=١١٢\n",
                          says),
                     ERR_OK);
    assert_string_equal(settings_emergency(&settings, "ar"), "١١٢");
    assert_string_equal(settings_hours(&settings, "ar"), "Weekdays.");
    assert_string_equal(settings_emergency(&settings, "sw"), "Call 112.");
    settings_free(&settings);
}

static void mistakes_are_told(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "[http]\nport=8443\n",                         /* most is missing */
        LEAST "[language xx]\nemergency=?\n",          /* no such language */
        LEAST "[language en]\ncolour=blue\n",          /* no such setting */
        LEAST "[office]\nid=0\n",                      /* outside its range */
        "[http]\nport=0\nplain_port=0\n" WITHOUT_HTTP, /* nobody could reach it */
        WITHOUT_HTTP,                                  /* TLS without a certificate */
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct settings settings;
        char says[256] = "";
        assert_int_not_equal(load(&settings, wrong[i], says), ERR_OK);
        assert_true(strlen(says) > 10);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_least_file_has_sound_defaults),
        cmocka_unit_test(words_fall_back_to_english),
        cmocka_unit_test(mistakes_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
