/* office_node.c -- see office_node.h. */
#include "common/office/office_node.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/text/utf8.h"

unsigned office_node_line(const yaml_node_t *node)
{
    return (unsigned)node->start_mark.line + 1;
}

void office_fault(struct office_reading *r, unsigned line, const char *format, ...)
{
    char says[256];
    va_list args;
    va_start(args, format);
    vsnprintf(says, sizeof says, format, args);
    va_end(args);
    if (++r->faults <= OFFICE_FAULTS_TOLD && r->told)
        r->told(r->room, line, says);
}

static yaml_node_t *node_at(struct office_reading *r, int index)
{
    yaml_node_t *node = yaml_document_get_node(&r->document, index);
    need(node != NULL); /* libyaml made the index */
    return node;
}

const char *office_node_text(struct office_reading *r, yaml_node_t *node)
{
    if (node->type != YAML_SCALAR_NODE || memchr(node->data.scalar.value, 0, node->data.scalar.length)) {
        office_fault(r, office_node_line(node), "must be a text");
        return NULL;
    }
    return (const char *)node->data.scalar.value;
}

/* ---- mappings and lists ---- */

/* The same key before this pair. */
static int is_repeated(struct office_reading *r, const yaml_node_t *map, const yaml_node_pair_t *pair, const char *key)
{
    for (const yaml_node_pair_t *at = map->data.mapping.pairs.start; at < pair; at++) {
        const yaml_node_t *other = node_at(r, at->key);
        if (other->type == YAML_SCALAR_NODE && strcmp((const char *)other->data.scalar.value, key) == 0)
            return 1;
    }
    return 0;
}

void office_node_pairs(struct office_reading *r, yaml_node_t *node, office_pair_fn *fn, void *into)
{
    if (node->type != YAML_MAPPING_NODE) {
        office_fault(r, office_node_line(node), "must be settings of the form \"name: value\"");
        return;
    }
    if (node->data.mapping.pairs.top - node->data.mapping.pairs.start > OFFICE_PAIRS_MOST) {
        office_fault(r, office_node_line(node), "has more settings than there are");
        return;
    }
    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++) {
        yaml_node_t *key_node = node_at(r, pair->key);
        const char *key = office_node_text(r, key_node);
        if (!key)
            continue;
        if (is_repeated(r, node, pair, key))
            office_fault(r, office_node_line(key_node), "stands twice");
        else
            fn(r, key, key_node, node_at(r, pair->value), into);
    }
}

/* The names that a table has, for saying which there are. */
static void list_keys(const struct office_key *keys, char *out, size_t size)
{
    size_t len = 0;
    *out = 0;
    for (; keys->name && len < size; keys++)
        len += (size_t)snprintf(out + len, size - len, "%s%s", len ? ", " : "", keys->name);
}

struct mapping {
    const struct office_key *keys;
    char *into;
    unsigned seen; /* a bit for each key */
};

static void read_pair(struct office_reading *r, const char *key, yaml_node_t *key_node, yaml_node_t *value, void *into)
{
    struct mapping *mapping = into;
    char known[160];
    for (unsigned i = 0; mapping->keys[i].name; i++)
        if (strcmp(mapping->keys[i].name, key) == 0) {
            mapping->seen |= 1u << i;
            mapping->keys[i].read(r, value, mapping->into + mapping->keys[i].offset);
            return;
        }
    list_keys(mapping->keys, known, sizeof known);
    office_fault(r, office_node_line(key_node), "is not known here; there are: %s", known);
}

void office_node_map(struct office_reading *r, yaml_node_t *node, const struct office_key *keys, void *into)
{
    struct mapping mapping = {.keys = keys, .into = into};
    unsigned before = r->faults;
    office_node_pairs(r, node, read_pair, &mapping);
    for (unsigned i = 0; keys[i].name; i++)
        if (keys[i].is_needed && !(mapping.seen & 1u << i) && r->faults == before)
            office_fault(r, office_node_line(node), "lacks \"%s\"", keys[i].name);
}

void office_node_list(struct office_reading *r, yaml_node_t *node, const struct office_key *keys, void *items,
                      size_t size, size_t most, size_t *out_count)
{
    if (node->type != YAML_SEQUENCE_NODE) {
        office_fault(r, office_node_line(node), "must be a list: each item begins with \"- \"");
        return;
    }
    const yaml_node_item_t *item = node->data.sequence.items.start;
    for (; item < node->data.sequence.items.top && *out_count < most; item++)
        office_node_map(r, node_at(r, *item), keys, (char *)items + size * (*out_count)++);
    if (item < node->data.sequence.items.top)
        office_fault(r, office_node_line(node_at(r, *item)), "is one too many: there may be %zu", most);
}

/* ---- values ---- */

void office_node_code(struct office_reading *r, yaml_node_t *node, void *into)
{
    const char *text = office_node_text(r, node);
    size_t len = text ? strlen(text) : 0;
    if (!text)
        return;
    if (len < 1 || len > OFFICE_CODE_MAX || strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-") != len)
        office_fault(r, office_node_line(node), "must be a code: 1 to %d of a-z 0-9 _ -", OFFICE_CODE_MAX);
    else
        memcpy(into, text, len + 1);
}

void office_node_yes_no(struct office_reading *r, yaml_node_t *node, void *into)
{
    const char *text = office_node_text(r, node);
    if (text && strcmp(text, "yes") == 0)
        *(int *)into = 1;
    else if (text && strcmp(text, "no") == 0)
        *(int *)into = 0;
    else if (text)
        office_fault(r, office_node_line(node), "must be yes or no");
}

/* Characters that would change how the rest of a page is read: controls, and those that turn the direction of what
 * follows. Lines end with a line feed alone. */
static int is_unseen(uint32_t point, int lines)
{
    return (point < 0x20 && !(lines && point == '\n')) || (point >= 0x7f && point < 0xa0) ||
           (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
}

/* A copy of what people will read, or NULL after telling why not. */
static char *readable(struct office_reading *r, yaml_node_t *node, size_t characters, size_t bytes, int lines)
{
    const char *text = office_node_text(r, node);
    uint32_t point;
    if (!text)
        return NULL;
    size_t len = strlen(text);
    while (len && strchr(" \n", text[len - 1]))
        len--; /* what YAML's blocks leave behind */
    if (len == 0 || utf8_count(text, len) > characters || len > bytes) {
        office_fault(r, office_node_line(node), len ? "is too long: %zu %s at most" : "is empty",
                     bytes < characters ? bytes : characters, bytes < characters ? "bytes" : "characters");
        return NULL;
    }
    for (size_t at = 0, step; at < len; at += step) {
        step = utf8_next(text + at, len - at, &point);
        if (!step || is_unseen(point, lines)) {
            office_fault(r, office_node_line(node), "has a character that cannot be seen%s",
                         lines ? "" : ", or more than one line");
            return NULL;
        }
    }
    return mem_copy(text, len);
}

void office_node_line_text(struct office_reading *r, yaml_node_t *node, void *into)
{
    char **at = into, *text = readable(r, node, OFFICE_LINE_MOST, SIZE_MAX, 0);
    if (!text)
        return;
    mem_free(*at);
    *at = text;
}

struct words_reading {
    struct office_words *words;
    size_t characters, bytes;
    int lines;
};

static void read_language(struct office_reading *r, const char *key, yaml_node_t *key_node, yaml_node_t *value,
                          void *into)
{
    struct words_reading *reading = into;
    size_t count;
    const struct language *table = language_table(&count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(table[i].code, key) == 0) {
            reading->words->in[i] = readable(r, value, reading->characters, reading->bytes, reading->lines);
            return;
        }
    office_fault(r, office_node_line(key_node), "is not a language that this program speaks");
}

/* English stands in for every language that is missing, so it has to be there. */
static void read_words(struct office_reading *r, yaml_node_t *node, struct words_reading *reading)
{
    unsigned before = r->faults;
    reading->words->line = office_node_line(node);
    office_node_pairs(r, node, read_language, reading);
    if (r->faults == before && !office_says(reading->words, LANGUAGE_ENGLISH, NULL))
        office_fault(r, office_node_line(node), "lacks \"en\", which stands in for languages that are missing");
}

void office_node_words(struct office_reading *r, yaml_node_t *node, void *into)
{
    read_words(r, node, &(struct words_reading){into, OFFICE_TEXT_MOST, SIZE_MAX, 1});
}

void office_node_words_line(struct office_reading *r, yaml_node_t *node, void *into)
{
    read_words(r, node, &(struct words_reading){into, OFFICE_LINE_MOST, SIZE_MAX, 0});
}

void office_node_words_sms(struct office_reading *r, yaml_node_t *node, void *into)
{
    read_words(r, node, &(struct words_reading){into, OFFICE_LINE_MOST, OFFICE_SMS_MOST, 0});
}
