/* test_envelope.c -- rows: what is sealed comes back, and comes back nowhere else. */
#include "common/base/mem.h"
#include "common/base/rng.h"
#include "common/seal/envelope.h"
#include "common/seal/envelope_inside.h"
#include "tests/unit/seal/vectors.h"

enum { MOST = 20 * 1024, SALT_AT = 2, SALT = 32 };

static const uint8_t key[32] = {7, 7, 7};
static const struct envelope_place place = {.office = 1,
                                            .case_id = {0xca, 0x5e},
                                            .row_id = {0x20, 0x77},
                                            .root = ROOT_THREAD,
                                            .part = PART_MESSAGE,
                                            .author = AUTHOR_REPORTER,
                                            .door = DOOR_INTAKE,
                                            .generation = 1,
                                            .incarnation = 0x1122334455667788,
                                            .n = 9};

static struct buf seal(const uint8_t *with, const struct envelope_place *at, const void *text, size_t len)
{
    struct buf out = BUF_INIT(1 << 16);
    assert_int_equal(envelope_seal(with, at, text, len, &out), ERR_OK);
    return out;
}

static enum err try_open(const uint8_t *with, const struct envelope_place *at, const uint8_t *sealed, size_t len)
{
    struct buf out = BUF_INIT(1 << 16);
    enum err err = envelope_open(with, at, sealed, len, &out);
    assert_true(err == ERR_OK || out.len == 0);
    buf_free(&out);
    return err;
}

static void comes_back(const uint8_t *text, size_t len)
{
    struct buf sealed = seal(key, &place, text, len), opened = BUF_INIT(1 << 16);
    assert_int_equal(sealed.len, envelope_sealed_size(len));
    assert_int_equal(envelope_open(key, &place, sealed.bytes, sealed.len, &opened), ERR_OK);
    assert_int_equal(opened.len, len);
    assert_memory_equal(buf_text(&opened), text, len);
    if (len >= 16)
        assert_null(memmem(sealed.bytes, sealed.len, text, 16));
    buf_free(&sealed), buf_free(&opened);
}

static void texts_of_every_size_come_back(void **state)
{
    (void)state;
    static uint8_t text[MOST];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (uint8_t)rng_below(256);
    for (size_t len = 0; len <= 5000; len++)
        comes_back(text, len);
    comes_back(text, MOST);
}

static void sizes_tell_little(void **state)
{
    (void)state;
    /* Everything up to a kibibyte looks alike, and beyond it the steps are Padmé's: 12 % at most. */
    for (size_t len = 0; len <= 1020; len++)
        assert_int_equal(envelope_sealed_size(len), ENVELOPE_OVERHEAD - 4 + 1024);
    assert_int_equal(envelope_sealed_size(1021), ENVELOPE_OVERHEAD - 4 + 1088);
    assert_int_equal(envelope_sealed_size(2000), envelope_sealed_size(2030));
    size_t steps = 0;
    for (size_t len = 1021; len < 100000; len++) {
        size_t padded = envelope_sealed_size(len) - (ENVELOPE_OVERHEAD - 4);
        assert_true(padded >= len + 4 && (double)padded <= (double)(len + 4) * 1.12);
        steps += envelope_sealed_size(len) != envelope_sealed_size(len - 1);
    }
    assert_true(steps < 120);
}

static void any_changed_byte_is_noticed(void **state)
{
    (void)state;
    struct buf sealed = seal(key, &place, "nobody was told", 15);
    for (size_t i = 0; i < sealed.len; i++)
        for (int bit = 0; bit < 8; bit += 7) {
            sealed.bytes[i] ^= (uint8_t)(1 << bit);
            assert_int_equal(try_open(key, &place, sealed.bytes, sealed.len), i < SALT_AT ? ERR_MALFORMED : ERR_CRYPTO);
            sealed.bytes[i] ^= (uint8_t)(1 << bit);
        }
    assert_int_equal(try_open(key, &place, sealed.bytes, sealed.len), ERR_OK);
    for (size_t len = 0; len < sealed.len; len++)
        assert_int_not_equal(try_open(key, &place, sealed.bytes, len), ERR_OK);
    buf_free(&sealed);
}

static void a_row_opens_in_its_own_place_only(void **state)
{
    (void)state;
    struct buf sealed = seal(key, &place, "the third house", 15);
    struct envelope_place moved[] = {place, place, place, place, place, place, place, place, place, place};
    moved[0].office++, moved[1].case_id[15]++, moved[2].row_id[15]++, moved[3].root = ROOT_STAFF;
    moved[4].part = PART_NOTICE, moved[5].author = AUTHOR_STAFF, moved[6].door = DOOR_SMS, moved[7].generation++;
    moved[8].incarnation++, moved[9].n++;
    for (size_t i = 0; i < sizeof moved / sizeof moved[0]; i++)
        assert_int_equal(try_open(key, &moved[i], sealed.bytes, sealed.len), ERR_CRYPTO);
    uint8_t other_key[32] = {7, 7, 8};
    assert_int_equal(try_open(other_key, &place, sealed.bytes, sealed.len), ERR_CRYPTO);
    buf_free(&sealed);
}

static void every_byte_of_the_place_is_bound(void **state)
{
    (void)state;
    /* No two fields share bytes: a change of any one shows in the associated data, and in no other field's. */
    uint8_t bytes[ENVELOPE_PLACE_SIZE], changed[ENVELOPE_PLACE_SIZE];
    envelope_place_bytes(&place, bytes);
    assert_memory_equal(bytes, "recourse row\x01\x01\x00\x00\x00\x01", 18);
    struct envelope_place other = place;
    other.n = 0xffffffffffffffff;
    envelope_place_bytes(&other, changed);
    assert_memory_equal(bytes, changed, ENVELOPE_PLACE_SIZE - 8);
    assert_memory_equal(changed + ENVELOPE_PLACE_SIZE - 8, "\xff\xff\xff\xff\xff\xff\xff\xff", 8);
}

static void two_rows_cannot_change_places(void **state)
{
    (void)state;
    struct envelope_place second = place;
    second.row_id[0]++;
    second.n++;
    struct buf one = seal(key, &place, "first", 5), two = seal(key, &second, "second", 6);
    assert_int_equal(try_open(key, &place, one.bytes, one.len), ERR_OK);
    assert_int_equal(try_open(key, &second, two.bytes, two.len), ERR_OK);
    assert_int_equal(try_open(key, &place, two.bytes, two.len), ERR_CRYPTO);
    assert_int_equal(try_open(key, &second, one.bytes, one.len), ERR_CRYPTO);
    buf_free(&one), buf_free(&two);
}

static int by_bytes(const void *a, const void *b)
{
    return memcmp(a, b, 64);
}

/* Salt and the first bytes of ciphertext of ten thousand sealings of the same text in the same place. */
static void no_subkey_is_used_twice(void **state)
{
    (void)state;
    enum { SEALS = 10000 };
    uint8_t(*salts)[64] = mem_new_array(SEALS, 64), (*texts)[64] = mem_new_array(SEALS, 64);
    struct buf sealed = BUF_INIT(1 << 16);
    for (size_t i = 0; i < SEALS; i++) {
        buf_clear(&sealed);
        assert_int_equal(envelope_seal(key, &place, "the same words", 14, &sealed), ERR_OK);
        memcpy(salts[i], sealed.bytes + SALT_AT, SALT);
        memcpy(texts[i], sealed.bytes + SALT_AT + SALT, 64);
    }
    qsort(salts, SEALS, 64, by_bytes);
    qsort(texts, SEALS, 64, by_bytes);
    for (size_t i = 1; i < SEALS; i++) {
        assert_memory_not_equal(salts[i], salts[i - 1], 64);
        assert_memory_not_equal(texts[i], texts[i - 1], 64);
    }
    buf_free(&sealed);
    mem_free(salts), mem_free(texts);
}

/* The vault writes version 2 and 3 of a state; yesterday's backup comes back under it, with version 1; it counts on
 * from what it finds and writes version 2 again, in the very same place, with other content. */
static void an_old_database_under_a_running_system_repeats_no_subkey(void **state)
{
    (void)state;
    struct envelope_place version = place;
    version.part = PART_STATE;
    version.root = ROOT_STAFF;
    version.n = 2;
    struct buf before = seal(key, &version, "{\"state\":\"received\"}", 20);
    struct buf after = seal(key, &version, "{\"state\":\"answered\"}", 20);
    assert_memory_not_equal(before.bytes + SALT_AT, after.bytes + SALT_AT, SALT);
    /* With one key stream, the XOR of the ciphertexts would be the XOR of the texts: zeroes wherever they agree. */
    size_t same = 0, from = SALT_AT + SALT;
    for (size_t i = from; i < before.len; i++)
        same += before.bytes[i] == after.bytes[i];
    assert_true(same < (before.len - from) / 16);
    assert_int_equal(try_open(key, &version, before.bytes, before.len), ERR_OK);
    assert_int_equal(try_open(key, &version, after.bytes, after.len), ERR_OK);
    buf_free(&before), buf_free(&after);
}

/* A writer that pads otherwise is broken, or hides something where no reader looks. */
static void padding_has_one_form(void **state)
{
    (void)state;
    uint8_t padded[1088];
    size_t len;
    envelope_pad("words", 5, 1024, padded);
    assert_int_equal(envelope_unpad(padded, 1024, ENVELOPE_LEAST, &len), ERR_OK);
    assert_int_equal(len, 5);
    padded[1023] = 1;
    assert_int_equal(envelope_unpad(padded, 1024, ENVELOPE_LEAST, &len), ERR_MALFORMED);
    envelope_pad("words", 5, 1088, padded); /* more than it takes */
    assert_int_equal(envelope_unpad(padded, 1088, ENVELOPE_LEAST, &len), ERR_MALFORMED);
    memset(padded, 0xff, 4); /* a length beyond the end */
    assert_int_equal(envelope_unpad(padded, 1024, ENVELOPE_LEAST, &len), ERR_MALFORMED);
    assert_int_equal(envelope_unpad(padded, 3, ENVELOPE_LEAST, &len), ERR_MALFORMED);
}

static void what_does_not_fit_leaves_the_buffer_as_it_was(void **state)
{
    (void)state;
    struct buf out = BUF_INIT(1100), sealed = seal(key, &place, "0123456789", 10), small = BUF_INIT(12);
    assert_int_equal(buf_add_text(&out, "before"), ERR_OK);
    assert_int_equal(envelope_seal(key, &place, "x", 1, &out), ERR_OK);
    assert_int_equal(envelope_seal(key, &place, "x", 1, &out), ERR_TOO_BIG);
    assert_int_equal(out.len, 6 + envelope_sealed_size(1));
    assert_memory_equal(out.bytes, "before", 6);
    assert_int_equal(buf_add_text(&small, "abc"), ERR_OK);
    assert_int_equal(envelope_open(key, &place, sealed.bytes, sealed.len, &small), ERR_TOO_BIG);
    assert_string_equal(buf_text(&small), "abc");
    buf_free(&out), buf_free(&sealed), buf_free(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_of_every_size_come_back),
        cmocka_unit_test(sizes_tell_little),
        cmocka_unit_test(any_changed_byte_is_noticed),
        cmocka_unit_test(a_row_opens_in_its_own_place_only),
        cmocka_unit_test(every_byte_of_the_place_is_bound),
        cmocka_unit_test(two_rows_cannot_change_places),
        cmocka_unit_test(no_subkey_is_used_twice),
        cmocka_unit_test(an_old_database_under_a_running_system_repeats_no_subkey),
        cmocka_unit_test(padding_has_one_form),
        cmocka_unit_test(what_does_not_fit_leaves_the_buffer_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
