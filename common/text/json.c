/* json.c -- see json.h. jansson bounds nesting only at 2,048, so the depth is counted before it sees the text. */
#include "common/text/json.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/text/utf8.h"

/* Lines by LF; the column counts bytes, since the text may not be UTF-8. */
static enum err fault_at(struct json_fault *fault, enum err err, const char *bytes, size_t at, const char *says)
{
    *fault = (struct json_fault){.line = 1, .column = 1, .says = says};
    for (size_t i = 0; i < at; i++) {
        fault->column++;
        if (bytes[i] == '\n') {
            fault->line++;
            fault->column = 1;
        }
    }
    return err;
}

static enum err check_bytes(const char *bytes, size_t len, struct json_fault *fault)
{
    const char *nul = memchr(bytes, 0, len);
    if (nul)
        return fault_at(fault, ERR_MALFORMED, bytes, (size_t)(nul - bytes), "holds a NUL byte");
    size_t good = utf8_cut(bytes, len, SIZE_MAX);
    if (good < len)
        return fault_at(fault, ERR_MALFORMED, bytes, good, "is not UTF-8");
    return ERR_OK;
}

/* Brackets outside strings; whether they match is jansson's business. */
static enum err check_depth(const char *bytes, size_t len, struct json_fault *fault)
{
    unsigned depth = 0;
    int in_string = 0;
    for (size_t i = 0; i < len; i++) {
        char c = bytes[i];
        if (c == '"')
            in_string = !in_string;
        else if (in_string && c == '\\')
            i++;
        else if (in_string)
            continue;
        else if ((c == '[' || c == '{') && ++depth > JSON_DEPTH)
            return fault_at(fault, ERR_TOO_BIG, bytes, i, "is nested too deep");
        else if ((c == ']' || c == '}') && depth > 0)
            depth--;
    }
    return ERR_OK;
}

enum err json_read(const void *bytes, size_t len, json_t **out, struct json_fault *fault)
{
    *out = NULL;
    if (len == 0)
        return fault_at(fault, ERR_MALFORMED, bytes, 0, "is empty");
    enum err err = check_bytes(bytes, len, fault);
    if (err == ERR_OK)
        err = check_depth(bytes, len, fault);
    if (err != ERR_OK)
        return err;
    json_error_t where;
    *out = json_loadb(bytes, len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &where);
    if (*out)
        return ERR_OK;
    size_t position = where.position > 0 ? (size_t)where.position : 0;
    err = fault_at(fault, ERR_MALFORMED, bytes, position < len ? position : len, "is not the JSON it should be");
    mem_wipe(&where, sizeof where); /* it quotes the input */
    return err;
}

enum err json_read_object(const void *bytes, size_t len, json_t **out, struct json_fault *fault)
{
    enum err err = json_read(bytes, len, out, fault);
    if (err != ERR_OK || json_is_object(*out))
        return err;
    json_decref(*out);
    *out = NULL;
    return fault_at(fault, ERR_MALFORMED, bytes, 0, "must be an object");
}

static enum err field_fails(struct json_fault *fault, enum err err, const char *key, const char *says)
{
    *fault = (struct json_fault){.field = key, .says = says};
    return err;
}

/* *out is NULL when there is nothing and nothing is needed. */
static enum err field_get(const json_t *object, const char *key, enum json_presence presence, const json_t **out,
                          struct json_fault *fault)
{
    const json_t *value = json_object_get(object, key);
    *out = json_is_null(value) ? NULL : value;
    if (!*out && presence == JSON_REQUIRED)
        return field_fails(fault, ERR_MALFORMED, key, "is missing");
    return ERR_OK;
}

enum err json_text(const json_t *object, const char *key, enum json_presence presence, size_t max, const char **out,
                   struct json_fault *fault)
{
    const json_t *value;
    enum err err = field_get(object, key, presence, &value, fault);
    if (err != ERR_OK || !value)
        return err;
    if (!json_is_string(value))
        return field_fails(fault, ERR_MALFORMED, key, "must be a text");
    if (json_string_length(value) > max)
        return field_fails(fault, ERR_TOO_BIG, key, "is too long");
    if (presence == JSON_REQUIRED && utf8_blank(json_string_value(value), json_string_length(value)))
        return field_fails(fault, ERR_MALFORMED, key, "is empty");
    *out = json_string_value(value);
    return ERR_OK;
}

enum err json_choice(const json_t *object, const char *key, enum json_presence presence, const char *const *table,
                     size_t *out, struct json_fault *fault)
{
    const json_t *value;
    enum err err = field_get(object, key, presence, &value, fault);
    if (err != ERR_OK || !value)
        return err;
    if (!json_is_string(value))
        return field_fails(fault, ERR_MALFORMED, key, "must be a text");
    for (size_t i = 0; table[i]; i++) {
        if (strcmp(table[i], json_string_value(value)) == 0) {
            *out = i;
            return ERR_OK;
        }
    }
    return field_fails(fault, ERR_MALFORMED, key, "is not one of the words it may be");
}

enum err json_int(const json_t *object, const char *key, enum json_presence presence, int64_t min, int64_t max,
                  int64_t *out, struct json_fault *fault)
{
    const json_t *value;
    enum err err = field_get(object, key, presence, &value, fault);
    if (err != ERR_OK || !value)
        return err;
    if (!json_is_integer(value))
        return field_fails(fault, ERR_MALFORMED, key, "must be a whole number");
    if (json_integer_value(value) < min || json_integer_value(value) > max)
        return field_fails(fault, ERR_TOO_BIG, key, "is outside its range");
    *out = json_integer_value(value);
    return ERR_OK;
}

enum err json_flag(const json_t *object, const char *key, enum json_presence presence, int *out,
                   struct json_fault *fault)
{
    const json_t *value;
    enum err err = field_get(object, key, presence, &value, fault);
    if (err != ERR_OK || !value)
        return err;
    if (!json_is_boolean(value))
        return field_fails(fault, ERR_MALFORMED, key, "must be true or false");
    *out = json_is_true(value);
    return ERR_OK;
}
