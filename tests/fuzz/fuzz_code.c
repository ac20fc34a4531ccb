/* fuzz_code.c -- any text where bytes, numbers, ids, days or an Idempotency-Key are expected: what is read is written
 * as the same text again, so no two texts are the same bytes. */
#include <ctype.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/num.h"
#include "common/seal/once.h"
#include "tests/fuzz/fuzz.h"

static void base64_is_exact(const char *text, size_t len)
{
    struct buf bytes = BUF_INIT(len + 1);
    char *padded = malloc(CODE_BASE64_SIZE(len)), *url = malloc(CODE_BASE64_SIZE(len));
    if (code_unbase64(text, len, &bytes) == ERR_OK) {
        code_base64(bytes.bytes, bytes.len, padded);
        code_base64url(bytes.bytes, bytes.len, url);
        need(len == strlen(padded) || len == strlen(url));
        for (size_t i = 0; i < len; i++)
            need(text[i] == padded[i] || text[i] == url[i]);
    }
    free(padded);
    free(url);
    buf_free(&bytes);
}

static void ids_and_hex_are_exact(const char *text, size_t len)
{
    uint8_t id[16], bytes[64];
    char again[CODE_ID_SIZE], hex[CODE_HEX_SIZE(64)];
    if (code_unid(text, len, id) == ERR_OK) {
        code_id(id, again);
        need(len == CODE_ID_SIZE - 1);
        for (size_t i = 0; i < len; i++)
            need(tolower((unsigned char)text[i]) == again[i]);
    }
    if (len / 2 <= sizeof bytes && code_unhex(text, len, bytes, len / 2) == ERR_OK) {
        code_hex(bytes, len / 2, hex);
        need(len == strlen(hex));
        for (size_t i = 0; i < len; i++)
            need(tolower((unsigned char)text[i]) == hex[i]);
    }
}

static void numbers_and_days_are_exact(const char *text, size_t len)
{
    uint64_t number;
    char again[32];
    if (num_parse(text, len, 3, 70000, &number) == ERR_OK)
        need(number >= 3 && number <= 70000 && strspn(text, "0123456789") == len);
    int64_t wall = clock_parse(text);
    need(wall >= -1);
    if (wall >= 0 && strlen(text) == 10) {
        clock_day(wall, again);
        need(strcmp(text, again) == 0);
    } else if (wall >= 0) {
        clock_text(wall, again);
        need(strcmp(text, again) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    base64_is_exact(text, size);
    ids_and_hex_are_exact(text, size);
    numbers_and_days_are_exact(text, size);
    if (once_key_check(text, size) == ERR_OK)
        need(size >= 22 && size <= 128 &&
             strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == size);
    free(text);
    return 0;
}
