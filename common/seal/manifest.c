/* manifest.c -- see manifest.h. The signature is checked before a line is read, and still every line must be exactly of
 * its form: what one room would pass over, another might act on. */
#include "common/seal/manifest.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/num.h"
#include "common/seal/note.h"

enum { WORDS_MAX = 12, DAY_SECONDS = 86400 };

static const char root_name[] = "recourse-root";

struct word {
    const char *at;
    size_t len;
};
struct line {
    struct word words[WORDS_MAX];
    size_t count;
};

/* Words between single spaces; an empty word is refused by whoever reads it. */
static enum err split(const char *at, size_t len, struct line *out)
{
    out->count = 0;
    for (const char *end = at + len;; at++) {
        const char *space = memchr(at, ' ', (size_t)(end - at));
        const char *stop = space ? space : end;
        if (out->count == WORDS_MAX)
            return ERR_MALFORMED;
        out->words[out->count++] = (struct word){at, (size_t)(stop - at)};
        at = stop;
        if (!space)
            return ERR_OK;
    }
}

static int is_word(const struct line *line, size_t i, const char *expected)
{
    return line->words[i].len == strlen(expected) && memcmp(line->words[i].at, expected, line->words[i].len) == 0;
}

static enum err read_number(const struct word *word, uint64_t least, uint32_t *out)
{
    uint64_t v;
    if (num_parse(word->at, word->len, least, UINT32_MAX, &v) != ERR_OK)
        return ERR_MALFORMED;
    *out = (uint32_t)v;
    return ERR_OK;
}

/* Lower-case letters, digits and dashes, at most 16. */
static int is_name(const char *name, size_t len)
{
    return len >= 1 && len <= 16 && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") >= len;
}

static enum err read_name(const struct word *word, char out[static 17])
{
    if (!is_name(word->at, word->len))
        return ERR_MALFORMED;
    memcpy(out, word->at, word->len);
    out[word->len] = 0;
    return ERR_OK;
}

static enum err read_key(const struct word *word, uint8_t out[static 32])
{
    return code_unbase64_exact(word->at, word->len, out, 32);
}

/* The first second of a day, "2026-11-22" and in no other form. */
static enum err read_day(const struct word *word, int64_t *out)
{
    char text[11], again[11];
    if (word->len != sizeof text - 1)
        return ERR_MALFORMED;
    memcpy(text, word->at, sizeof text - 1);
    text[sizeof text - 1] = 0;
    *out = clock_parse(text);
    if (*out < 0)
        return ERR_MALFORMED;
    clock_day(*out, again);
    return memcmp(text, again, sizeof text) == 0 ? ERR_OK : ERR_MALFORMED;
}

static enum err read_form(const struct line *line, struct manifest *out)
{
    (void)out;
    return is_word(line, 1, "1") ? ERR_OK : ERR_MALFORMED;
}

static enum err read_office(const struct line *line, struct manifest *out)
{
    return read_number(&line->words[1], 0, &out->office);
}

static enum err read_version(const struct line *line, struct manifest *out)
{
    return read_number(&line->words[1], 1, &out->version);
}

static enum err read_issued(const struct line *line, struct manifest *out)
{
    return read_day(&line->words[1], &out->issued);
}

static enum err read_desk(const struct line *line, struct manifest *out)
{
    struct manifest_desk *desk = &out->desks[out->desk_count];
    if (out->desk_count == MANIFEST_DESKS_MAX || !is_word(line, 2, "epoch") || !is_word(line, 4, "suite") ||
        !is_word(line, 5, "1") || !is_word(line, 6, "key") || !is_word(line, 8, "last-day") ||
        read_name(&line->words[1], desk->desk.code) != ERR_OK ||
        read_number(&line->words[3], 1, &desk->desk.epoch) != ERR_OK ||
        read_key(&line->words[7], desk->desk.key) != ERR_OK || read_day(&line->words[9], &desk->last_day) != ERR_OK)
        return ERR_MALFORMED;
    desk->desk.office = out->office;
    desk->last_day += DAY_SECONDS - 1;
    for (size_t i = 0; i < out->desk_count; i++)
        if (strcmp(out->desks[i].desk.code, desk->desk.code) == 0 && out->desks[i].desk.epoch == desk->desk.epoch)
            return ERR_MALFORMED;
    out->desk_count++;
    return ERR_OK;
}

static enum err read_other_key(const struct line *line, struct manifest *out)
{
    struct manifest_key *key = &out->keys[out->key_count];
    if (out->key_count == MANIFEST_KEYS_MAX || read_name(&line->words[1], key->use) != ERR_OK ||
        read_name(&line->words[2], key->name) != ERR_OK || read_key(&line->words[3], key->key) != ERR_OK)
        return ERR_MALFORMED;
    key->seals = is_word(line, 0, "seal");
    for (size_t i = 0; i < out->key_count; i++)
        if (strcmp(out->keys[i].use, key->use) == 0 && strcmp(out->keys[i].name, key->name) == 0)
            return ERR_MALFORMED;
    out->key_count++;
    return ERR_OK;
}

static const struct {
    const char *first;
    size_t words;
    size_t only_line; /* counted from 1; 0: any line behind the head */
    enum err (*read)(const struct line *line, struct manifest *out);
} forms[] = {
    {"recourse-manifest", 2, 1, read_form}, {"office", 2, 2, read_office}, {"version", 2, 3, read_version},
    {"issued", 2, 4, read_issued},          {"desk", 10, 0, read_desk},    {"sign", 4, 0, read_other_key},
    {"seal", 4, 0, read_other_key},
};
enum { HEAD_LINES = 4, FORMS = sizeof forms / sizeof forms[0] };

static enum err read_line(const struct line *line, size_t number, struct manifest *out)
{
    for (size_t i = 0; i < FORMS; i++)
        if (is_word(line, 0, forms[i].first))
            return line->count == forms[i].words &&
                           (forms[i].only_line ? number == forms[i].only_line : number > HEAD_LINES)
                       ? forms[i].read(line, out)
                       : ERR_MALFORMED;
    return ERR_MALFORMED;
}

static enum err read_text(const char *text, size_t len, struct manifest *out)
{
    struct line line;
    size_t number = 0;
    enum err err = ERR_OK;
    for (size_t at = 0; at < len && err == ERR_OK;) {
        const char *end = memchr(text + at, '\n', len - at); /* the signed text ends with one */
        size_t line_len = (size_t)(end - (text + at));
        err = split(text + at, line_len, &line);
        if (err == ERR_OK)
            err = read_line(&line, ++number, out);
        at += line_len + 1;
    }
    return err == ERR_OK && number < HEAD_LINES ? ERR_MALFORMED : err;
}

enum err manifest_read(const char *text, size_t len, const uint8_t root_public[static 32], uint32_t least_version,
                       struct manifest *out)
{
    size_t text_len;
    uint8_t hash[32];
    *out = (struct manifest){0};
    if (len > MANIFEST_BYTES_MAX)
        return ERR_MALFORMED;
    enum err err = note_check(text, len, root_name, root_public, &text_len);
    if (err == ERR_NOT_FOUND)
        err = ERR_CRYPTO; /* signed by someone, not by our root */
    if (err == ERR_OK)
        err = read_text(text, text_len, out);
    if (err == ERR_OK && out->version < least_version)
        err = ERR_CONFLICT;
    if (err != ERR_OK) {
        *out = (struct manifest){0};
        return err;
    }
    sign_sha256(text, text_len, hash);
    code_hex(hash, sizeof hash, out->fingerprint);
    return ERR_OK;
}

enum err manifest_load(const char *path, const uint8_t root_public[static 32], uint32_t least_version,
                       struct manifest *out)
{
    struct buf file = BUF_INIT(MANIFEST_BYTES_MAX);
    enum err err = file_read(path, &file);
    if (err == ERR_TOO_BIG)
        err = ERR_MALFORMED;
    if (err == ERR_OK)
        err = manifest_read(buf_text(&file), file.len, root_public, least_version, out);
    buf_free(&file);
    return err;
}

enum err manifest_desk_today(const struct manifest *manifest, const char *code, int64_t now,
                             const struct envelope_desk **out)
{
    enum err err = ERR_NOT_FOUND;
    *out = NULL;
    for (size_t i = 0; i < manifest->desk_count; i++) {
        const struct manifest_desk *desk = &manifest->desks[i];
        if (strcmp(desk->desk.code, code) != 0)
            continue;
        if (err == ERR_NOT_FOUND)
            err = ERR_LOCKED;
        if (now <= desk->last_day && (!*out || desk->desk.epoch > (*out)->epoch)) {
            *out = &desk->desk;
            err = ERR_OK;
        }
    }
    return err;
}

enum err manifest_key(const struct manifest *manifest, const char *use, const char *name, const uint8_t **out)
{
    for (size_t i = 0; i < manifest->key_count; i++)
        if (strcmp(manifest->keys[i].use, use) == 0 && strcmp(manifest->keys[i].name, name) == 0) {
            *out = manifest->keys[i].key;
            return ERR_OK;
        }
    *out = NULL;
    return ERR_NOT_FOUND;
}

static enum err write_text(const struct manifest *manifest, struct buf *out)
{
    char day[11], key[CODE_BASE64_SIZE(32)];
    clock_day(manifest->issued, day);
    enum err err = buf_addf(out, "recourse-manifest 1\noffice %u\nversion %u\nissued %s\n", manifest->office,
                            manifest->version, day);
    for (size_t i = 0; err == ERR_OK && i < manifest->desk_count; i++) {
        const struct manifest_desk *desk = &manifest->desks[i];
        code_base64(desk->desk.key, 32, key);
        clock_day(desk->last_day, day);
        err = buf_addf(out, "desk %s epoch %u suite %d key %s last-day %s\n", desk->desk.code, desk->desk.epoch,
                       ENVELOPE_SUITE, key, day);
    }
    for (size_t i = 0; err == ERR_OK && i < manifest->key_count; i++) {
        const struct manifest_key *other = &manifest->keys[i];
        code_base64(other->key, 32, key);
        err = buf_addf(out, "%s %s %s %s\n", other->seals ? "seal" : "sign", other->use, other->name, key);
    }
    return err;
}

enum err manifest_write(const struct manifest *manifest, const struct sign_key *root, struct buf *out)
{
    struct buf text = BUF_INIT(MANIFEST_BYTES_MAX);
    enum err err = write_text(manifest, &text);
    if (err == ERR_OK)
        err = note_sign(root_name, root, buf_text(&text), out);
    buf_free(&text);
    return err;
}
