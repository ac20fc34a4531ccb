/* rules_match.c -- finding the phrases of a rule set in a text.
 *
 * Every word of the text is looked up among the phrases that may begin with it. Arabic writes "and", "the", "with" and
 * "for" into the word: a word of the text is also tried without such beginnings. Neighbour: rules.c. */
#include <string.h>

#include "triage/vault/rules_inside.h"

/* Where words are pairs of letters, as many words are twice as many pairs. */
enum { GAP_WORDS = 4, GAP_PAIRS = 8, FOUND_MAX = 64 };

static int step_is(const struct rules *rules, const struct rules_step *step, const char *text, size_t len)
{
    const char *letters = rules->letters + step->at;
    if (len < step->len)
        return 0;
    if (step->open_start && step->open_end)
        return memmem(text, len, letters, step->len) != NULL;
    if (step->open_start)
        return memcmp(text + len - step->len, letters, step->len) == 0;
    /* Nearly all differ in their first byte already. */
    return text[0] == letters[0] && (step->open_end || len == step->len) && memcmp(text, letters, step->len) == 0;
}

static int step_is_word(const struct rules *rules, const struct rules_step *step, const struct word *word)
{
    struct word_forms forms;
    words_forms(word, &forms);
    for (size_t i = 0; i < forms.count; i++)
        if (step_is(rules, step, forms.text[i], forms.len[i]))
            return 1;
    return 0;
}

/* Whether the steps from `s` on stand behind word `at`, which is the step's before. The index of the last word, or -1.
 * As deep as a phrase has steps. */
/* NOLINTNEXTLINE(misc-no-recursion) */
static long phrase_ends(const struct rules *rules, const struct rules_phrase *phrase, size_t s,
                        const struct rules_text *text, size_t at)
{
    if (s == phrase->step_count)
        return (long)at;
    const struct rules_step *step = &rules_steps(rules, phrase)[s];
    size_t gap = !step->gap ? 0 : text->words[at].is_pair ? GAP_PAIRS : GAP_WORDS;
    for (size_t next = at + 1; next <= at + 1 + gap && next < text->count; next++) {
        if (!step_is_word(rules, step, &text->words[next]))
            continue;
        long end = phrase_ends(rules, phrase, s + 1, text, next);
        if (end >= 0)
            return end;
    }
    return -1;
}

/* What begins at one word. Told in the order of the file, so that how phrases are filed decides nothing that is stored.
 */
struct found {
    const struct rules_phrase *phrase;
    size_t last;
};

struct seeking {
    const struct rules *rules;
    const struct rules_text *text;
    struct found found[FOUND_MAX];
    size_t count;
};

static void keep(struct seeking *s, const struct rules_phrase *phrase, size_t last)
{
    size_t at = s->count;
    if (s->count == FOUND_MAX)
        return;
    for (; at > 0 && s->found[at - 1].phrase >= phrase; at--)
        if (s->found[at - 1].phrase == phrase) /* another form of the word brought it already */
            return;
    memmove(&s->found[at + 1], &s->found[at], (s->count - at) * sizeof *s->found);
    s->found[at] = (struct found){phrase, last};
    s->count++;
}

static void try_list(struct seeking *s, const struct rules_phrase *list, size_t at, const char *form, size_t len)
{
    uint64_t pairs = list ? rules_pairs(form, len) : 0;
    for (; list; list = list->next) {
        if (list->pairs & ~pairs || !step_is(s->rules, rules_steps(s->rules, list), form, len))
            continue;
        for (const struct rules_phrase *phrase = list; phrase; phrase = phrase->same) {
            long last = phrase_ends(s->rules, phrase, 1, s->text, at);
            if (last >= 0)
                keep(s, phrase, (size_t)last);
        }
    }
}

static void look_at(struct seeking *s, size_t at)
{
    const struct word *word = &s->text->words[at];
    struct word_forms forms;
    words_forms(word, &forms);
    for (size_t i = 0; i < forms.count; i++) {
        const char *form = forms.text[i];
        size_t len = forms.len[i];
        try_list(s, s->rules->whole[rules_whole(form, len)], at, form, len);
        for (size_t d = 0; d < RULES_DEPTHS && len >= rules_deep(d); d++)
            try_list(s, s->rules->beginnings[d][rules_beginning(form, d)], at, form, len);
    }
    for (size_t d = 0; d < RULES_DEPTHS && word->len >= rules_deep(d); d++)
        try_list(s, s->rules->endings[d][rules_ending(word->text, word->len, d)], at, word->text, word->len);
    try_list(s, s->rules->loose, at, word->text, word->len);
}

void rules_match(const struct rules *rules, const struct rules_text *text, rules_hit_fn *hit, void *room)
{
    struct seeking s = {.rules = rules, .text = text};
    for (size_t at = 0; at < text->count; at++) {
        s.count = 0;
        look_at(&s, at);
        for (size_t i = 0; i < s.count; i++)
            hit(room, s.found[i].phrase->of, at, s.found[i].last);
    }
}
