/* words.c -- see words.h. */
#include "triage/vault/words.h"

#include <string.h>

#include "common/base/digits.h"
#include "common/text/utf8.h"
#include "triage/vault/words_han.h"

enum kind { KIND_BREAK, KIND_LETTER, KIND_DROP, KIND_PAIR };

struct range {
    uint32_t from, to;
    enum kind kind;
};

/* Sorted, and none reaches into another. What is not listed is a letter: scripts are added to the world faster than to
 * tables. */
static const struct range ranges[] = {
    {0x00, 0x2f, KIND_BREAK},       {0x30, 0x39, KIND_LETTER},     {0x3a, 0x40, KIND_BREAK},
    {0x41, 0x5a, KIND_LETTER},      {0x5b, 0x60, KIND_BREAK},      {0x61, 0x7a, KIND_LETTER},
    {0x7b, 0xa9, KIND_BREAK},       {0xab, 0xb4, KIND_BREAK},      {0xb6, 0xb9, KIND_BREAK},
    {0xbb, 0xbf, KIND_BREAK},       {0xd7, 0xd7, KIND_BREAK},      {0xf7, 0xf7, KIND_BREAK},
    {0x300, 0x36f, KIND_DROP},      {0x600, 0x60f, KIND_BREAK},    {0x610, 0x61a, KIND_DROP},
    {0x61b, 0x61f, KIND_BREAK},     {0x640, 0x640, KIND_DROP},     {0x64b, 0x65f, KIND_DROP},
    {0x66a, 0x66d, KIND_BREAK},     {0x670, 0x670, KIND_DROP},     {0x6d4, 0x6d4, KIND_BREAK},
    {0x6d6, 0x6ed, KIND_DROP},      {0x900, 0x902, KIND_DROP},     {0x93c, 0x93c, KIND_DROP},
    {0x964, 0x965, KIND_BREAK},     {0x981, 0x981, KIND_DROP},     {0x9bc, 0x9bc, KIND_DROP},
    {0xe00, 0xeff, KIND_PAIR},      {0x1000, 0x109f, KIND_PAIR},   {0x1780, 0x17ff, KIND_PAIR},
    {0x2000, 0x200a, KIND_BREAK},   {0x200b, 0x200f, KIND_DROP},   {0x2010, 0x206f, KIND_BREAK},
    {0x2190, 0x2bff, KIND_BREAK},   {0x3000, 0x303f, KIND_BREAK},  {0x3040, 0x30ff, KIND_PAIR},
    {0x3400, 0x4dbf, KIND_PAIR},    {0x4e00, 0x9fff, KIND_PAIR},   {0xf900, 0xfaff, KIND_PAIR},
    {0xfe00, 0xfe0f, KIND_DROP},    {0xfeff, 0xfeff, KIND_DROP},   {0xff00, 0xff0f, KIND_BREAK},
    {0x1f000, 0x1ffff, KIND_BREAK}, {0x20000, 0x3ffff, KIND_PAIR},
};

static enum kind kind_of(uint32_t c)
{
    size_t from = 0, to = sizeof ranges / sizeof *ranges;
    if (c >= 'a' && c <= 'z')
        return KIND_LETTER;
    while (from < to) {
        size_t middle = (from + to) / 2;
        if (c > ranges[middle].to)
            from = middle + 1;
        else if (c < ranges[middle].from)
            to = middle;
        else
            return ranges[middle].kind;
    }
    return KIND_LETTER;
}

/* Latin-1 and Latin Extended-A from U+00C0 on, in order: the letter without its mark, '.' where there is none. */
static const char latin[] = "aaaaaaaceeeeiiiidnooooo.ouuuuytsaaaaaaaceeeeiiiidnooooo.ouuuuyty"
                            "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
                            "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

struct same {
    uint32_t from, to;
};

static const struct same arabic[] = {
    {0x622, 0x627}, {0x623, 0x627}, {0x625, 0x627}, {0x671, 0x627}, {0x649, 0x64a}, {0x6cc, 0x64a},
    {0x626, 0x64a}, {0x624, 0x648}, {0x629, 0x647}, {0x6a9, 0x643}, {0x6c1, 0x647}, {0x6be, 0x647},
};

/* The letters that carry a nukta in one character: as if it had been written behind them, and was dropped. */
static const struct same indic[] = {
    {0x929, 0x928}, {0x931, 0x930}, {0x934, 0x933}, {0x958, 0x915}, {0x959, 0x916}, {0x95a, 0x917}, {0x95b, 0x91c},
    {0x95c, 0x921}, {0x95d, 0x922}, {0x95e, 0x92b}, {0x95f, 0x92f}, {0x9dc, 0x9a1}, {0x9dd, 0x9a2}, {0x9df, 0x9af},
};

static uint32_t fold_same(const struct same *table, size_t count, uint32_t c)
{
    for (size_t i = 0; i < count; i++)
        if (table[i].from == c)
            return table[i].to;
    return c;
}

/* Hardly anybody types the dots of yo; short i comes apart into i and a mark in some systems. */
static uint32_t fold_cyrillic(uint32_t c)
{
    if (c >= 0x410 && c <= 0x42f)
        c += 32;
    else if (c <= 0x40f)
        c += 80;
    return c == 0x451 ? 0x435 : c == 0x439 ? 0x438 : c;
}

static uint32_t fold(uint32_t c)
{
    if (c < 0x80)
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    int digit = digits_value(c);
    if (digit >= 0)
        return (uint32_t)('0' + digit);
    if (c >= 0xc0 && c < 0xc0 + sizeof latin - 1)
        return latin[c - 0xc0] == '.' ? c : (uint32_t)latin[c - 0xc0];
    if (c >= 0x391 && c <= 0x3a9)
        return c + 32;
    if (c >= 0x400 && c <= 0x4ff)
        return fold_cyrillic(c);
    if (c >= 0x600 && c <= 0x6ff)
        return fold_same(arabic, sizeof arabic / sizeof *arabic, c);
    if (c >= 0x900 && c <= 0x9ff)
        return fold_same(indic, sizeof indic / sizeof *indic, c);
    if (c >= 0x4e00 && c <= 0x9fff)
        return words_han(c);
    return c;
}

void words_begin(struct words *words, const char *text, size_t len)
{
    *words = (struct words){.text = text, .len = len};
}

/* The next character and what it is; a malformed byte is a break. 0 at the end. */
static size_t look(const struct words *words, size_t at, uint32_t *c, enum kind *kind)
{
    if (at >= words->len)
        return 0;
    size_t took = utf8_next(words->text + at, words->len - at, c);
    *kind = took ? kind_of(*c) : KIND_BREAK;
    return took ? took : 1;
}

/* `c` is folded already. */
static void word_add(struct word *out, uint32_t c)
{
    if (out->len + 4 <= WORD_BYTES)
        out->len += utf8_put(c, out->text + out->len);
}

/* A pair begins at `at`; the next one begins with its second character, so the cursor moves by one character only.
 * A last character that already ended a pair gives no word of its own. */
static int take_pair(struct words *words, struct word *out, size_t took, uint32_t first)
{
    uint32_t second;
    enum kind kind;
    size_t start = words->at;
    words->at += took;
    word_add(out, fold(first));
    out->is_pair = 1;
    size_t more = look(words, words->at, &second, &kind);
    if (more && kind == KIND_PAIR) {
        word_add(out, fold(second));
        out->to = words->at + more;
        uint32_t third;
        enum kind after;
        if (!look(words, out->to, &third, &after) || after != KIND_PAIR)
            words->at = out->to;
    } else {
        out->to = words->at;
    }
    out->from = start;
    return 1;
}

/* Three and more of a letter in a row are one: "heeelp". Digits mean what they are. */
static void add_letter(struct word *out, uint32_t c, uint32_t *last, unsigned *run)
{
    char letter[4];
    c = fold(c);
    *run = c == *last ? *run + 1 : 1;
    *last = c;
    if (*run < 3 || (c >= '0' && c <= '9')) {
        word_add(out, c);
        return;
    }
    size_t len = utf8_put(c, letter);
    /* A word that was cut may not end with it. */
    if (*run == 3 && out->len >= len && memcmp(out->text + out->len - len, letter, len) == 0) {
        out->len -= len;
        memset(out->text + out->len, 0, len);
    }
}

static int take_letters(struct words *words, struct word *out)
{
    uint32_t c, last = 0;
    unsigned run = 0;
    enum kind kind;
    size_t took;
    out->from = words->at;
    while ((took = look(words, words->at, &c, &kind)) && (kind == KIND_LETTER || kind == KIND_DROP)) {
        if (kind == KIND_LETTER)
            add_letter(out, c, &last, &run);
        words->at += took;
    }
    out->to = words->at;
    return out->len > 0;
}

int words_next(struct words *words, struct word *out)
{
    uint32_t c;
    enum kind kind;
    size_t took;
    while ((took = look(words, words->at, &c, &kind)) > 0) {
        *out = (struct word){0};
        if (kind == KIND_PAIR)
            return take_pair(words, out, took, c);
        if (kind == KIND_LETTER && take_letters(words, out))
            return 1;
        if (kind != KIND_LETTER)
            words->at += took;
    }
    return 0;
}

/* ---- forms ---- */

static const char *const beginnings[] = {"\u0648", "\u0641", "\u0628", "\u0644", "\u0643", "\u0627\u0644", "\u0633"};

void words_forms(const struct word *word, struct word_forms *out)
{
    const char *text = word->text;
    size_t len = word->len;
    out->text[0] = text;
    out->len[0] = len;
    out->count = 1;
    if ((unsigned char)text[0] != 0xd8 && (unsigned char)text[0] != 0xd9) /* not the letters of `beginnings` */
        return;
    for (int again = 0; again < 2; again++)
        for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++) {
            size_t b = strlen(beginnings[i]);
            /* At least two letters must be left to be a word. */
            if (out->count == WORD_FORMS_MAX || len < b + 4 || memcmp(text, beginnings[i], b) != 0)
                continue;
            text += b;
            len -= b;
            out->text[out->count] = text;
            out->len[out->count++] = len;
            break;
        }
}
