/* language.c -- see language.h. */
#include "common/text/language.h"

#include <string.h>
#include <strings.h>

#include "common/base/err.h"

#define ACCEPT_BYTES  1024
#define ACCEPT_RANGES 32
#define QUALITY_ONE   1000 /* RFC 9110 weights have three decimals */

static const struct language language_rows[] = {
    {"en", "English", "ltr"}, {"fr", "Français", "ltr"},  {"ar", "العربية", "rtl"}, {"sw", "Kiswahili", "ltr"},
    {"es", "Español", "ltr"}, {"pt", "Português", "ltr"}, {"ru", "Русский", "ltr"}, {"zh", "中文", "ltr"},
    {"hi", "हिन्दी", "ltr"},   {"bn", "বাংলা", "ltr"},
};

const struct language *language_table(size_t *out_count)
{
    *out_count = sizeof language_rows / sizeof *language_rows;
    return language_rows;
}

const struct language *language_find(const char *code)
{
    for (size_t i = 0; i < sizeof language_rows / sizeof *language_rows; i++)
        if (strcmp(language_rows[i].code, code) == 0)
            return &language_rows[i];
    return NULL;
}

struct range {
    const char *tag;
    size_t len;
    int quality; /* 0 (not wanted) to QUALITY_ONE */
};

static size_t skip_blanks(const char *text, size_t at, size_t end)
{
    while (at < end && (text[at] == ' ' || text[at] == '\t'))
        at++;
    return at;
}

/* "0", "0.5", "1.000": at most three decimals, at most one. Gives -1 if it is anything else. */
static int quality_read(const char *text, size_t len)
{
    if (len == 0 || len > 5 || (text[0] != '0' && text[0] != '1') || (len > 1 && text[1] != '.'))
        return -1;
    int quality = (text[0] - '0') * QUALITY_ONE;
    for (size_t i = 2, worth = QUALITY_ONE / 10; i < len; i++, worth /= 10) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        quality += (text[i] - '0') * (int)worth;
    }
    return quality <= QUALITY_ONE ? quality : -1;
}

static int is_tag_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '*';
}

/* One element between commas; 0 if it is not "tag" or "tag;q=weight". */
static int range_read(const char *text, size_t at, size_t end, struct range *out)
{
    at = skip_blanks(text, at, end);
    while (end > at && (text[end - 1] == ' ' || text[end - 1] == '\t'))
        end--;
    size_t stop = at;
    while (stop < end && is_tag_byte(text[stop]))
        stop++;
    *out = (struct range){text + at, stop - at, QUALITY_ONE};
    at = skip_blanks(text, stop, end);
    if (out->len == 0 || at == end)
        return out->len != 0;
    if (text[at] != ';')
        return 0;
    at = skip_blanks(text, at + 1, end);
    if (end - at < 2 || (text[at] != 'q' && text[at] != 'Q') || text[at + 1] != '=')
        return 0;
    out->quality = quality_read(text + at + 2, end - at - 2);
    return out->quality >= 0;
}

/* 3 if the range names the language itself, 2 if a kind of it ("fr-CA" for "fr"), 1 for "*", 0 if something else. */
static int range_fits(const struct range *range, const char *code)
{
    size_t len = strlen(code);
    if (range->len == 1 && range->tag[0] == '*')
        return 1;
    if (range->len < len || strncasecmp(range->tag, code, len) != 0)
        return 0;
    if (range->len == len)
        return 3;
    return range->tag[len] == '-' ? 2 : 0;
}

/* The range that decides about one language: the most exact; among equally exact ones the most wanted, then the first.
 * Gives its place, or `count`. */
static size_t range_for(const struct range *ranges, size_t count, const char *code)
{
    size_t best = count;
    int best_fit = 0;
    for (size_t i = 0; i < count; i++) {
        int fit = range_fits(&ranges[i], code);
        if (fit > best_fit || (fit && fit == best_fit && ranges[i].quality > ranges[best].quality)) {
            best = i;
            best_fit = fit;
        }
    }
    return best;
}

const char *language_negotiate(const char *accept, const char *const *available, size_t count)
{
    struct range ranges[ACCEPT_RANGES];
    size_t found = 0, len = accept ? strnlen(accept, ACCEPT_BYTES) : 0;
    need(count > 0);
    for (size_t at = 0; at < len && found < ACCEPT_RANGES;) {
        const char *comma = memchr(accept + at, ',', len - at);
        size_t end = comma ? (size_t)(comma - accept) : len;
        found += (size_t)range_read(accept, at, end, &ranges[found]);
        at = end + 1;
    }
    const char *best = available[0];
    size_t best_place = found;
    int best_quality = 0;
    for (size_t i = 0; i < count; i++) {
        size_t place = range_for(ranges, found, available[i]);
        int quality = place < found ? ranges[place].quality : 0;
        if (quality > best_quality || (quality && quality == best_quality && place < best_place)) {
            best = available[i];
            best_place = place;
            best_quality = quality;
        }
    }
    return best;
}
