/* test_cleaner_forms.c -- the cleaner's forms: what is asked, what a job reports, which kind of file is whose trade. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "triage/cleaner/ask.h"
#include "triage/cleaner/report.h"
#include "triage/cleaner/trade.h"

#define ASK(text, out) ask_read((const uint8_t *)(text), sizeof(text) - 1, out)

static void asks_are_read(void **state)
{
    (void)state;
    struct ask ask;
    assert_int_equal(ASK("B\0\0\0\0\0\0\1\0\1\3jpg", &ask), ERR_OK);
    assert_int_equal(ask.op, 'B');
    assert_int_equal(ask.size, 256);
    assert_int_equal(ask.want, ASK_CLEAN);
    assert_string_equal(ask.extension, "jpg");
    assert_int_equal(ASK("P\0\0\0\7bytes", &ask), ERR_OK);
    assert_int_equal(ask.job, 7);
    assert_int_equal(ask.len, 5);
    assert_int_equal(ASK("G\0\0\0\7\0\0\0\0\0\4\0\0", &ask), ERR_OK);
    assert_int_equal(ask.offset, 0x40000);
    assert_int_equal(ASK("E\0\0\0\7", &ask), ERR_OK);
    assert_int_equal(ASK("X\0\0\0\7", &ask), ERR_OK);
}

static void other_asks_are_refused(void **state)
{
    (void)state;
    struct ask ask;
    static const struct {
        const char *bytes;
        size_t len;
    } bad[] = {
#define BAD(text) {text, sizeof(text) - 1}
        BAD(""),
        BAD("B"),
        BAD("B\0\0\0\0\0\0\0\0\1\0"),            /* no byte */
        BAD("B\0\0\0\0\0\0\0\1\3\0"),            /* wants a third thing */
        BAD("B\0\0\0\0\0\0\0\1\1\3jp"),          /* shorter than it says */
        BAD("B\0\0\0\0\0\0\0\1\1\3jpgx"),        /* longer */
        BAD("B\0\0\0\0\0\0\0\1\1\3J.g"),         /* not letters and digits */
        BAD("B\0\0\0\0\0\0\0\1\1\011jpgjpgjpg"), /* nine of them */
        BAD("P\0\0\0\7"),                        /* an empty piece */
        BAD("E\0\0\0\7x"),
        BAD("E\0\0\0"),
        BAD("G\0\0\0\7"),
        BAD("Q\0\0\0\7"),
#undef BAD
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(ask_read((const uint8_t *)bad[i].bytes, bad[i].len, &ask), ERR_MALFORMED);
    uint8_t *large = calloc(1, 5 + CLEANER_PIECE_MAX + 1);
    assert_non_null(large);
    large[0] = 'P';
    assert_int_equal(ask_read(large, 5 + CLEANER_PIECE_MAX, &ask), ERR_OK);
    assert_int_equal(ask_read(large, 5 + CLEANER_PIECE_MAX + 1, &ask), ERR_MALFORMED);
    free(large);
}

static void reports_are_believed_in_their_form_alone(void **state)
{
    (void)state;
    struct report report = {.status = REPORT_CLEANED, .says = REPORT_OK, .by = REPORT_BY_MAT2}, read;
    uint8_t bytes[REPORT_BYTES];
    strcpy(report.type, "image/jpeg");
    strcpy(report.result_type, "image/jpeg");
    report_put(&report, bytes);
    assert_int_equal(report_read(bytes, sizeof bytes, &read), ERR_OK);
    assert_memory_equal(&read, &report, sizeof read);
    assert_int_equal(report_read(bytes, sizeof bytes - 1, &read), ERR_MALFORMED);
    for (size_t i = 0; i < 3; i++) {
        uint8_t was = bytes[i];
        bytes[i] = 200;
        assert_int_equal(report_read(bytes, sizeof bytes, &read), ERR_MALFORMED);
        bytes[i] = was;
    }
    bytes[3] = '"';
    assert_int_equal(report_read(bytes, sizeof bytes, &read), ERR_MALFORMED);
    report_put(&report, bytes);
    memset(bytes + 3, 'a', REPORT_TYPE_SIZE);
    assert_int_equal(report_read(bytes, sizeof bytes, &read), ERR_MALFORMED);
    /* A result without a type, a type without a result. */
    report.result_type[0] = '\0';
    report_put(&report, bytes);
    assert_int_equal(report_read(bytes, sizeof bytes, &read), ERR_MALFORMED);
}

static void a_report_is_said_as_json(void **state)
{
    (void)state;
    struct report report = {.status = REPORT_REFUSED, .says = REPORT_LIMITS};
    struct buf out = BUF_INIT(512);
    strcpy(report.type, "application/pdf");
    report_say(&report, 0, &out);
    assert_string_equal(buf_text(&out),
                        "{\"type\":\"application/pdf\",\"status\":\"refused\",\"by\":\"\",\"says\":\"limits\","
                        "\"size\":0,\"result_type\":\"\"}");
    buf_free(&out);
}

static void the_name_decides_only_between_archives(void **state)
{
    (void)state;
    assert_string_equal(trade_find("image/jpeg", "docx")->extension, "jpg");
    assert_string_equal(trade_find("application/zip", "docx")->extension, "docx");
    assert_string_equal(trade_find("application/octet-stream", "odt")->extension, "odt");
    assert_string_equal(trade_find("application/zip", "")->extension, "zip");
    assert_string_equal(trade_find("application/zip", "jpg")->extension, "zip");
    assert_null(trade_find("application/octet-stream", "pdf"));
    assert_null(trade_find("application/x-sharedlib", "so"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asks_are_read),
        cmocka_unit_test(other_asks_are_refused),
        cmocka_unit_test(reports_are_believed_in_their_form_alone),
        cmocka_unit_test(a_report_is_said_as_json),
        cmocka_unit_test(the_name_decides_only_between_archives),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
