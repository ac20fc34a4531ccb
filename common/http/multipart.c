/* multipart.c -- see multipart.h.
 *
 * The delimiter is CR LF "--" boundary, and a CR stands nowhere else in it: after a mismatch the only new beginning can
 * be the byte at hand, so that no look-back is needed however the bytes were cut. */
#include "common/http/multipart.h"

#include <string.h>
#include <strings.h>

#include "common/base/mem.h"
#include "common/http/http_chars.h"
#include "common/http/http_head.h"

enum phase { PHASE_START, PHASE_AFTER, PHASE_HEAD, PHASE_CONTENT, PHASE_END };

struct multipart {
    const struct multipart_calls *calls;
    void *room;
    enum phase phase;
    char delimiter[4 + MULTIPART_BOUNDARY_MAX + 1];
    size_t delimiter_len, matched;
    uint8_t after; /* first of the two bytes behind a delimiter */
    unsigned parts;
    struct buf head; /* of one part, up to its empty line */
};

/* --- parameters of Content-Type and Content-Disposition --- */

/* %22, %0D and %0A are what browsers write for the three characters that cannot stand in a quoted name. */
static size_t browser_escape(const char *at, char *out)
{
    static const struct {
        const char *text;
        char means;
    } escapes[] = {{"%22", '"'}, {"%0D", '\r'}, {"%0A", '\n'}, {"\\\"", '"'}, {"\\\\", '\\'}};
    for (size_t i = 0; i < sizeof escapes / sizeof escapes[0]; i++) {
        size_t len = strlen(escapes[i].text);
        if (strncasecmp(at, escapes[i].text, len) == 0) {
            *out = escapes[i].means;
            return len;
        }
    }
    *out = *at;
    return 1;
}

/* A token or a quoted string at *at, appended to `value` (NULL: skipped); *at goes behind it. 0: not well formed. */
static int read_value(const char **at, struct buf *value)
{
    const char *c = *at;
    int quoted = *c == '"';
    c += quoted;
    while (quoted ? *c && *c != '"' : http_token_byte((uint8_t)*c)) {
        char byte = *c;
        c += quoted ? browser_escape(c, &byte) : 1;
        if (value && buf_add_byte(value, (uint8_t)byte) != ERR_OK)
            return 0;
    }
    if (quoted && *c++ != '"')
        return 0;
    if (!quoted && c == *at)
        return 0;
    *at = c;
    return 1;
}

/* Find parameter `name` behind the first word of a field value. 1 found, 0 absent, -1 not well formed or twice. */
static int read_parameter(const char *text, const char *name, struct buf *value)
{
    int found = 0;
    const char *at = text + strcspn(text, ";");
    while (*at == ';') {
        at += 1 + strspn(at + 1, " \t");
        size_t len = 0;
        while (http_token_byte((uint8_t)at[len]))
            len++;
        if (len == 0 || at[len] != '=')
            return -1;
        int wanted = strlen(name) == len && strncasecmp(at, name, len) == 0;
        if (wanted && found++)
            return -1;
        at += len + 1;
        if (!read_value(&at, wanted ? value : NULL))
            return -1;
        at += strspn(at, " \t");
    }
    return *at ? -1 : found;
}

static int first_word_is(const char *text, const char *word)
{
    size_t len = strlen(word);
    return strncasecmp(text, word, len) == 0 && strchr("; \t", text[len]) != NULL;
}

/* bchars of RFC 2046, without a space at the end. */
static int is_boundary(const char *text, size_t len)
{
    if (len == 0 || len > MULTIPART_BOUNDARY_MAX || text[len - 1] == ' ')
        return 0;
    for (size_t i = 0; i < len; i++) {
        uint8_t byte = (uint8_t)text[i];
        if (!(http_chars[byte] & (CHAR_DIGIT | CHAR_HOST)) && (!byte || !strchr("'()+_,-./:=? ", byte)))
            return 0;
    }
    return 1;
}

enum err multipart_new(const char *content_type, const struct multipart_calls *calls, void *room,
                       struct multipart **out)
{
    *out = NULL;
    if (!content_type || !first_word_is(content_type, "multipart/form-data"))
        return ERR_DENIED;
    struct buf boundary = BUF_INIT(MULTIPART_BOUNDARY_MAX);
    enum err err = ERR_MALFORMED;
    if (read_parameter(content_type, "boundary", &boundary) == 1 && is_boundary(buf_text(&boundary), boundary.len)) {
        struct multipart *parser = mem_new(sizeof *parser);
        *parser = (struct multipart){.calls = calls, .room = room, .head = BUF_INIT(MULTIPART_HEAD_MAX)};
        memcpy(parser->delimiter, "\r\n--", 4);
        memcpy(parser->delimiter + 4, boundary.bytes, boundary.len);
        parser->delimiter_len = 4 + boundary.len;
        /* The first delimiter stands at the very beginning, as if a line had ended there. */
        parser->matched = 2;
        *out = parser;
        err = ERR_OK;
    }
    buf_free(&boundary);
    return err;
}

void multipart_free(struct multipart *parser)
{
    if (!parser)
        return;
    buf_free(&parser->head);
    mem_free(parser);
}

/* --- the head of a part --- */

/* The value of field `name` among the lines of the head, as text; NULL if absent. Lines were made strings before. */
static const char *head_field(const struct buf *head, const char *name)
{
    for (size_t i = 0; i < head->len; i += strlen(buf_text(head) + i) + 2) {
        const char *line = buf_text(head) + i;
        size_t len = strlen(name);
        if (strncasecmp(line, name, len) == 0 && line[len] == ':')
            return line + len + 1 + strspn(line + len + 1, " \t");
    }
    return NULL;
}

/* Check each line and put NULs in place of their CRs. */
static int split_head(struct buf *head)
{
    uint8_t *at = head->bytes, *end = head->bytes + head->len;
    while (at < end) {
        uint8_t *stop = memchr(at, '\r', (size_t)(end - at));
        struct http_field field;
        if (!stop || stop + 1 == end || stop[1] != '\n' || !http_field_read(at, (size_t)(stop - at), &field) ||
            !http_chars_all(at, (size_t)(stop - at), CHAR_VALUE))
            return 0;
        at[field.value + field.value_len] = 0;
        *stop = 0;
        memset(at + field.value + field.value_len, 0, (size_t)(stop - at) - field.value - field.value_len);
        at = stop + 2;
    }
    return 1;
}

static enum err begin_part(struct multipart *p)
{
    if (++p->parts > MULTIPART_PARTS_MAX)
        return ERR_TOO_BIG;
    /* Without the empty line. */
    buf_cut(&p->head, p->head.len - 2);
    if (!split_head(&p->head))
        return ERR_MALFORMED;
    struct buf name = BUF_INIT(MULTIPART_HEAD_MAX), filename = BUF_INIT(MULTIPART_HEAD_MAX);
    const char *disposition = head_field(&p->head, "Content-Disposition");
    enum err err = ERR_MALFORMED;
    if (disposition && first_word_is(disposition, "form-data") && read_parameter(disposition, "name", &name) == 1) {
        int has_file = read_parameter(disposition, "filename", &filename);
        if (has_file >= 0)
            err = p->calls->begin(p->room, buf_text(&name), has_file ? buf_text(&filename) : NULL,
                                  head_field(&p->head, "Content-Type"));
    }
    buf_free(&name);
    buf_free(&filename);
    buf_clear(&p->head);
    p->phase = PHASE_CONTENT;
    return err;
}

static enum err head_byte(struct multipart *p, uint8_t byte)
{
    enum err err = buf_add_byte(&p->head, byte);
    size_t len = p->head.len;
    if (err != ERR_OK)
        return err;
    if (byte == '\n' && len == 2 && p->head.bytes[0] == '\r')
        return ERR_MALFORMED;
    return len >= 4 && memcmp(p->head.bytes + len - 4, "\r\n\r\n", 4) == 0 ? begin_part(p) : ERR_OK;
}

/* --- content --- */

static enum err hand_on(struct multipart *p, const uint8_t *piece, size_t len)
{
    if (len == 0)
        return ERR_OK;
    /* Nothing stands before the first delimiter in what browsers and our own clients send. */
    return p->phase == PHASE_START ? ERR_MALFORMED : p->calls->piece(p->room, piece, len);
}

static enum err delimiter_met(struct multipart *p)
{
    enum err err = p->phase == PHASE_CONTENT ? p->calls->end(p->room) : ERR_OK;
    p->phase = PHASE_AFTER;
    p->matched = 0;
    p->after = 0;
    return err;
}

/* Content up to the next delimiter or the end of `in`; *used tells how far. */
static enum err feed_content(struct multipart *p, const uint8_t *in, size_t len, size_t *used)
{
    size_t i = 0;
    if (p->matched == 0) {
        const uint8_t *cr = memchr(in, '\r', len);
        i = cr ? (size_t)(cr - in) : len;
        *used = i;
        enum err err = hand_on(p, in, i);
        if (err != ERR_OK || i == len)
            return err;
    }
    while (i < len && p->matched < p->delimiter_len && in[i] == (uint8_t)p->delimiter[p->matched]) {
        p->matched++;
        i++;
    }
    *used = i;
    if (p->matched == p->delimiter_len)
        return delimiter_met(p);
    if (i == len)
        return ERR_OK;
    /* It was content after all: what had matched is the delimiter's own beginning. */
    size_t matched = p->matched;
    p->matched = 0;
    return hand_on(p, (const uint8_t *)p->delimiter, matched);
}

/* "--" ends the whole, CR LF begins a head. */
static enum err after_byte(struct multipart *p, uint8_t byte)
{
    if (!p->after) {
        p->after = byte;
        return byte == '-' || byte == '\r' ? ERR_OK : ERR_MALFORMED;
    }
    if (byte != (p->after == '-' ? '-' : '\n'))
        return ERR_MALFORMED;
    p->phase = p->after == '-' ? PHASE_END : PHASE_HEAD;
    return ERR_OK;
}

enum err multipart_feed(struct multipart *p, const uint8_t *in, size_t len)
{
    enum err err = ERR_OK;
    while (len && err == ERR_OK && p->phase != PHASE_END) {
        size_t used = 1;
        if (p->phase == PHASE_AFTER)
            err = after_byte(p, *in);
        else if (p->phase == PHASE_HEAD)
            err = head_byte(p, *in);
        else
            err = feed_content(p, in, len, &used);
        in += used;
        len -= used;
    }
    return err;
}

enum err multipart_end(const struct multipart *p)
{
    return p->phase == PHASE_END ? ERR_OK : ERR_MALFORMED;
}
