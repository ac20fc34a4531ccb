/* test_tus_metadata.c -- what a client says about a file in the header Upload-Metadata. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "intake/tus_metadata.h"

static void a_pair_is_found_by_its_key(void **state)
{
    (void)state;
    static const struct {
        const char *header, *value;
    } rows[] = {
        {"filename d2VsbC5qcGc=", "well.jpg"},
        {"filename d2VsbC5qcGc=,filetype aW1hZ2UvanBlZw==", "well.jpg"},
        {"filetype aW1hZ2UvanBlZw==,  filename d2VsbC5qcGc", "well.jpg"},
        {"is_confidential,filename d2VsbC5qcGc=", "well.jpg"},
        {"filename d2VsbC5qcGc=,filename eA==", "well.jpg"}, /* the first says it */
        {"filename d2VsbC5qcGc=,filename !", "well.jpg"},
        {"filename ", ""},
        {"filename", ""},
        {"filename !", ""},
        {"filename d2VsbC5qcGc= ", ""},
        {"filename  d2VsbC5qcGc=", ""},
        {"filename YWFhYWFhYWFhYWFhYWFhYWE=", ""}, /* no room */
        {"xfilename d2VsbC5qcGc=", ""},
        {"filenames d2VsbC5qcGc=", ""},
        {",,, ,", ""},
        {"", ""},
        {NULL, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf out = BUF_INIT(16);
        tus_metadata(rows[i].header, "filename", &out);
        assert_string_equal(buf_text(&out), rows[i].value);
        buf_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pair_is_found_by_its_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
