/* file_list.c -- see file_list.h. */
#include "intake/file_list.h"

#include <stdio.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/seal/once.h"
#include "common/text/utf8.h"

enum { SIZE_TEXT = 32 };
/* Whoever sends the list says it; all of them together must be a number. */
static const int64_t SIZE_MOST = INT64_MAX / LIMIT_FILES;

static const char *key_of(const json_t *entry)
{
    return json_string_value(json_array_get(entry, 0));
}

static const char *name_of(const json_t *entry)
{
    return json_string_value(json_array_get(entry, 2));
}

static int is_entry(const json_t *entry)
{
    const char *key = key_of(entry), *name = name_of(entry);
    json_int_t size = json_integer_value(json_array_get(entry, 1));
    return key && name && json_is_integer(json_array_get(entry, 1)) && size >= 0 && size <= SIZE_MOST &&
           once_key_check(key, strlen(key)) == ERR_OK && strlen(key) < FILE_KEY && strlen(name) < UPLOAD_NAME;
}

static int has_key(const json_t *list, const char *key)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (strcmp(key_of(json_array_get(list, i)), key) == 0)
            return 1;
    return 0;
}

void file_list_add(json_t *list, const char *key, int64_t size, const char *name)
{
    if (!has_key(list, key) && json_array_size(list) < LIMIT_FILES)
        need(json_array_append_new(list, json_pack("[s, I, s]", key, (json_int_t)size, name)) == 0);
}

void file_list_join(json_t *list, const struct form *form, const char *field)
{
    for (const struct form_field *at = NULL; (at = form_next(form, field, at)) != NULL;) {
        json_t *told = json_loadb(at->value, at->value_len, JSON_REJECT_DUPLICATES, NULL), *each;
        size_t i;
        json_array_foreach(told, i, each) if (is_entry(each))
            file_list_add(list, key_of(each), json_integer_value(json_array_get(each, 1)), name_of(each));
        json_decref(told);
    }
}

json_t *file_list_read(const struct form *form, const char *field)
{
    json_t *list = json_array();
    file_list_join(list, form, field);
    return list;
}

void file_list_drop(json_t *list, const char *key)
{
    for (size_t i = json_array_size(list); i-- > 0;)
        if (strcmp(key_of(json_array_get(list, i)), key) == 0)
            json_array_remove(list, i);
}

int64_t file_list_bytes(const json_t *list)
{
    int64_t bytes = 0;
    for (size_t i = 0; i < json_array_size(list); i++)
        bytes += json_integer_value(json_array_get(json_array_get(list, i), 1));
    return bytes;
}

json_t *file_list_keys(const json_t *list)
{
    json_t *keys = json_array();
    for (size_t i = 0; i < json_array_size(list); i++)
        need(json_array_append(keys, json_array_get(json_array_get(list, i), 0)) == 0);
    return keys;
}

static void size_text(int64_t bytes, char out[static SIZE_TEXT])
{
    if (bytes < 1000)
        snprintf(out, SIZE_TEXT, "%d B", (int)bytes);
    else if (bytes < 1000 * 1000)
        snprintf(out, SIZE_TEXT, "%d kB", (int)(bytes / 1000));
    else
        snprintf(out, SIZE_TEXT, "%.1f MB", (double)bytes / 1e6);
}

void file_list_says(const char *name, int64_t size, char out[static FILE_SAYS])
{
    char text[SIZE_TEXT];
    size_text(size, text);
    if (size >= 0)
        snprintf(out, FILE_SAYS, "%s (%s)", name, text);
    else
        snprintf(out, FILE_SAYS, "%s", name);
}

json_t *file_list_rows(const json_t *list)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *entry = json_array_get(list, i);
        char says[FILE_SAYS];
        file_list_says(name_of(entry), json_integer_value(json_array_get(entry, 1)), says);
        need(json_array_append_new(
                 rows, json_pack("{s:s, s:s, s:s}", "key", key_of(entry), "name", name_of(entry), "says", says)) == 0);
    }
    return rows;
}

void file_list_show(const json_t *list, json_t *context)
{
    json_t *rows = file_list_rows(list);
    char *text = json_dumps(list, JSON_COMPACT);
    need(text && json_object_set_new(context, "files", json_string(text)) == 0);
    need(json_object_set_new(context, "has_files", json_boolean(json_array_size(rows) > 0)) == 0);
    need(json_object_set_new(context, "file_rows", rows) == 0);
    mem_wipe(text, strlen(text));
    mem_free(text);
}

enum form_files_end file_list_fit(json_t *list, const struct settings *settings)
{
    enum form_files_end end = FORM_FILES_OK;
    for (size_t count; (count = json_array_size(list)) > (size_t)settings->files_most; end = FORM_FILES_MANY)
        json_array_remove(list, count - 1);
    while (file_list_bytes(list) > settings->files_megabytes * 1024 * 1024) {
        json_array_remove(list, json_array_size(list) - 1);
        end = end == FORM_FILES_OK ? FORM_FILES_LARGE : end;
    }
    return end;
}

enum err file_list_put(const json_t *list, struct form *form)
{
    struct form rest = {0};
    enum err err = ERR_OK;
    for (unsigned i = 0; i < form->count && err == ERR_OK; i++)
        if (strcmp(form->fields[i].name, FILE_LIST_FIELD) != 0)
            err = form_add(&rest, form->fields[i].name, form->fields[i].value, form->fields[i].value_len);
    if (err == ERR_OK && json_array_size(list)) {
        char *text = json_dumps(list, JSON_COMPACT);
        need(text != NULL);
        err = form_add(&rest, FILE_LIST_FIELD, text, strlen(text));
        mem_wipe(text, strlen(text));
        mem_free(text);
    }
    form_free(form);
    *form = rest;
    return err;
}
