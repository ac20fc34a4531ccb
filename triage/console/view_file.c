/* view_file.c -- the files of a message, as the case page lists them (view.h). */
#include "triage/console/view.h"

#include <stdio.h>
#include <string.h>

/* What their sender said they are; nobody has looked yet. */
static const char *kind_of(const char *type)
{
    static const struct {
        const char *begins, *kind;
    } rows[] = {{"image/", "picture"},
                {"audio/", "sound"},
                {"video/", "film"},
                {"text/", "document"},
                {"application/pdf", "document"},
                {"application/vnd.o", "document"},
                {"application/msword", "document"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strncmp(type, rows[i].begins, strlen(rows[i].begins)) == 0)
            return rows[i].kind;
    return "other";
}

static json_t *size_of(const json_t *file)
{
    char text[32];
    long long size = (long long)view_number(file, "size");
    if (size <= 0)
        return NULL;
    if (size < 1000)
        snprintf(text, sizeof text, "%lld B", size);
    else if (size < 1000000)
        snprintf(text, sizeof text, "%lld kB", (size + 500) / 1000);
    else
        snprintf(text, sizeof text, "%lld.%lld MB", size / 1000000, size / 100000 % 10);
    return json_string(text);
}

static json_t *view_file(const struct reader *reader, const json_t *file)
{
    const char *name = view_text(file, "name");
    json_t *to = json_pack("{s:s, s:s}", "file", view_text(file, "file"), "kind",
                           words_label(reader, WORDS_FILE, kind_of(view_text(file, "type"))));
    const json_t *whole = json_object_get(file, "whole");
    need(to != NULL);
    view_put(to, "name", *name ? json_string(name) : NULL);
    view_put_number(to, "number", file);
    view_put(to, "size", size_of(file));
    view_put(to, "missing", json_boolean(json_is_true(json_object_get(file, "missing")) || json_is_false(whole)));
    return to;
}

void view_put_files(const struct reader *reader, const json_t *message, json_t *to)
{
    const json_t *files = json_object_get(message, "files");
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(files); i++)
        need(json_array_append_new(list, view_file(reader, json_array_get(files, i))) == 0);
    view_put_list(to, "files", list);
}
