/* rules_load.c -- reading a rule set: every fault is a sentence for whoever maintains it, with the rule's id. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/num.h"
#include "common/text/json.h"
#include "triage/vault/rules_inside.h"

enum { HOUR = 3600, TEXT_MAX = 256 };

/* ---- phrases ---- */

static size_t count_phrases(const json_t *words)
{
    size_t i, count = 0;
    json_t *rule, *list;
    const char *language;
    json_array_foreach(words, i, rule) json_object_foreach(json_object_get(rule, "phrases"), language, list) count +=
        json_array_size(list);
    return count;
}

/* One blank-separated piece of a phrase: "..", or a word with its stars. A piece that the tokenizer splits ("j'ai")
 * gives several steps. 0: no room. */
static int add_piece(struct rules_phrase *phrase, const char *piece, size_t len, int *gap)
{
    int open_start = piece[0] == '*', open_end = len > 1 && piece[len - 1] == '*';
    struct words words;
    struct word word;
    size_t first = phrase->step_count;
    words_begin(&words, piece, len);
    while (words_next(&words, &word)) {
        if (phrase->step_count == RULES_STEPS_MAX)
            return 0;
        struct rules_step *step = &phrase->steps[phrase->step_count++];
        memcpy(step->text, word.text, sizeof step->text);
        step->len = (uint8_t)word.len;
        step->gap = (uint8_t)*gap;
        *gap = 0;
    }
    if (phrase->step_count == first)
        return 0;
    phrase->steps[first].open_start = (uint8_t)open_start;
    phrase->steps[phrase->step_count - 1].open_end = (uint8_t)open_end;
    return 1;
}

static int read_phrase(struct rules_phrase *phrase, const char *text)
{
    int gap = 0;
    while (*text) {
        size_t len = strcspn(text, " ");
        if (len == 2 && memcmp(text, "..", 2) == 0)
            gap = 1;
        else if (len > 0 && !add_piece(phrase, text, len, &gap))
            return 0;
        text += len + (text[len] == ' ');
    }
    return phrase->step_count > 0 && !gap && !phrase->steps[0].gap;
}

static void file_phrase(struct rules *rules, struct rules_phrase *phrase)
{
    const struct rules_step *first = &phrase->steps[0];
    struct rules_phrase **list = &rules->loose;
    if (!first->open_start && first->len >= 2)
        list = &rules->buckets[rules_bucket(first->text)];
    phrase->next = *list;
    *list = phrase;
}

static enum err read_phrases(struct rules *rules, const struct rules_rule *rule, json_t *by_language,
                             char says[static SAYS_SIZE])
{
    const char *language;
    json_t *list, *text;
    size_t i;
    if (!json_is_object(by_language) || json_object_size(by_language) == 0)
        return says_fail(says, ERR_MALFORMED, "rule %s has no phrases", rule->id);
    json_object_foreach(by_language, language, list) json_array_foreach(list, i, text)
    {
        struct rules_phrase *phrase = &rules->phrases[rules->phrase_count];
        phrase->rule = (uint16_t)(rule - rules->rules);
        if (!json_is_string(text) || !read_phrase(phrase, json_string_value(text)))
            return says_fail(says, ERR_MALFORMED, "rule %s: phrase %zu of %s cannot be read", rule->id, i + 1,
                             language);
        file_phrase(rules, phrase);
        rules->phrase_count++;
    }
    return ERR_OK;
}

/* ---- a rule ---- */

static enum err read_raises(struct rules_rule *rule, const json_t *raises, char says[static SAYS_SIZE])
{
    struct json_fault fault = {0};
    int danger_now = 0, grave = 0, ongoing = 0;
    int64_t scale = 0, scope = 0, irremediability = 0, within = 0, due = 0;
    enum err err = ERR_OK;
    if (!json_is_object(raises))
        return says_fail(says, ERR_MALFORMED, "rule %s raises nothing", rule->id);
    if ((err = json_flag(raises, "danger_now", JSON_MAY_MISS, &danger_now, &fault)) != ERR_OK ||
        (err = json_flag(raises, "grave", JSON_MAY_MISS, &grave, &fault)) != ERR_OK ||
        (err = json_flag(raises, "ongoing", JSON_MAY_MISS, &ongoing, &fault)) != ERR_OK ||
        (err = json_int(raises, "scale", JSON_MAY_MISS, 1, 4, &scale, &fault)) != ERR_OK ||
        (err = json_int(raises, "scope", JSON_MAY_MISS, 1, 4, &scope, &fault)) != ERR_OK ||
        (err = json_int(raises, "irremediability", JSON_MAY_MISS, 1, 4, &irremediability, &fault)) != ERR_OK ||
        (err = json_int(raises, "within_hours", JSON_MAY_MISS, 1, 8760, &within, &fault)) != ERR_OK ||
        (err = json_int(raises, "due_hours", JSON_MAY_MISS, 1, 8760, &due, &fault)) != ERR_OK)
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

static enum err read_rule(struct rules *rules, const json_t *json, int has_words, char says[static SAYS_SIZE])
{
    struct json_fault fault = {0};
    const char *id, *sentence, *answer = NULL;
    if (rules->rule_count == RULES_MAX)
        return says_fail(says, ERR_TOO_BIG, "more than %d rules", RULES_MAX);
    struct rules_rule *rule = &rules->rules[rules->rule_count];
    if (json_text(json, "id", JSON_REQUIRED, 40, &id, &fault) != ERR_OK ||
        json_text(json, "says", JSON_REQUIRED, TEXT_MAX, &sentence, &fault) != ERR_OK)
        return says_fail(says, ERR_MALFORMED, "rule %zu: %s %s", rules->rule_count + 1, fault.field, fault.says);
    rules->rule_count++;
    rule->id = mem_copy_text(id);
    rule->says = mem_copy_text(sentence);
    rule->has_words = has_words;
    enum err err = read_raises(rule, json_object_get(json, "raises"), says);
    if (err != ERR_OK || has_words)
        return err != ERR_OK ? err : read_phrases(rules, rule, json_object_get(json, "phrases"), says);
    rule->values = json_incref(json_object_get(json, "values"));
    if (json_text(json, "answer", JSON_REQUIRED, 40, &answer, &fault) != ERR_OK || !json_is_array(rule->values))
        return says_fail(says, ERR_MALFORMED, "rule %s needs an answer and its values", id);
    rule->answer = mem_copy_text(answer);
    return ERR_OK;
}

/* ---- the set ---- */

static enum err read_people(struct rules *rules, const json_t *people, char says[static SAYS_SIZE])
{
    size_t i;
    json_t *row;
    struct json_fault fault = {0};
    json_array_foreach(people, i, row)
    {
        int64_t from, scope;
        if (i == RULES_PEOPLE_MAX || json_int(row, "from", JSON_REQUIRED, 1, INT64_MAX, &from, &fault) != ERR_OK ||
            json_int(row, "scope", JSON_REQUIRED, 1, 4, &scope, &fault) != ERR_OK)
            return says_fail(says, ERR_MALFORMED, "row %zu of people cannot be read", i + 1);
        rules->people[i].from = from;
        rules->people[i].scope = (uint8_t)scope;
        rules->people_count++;
    }
    return ERR_OK;
}

static enum err read_set(struct rules *rules, const json_t *json, char says[static SAYS_SIZE])
{
    struct json_fault fault = {0};
    int64_t version, severe, other, voice;
    const json_t *due = json_object_get(json, "due_hours"), *words = json_object_get(json, "words");
    if (json_int(json, "version", JSON_REQUIRED, 1, 1000000, &version, &fault) != ERR_OK ||
        json_int(due, "severe", JSON_REQUIRED, 1, 8760, &severe, &fault) != ERR_OK ||
        json_int(due, "other", JSON_REQUIRED, 1, 8760, &other, &fault) != ERR_OK ||
        json_int(due, "voice", JSON_REQUIRED, 1, 8760, &voice, &fault) != ERR_OK)
        return says_fail(says, ERR_MALFORMED, "%s %s", fault.field ? fault.field : "the set", fault.says);
    rules->version = (unsigned)version;
    rules->due_severe_s = severe * HOUR;
    rules->due_other_s = other * HOUR;
    rules->due_voice_s = voice * HOUR;
    size_t i, phrases = count_phrases(words);
    json_t *rule;
    if (phrases == 0 || phrases > RULES_PHRASES_MAX)
        return says_fail(says, ERR_TOO_BIG, "there must be 1 to %d phrases", RULES_PHRASES_MAX);
    rules->phrases = mem_new_array(phrases, sizeof *rules->phrases);
    enum err err = read_people(rules, json_object_get(json, "people"), says);
    json_array_foreach(words, i, rule) if (err == ERR_OK) err = read_rule(rules, rule, 1, says);
    json_array_foreach(json_object_get(json, "answers"), i, rule) if (err == ERR_OK) err =
        read_rule(rules, rule, 0, says);
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
        mem_free(rule->answer);
        json_decref(rule->values);
    }
    mem_free(rules->phrases);
    mem_free(rules);
}

/* ---- which file ---- */

/* N of "rules-N.json", or 0. */
static uint64_t number_of(const char *name)
{
    static const char start[] = "rules-", end[] = ".json";
    size_t len = strlen(name);
    uint64_t number;
    if (len <= sizeof start - 1 + sizeof end - 1 || strncmp(name, start, sizeof start - 1) != 0 ||
        strcmp(name + len - (sizeof end - 1), end) != 0)
        return 0;
    return num_parse(name + sizeof start - 1, len - (sizeof start - 1) - (sizeof end - 1), 1, 1000000, &number) ==
                   ERR_OK
               ? number
               : 0;
}

static uint64_t newest_in(const char *folder)
{
    DIR *dir = opendir(folder);
    uint64_t newest = 0;
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        uint64_t number = number_of(entry->d_name);
        newest = number > newest ? number : newest;
    }
    if (dir)
        closedir(dir);
    return newest;
}

enum err rules_load(const char *folder, struct rules **out, char says[static SAYS_SIZE])
{
    char path[4096];
    struct buf file = BUF_INIT(RULES_FILE_MAX);
    struct json_fault fault = {0};
    json_t *json = NULL;
    uint64_t newest = newest_in(folder);
    if (!newest)
        return says_fail(says, ERR_NOT_FOUND, "there is no rules-N.json in the folder of rules");
    if ((size_t)snprintf(path, sizeof path, "%s/rules-%u.json", folder, (unsigned)newest) >= sizeof path)
        return says_fail(says, ERR_TOO_BIG, "the folder of rules has too long a name");
    enum err err = file_read(path, &file);
    if (err != ERR_OK)
        err = says_fail(says, err, "rules-%u.json %s", (unsigned)newest, err_says(err));
    else if ((err = json_read_object(file.bytes, file.len, &json, &fault)) != ERR_OK)
        err = says_fail(says, err, "rules-%u.json:%u: %s", (unsigned)newest, fault.line, fault.says);
    if (err == ERR_OK)
        err = rules_from(json, out, says);
    json_decref(json);
    buf_free(&file);
    return err;
}
