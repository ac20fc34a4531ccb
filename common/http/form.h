/* form.h -- the fields of a form, from a urlencoded body or a query. Wiped when freed. */
#ifndef COMMON_HTTP_FORM_H
#define COMMON_HTTP_FORM_H

#include <stddef.h>

#include "common/base/err.h"

enum { FORM_FIELDS_MAX = 200, FORM_NAME_MAX = 128 };

struct form_field {
    char *name, *value; /* with a NUL behind; the value may hold NULs too */
    size_t value_len;
};

struct form {
    struct form_field *fields; /* in the order sent */
    unsigned count, room;
};

/* `form` is overwritten; form_free() it in every case. ERR_TOO_BIG: over
 * FORM_FIELDS_MAX fields or a longer name; ERR_MALFORMED: a name with a NUL. */
MUST_CHECK enum err form_read(struct form *form, const char *text, size_t len);
/* The first of that name; NULL if there is none. Borrowed. */
const char *form_get(const struct form *form, const char *name);
/* The same with the length. */
const struct form_field *form_find(const struct form *form, const char *name);
/* For check boxes of one name: the next after `last` (NULL: the first); NULL at the end. */
const struct form_field *form_next(const struct form *form, const char *name, const struct form_field *last);
/* Takes copies; for fields that come by multipart. ERR_TOO_BIG as above. */
MUST_CHECK enum err form_add(struct form *form, const char *name, const char *value, size_t value_len);
void form_free(struct form *form);

#endif
