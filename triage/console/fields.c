/* fields.c -- see fields.h. */
#include "triage/console/fields.h"

#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/mem.h"
#include "common/base/num.h"
#include "common/text/catalogue.h"
#include "common/text/utf8.h"

enum { NAME_MAX_BYTES = 64, CODE_MAX = 40 };

/* ---- a value from a form, as JSON; NULL: not said ---- */

/* Text areas send CR LF; people mean a line. A space that slipped in says nothing. */
static json_t *text_of(const struct form_field *from)
{
    char *text = mem_copy(from->value, from->value_len);
    size_t to = 0;
    for (size_t i = 0; i < from->value_len; i++)
        if (text[i] != '\r' || text[i + 1] != '\n')
            text[to++] = text[i];
    json_t *value = utf8_blank(text, to) ? NULL : json_stringn(text, to);
    mem_free(text);
    return value;
}

static json_t *number_of(const struct form_field *from)
{
    uint64_t number = 0;
    if (from->value_len == 0)
        return NULL;
    if (num_parse(from->value, from->value_len, 0, INT64_MAX, &number) != ERR_OK)
        return json_string(from->value); /* not a number: the check says so */
    return json_integer((json_int_t)number);
}

static json_t *flag_of(const struct form_field *from)
{
    static const char *const yes[] = {"yes", "on", "1", "true", NULL};
    for (size_t i = 0; yes[i]; i++)
        if (strcmp(from->value, yes[i]) == 0)
            return json_true();
    return json_false();
}

/* What <input type="datetime-local"> sends is "2026-11-22T08:00"; the page says that it means UTC. */
static json_t *time_of(const struct form_field *from)
{
    if (from->value_len == 0)
        return NULL;
    return from->value_len == 16 ? json_sprintf("%s:00Z", from->value) : json_string(from->value);
}

typedef json_t *value_fn(const struct form_field *from);
static value_fn *const values[] = {
    [FIELD_TEXT] = text_of,    [FIELD_CHOICE] = text_of, [FIELD_LEVEL] = number_of,
    [FIELD_COUNT] = number_of, [FIELD_FLAG] = flag_of,   [FIELD_TICK] = flag_of,
    [FIELD_TIME] = time_of,    [FIELD_ID] = text_of,     [FIELD_CODE] = text_of,
};

static json_t *codes_of(const struct form *form, const char *name)
{
    json_t *list = json_array();
    for (const struct form_field *each = form_next(form, name, NULL); each; each = form_next(form, name, each))
        need(json_array_append_new(list, json_stringn(each->value, strlen(each->value))) == 0);
    return list;
}

/* What a form says of one row, not yet checked; NULL: it is not named, and nobody has written anything into it. */
static json_t *row_of(const struct field *fields, const char *list, size_t number, const struct form *form)
{
    char name[NAME_MAX_BYTES];
    json_t *row = json_object();
    int is_there = 0;
    for (const struct field *field = fields; field->name; field++) {
        int len = snprintf(name, sizeof name, "%s.%zu.%s", list, number, field->name);
        need(len > 0 && (size_t)len < sizeof name);
        const struct form_field *from = form_find(form, name);
        json_t *value = from ? values[field->kind](from) : NULL;
        is_there |= value && (field == fields || field->kind == FIELD_TEXT);
        if (value)
            need(json_object_set_new(row, field->name, value) == 0);
    }
    if (is_there)
        return row;
    json_decref(row);
    return NULL;
}

/* NULL: no row is named. */
static json_t *rows_of(const struct field *field, const struct form *form)
{
    json_t *rows = json_array();
    for (size_t number = 0; number < field->max; number++) {
        json_t *row = row_of(fields_of_row(field->name), field->name, number, form);
        if (row)
            need(json_array_append_new(rows, row) == 0);
    }
    if (json_array_size(rows) > 0)
        return rows;
    json_decref(rows);
    return NULL;
}

static json_t *form_value(const struct field *field, const struct form *form)
{
    if (field->kind == FIELD_ROWS)
        return rows_of(field, form);
    if (field->kind == FIELD_CODES)
        return codes_of(form, field->name);
    const struct form_field *from = form_find(form, field->name);
    if (!from)
        return field->kind == FIELD_FLAG && !field->must ? json_false() : NULL;
    return values[field->kind](from);
}

/* ---- one value checked ---- */

static int has_no_nul(const json_t *value)
{
    return strlen(json_string_value(value)) == json_string_length(value);
}

static int text_ok(const struct field *field, const json_t *value)
{
    return json_is_string(value) && has_no_nul(value) && json_string_length(value) <= field->max;
}

static int choice_ok(const struct field *field, const json_t *value)
{
    if (!json_is_string(value) || !has_no_nul(value))
        return 0;
    for (size_t i = 0; field->words[i]; i++)
        if (strcmp(field->words[i], json_string_value(value)) == 0)
            return 1;
    return 0;
}

static int level_ok(const struct field *field, const json_t *value)
{
    (void)field;
    return json_is_integer(value) && json_integer_value(value) >= 1 && json_integer_value(value) <= 4;
}

static int count_ok(const struct field *field, const json_t *value)
{
    return json_is_integer(value) && json_integer_value(value) >= 0 &&
           (uint64_t)json_integer_value(value) <= field->max;
}

static int flag_ok(const struct field *field, const json_t *value)
{
    (void)field;
    return json_is_boolean(value);
}

static int code_ok(const struct field *field, const json_t *value)
{
    (void)field;
    const char *code = json_string_value(value);
    size_t len = json_string_length(value);
    return code && len > 0 && len <= CODE_MAX && strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789_-") == len;
}

static int codes_ok(const struct field *field, const json_t *value)
{
    if (!json_is_array(value) || json_array_size(value) > field->max)
        return 0;
    for (size_t i = 0; i < json_array_size(value); i++)
        if (!code_ok(field, json_array_get(value, i)))
            return 0;
    return 1;
}

static int time_ok(const struct field *field, const json_t *value)
{
    (void)field;
    return json_is_string(value) && has_no_nul(value) && clock_parse(json_string_value(value)) >= 0;
}

static int id_ok(const struct field *field, const json_t *value)
{
    (void)field;
    uint8_t id[16];
    return json_is_string(value) && code_unid(json_string_value(value), json_string_length(value), id) == ERR_OK;
}

static int rows_ok(const struct field *field, const json_t *value)
{
    return json_is_array(value) && json_array_size(value) <= field->max;
}

typedef int ok_fn(const struct field *field, const json_t *value);
static ok_fn *const oks[] = {
    [FIELD_TEXT] = text_ok, [FIELD_CHOICE] = choice_ok, [FIELD_LEVEL] = level_ok, [FIELD_COUNT] = count_ok,
    [FIELD_FLAG] = flag_ok, [FIELD_TICK] = flag_ok,     [FIELD_CODE] = code_ok,   [FIELD_CODES] = codes_ok,
    [FIELD_TIME] = time_ok, [FIELD_ID] = id_ok,         [FIELD_ROWS] = rows_ok,
};

/* ---- where it goes ---- */

/* "answers.where": the object `answers` (made if there is none) and the name behind the dot. */
static json_t *object_for(json_t *in, const char *path, int make, const char **name)
{
    const char *dot = strchr(path, '.');
    *name = dot ? dot + 1 : path;
    if (!dot)
        return in;
    char outer[NAME_MAX_BYTES];
    need((size_t)(dot - path) < sizeof outer);
    memcpy(outer, path, (size_t)(dot - path));
    outer[dot - path] = 0;
    json_t *object = json_object_get(in, outer);
    if (!object && make) {
        object = json_object();
        need(json_object_set_new(in, outer, object) == 0);
    }
    return object;
}

static void field_put(const char *path, json_t *value, json_t *ask)
{
    const char *name;
    json_t *object = object_for(ask, path, 1, &name);
    need(json_object_set_new(object, name, value) == 0);
}

static enum err field_take(const struct field *field, json_t *value, json_t *ask, struct field_fault *fault)
{
    int said = value && !json_is_null(value) && !(json_is_string(value) && json_string_length(value) == 0);
    fault->field = field->name;
    if (!said && field->must)
        fault->says = T("Something that is needed is missing.");
    else if (said && field->kind == FIELD_TEXT && json_is_string(value) && json_string_length(value) > field->max)
        fault->says = T("A text is longer than it may be.");
    else if (said && !oks[field->kind](field, value))
        fault->says = T("One of the entries is not in the form it must have.");
    else
        fault->says = NULL;
    if (fault->says)
        return ERR_MALFORMED;
    if (said)
        field_put(field->name, json_incref(value), ask);
    else if (field->kind == FIELD_LEVEL || field->kind == FIELD_TIME)
        field_put(field->name, json_null(), ask);
    return ERR_OK;
}

/* Each row checked, with the members that were asked for and no others; takes the place of `value`. Rows hold no rows.
 */
static enum err rows_take(const struct field *field, const json_t *value, json_t *ask, struct field_fault *fault)
{
    size_t i;
    json_t *row, *rows = json_array();
    enum err err = ERR_OK;
    json_array_foreach(value, i, row)
    {
        json_t *clean = json_object();
        for (const struct field *member = fields_of_row(field->name); member && member->name && err == ERR_OK;
             member++) {
            need(member->kind != FIELD_ROWS);
            err = field_take(member, json_object_get(row, member->name), clean, fault);
        }
        need(json_array_append_new(rows, clean) == 0);
    }
    field_put(field->name, rows, ask);
    return err;
}

static enum err field_or_rows_take(const struct field *field, json_t *value, json_t *ask, struct field_fault *fault)
{
    enum err err = field_take(field, value, ask, fault);
    int has_rows = field->kind == FIELD_ROWS && json_is_array(value);
    return err == ERR_OK && has_rows ? rows_take(field, value, ask, fault) : err;
}

enum err fields_from_form(const struct field *fields, const struct form *form, json_t *ask, struct field_fault *fault)
{
    enum err err = ERR_OK;
    for (const struct field *field = fields; field && field->name && err == ERR_OK; field++) {
        json_t *value = form_value(field, form);
        err = field_or_rows_take(field, value, ask, fault);
        json_decref(value);
    }
    return err;
}

enum err fields_from_json(const struct field *fields, const json_t *body, json_t *ask, struct field_fault *fault)
{
    enum err err = ERR_OK;
    for (const struct field *field = fields; field && field->name && err == ERR_OK; field++) {
        const char *name;
        /* Not made, only looked up: the body stays as it is. */
        json_t *object = object_for((json_t *)(uintptr_t)body, field->name, 0, &name);
        err = field_or_rows_take(field, json_object_get(object, name), ask, fault);
    }
    return err;
}
