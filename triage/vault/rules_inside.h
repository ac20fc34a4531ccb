/* rules_inside.h -- the rule set in memory. Only for rules.c, rules_read.c, rules_load.c and rules_match.c. */
#ifndef TRIAGE_VAULT_RULES_INSIDE_H
#define TRIAGE_VAULT_RULES_INSIDE_H

#include "triage/vault/rules.h"
#include "triage/vault/words.h"

enum {
    RULES_MAX = 128,
    RULES_PHRASES_MAX = 16384,
    RULES_STEPS_MAX = 8,
    RULES_BUCKETS = 4096,
    RULES_PEOPLE_MAX = 8,
    RULES_WORDS_MAX = 20000,
    RULES_DESK_BYTES = 16
};

/* One word of a phrase: "kill", "kill*", "*taniua"; with `gap`, a few other words may stand before it. */
struct rules_step {
    uint32_t at; /* in the set's letters */
    uint8_t len;
    uint8_t open_start, open_end, gap;
};

struct rules_phrase {
    struct rules_phrase *next; /* in its bucket */
    uint64_t pairs;            /* of its first word (rules_pairs) */
    struct rules_step steps[RULES_STEPS_MAX];
    uint8_t step_count;
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
    char *letters; /* of all steps, one behind the other */
    size_t letters_len, letters_room;
    struct rules_phrase *phrases;
    size_t phrase_count;
    struct rules_phrase *whole[RULES_BUCKETS];      /* first word not open: by all of it */
    struct rules_phrase *beginnings[RULES_BUCKETS]; /* first word open at its end only: by how it begins */
    struct rules_phrase *endings[RULES_BUCKETS];    /* first word open at its start only: by its last two bytes */
    struct rules_phrase *loose;                     /* first word open at both ends, or one byte */
    struct {
        int64_t from;
        uint8_t scope;
    } people[RULES_PEOPLE_MAX];
    size_t people_count;
    int64_t due_severe_s, due_other_s, due_voice_s;
};

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

/* The first letter, and of those in ASCII the second byte too. `len` is 2 at least, or a whole letter. */
static inline unsigned rules_beginning(const char *text, size_t len)
{
    unsigned char c = (unsigned char)text[0];
    size_t bytes = c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
    unsigned hash = 0;
    for (size_t i = 0; i < bytes && i < len; i++)
        hash = hash * 31 + (unsigned char)text[i];
    return hash % RULES_BUCKETS;
}

static inline unsigned rules_ending(const char *text, size_t len)
{
    return ((unsigned)(unsigned char)text[len - 1] * 31 + (unsigned char)text[len - 2]) % RULES_BUCKETS;
}

/* A text cut into words once, for all phrases. */
struct rules_text {
    const char *text;
    struct word *words;
    size_t count;
};
/* Call `hit` for every phrase found: its rule, and the bytes of the text from its first word to its last. */
typedef void rules_hit_fn(void *room, uint16_t rule, const char *from, size_t len);
void rules_match(const struct rules *rules, const struct rules_text *text, rules_hit_fn *hit, void *room);

#endif
