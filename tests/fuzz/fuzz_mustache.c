/* fuzz_mustache.c -- any template with hostile values: it compiles or is refused with a sentence; rendered, no value's
 * markup comes through a tag that escapes; a render that does not fit leaves nothing behind. */
#include "common/text/mustache.h"
#include "tests/fuzz/fuzz.h"

/* Every value has its "<" in front of a byte that stands in no template: an unescaped one can be told apart. */
#define MARK "<\x01\"'&>"

static const char *same(void *arg, const char *context, const char *english)
{
    (void)arg;
    need(!context || *context);
    return english;
}

static const struct mustache *itself(void *arg, const char *name)
{
    return *name == 'p' ? arg : NULL;
}

static json_t *hostile(void)
{
    return json_pack("{s:s, s:s, s:[s,s,{s:s}], s:{s:s, s:{s:s}}, s:b, s:n, s:i, s:[]}", "a", MARK, "b", "x" MARK,
                     "list", MARK, "two", "a", MARK, "in", "a", MARK, "deep", "b", MARK, "yes", 1, "null", "n", 7,
                     "none");
}

/* Tags that are meant not to escape, or delimiters that could make some. */
static int may_be_raw(const char *text, size_t len)
{
    return memchr(text, '&', len) || memmem(text, len, "{{{", 3) || memchr(text, '=', len) || memchr(text, '\x01', len);
}

static void render(const struct mustache *template, int is_raw, const json_t *context)
{
    const struct mustache_with with = {.partial = itself, .arg = (void *)(uintptr_t) template};
    struct buf out = BUF_INIT(64 * 1024), again = BUF_INIT(64 * 1024), little = BUF_INIT(40);
    need(buf_add_text(&little, "before") == ERR_OK);
    enum err err = mustache_render(template, context, &with, &out);
    need(err == ERR_OK || (err == ERR_TOO_BIG && out.len == 0));
    need(is_raw || !fuzz_has(&out, "<\x01", 2));
    need(mustache_render(template, context, &with, &again) == err && again.len == out.len);
    need(memcmp(buf_text(&out), buf_text(&again), out.len) == 0);
    if (mustache_render(template, context, &with, &little) != ERR_OK)
        need(strcmp(buf_text(&little), "before") == 0);
    buf_free(&out);
    buf_free(&again);
    buf_free(&little);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct mustache_words words = {.translation = same};
    char says[SAYS_SIZE] = "", *text = fuzz_text(data, size);
    json_t *context = hostile();
    struct buf filled = BUF_INIT(64 * 1024);
    for (int translated = 0; translated < 2; translated++) {
        struct mustache *template;
        enum err err = mustache_compile(text, size, translated ? &words : NULL, &template, says);
        need(err == ERR_OK ? template != NULL : (!template && *says));
        if (template)
            render(template, may_be_raw(text, size), context);
        mustache_free(template);
    }
    need(mustache_fill(text, context, &filled) == ERR_OK || filled.len == 0);
    buf_free(&filled);
    json_decref(context);
    free(text);
    return 0;
}
