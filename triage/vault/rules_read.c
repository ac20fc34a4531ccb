/* rules_read.c -- a rule set out of its JSON: every fault is a sentence for whoever maintains it, with the rule's id
 * and the phrase's number. What nobody reads is refused too: a misspelt field would be a rule that quietly does less.
 * Neighbours: rules_load.c reads the file, rules_match.c uses what is built here. */
#include <stdio.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/text/json.h"
#include "triage/vault/rules_inside.h"

enum { HOUR = 3600, TEXT_MAX = 256, ID_MAX = 40, HOURS_MAX = 8760, MOST_WORDS = 40 };

/* ---- what may stand where ---- */

/* The first key that is not in `known` (which ends with NULL), or NULL. */
static const char *stranger(const json_t *object, const char *const *known)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        const char *const *one = known;
        while (*one && strcmp(*one, key) != 0)
            one++;
        if (!*one)
            return key;
    }
    return NULL;
}

static int is_code(const char *text, size_t max)
{
    size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-");
    return len > 0 && len <= max && text[len] == 0;
}

/* ---- phrases ---- */

/* How many phrases there are, and how many bytes their words take at most: pairs overlap, so each letter stands in two.
 */
static size_t count_phrases(const json_t *by_language, size_t *bytes)
{
    size_t i, count = 0;
    json_t *list, *text;
    const char *language;
    json_object_foreach((json_t *)(uintptr_t)by_language, language, list)
    {
        count += json_array_size(list);
        json_array_foreach(list, i, text) *bytes += 2 * json_string_length(text);
    }
    return count;
}

static size_t count_all(const json_t *words, const json_t *sets, size_t *bytes)
{
    size_t i, count = 0;
    json_t *rule, *set;
    const char *id;
    *bytes = 1;
    json_array_foreach(words, i, rule) count += count_phrases(json_object_get(rule, "phrases"), bytes);
    json_object_foreach((json_t *)(uintptr_t)sets, id, set) count += count_phrases(set, bytes);
    return count;
}

static struct rules_step *next_step(struct rules *rules)
{
    if (rules->step_count == rules->step_room) {
        rules->step_room = rules->step_room ? 2 * rules->step_room : 256;
        rules->steps = mem_grow(rules->steps, rules->step_room * sizeof *rules->steps);
    }
    return &rules->steps[rules->step_count++];
}

/* One blank-separated piece of a phrase: "..", or a word with its stars. A piece that the tokenizer splits ("j'ai")
 * gives several steps. 0: no room, no word in it, or a star inside. */
static int add_piece(struct rules *rules, struct rules_phrase *phrase, const char *piece, size_t len, int *gap)
{
    int open_start = piece[0] == '*', open_end = len > 1 && piece[len - 1] == '*';
    struct words words;
    struct word word;
    size_t first = phrase->step_count;
    if (len > 2 && memchr(piece + 1, '*', len - 2))
        return 0;
    words_begin(&words, piece, len);
    while (words_next(&words, &word)) {
        if (phrase->step_count == RULES_STEPS_MAX)
            return 0;
        struct rules_step *step = next_step(rules);
        phrase->step_count++;
        *step = (struct rules_step){.at = (uint32_t)rules->letters_len, .len = (uint8_t)word.len, .gap = (uint8_t)*gap};
        need(word.len <= rules->letters_room - rules->letters_len);
        memcpy(rules->letters + rules->letters_len, word.text, word.len);
        rules->letters_len += word.len;
        *gap = 0;
    }
    if (phrase->step_count == first)
        return 0;
    rules->steps[phrase->steps + first].open_start = (uint8_t)open_start;
    rules->steps[rules->step_count - 1].open_end = (uint8_t)open_end;
    return 1;
}

/* NULL, or what is wrong with it. */
static const char *read_phrase(struct rules *rules, struct rules_phrase *phrase, const char *text)
{
    int gap = 0;
    phrase->steps = (uint32_t)rules->step_count;
    while (*text) {
        size_t len = strcspn(text, " ");
        if (len == 2 && memcmp(text, "..", 2) == 0)
            gap = 1;
        else if (len > 0 && !add_piece(rules, phrase, text, len, &gap))
            return "has a piece without letters, a star inside a word, or more than 8 words";
        text += len + (text[len] == ' ');
    }
    if (phrase->step_count == 0)
        return "is empty";
    if (gap || rules_steps(rules, phrase)->gap)
        return "begins or ends with ..";
    if (phrase->step_count == 1 && rules_steps(rules, phrase)->len < 2)
        return "is a single letter, which would fire everywhere";
    return NULL;
}

static int begins_alike(const struct rules *rules, const struct rules_phrase *a, const struct rules_phrase *b)
{
    const struct rules_step *x = rules_steps(rules, a), *y = rules_steps(rules, b);
    return x->len == y->len && x->open_start == y->open_start && x->open_end == y->open_end &&
           memcmp(rules->letters + x->at, rules->letters + y->at, x->len) == 0;
}

static void file_phrase(struct rules *rules, struct rules_phrase *phrase)
{
    const struct rules_step *first = rules_steps(rules, phrase);
    const char *letters = rules->letters + first->at;
    struct rules_phrase **list = &rules->loose;
    size_t depth = rules_depth(first->len);
    if (!first->open_start && !first->open_end)
        list = &rules->whole[rules_whole(letters, first->len)];
    else if (first->len >= 2 && !first->open_start)
        list = &rules->beginnings[depth][rules_beginning(letters, depth)];
    else if (first->len >= 2 && !first->open_end)
        list = &rules->endings[depth][rules_ending(letters, first->len, depth)];
    phrase->pairs = rules_pairs(letters, first->len);
    for (struct rules_phrase *head = *list; head; head = head->next)
        if (begins_alike(rules, head, phrase)) {
            phrase->same = head->same;
            head->same = phrase;
            return;
        }
    phrase->next = *list;
    *list = phrase;
}

enum err rules_read_phrases(struct rules *rules, const char *what, uint16_t of, const char *language,
                            const json_t *list, char says[static SAYS_SIZE])
{
    json_t *text;
    size_t i;
    if (!is_code(language, 8) || !json_is_array(list))
        return says_fail(says, ERR_MALFORMED, "%s: phrases are lists, each under the code of its language", what);
    json_array_foreach(list, i, text)
    {
        struct rules_phrase *phrase = &rules->phrases[rules->phrase_count];
        phrase->of = of;
        const char *fault =
            json_is_string(text) ? read_phrase(rules, phrase, json_string_value(text)) : "is not a text";
        if (fault)
            return says_fail(says, ERR_MALFORMED, "%s: phrase %zu of %s %s", what, i + 1, language, fault);
        file_phrase(rules, phrase);
        rules->phrase_count++;
    }
    return ERR_OK;
}

/* What fires a rule: phrases, sets that stand together, or both. */
static enum err read_words(struct rules *rules, size_t number, const json_t *json, char says[static SAYS_SIZE])
{
    json_t *by_language = json_object_get(json, "phrases"), *together = json_object_get(json, "together"), *list;
    const char *id = rules->rules[number].id, *language;
    char what[ID_MAX + 8];
    if ((by_language || !together) && (!json_is_object(by_language) || json_object_size(by_language) == 0))
        return says_fail(says, ERR_MALFORMED, "rule %s has no phrases", id);
    snprintf(what, sizeof what, "rule %s", id);
    json_object_foreach(by_language, language, list)
    {
        enum err err = rules_read_phrases(rules, what, (uint16_t)number, language, list, says);
        if (err != ERR_OK)
            return err;
    }
    return together ? rules_read_together(rules, number, together, says) : ERR_OK;
}

/* ---- a rule ---- */

static enum err read_raises(struct rules_rule *rule, const json_t *raises, char says[static SAYS_SIZE])
{
    static const char *const known[] = {"danger_now",      "grave",        "ongoing",   "scale", "scope",
                                        "irremediability", "within_hours", "due_hours", NULL};
    struct json_fault fault = {0};
    int danger_now = 0, grave = 0, ongoing = 0;
    int64_t scale = 0, scope = 0, irremediability = 0, within = 0, due = 0;
    enum err err = ERR_OK;
    if (!json_is_object(raises) || json_object_size(raises) == 0)
        return says_fail(says, ERR_MALFORMED, "rule %s raises nothing", rule->id);
    if (stranger(raises, known))
        return says_fail(says, ERR_MALFORMED, "rule %s: nothing raises %.40s", rule->id, stranger(raises, known));
    if ((err = json_flag(raises, "danger_now", JSON_MAY_MISS, &danger_now, &fault)) != ERR_OK ||
        (err = json_flag(raises, "grave", JSON_MAY_MISS, &grave, &fault)) != ERR_OK ||
        (err = json_flag(raises, "ongoing", JSON_MAY_MISS, &ongoing, &fault)) != ERR_OK ||
        (err = json_int(raises, "scale", JSON_MAY_MISS, 1, 4, &scale, &fault)) != ERR_OK ||
        (err = json_int(raises, "scope", JSON_MAY_MISS, 1, 4, &scope, &fault)) != ERR_OK ||
        (err = json_int(raises, "irremediability", JSON_MAY_MISS, 1, 4, &irremediability, &fault)) != ERR_OK ||
        (err = json_int(raises, "within_hours", JSON_MAY_MISS, 1, HOURS_MAX, &within, &fault)) != ERR_OK ||
        (err = json_int(raises, "due_hours", JSON_MAY_MISS, 1, HOURS_MAX, &due, &fault)) != ERR_OK)
        return says_fail(says, err, "rule %s: %s %s", rule->id, fault.field ? fault.field : "a field", fault.says);
    rule->raises = (struct severity){.danger_now = (uint8_t)danger_now,
                                     .grave = (uint8_t)grave,
                                     .ongoing = (uint8_t)ongoing,
                                     .scale = (uint8_t)scale,
                                     .scope = (uint8_t)scope,
                                     .irremediability = (uint8_t)irremediability};
    rule->within_s = within * HOUR;
    rule->due_s = due * HOUR;
    return ERR_OK;
}

static int is_taken(const struct rules *rules, const char *id)
{
    for (size_t i = 0; i < rules->rule_count; i++)
        if (strcmp(rules->rules[i].id, id) == 0)
            return 1;
    return 0;
}

/* Its id, what it says, whose desk it is: what rules of words and of answers have in common. NULL and *err where it
 * cannot be read. */
static struct rules_rule *begin_rule(struct rules *rules, const json_t *json, enum err *err,
                                     char says[static SAYS_SIZE])
{
    struct json_fault fault = {0};
    const char *id = "", *sentence = "", *desk = NULL;
    size_t number = rules->rule_count + 1;
    *err = ERR_OK;
    if (number > RULES_MAX)
        *err = says_fail(says, ERR_TOO_BIG, "more than %d rules", RULES_MAX);
    else if (json_text(json, "id", JSON_REQUIRED, ID_MAX, &id, &fault) != ERR_OK ||
             json_text(json, "says", JSON_REQUIRED, TEXT_MAX, &sentence, &fault) != ERR_OK)
        *err = says_fail(says, ERR_MALFORMED, "rule %zu: %s %s", number, fault.field, fault.says);
    else if (is_taken(rules, id))
        *err = says_fail(says, ERR_CONFLICT, "rule %zu: there is a rule %s already", number, id);
    else if (json_text(json, "desk", JSON_MAY_MISS, RULES_DESK_BYTES, &desk, &fault) != ERR_OK)
        *err = says_fail(says, ERR_MALFORMED, "rule %s: desk %s", id, fault.says);
    else if (desk && !is_code(desk, RULES_DESK_BYTES))
        *err = says_fail(says, ERR_MALFORMED, "rule %s: a desk is named by its code, of a to z, digits, _ and -", id);
    if (*err != ERR_OK)
        return NULL;
    struct rules_rule *rule = &rules->rules[rules->rule_count++];
    rule->id = mem_copy_text(id);
    rule->says = mem_copy_text(sentence);
    rule->desk = desk ? mem_copy_text(desk) : NULL;
    *err = read_raises(rule, json_object_get(json, "raises"), says);
    return *err == ERR_OK ? rule : NULL;
}

static enum err read_words_rule(struct rules *rules, const json_t *json, char says[static SAYS_SIZE])
{
    static const char *const known[] = {"id", "says", "desk", "most_words", "raises", "phrases", "together", NULL};
    struct json_fault fault = {0};
    int64_t most = 0;
    enum err err;
    struct rules_rule *rule = begin_rule(rules, json, &err, says);
    if (!rule)
        return err;
    if (stranger(json, known))
        return says_fail(says, ERR_MALFORMED, "rule %s: there is no field %.40s", rule->id, stranger(json, known));
    if ((err = json_int(json, "most_words", JSON_MAY_MISS, 1, MOST_WORDS, &most, &fault)) != ERR_OK)
        return says_fail(says, err, "rule %s: most_words %s", rule->id, fault.says);
    rule->has_words = 1;
    rule->most_words = (unsigned)most;
    return read_words(rules, (size_t)(rule - rules->rules), json, says);
}

static enum err read_answer_rule(struct rules *rules, const json_t *json, char says[static SAYS_SIZE])
{
    static const char *const known[] = {"id", "says", "desk", "raises", "answer", "values", NULL};
    struct json_fault fault = {0};
    const char *answer = NULL;
    enum err err;
    struct rules_rule *rule = begin_rule(rules, json, &err, says);
    if (!rule)
        return err;
    if (stranger(json, known))
        return says_fail(says, ERR_MALFORMED, "rule %s: there is no field %.40s", rule->id, stranger(json, known));
    rule->values = json_incref(json_object_get(json, "values"));
    if (json_text(json, "answer", JSON_REQUIRED, ID_MAX, &answer, &fault) != ERR_OK ||
        json_array_size(rule->values) == 0)
        return says_fail(says, ERR_MALFORMED, "rule %s needs an answer and its values", rule->id);
    rule->answer = mem_copy_text(answer);
    return ERR_OK;
}

/* ---- the set ---- */

static enum err read_people(struct rules *rules, const json_t *people, char says[static SAYS_SIZE])
{
    size_t i;
    json_t *row;
    struct json_fault fault = {0};
    int64_t before = 0;
    json_array_foreach(people, i, row)
    {
        int64_t from, scope;
        if (i == RULES_PEOPLE_MAX || json_int(row, "from", JSON_REQUIRED, 1, INT64_MAX, &from, &fault) != ERR_OK ||
            json_int(row, "scope", JSON_REQUIRED, 1, 4, &scope, &fault) != ERR_OK || from <= before)
            return says_fail(says, ERR_MALFORMED,
                             "row %zu of people cannot be read, or does not begin behind the one before", i + 1);
        rules->people[i].from = before = from;
        rules->people[i].scope = (uint8_t)scope;
        rules->people_count++;
    }
    return ERR_OK;
}

static enum err read_times(struct rules *rules, const json_t *json, char says[static SAYS_SIZE])
{
    struct json_fault fault = {0};
    int64_t version, severe, other, voice;
    const json_t *due = json_object_get(json, "due_hours");
    if (json_int(json, "version", JSON_REQUIRED, 1, RULES_VERSION_MAX, &version, &fault) != ERR_OK ||
        json_int(due, "severe", JSON_REQUIRED, 1, HOURS_MAX, &severe, &fault) != ERR_OK ||
        json_int(due, "other", JSON_REQUIRED, 1, HOURS_MAX, &other, &fault) != ERR_OK ||
        json_int(due, "voice", JSON_REQUIRED, 1, HOURS_MAX, &voice, &fault) != ERR_OK)
        return says_fail(says, ERR_MALFORMED, "%s %s", fault.field ? fault.field : "the set", fault.says);
    rules->version = (unsigned)version;
    rules->due_severe_s = severe * HOUR;
    rules->due_other_s = other * HOUR;
    rules->due_voice_s = voice * HOUR;
    return ERR_OK;
}

static enum err read_set(struct rules *rules, const json_t *json, char says[static SAYS_SIZE])
{
    static const char *const known[] = {"version", "due_hours", "people", "sets", "words", "answers", NULL};
    const json_t *words = json_object_get(json, "words"), *answers = json_object_get(json, "answers");
    const json_t *sets = json_object_get(json, "sets");
    size_t i, bytes, phrases = count_all(words, sets, &bytes);
    json_t *rule;
    if (stranger(json, known))
        return says_fail(says, ERR_MALFORMED, "there is no field %.40s", stranger(json, known));
    enum err err = read_times(rules, json, says);
    if (err != ERR_OK)
        return err;
    if (phrases == 0 || phrases > RULES_PHRASES_MAX)
        return says_fail(says, ERR_TOO_BIG, "there must be 1 to %d phrases", RULES_PHRASES_MAX);
    rules->phrases = mem_new_array(phrases, sizeof *rules->phrases);
    rules->letters = mem_new(bytes);
    rules->letters_room = bytes;
    err = read_people(rules, json_object_get(json, "people"), says);
    if (err == ERR_OK && sets)
        err = rules_read_sets(rules, sets, says);
    json_array_foreach(words, i, rule) if (err == ERR_OK) err = read_words_rule(rules, rule, says);
    json_array_foreach(answers, i, rule) if (err == ERR_OK) err = read_answer_rule(rules, rule, says);
    if (err == ERR_OK && rules_idle_set(rules))
        err = says_fail(says, ERR_MALFORMED, "set %s: no rule names it", rules_idle_set(rules));
    return err;
}

enum err rules_from(const json_t *json, struct rules **out, char says[static SAYS_SIZE])
{
    struct rules *rules = mem_new(sizeof *rules);
    enum err err = read_set(rules, json, says);
    if (err == ERR_OK)
        *out = rules;
    else
        rules_free(rules);
    return err;
}

void rules_free(struct rules *rules)
{
    if (!rules)
        return;
    for (size_t i = 0; i < rules->rule_count; i++) {
        struct rules_rule *rule = &rules->rules[i];
        mem_free(rule->id);
        mem_free(rule->says);
        mem_free(rule->desk);
        mem_free(rule->answer);
        json_decref(rule->values);
    }
    mem_free(rules->phrases);
    mem_free(rules->steps);
    mem_free(rules->letters);
    mem_free(rules);
}
