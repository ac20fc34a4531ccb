/* office_fields.h -- the questions of the public form that an office may change, and how far. A unit test holds the
 * table against the form itself (intake/form_questions.c). */
#ifndef COMMON_OFFICE_OFFICE_FIELDS_H
#define COMMON_OFFICE_OFFICE_FIELDS_H

#include <stddef.h>

struct office_known {
    const char *name;
    int may_be_left_out;
    const char *const *choices; /* that may be narrowed down, ended by NULL; NULL: none, or all of them are needed */
    const char *must;           /* the choice that has to stay; NULL: none */
};

/* Ends with one without a name. */
extern const struct office_known office_fields[];
/* NULL: there is none. */
const struct office_known *office_fields_find(const char *name);

/* Steps of the form that a question of the office's own may stand on, ended by NULL. */
extern const char *const office_fields_steps[];

/* 1 if `code` is one of a list ended by NULL. */
int office_fields_has(const char *const *list, const char *code);

#endif
