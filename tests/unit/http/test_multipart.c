/* test_multipart.c -- form-data as browsers and curl send it, cut at every byte, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <string.h>

#include "common/http/multipart.h"

static enum err note_begin(void *room, const char *name, const char *filename, const char *type)
{
    return buf_addf(room, "[%s|%s|%s]", name, filename ? filename : "-", type ? type : "-");
}

static enum err note_piece(void *room, const uint8_t *piece, size_t len)
{
    assert_true(len > 0);
    return buf_add(room, piece, len);
}

static enum err note_end(void *room)
{
    return buf_add_text(room, "<end>");
}

static const struct multipart_calls calls = {note_begin, note_piece, note_end};

static enum err read_cut(const char *type, const char *body, size_t len, size_t cut, struct buf *notes)
{
    struct multipart *parser;
    enum err err = multipart_new(type, &calls, notes, &parser);
    if (err != ERR_OK)
        return err;
    if (cut == 0) {
        for (size_t i = 0; i < len && err == ERR_OK; i++)
            err = multipart_feed(parser, (const uint8_t *)body + i, 1);
    } else {
        err = multipart_feed(parser, (const uint8_t *)body, cut);
        if (err == ERR_OK)
            err = multipart_feed(parser, (const uint8_t *)body + cut, len - cut);
    }
    if (err == ERR_OK)
        err = multipart_end(parser);
    multipart_free(parser);
    return err;
}

/* The same result however it is cut. */
static void check(const char *body, enum err expected, const char *noted)
{
    size_t len = strlen(body);
    for (size_t cut = 0; cut <= len; cut++) {
        struct buf notes = BUF_INIT(64 * 1024);
        assert_int_equal(read_cut("multipart/form-data; boundary=XyZ", body, len, cut, &notes), expected);
        if (expected == ERR_OK)
            assert_string_equal(buf_text(&notes), noted);
        buf_free(&notes);
    }
}

static void parts_come_in_order(void **state)
{
    (void)state;
    check("--XyZ\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nhello\r\n"
          "--XyZ\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a%22b.jpg\"\r\n"
          "Content-Type: image/jpeg\r\n\r\n\r\n--Xy\r\r\n\r\n-\r\n--XyZ--\r\n",
          ERR_OK, "[text|-|-]hello<end>[file|a\"b.jpg|image/jpeg]\r\n--Xy\r\r\n\r\n-<end>");
}

static void empty_parts_and_no_parts(void **state)
{
    (void)state;
    check("--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n--XyZ--", ERR_OK, "[a|-|-]<end>");
    check("--XyZ--\r\n", ERR_OK, "");
}

static void what_is_not_well_formed_is_refused(void **state)
{
    (void)state;
    check("preamble\r\n--XyZ--", ERR_MALFORMED, NULL);
    check("--XyZ\r\n\r\nx\r\n--XyZ--", ERR_MALFORMED, NULL);
    check("--XyZ\nContent-Disposition: form-data; name=\"a\"\n\nx\n--XyZ--", ERR_MALFORMED, NULL);
    check("--XyZ\r\nContent-Disposition: form-data; name=\"a\r\n\r\nx\r\n--XyZ--", ERR_MALFORMED, NULL);
    check("--XyZ\r\nContent-Disposition: form-data; name=a; name=b\r\n\r\nx\r\n--XyZ--", ERR_MALFORMED, NULL);
    check("--XyZ\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nx\r\n--XyZ--", ERR_MALFORMED, NULL);
    check("--XyZ\r\nContent-Type: text/plain\r\n\r\nx\r\n--XyZ--", ERR_MALFORMED, NULL);
    check("--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--XyZzz", ERR_MALFORMED, NULL);
    check("--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx", ERR_MALFORMED, NULL);
    check("", ERR_MALFORMED, NULL);
}

static void limits_hold(void **state)
{
    (void)state;
    struct buf body = BUF_INIT(64 * 1024), notes = BUF_INIT(64 * 1024);
    for (int i = 0; i <= MULTIPART_PARTS_MAX; i++)
        assert_int_equal(buf_add_text(&body, "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n"), ERR_OK);
    assert_int_equal(read_cut("multipart/form-data; boundary=B", buf_text(&body), body.len, body.len, &notes),
                     ERR_TOO_BIG);
    buf_clear(&body);
    assert_int_equal(buf_add_text(&body, "--B\r\nX: "), ERR_OK);
    for (int i = 0; i < MULTIPART_HEAD_MAX; i++)
        assert_int_equal(buf_add_byte(&body, 'x'), ERR_OK);
    assert_int_equal(read_cut("multipart/form-data; boundary=B", buf_text(&body), body.len, body.len, &notes),
                     ERR_TOO_BIG);
    buf_free(&body);
    buf_free(&notes);
}

static void the_boundary_is_read_from_the_type(void **state)
{
    (void)state;
    static const struct {
        const char *type;
        enum err err;
    } types[] = {
        {"multipart/form-data; boundary=----WebKitFormBoundary7MA4", ERR_OK},
        {"Multipart/Form-Data; charset=utf-8; boundary=\"a b\"", ERR_OK},
        {"multipart/form-data", ERR_MALFORMED},
        {"multipart/form-data; boundary=", ERR_MALFORMED},
        {"multipart/form-data; boundary=\"a ", ERR_MALFORMED},
        {"multipart/form-data; boundary=a; boundary=b", ERR_MALFORMED},
        {"multipart/form-data; boundary=\"a\\\"b\"", ERR_MALFORMED},
        {"multipart/mixed; boundary=a", ERR_DENIED},
        {"multipart/form-datax; boundary=a", ERR_DENIED},
        {"application/json", ERR_DENIED},
        {NULL, ERR_DENIED},
    };
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        struct multipart *parser;
        assert_int_equal(multipart_new(types[i].type, &calls, NULL, &parser), types[i].err);
        multipart_free(parser);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_come_in_order),
        cmocka_unit_test(empty_parts_and_no_parts),
        cmocka_unit_test(what_is_not_well_formed_is_refused),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(the_boundary_is_read_from_the_type),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
