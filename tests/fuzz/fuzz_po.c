/* fuzz_po.c -- any catalogue file: read entry by entry, or refused with its line; a set that loads gives a text for
 * every key, and never a form that is not there. */
#include <libgen.h>

#include "common/base/mem.h"
#include "common/text/catalogue.h"
#include "common/text/po.h"
#include "tests/fuzz/fuzz.h"

enum { KEYS_MAX = 32 };

struct keys {
    char *ids[KEYS_MAX], *plurals[KEYS_MAX], *contexts[KEYS_MAX];
    size_t count;
};

static enum err take(void *arg, const struct po_entry *entry, char says[static SAYS_SIZE])
{
    struct keys *keys = arg;
    (void)says;
    need(entry->texts >= 1 && entry->texts <= PLURAL_FORMS && entry->has_id);
    need(entry->id.len <= PO_TEXT && entry->text[0].len <= PO_TEXT && (entry->texts == 1 || entry->has_plural));
    if (keys->count == KEYS_MAX)
        return ERR_OK;
    keys->ids[keys->count] = mem_copy_text(buf_text(&entry->id));
    keys->plurals[keys->count] = mem_copy_text(buf_text(&entry->plural));
    keys->contexts[keys->count++] = entry->has_context ? mem_copy_text(buf_text(&entry->context)) : NULL;
    return ERR_OK;
}

static void look_up(const struct catalogue_set *set, const struct keys *keys)
{
    static const uint64_t numbers[] = {0, 1, 2, 3, 11, 100, 1000000, UINT64_MAX};
    for (size_t i = 0; i < keys->count; i++) {
        const char *id = keys->ids[i];
        need(catalogue_text(set, "fr", id) && catalogue_text(set, "en", id));
        need(!keys->contexts[i] || catalogue_text_in(set, "fr", keys->contexts[i], id));
        for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++)
            need(catalogue_plural(set, "fr", id, keys->plurals[i], numbers[n]));
    }
    need(strcmp(catalogue_text(set, "fr", "no such text\x02"), "no such text\x02") == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char says[SAYS_SIZE] = "";
    struct keys keys = {0};
    struct catalogue_set *set;
    enum err err = po_read((const char *)data, size, take, &keys, says);
    need(err == ERR_OK || strncmp(says, "line ", 5) == 0);
    char *path = mem_copy_text(fuzz_file("fr.po", data, size));
    enum err loaded = catalogue_load(dirname(path), &set, says);
    need(err == ERR_OK || loaded != ERR_OK);
    need(loaded == ERR_OK ? set != NULL : (!set && strstr(says, "fr.po: line ")));
    if (set)
        look_up(set, &keys);
    catalogue_free(set);
    for (size_t i = 0; i < keys.count; i++) {
        mem_free(keys.ids[i]);
        mem_free(keys.plurals[i]);
        mem_free(keys.contexts[i]);
    }
    mem_free(path);
    return 0;
}
