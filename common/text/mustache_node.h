/* mustache_node.h -- what a template is once compiled. For mustache_compile.c and mustache_render.c only.
 *
 * A flat list in the order of the text: a section is followed by its children, and knows where they end. */
#ifndef COMMON_TEXT_MUSTACHE_NODE_H
#define COMMON_TEXT_MUSTACHE_NODE_H

#include <stddef.h>

enum mustache_kind {
    MUSTACHE_TEXT,
    MUSTACHE_VALUE, /* escaped */
    MUSTACHE_RAW,
    MUSTACHE_SECTION,
    MUSTACHE_INVERTED,
    MUSTACHE_PARTIAL,
    MUSTACHE_KINDS
};

struct mustache_node {
    enum mustache_kind kind;
    char *text;     /* TEXT: it; PARTIAL: its name; else the parts of a dotted name, a NUL behind each */
    size_t len;     /* of a TEXT, and of a whole name */
    size_t parts;   /* of a name; 0 is "." */
    size_t end;     /* SECTION, INVERTED: place behind the last child */
    char *indent;   /* PARTIAL alone on its line: the white space before it; else NULL */
    int line_start; /* TEXT: it is the first on its line (and may be empty) */
};

struct mustache {
    struct mustache_node *nodes;
    size_t count, cap;
};

#endif
