/* rules_match.c -- finding the phrases of a rule set in a text.
 *
 * Every word of the text is looked up among the phrases that may begin with it. Arabic writes "and", "the", "with" and
 * "for" into the word: a word of the text is also tried without such beginnings. Neighbour: rules.c. */
#include <string.h>

#include "triage/vault/rules_inside.h"

enum { GAP_WORDS = 4, FORMS_MAX = 4 };

/* A word as it may be compared: with fewer and fewer of its Arabic beginnings. */
struct forms {
    const char *text[FORMS_MAX];
    size_t len[FORMS_MAX];
    size_t count;
};

static const char *const beginnings[] = {"\u0648", "\u0641", "\u0628", "\u0644", "\u0643", "\u0627\u0644", "\u0633"};

static void forms_of(const struct word *word, struct forms *out)
{
    const char *text = word->text;
    size_t len = word->len;
    *out = (struct forms){.text = {text}, .len = {len}, .count = 1};
    for (int again = 0; again < 2; again++)
        for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++) {
            size_t b = strlen(beginnings[i]);
            /* At least two letters must be left to be a word. */
            if (out->count == FORMS_MAX || len < b + 4 || memcmp(text, beginnings[i], b) != 0)
                continue;
            text += b;
            len -= b;
            out->text[out->count] = text;
            out->len[out->count++] = len;
            break;
        }
}

static int step_is(const struct rules_step *step, const char *text, size_t len)
{
    if (len < step->len)
        return 0;
    if (step->open_start && step->open_end)
        return memmem(text, len, step->text, step->len) != NULL;
    if (step->open_start)
        return memcmp(text + len - step->len, step->text, step->len) == 0;
    return (step->open_end || len == step->len) && memcmp(text, step->text, step->len) == 0;
}

static int step_is_word(const struct rules_step *step, const struct word *word)
{
    struct forms forms;
    forms_of(word, &forms);
    for (size_t i = 0; i < forms.count; i++)
        if (step_is(step, forms.text[i], forms.len[i]))
            return 1;
    return 0;
}

/* Whether the phrase stands at word `at`, whose form fits its first step. The index of its last word, or -1. */
static long phrase_ends(const struct rules_phrase *phrase, const struct rules_text *text, size_t at)
{
    for (size_t s = 1; s < phrase->step_count; s++) {
        const struct rules_step *step = &phrase->steps[s];
        size_t last = at + 1 + (step->gap ? GAP_WORDS : 0);
        for (at++; at <= last && at < text->count && !step_is_word(step, &text->words[at]); at++)
            ;
        if (at > last || at >= text->count)
            return -1;
    }
    return (long)at;
}

struct seeking {
    const struct rules_text *text;
    rules_hit_fn *hit;
    void *room;
};

static void try_list(const struct seeking *s, const struct rules_phrase *list, size_t at, const char *form, size_t len)
{
    for (; list; list = list->next) {
        if (!step_is(&list->steps[0], form, len))
            continue;
        long last = phrase_ends(list, s->text, at);
        if (last < 0)
            continue;
        const char *from = s->text->text + s->text->words[at].from;
        s->hit(s->room, list->rule, from, (size_t)(s->text->text + s->text->words[last].to - from));
    }
}

void rules_match(const struct rules *rules, const struct rules_text *text, rules_hit_fn *hit, void *room)
{
    struct seeking s = {.text = text, .hit = hit, .room = room};
    for (size_t at = 0; at < text->count; at++) {
        struct forms forms;
        forms_of(&text->words[at], &forms);
        for (size_t i = 0; i < forms.count; i++)
            if (forms.len[i] >= 2)
                try_list(&s, rules->buckets[rules_bucket(forms.text[i])], at, forms.text[i], forms.len[i]);
        try_list(&s, rules->loose, at, text->words[at].text, text->words[at].len);
    }
}
