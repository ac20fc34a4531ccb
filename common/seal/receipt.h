/* receipt.h -- the receipt: 28 decimal digits in seven groups of four, the last one a check digit (Damm).
 *
 * 27 random digits are 89 bits. Digits work in every script and on every keypad, and every script's digits are read.
 * Receipt and pepper give, by HKDF, the handle under which the case is found and the key that wraps the person's copy
 * of the thread key. Neither the receipt nor anything it can be found from is ever stored. */
#ifndef COMMON_SEAL_RECEIPT_H
#define COMMON_SEAL_RECEIPT_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"

enum { RECEIPT_DIGITS = 28, RECEIPT_TEXT = 28 + 6 + 1, PEPPERS_MAX = 8 };

struct receipt {
    char digits[RECEIPT_DIGITS + 1]; /* ASCII; wiped by receipt_wipe() */
};
struct pepper {
    uint32_t epoch;
    uint8_t key[32];
};
struct peppers { /* newest first; new receipts use the first, look-ups always try all */
    struct pepper list[PEPPERS_MAX];
    size_t count;
};

void receipt_new(struct receipt *out);
/* From 32 derived bytes (Idempotency-Key): the same bytes give the same receipt, uniformly over all. */
void receipt_from_bytes(const uint8_t seed[static 32], struct receipt *out);
/* Read what a person typed: digits of any script; spaces, dashes, dots, bidi marks and line breaks between them.
 * ERR_MALFORMED: not 28 digits. ERR_CONFLICT: 28 digits, and the check digit says that one is mistyped. */
MUST_CHECK enum err receipt_parse(const char *text, size_t len, struct receipt *out);
/* "1234 5678 ..." for people. */
void receipt_text(const struct receipt *receipt, char out[static RECEIPT_TEXT]);
void receipt_wipe(struct receipt *receipt);
void receipt_derive(const struct receipt *receipt, const struct pepper *pepper, uint8_t handle[static 32],
                    uint8_t key[static 32]);

/* A pepper file: lines "epoch hex64", newest first. ERR_NOT_FOUND, ERR_MALFORMED, ERR_SYSTEM; ERR_DENIED when the file
 * is open to others. */
MUST_CHECK enum err peppers_load(const char *path, struct peppers *out);

#endif
