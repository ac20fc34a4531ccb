/* mustache_tag.c -- see mustache_tag.h. */
#include "common/text/mustache_tag.h"

#include <string.h>

struct mustache_source mustache_source(const char *text, size_t len, char *says)
{
    return (struct mustache_source){.text = text, .len = len, .open = {"{{", 2}, .close = {"}}", 2}, .says = says};
}

static int is_blank(char c)
{
    return c == ' ' || c == '\t';
}

int mustache_tag_is_space(char c)
{
    return is_blank(c) || c == '\r' || c == '\n';
}

size_t mustache_tag_line(const struct mustache_source *from, size_t at)
{
    size_t line = 1;
    for (size_t i = 0; i < at; i++)
        line += from->text[i] == '\n';
    return line;
}

int mustache_tag_starts_line(const struct mustache_source *from, size_t at)
{
    return at == 0 || from->text[at - 1] == '\n';
}

enum err mustache_tag_fails(const struct mustache_source *from, size_t at, enum err err, const char *why)
{
    return says_fail(from->says, err, "line %zu: %s", mustache_tag_line(from, at), why);
}

static size_t find(const struct mustache_source *from, size_t at, const char *what, size_t what_len)
{
    const char *hit = memmem(from->text + at, from->len - at, what, what_len);
    return hit ? (size_t)(hit - from->text) : from->len;
}

size_t mustache_tag_find(const struct mustache_source *from, size_t at)
{
    return find(from, at, from->open.text, from->open.len);
}

/* "{{{" ends with "}}}" and "{{=" with "=}}". */
enum err mustache_tag_read(const struct mustache_source *from, size_t start, struct mustache_tag *tag)
{
    size_t at = start + from->open.len, close_len = 0;
    char close[MUSTACHE_DELIMITER + 1];
    *tag = (struct mustache_tag){.start = start};
    if (at < from->len && from->text[at] && strchr("#^/>!=&{", from->text[at]))
        tag->sigil = from->text[at++];
    if (tag->sigil == '{' || tag->sigil == '=')
        close[close_len++] = tag->sigil == '{' ? '}' : '=';
    memcpy(close + close_len, from->close.text, from->close.len);
    close_len += from->close.len;
    size_t end = find(from, at, close, close_len);
    if (end == from->len)
        return mustache_tag_fails(from, start, ERR_MALFORMED, "a tag is not closed");
    tag->end = end + close_len;
    while (at < end && mustache_tag_is_space(from->text[at]))
        at++;
    while (end > at && mustache_tag_is_space(from->text[end - 1]))
        end--;
    tag->name = at;
    tag->name_len = end - at;
    return ERR_OK;
}

int mustache_tag_is_alone(const struct mustache_source *from, const struct mustache_tag *tag, size_t *line,
                          size_t *next)
{
    *line = tag->start;
    *next = tag->end;
    while (*line > 0 && is_blank(from->text[*line - 1]))
        (*line)--;
    while (*next < from->len && is_blank(from->text[*next]))
        (*next)++;
    if (*next < from->len && from->text[*next] == '\r')
        (*next)++;
    if (*next < from->len && from->text[(*next)++] != '\n')
        return 0;
    return mustache_tag_starts_line(from, *line);
}

enum err mustache_tag_delimiters(struct mustache_source *from, const struct mustache_tag *tag)
{
    const char *name = from->text + tag->name;
    size_t open_len = 0, close_len = 0, len = tag->name_len;
    while (open_len < len && !mustache_tag_is_space(name[open_len]))
        open_len++;
    while (close_len < len && !mustache_tag_is_space(name[len - 1 - close_len]))
        close_len++;
    size_t gap = open_len;
    while (gap < len && mustache_tag_is_space(name[gap]))
        gap++;
    if (gap == open_len || gap + close_len != len || memchr(name, '=', len))
        return mustache_tag_fails(from, tag->start, ERR_MALFORMED, "two delimiters are needed here, without =");
    if (open_len > MUSTACHE_DELIMITER || close_len > MUSTACHE_DELIMITER)
        return mustache_tag_fails(from, tag->start, ERR_TOO_BIG, "a delimiter is too long");
    memcpy(from->open.text, name, open_len);
    from->open.len = open_len;
    memcpy(from->close.text, name + len - close_len, close_len);
    from->close.len = close_len;
    return ERR_OK;
}
