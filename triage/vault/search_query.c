/* search_query.c -- see search_query.h. Every word goes in quotes, so that nothing in it is read as FTS5's own
 * language. The same tokenizer cut the messages, so a phrase here is what stood side by side there. */
#include "triage/vault/search_query.h"

#include <string.h>

#include "common/text/utf8.h"
#include "triage/vault/words.h"

struct reading {
    const char *text;
    size_t len, at;
    size_t words;
};

/* The quotation marks of the languages that people write here; they come in pairs and are mixed up. */
static int is_quote(uint32_t c)
{
    static const uint32_t quotes[] = {'"', 0xab, 0xbb, 0x201c, 0x201d, 0x201e, 0x201f, 0x300c, 0x300d, 0x300e, 0x300f};
    for (size_t i = 0; i < sizeof quotes / sizeof *quotes; i++)
        if (quotes[i] == c)
            return 1;
    return 0;
}

static int is_space(uint32_t c)
{
    return c <= ' ' || c == 0xa0 || c == 0x3000 || (c >= 0x2000 && c <= 0x200a);
}

static size_t next(const struct reading *r, size_t at, uint32_t *c)
{
    size_t took = at < r->len ? utf8_next(r->text + at, r->len - at, c) : 0;
    if (took || at >= r->len)
        return took;
    *c = ' '; /* a malformed byte parts words, as in words.h */
    return 1;
}

/* The next piece that is a phrase: up to the closing quote, or up to a space or quote. 0 at the end. */
static int take_piece(struct reading *r, size_t *from, size_t *to)
{
    uint32_t c = 0;
    size_t took;
    while ((took = next(r, r->at, &c)) && is_space(c))
        r->at += took;
    if (!took)
        return 0;
    int quoted = is_quote(c);
    if (quoted)
        r->at += took;
    *from = r->at;
    while ((took = next(r, r->at, &c)) && !is_quote(c) && (quoted || !is_space(c)))
        r->at += took;
    *to = r->at;
    if (took && quoted)
        r->at += took;
    return 1;
}

/* Only the last word of a phrase can be a beginning. A lone character of a script without spaces always is one: pairs
 * that begin with it are what the index has. */
static int is_open(const struct word *last, const char *piece, size_t len)
{
    if (last->is_pair)
        return utf8_count(last->text, last->len) == 1;
    return last->to < len && piece[last->to] == '*' && utf8_count(last->text, last->len) >= SEARCH_BEGINNING_LEAST;
}

static enum err add_phrase(struct reading *r, const char *piece, size_t len, struct buf *out)
{
    struct words cut;
    struct word word, last = {.len = 0};
    size_t count = 0;
    enum err err = ERR_OK;
    words_begin(&cut, piece, len);
    while (err == ERR_OK && words_next(&cut, &word)) {
        if (++r->words > SEARCH_WORDS_MAX)
            return ERR_TOO_BIG;
        const char *before = count++ ? " + " : r->words > 1 ? " AND " : "";
        err = buf_addf(out, "%s\"%s\"", before, word.text);
        last = word;
    }
    if (err == ERR_OK && count && is_open(&last, piece, len))
        err = buf_add_text(out, " *");
    return err;
}

enum err search_query_read(const char *text, size_t len, struct buf *out)
{
    struct reading r = {.text = text, .len = len};
    size_t from, to;
    enum err err = ERR_OK;
    while (err == ERR_OK && take_piece(&r, &from, &to))
        err = add_phrase(&r, text + from, to - from, out);
    return err == ERR_OK && r.words == 0 ? ERR_MALFORMED : err;
}
