/* export.h -- lists that leave the desk: who takes what out of here, how far it has come, how it ended.
 *
 * An export is asked for piece by piece (ops_export.c); between two pieces everybody else has a turn. It belongs to the
 * session or token that began it. Its beginning is a leaf of the audit log before the first piece, its end one before
 * the last. One whose reader went away, or that nobody goes on with, is cut, and that is a leaf too: it counts the rows
 * that left the vault, which is never less than what the reader got. */
#ifndef TRIAGE_VAULT_EXPORT_H
#define TRIAGE_VAULT_EXPORT_H

#include <jansson.h>

#include "triage/vault/change.h"

struct request;
struct exports;

enum export_what { EXPORT_CASES, EXPORT_MESSAGES, EXPORT_IMPACTS, EXPORT_ACTIONS, EXPORT_WHATS };
enum export_state { EXPORT_NONE, EXPORT_UNDER_WAY, EXPORT_WHOLE, EXPORT_CUT };

enum {
    EXPORT_ID = 33,         /* characters of its name, with the NUL */
    EXPORTS_KEPT = 16,      /* remembered, for who asks how far it is */
    EXPORTS_UNDER_WAY = 4,  /* at a time */
    EXPORT_SILENT_S = 120,  /* without a question for the next piece: cut */
    EXPORT_REPLACED_S = 15, /* the same where somebody else waits for the place */
};

struct export
{
    char id[EXPORT_ID], who[VAULT_WHO_MAX + 1];
    uint8_t session[16];
    enum export_what what;
    enum export_state state;
    uint64_t rebuilds;      /* numbers are of this meaning of the desk */
    uint32_t *numbers;      /* of the cases; NULL: of the register, all entries that there were */
    size_t count, at;       /* how many things, and how many were looked at */
    size_t rows, left_out;  /* given; of those looked at, what was gone or moved meanwhile */
    json_t *left;           /* messages of the last case that did not fit into the piece */
    int64_t began, touched; /* wall seconds */
    int is_busy;            /* a piece is being made */
    int is_left;            /* nobody takes any more: it is cut as soon as it is not busy */
};

struct exports *exports_new(void);
void exports_free(struct exports *exports);

/* NULL for an unknown name. */
const char *export_name(enum export_what what);
enum export_what export_what_of(const char *name); /* EXPORT_WHATS: none */

/* A place for one more, filled with who asks and a fresh id, not yet under way; NULL: there are too many. Takes
 * `numbers`. */
struct export *export_new(struct request *request, enum export_what what, uint32_t *numbers, size_t count);
/* The one that the request names in "export", if it is its own; NULL. */
struct export *export_asked(struct request *request);
/* The n-th of those of this session, newest first; NULL behind the last. */
const struct export *export_at(const struct request *request, size_t index);
/* Its end, whole or cut, with its leaf; `done` may be NULL. */
void export_end(struct vault *vault, struct export *export, enum export_state state, change_done_fn *done, void *room);
/* It never began. */
void export_drop(struct export *export);
/* Cut what nobody goes on with. From the loop's tick while the vault is open. */
void exports_tick(struct vault *vault, int64_t now);

/* ---- rows, each a flat object: days and never times, no text that a person wrote but in a message ---- */

struct case_file;
struct impact;
struct action;
struct docket;
json_t *export_case(const struct vault *vault, const struct case_file *file, int64_t now);
json_t *export_impact(const struct vault *vault, const char *who, const struct docket *docket,
                      const struct impact *impact, int64_t now);
json_t *export_action(const struct vault *vault, const struct action *action, int64_t now);
/* Of a conversation as conversation.h has it: a list. `first`, whose answers are given too, may be NULL. */
json_t *export_messages(const struct case_file *file, const json_t *messages, const json_t *first);

#endif
