/* names.c -- see names.h. The words of the text stand in buckets by how they begin, so that a long text and many people
 * cost their sum and not their product. Neighbour: names_read.c (a name in its parts). */
#include "triage/vault/names_inside.h"

#include <string.h>

#include "common/base/mem.h"

enum { TEXT_WORDS_MAX = 1 << 16, BUCKETS = 4096 };

struct names_text {
    struct word *words; /* an empty one stands between texts */
    uint8_t *has_dot;   /* behind it: an initial */
    size_t count, room;
    struct entry {
        uint32_t word, next; /* next: index + 1 */
    } * entries;
    size_t entry_count, entry_room;
    uint32_t buckets[BUCKETS];
};

/* ---- the text ---- */

/* By all of it, or, where there may be an ending, by the first letter. */
static uint32_t bucket_of(const char *text, size_t len)
{
    size_t bytes = !names_is_inflected(text) ? len : (unsigned char)text[0] < 0xe0 ? 2 : 3;
    uint32_t hash = 5381;
    for (size_t i = 0; i < bytes && i < len; i++)
        hash = hash * 33 + (unsigned char)text[i];
    return hash % BUCKETS;
}

struct names_text *names_text_new(void)
{
    return mem_new(sizeof(struct names_text));
}

void names_text_free(struct names_text *text)
{
    if (!text)
        return;
    mem_free(text->words);
    mem_free(text->has_dot);
    mem_free(text->entries);
    mem_free(text);
}

static void enter(struct names_text *t, const char *form, size_t len, size_t word)
{
    uint32_t *head = &t->buckets[bucket_of(form, len)];
    if (t->entry_count == t->entry_room) {
        t->entry_room = t->entry_room ? t->entry_room * 2 : 256;
        t->entries = mem_grow(t->entries, t->entry_room * sizeof *t->entries);
    }
    t->entries[t->entry_count] = (struct entry){.word = (uint32_t)word, .next = *head};
    *head = (uint32_t)++t->entry_count;
}

static void add_word(struct names_text *t, const struct word *word, int has_dot)
{
    struct word_forms forms;
    if (t->count == t->room) {
        t->room = t->room ? t->room * 2 : 128;
        t->words = mem_grow(t->words, t->room * sizeof *t->words);
        t->has_dot = mem_grow(t->has_dot, t->room);
    }
    t->words[t->count] = *word;
    t->has_dot[t->count] = (uint8_t)has_dot;
    words_forms(word, &forms);
    for (size_t i = 0; word->len && i < forms.count; i++)
        enter(t, forms.text[i], forms.len[i], t->count);
    t->count++;
}

void names_text_add(struct names_text *t, const char *text, size_t len)
{
    struct words words;
    struct word word = {0};
    words_begin(&words, text, len);
    if (t->count > 0)
        add_word(t, &word, 0);
    while (t->count < TEXT_WORDS_MAX && words_next(&words, &word))
        add_word(t, &word, word.to < len && text[word.to] == '.');
}

static int is_word(const struct word *of_name, const struct word *of_text)
{
    struct word_forms forms;
    size_t ending, stem = names_stem(of_name, &ending);
    if (of_name->is_pair || of_text->is_pair)
        return of_name->is_pair && of_text->is_pair && strcmp(of_name->text, of_text->text) == 0;
    words_forms(of_text, &forms);
    for (size_t i = 0; i < forms.count; i++) {
        if (forms.len[i] == of_name->len && memcmp(forms.text[i], of_name->text, of_name->len) == 0)
            return 1;
        if (ending && forms.len[i] >= stem && forms.len[i] <= stem + ending &&
            memcmp(forms.text[i], of_name->text, stem) == 0)
            return 1;
    }
    return 0;
}

/* Where the part that begins at word `at` ends; 0: it does not stand there. */
static size_t part_ends(const struct names_text *t, size_t at, const struct name *name, const struct part *part)
{
    if (at + part->count > t->count)
        return 0;
    for (size_t i = 0; i < part->count; i++)
        if (!is_word(&name->words[part->from + i], &t->words[at + i]))
            return 0;
    return at + part->count;
}

/* The pair that two words make where nobody writes a space between them. */
static int is_joint(const struct names_text *t, size_t at)
{
    return at > 0 && at < t->count && t->words[at].is_pair && t->words[at - 1].is_pair &&
           t->words[at].from < t->words[at - 1].to;
}

/* An initial, "bin", "de": what may stand between two parts of one name. "Ahmed y Mohamed" are two people. */
static int may_stand_between(const struct names_text *t, size_t at)
{
    if (at >= t->count || t->words[at].len == 0)
        return 0;
    const struct word *word = &t->words[at];
    if (word->is_pair)
        return is_joint(t, at);
    return names_is_particle(word->text) ||
           (names_letters(word->text, word->len) == 1 && (t->has_dot[at] || !strchr("yeoiau", word->text[0])));
}

/* ---- looking ---- */

/* The next place where the part stands, behind entry `*cursor`; SIZE_MAX: there is none. The cursor begins at 0. */
static size_t next_place(const struct names_text *t, const struct name *name, const struct part *part, uint32_t *cursor)
{
    const struct word *first = &name->words[part->from];
    uint32_t at = *cursor ? t->entries[*cursor - 1].next : t->buckets[bucket_of(first->text, first->len)];
    for (; at; at = t->entries[at - 1].next)
        if (part_ends(t, t->entries[at - 1].word, name, part)) {
            *cursor = at;
            return t->entries[at - 1].word;
        }
    return SIZE_MAX;
}

static int stands_somewhere(const struct names_text *t, const struct name *name, const struct part *part)
{
    uint32_t cursor = 0;
    return next_place(t, name, part, &cursor) != SIZE_MAX;
}

/* Another part of the name stands right behind, or with what may stand between. */
static int another_follows(const struct names_text *t, size_t behind, const struct name *name, const struct part *part)
{
    for (size_t i = 0; i < name->part_count; i++) {
        const struct part *other = &name->parts[i];
        if (other == part || other->is_ordinary)
            continue;
        if (part_ends(t, behind, name, other) ||
            (may_stand_between(t, behind) && part_ends(t, behind + 1, name, other)))
            return 1;
    }
    return 0;
}

static enum names_found look_for_name(const struct names_text *t, const struct name *name)
{
    enum names_found found = NAMES_NONE;
    size_t own = 0;
    for (size_t i = 0; i < name->part_count; i++)
        own += !name->parts[i].is_ordinary;
    for (size_t i = 0; i < name->part_count; i++) {
        const struct part *part = &name->parts[i];
        uint32_t cursor = 0;
        size_t at;
        while (!part->is_ordinary && (at = next_place(t, name, part, &cursor)) != SIZE_MAX) {
            if (another_follows(t, at + part->count, name, part))
                return NAMES_HIT;
            enum names_found alone = own == 1 ? names_worth(name, part) : NAMES_HINT;
            if (alone == NAMES_HINT && names_worth(name, part) == NAMES_NONE)
                alone = NAMES_NONE; /* an initial */
            found = alone > found ? alone : found;
        }
    }
    return found;
}

/* All of it in a row; two parts also the other way round. */
static int row_stands(const struct names_text *t, const struct name *alias, int reversed)
{
    const size_t count = alias->part_count;
    uint32_t cursor = 0;
    size_t at;
    while ((at = next_place(t, alias, &alias->parts[reversed ? count - 1 : 0], &cursor)) != SIZE_MAX) {
        size_t end = at + alias->parts[reversed ? count - 1 : 0].count, next;
        for (size_t i = 1; end && i < count; i++) {
            const struct part *part = &alias->parts[reversed ? count - 1 - i : i];
            next = part_ends(t, end, alias, part);
            end = next || !is_joint(t, end) ? next : part_ends(t, end + 1, alias, part);
        }
        if (end)
            return 1;
    }
    return 0;
}

static enum names_found look_for_alias(const struct names_text *t, const struct name *alias)
{
    if (alias->part_count == 1)
        return stands_somewhere(t, alias, &alias->parts[0]) ? names_worth(alias, &alias->parts[0]) : NAMES_NONE;
    return row_stands(t, alias, 0) || (alias->part_count == 2 && row_stands(t, alias, 1)) ? NAMES_HIT : NAMES_NONE;
}

enum names_found names_look(const struct names_text *t, const char *name, const json_t *aliases)
{
    struct name *read = mem_new(sizeof *read);
    names_read(name, read);
    enum names_found found = look_for_name(t, read);
    for (size_t i = 0; found != NAMES_HIT && i < json_array_size(aliases); i++) {
        const char *alias = json_string_value(json_array_get(aliases, i));
        names_read(alias ? alias : "", read);
        enum names_found here = read->part_count ? look_for_alias(t, read) : NAMES_NONE;
        found = here > found ? here : found;
    }
    mem_free(read);
    return found;
}
