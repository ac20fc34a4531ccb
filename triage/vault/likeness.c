/* likeness.c -- see likeness.h. Rare is what stands in few messages; a word in no impact cannot link and is not asked.
 */
#include "triage/vault/likeness.h"

#include <stdio.h>
#include <string.h>

#include "common/base/code.h"
#include "common/text/utf8.h"
#include "triage/vault/case_state.h"
#include "triage/vault/entry.h"
#include "triage/vault/impacts.h"
#include "triage/vault/message.h"
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

/* ---- codes in common ---- */

static void add_code(json_t *shared, const char *list, const char *code)
{
    size_t i;
    json_t *one;
    json_array_foreach(shared, i, one) if (strcmp(state_text(one, "list"), list) == 0 &&
                                           strcmp(state_text(one, "code"), code) == 0) return;
    json_array_append_new(shared, json_pack("{s:s,s:s}", "list", list, "code", code));
}

/* A rule's id as the code lists have it: "words.life" is words_life. */
static const struct codes_row *danger_of(const struct vault *vault, const char *rule)
{
    char code[CODES_CODE_MAX + 1];
    snprintf(code, sizeof code, "%s", rule);
    for (char *at = code; *at; at++)
        if (*at == '.')
            *at = '_';
    return codes_find(vault->codes, "danger", code);
}

static json_t *shared_codes(const struct vault *vault, const struct impact *impact, const json_t *answers,
                            const json_t *state)
{
    json_t *shared = json_array(), *one;
    const json_t *groups = json_object_get(impact->json, "groups"), *rights = json_object_get(impact->json, "rights");
    size_t i;
    json_array_foreach(json_object_get(answers, "groups"), i,
                       one) if (json_is_string(one) && entry_holds(groups, json_string_value(one)))
        add_code(shared, "group", json_string_value(one));
    if (json_is_true(json_object_get(answers, "under_18")) && entry_holds(groups, "child"))
        add_code(shared, "group", "child");
    json_array_foreach(json_object_get(json_object_get(state, "proposal"), "fired"), i, one)
    {
        const struct codes_row *row = danger_of(vault, state_text(one, "rule"));
        for (size_t r = 0; row && r < row->to_count; r++)
            if (entry_holds(rights, row->to[r]))
                add_code(shared, "right", row->to[r]);
    }
    return shared;
}

/* ---- proposing ---- */

static int is_linked(json_t *links, const char *id)
{
    size_t i;
    json_t *link;
    json_array_foreach(links, i, link) if (strcmp(state_text(link, "impact"), id) == 0) return 1;
    return 0;
}

struct candidate {
    const struct impact *impact;
    json_t *words, *codes;
    size_t score;
};

static void weigh(const struct vault *vault, const struct impact *impact, const struct rare *rare,
                  const struct message *message, const json_t *state, struct candidate *out)
{
    size_t words, codes;
    *out = (struct candidate){.impact = impact,
                              .words = shared_words(impact, rare),
                              .codes = shared_codes(vault, impact, message->answers, state)};
    words = json_array_size(out->words);
    codes = json_array_size(out->codes);
    if (words >= LEAST_SHARED || (words && codes))
        out->score = words + codes;
}

static void propose(json_t *state, const struct candidate *candidate)
{
    char id[CODE_ID_SIZE];
    code_id(candidate->impact->id, id);
    json_array_append_new(state_list(state, "links"),
                          json_pack("{s:s,s:s,s:O,s:O,s:b,s:s}", "impact", id, "proposed_by", "words", "words",
                                    candidate->words, "codes", candidate->codes, "confirmed", 0, "reason", ""));
}

void likeness_propose(struct vault *vault, const struct message *message, json_t *state)
{
    struct rare rare = {.count = 0};
    uint32_t like[CANDIDATES];
    struct candidate candidates[CANDIDATES];
    struct buf words = BUF_INIT(MESSAGE_FOUND_MAX);
    message_words(message->json, &words);
    find_rarest(vault, buf_text(&words), words.len, &rare);
    buf_free(&words);
    size_t count = rare.count ? search_impacts_like(vault->search, rare.words, rare.count, like, CANDIDATES) : 0;
    for (size_t i = 0; i < count; i++)
        weigh(vault, impacts_at(vault->impacts, like[i]), &rare, message, state, &candidates[i]);
    for (unsigned proposed = 0; proposed < PROPOSED_MAX; proposed++) {
        struct candidate *best = NULL;
        /* The first of equals: search has the most alike first. */
        for (size_t i = 0; i < count; i++) {
            char id[CODE_ID_SIZE];
            code_id(candidates[i].impact->id, id);
            if (candidates[i].score > (best ? best->score : 0) && !is_linked(state_list(state, "links"), id))
                best = &candidates[i];
        }
        if (!best)
            break;
        propose(state, best);
    }
    for (size_t i = 0; i < count; i++) {
        json_decref(candidates[i].words);
        json_decref(candidates[i].codes);
    }
}
