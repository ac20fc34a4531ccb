/* test_receipt.c -- receipts as people write them, mistype them, and type them in their own digits. */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/digits.h"
#include "common/seal/receipt.h"
#include "tests/unit/seal/vectors.h"

static enum err parse(const char *text, struct receipt *out)
{
    return receipt_parse(text, strlen(text), out);
}

static void a_new_receipt_reads_back_from_paper(void **state)
{
    (void)state;
    for (int i = 0; i < 1000; i++) {
        struct receipt receipt, read;
        char text[RECEIPT_TEXT];
        receipt_new(&receipt);
        receipt_text(&receipt, text);
        assert_int_equal(strlen(text), 34);
        assert_int_equal(parse(text, &read), ERR_OK);
        assert_string_equal(read.digits, receipt.digits);
    }
}

static void no_two_receipts_are_alike(void **state)
{
    (void)state;
    static struct receipt receipts[500];
    for (size_t i = 0; i < 500; i++) {
        receipt_new(&receipts[i]);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(receipts[i].digits, receipts[j].digits);
    }
}

static void every_single_wrong_digit_is_told(void **state)
{
    (void)state;
    for (int round = 0; round < 200; round++) {
        struct receipt good, read;
        receipt_new(&good);
        for (size_t i = 0; i < RECEIPT_DIGITS; i++)
            for (char c = '0'; c <= '9'; c++) {
                struct receipt typed = good;
                typed.digits[i] = c;
                assert_int_equal(parse(typed.digits, &read), c == good.digits[i] ? ERR_OK : ERR_CONFLICT);
            }
    }
}

static void every_swap_of_neighbours_is_told(void **state)
{
    (void)state;
    for (int round = 0; round < 1000; round++) {
        struct receipt good, read;
        receipt_new(&good);
        for (size_t i = 0; i + 1 < RECEIPT_DIGITS; i++) {
            struct receipt typed = good;
            typed.digits[i] = good.digits[i + 1];
            typed.digits[i + 1] = good.digits[i];
            assert_int_equal(parse(typed.digits, &read), good.digits[i] == good.digits[i + 1] ? ERR_OK : ERR_CONFLICT);
        }
    }
}

/* Damm's own example: 572 has the check digit 4; leading zeroes change nothing. */
static void the_check_digit_is_damms(void **state)
{
    (void)state;
    struct receipt read;
    assert_int_equal(parse("0000000000000000000000005724", &read), ERR_OK);
    assert_int_equal(parse("0000000000000000000000005723", &read), ERR_CONFLICT);
}

static size_t put_utf8(char *out, uint32_t v)
{
    if (v < 0x80) {
        out[0] = (char)v;
        return 1;
    }
    size_t size = v < 0x800 ? 2 : v < 0x10000 ? 3 : 4;
    for (size_t i = size - 1; i > 0; i--, v >>= 6)
        out[i] = (char)(0x80 | (v & 0x3f));
    out[0] = (char)((0xf00 >> size) | v);
    return size;
}

static void digits_of_every_script_are_read(void **state)
{
    (void)state;
    struct receipt good;
    int scripts = 0;
    receipt_new(&good);
    for (uint32_t v = 0; v <= 0x10ffff; v++) {
        if (digits_value(v) != 0)
            continue;
        char text[256];
        size_t len = 0;
        for (size_t i = 0; i < RECEIPT_DIGITS; i++)
            len += put_utf8(text + len, v + (uint32_t)(good.digits[i] - '0'));
        struct receipt read;
        assert_int_equal(receipt_parse(text, len, &read), ERR_OK);
        assert_string_equal(read.digits, good.digits);
        scripts++;
    }
    assert_int_equal(scripts, 77);
}

static void what_is_no_digit_is_none(void **state)
{
    (void)state;
    const uint32_t none[] = {0,
                             0x2f,
                             0x3a,
                             'a',
                             0xb2 /* superscript */,
                             0x2460 /* circled */,
                             0x3007 /* han zero */,
                             0x65f,
                             0x66a,
                             0x1d7ff + 1,
                             0x10ffff,
                             0xffffffff};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        assert_int_equal(digits_value(none[i]), -1);
    assert_int_equal(digits_value(0x669), 9);
    assert_int_equal(digits_value(0x1d7ff), 9); /* five runs of ten stand side by side there */
    assert_int_equal(digits_value(0x1d7d8), 0);
}

static void what_people_put_between_the_digits_is_passed_over(void **state)
{
    (void)state;
    const char *const typed[] = {
        "0000 0000 0000 0000 0000 0000 5724",
        "  0000-0000-0000-0000-0000-0000-5724\r\n",
        "0000.0000.0000.0000.0000.0000.5724",
        "0000\n0000\n0000\n0000\n0000\n0000\n5724",
        ("0000\u2013000\u20140\u20110000\u00a00000\u202f0000 0000\u30fb5724"),          /* dashes and narrow spaces */
        ("\u200f\u20660000 0000 0000 0000 0000 0000 5724\u2069\u061c"),                 /* direction marks */
        ("\u0660\u0660\u0660\u0660 0000 0000 0000 0000 0000 \u0665\u0667\u0662\u0664"), /* two scripts mixed */
    };
    for (size_t i = 0; i < sizeof typed / sizeof typed[0]; i++) {
        struct receipt read;
        assert_int_equal(parse(typed[i], &read), ERR_OK);
        assert_string_equal(read.digits, "0000000000000000000000005724");
    }
}

static void anything_else_is_malformed_and_leaves_nothing(void **state)
{
    (void)state;
    static char endless[4096];
    memset(endless, ' ', sizeof endless - 1);
    const char *const typed[] = {"",
                                 "5724",
                                 "000000000000000000000000572",
                                 "00000000000000000000000057240",
                                 "0000 0000 0000 0000 0000 0000 572x",
                                 "0000 0000 0000 0000 0000 0000 5724 please",
                                 "0000 0000 0000 0000 0000 0000 572\xff",
                                 "0000 0000 0000 0000 0000 0000 572\xd9",
                                 "0000 0000 0000 0000 0000 0000 572\xc0\xb4", /* an overlong 4 */
                                 "0000/0000/0000/0000/0000/0000/5724",
                                 endless};
    for (size_t i = 0; i < sizeof typed / sizeof typed[0]; i++) {
        struct receipt read, empty = {{0}};
        assert_int_equal(parse(typed[i], &read), ERR_MALFORMED);
        assert_memory_equal(&read, &empty, sizeof read);
    }
}

/* Every digit in every place about equally often: chi-square with 9 degrees, far beyond chance at 45. */
static void seeds_give_receipts_uniformly(void **state)
{
    (void)state;
    enum { ROUNDS = 20000 };
    static int seen[RECEIPT_DIGITS][10];
    uint8_t seed[32] = {0};
    for (int i = 0; i < ROUNDS; i++) {
        struct receipt receipt, again;
        receipt_new(&receipt); /* goes through receipt_from_bytes with a random seed */
        for (size_t at = 0; at < RECEIPT_DIGITS; at++)
            seen[at][receipt.digits[at] - '0']++;
        seed[i % 32]++;
        receipt_from_bytes(seed, &receipt);
        receipt_from_bytes(seed, &again);
        assert_string_equal(receipt.digits, again.digits);
    }
    for (size_t at = 0; at < RECEIPT_DIGITS; at++) {
        double chi = 0, expected = ROUNDS / 10.0;
        for (size_t d = 0; d < 10; d++)
            chi += (seen[at][d] - expected) * (seen[at][d] - expected) / expected;
        assert_true(chi < 45);
    }
}

static void a_seed_is_read_as_one_number(void **state)
{
    (void)state;
    struct receipt receipt;
    uint8_t seed[32] = {0};
    seed[31] = 57, seed[30] = 2; /* 2 * 256 + 57 = 569 */
    receipt_from_bytes(seed, &receipt);
    assert_memory_equal(receipt.digits, "000000000000000000000000569", 27);
    memset(seed, 0xff, 32); /* 2^256 - 1 modulo 10^27 */
    receipt_from_bytes(seed, &receipt);
    assert_memory_equal(receipt.digits, "564039457584007913129639935", 27);
}

static void handle_and_key_hang_on_receipt_and_pepper(void **state)
{
    (void)state;
    struct receipt one, two;
    struct pepper first = {1, {1}}, second = {2, {2}};
    uint8_t handle[3][32], key[3][32];
    receipt_new(&one), receipt_new(&two);
    receipt_derive(&one, &first, handle[0], key[0]);
    receipt_derive(&one, &second, handle[1], key[1]);
    receipt_derive(&two, &first, handle[2], key[2]);
    for (size_t i = 0; i < 3; i++) {
        for (size_t j = 0; j < i; j++) {
            assert_memory_not_equal(handle[i], handle[j], 32);
            assert_memory_not_equal(key[i], key[j], 32);
        }
        assert_memory_not_equal(handle[i], key[i], 32);
    }
}

static const char *write_peppers(const char *text, mode_t mode)
{
    static char path[64];
    snprintf(path, sizeof path, "/tmp/recourse-peppers-%d", (int)getpid());
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    assert_int_equal(chmod(path, mode), 0);
    return path;
}

#define HEX_A "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a"
#define HEX_B "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"

static void peppers_are_read_newest_first(void **state)
{
    (void)state;
    struct peppers peppers;
    assert_int_equal(peppers_load(write_peppers("7 " HEX_B "\n3 " HEX_A "\n", 0600), &peppers), ERR_OK);
    assert_int_equal(peppers.count, 2);
    assert_int_equal(peppers.list[0].epoch, 7);
    assert_int_equal(peppers.list[0].key[31], 0x0b);
    assert_int_equal(peppers.list[1].epoch, 3);
    assert_int_equal(peppers.list[1].key[0], 0x0a);
    const char *const wrong[] = {"",
                                 "\n",
                                 "7 0a0a\n",
                                 "7" HEX_A "\n",
                                 "0 " HEX_A "\n",
                                 "x " HEX_A "\n",
                                 "7 " HEX_A " \n",
                                 "3 " HEX_A "\n7 " HEX_B "\n", /* oldest first */
                                 "7 " HEX_A "\n7 " HEX_B "\n"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(peppers_load(write_peppers(wrong[i], 0600), &peppers), ERR_MALFORMED);
        assert_int_equal(peppers.count, 0);
    }
    const char *path = write_peppers("7 " HEX_A "\n", 0640);
    assert_int_equal(peppers_load(path, &peppers), ERR_DENIED);
    unlink(path);
    assert_int_equal(peppers_load(path, &peppers), ERR_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_receipt_reads_back_from_paper),
        cmocka_unit_test(no_two_receipts_are_alike),
        cmocka_unit_test(every_single_wrong_digit_is_told),
        cmocka_unit_test(every_swap_of_neighbours_is_told),
        cmocka_unit_test(the_check_digit_is_damms),
        cmocka_unit_test(digits_of_every_script_are_read),
        cmocka_unit_test(what_is_no_digit_is_none),
        cmocka_unit_test(what_people_put_between_the_digits_is_passed_over),
        cmocka_unit_test(anything_else_is_malformed_and_leaves_nothing),
        cmocka_unit_test(seeds_give_receipts_uniformly),
        cmocka_unit_test(a_seed_is_read_as_one_number),
        cmocka_unit_test(handle_and_key_hang_on_receipt_and_pepper),
        cmocka_unit_test(peppers_are_read_newest_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
