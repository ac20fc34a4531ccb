/* smswords.c -- see smswords.h. The list holds each word as people type it on a keypad, folded to what is compared:
 * ASCII lower case without marks, or the bare letters of an Arabic word. */
#include "common/text/smswords.h"

#include <string.h>

#include "common/text/utf8.h"

static const struct {
    const char *folded;
    enum sms_word word;
} sms_words[] = {
    {"stop", SMS_WORD_STOP},       {"unsubscribe", SMS_WORD_STOP}, {"cancel", SMS_WORD_STOP},
    {"end", SMS_WORD_STOP},        {"quit", SMS_WORD_STOP},        {"stopall", SMS_WORD_STOP},
    {"arret", SMS_WORD_STOP},      {"arreter", SMS_WORD_STOP},     {"arretez", SMS_WORD_STOP},
    {"قف", SMS_WORD_STOP},         {"توقف", SMS_WORD_STOP},        {"توقفوا", SMS_WORD_STOP},
    {"ايقاف", SMS_WORD_STOP},      {"الغاء", SMS_WORD_STOP},       {"acha", SMS_WORD_STOP},
    {"simama", SMS_WORD_STOP},     {"sitisha", SMS_WORD_STOP},     {"komesha", SMS_WORD_STOP},
    {"receipt", SMS_WORD_RECEIPT}, {"recu", SMS_WORD_RECEIPT},     {"ايصال", SMS_WORD_RECEIPT},
    {"risiti", SMS_WORD_RECEIPT},
};

enum { FOLDED_MAX = 64 };

/* Latin letters with marks that occur in the list's words, as typed with them. */
static uint32_t fold(uint32_t c)
{
    static const struct {
        uint32_t from, to;
    } pairs[] = {{0xe9, 'e'}, {0xe8, 'e'}, {0xea, 'e'},    {0xc9, 'e'},    {0xc8, 'e'},    {0xca, 'e'},
                 {0xe7, 'c'}, {0xc7, 'c'}, {0x622, 0x627}, {0x623, 0x627}, {0x625, 0x627}, {0x671, 0x627}};
    if (c >= 'A' && c <= 'Z')
        return c + 32;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (pairs[i].from == c)
            return pairs[i].to;
    return c;
}

/* Arabic short vowels and tatweel, bidi marks, combining accents: typed or not, the word is the same. */
static int is_mark(uint32_t c)
{
    return (c >= 0x64b && c <= 0x65f) || c == 0x640 || (c >= 0x300 && c <= 0x36f) || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

static int is_space_or_punctuation(uint32_t c)
{
    return c <= 0x2f || (c >= 0x3a && c <= 0x40) || (c >= 0x5b && c <= 0x60) || (c >= 0x7b && c <= 0xbf) ||
           c == 0x60c || c == 0x61b || c == 0x61f || (c >= 0x2010 && c <= 0x2027) || c == 0x3002;
}

enum sms_word sms_word_of(const char *text, size_t len)
{
    char folded[FOLDED_MAX + 4];
    size_t at = 0, i = 0;
    while (i < len) {
        uint32_t c;
        size_t took = utf8_next(text + i, len - i, &c);
        if (took == 0)
            return SMS_WORD_NONE;
        i += took;
        if (is_mark(c) || is_space_or_punctuation(c))
            continue;
        if (at >= FOLDED_MAX)
            return SMS_WORD_NONE;
        at += utf8_put(fold(c), folded + at);
    }
    folded[at] = 0;
    for (i = 0; i < sizeof sms_words / sizeof *sms_words; i++)
        if (strcmp(sms_words[i].folded, folded) == 0)
            return sms_words[i].word;
    return SMS_WORD_NONE;
}
