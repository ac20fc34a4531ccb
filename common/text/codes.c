/* codes.c -- see codes.h. The JSON is kept, and everything handed out points into it. */
#include "common/text/codes.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/num.h"
#include "common/text/json.h"

enum { LISTS_MAX = 16, ROWS_MAX = 200, NAME_MAX_BYTES = 32 };

struct codes {
    json_t *json;
    unsigned version;
    struct codes_list lists[LISTS_MAX];
    size_t count;
};

const char *const codes_names[] = {"right",  "stage",           "technology", "group",    "involvement", "action",
                                   "remedy", "mechanism_class", "mechanism",  "leverage", "danger",      NULL};

/* What the program itself asks about by name. */
static const struct {
    const char *list, *code;
} needed[] = {{"involvement", "linked"}, {"involvement", "not_involved"}, {"action", "leverage"}, {"leverage", "exit"}};

/* ---- one file's rows ---- */

/* Exactly the members that are known: a mistyped one would be passed over in silence. */
static const char *stranger(const json_t *object, const char *const *known)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        size_t i = 0;
        while (known[i] && strcmp(known[i], key) != 0)
            i++;
        if (!known[i])
            return key;
    }
    return NULL;
}

static int is_code(const char *text)
{
    size_t len = strlen(text);
    return len > 0 && len <= CODES_CODE_MAX && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_") == len;
}

static enum err read_to(const struct codes_list *list, struct codes_row *row, const json_t *to,
                        char says[static SAYS_SIZE])
{
    if (!to)
        return ERR_OK;
    if (!list->leads_to || !json_is_array(to) || json_array_size(to) > CODES_TO_MAX)
        return says_fail(says, ERR_MALFORMED,
                         "list %s, code %s: \"to\" is a list of at most %d codes of the list that "
                         "this one leads to",
                         list->name, row->code, CODES_TO_MAX);
    for (size_t i = 0; i < json_array_size(to); i++) {
        const char *code = json_string_value(json_array_get(to, i));
        if (!code)
            return says_fail(says, ERR_MALFORMED, "list %s, code %s: \"to\" holds what is no code", list->name,
                             row->code);
        row->to[row->to_count++] = code;
    }
    return ERR_OK;
}

static enum err read_row(const struct codes_list *list, struct codes_row *row, const json_t *from, size_t number,
                         char says[static SAYS_SIZE])
{
    static const char *const known[] = {"code", "label", "term", "to", NULL};
    struct json_fault fault = {0};
    row->term = "";
    if (!json_is_object(from) || json_text(from, "code", JSON_REQUIRED, CODES_CODE_MAX, &row->code, &fault) != ERR_OK ||
        !is_code(row->code))
        return says_fail(says, ERR_MALFORMED, "list %s, row %zu: a code is a-z, 0-9 and _, at most %d", list->name,
                         number + 1, CODES_CODE_MAX);
    const char *other = stranger(from, known);
    if (other)
        return says_fail(says, ERR_MALFORMED, "list %s, code %s: nobody knows \"%.40s\"", list->name, row->code, other);
    if (json_text(from, "label", JSON_REQUIRED, CODES_LABEL_MAX, &row->label, &fault) != ERR_OK ||
        json_text(from, "term", JSON_MAY_MISS, CODES_LABEL_MAX, &row->term, &fault) != ERR_OK)
        return says_fail(says, ERR_MALFORMED, "list %s, code %s: %s %s", list->name, row->code, fault.field,
                         fault.says);
    for (size_t i = 0; i < number; i++)
        if (strcmp(list->rows[i].code, row->code) == 0)
            return says_fail(says, ERR_MALFORMED, "list %s, code %s stands there twice", list->name, row->code);
    return read_to(list, row, json_object_get(from, "to"), says);
}

static enum err read_list(struct codes *codes, const json_t *from, size_t number, char says[static SAYS_SIZE])
{
    static const char *const known[] = {"name", "leads_to", "codes", NULL};
    struct json_fault fault = {0};
    const json_t *rows = json_object_get(from, "codes");
    struct codes_list *list = &codes->lists[codes->count];
    if (!json_is_object(from) || stranger(from, known) ||
        json_text(from, "name", JSON_REQUIRED, NAME_MAX_BYTES, &list->name, &fault) != ERR_OK ||
        json_text(from, "leads_to", JSON_MAY_MISS, NAME_MAX_BYTES, &list->leads_to, &fault) != ERR_OK)
        return says_fail(says, ERR_MALFORMED, "list %zu has a name, codes, and leads_to where it leads to another",
                         number + 1);
    size_t count = json_array_size(rows);
    if (count == 0 || count > ROWS_MAX)
        return says_fail(says, ERR_MALFORMED, "list %s has 1 to %d codes", list->name, ROWS_MAX);
    if (codes_list(codes, list->name))
        return says_fail(says, ERR_MALFORMED, "list %s stands there twice", list->name);
    struct codes_row *made = mem_new_array(count, sizeof *made);
    list->rows = made;
    codes->count++;
    enum err err = ERR_OK;
    for (size_t i = 0; err == ERR_OK && i < count; i++, list->count++)
        err = read_row(list, &made[i], json_array_get(rows, i), i, says);
    return err;
}

/* ---- what belongs together ---- */

static enum err check_to(const struct codes *codes, const struct codes_list *list, char says[static SAYS_SIZE])
{
    if (list->leads_to && !codes_list(codes, list->leads_to))
        return says_fail(says, ERR_MALFORMED, "list %s leads to a list that is not there", list->name);
    for (size_t i = 0; i < list->count; i++)
        for (size_t t = 0; t < list->rows[i].to_count; t++)
            if (!codes_find(codes, list->leads_to, list->rows[i].to[t]))
                return says_fail(says, ERR_MALFORMED, "list %s, code %s leads to %.40s, which is not in list %s",
                                 list->name, list->rows[i].code, list->rows[i].to[t], list->leads_to);
    return ERR_OK;
}

static enum err check(const struct codes *codes, char says[static SAYS_SIZE])
{
    enum err err = ERR_OK;
    for (size_t i = 0; codes_names[i]; i++)
        if (!codes_list(codes, codes_names[i]))
            return says_fail(says, ERR_MALFORMED, "list %s is missing", codes_names[i]);
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (!codes_find(codes, needed[i].list, needed[i].code))
            return says_fail(says, ERR_MALFORMED, "list %s lacks the code %s, which the program asks for",
                             needed[i].list, needed[i].code);
    for (size_t i = 0; err == ERR_OK && i < codes->count; i++)
        err = check_to(codes, &codes->lists[i], says);
    return err;
}

static enum err read_file(struct codes *codes, char says[static SAYS_SIZE])
{
    static const char *const known[] = {"version", "lists", NULL};
    struct json_fault fault = {0};
    int64_t version;
    const json_t *lists = json_object_get(codes->json, "lists");
    if (!json_is_object(codes->json) || stranger(codes->json, known) ||
        json_int(codes->json, "version", JSON_REQUIRED, 1, 1000000, &version, &fault) != ERR_OK ||
        json_array_size(lists) > LISTS_MAX)
        return says_fail(says, ERR_MALFORMED, "the file has a version and lists (at most %d)", LISTS_MAX);
    codes->version = (unsigned)version;
    enum err err = ERR_OK;
    for (size_t i = 0; err == ERR_OK && i < json_array_size(lists); i++)
        err = read_list(codes, json_array_get(lists, i), i, says);
    return err == ERR_OK ? check(codes, says) : err;
}

enum err codes_from(json_t *json, struct codes **out, char says[static SAYS_SIZE])
{
    struct codes *codes = mem_new(sizeof *codes);
    codes->json = json;
    enum err err = read_file(codes, says);
    *out = err == ERR_OK ? codes : NULL;
    if (err != ERR_OK)
        codes_free(codes);
    return err;
}

void codes_free(struct codes *codes)
{
    if (!codes)
        return;
    for (size_t i = 0; i < codes->count; i++)
        mem_free((void *)(uintptr_t)codes->lists[i].rows);
    json_decref(codes->json);
    mem_free(codes);
}

/* ---- which file ---- */

/* N of "codes-N.json", or 0. */
static unsigned number_of(const char *name)
{
    static const char start[] = "codes-", end[] = ".json";
    size_t len = strlen(name), around = sizeof start - 1 + sizeof end - 1;
    uint64_t number;
    if (len <= around || strncmp(name, start, sizeof start - 1) != 0 ||
        strcmp(name + len - (sizeof end - 1), end) != 0 ||
        num_parse(name + sizeof start - 1, len - around, 1, 1000000, &number) != ERR_OK)
        return 0;
    return (unsigned)number;
}

static unsigned newest_in(const char *folder)
{
    DIR *dir = opendir(folder);
    unsigned newest = 0;
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        unsigned number = number_of(entry->d_name);
        newest = number > newest ? number : newest;
    }
    if (dir)
        closedir(dir);
    return newest;
}

enum err codes_load(const char *folder, struct codes **out, char says[static SAYS_SIZE])
{
    char path[4096];
    struct buf file = BUF_INIT(CODES_FILE_MAX);
    struct json_fault fault = {0};
    json_t *json = NULL;
    unsigned newest = newest_in(folder);
    *out = NULL;
    if (!newest)
        return says_fail(says, ERR_NOT_FOUND, "there is no codes-N.json in the folder of code lists");
    if ((size_t)snprintf(path, sizeof path, "%s/codes-%u.json", folder, newest) >= sizeof path)
        return says_fail(says, ERR_TOO_BIG, "the folder of code lists has too long a name");
    enum err err = file_read(path, &file);
    if (err != ERR_OK)
        err = says_fail(says, err, "codes-%u.json %s", newest, err_says(err));
    else if ((err = json_read_object(file.bytes, file.len, &json, &fault)) != ERR_OK)
        err = says_fail(says, err, "codes-%u.json:%u: %s", newest, fault.line, fault.says);
    else if (json_integer_value(json_object_get(json, "version")) != newest)
        err = says_fail(says, ERR_MALFORMED, "codes-%u.json says that it is another version", newest);
    if (err != ERR_OK)
        json_decref(json);
    else if ((err = codes_from(json, out, says)) != ERR_OK)
        says_where(says, "codes-%u.json", newest);
    buf_free(&file);
    return err;
}

/* ---- asking ---- */

unsigned codes_version(const struct codes *codes)
{
    return codes->version;
}

const struct codes_list *codes_list(const struct codes *codes, const char *name)
{
    for (size_t i = 0; i < codes->count; i++)
        if (strcmp(codes->lists[i].name, name) == 0)
            return &codes->lists[i];
    return NULL;
}

const struct codes_row *codes_find(const struct codes *codes, const char *list, const char *code)
{
    const struct codes_list *in = codes_list(codes, list);
    for (size_t i = 0; in && i < in->count; i++)
        if (strcmp(in->rows[i].code, code) == 0)
            return &in->rows[i];
    return NULL;
}
