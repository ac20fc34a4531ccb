/* ndjson.c -- see ndjson.h. */
#include "intake/ndjson.h"

#include <string.h>

/* What was used is dropped from the front only when it is much: each drop moves the rest. */
#define DROP_AT (256 * 1024)

void ndjson_init(struct ndjson *lines, size_t held_max, size_t line_max)
{
    *lines = (struct ndjson){.line_max = line_max};
    buf_init(&lines->held, held_max);
}

void ndjson_free(struct ndjson *lines)
{
    buf_free(&lines->held);
}

static void drop_used(struct ndjson *lines, size_t least)
{
    if (lines->at <= least)
        return;
    buf_drop(&lines->held, lines->at);
    lines->at = 0;
}

enum err ndjson_feed(struct ndjson *lines, const void *piece, size_t len)
{
    drop_used(lines, DROP_AT);
    return buf_add(&lines->held, piece, len);
}

void ndjson_end(struct ndjson *lines)
{
    lines->ended = 1;
}

static int is_blank(const char *line, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!strchr(" \t\r", line[i]) || !line[i])
            return 0;
    return 1;
}

/* An unfinished line: pass over it as soon as it is too long, so that it need not be held. */
static enum err unfinished(struct ndjson *lines, size_t left)
{
    if (lines->ended || (left <= lines->line_max && !lines->too_long))
        return lines->ended ? ERR_NOT_FOUND : ERR_AGAIN;
    enum err err = lines->too_long ? ERR_AGAIN : ERR_TOO_BIG;
    lines->lines += !lines->too_long;
    lines->too_long = 1;
    lines->at = lines->held.len;
    return err;
}

enum err ndjson_next(struct ndjson *lines, const char **out, size_t *out_len)
{
    for (;;) {
        const char *line = buf_text(&lines->held) + lines->at;
        size_t left = lines->held.len - lines->at;
        const char *end = memchr(line, '\n', left);
        if (!end && (!lines->ended || left == 0))
            return unfinished(lines, left);
        size_t len = end ? (size_t)(end - line) : left;
        lines->at += len + (end != NULL);
        if (lines->too_long) {
            lines->too_long = 0;
            continue;
        }
        lines->lines++;
        if (is_blank(line, len))
            continue;
        if (len > lines->line_max)
            return ERR_TOO_BIG;
        *out = line;
        *out_len = len;
        return ERR_OK;
    }
}
