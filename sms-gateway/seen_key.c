/* seen_key.c -- see seen_key.h. The file has one line a period: its number and 64 hexadecimal digits. */
#include "sms-gateway/seen_key.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/code.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/rng.h"

enum { PERIOD_S = 30 * 86400, FILE_MAX = 1024 };

static int64_t period_of(int64_t wall)
{
    return wall / PERIOD_S;
}

/* The key of `period` in the file's text. */
static enum err key_find(const struct buf *text, int64_t period, uint8_t out[static 32])
{
    const char *line = buf_text(text);
    while (*line) {
        char *end;
        long long number = strtoll(line, &end, 10);
        size_t left = strlen(end);
        if (end == line || *end != ' ' || left < 65)
            return ERR_MALFORMED;
        if (number == period)
            return code_unhex(end + 1, 64, out, 32);
        line = strchr(end, '\n');
        if (!line)
            break;
        line++;
    }
    return ERR_NOT_FOUND;
}

enum err seen_key_rotate(const char *path, int64_t wall)
{
    struct buf before = BUF_INIT(FILE_MAX), after = BUF_INIT(FILE_MAX);
    int64_t now = period_of(wall);
    int made = 0;
    enum err err = file_read(path, &before);
    if (err == ERR_NOT_FOUND)
        err = ERR_OK;
    for (int64_t period = now; err == ERR_OK && period <= now + 1; period++) {
        uint8_t key[32];
        char hex[CODE_HEX_SIZE(32)];
        if (key_find(&before, period, key) != ERR_OK) {
            rng_bytes(key, sizeof key);
            made = 1;
        }
        code_hex(key, sizeof key, hex);
        err = buf_addf(&after, "%lld %s\n", (long long)period, hex);
        mem_wipe(key, sizeof key);
        mem_wipe(hex, sizeof hex);
    }
    if (err == ERR_OK && (made || after.len != before.len))
        err = file_write_secret(path, after.bytes, after.len);
    buf_free(&before);
    buf_free(&after);
    return err;
}

enum err seen_key_today(const char *path, int64_t wall, uint8_t out[static 32])
{
    static int64_t held_period = -1;
    static uint8_t held[32];
    int64_t period = period_of(wall);
    enum err err = ERR_OK;
    if (period != held_period) {
        struct buf text = BUF_INIT(FILE_MAX);
        err = file_read(path, &text);
        if (err == ERR_OK)
            err = key_find(&text, period, held);
        held_period = err == ERR_OK ? period : -1;
        buf_free(&text);
    }
    if (err == ERR_OK)
        memcpy(out, held, 32);
    return err;
}

enum err seen_key_now(const char *path, int64_t wall, uint8_t out[static 32])
{
    if (seen_key_today(path, wall, out) == ERR_OK)
        return ERR_OK;
    enum err err = seen_key_rotate(path, wall);
    return err == ERR_OK ? seen_key_today(path, wall, out) : err;
}
