/* catalogue.c -- see catalogue.h. One open-addressing hash table for each language; only filled while loading. */
#include "common/text/catalogue.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/text/po.h"

#define CATALOGUE_FILE     (1024 * 1024)
#define CATALOGUE_MESSAGES 8192
#define CONTEXT_END        "\004" /* between context and text, as in gettext's own files */

struct message {
    char *key; /* context and CONTEXT_END if it has one, then the English text; NULL in a free place */
    char *texts[PLURAL_FORMS];
    uint32_t hash;
};

struct catalogue {
    const struct language *language;
    struct plural plural;
    struct message *messages; /* `room` places, a power of two; at most half are taken */
    size_t room, count;
};

struct catalogue_set {
    struct catalogue all[LANGUAGE_MAX];
    const char *codes[LANGUAGE_MAX];
    size_t count;
};

/* FNV-1a; the keys are our own texts, so nobody can choose them to collide. */
static uint32_t hash_more(uint32_t hash, const char *text)
{
    for (; *text; text++)
        hash = (hash ^ (uint8_t)*text) * 16777619u;
    return hash;
}

static uint32_t hash_of(const char *context, const char *english)
{
    uint32_t hash = 2166136261u;
    if (context)
        hash = hash_more(hash_more(hash, context), CONTEXT_END);
    return hash_more(hash, english);
}

static int key_is(const char *key, const char *context, const char *english)
{
    if (context) {
        size_t len = strlen(context);
        if (strncmp(key, context, len) != 0 || key[len] != CONTEXT_END[0])
            return 0;
        key += len + 1;
    }
    return strcmp(key, english) == 0;
}

/* The message, or the free place where it would be. */
static struct message *place_of(const struct catalogue *c, uint32_t hash, const char *context, const char *english)
{
    size_t at = hash & (c->room - 1);
    while (c->messages[at].key && (c->messages[at].hash != hash || !key_is(c->messages[at].key, context, english)))
        at = (at + 1) & (c->room - 1);
    return &c->messages[at];
}

static const struct message *find(const struct catalogue *c, const char *context, const char *english)
{
    if (c->room == 0)
        return NULL;
    const struct message *message = place_of(c, hash_of(context, english), context, english);
    return message->key ? message : NULL;
}

static void grow(struct catalogue *c)
{
    struct catalogue was = *c;
    c->room = was.room ? was.room * 2 : 256;
    c->messages = mem_new_array(c->room, sizeof *c->messages);
    for (size_t i = 0; i < was.room; i++)
        if (was.messages[i].key)
            *place_of(c, was.messages[i].hash, NULL, was.messages[i].key) = was.messages[i];
    mem_free(was.messages);
}

static enum err read_header(struct catalogue *c, const struct po_entry *entry, char says[static SAYS_SIZE])
{
    static const char name[] = "Plural-Forms:";
    if (c->count)
        return says_fail(says, ERR_MALFORMED, "the header must be the first entry");
    const char *text = buf_text(&entry->text[0]);
    while (*text) {
        size_t len = strcspn(text, "\n");
        if (strncasecmp(text, name, sizeof name - 1) == 0)
            return plural_read(text + sizeof name - 1, len - (sizeof name - 1), &c->plural, says);
        text += len + (text[len] == '\n');
    }
    return ERR_OK;
}

static int is_translated(const struct po_entry *entry)
{
    for (unsigned i = 0; i < entry->texts; i++)
        if (entry->text[i].len == 0)
            return 0;
    return !entry->fuzzy;
}

static enum err take_entry(void *arg, const struct po_entry *entry, char says[static SAYS_SIZE])
{
    struct catalogue *c = arg;
    const char *context = entry->has_context ? buf_text(&entry->context) : NULL, *english = buf_text(&entry->id);
    if (entry->id.len == 0 && !context)
        return read_header(c, entry, says);
    if (entry->has_plural && entry->texts != c->plural.forms)
        return says_fail(says, ERR_MALFORMED, "not as many msgstr[n] as Plural-Forms says");
    if (!is_translated(entry))
        return ERR_OK;
    if (c->count == CATALOGUE_MESSAGES)
        return says_fail(says, ERR_TOO_BIG, "too many texts");
    if ((c->count + 1) * 2 > c->room)
        grow(c);
    uint32_t hash = hash_of(context, english);
    struct message *message = place_of(c, hash, context, english);
    if (message->key)
        return says_fail(says, ERR_CONFLICT, "this text has a translation already");
    struct buf key = BUF_INIT(2 * PO_TEXT + 1);
    enum err err = context ? buf_addf(&key, "%s%s", context, CONTEXT_END) : ERR_OK;
    if (err == ERR_OK)
        err = buf_add_text(&key, english);
    need(err == ERR_OK);
    message->key = mem_copy(buf_text(&key), key.len);
    message->hash = hash;
    for (unsigned i = 0; i < entry->texts; i++)
        message->texts[i] = mem_copy(buf_text(&entry->text[i]), entry->text[i].len);
    buf_free(&key);
    c->count++;
    return ERR_OK;
}

/* Reads the file of one language into the next place of the set; ERR_NOT_FOUND if there is none. */
static enum err load_one(struct catalogue_set *set, const char *folder, const struct language *language,
                         char says[static SAYS_SIZE])
{
    static const char germanic[] = "nplurals=2; plural=(n != 1);"; /* what a file without the line means */
    struct catalogue *c = &set->all[set->count];
    char path[PATH_MAX];
    if ((size_t)snprintf(path, sizeof path, "%s/%s.po", folder, language->code) >= sizeof path)
        return says_fail(says, ERR_TOO_BIG, "the name of the folder is too long");
    struct buf file = BUF_INIT(CATALOGUE_FILE);
    enum err err = file_read(path, &file);
    int english = strcmp(language->code, LANGUAGE_ENGLISH) == 0;
    if (err == ERR_OK || (err == ERR_NOT_FOUND && english)) {
        c->language = language;
        need(plural_read(germanic, strlen(germanic), &c->plural, says) == ERR_OK);
        set->codes[set->count++] = language->code;
        err = po_read(buf_text(&file), file.len, take_entry, c, says);
    } else if (err != ERR_NOT_FOUND) {
        err = says_fail(says, err, "it %s", err_says(err));
    }
    if (err != ERR_OK && err != ERR_NOT_FOUND)
        says_where(says, "%s", path);
    buf_free(&file);
    return err;
}

enum err catalogue_load(const char *folder, struct catalogue_set **out, char says[static SAYS_SIZE])
{
    size_t count;
    const struct language *languages = language_table(&count);
    struct catalogue_set *set = mem_new(sizeof *set);
    enum err err = ERR_OK;
    need(count <= LANGUAGE_MAX);
    for (size_t i = 0; i < count && err == ERR_OK; i++) {
        err = load_one(set, folder, &languages[i], says);
        if (err == ERR_NOT_FOUND)
            err = ERR_OK;
    }
    if (err != ERR_OK) {
        catalogue_free(set);
        set = NULL;
    }
    *out = set;
    return err;
}

void catalogue_free(struct catalogue_set *set)
{
    for (size_t l = 0; set && l < set->count; l++) {
        struct catalogue *c = &set->all[l];
        for (size_t i = 0; i < c->room; i++) {
            mem_free(c->messages[i].key);
            for (size_t form = 0; form < PLURAL_FORMS; form++)
                mem_free(c->messages[i].texts[form]);
        }
        mem_free(c->messages);
    }
    mem_free(set);
}

const char *const *catalogue_languages(const struct catalogue_set *set, size_t *out_count)
{
    *out_count = set->count;
    return set->codes;
}

static const struct catalogue *of_language(const struct catalogue_set *set, const char *language)
{
    for (size_t i = 0; i < set->count; i++)
        if (strcmp(set->codes[i], language) == 0)
            return &set->all[i];
    return NULL;
}

int catalogue_has(const struct catalogue_set *set, const char *language)
{
    return of_language(set, language) != NULL;
}

/* The message in this language, or else in English's own file; *out_in is the catalogue that has it. */
static const struct message *find_anywhere(const struct catalogue_set *set, const char *language, const char *context,
                                           const char *english, const struct catalogue **out_in)
{
    const struct catalogue *in = of_language(set, language);
    const struct message *message = in ? find(in, context, english) : NULL;
    if (!message) {
        in = &set->all[0];
        message = find(in, context, english);
    }
    *out_in = in;
    return message;
}

const char *catalogue_text_in(const struct catalogue_set *set, const char *language, const char *context,
                              const char *english)
{
    const struct catalogue *in;
    const struct message *message = find_anywhere(set, language, context, english, &in);
    return message ? message->texts[0] : english;
}

const char *catalogue_text(const struct catalogue_set *set, const char *language, const char *english)
{
    return catalogue_text_in(set, language, NULL, english);
}

const char *catalogue_plural(const struct catalogue_set *set, const char *language, const char *one, const char *many,
                             uint64_t n)
{
    const struct catalogue *in;
    const struct message *message = find_anywhere(set, language, NULL, one, &in);
    const char *text = message ? message->texts[plural_form(&in->plural, n)] : NULL;
    if (text)
        return text;
    return n == 1 ? one : many;
}
