/* names_read.c -- a name in its parts: what of it is everybody's, what may end otherwise, what one part alone is worth,
 * what to search for. Neighbour: names.c (looking). */
#include <stdlib.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/base/mem.h"
#include "common/text/utf8.h"
#include "triage/vault/names_inside.h"

enum { DIGITS_OF_A_NUMBER = 5, QUERY_BYTES = 4096 };

/* Parts of many names, and what every text about an office says: they name nobody by themselves. */
static const char *const particles[] = {"de",  "da",   "do",  "di",    "la",  "le",  "el",  "al",
                                        "bin", "bint", "ibn", "abu",   "van", "von", "der", "den",
                                        "dos", "das",  "del", "della", "ال",  "بن",  "ابو", "عبد"};
static const char *const ordinary[] = {
    "the",     "and",     "of",        "at",          "in",       "mr",       "mrs",           "ms",
    "dr",      "officer", "handler",   "manager",     "auditor",  "reviewer", "administrator", "translator",
    "staff",   "team",    "desk",      "office",      "operator", "worker",   "case",          "field",
    "support", "help",    "oversight", "safeguarding"};
#define HAS(table, word) is_among(table, sizeof(table) / sizeof *(table), word)

static int is_among(const char *const *table, size_t count, const char *word)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(table[i], word) == 0)
            return 1;
    return 0;
}

int names_is_particle(const char *word)
{
    return HAS(particles, word);
}

size_t names_letters(const char *text, size_t len)
{
    size_t count = 0;
    for (size_t i = 0; i < len; i++)
        count += ((unsigned char)text[i] & 0xc0) != 0x80;
    return count;
}

int names_is_inflected(const char *text)
{
    unsigned char c = (unsigned char)text[0];
    return (c >= 0xd0 && c <= 0xd3) || c == 0xe0 || (c >= 0xea && c <= 0xed);
}

void names_read(const char *text, struct name *out)
{
    struct words words;
    out->count = out->part_count = 0;
    words_begin(&words, text, strlen(text));
    while (out->count < NAME_WORDS && words_next(&words, &out->words[out->count])) {
        const struct word *word = &out->words[out->count], *before = out->count ? word - 1 : NULL;
        if (before && word->is_pair && before->is_pair && word->from < before->to) {
            out->parts[out->part_count - 1].count++;
        } else {
            if (out->part_count == NAMES_PARTS_MAX)
                return;
            out->parts[out->part_count++] =
                (struct part){.from = out->count,
                              .count = 1,
                              .is_ordinary = HAS(ordinary, word->text) || names_is_particle(word->text)};
        }
        out->count++;
    }
}

size_t names_stem(const struct word *word, size_t *ending)
{
    static const char *const soft[] = {"а", "я", "и", "ь", "о", "е", "ы", "у", "ю"};
    unsigned char c = (unsigned char)word->text[0];
    *ending = 0;
    if (c >= 0xd0 && c <= 0xd3 && word->len >= 6) {
        *ending = 8;
        for (size_t i = 0; word->len >= 8 && i < sizeof soft / sizeof *soft; i++)
            if (memcmp(word->text + word->len - 2, soft[i], 2) == 0)
                return word->len - 2;
    } else if (names_is_inflected(word->text) && word->len >= 6) {
        *ending = 12;
    }
    return word->len;
}

enum names_found names_worth(const struct name *name, const struct part *part)
{
    const struct word *word = &name->words[part->from];
    size_t digits = strspn(word->text, "0123456789");
    if (part->count > 1 || (digits == word->len && digits >= DIGITS_OF_A_NUMBER))
        return NAMES_HIT;
    return word->is_pair || (unsigned char)word->text[0] >= 0xe0 || names_letters(word->text, word->len) >= 3
               ? NAMES_HINT
               : NAMES_NONE;
}

/* ---- what to search for ---- */

/* The part as it is written, or the beginning of a word that may have an ending. */
static void add_part(struct buf *query, const char *text, const struct name *name, const struct part *part)
{
    const struct word *first = &name->words[part->from], *last = first + part->count - 1;
    size_t ending, stem = names_stem(first, &ending);
    const char *from = ending && part->count == 1 ? first->text : text + first->from;
    size_t len = ending && part->count == 1 ? stem : last->to - first->from;
    need(buf_add(query, from, len) == ERR_OK && buf_add_text(query, ending && part->count == 1 ? "* " : " ") == ERR_OK);
}

static void add_query(json_t *list, struct buf *query)
{
    if (query->len > 0 && json_array_size(list) < NAMES_QUERIES_MAX)
        need(json_array_append_new(list, json_string(buf_text(query))) == 0);
    buf_clear(query);
}

static void queries_of_name(const char *text, const struct name *name, json_t *list)
{
    struct buf query = BUF_INIT(QUERY_BYTES);
    size_t own = 0, last = 0;
    for (size_t i = 0; i < name->part_count; i++) {
        const struct part *one = &name->parts[i];
        if (one->is_ordinary)
            continue;
        own++;
        last = i;
        for (size_t j = i + 1; j < name->part_count; j++) {
            if (name->parts[j].is_ordinary)
                continue;
            add_part(&query, text, name, one);
            add_part(&query, text, name, &name->parts[j]);
            add_query(list, &query);
        }
    }
    if (own == 1 && names_worth(name, &name->parts[last]) == NAMES_HIT)
        add_part(&query, text, name, &name->parts[last]);
    add_query(list, &query);
    buf_free(&query);
}

static void queries_of_alias(const char *text, const struct name *alias, json_t *list)
{
    struct buf query = BUF_INIT(QUERY_BYTES);
    if (alias->part_count > 1 || (alias->part_count == 1 && names_worth(alias, &alias->parts[0]) == NAMES_HIT))
        for (size_t i = 0; i < alias->part_count; i++)
            add_part(&query, text, alias, &alias->parts[i]);
    add_query(list, &query);
    buf_free(&query);
}

json_t *names_queries(const char *name, const json_t *aliases)
{
    json_t *list = json_array();
    struct name *read = mem_new(sizeof *read);
    names_read(name, read);
    queries_of_name(name, read, list);
    for (size_t i = 0; i < json_array_size(aliases); i++) {
        const char *alias = json_string_value(json_array_get(aliases, i));
        names_read(alias ? alias : "", read);
        queries_of_alias(alias ? alias : "", read, list);
    }
    mem_free(read);
    return list;
}

/* ---- two names ---- */

static int by_text(const void *a, const void *b)
{
    return strcmp(((const struct word *)a)->text, ((const struct word *)b)->text);
}

int names_same(const char *one, const char *other)
{
    struct name *names = mem_new_array(2, sizeof *names);
    names_read(one, &names[0]);
    names_read(other, &names[1]);
    size_t count = names[0].count;
    int same = count == names[1].count;
    for (size_t i = 0; i < 2; i++)
        qsort(names[i].words, names[i].count, sizeof *names[i].words, by_text);
    for (size_t i = 0; same && i < count; i++)
        same = strcmp(names[0].words[i].text, names[1].words[i].text) == 0;
    same = count ? same : strcmp(one, other) == 0;
    mem_free(names);
    return same;
}

int names_alias_is_good(const char *alias)
{
    size_t len = strlen(alias);
    if (len == 0 || len > NAMES_ALIAS_BYTES || !utf8_valid(alias, len))
        return 0;
    for (const char *c = alias; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            return 0;
    struct name *read = mem_new(sizeof *read);
    int own = 0;
    names_read(alias, read);
    for (size_t i = 0; i < read->part_count; i++)
        own |= !read->parts[i].is_ordinary;
    mem_free(read);
    return own;
}
