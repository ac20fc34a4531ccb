/* mustache_compile.c -- template text to nodes; see mustache.h.
 *
 * mustache_tag.h finds the tags; here each kind has its row in `tag_kinds`. A text to translate is compiled in place by
 * a second compiler that knows values only. */
#include <string.h>

#include "common/base/mem.h"
#include "common/text/mustache.h"
#include "common/text/mustache_node.h"
#include "common/text/mustache_tag.h"

struct compiler {
    struct mustache_source from;
    size_t at; /* all before it is compiled */
    struct mustache *into;
    struct {
        size_t node, tag; /* its place in `into`, and where its tag begins */
    } sections[MUSTACHE_DEPTH];
    size_t depth;
    const struct mustache_words *words;
    int values_only; /* inside a translation: {{name}} and nothing else */
    int escape_text; /* the text itself is escaped too */
    int plain;       /* values are not */
};

static struct mustache_node *add_node(struct mustache *m, enum mustache_kind kind)
{
    if (m->count == m->cap) {
        m->cap = m->cap ? m->cap * 2 : 16;
        m->nodes = mem_grow(m->nodes, m->cap * sizeof *m->nodes);
    }
    struct mustache_node *node = &m->nodes[m->count++];
    *node = (struct mustache_node){.kind = kind};
    return node;
}

static int starts_line(const struct compiler *c, size_t at)
{
    return !c->values_only && mustache_tag_starts_line(&c->from, at);
}

static void add_text(struct compiler *c, size_t from, size_t to)
{
    size_t len = to - from;
    struct buf text = BUF_INIT(len * sizeof "&quot;"); /* escaped at its longest */
    enum err err =
        c->escape_text ? mustache_escape(&text, c->from.text + from, len) : buf_add(&text, c->from.text + from, len);
    need(err == ERR_OK);
    struct mustache_node *node = add_node(c->into, MUSTACHE_TEXT);
    node->text = mem_copy(buf_text(&text), text.len);
    node->len = text.len;
    node->line_start = starts_line(c, from);
    buf_free(&text);
}

static int name_is_good(const char *name, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)name[i] <= ' ' || strchr("{}#^&<>!=\"", name[i]))
            return 0;
    return len > 0;
}

/* "a.b.c" to its parts. Returns 0 if it is no name. */
static int split_name(const char *name, size_t len, struct mustache_node *node)
{
    if (!name_is_good(name, len))
        return 0;
    if (len == 1 && name[0] == '.')
        return 1;
    node->text = mem_copy(name, len);
    node->len = len;
    node->parts = 1;
    for (size_t i = 0; i < len; i++) {
        if (name[i] != '.')
            continue;
        if (i == 0 || i + 1 == len || name[i + 1] == '.')
            return 0;
        node->text[i] = 0;
        node->parts++;
    }
    return 1;
}

static enum err add_named(struct compiler *c, const struct mustache_tag *tag, enum mustache_kind kind)
{
    if (!split_name(c->from.text + tag->name, tag->name_len, add_node(c->into, kind)))
        return mustache_tag_fails(&c->from, tag->start, ERR_MALFORMED, "this cannot be a name");
    return ERR_OK;
}

static enum err on_value(struct compiler *c, const struct mustache_tag *tag)
{
    return add_named(c, tag, c->plain ? MUSTACHE_RAW : MUSTACHE_VALUE);
}

static enum err on_raw(struct compiler *c, const struct mustache_tag *tag)
{
    return add_named(c, tag, MUSTACHE_RAW);
}

static enum err on_comment(struct compiler *c, const struct mustache_tag *tag)
{
    (void)c, (void)tag;
    return ERR_OK;
}

static enum err on_delimiters(struct compiler *c, const struct mustache_tag *tag)
{
    return mustache_tag_delimiters(&c->from, tag);
}

static enum err on_close(struct compiler *c, const struct mustache_tag *tag)
{
    if (c->depth == 0)
        return mustache_tag_fails(&c->from, tag->start, ERR_MALFORMED, "a section is closed that is not open");
    struct mustache_node wanted = {0};
    int good = split_name(c->from.text + tag->name, tag->name_len, &wanted);
    struct mustache_node *node = &c->into->nodes[c->sections[c->depth - 1].node];
    good = good && wanted.len == node->len && (!node->len || memcmp(wanted.text, node->text, node->len) == 0);
    mem_free(wanted.text);
    if (!good)
        return mustache_tag_fails(&c->from, tag->start, ERR_MALFORMED,
                                  "this closes another section than the one that is open");
    node->end = c->into->count;
    c->depth--;
    return ERR_OK;
}

static enum err compile_all(struct compiler *c);

/* Every run of white space becomes one space, and none stays at the ends. */
static char *fold(const char *text, size_t len)
{
    char *out = mem_new(len + 1);
    size_t out_len = 0;
    for (size_t i = 0; i < len; i++) {
        if (!mustache_tag_is_space(text[i]))
            out[out_len++] = text[i];
        else if (out_len && out[out_len - 1] != ' ')
            out[out_len++] = ' ';
    }
    if (out_len && out[out_len - 1] == ' ')
        out[out_len - 1] = 0;
    return out;
}

/* Its closing tag: the first tag in it that begins with "/". */
static enum err find_close(const struct compiler *c, const struct mustache_tag *open, struct mustache_tag *close)
{
    for (size_t at = open->end;; at = close->end) {
        at = mustache_tag_find(&c->from, at);
        if (at == c->from.len)
            return mustache_tag_fails(&c->from, open->start, ERR_MALFORMED, "a text to translate is not closed");
        enum err err = mustache_tag_read(&c->from, at, close);
        if (err != ERR_OK)
            return err;
        if (close->sigil == '/')
            return ERR_OK;
    }
}

/* Bytes of the tag's first word: "_html" of "{{#_html a context}}". */
static size_t first_word(const struct compiler *c, const struct mustache_tag *tag)
{
    size_t len = 0;
    while (len < tag->name_len && !mustache_tag_is_space(c->from.text[tag->name + len]))
        len++;
    return len;
}

static int first_word_is(const struct compiler *c, const struct mustache_tag *tag, const char *word)
{
    size_t len = first_word(c, tag);
    return len == strlen(word) && memcmp(c->from.text + tag->name, word, len) == 0;
}

static enum err translate(struct compiler *c, const struct mustache_tag *open)
{
    struct mustache_tag close = {0};
    enum err err = find_close(c, open, &close);
    if (err != ERR_OK)
        return err;
    size_t word = first_word(c, open);
    if (close.name_len != word || memcmp(c->from.text + close.name, c->from.text + open->name, word) != 0)
        return mustache_tag_fails(&c->from, close.start, ERR_MALFORMED, "this does not close the text to translate");
    char *english = fold(c->from.text + open->end, close.start - open->end);
    char *context = fold(c->from.text + open->name + word, open->name_len - word);
    if (!*english) {
        err = mustache_tag_fails(&c->from, open->start, ERR_MALFORMED, "there is no text to translate");
    } else {
        const char *said = c->words->translation(c->words->arg, *context ? context : NULL, english);
        struct compiler inner = {.from = mustache_source(said, strlen(said), c->from.says),
                                 .into = c->into,
                                 .values_only = 1,
                                 .escape_text = first_word_is(c, open, "_")};
        err = compile_all(&inner);
        if (err != ERR_OK)
            says_where(c->from.says, "line %zu: in the translation", mustache_tag_line(&c->from, open->start));
    }
    mem_free(english);
    mem_free(context);
    c->at = close.end;
    return err;
}

static int is_translation(const struct compiler *c, const struct mustache_tag *tag)
{
    return c->words && tag->sigil == '#' && (first_word_is(c, tag, "_") || first_word_is(c, tag, "_html"));
}

static enum err open_section(struct compiler *c, const struct mustache_tag *tag, enum mustache_kind kind)
{
    if (c->depth == MUSTACHE_DEPTH)
        return mustache_tag_fails(&c->from, tag->start, ERR_TOO_BIG, "sections are nested too deep");
    c->sections[c->depth].node = c->into->count;
    c->sections[c->depth++].tag = tag->start;
    return add_named(c, tag, kind);
}

static enum err on_section(struct compiler *c, const struct mustache_tag *tag)
{
    return is_translation(c, tag) ? translate(c, tag) : open_section(c, tag, MUSTACHE_SECTION);
}

static enum err on_inverted(struct compiler *c, const struct mustache_tag *tag)
{
    return open_section(c, tag, MUSTACHE_INVERTED);
}

static enum err on_partial(struct compiler *c, const struct mustache_tag *tag)
{
    struct mustache_node *node = add_node(c->into, MUSTACHE_PARTIAL);
    if (!name_is_good(c->from.text + tag->name, tag->name_len))
        return mustache_tag_fails(&c->from, tag->start, ERR_MALFORMED, "this cannot be the name of a partial");
    node->text = mem_copy(c->from.text + tag->name, tag->name_len);
    return ERR_OK;
}

static const struct {
    char sigil;
    int may_be_alone; /* takes its line with it when nothing else is there */
    enum err (*compile)(struct compiler *c, const struct mustache_tag *tag);
} tag_kinds[] = {
    {0, 0, on_value},      {'{', 0, on_raw},   {'&', 0, on_raw},     {'!', 1, on_comment},    {'#', 1, on_section},
    {'^', 1, on_inverted}, {'/', 1, on_close}, {'>', 1, on_partial}, {'=', 1, on_delimiters},
};

static enum err compile_tag(struct compiler *c, const struct mustache_tag *tag)
{
    size_t kind = 0, line, next;
    while (tag_kinds[kind].sigil != tag->sigil)
        kind++;
    if (c->values_only && tag->sigil)
        return mustache_tag_fails(&c->from, tag->start, ERR_MALFORMED,
                                  "only {{name}} may stand in a text to translate");
    int alone =
        tag_kinds[kind].may_be_alone && !is_translation(c, tag) && mustache_tag_is_alone(&c->from, tag, &line, &next);
    if (c->at < (alone ? line : tag->start))
        add_text(c, c->at, alone ? line : tag->start);
    if (!alone && starts_line(c, tag->start))
        add_text(c, tag->start, tag->start); /* where the indentation of a partial goes */
    c->at = alone ? next : tag->end;
    enum err err = tag_kinds[kind].compile(c, tag);
    if (err == ERR_OK && alone && tag->sigil == '>')
        c->into->nodes[c->into->count - 1].indent = mem_copy(c->from.text + line, tag->start - line);
    return err;
}

static enum err compile_all(struct compiler *c)
{
    for (;;) {
        size_t start = mustache_tag_find(&c->from, c->at);
        if (start == c->from.len)
            break;
        struct mustache_tag tag;
        enum err err = mustache_tag_read(&c->from, start, &tag);
        if (err == ERR_OK)
            err = compile_tag(c, &tag);
        if (err != ERR_OK)
            return err;
    }
    if (c->depth)
        return mustache_tag_fails(&c->from, c->sections[c->depth - 1].tag, ERR_MALFORMED, "a section is not closed");
    if (c->at < c->from.len)
        add_text(c, c->at, c->from.len);
    return ERR_OK;
}

static enum err compile(struct compiler *c, struct mustache **out)
{
    c->into = mem_new(sizeof *c->into);
    enum err err =
        c->from.len <= MUSTACHE_SIZE ? compile_all(c) : says_fail(c->from.says, ERR_TOO_BIG, "the template is too big");
    if (err != ERR_OK) {
        mustache_free(c->into);
        c->into = NULL;
    }
    *out = c->into;
    return err;
}

enum err mustache_compile(const char *text, size_t len, const struct mustache_words *words, struct mustache **out,
                          char says[static SAYS_SIZE])
{
    struct compiler c = {.from = mustache_source(text, len, says), .words = words};
    return compile(&c, out);
}

enum err mustache_fill(const char *text, const json_t *values, struct buf *out)
{
    char says[SAYS_SIZE];
    struct mustache *template;
    struct compiler c = {.from = mustache_source(text, strlen(text), says), .values_only = 1, .plain = 1};
    enum err err = compile(&c, &template);
    if (err == ERR_OK)
        err = mustache_render(template, values, NULL, out);
    mustache_free(template);
    return err;
}

void mustache_free(struct mustache *template)
{
    if (!template)
        return;
    for (size_t i = 0; i < template->count; i++) {
        mem_free(template->nodes[i].text);
        mem_free(template->nodes[i].indent);
    }
    mem_free(template->nodes);
    mem_free(template);
}

const char *mustache_partial_name(const struct mustache *template, size_t which)
{
    for (size_t i = 0; i < template->count; i++)
        if (template->nodes[i].kind == MUSTACHE_PARTIAL && which-- == 0)
            return template->nodes[i].text;
    return NULL;
}
