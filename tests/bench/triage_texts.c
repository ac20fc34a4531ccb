/* triage_texts.c -- see triage_texts.h. The first words of a vocabulary are real and the most frequent; the others are
 * made of the language's syllables, twenty thousand of them, so that the index meets as many words as in life. */
#include "tests/bench/triage_texts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/text/utf8.h"

enum { VOCABULARY = 20000, LISTED_MAX = 16, SYLLABLES_MAX = 16 };

struct language {
    const char *code;
    enum triage_scripts scripts;
    const char *listed[LISTED_MAX];       /* NULL behind the last */
    const char *syllables[SYLLABLES_MAX]; /* likewise */
};

static const struct language languages[] = {
    {"en",
     SCRIPTS_SPACED,
     {"the", "water", "and", "to", "they", "of", "at", "our", "was", "company", "night", "school", "guards", "road",
      "well"},
     {"ba", "con", "der", "fi", "gra", "hol", "in", "ket", "lor", "men", "nor", "per", "sta", "ter", "ven"}},
    {"fr",
     SCRIPTS_SPACED,
     {"de", "la", "les", "nous", "eau", "et", "à", "le", "des", "école", "nuit", "puits", "sont", "route", "pas"},
     {"bon", "cha", "dre", "é", "fai", "gne", "jou", "lié", "mar", "non", "pré", "que", "roi", "sou", "tion"}},
    {"es",
     SCRIPTS_SPACED,
     {"de", "la", "que", "el", "agua", "y", "en", "los", "nos", "escuela", "noche", "pozo", "no", "camino", "una"},
     {"ban", "ca", "do", "es", "fue", "ga", "ha", "jo", "lla", "mi", "ña", "per", "que", "ro", "tro"}},
    {"pt",
     SCRIPTS_SPACED,
     {"de", "a", "o", "que", "água", "e", "não", "os", "nós", "escola", "noite", "poço", "para", "estrada", "uma"},
     {"bo", "ção", "da", "es", "fa", "gua", "lho", "men", "nha", "por", "que", "ri", "são", "ta", "vo"}},
    {"sw",
     SCRIPTS_SPACED,
     {"ya", "na", "maji", "wa", "kwa", "ni", "yetu", "usiku", "shule", "kisima", "walinzi", "barabara", "watu", "wetu"},
     {"ba", "cha", "da", "ka", "ki", "la", "ma", "mwa", "ni", "nga", "pa", "sha", "ta", "wa", "zi"}},
    {"ru",
     SCRIPTS_SPACED,
     {"и", "в", "не", "на", "вода", "мы", "что", "они", "ночью", "школа", "колодец", "нас", "дорога", "у", "из"},
     {"ба", "во", "го", "де", "жи", "ка", "ло", "мо", "ни", "по", "ра", "ста", "ти", "че", "ше"}},
    {"ar",
     SCRIPTS_SPACED,
     {"في", "من", "الماء", "على", "و", "لا", "نحن", "الليل", "المدرسة", "البئر", "الطريق", "إلى", "هم", "كان"},
     {"با", "تا", "جر", "حد", "خل", "در", "سم", "شر", "طل", "عم", "فر", "قد", "كت", "لم", "نو"}},
    {"hi",
     SCRIPTS_SPACED,
     {"के", "में", "पानी", "की", "है", "और", "से", "हमारे", "रात", "स्कूल", "कुआँ", "को", "सड़क", "नहीं"},
     {"का", "गा", "चि", "जा", "डे", "ता", "दी", "ना", "पु", "बा", "मे", "रा", "ला", "वि", "सु"}},
    {"zh",
     SCRIPTS_UNSPACED,
     {"的", "水", "我们", "在", "了", "学校", "晚上", "公司", "不", "井", "他们", "保安", "路", "村"},
     {"工", "人", "土", "地", "污", "染", "房", "屋", "拆", "迁", "补", "偿", "威", "胁", "医"}},
    {"ja",
     SCRIPTS_UNSPACED,
     {"の", "水", "です", "私たち", "は", "学校", "夜", "会社", "が", "井戸", "ます", "道", "を", "村"},
     {"か", "き", "さ", "た", "な", "ま", "り", "工", "場", "土", "地", "病", "院", "警", "察"}},
    {"th",
     SCRIPTS_UNSPACED,
     {"น้ำ", "ที่", "เรา", "และ", "ไม่", "โรงเรียน", "คืน", "บริษัท", "บ่อ", "ของ", "เขา", "ถนน", "ยาม", "ใน"},
     {"กา", "ขา", "คน", "งาน", "จับ", "ชา", "ดิน", "ตาย", "บ้าน", "ปา", "พา", "มา", "รา", "ลา", "สา"}},
};
enum { LANGUAGES = sizeof languages / sizeof *languages };

/* SplitMix64: one step of a number gives the next. */
static uint64_t next(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

/* Rank r is met about 1/r as often as the first. */
static size_t zipf(uint64_t *state)
{
    double part = (double)(next(state) >> 11) / 9007199254740992.0;
    size_t rank = (size_t)exp(part * log(VOCABULARY));
    return rank - 1 < VOCABULARY ? rank - 1 : VOCABULARY - 1;
}

static size_t count_of(const char *const *list, size_t most)
{
    size_t count = 0;
    while (count < most && list[count])
        count++;
    return count;
}

static size_t put_word(const struct language *of, size_t rank, char *to)
{
    size_t listed = count_of(of->listed, LISTED_MAX), syllables = count_of(of->syllables, SYLLABLES_MAX), len = 0;
    if (rank < listed) {
        len = strlen(of->listed[rank]);
        memcpy(to, of->listed[rank], len);
        return len;
    }
    for (size_t rest = rank - listed + syllables; rest > 0; rest /= syllables) {
        const char *syllable = of->syllables[rest % syllables];
        memcpy(to + len, syllable, strlen(syllable));
        len += strlen(syllable);
    }
    return len;
}

static const struct language *language_of(enum triage_scripts scripts, uint64_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < LANGUAGES; i++)
        count += languages[i].scripts == scripts;
    size_t wanted = (size_t)(n % count);
    for (size_t i = 0;; i++)
        if (languages[i].scripts == scripts && wanted-- == 0)
            return &languages[i];
}

void triage_text(enum triage_scripts scripts, uint64_t n, struct triage_text *out)
{
    uint64_t state = n * 2 + (scripts == SCRIPTS_UNSPACED);
    const struct language *of = language_of(scripts, n);
    size_t characters = 0;
    out->language = of->code;
    out->len = 0;
    if (n % 1000 < 10) {
        triage_rare_word(n / 10000, out->bytes);
        characters = out->len = strlen(out->bytes);
        out->bytes[out->len++] = ' ';
    }
    while (characters < TRIAGE_TEXT_CHARACTERS) {
        size_t len = put_word(of, zipf(&state), out->bytes + out->len);
        characters += utf8_count(out->bytes + out->len, len) + (scripts == SCRIPTS_SPACED);
        out->len += len;
        if (scripts == SCRIPTS_SPACED)
            out->bytes[out->len++] = ' ';
    }
    out->bytes[out->len] = 0;
}

/* Letters only, so that it is one word; 100 texts of ten thousand have it. */
void triage_rare_word(uint64_t n, char out[static 24])
{
    char *at = out;
    *at++ = 'z';
    *at++ = 'q';
    for (uint64_t rest = n + 26; rest > 0; rest /= 26)
        *at++ = (char)('a' + rest % 26);
    *at = 0;
}

const char *triage_common(enum triage_scripts scripts)
{
    return scripts == SCRIPTS_SPACED ? "de" : "水";
}

const char *triage_phrase(enum triage_scripts scripts)
{
    return scripts == SCRIPTS_SPACED ? "\"the water\"" : "我们在";
}

const char *triage_beginning(enum triage_scripts scripts)
{
    return scripts == SCRIPTS_SPACED ? "wat*" : "井";
}
