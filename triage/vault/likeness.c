/* likeness.c -- see likeness.h. Rare is what stands in few messages; a word in no impact cannot link and is not asked.
 */
#include "triage/vault/likeness.h"

#include <stdio.h>
#include <string.h>

#include "common/base/code.h"
#include "common/text/utf8.h"
#include "triage/vault/case_state.h"
#include "triage/vault/impacts.h"
#include "triage/vault/search.h"
#include "triage/vault/words.h"

enum { RAREST = 10, LEAST_SHARED = 2, PROPOSED_MAX = 3, CANDIDATES = 8, LEAST_LETTERS = 4, MESSAGE_WORDS_MAX = 400 };

struct rare {
    char words[RAREST][72];
    size_t often[RAREST];
    size_t count;
};

static void rare_add(struct rare *rare, const char *word, size_t often)
{
    size_t at = rare->count;
    for (size_t i = 0; i < rare->count; i++)
        if (strcmp(rare->words[i], word) == 0)
            return;
    while (at > 0 && rare->often[at - 1] > often)
        at--;
    if (at == RAREST)
        return;
    size_t moved = (rare->count < RAREST ? rare->count : RAREST - 1) - at;
    memmove(rare->words[at + 1 < RAREST ? at + 1 : at], rare->words[at], moved * sizeof rare->words[0]);
    memmove(&rare->often[at + 1 < RAREST ? at + 1 : at], &rare->often[at], moved * sizeof rare->often[0]);
    snprintf(rare->words[at], sizeof rare->words[at], "%s", word);
    rare->often[at] = often;
    if (rare->count < RAREST)
        rare->count++;
}

/* Short words of spaced scripts join sentences; pairs of other scripts are always two letters. */
static int is_telling(const struct word *word)
{
    return word->is_pair || utf8_count(word->text, word->len) >= LEAST_LETTERS;
}

static void find_rarest(struct vault *vault, const char *text, size_t len, struct rare *rare)
{
    struct words words;
    struct word word;
    words_begin(&words, text, len);
    for (unsigned i = 0; i < MESSAGE_WORDS_MAX && words_next(&words, &word); i++) {
        size_t all;
        if (!is_telling(&word) || search_impact_frequency(vault->search, word.text) == 0)
            continue;
        size_t often = search_frequency(vault->search, word.text, &all);
        /* In a fifth of many messages: such a word tells nothing. */
        if (all < 50 || often * 5 < all)
            rare_add(rare, word.text, often);
    }
}

static json_t *shared_words(const struct impact *impact, const struct rare *rare)
{
    static const char *const fields[] = {"title", "what"};
    json_t *shared = json_array();
    for (size_t r = 0; r < rare->count; r++) {
        int found = 0;
        for (size_t f = 0; f < 2 && !found; f++) {
            struct words words;
            struct word word;
            const char *text = state_text(impact->json, fields[f]);
            words_begin(&words, text, strlen(text));
            while (!found && words_next(&words, &word))
                found = strcmp(word.text, rare->words[r]) == 0;
        }
        if (found)
            json_array_append_new(shared, json_string(rare->words[r]));
    }
    return shared;
}

static int is_linked(json_t *links, const char *id)
{
    size_t i;
    json_t *link;
    json_array_foreach(links, i, link) if (strcmp(state_text(link, "impact"), id) == 0) return 1;
    return 0;
}

void likeness_propose(struct vault *vault, const char *text, size_t len, json_t *state)
{
    struct rare rare = {.count = 0};
    uint32_t like[CANDIDATES];
    unsigned proposed = 0;
    find_rarest(vault, text, len, &rare);
    size_t count =
        rare.count < LEAST_SHARED ? 0 : search_impacts_like(vault->search, rare.words, rare.count, like, CANDIDATES);
    for (size_t i = 0; i < count && proposed < PROPOSED_MAX; i++) {
        const struct impact *impact = impacts_at(vault->impacts, like[i]);
        json_t *words = shared_words(impact, &rare);
        char id[CODE_ID_SIZE];
        code_id(impact->id, id);
        if (json_array_size(words) >= LEAST_SHARED && !is_linked(state_list(state, "links"), id)) {
            json_array_append_new(state_list(state, "links"),
                                  json_pack("{s:s,s:s,s:O,s:b,s:s}", "impact", id, "proposed_by", "words", "words",
                                            words, "confirmed", 0, "reason", ""));
            proposed++;
        }
        json_decref(words);
    }
}
