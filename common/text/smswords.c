/* smswords.c -- see smswords.h. The list holds each word as people type it on a keypad, folded to what is compared:
 * lower case without marks, without the nasal signs that Hindi and Bengali phones leave out, the bare letters of an
 * Arabic word.
 *
 * All in ar, bn, en, es, fr, hi, pt, ru, sw, zh, with the spellings of texts and the Latin letters that people
 * write other scripts with. What may also mean "I have read it" (ok, fine) is left out: a message for somebody to read,
 * not a consent. */
#include "common/text/smswords.h"

#include <string.h>

#include "common/base/num.h"
#include "common/text/utf8.h"

static const char *const stop[] = {
    "stop",  "unsubscribe", "cancel", "end",    "quit", "stopall", "arret",       "arreter",  "arretez", "قف",
    "توقف",  "توقفوا",      "ايقاف",  "الغاء",  "acha", "simama",  "sitisha",     "komesha",  "alto",    "basta",
    "parar", "detener",     "pare",   "sair",   "стоп", "хватит",  "停",          "停止",     "退订",    "退訂",
    "बद",    "बदकरो",       "बन्द",    "बन्दकरो", "बदकरे", "रोको",    "रुको",         "bandkaro", "band",    "roko",
    "বন্ধ",   "বন্ধকর",       "বন্ধকরুন", "থাম",    "থামুন", "bondho",  "bondhokorun", NULL};
static const char *const receipt[] = {"receipt",   "recu", "ايصال",  "risiti", "recibo", "номер",
                                      "квитанция", "编号", "編號",   "收据",   "रसीद",   "raseed",
                                      "rasid",     "রসিদ", "roshid", "rosid",  NULL};
static const char *const yes[] = {
    "yes",   "y",     "yess",   "yea",    "yeah",  "yep",  "oui",  "ui",   "wi", "ouais", "ouai", "si",  "sip",  "sim",
    "ndiyo", "ndio",  "ndyo",   "naam",   "na3am", "aywa", "aiwa", "نعم",  "اي", "ايوه",  "ايوا", "اجل", "haan", "han",
    "haa",   "hanji", "haanji", "jihaan", "jihan", "हा",   "हाजी", "जीहा", "জি", "জী",    "হ্যা",  "হা",  "হ",    "জ্বি",
    "hae",   "hyan",  "да",     "ага",    "da",    "是",   "是的", "对",   "對", "同意",  "接受", NULL};
static const char *const no[] = {"no",     "n",     "noo",    "nope",   "nop",  "non",  "nn",  "nan",  "nao",
                                 "hapana", "apana", "hapna",  "sio",    "siyo", "la",   "laa", "لا",   "كلا",
                                 "nahi",   "nahin", "nahee",  "nhi",    "nai",  "na",   "नही", "नहि",  "ना",
                                 "जीनही",  "না",    "জিনা",   "нет",    "не",   "неа",  "net", "nyet", "不",
                                 "不是",   "否",    "不同意", "不接受", "没有", "沒有", NULL};

static const char *const *const lists[] = {
    [SMS_WORD_STOP] = stop, [SMS_WORD_RECEIPT] = receipt, [SMS_WORD_YES] = yes, [SMS_WORD_NO] = no};

enum { FOLDED_MAX = 64 };

/* Letters with marks that occur in the list's words, as typed with them. */
static uint32_t fold(uint32_t c)
{
    /* The first of ten digits each: Arabic, Persian and Urdu, Devanagari, Bengali, of full width. */
    static const uint32_t zeroes[] = {0x660, 0x6f0, 0x966, 0x9e6, 0xff10};
    static const struct {
        uint32_t from, to;
    } pairs[] = {{0xe9, 'e'}, {0xe8, 'e'}, {0xea, 'e'}, {0xe7, 'c'},    {0xe1, 'a'},    {0xe0, 'a'},    {0xe2, 'a'},
                 {0xe3, 'a'}, {0xed, 'i'}, {0xec, 'i'}, {0x622, 0x627}, {0x623, 0x627}, {0x625, 0x627}, {0x671, 0x627}};
    for (size_t i = 0; i < sizeof zeroes / sizeof *zeroes; i++)
        if (c >= zeroes[i] && c <= zeroes[i] + 9)
            return '0' + (c - zeroes[i]);
    /* Capitals of ASCII, of Latin letters with marks, of Cyrillic. */
    if ((c >= 'A' && c <= 'Z') || (c >= 0xc0 && c <= 0xde && c != 0xd7) || (c >= 0x410 && c <= 0x42f))
        c += 32;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (pairs[i].from == c)
            return pairs[i].to;
    return c;
}

/* Arabic short vowels and tatweel, bidi marks, combining accents, the nasal signs and dots of Devanagari and Bengali:
 * typed or not, the word is the same. */
static int is_mark(uint32_t c)
{
    return (c >= 0x64b && c <= 0x65f) || c == 0x640 || (c >= 0x300 && c <= 0x36f) || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff || c == 0x901 || c == 0x902 ||
           c == 0x93c || c == 0x981 || c == 0x982 || c == 0x9bc;
}

static int is_space_or_punctuation(uint32_t c)
{
    return c <= 0x2f || (c >= 0x3a && c <= 0x40) || (c >= 0x5b && c <= 0x60) || (c >= 0x7b && c <= 0xbf) ||
           c == 0x60c || c == 0x61b || c == 0x61f || (c >= 0x2010 && c <= 0x2027) || c == 0x3002 || c == 0x964 ||
           c == 0xff01 || c == 0xff0c || c == 0xff0e || c == 0xff1f;
}

static int is_question(uint32_t c)
{
    return c == '?' || c == 0x61f || c == 0xff1f;
}

static enum sms_word list_of(const char *folded)
{
    for (size_t word = SMS_WORD_NONE + 1; word < sizeof lists / sizeof *lists; word++)
        for (const char *const *each = lists[word]; *each; each++)
            if (strcmp(*each, folded) == 0)
                return (enum sms_word)word;
    return SMS_WORD_NONE;
}

/* What is compared; 0: it says more than a word. */
static int read_folded(const char *text, size_t len, char folded[static FOLDED_MAX + 4], int *asks)
{
    size_t at = 0, i = 0;
    *asks = 0;
    while (i < len) {
        uint32_t c;
        size_t took = utf8_next(text + i, len - i, &c);
        if (took == 0)
            return 0;
        i += took;
        *asks |= is_question(c);
        if (is_mark(c) || is_space_or_punctuation(c))
            continue;
        if (at >= FOLDED_MAX)
            return 0;
        at += utf8_put(fold(c), folded + at);
    }
    folded[at] = 0;
    return 1;
}

static int is_answer(enum sms_word word)
{
    return word == SMS_WORD_YES || word == SMS_WORD_NO;
}

enum sms_word sms_word_of(const char *text, size_t len)
{
    char folded[FOLDED_MAX + 4];
    int asks;
    if (!read_folded(text, len, folded, &asks))
        return SMS_WORD_NONE;
    enum sms_word word = list_of(folded);
    return asks && is_answer(word) ? SMS_WORD_NONE : word;
}

enum sms_word sms_answer_of(const char *text, size_t len, unsigned *number)
{
    static const char digits[] = "0123456789";
    char folded[FOLDED_MAX + 4];
    int asks;
    *number = 0;
    if (!read_folded(text, len, folded, &asks))
        return SMS_WORD_NONE;
    size_t before = strspn(folded, digits), end = strlen(folded), behind = 0;
    while (end > before && strchr(digits, folded[end - 1])) {
        end--;
        behind++;
    }
    if (before == 0 && behind == 0)
        return sms_word_of(text, len);
    /* A number on either side is a date or a sum. Digits within a word are letters ("na3am"). */
    const char *digit = before ? folded : folded + end;
    uint64_t value;
    size_t count = before ? before : behind;
    if ((before && behind) || count > 2 || num_parse(digit, count, 1, SMS_ANSWER_MAX, &value) != ERR_OK)
        return SMS_WORD_NONE;
    folded[end] = 0;
    enum sms_word word = list_of(folded + before);
    if (asks || !is_answer(word))
        return SMS_WORD_NONE;
    *number = (unsigned)value;
    return word;
}
