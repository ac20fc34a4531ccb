/* mustache_render.c -- nodes and a context to text; see mustache.h.
 *
 * A partial that stood alone on its line has that line's white space put before each of its own lines. That is done to
 * the partial's text, never to the values in it. */
#include <string.h>

#include "common/base/mem.h"
#include "common/text/mustache.h"
#include "common/text/mustache_node.h"

#define INDENT_SIZE 256

struct renderer {
    const struct mustache_with *with;
    const json_t *stack[MUSTACHE_DEPTH + 3]; /* base, context, a value for each open section and one that is refused */
    size_t top;
    size_t depth; /* sections and partials */
    struct buf indent;
    size_t indent_from; /* what is before belongs to an outer template and does not apply */
    struct buf *out;
};

static enum err run(struct renderer *r, const struct mustache *m, size_t from, size_t to);

/* NULL if there is none. The first part is looked for in every context, the others only inside what it gave. */
static const json_t *look_up(const struct renderer *r, const struct mustache_node *node)
{
    if (node->parts == 0)
        return r->stack[r->top - 1];
    const char *part = node->text;
    const json_t *value = NULL;
    for (size_t i = r->top; i > 0 && !value; i--)
        value = json_object_get(r->stack[i - 1], part);
    for (size_t i = 1; i < node->parts && value; i++) {
        part += strlen(part) + 1;
        value = json_object_get(value, part);
    }
    return value;
}

static int is_false(const json_t *value)
{
    if (!value || json_is_null(value) || json_is_false(value))
        return 1;
    if (json_is_string(value))
        return json_string_length(value) == 0;
    if (json_is_array(value))
        return json_array_size(value) == 0;
    return json_is_number(value) && json_number_value(value) == 0;
}

enum err mustache_escape(struct buf *out, const char *text, size_t len)
{
    static const struct {
        char byte;
        const char *reference;
    } escapes[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};
    size_t done = 0, before = out->len;
    enum err err = ERR_OK;
    for (size_t i = 0; i < len && err == ERR_OK; i++) {
        for (size_t e = 0; e < sizeof escapes / sizeof *escapes; e++) {
            if (text[i] != escapes[e].byte)
                continue;
            err = buf_add(out, text + done, i - done);
            if (err == ERR_OK)
                err = buf_add_text(out, escapes[e].reference);
            done = i + 1;
            break;
        }
    }
    if (err == ERR_OK)
        err = buf_add(out, text + done, len - done);
    if (err != ERR_OK)
        buf_cut(out, before);
    return err;
}

static enum err add_value(struct buf *out, const json_t *value, int escaped)
{
    if (json_is_string(value)) {
        const char *text = json_string_value(value);
        size_t len = json_string_length(value);
        return escaped ? mustache_escape(out, text, len) : buf_add(out, text, len);
    }
    if (json_is_integer(value))
        return buf_addf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    if (json_is_real(value))
        return buf_addf(out, "%.15g", json_real_value(value));
    if (json_is_boolean(value))
        return buf_add_text(out, json_is_true(value) ? "true" : "false");
    return ERR_OK;
}

static enum err on_text(struct renderer *r, const struct mustache *m, size_t at)
{
    const struct mustache_node *node = &m->nodes[at];
    const char *indent = buf_text(&r->indent) + r->indent_from, *text = node->text;
    size_t indent_len = r->indent.len - r->indent_from, left = node->len;
    if (indent_len == 0)
        return buf_add(r->out, text, left);
    enum err err = node->line_start ? buf_add(r->out, indent, indent_len) : ERR_OK;
    while (left && err == ERR_OK) {
        const char *newline = memchr(text, '\n', left);
        size_t len = newline ? (size_t)(newline + 1 - text) : left;
        err = buf_add(r->out, text, len);
        text += len;
        left -= len;
        if (left && err == ERR_OK)
            err = buf_add(r->out, indent, indent_len);
    }
    return err;
}

static enum err on_value(struct renderer *r, const struct mustache *m, size_t at)
{
    return add_value(r->out, look_up(r, &m->nodes[at]), 1);
}

static enum err on_raw(struct renderer *r, const struct mustache *m, size_t at)
{
    return add_value(r->out, look_up(r, &m->nodes[at]), 0);
}

static enum err with_value(struct renderer *r, const struct mustache *m, size_t at, const json_t *value)
{
    r->stack[r->top++] = value;
    enum err err = run(r, m, at + 1, m->nodes[at].end);
    r->top--;
    return err;
}

static enum err on_section(struct renderer *r, const struct mustache *m, size_t at)
{
    const json_t *value = look_up(r, &m->nodes[at]);
    enum err err = ERR_OK;
    if (is_false(value))
        return ERR_OK;
    if (!json_is_array(value))
        return with_value(r, m, at, value);
    for (size_t i = 0; i < json_array_size(value) && err == ERR_OK; i++)
        err = with_value(r, m, at, json_array_get(value, i));
    return err;
}

static enum err on_inverted(struct renderer *r, const struct mustache *m, size_t at)
{
    return is_false(look_up(r, &m->nodes[at])) ? run(r, m, at + 1, m->nodes[at].end) : ERR_OK;
}

static enum err on_partial(struct renderer *r, const struct mustache *m, size_t at)
{
    const struct mustache_node *node = &m->nodes[at];
    const struct mustache *partial = r->with && r->with->partial ? r->with->partial(r->with->arg, node->text) : NULL;
    if (!partial)
        return ERR_OK;
    size_t len = r->indent.len, from = r->indent_from;
    if (!node->indent)
        r->indent_from = len;
    enum err err = buf_add_text(&r->indent, node->indent ? node->indent : "");
    if (err == ERR_OK)
        err = run(r, partial, 0, partial->count);
    buf_cut(&r->indent, len);
    r->indent_from = from;
    return err;
}

static enum err (*const renderers[MUSTACHE_KINDS])(struct renderer *, const struct mustache *, size_t) = {
    [MUSTACHE_TEXT] = on_text,       [MUSTACHE_VALUE] = on_value,       [MUSTACHE_RAW] = on_raw,
    [MUSTACHE_SECTION] = on_section, [MUSTACHE_INVERTED] = on_inverted, [MUSTACHE_PARTIAL] = on_partial,
};

static enum err run(struct renderer *r, const struct mustache *m, size_t from, size_t to)
{
    enum err err = ERR_OK;
    if (r->depth++ > MUSTACHE_DEPTH)
        err = ERR_TOO_BIG;
    while (from < to && err == ERR_OK) {
        const struct mustache_node *node = &m->nodes[from];
        err = renderers[node->kind](r, m, from);
        from = node->end ? node->end : from + 1;
    }
    r->depth--;
    return err;
}

enum err mustache_render(const struct mustache *template, const json_t *context, const struct mustache_with *with,
                         struct buf *out)
{
    struct renderer r = {.with = with, .indent = BUF_INIT(INDENT_SIZE), .out = out};
    size_t before = out->len;
    r.stack[r.top++] = with ? with->base : NULL;
    r.stack[r.top++] = context;
    enum err err = run(&r, template, 0, template->count);
    buf_free(&r.indent);
    if (err != ERR_OK)
        buf_cut(out, before);
    return err;
}
