/* rules_sets.c -- the sets of words of a rule set out of their JSON, and which of them fire a rule together.
 *
 * Neighbours: rules_read.c reads the rest, rules_together.c uses what is built here. */
#include <stdio.h>
#include <string.h>

#include "triage/vault/rules_inside.h"

static size_t set_named(const struct rules *rules, const char *id)
{
    size_t i = 0;
    while (i < rules->set_count && strcmp(rules->set_ids[i], id) != 0)
        i++;
    return i;
}

/* The language's number, which the first set that has it gives it; RULES_LANGUAGES_MAX: there is no room. */
static size_t language_named(struct rules *rules, const char *language)
{
    size_t i = 0;
    while (i < rules->language_count && strcmp(rules->languages[i], language) != 0)
        i++;
    if (i == rules->language_count && i < RULES_LANGUAGES_MAX && strlen(language) < sizeof rules->languages[i])
        memcpy(rules->languages[rules->language_count++], language, strlen(language) + 1);
    return i < rules->language_count ? i : RULES_LANGUAGES_MAX;
}

static enum err read_set(struct rules *rules, const char *id, json_t *by_language, char says[static SAYS_SIZE])
{
    const char *language;
    json_t *list;
    char what[RULES_SET_ID_MAX + 8];
    if (!*id || strlen(id) > RULES_SET_ID_MAX)
        return says_fail(says, ERR_MALFORMED, "a set's name has 1 to %d letters", RULES_SET_ID_MAX);
    if (rules->set_count == RULES_SETS_MAX)
        return says_fail(says, ERR_TOO_BIG, "more than %d sets", RULES_SETS_MAX);
    if (!json_is_object(by_language) || json_object_size(by_language) == 0)
        return says_fail(says, ERR_MALFORMED, "set %s has no phrases", id);
    size_t set = rules->set_count++;
    memcpy(rules->set_ids[set], id, strlen(id) + 1);
    snprintf(what, sizeof what, "set %s", id);
    json_object_foreach(by_language, language, list)
    {
        size_t number = language_named(rules, language);
        if (number == RULES_LANGUAGES_MAX)
            return says_fail(says, ERR_TOO_BIG, "set %s: more than %d languages", id, RULES_LANGUAGES_MAX);
        enum err err = rules_read_phrases(rules, what, rules_of_set(set, number), language, list, says);
        if (err != ERR_OK)
            return err;
    }
    return ERR_OK;
}

enum err rules_read_sets(struct rules *rules, const json_t *sets, char says[static SAYS_SIZE])
{
    const char *id;
    json_t *set;
    enum err err =
        json_is_object(sets) ? ERR_OK : says_fail(says, ERR_MALFORMED, "sets are lists, each under its name");
    json_object_foreach((json_t *)(uintptr_t)sets, id, set)
    {
        if (err == ERR_OK)
            err = read_set(rules, id, set, says);
    }
    return err;
}

/* 1: two to four names of sets, no two the same. */
static int read_names(const struct rules *rules, const json_t *names, struct rules_together *to)
{
    size_t count = json_array_size(names);
    if (count < 2 || count > RULES_NEAR_SETS)
        return 0;
    for (size_t i = 0; i < count; i++) {
        const char *name = json_string_value(json_array_get(names, i));
        size_t set = name ? set_named(rules, name) : rules->set_count;
        if (set == rules->set_count)
            return 0;
        if (to->bits & UINT64_C(1) << set)
            return 0;
        to->sets[to->count++] = (uint8_t)set;
        to->bits |= UINT64_C(1) << set;
    }
    return 1;
}

enum err rules_read_together(struct rules *rules, size_t rule, const json_t *together, char says[static SAYS_SIZE])
{
    size_t i;
    json_t *names;
    const char *id = rules->rules[rule].id;
    if (json_array_size(together) == 0)
        return says_fail(says, ERR_MALFORMED, "rule %s: together is a list of lists of sets", id);
    json_array_foreach(together, i, names)
    {
        struct rules_together *to = &rules->together[rules->together_count];
        if (rules->together_count == RULES_TOGETHER_MAX)
            return says_fail(says, ERR_TOO_BIG, "more than %d lists of sets", RULES_TOGETHER_MAX);
        *to = (struct rules_together){.rule = (uint16_t)rule};
        if (!read_names(rules, names, to))
            return says_fail(says, ERR_MALFORMED, "rule %s: number %zu of together must name 2 to %d sets there are",
                             id, i + 1, RULES_NEAR_SETS);
        rules->together_count++;
    }
    return ERR_OK;
}

const char *rules_idle_set(const struct rules *rules)
{
    for (size_t set = 0; set < rules->set_count; set++) {
        int is_named = 0;
        for (size_t t = 0; t < rules->together_count && !is_named; t++)
            for (size_t i = 0; i < rules->together[t].count; i++)
                is_named |= rules->together[t].sets[i] == set;
        if (!is_named)
            return rules->set_ids[set];
    }
    return NULL;
}
