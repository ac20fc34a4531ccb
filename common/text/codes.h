/* codes.h -- the code lists of the register: rights, stages of a technology's life, groups, involvement, kinds of
 * action.
 *
 * One versioned JSON file (triage/codes/, its form in docs/register.md) for vault and console: a vault refuses a code
 * that is not in it, the console shows the label, which is a msgid of its catalogue. Records keep codes and never
 * labels, so a newer file may say things better; a code that has gone is shown as it is. After loading nothing changes:
 * lookups do not allocate and cannot fail. */
#ifndef COMMON_TEXT_CODES_H
#define COMMON_TEXT_CODES_H

#include <jansson.h>
#include <stddef.h>

#include "common/text/says.h"

enum { CODES_FILE_MAX = 256 * 1024, CODES_CODE_MAX = 40, CODES_LABEL_MAX = 120, CODES_TO_MAX = 16 };

struct codes;

struct codes_row {
    const char *code, *label;
    const char *term;             /* the standard's own: "UDHR 3 · ICCPR 6"; "" where the field has none */
    const char *to[CODES_TO_MAX]; /* codes of the list that this list leads to: what a stage suggests, what an */
    size_t to_count;              /* involvement asks for, of which class a mechanism is */
};

struct codes_list {
    const char *name, *leads_to; /* NULL: to none */
    const struct codes_row *rows;
    size_t count;
};

/* Reads FOLDER/codes-N.json with the highest N, which must say "version": N. ERR_NOT_FOUND: there is none;
 * ERR_MALFORMED, ERR_TOO_BIG, ERR_SYSTEM, with a sentence that names the line, or the list and the code. The caller
 * owns *out; NULL on an error. */
MUST_CHECK enum err codes_load(const char *folder, struct codes **out, char says[static SAYS_SIZE]);
/* The same from a JSON value, which is taken. */
MUST_CHECK enum err codes_from(json_t *json, struct codes **out, char says[static SAYS_SIZE]);
/* NULL is fine. */
void codes_free(struct codes *codes);
unsigned codes_version(const struct codes *codes);

/* The list of that name: each of codes_names is there. Borrowed. */
const struct codes_list *codes_list(const struct codes *codes, const char *name);
/* NULL: the list has no such code. Borrowed. */
const struct codes_row *codes_find(const struct codes *codes, const char *list, const char *code);
/* What a file has to have; ends with NULL. */
extern const char *const codes_names[];

#endif
