/* rules_together.c -- words that mean danger where they stand together, in whatever order: somebody is named, and near
 * it a word for being hit. Nobody can list all sentences in which that is said; the words of each kind can be listed.
 *
 * rules_match.c says where words of the sets stand; here they are looked at sentence by sentence. A text that is added
 * later stands in another sentence, so it takes nothing away. Neighbour: rules.c. */
#include <string.h>

#include "common/base/mem.h"
#include "triage/vault/rules_inside.h"

/* Where words are pairs of letters, as many words are twice as many pairs. */
enum { NEAR_WORDS = 8, NEAR_PAIRS = 16, MARKS_FIRST = 64 };

int rules_ends_sentence(const char *at, const char *end)
{
    static const char *const ends[] = {"\u061f", "\u061b", "\u0964", "\u3002", "\uff01", "\uff1f", "\uff1b"};
    if ((unsigned char)*at < 0x80)
        return *at == '.' || *at == '!' || *at == '?' || *at == ';' || *at == '\n' || *at == '\r';
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t len = strlen(ends[i]);
        if (*at == *ends[i] && (size_t)(end - at) >= len && memcmp(at, ends[i], len) == 0)
            return 1;
    }
    return 0;
}

void rules_mark(struct rules_marks *marks, uint16_t of, size_t first, size_t last)
{
    if (marks->count == RULES_WORDS_MAX)
        return;
    if (marks->count == marks->room) {
        marks->room = marks->room ? 2 * marks->room : MARKS_FIRST;
        marks->marks = mem_grow(marks->marks, marks->room * sizeof *marks->marks);
    }
    marks->marks[marks->count++] = (struct rules_mark){.first = (uint32_t)first, .last = (uint32_t)last, .of = of};
}

static size_t set_of(const struct rules_mark *mark)
{
    return (size_t)(mark->of - RULES_MAX) / RULES_LANGUAGES_MAX;
}

static uint16_t language_of(const struct rules_mark *mark)
{
    return (uint16_t)(1U << ((mark->of - RULES_MAX) % RULES_LANGUAGES_MAX));
}

static void number_sentences(const struct rules_text *text, const struct rules_marks *marks)
{
    const char *at = text->text, *end = text->text + text->words[text->count - 1].to;
    uint32_t sentence = 0;
    for (size_t i = 0; i < marks->count; i++) {
        const char *from = text->text + text->words[marks->marks[i].first].from;
        for (; at < from; at++)
            sentence += rules_ends_sentence(at, end) != 0;
        marks->marks[i].sentence = sentence;
    }
}

/* What stands near one mark, from it on: which sets, each one's languages, and the last word up to which it was read.
 */
struct near {
    uint64_t sets;
    uint16_t languages[RULES_SETS_MAX];
    uint32_t last[RULES_SETS_MAX];
};

static void add(struct near *near, const struct rules_mark *mark)
{
    size_t set = set_of(mark);
    uint64_t bit = UINT64_C(1) << set;
    if (!(near->sets & bit))
        near->languages[set] = 0;
    if (!(near->languages[set] & language_of(mark)))
        near->last[set] = mark->last;
    near->languages[set] |= language_of(mark);
    near->sets |= bit;
}

static void look_near(const struct rules_text *text, const struct rules_marks *marks, size_t at, struct near *near)
{
    const struct rules_mark *begin = &marks->marks[at];
    uint32_t reach = begin->first + (text->words[begin->first].is_pair ? NEAR_PAIRS : NEAR_WORDS);
    near->sets = 0;
    add(near, begin);
    for (size_t i = at + 1; i < marks->count; i++) {
        const struct rules_mark *mark = &marks->marks[i];
        if (mark->sentence != begin->sentence || mark->first > reach)
            break;
        if (mark->first != begin->first) /* one word is not two that stand together */
            add(near, mark);
    }
}

/* All of them near, in one language's words; *last is the last word of it. */
static int stand(const struct rules_together *together, const struct near *near, uint32_t *last)
{
    uint16_t languages = UINT16_MAX;
    *last = 0;
    for (size_t i = 0; i < together->count; i++) {
        languages &= near->languages[together->sets[i]];
        if (near->last[together->sets[i]] > *last)
            *last = near->last[together->sets[i]];
    }
    return languages != 0;
}

void rules_look_together(const struct rules *rules, const struct rules_text *text, struct rules_marks *marks,
                         rules_hit_fn *hit, void *room)
{
    struct near near;
    if (marks->count >= 2)
        number_sentences(text, marks);
    for (size_t i = 0; i + 1 < marks->count; i++) {
        uint64_t begins = UINT64_C(1) << set_of(&marks->marks[i]);
        look_near(text, marks, i, &near);
        for (size_t t = 0; t < rules->together_count; t++) {
            const struct rules_together *one = &rules->together[t];
            uint32_t last;
            if ((one->bits & begins) && !(one->bits & ~near.sets) && stand(one, &near, &last))
                hit(room, one->rule, marks->marks[i].first, last);
        }
    }
    mem_free(marks->marks);
    *marks = (struct rules_marks){0};
}
