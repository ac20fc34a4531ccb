/* A long text is cut where words end, into pieces that ten messages of a phone hold, and nothing of it is lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/buf.h"
#include "common/text/utf8.h"
#include "sms-gateway/pieces.h"
#include "sms-gateway/provider.h"

static struct buf repeated(const char *words, unsigned times)
{
    struct buf text = BUF_INIT(64 * 1024);
    for (unsigned i = 0; i < times; i++)
        assert_int_equal(buf_add_text(&text, words), ERR_OK);
    return text;
}

/* Joined again by the spaces that ended them, pieces are the text. Returns how many there were. */
static unsigned cut_all(const char *text, size_t most)
{
    unsigned count = 0;
    for (const char *at = text; *at; count++) {
        size_t rest, len = pieces_first(at, &rest);
        assert_true(len > 0 && rest >= len);
        assert_true(utf8_valid(at, len));
        assert_true(utf8_count(at, len) <= most);
        assert_int_equal(strspn(at + len, " \n\r\t"), rest - len);
        at += rest;
    }
    return count;
}

static void what_fits_is_one_piece(void **state)
{
    (void)state;
    size_t rest;
    assert_int_equal(pieces_first("", &rest), 0);
    assert_int_equal(rest, 0);
    assert_int_equal(pieces_first("Bonjour ", &rest), 8);
    assert_int_equal(rest, 8);
    struct buf full = repeated("a", PIECE_GSM);
    assert_int_equal(pieces_first(buf_text(&full), &rest), PIECE_GSM);
    assert_int_equal(cut_all(buf_text(&full), PIECE_GSM), 1);
    buf_free(&full);
}

static void what_is_longer_ends_with_a_word(void **state)
{
    (void)state;
    size_t rest;
    struct buf text = repeated("neno ", 400);
    size_t len = pieces_first(buf_text(&text), &rest);
    assert_int_equal(len % 5, 4);
    assert_int_equal(rest, len + 1);
    assert_int_equal(cut_all(buf_text(&text), PIECE_GSM), 2);
    buf_free(&text);
    text = repeated("शिकायत ", 300);
    assert_int_equal(cut_all(buf_text(&text), PIECE_UTF16), 4);
    buf_free(&text);
}

static void without_spaces_it_is_cut_between_characters(void **state)
{
    (void)state;
    struct buf text = repeated("您", 2000);
    assert_int_equal(cut_all(buf_text(&text), PIECE_UTF16), 4);
    buf_free(&text);
    text = repeated("\xf0\x9f\x99\x8f", 700); /* each is two units of UTF-16 */
    assert_int_equal(cut_all(buf_text(&text), PIECE_UTF16 / 2), 3);
    buf_free(&text);
    text = repeated("{", 1600); /* each is two places of the GSM alphabet */
    assert_int_equal(cut_all(buf_text(&text), PIECE_GSM / 2), 3);
    buf_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_fits_is_one_piece),
        cmocka_unit_test(what_is_longer_ends_with_a_word),
        cmocka_unit_test(without_spaces_it_is_cut_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
