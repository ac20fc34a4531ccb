/* page.c -- see page.h. Pages are kept sorted by name, with one compiled template for each language. */
#include "common/text/page.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/text/mustache.h"

#define PAGE_ENDING ".mustache"

struct page {
    char *name;
    struct mustache *templates[LANGUAGE_MAX]; /* as in set->languages */
};

struct page_set {
    struct page pages[PAGE_MAX];
    size_t count;
    const struct language *languages[LANGUAGE_MAX];
    json_t *bases[LANGUAGE_MAX];
    size_t language_count;
};

/* One language of the set: what callbacks get. */
struct page_view {
    const struct page_set *set;
    size_t language;
};

static int compare_pages(const void *a, const void *b)
{
    return strcmp(((const struct page *)a)->name, ((const struct page *)b)->name);
}

static int compare_name(const void *name, const void *page)
{
    return strcmp(name, ((const struct page *)page)->name);
}

static const struct page *find_page(const struct page_set *set, const char *name)
{
    return bsearch(name, set->pages, set->count, sizeof *set->pages, compare_name);
}

static const struct mustache *find_partial(void *arg, const char *name)
{
    const struct page_view *view = arg;
    const struct page *page = find_page(view->set, name);
    return page ? page->templates[view->language] : NULL;
}

struct page_words {
    const struct catalogue_set *catalogues;
    const char *language;
};

static const char *find_words(void *arg, const char *context, const char *english)
{
    const struct page_words *words = arg;
    return catalogue_text_in(words->catalogues, words->language, context, english);
}

static enum err compile_page(struct page_set *set, struct page *page, const char *folder,
                             const struct catalogue_set *catalogues, char says[static SAYS_SIZE])
{
    char path[PATH_MAX];
    if ((size_t)snprintf(path, sizeof path, "%s/%s" PAGE_ENDING, folder, page->name) >= sizeof path)
        return says_fail(says, ERR_TOO_BIG, "the name of a template is too long");
    struct buf file = BUF_INIT(MUSTACHE_SIZE);
    enum err err = file_read(path, &file);
    if (err != ERR_OK)
        err = says_fail(says, err, "%s: it %s", path, err_says(err));
    for (size_t i = 0; i < set->language_count && err == ERR_OK; i++) {
        struct page_words words = {catalogues, set->languages[i]->code};
        err = mustache_compile(buf_text(&file), file.len, &(struct mustache_words){find_words, &words},
                               &page->templates[i], says);
        if (err != ERR_OK)
            says_where(says, "%s (%s)", path, words.language);
    }
    buf_free(&file);
    return err;
}

static int is_page_name(const char *name, size_t len)
{
    return len > 0 && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == len;
}

static enum err list_pages(struct page_set *set, const char *folder, char says[static SAYS_SIZE])
{
    DIR *dir = opendir(folder);
    enum err err = ERR_OK;
    if (!dir)
        return says_fail(says, ERR_NOT_FOUND, "%s: this folder cannot be read", folder);
    for (struct dirent *entry; err == ERR_OK && (entry = readdir(dir)) != NULL;) {
        const char *ending = strrchr(entry->d_name, '.');
        if (!ending || strcmp(ending, PAGE_ENDING) != 0)
            continue;
        size_t len = (size_t)(ending - entry->d_name);
        if (!is_page_name(entry->d_name, len))
            err = says_fail(says, ERR_MALFORMED, "%s: a template has a name that cannot be one", folder);
        else if (set->count == PAGE_MAX)
            err = says_fail(says, ERR_TOO_BIG, "%s: too many templates", folder);
        else
            set->pages[set->count++].name = mem_copy(entry->d_name, len);
    }
    closedir(dir);
    qsort(set->pages, set->count, sizeof *set->pages, compare_pages);
    return err;
}

static enum err check_partials(const struct page_set *set, char says[static SAYS_SIZE])
{
    for (size_t i = 0; i < set->count; i++) {
        const char *partial;
        for (size_t p = 0; (partial = mustache_partial_name(set->pages[i].templates[0], p)) != NULL; p++)
            if (!find_page(set, partial))
                return says_fail(says, ERR_NOT_FOUND, "%s: there is no template %s", set->pages[i].name, partial);
    }
    return ERR_OK;
}

static json_t *make_base(const struct page_set *set, const struct language *current)
{
    json_t *list = json_array();
    for (size_t i = 0; i < set->language_count; i++) {
        const struct language *each = set->languages[i];
        need(json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:b}", "code", each->code, "native", each->native,
                                                   "dir", each->direction, "current", each == current)) == 0);
    }
    json_t *base = json_pack("{s:s, s:s, s:s, s:o}", "lang", current->code, "dir", current->direction, "language",
                             current->native, "languages", list);
    need(base != NULL);
    return base;
}

enum err page_load(const char *folder, const struct catalogue_set *catalogues, struct page_set **out,
                   char says[static SAYS_SIZE])
{
    struct page_set *set = mem_new(sizeof *set);
    const char *const *codes = catalogue_languages(catalogues, &set->language_count);
    for (size_t i = 0; i < set->language_count; i++)
        set->languages[i] = language_find(codes[i]);
    for (size_t i = 0; i < set->language_count; i++)
        set->bases[i] = make_base(set, set->languages[i]);
    enum err err = list_pages(set, folder, says);
    for (size_t i = 0; i < set->count && err == ERR_OK; i++)
        err = compile_page(set, &set->pages[i], folder, catalogues, says);
    if (err == ERR_OK)
        err = check_partials(set, says);
    if (err != ERR_OK) {
        page_free(set);
        set = NULL;
    }
    *out = set;
    return err;
}

void page_free(struct page_set *set)
{
    if (!set)
        return;
    for (size_t i = 0; i < set->count; i++) {
        mem_free(set->pages[i].name);
        for (size_t l = 0; l < set->language_count; l++)
            mustache_free(set->pages[i].templates[l]);
    }
    for (size_t l = 0; l < set->language_count; l++)
        json_decref(set->bases[l]);
    mem_free(set);
}

enum err page_render(const struct page_set *set, const char *name, const char *language, const json_t *context,
                     struct buf *out)
{
    struct page_view view = {set, 0};
    const struct page *page = find_page(set, name);
    if (!page)
        return ERR_NOT_FOUND;
    for (size_t i = 0; i < set->language_count; i++)
        if (strcmp(set->languages[i]->code, language) == 0)
            view.language = i;
    return mustache_render(page->templates[view.language], context,
                           &(struct mustache_with){find_partial, &view, set->bases[view.language]}, out);
}
