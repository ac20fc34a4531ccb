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
    assert_int_equal(settings.times[SETTINGS_OUTCOME].unit, TERM_NONE);
    assert_null(office_says(&settings.office_says->texts[OFFICE_EMERGENCY], "fr",
                            NULL)); /* no office.yaml: it says nothing of its own */
    settings_forget(&settings);
    assert_string_equal(settings.seed, "");
    assert_string_equal(settings.manifest, "/tmp/m");
    settings_free(&settings);
}

static void what_the_office_says_stands_in_a_file_of_its_own(void **state)
{
    (void)state;
    static const char office[] = "texts:\n  emergency: {en: Call 112., ar: ١١٢}\n  hours: {en: Weekdays.}\n"
                                 "services:\n  - {code: gate, says: {en: Camera at the gate, sw: Kamera}}\n";
    struct settings settings;
    char says[256], path[] = "/tmp/test-intake-office-XXXXXX", ini[1024];
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    snprintf(ini, sizeof ini, LEAST "office=%s\n", path);
    assert_int_equal(file_write_public(path, office, strlen(office)), ERR_OK);
    assert_int_equal(load(&settings, ini, says), ERR_OK);
    assert_string_equal(office_says(&settings.office_says->texts[OFFICE_EMERGENCY], "ar", NULL), "١١٢");
    assert_string_equal(office_says(&settings.office_says->texts[OFFICE_HOURS], "ar", NULL), "Weekdays.");
    assert_non_null(office_service(settings.office_says, "gate"));
    assert_null(office_service(settings.office_says, "door"));
    assert_true(office_asks(settings.office_says, "files"));
    settings_free(&settings);
    assert_int_equal(file_write_public(path, "texts: {hours: Mondays}\n", 24), ERR_OK);
    assert_int_equal(load(&settings, ini, says), ERR_MALFORMED);
    assert_non_null(strstr(says, "office.yaml:1: "));
    unlink(path);
    assert_int_equal(load(&settings, LEAST "[evidence]\nfiles=0\n", says), ERR_OK);
    assert_false(office_asks(settings.office_says, "files")); /* what is not taken is not asked for */
    settings_free(&settings);
}

static void mistakes_are_told(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "[http]\nport=8443\n",                         /* most is missing */
        LEAST "[language en]\nhours=?\n",              /* that stands in office.yaml */
        LEAST "office=/nonexistent.yaml\n",            /* no such file */
        LEAST "[office]\nid=0\n",                      /* outside its range */
        "[http]\nport=0\nplain_port=0\n" WITHOUT_HTTP, /* nobody could reach it */
        LEAST "[times]\nlook=soon\n",                  /* no time */
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
        cmocka_unit_test(what_the_office_says_stands_in_a_file_of_its_own),
        cmocka_unit_test(mistakes_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
