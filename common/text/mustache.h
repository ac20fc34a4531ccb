/* mustache.h -- Mustache templates: compiled once, rendered often. Logic-less, and {{x}} is escaped for HTML.
 *
 * The whole core of the Mustache specification (comments, delimiters, interpolation, inverted, partials, sections), and
 * one thing more, for translation: with a `struct mustache_words`, {{#_}}English text{{/_}} is replaced while compiling
 * by its translation. So a template is compiled once for each language, a translator's mistake is found at the start
 * of the program, and rendering costs nothing extra. */
#ifndef COMMON_TEXT_MUSTACHE_H
#define COMMON_TEXT_MUSTACHE_H

#include <jansson.h>
#include <stddef.h>

#include "common/base/buf.h"
#include "common/text/says.h"

#define MUSTACHE_DEPTH 32           /* sections inside each other, and sections and partials while rendering */
#define MUSTACHE_SIZE  (256 * 1024) /* bytes of one template */

struct mustache; /* compiled; does not change any more, so it may be shared */

/* Where translations come from. The English text comes with its white space folded: every run is one space, none at
 * the ends. {{#_ where it stands}}Open{{/_}} gives it a context, for one English text that means two things; else
 * `context` is NULL. The answer is borrowed until mustache_compile returns; it is the English text itself when there is
 * none. {{#_}} escapes the translated text for HTML, {{#_html}} keeps its markup; in both, {{name}} is a value and is escaped
 * when rendered, and no other tag may stand there. */
struct mustache_words {
    const char *(*translation)(void *arg, const char *context, const char *english);
    void *arg;
};

/* `words` may be NULL: then "_" and "_html" are names like any other. The caller owns *out. ERR_MALFORMED or
 * ERR_TOO_BIG with the line and the reason in `says`; then *out is NULL. */
MUST_CHECK enum err mustache_compile(const char *text, size_t len, const struct mustache_words *words,
                                     struct mustache **out, char says[static SAYS_SIZE]);
/* NULL is fine. */
void mustache_free(struct mustache *template);

/* The names of its partials, one after the other; NULL behind the last. A name may come twice. */
const char *mustache_partial_name(const struct mustache *template, size_t which);

struct mustache_with {
    const struct mustache *(*partial)(void *arg,
                                      const char *name); /* NULL result or NULL function: rendered as nothing */
    void *arg;
    const json_t *base; /* looked into after the context itself; may be NULL */
};

/* Append the result to `out`. `with` may be NULL. False are: missing, false, null, 0, "" and []. Objects and lists are
 * never printed. ERR_TOO_BIG when `out` is full or partials call each other deeper than MUSTACHE_DEPTH; then `out` is
 * as it was. */
MUST_CHECK enum err mustache_render(const struct mustache *template, const json_t *context,
                                    const struct mustache_with *with, struct buf *out);

/* Fill the {{name}} of a short plain text, such as a translated SMS: not escaped, no other tags. ERR_MALFORMED, or
 * ERR_TOO_BIG as above. */
MUST_CHECK enum err mustache_fill(const char *text, const json_t *values, struct buf *out);

/* Append `text` with & < > " and ' as character references. */
MUST_CHECK enum err mustache_escape(struct buf *out, const char *text, size_t len);

#endif
