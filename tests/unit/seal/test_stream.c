/* test_stream.c -- a long text in pieces: it comes back, and nothing that is cut, moved or changed does. */
#include "common/seal/stream.h"
#include "tests/unit/seal/vectors.h"

#include "common/base/mem.h"

static const uint8_t KEY[STREAM_KEY] = {7};
enum { PIECES_MAX = 4 };

struct sealed {
    size_t count, len[PIECES_MAX];
    uint8_t *piece[PIECES_MAX];
};

static uint8_t byte_of(size_t at)
{
    return (uint8_t)(at * 31 + at / STREAM_PIECE);
}

static struct sealed seal(size_t len)
{
    struct sealed out = {0};
    struct stream stream;
    static uint8_t text[STREAM_PIECE];
    stream_begin(&stream, KEY);
    for (size_t at = 0; out.count == 0 || at < len;) {
        size_t now = len - at < STREAM_PIECE ? len - at : STREAM_PIECE;
        for (size_t i = 0; i < now; i++)
            text[i] = byte_of(at + i);
        at += now;
        out.piece[out.count] = mem_new(STREAM_SEALED);
        out.len[out.count] = now + STREAM_TAG;
        stream_seal(&stream, text, now, at == len, out.piece[out.count++]);
    }
    stream_wipe(&stream);
    return out;
}

static void let_go(struct sealed *sealed)
{
    for (size_t i = 0; i < sealed->count; i++)
        mem_free(sealed->piece[i]);
}

static void every_length_comes_back(void **state)
{
    (void)state;
    static const size_t LENGTHS[] = {0, 1, STREAM_PIECE - 1, STREAM_PIECE, STREAM_PIECE + 1, 3 * STREAM_PIECE - 5};
    static uint8_t text[STREAM_PIECE];
    for (size_t l = 0; l < sizeof LENGTHS / sizeof *LENGTHS; l++) {
        struct sealed sealed = seal(LENGTHS[l]);
        struct stream stream;
        size_t at = 0;
        stream_begin(&stream, KEY);
        for (size_t i = 0; i < sealed.count; i++) {
            size_t len = sealed.len[i];
            assert_int_equal(stream_open(&stream, sealed.piece[i], len, i + 1 == sealed.count, text), ERR_OK);
            for (size_t k = 0; k < len - STREAM_TAG; k++, at++)
                assert_int_equal(text[k], byte_of(at));
        }
        assert_int_equal(at, LENGTHS[l]);
        /* Nothing stands behind the last. */
        assert_int_equal(stream_open(&stream, sealed.piece[0], sealed.len[0], 1, text), ERR_MALFORMED);
        let_go(&sealed);
    }
}

/* Piece `which` given in place `at`, after those before it were opened. */
static enum err open_at(const struct sealed *sealed, size_t at, size_t which, size_t len, int is_last)
{
    struct stream stream;
    static uint8_t text[STREAM_PIECE];
    stream_begin(&stream, KEY);
    for (size_t i = 0; i < at; i++)
        assert_int_equal(stream_open(&stream, sealed->piece[i], sealed->len[i], 0, text), ERR_OK);
    memset(text, 0xee, sizeof text);
    enum err err = stream_open(&stream, sealed->piece[which], len, is_last, text);
    for (size_t i = 0; err == ERR_MALFORMED && i < sizeof text; i++)
        assert_int_equal(text[i], 0xee);
    return err;
}

static void cut_at_a_piece_it_does_not_end_there(void **state)
{
    (void)state;
    struct sealed sealed = seal(3 * STREAM_PIECE);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(open_at(&sealed, i, i, STREAM_SEALED, 1), ERR_CRYPTO);
    /* And what was the last does not go on. */
    assert_int_equal(open_at(&sealed, 2, 2, STREAM_SEALED, 0), ERR_CRYPTO);
    assert_int_equal(open_at(&sealed, 2, 2, STREAM_SEALED, 1), ERR_OK);
    let_go(&sealed);
}

static void pieces_in_another_order_do_not_open(void **state)
{
    (void)state;
    struct sealed sealed = seal(3 * STREAM_PIECE);
    assert_int_equal(open_at(&sealed, 0, 1, STREAM_SEALED, 0), ERR_CRYPTO);
    assert_int_equal(open_at(&sealed, 1, 0, STREAM_SEALED, 0), ERR_CRYPTO); /* doubled */
    assert_int_equal(open_at(&sealed, 1, 2, STREAM_SEALED, 1), ERR_CRYPTO); /* one left out */
    let_go(&sealed);
}

static void a_changed_byte_a_short_tag_another_key(void **state)
{
    (void)state;
    struct sealed sealed = seal(100);
    static const uint8_t OTHER[STREAM_KEY] = {8};
    static uint8_t text[STREAM_PIECE];
    struct stream stream;
    for (size_t i = 0; i < sealed.len[0]; i++) {
        sealed.piece[0][i] ^= 0x80;
        assert_int_equal(open_at(&sealed, 0, 0, sealed.len[0], 1), ERR_CRYPTO);
        sealed.piece[0][i] ^= 0x80;
    }
    assert_int_equal(open_at(&sealed, 0, 0, sealed.len[0] - 1, 1), ERR_CRYPTO);
    assert_int_equal(open_at(&sealed, 0, 0, STREAM_TAG - 1, 1), ERR_MALFORMED);
    assert_int_equal(open_at(&sealed, 0, 0, sealed.len[0], 0), ERR_MALFORMED); /* only the last is short */
    stream_begin(&stream, OTHER);
    assert_int_equal(stream_open(&stream, sealed.piece[0], sealed.len[0], 1, text), ERR_CRYPTO);
    /* After a wrong one nothing opens any more. */
    assert_int_equal(stream_open(&stream, sealed.piece[0], sealed.len[0], 1, text), ERR_MALFORMED);
    let_go(&sealed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_length_comes_back),
        cmocka_unit_test(cut_at_a_piece_it_does_not_end_there),
        cmocka_unit_test(pieces_in_another_order_do_not_open),
        cmocka_unit_test(a_changed_byte_a_short_tag_another_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
