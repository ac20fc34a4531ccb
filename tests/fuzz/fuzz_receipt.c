/* fuzz_receipt.c -- anything typed as a receipt: what is read is 28 digits that print and read as the same, and one
 * digit mistyped or two neighbours exchanged is always noticed. */
#include "common/seal/receipt.h"
#include "tests/fuzz/fuzz.h"

static void mistakes_are_noticed(const struct receipt *good, struct fuzz_cuts *cuts)
{
    struct receipt read, wrong = *good;
    size_t at = fuzz_draw(cuts, RECEIPT_DIGITS - 1);
    wrong.digits[at] = (char)('0' + (wrong.digits[at] - '0' + 1 + (int)fuzz_draw(cuts, 9)) % 10);
    need(receipt_parse(wrong.digits, RECEIPT_DIGITS, &read) == ERR_CONFLICT);
    wrong = *good;
    wrong.digits[at] = good->digits[at + 1];
    wrong.digits[at + 1] = good->digits[at];
    need(receipt_parse(wrong.digits, RECEIPT_DIGITS, &read) ==
         (good->digits[at] == good->digits[at + 1] ? ERR_OK : ERR_CONFLICT));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct receipt receipt, again;
    char text[RECEIPT_TEXT];
    struct fuzz_cuts cuts = fuzz_cuts(data, size);
    enum err err = receipt_parse((const char *)data, size, &receipt);
    need(err == ERR_OK || ((err == ERR_MALFORMED || err == ERR_CONFLICT) && !*receipt.digits));
    if (err != ERR_OK) {
        /* Any bytes of the right number make a receipt, as an Idempotency-Key does. */
        if (size < 32)
            return 0;
        receipt_from_bytes(data, &receipt);
    }
    need(strspn(receipt.digits, "0123456789") == RECEIPT_DIGITS && !receipt.digits[RECEIPT_DIGITS]);
    receipt_text(&receipt, text);
    need(receipt_parse(text, strlen(text), &again) == ERR_OK && memcmp(&receipt, &again, sizeof again) == 0);
    mistakes_are_noticed(&receipt, &cuts);
    return 0;
}
