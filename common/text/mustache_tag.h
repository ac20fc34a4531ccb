/* mustache_tag.h -- finds the tags in a template's text. For mustache_compile.c only.
 *
 * A tag that is alone on its line takes the line with it. Whether it is alone, and whether a place begins a line, is
 * read off the template's own bytes, so there is no state to carry from tag to tag. */
#ifndef COMMON_TEXT_MUSTACHE_TAG_H
#define COMMON_TEXT_MUSTACHE_TAG_H

#include <stddef.h>

#include "common/text/says.h"

#define MUSTACHE_DELIMITER 8

struct mustache_delimiter {
    char text[MUSTACHE_DELIMITER];
    size_t len;
};

struct mustache_source {
    const char *text;
    size_t len;
    struct mustache_delimiter open, close; /* as they are now: a tag may change them */
    char *says;                            /* SAYS_SIZE, for the first fault */
};

struct mustache_tag {
    size_t start, end;     /* the whole of it */
    size_t name, name_len; /* what is in it, without white space around */
    char sigil;            /* one of # ^ / > ! = & {, or 0 for a plain value */
};

/* Borrows all three. */
struct mustache_source mustache_source(const char *text, size_t len, char *says);
/* Space, tab, CR or LF. */
int mustache_tag_is_space(char c);
size_t mustache_tag_line(const struct mustache_source *from, size_t at);
int mustache_tag_starts_line(const struct mustache_source *from, size_t at);
/* "line N: why" into from->says; gives `err` back. */
MUST_CHECK enum err mustache_tag_fails(const struct mustache_source *from, size_t at, enum err err, const char *why);

/* Where the next tag begins, at `at` or behind; from->len if there is none. */
size_t mustache_tag_find(const struct mustache_source *from, size_t at);
/* The tag that begins at `start`. ERR_MALFORMED if it does not end. */
MUST_CHECK enum err mustache_tag_read(const struct mustache_source *from, size_t start, struct mustache_tag *tag);
/* 1 if only white space is beside it; then where its line begins and where the next one does. */
int mustache_tag_is_alone(const struct mustache_source *from, const struct mustache_tag *tag, size_t *line,
                          size_t *next);
/* Does what {{=<% %>=}} asks. ERR_MALFORMED, ERR_TOO_BIG. */
MUST_CHECK enum err mustache_tag_delimiters(struct mustache_source *from, const struct mustache_tag *tag);

#endif
