/* form.c -- see form.h. */
#include "common/http/form.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/http/urlencoded.h"

enum err form_add(struct form *form, const char *name, const char *value, size_t value_len)
{
    if (form->count == FORM_FIELDS_MAX || strlen(name) > FORM_NAME_MAX)
        return ERR_TOO_BIG;
    if (form->count == form->room) {
        form->room = form->room ? form->room * 2 : 16;
        form->fields = mem_grow(form->fields, form->room * sizeof *form->fields);
    }
    form->fields[form->count++] =
        (struct form_field){.name = mem_copy_text(name), .value = mem_copy(value, value_len), .value_len = value_len};
    return ERR_OK;
}

static enum err add_pair(void *room, const char *name, size_t name_len, const char *value, size_t value_len)
{
    /* A NUL in a name would make two names alike. */
    if (strlen(name) != name_len)
        return ERR_MALFORMED;
    return form_add(room, name, value, value_len);
}

enum err form_read(struct form *form, const char *text, size_t len)
{
    *form = (struct form){0};
    return urlencoded_read(text, len, FORM_FIELDS_MAX, add_pair, form);
}

const struct form_field *form_next(const struct form *form, const char *name, const struct form_field *last)
{
    unsigned i = last ? (unsigned)(last - form->fields) + 1 : 0;
    for (; i < form->count; i++)
        if (strcmp(form->fields[i].name, name) == 0)
            return &form->fields[i];
    return NULL;
}

const struct form_field *form_find(const struct form *form, const char *name)
{
    return form_next(form, name, NULL);
}

const char *form_get(const struct form *form, const char *name)
{
    const struct form_field *field = form_find(form, name);
    return field ? field->value : NULL;
}

void form_free(struct form *form)
{
    for (unsigned i = 0; i < form->count; i++) {
        mem_free(form->fields[i].name);
        mem_free(form->fields[i].value);
    }
    mem_free(form->fields);
    *form = (struct form){0};
}
