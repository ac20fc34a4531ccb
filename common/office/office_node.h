/* office_node.h -- a YAML document held against tables: what may stand in a mapping, how long a list may be, what a
 * text is. Neighbours: office_read.c has the tables. Every fault is told with its line and reading goes on, so that an
 * operator sees all of them at once. */
#ifndef COMMON_OFFICE_OFFICE_NODE_H
#define COMMON_OFFICE_OFFICE_NODE_H

#include <yaml.h>

#include "common/office/office.h"

enum { OFFICE_FAULTS_TOLD = 20, OFFICE_PAIRS_MOST = 64 };

struct office_reading {
    yaml_document_t document;
    office_told_fn *told;
    void *room;
    unsigned faults;
};

/* Reads `node` into what `into` points to. */
typedef void office_node_fn(struct office_reading *r, yaml_node_t *node, void *into);

/* A key of a mapping, and where in the struct it belongs. A table ends with one without a name. */
struct office_key {
    const char *name;
    office_node_fn *read;
    size_t offset;
    int is_needed;
};

unsigned office_node_line(const yaml_node_t *node);
void office_fault(struct office_reading *r, unsigned line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A mapping with these keys and no others, each once. */
void office_node_map(struct office_reading *r, yaml_node_t *node, const struct office_key *keys, void *into);
/* A list of at most `most` mappings, each into an item of `size` bytes behind `items`; *out_count of them. */
void office_node_list(struct office_reading *r, yaml_node_t *node, const struct office_key *keys, void *items,
                      size_t size, size_t most, size_t *out_count);
/* Calls `fn` for each pair of a mapping whose keys are free. */
typedef void office_pair_fn(struct office_reading *r, const char *key, yaml_node_t *key_node, yaml_node_t *value,
                            void *into);
void office_node_pairs(struct office_reading *r, yaml_node_t *node, office_pair_fn *fn, void *into);
/* The scalar's text, without NUL; NULL after telling that it is none. */
const char *office_node_text(struct office_reading *r, yaml_node_t *node);

/* Readers. Into a char[OFFICE_CODE_MAX + 1]: */
office_node_fn office_node_code;
/* Into an int: yes or no. */
office_node_fn office_node_yes_no;
/* Into an owned char *: a line. */
office_node_fn office_node_line_text;
/* Into a struct office_words: several lines, one, or what fits into a text message. */
office_node_fn office_node_words;
office_node_fn office_node_words_line;
office_node_fn office_node_words_sms;

#endif
