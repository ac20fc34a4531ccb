/* fuzz_names.c -- any text that a person wrote, looked through for names (triage/vault/names.h) and for what may tell
 * who somebody is (identify.h). A name that stands there, in either order, or what else somebody is called, is a hit;
 * nothing is one of which the text has nothing; the searches for a name find every text that is a hit. What is marked
 * stands in the text, once each, and a telephone number, an address and what is known are marked wherever they stand.
 *
 * The first line is a name and what else they are called, with tabs between; the rest is the text. */
#include "common/base/mem.h"
#include "common/text/utf8.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/index.h"
#include "triage/vault/entry.h"
#include "triage/vault/identify.h"
#include "triage/vault/names.h"
#include "triage/vault/people.h"
#include "triage/vault/search_query.h"
#include "triage/vault/words.h"

enum { PARTS_READ = 12, PARTS_MOST = 48, WORDS_ENOUGH = 40, KNOWN_LEAST = 3, NUMBER_LEAST = 5, NEAR = 2 };

struct someone {
    const char *name;
    json_t *aliases;
};

/* ---- who ---- */

/* As people_add() and "aliases" would take them; another name is none. */
static struct someone person_of(char *line)
{
    struct someone person = {"", json_array()};
    char *rest = line, *one = strsep(&rest, "\t");
    if (people_name_is_good(one))
        person.name = one;
    while ((one = strsep(&rest, "\t")))
        if (names_alias_is_good(one) && json_array_size(person.aliases) < NAMES_ALIASES_MAX)
            need(json_array_append_new(person.aliases, json_string(one)) == 0);
    return person;
}

static const char *alias_at(const struct someone *person, size_t i)
{
    return json_string_value(json_array_get(person->aliases, i));
}

/* The words of a name; of a script without spaces those that overlap are one. */
struct parts {
    const char *text;
    size_t from[PARTS_MOST], to[PARTS_MOST], count, words;
};

static struct parts parts_of(const char *text)
{
    struct parts parts = {.text = text};
    struct words words;
    struct word word;
    words_begin(&words, text, strlen(text));
    for (int was_pair = 0; words_next(&words, &word); was_pair = word.is_pair) {
        parts.words++;
        if (was_pair && word.is_pair && word.from < parts.to[parts.count - 1]) {
            parts.to[parts.count - 1] = word.to;
            continue;
        }
        need(parts.count < PARTS_MOST);
        parts.from[parts.count] = word.from;
        parts.to[parts.count++] = word.to;
    }
    return parts;
}

static char *part_at(const struct parts *parts, size_t i)
{
    return fuzz_text((const uint8_t *)parts->text + parts->from[i], parts->to[i] - parts->from[i]);
}

static struct buf reversed(const struct parts *parts)
{
    struct buf out = BUF_INIT(1000);
    for (size_t i = parts->count; i-- > 0;)
        need(buf_addf(&out, "%.*s ", (int)(parts->to[i] - parts->from[i]), parts->text + parts->from[i]) == ERR_OK);
    return out;
}

/* ---- looking ---- */

/* In a text and in another behind it, "" for none. */
static enum names_found look(const char *text, size_t len, const char *other, const char *name, const json_t *aliases)
{
    struct names_text *cut = names_text_new();
    names_text_add(cut, text, len);
    names_text_add(cut, other, strlen(other));
    enum names_found found = names_look(cut, name, aliases);
    need(found == names_look(cut, name, aliases) && found <= NAMES_HIT);
    names_text_free(cut);
    return found;
}

static void in_any_text(const char *text, size_t len, const struct someone *person)
{
    for (size_t i = 0; i < json_array_size(person->aliases); i++) {
        const char *alias = alias_at(person, i);
        enum names_found alone = look(alias, strlen(alias), "", "", person->aliases);
        need(alone == NAMES_HIT || parts_of(alias).words == 1);
        need(look(text, len, alias, person->name, person->aliases) >= alone);
    }
}

/* Two parts of the name that are not everybody's, side by side, the later one in front. */
static void in_either_order(const char *text, size_t len, const struct someone *person, struct fuzz_cuts *cuts)
{
    const struct parts parts = parts_of(person->name);
    struct buf turned = reversed(&parts), both = BUF_INIT(200);
    if (parts.count > 0 && parts.count <= PARTS_READ) {
        need(names_same(person->name, buf_text(&turned)) && names_same(buf_text(&turned), person->name));
        need(look(text, len, "", person->name, NULL) == look(text, len, "", buf_text(&turned), NULL));
    }
    if (parts.count > 1 && parts.count <= PARTS_READ) {
        size_t i = fuzz_draw(cuts, parts.count - 1), j = i + 1 + fuzz_draw(cuts, parts.count - 1 - i);
        char *one = part_at(&parts, i), *other = part_at(&parts, j);
        need(buf_addf(&both, "%s %s", other, one) == ERR_OK);
        if (names_alias_is_good(one) && names_alias_is_good(other)) {
            need(look(text, len, buf_text(&both), person->name, NULL) == NAMES_HIT);
            if (parts.count == 2) /* a name does not go from one text into the next */
                need(look(other, strlen(other), one, person->name, NULL) != NAMES_HIT);
        }
        free(one);
        free(other);
    }
    buf_free(&turned);
    buf_free(&both);
}

static void same_both_ways(const struct someone *person)
{
    need(names_same(person->name, person->name));
    for (size_t i = 0; i < json_array_size(person->aliases); i++) {
        const char *alias = alias_at(person, i), *next = alias_at(person, (i + 1) % json_array_size(person->aliases));
        need(names_same(alias, alias));
        need(names_same(person->name, alias) == names_same(alias, person->name));
        need(names_same(next, alias) == names_same(alias, next));
    }
}

/* ---- nothing is found that is not there ---- */

/* The same word, or one that begins so where scripts add endings. */
static int is_alike(const struct word *of_name, const struct word *of_text)
{
    const unsigned char c = (unsigned char)of_name->text[0];
    const int may_end = (c >= 0xd0 && c <= 0xd3) || c == 0xe0 || (c >= 0xea && c <= 0xed);
    struct word_forms forms;
    words_forms(of_text, &forms);
    for (size_t i = 0; i < forms.count; i++) {
        size_t same = 0;
        while (same < of_name->len && same < forms.len[i] && forms.text[i][same] == of_name->text[same])
            same++;
        if (same == of_name->len && same == forms.len[i])
            return 1;
        if (may_end && !of_text->is_pair && same >= 6 && same + 2 >= of_name->len)
            return 1;
    }
    return 0;
}

static int is_of(const char *name, const struct word *word)
{
    struct words words;
    struct word part;
    words_begin(&words, name, strlen(name));
    while (words_next(&words, &part))
        if (is_alike(&part, word))
            return 1;
    return 0;
}

static int is_number(const struct word *word)
{
    return word->len >= NUMBER_LEAST && strspn(word->text, "0123456789") == word->len;
}

/* A hint is a word of theirs; a hit is two near each other, or a number. */
static void stands_there(const char *text, size_t len, const struct someone *person, enum names_found found)
{
    struct words words;
    struct word word;
    size_t last = 0, count = 0;
    words_begin(&words, text, len);
    while (words_next(&words, &word)) {
        int theirs = is_of(person->name, &word);
        count++;
        for (size_t i = 0; !theirs && i < json_array_size(person->aliases); i++)
            theirs = is_of(alias_at(person, i), &word);
        if (theirs && (found == NAMES_HINT || (last && count - last <= NEAR) || is_number(&word)))
            return;
        last = theirs ? count : last;
    }
    need(found == NAMES_NONE); /* whoever asks has found something */
}

/* ---- searching ---- */

static int has_arabic(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] == 0xd8 || (unsigned char)text[i] == 0xd9)
            return 1;
    return 0;
}

static void searches_find_it(const char *text, size_t len, const struct someone *person, enum names_found found)
{
    json_t *queries = names_queries(person->name, person->aliases), *one;
    size_t i;
    int is_found = found != NAMES_HIT || has_arabic(text, len); /* forms that it writes into a word are not met */
    struct case_file file = {0};
    struct search *search = is_found ? NULL : index_of_now(&file.number);
    if (search)
        search_add(search, &file, text, len);
    need(json_array_size(queries) <= NAMES_QUERIES_MAX);
    json_array_foreach(queries, i, one)
    {
        struct buf query = BUF_INIT(SEARCH_QUERY_MAX);
        need(search_query_read(json_string_value(one), json_string_length(one), &query) == ERR_OK);
        buf_free(&query);
        if (!is_found)
            need(index_finds(search, json_string_value(one), json_string_length(one), file.number, &is_found) ==
                 ERR_OK);
    }
    need(is_found);
    json_decref(queries);
}

/* ---- what may tell who somebody is ---- */

static int has(const json_t *found, const char *kind, const char *words, size_t len)
{
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)(uintptr_t)found, i, one)
    {
        const json_t *said = json_object_get(one, "words");
        if (strcmp(entry_text(one, "kind"), kind) == 0 && json_string_length(said) == len &&
            memcmp(json_string_value(said), words, len) == 0)
            return 1;
    }
    return 0;
}

/* They stand in the text, and each once. */
static void marks_are_good(const char *text, size_t len, const json_t *found)
{
    static const char *const kinds[] = {"number", "date", "address", "name", "contact", "staff"};
    const size_t count = json_array_size(found);
    need(count <= IDENTIFY_MOST);
    for (size_t i = 0; i < count; i++) {
        const json_t *one = json_array_get(found, i), *words = json_object_get(one, "words");
        const char *id = entry_text(one, "id");
        int known = 0;
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
            known |= strcmp(entry_text(one, "kind"), kinds[k]) == 0;
        need(known == (i < IDENTIFY_MOST - 1) && (known || strcmp(entry_text(one, "kind"), "more") == 0));
        need(json_is_string(words) && (json_string_length(words) > 0) == known);
        need(memmem(text, len, json_string_value(words), json_string_length(words)) != NULL || !known);
        need(strlen(id) == 16);
        for (size_t other = 0; other < i; other++)
            need(strcmp(entry_text(json_array_get(found, other), "id"), id) != 0);
    }
}

static void known_words_are_marked(const char *text, size_t len, const json_t *found, const struct someone *person)
{
    struct words words, of_known;
    struct word word, known;
    size_t count = 0;
    words_begin(&words, text, len);
    while (count++ < WORDS_ENOUGH && words_next(&words, &word)) {
        words_begin(&of_known, person->name, strlen(person->name));
        while (words_next(&of_known, &known))
            if (known.len >= KNOWN_LEAST && strcmp(known.text, word.text) == 0)
                need(has(found, "contact", text + word.from, word.to - word.from));
    }
}

static void tells(const char *text, size_t len, const struct someone *person)
{
    static const char planted[] = "\n+254700111222\na.b@c.example\n";
    struct buf with = BUF_INIT(len + 100);
    json_t *known = json_pack("[{s:s,s:s},{s:s,s:s}]", "kind", "contact", "text", person->name, "kind", "staff", "text",
                              json_array_size(person->aliases) ? alias_at(person, 0) : "");
    need(known && buf_add(&with, text, len) == ERR_OK && buf_add_text(&with, planted) == ERR_OK);
    json_t *found = identify_find(text, len, known);
    marks_are_good(text, len, found);
    json_decref(found);
    found = identify_find(buf_text(&with), with.len, known);
    marks_are_good(buf_text(&with), with.len, found);
    if (json_array_size(found) < IDENTIFY_MOST && utf8_valid(text, len)) {
        known_words_are_marked(buf_text(&with), with.len, found, person);
        need(has(found, "number", planted + 1, 13) && has(found, "address", planted + 15, 13));
    }
    json_decref(found);
    json_decref(known);
    buf_free(&with);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_cuts cuts = fuzz_cuts(data, size);
    char *line = fuzz_line(&data, &size), *text = fuzz_text(data, size);
    struct someone person = person_of(line);
    enum names_found found = look(text, size, "", person.name, person.aliases);
    if (found != NAMES_NONE)
        stands_there(text, size, &person, found);
    in_any_text(text, size, &person);
    in_either_order(text, size, &person, &cuts);
    same_both_ways(&person);
    searches_find_it(text, size, &person, found);
    tells(text, size, &person);
    json_decref(person.aliases);
    free(line);
    free(text);
    return 0;
}
