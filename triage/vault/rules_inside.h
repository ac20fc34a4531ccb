/* rules_inside.h -- the rule set in memory. Only for rules.c, rules_load.c and rules_match.c. */
#ifndef TRIAGE_VAULT_RULES_INSIDE_H
#define TRIAGE_VAULT_RULES_INSIDE_H

#include "triage/vault/rules.h"
#include "triage/vault/words.h"

enum {
    RULES_MAX = 128,
    RULES_PHRASES_MAX = 8192,
    RULES_STEPS_MAX = 8,
    RULES_BUCKETS = 512,
    RULES_PEOPLE_MAX = 8,
    RULES_WORDS_MAX = 20000
};

/* One word of a phrase: "kill", "kill*", "*taniua"; with `gap`, up to four other words may stand before it. */
struct rules_step {
    char text[WORD_BYTES + 1];
    uint8_t len;
    uint8_t open_start, open_end, gap;
};

struct rules_phrase {
    struct rules_step steps[RULES_STEPS_MAX];
    uint8_t step_count;
    uint16_t rule;
    struct rules_phrase *next; /* in its bucket */
};

struct rules_rule {
    char *id, *says;
    int has_words;  /* a danger class */
    char *answer;   /* an answer's name, or NULL */
    json_t *values; /* list of the values that fire it */
    struct severity raises;
    int64_t within_s; /* sets the clock that long after arrival; 0: not */
    int64_t due_s;    /* 0: says nothing about it */
};

struct rules {
    unsigned version;
    struct rules_rule rules[RULES_MAX];
    size_t rule_count;
    struct rules_phrase *phrases;
    size_t phrase_count;
    struct rules_phrase *buckets[RULES_BUCKETS]; /* by the first two bytes of the first word */
    struct rules_phrase *loose;                  /* whose first word has an open start, or one byte */
    struct {
        int64_t from;
        uint8_t scope;
    } people[RULES_PEOPLE_MAX];
    size_t people_count;
    int64_t due_severe_s, due_other_s, due_voice_s;
};

static inline unsigned rules_bucket(const char *text)
{
    return ((unsigned)(unsigned char)text[0] * 31 + (unsigned char)text[1]) % RULES_BUCKETS;
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
