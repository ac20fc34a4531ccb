/* token.h -- API tokens in a staff record: what a program brings instead of a session. Each has a scope and an end, and
 * is kept as its SHA-256 alone. Time is a parameter (wall seconds). */
#ifndef TRIAGE_VAULT_TOKEN_H
#define TRIAGE_VAULT_TOKEN_H

#include <jansson.h>
#include <stdint.h>

/* Each may what the one before it may. What the person's role does not allow, no scope does. */
enum token_scope { SCOPE_NONE, SCOPE_READ, SCOPE_WORK, SCOPE_ADMIN };

enum { TOKEN_TEXT = 48, TOKEN_LABEL = 60, TOKEN_ID = 17, TOKEN_DAYS = 90, TOKEN_DAYS_MAX = 366, TOKENS_MAX = 8 };

const char *token_scope_name(enum token_scope scope);
/* SCOPE_NONE for an unknown name. */
enum token_scope token_scope_of(const char *name);

/* Add one to `json`, the draft of a record, and drop those that have ended; the oldest makes room. `text` is to be
 * shown once. */
void token_new(json_t *json, enum token_scope scope, int64_t days, const char *label, int64_t now,
               char text[static TOKEN_TEXT]);
/* The scope of the record's living token with this hash; SCOPE_NONE: it has none. */
enum token_scope token_look(const json_t *json, const uint8_t sha256[static 32], int64_t now);
/* [{"id","scope","label","since","ends"}] of those that live. New reference. */
json_t *token_list(const json_t *json, int64_t now);
/* How many live. */
size_t token_count(const json_t *json, int64_t now);
/* Take away the one with that id. 0: there is none. */
int token_end(json_t *json, const char *id);

#endif
