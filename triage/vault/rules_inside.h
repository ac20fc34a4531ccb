/* rules_inside.h -- the rule set in memory. Only for the files rules*.c. */
#ifndef TRIAGE_VAULT_RULES_INSIDE_H
#define TRIAGE_VAULT_RULES_INSIDE_H

#include "triage/vault/rules.h"
#include "triage/vault/words.h"

enum {
    RULES_MAX = 128,
    RULES_PHRASES_MAX = 262144,
    RULES_STEPS_MAX = 8,
    RULES_BUCKETS = 32768,
    RULES_DEPTHS = 5,
    RULES_PEOPLE_MAX = 8,
    RULES_WORDS_MAX = 20000,
    RULES_DESK_BYTES = 16,
    RULES_SETS_MAX = 64,
    RULES_LANGUAGES_MAX = 16,
    RULES_TOGETHER_MAX = 512,
    RULES_NEAR_SETS = 4,
    RULES_SET_ID_MAX = 24
};

/* One word of a phrase: "kill", "kill*", "*taniua"; with `gap`, a few other words may stand before it. */
struct rules_step {
    uint32_t at; /* in the set's letters */
    uint8_t len;
    uint8_t open_start, open_end, gap;
};

struct rules_phrase {
    struct rules_phrase *next; /* in its bucket: one for each first word */
    struct rules_phrase *same; /* begins with the same word */
    uint64_t pairs;            /* of its first word (rules_pairs) */
    uint32_t steps;            /* where they begin in the set's */
    uint8_t step_count;
    uint16_t of; /* a rule's number; from RULES_MAX on a set's and its language's (rules_of_set) */
};

/* Words of these sets, near each other in one sentence, fire the rule. */
struct rules_together {
    uint64_t bits; /* of the sets */
    uint8_t sets[RULES_NEAR_SETS];
    uint8_t count;
    uint16_t rule;
};

struct rules_rule {
    char *id, *says;
    char *desk;          /* whose it is, or NULL */
    int has_words;       /* a danger class */
    unsigned most_words; /* of the sentence that its words stand in; 0: any number */
    char *answer;        /* an answer's name, or NULL */
    json_t *values;      /* list of the values that fire it */
    struct severity raises;
    int64_t within_s; /* sets the clock that long after arrival; 0: not */
    int64_t due_s;    /* 0: says nothing about it */
};

struct rules {
    unsigned version;
    struct rules_rule rules[RULES_MAX];
    size_t rule_count;
    struct rules_step *steps; /* of all phrases, one behind the other, and so are their letters */
    size_t step_count, step_room;
    char *letters;
    size_t letters_len, letters_room;
    struct rules_phrase *phrases;
    size_t phrase_count;
    /* By their first word: one that is not open by all of it; one that is open at its end by how it begins, at its
     * start by how it ends, as deep as it is long (rules_depth). */
    struct rules_phrase *whole[RULES_BUCKETS];
    struct rules_phrase *beginnings[RULES_DEPTHS][RULES_BUCKETS];
    struct rules_phrase *endings[RULES_DEPTHS][RULES_BUCKETS];
    struct rules_phrase *loose; /* open at both ends, or one byte */
    char set_ids[RULES_SETS_MAX][RULES_SET_ID_MAX + 1];
    size_t set_count;
    char languages[RULES_LANGUAGES_MAX][9]; /* of the sets */
    size_t language_count;
    struct rules_together together[RULES_TOGETHER_MAX];
    size_t together_count;
    struct {
        int64_t from;
        uint8_t scope;
    } people[RULES_PEOPLE_MAX];
    size_t people_count;
    int64_t due_severe_s, due_other_s, due_voice_s;
};

static inline const struct rules_step *rules_steps(const struct rules *rules, const struct rules_phrase *phrase)
{
    return &rules->steps[phrase->steps];
}

static inline unsigned rules_whole(const char *text, size_t len)
{
    unsigned hash = 5381;
    for (size_t i = 0; i < len; i++)
        hash = hash * 33 + (unsigned char)text[i];
    return hash % RULES_BUCKETS;
}

/* Which pairs of bytes stand in it, as bits that several pairs share: what lacks one of a word's cannot have that word
 * inside. Nearly all that is held against a word of a text ends here. */
static inline uint64_t rules_pairs(const char *text, size_t len)
{
    uint64_t pairs = 0;
    for (size_t i = 1; i < len; i++)
        pairs |= UINT64_C(1) << (((unsigned)(unsigned char)text[i - 1] * 37 + (unsigned char)text[i] * 11) % 64);
    return pairs;
}

/* So many bytes of a word are looked at; a word is filed as deep as it goes, so that no list is long. */
static inline size_t rules_deep(size_t depth)
{
    static const uint8_t bytes[RULES_DEPTHS] = {2, 4, 6, 9, 12};
    return bytes[depth];
}

static inline size_t rules_depth(size_t len)
{
    size_t depth = RULES_DEPTHS - 1;
    while (depth > 0 && len < rules_deep(depth))
        depth--;
    return depth;
}

static inline unsigned rules_beginning(const char *text, size_t depth)
{
    return rules_whole(text, rules_deep(depth));
}

static inline unsigned rules_ending(const char *text, size_t len, size_t depth)
{
    return rules_whole(text + len - rules_deep(depth), rules_deep(depth));
}

/* A text cut into words once, for all phrases. */
struct rules_text {
    const char *text;
    struct word *words;
    size_t count;
};
/* Call `hit` for every phrase found: what it is of, and the numbers of its first and its last word. In the order of the
 * text, and of the file where several begin at one word. */
typedef void rules_hit_fn(void *room, uint16_t of, size_t first, size_t last);
void rules_match(const struct rules *rules, const struct rules_text *text, rules_hit_fn *hit, void *room);

static inline uint16_t rules_of_set(size_t set, size_t language)
{
    return (uint16_t)(RULES_MAX + set * RULES_LANGUAGES_MAX + language);
}

/* Where words of the sets stand in a text, in its order. */
struct rules_mark {
    uint32_t first, last, sentence;
    uint16_t of;
};
struct rules_marks {
    struct rules_mark *marks;
    size_t count, room;
};
/* Keeps one more; beyond RULES_WORDS_MAX of them none. */
void rules_mark(struct rules_marks *marks, uint16_t of, size_t first, size_t last);
/* Calls `hit` with the rule for sets that stand together: all in one sentence, in one language's words, in a stretch of
 * eight words, no two at the same word. Frees the marks. */
void rules_look_together(const struct rules *rules, const struct rules_text *text, struct rules_marks *marks,
                         rules_hit_fn *hit, void *room);
/* Where a sentence ends: 1 if it does at `at`, before `end`. */
int rules_ends_sentence(const char *at, const char *end);

/* rules_sets.c: the sets out of their JSON, before the rules; and what a rule says of them, after its phrases. */
MUST_CHECK enum err rules_read_sets(struct rules *rules, const json_t *sets, char says[static SAYS_SIZE]);
MUST_CHECK enum err rules_read_together(struct rules *rules, size_t rule, const json_t *together,
                                        char says[static SAYS_SIZE]);
/* A set that no rule names, or NULL. */
const char *rules_idle_set(const struct rules *rules);

/* rules_read.c: phrases of a language, `what` ("rule words.life") for the sentence. */
MUST_CHECK enum err rules_read_phrases(struct rules *rules, const char *what, uint16_t of, const char *language,
                                       const json_t *list, char says[static SAYS_SIZE]);

#endif
