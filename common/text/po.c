/* po.c -- see po.h. One pass over the lines; an entry ends where something begins that cannot belong to it. */
#include "common/text/po.h"

#include <string.h>

#include "common/text/utf8.h"

struct po {
    const char *at, *end; /* of the line being read */
    unsigned line;
    struct po_entry entry;
    struct buf *field; /* where a continued string goes; NULL when none may come */
    enum err (*take)(void *arg, const struct po_entry *entry, char says[static SAYS_SIZE]);
    void *arg;
    char *says;
};

static enum err fails(struct po *p, enum err err, const char *why)
{
    return says_fail(p->says, err, "line %u: %s", p->line, why);
}

static void forget(struct po_entry *entry)
{
    buf_free(&entry->context);
    buf_free(&entry->id);
    buf_free(&entry->plural);
    for (size_t i = 0; i < PLURAL_FORMS; i++)
        buf_free(&entry->text[i]);
    *entry = (struct po_entry){.context = BUF_INIT(PO_TEXT), .id = BUF_INIT(PO_TEXT), .plural = BUF_INIT(PO_TEXT)};
    for (size_t i = 0; i < PLURAL_FORMS; i++)
        buf_init(&entry->text[i], PO_TEXT);
}

/* What was read so far is whole: hand it on. */
static enum err finish(struct po *p)
{
    enum err err = ERR_OK;
    p->field = NULL;
    if (p->entry.texts) {
        err = p->take(p->arg, &p->entry, p->says);
        if (err != ERR_OK)
            says_where(p->says, "line %u", p->entry.line);
    } else if (p->entry.has_context || p->entry.has_id) {
        err = fails(p, ERR_MALFORMED, "an entry has no msgstr");
    }
    forget(&p->entry);
    return err;
}

/* `digits` of base 8 or 16 at *at, at most `most` of them. */
static uint8_t read_code(const char **at, const char *end, unsigned base, int most)
{
    static const char all[] = "0123456789abcdef";
    unsigned value = 0;
    for (; most-- && *at < end && **at; (*at)++) {
        const char *digit = memchr(all, **at | (**at >= 'A' ? 0x20 : 0), base);
        if (!digit)
            break;
        value = value * base + (unsigned)(digit - all);
    }
    return (uint8_t)value;
}

/* Behind a backslash. */
static enum err add_escape(struct po *p)
{
    static const char names[] = "ntrabfv\\\"", means[] = "\n\t\r\a\b\f\v\\\"";
    char c = p->at < p->end ? *p->at : 0;
    const char *name = c ? strchr(names, c) : NULL;
    uint8_t byte;
    if (name) {
        p->at++;
        byte = (uint8_t)means[name - names];
    } else if (c >= '0' && c <= '7') {
        byte = read_code(&p->at, p->end, 8, 3);
    } else if (c == 'x') {
        p->at++;
        byte = read_code(&p->at, p->end, 16, 2);
    } else {
        return fails(p, ERR_MALFORMED, "an unknown escape");
    }
    return byte ? buf_add_byte(p->field, byte) : fails(p, ERR_MALFORMED, "an escape that is no character");
}

/* One "string" at p->at, with nothing behind it. */
static enum err read_string(struct po *p)
{
    if (!p->field)
        return fails(p, ERR_MALFORMED, "a string that belongs to nothing");
    if (p->at == p->end || *p->at != '"')
        return fails(p, ERR_MALFORMED, "a \" is missing");
    for (p->at++; p->at < p->end && *p->at != '"';) {
        char c = *p->at++;
        enum err err = c == '\\' ? add_escape(p) : buf_add_byte(p->field, (uint8_t)c);
        if (err == ERR_TOO_BIG)
            return fails(p, err, "a text is too long");
        if (err != ERR_OK)
            return err;
    }
    if (p->at + 1 != p->end)
        return fails(p, ERR_MALFORMED, p->at == p->end ? "a string is not closed" : "something stands behind a string");
    return ERR_OK;
}

static enum err on_context(struct po *p)
{
    if (p->entry.has_context || p->entry.has_id)
        return fails(p, ERR_MALFORMED, "msgctxt must come before msgid");
    p->entry.has_context = 1;
    p->field = &p->entry.context;
    return ERR_OK;
}

static enum err on_id(struct po *p)
{
    if (p->entry.has_id)
        return fails(p, ERR_MALFORMED, "the entry before has no msgstr");
    p->entry.has_id = 1;
    p->entry.line = p->line;
    p->field = &p->entry.id;
    return ERR_OK;
}

static enum err on_plural(struct po *p)
{
    if (!p->entry.has_id || p->entry.has_plural || p->entry.texts)
        return fails(p, ERR_MALFORMED, "msgid_plural must come right behind msgid");
    p->entry.has_plural = 1;
    p->field = &p->entry.plural;
    return ERR_OK;
}

static enum err on_text(struct po *p)
{
    if (!p->entry.has_id || p->entry.has_plural || p->entry.texts)
        return fails(p, ERR_MALFORMED, "msgstr must come right behind msgid");
    p->field = &p->entry.text[p->entry.texts++];
    return ERR_OK;
}

static enum err on_form(struct po *p)
{
    if (!p->entry.has_plural || p->entry.texts == PLURAL_FORMS)
        return fails(p, ERR_MALFORMED, "msgstr[n] without msgid_plural, or too many of them");
    if (p->end - p->at < 2 || *p->at != (char)('0' + p->entry.texts) || p->at[1] != ']')
        return fails(p, ERR_MALFORMED, "msgstr[n] must come in order from 0");
    p->at += 2;
    p->field = &p->entry.text[p->entry.texts++];
    return ERR_OK;
}

/* Longer words before their beginnings. */
static const struct {
    const char *word;
    int begins; /* it cannot stand in an entry that has its msgstr */
    enum err (*read)(struct po *p);
} po_words[] = {
    {"msgctxt", 1, on_context}, {"msgid_plural", 0, on_plural}, {"msgid", 1, on_id},
    {"msgstr[", 0, on_form},    {"msgstr", 0, on_text},
};
#define PO_WORDS (sizeof po_words / sizeof *po_words)

static void skip_blanks(struct po *p)
{
    while (p->at < p->end && (*p->at == ' ' || *p->at == '\t'))
        p->at++;
    while (p->end > p->at && strchr(" \t\r", p->end[-1]))
        p->end--;
}

static enum err read_comment(struct po *p)
{
    enum err err = p->entry.texts ? finish(p) : ERR_OK;
    size_t len = (size_t)(p->end - p->at);
    if (len > 1 && p->at[1] == ',' && memmem(p->at, len, "fuzzy", strlen("fuzzy")))
        p->entry.fuzzy = 1;
    return err;
}

static enum err read_line(struct po *p)
{
    skip_blanks(p);
    if (p->at == p->end)
        return ERR_OK;
    if (*p->at == '#')
        return read_comment(p);
    if (*p->at == '"')
        return read_string(p);
    size_t which = 0, len = (size_t)(p->end - p->at);
    while (which < PO_WORDS && (len < strlen(po_words[which].word) ||
                                memcmp(p->at, po_words[which].word, strlen(po_words[which].word)) != 0))
        which++;
    if (which == PO_WORDS)
        return fails(p, ERR_MALFORMED, "an unknown word");
    enum err err = po_words[which].begins && p->entry.texts ? finish(p) : ERR_OK;
    p->at += strlen(po_words[which].word);
    if (err == ERR_OK)
        err = po_words[which].read(p);
    skip_blanks(p);
    return err == ERR_OK ? read_string(p) : err;
}

enum err po_read(const char *bytes, size_t len,
                 enum err (*take)(void *arg, const struct po_entry *entry, char says[static SAYS_SIZE]), void *arg,
                 char says[static SAYS_SIZE])
{
    struct po p = {.take = take, .arg = arg, .says = says};
    enum err err = ERR_OK;
    forget(&p.entry);
    for (size_t at = 0; at < len && err == ERR_OK;) {
        const char *newline = memchr(bytes + at, '\n', len - at);
        p.at = bytes + at;
        p.end = newline ? newline : bytes + len;
        at = (size_t)(p.end - bytes) + 1;
        p.line++;
        err = utf8_valid(p.at, (size_t)(p.end - p.at)) ? read_line(&p) : fails(&p, ERR_MALFORMED, "it is not UTF-8");
    }
    if (err == ERR_OK)
        err = finish(&p);
    forget(&p.entry);
    return err;
}
