/* test_piece.c -- a file in pieces: it comes back; what is cut, moved, doubled or changed does not; sizes tell little.
 */
#include "common/seal/piece.h"
#include "tests/unit/seal/vectors.h"

#include "common/base/mem.h"

static const char UPLOAD_KEY[] = "0123456789abcdefghijkl";
static const uint8_t SECRET[32] = {3}, OTHER[32] = {4};

struct file {
    uint8_t id[PIECE_ID], key[PIECE_KEY];
};

static struct file file_of(const char *upload_key)
{
    struct file file = {0};
    piece_id(SECRET, upload_key, strlen(upload_key), file.id);
    piece_key(upload_key, strlen(upload_key), file.key);
    return file;
}

static struct piece_place place_of(const struct file *file, uint32_t n, int is_last)
{
    struct piece_place place = {.office = 1, .n = n, .is_last = is_last};
    memcpy(place.file, file->id, PIECE_ID);
    return place;
}

static void every_length_comes_back(void **state)
{
    (void)state;
    static const size_t LENGTHS[] = {0, 1, 1023, 65536, PIECE_TEXT};
    struct file file = file_of(UPLOAD_KEY);
    uint8_t *text = mem_new(PIECE_TEXT);
    for (size_t i = 0; i < PIECE_TEXT; i++)
        text[i] = (uint8_t)(i * 31 + i / 251);
    for (size_t l = 0; l < sizeof LENGTHS / sizeof *LENGTHS; l++) {
        struct piece_place place = place_of(&file, (uint32_t)l, 0);
        struct buf sealed = BUF_INIT(PIECE_SEALED_MAX), out = BUF_INIT(PIECE_TEXT);
        assert_int_equal(piece_seal(file.key, &place, text, LENGTHS[l], LENGTHS[l], &sealed), ERR_OK);
        assert_int_equal(piece_open(file.key, &place, sealed.bytes, sealed.len, &out), ERR_OK);
        assert_int_equal(out.len, LENGTHS[l]);
        assert_memory_equal(buf_text(&out), text, LENGTHS[l]);
        buf_free(&sealed);
        buf_free(&out);
    }
    mem_free(text);
}

static void a_piece_opens_in_its_own_place_alone(void **state)
{
    (void)state;
    struct file file = file_of(UPLOAD_KEY), other = file_of("another key of a client");
    struct piece_place place = place_of(&file, 4, 0), places[] = {place, place, place, place};
    struct buf sealed = BUF_INIT(PIECE_SEALED_MAX), out = BUF_INIT(PIECE_TEXT);
    places[0].n = 5;
    places[1].is_last = 1;
    places[2].office = 2;
    memcpy(places[3].file, other.id, PIECE_ID);
    assert_int_equal(piece_seal(file.key, &place, "well", 4, 4, &sealed), ERR_OK);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        assert_int_equal(piece_open(file.key, &places[i], sealed.bytes, sealed.len, &out), ERR_CRYPTO);
    assert_int_equal(piece_open(other.key, &place, sealed.bytes, sealed.len, &out), ERR_CRYPTO);
    for (size_t i = 0; i < sealed.len; i++) {
        sealed.bytes[i] ^= 1;
        assert_int_not_equal(piece_open(file.key, &place, sealed.bytes, sealed.len, &out), ERR_OK);
        sealed.bytes[i] ^= 1;
    }
    for (size_t len = 0; len < sealed.len; len++)
        assert_int_not_equal(piece_open(file.key, &place, sealed.bytes, len, &out), ERR_OK);
    assert_int_equal(out.len, 0);
    buf_free(&sealed);
    buf_free(&out);
}

static void zeroes_behind_the_end_are_not_the_file(void **state)
{
    (void)state;
    struct file file = file_of(UPLOAD_KEY);
    struct piece_place place = place_of(&file, 0, 1);
    struct buf sealed = BUF_INIT(PIECE_SEALED_MAX), out = BUF_INIT(PIECE_TEXT);
    assert_int_equal(piece_seal(file.key, &place, "a\0b", 3, 4096, &sealed), ERR_OK);
    assert_true(sealed.len > 4096);
    assert_int_equal(piece_open(file.key, &place, sealed.bytes, sealed.len, &out), ERR_OK);
    assert_int_equal(out.len, 3);
    assert_int_equal(piece_seal(file.key, &place, "ab", 2, 1, &sealed), ERR_TOO_BIG);
    assert_int_equal(piece_seal(file.key, &place, "ab", 2, PIECE_TEXT + 1, &sealed), ERR_TOO_BIG);
    buf_free(&sealed);
    buf_free(&out);
}

static void the_id_tells_nothing_of_the_key(void **state)
{
    (void)state;
    struct file file = file_of(UPLOAD_KEY), again = file_of(UPLOAD_KEY);
    uint8_t elsewhere[PIECE_ID];
    assert_memory_equal(&file, &again, sizeof file);
    assert_memory_not_equal(file.id, file.key, PIECE_ID);
    piece_id(OTHER, UPLOAD_KEY, strlen(UPLOAD_KEY), elsewhere);
    assert_memory_not_equal(file.id, elsewhere, PIECE_ID); /* under another server's secret it is another */
}

static void large_files_are_rounded_by_little(void **state)
{
    (void)state;
    static const uint64_t SIZES[] = {0, 1, 5000, 123456, 10 << 20, 200 << 20};
    for (size_t i = 0; i < sizeof SIZES / sizeof *SIZES; i++) {
        uint64_t padded = SIZES[i] + piece_padding(SIZES[i]);
        assert_true(padded >= 1024 && padded <= SIZES[i] + SIZES[i] / 8 + 1024);
    }
    assert_int_equal((uint64_t)(10 << 20) + 7 + piece_padding((10 << 20) + 7), /* one size for both */
                     (uint64_t)(10 << 20) + 9000 + piece_padding((10 << 20) + 9000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_length_comes_back),
        cmocka_unit_test(a_piece_opens_in_its_own_place_alone),
        cmocka_unit_test(zeroes_behind_the_end_are_not_the_file),
        cmocka_unit_test(the_id_tells_nothing_of_the_key),
        cmocka_unit_test(large_files_are_rounded_by_little),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
