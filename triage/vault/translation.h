/* translation.h -- what somebody translates for a case: a message of the person's, or words of ours before they are
 * sent.
 *
 * A translation is an artefact of its own beside the original, which stays as it was written: who made it, when, and by
 * which method. State "translations": [{"id","row" (of the message; "" for our words),"draft" (our words),"from","to",
 * "translator","note","by","at"; and once it is there "text","method","done_by","done_at"}]. Who translates sees the
 * one text that was given to them, and nothing else of the case. Changes drafts; neighbours: ops_translation.c,
 * sides.c. */
#ifndef TRIAGE_VAULT_TRANSLATION_H
#define TRIAGE_VAULT_TRANSLATION_H

#include <jansson.h>

#include "common/base/err.h"

enum { TRANSLATION_MAX = 60 }; /* a case; texts are up to 20,000 bytes */

struct translation_order {
    const char *row, *draft, *from, *to, *translator, *note;
};
/* `id` is the task's id as text. 0: there are too many, and nothing was changed. */
MUST_CHECK int translation_ask(json_t *state, const char *id, const struct translation_order *order, const char *who);
/* "person", "machine_checked" (a machine's, read and mended by a person). 1 if it is one of them. */
int translation_is_method(const char *code);
/* The task of that id, or NULL; borrowed. */
json_t *translation_find(const json_t *state, const char *id);
int translation_is_open(const json_t *task);
/* It is there: `text` by `who`. The task must be open. */
void translation_write(json_t *state, json_t *task, const char *text, const char *method, const char *who);
/* How many are open. */
size_t translation_open(const json_t *state);

#endif
