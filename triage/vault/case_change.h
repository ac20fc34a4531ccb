/* case_change.h -- a change of one case: the next version of its state, its new rows, its audit leaf.
 *
 * Between begin and the end the case is `writing`; the draft becomes the case's state only when it was committed, so a
 * change that fails leaves the memory as it was. */
#ifndef TRIAGE_VAULT_CASE_CHANGE_H
#define TRIAGE_VAULT_CASE_CHANGE_H

#include <jansson.h>

#include "triage/vault/book.h"
#include "triage/vault/change.h"

struct case_change {
    struct vault *vault;
    uint64_t rebuilds; /* of then */
    struct case_file *file;
    json_t *state; /* the draft; yours to change */
    struct change *change;
    struct sealed_item item;
    change_done_fn *done;
    void *room;
    char *text; /* the draft as it will be kept */
    size_t text_len;
    char *answer;                /* what staff wrote in it, for the search; NULL: nothing */
    uint8_t last_row[16];        /* id of the row that case_change_row() wrote last */
    int64_t rows, last_position; /* as in the case file, with what the draft adds */
    uint8_t rows_hash[32];
};

/* Nobody else is writing this case (file->writing is 0). `state` is the first state (taken), or NULL: a draft of what
 * is kept. Never NULL. */
struct case_change *case_change_begin(struct vault *vault, struct case_file *file, json_t *state);
/* Give it up: nothing happened. Also when the vault has rebuilt meanwhile. */
void case_change_drop(struct case_change *cc);
/* A row sealed by us under the root's first generation: an answer (AUTHOR_STAFF), a notice, a text threaded in. `json`
 * is what goes inside (borrowed). */
void case_change_row(struct case_change *cc, enum envelope_root root, enum envelope_part part,
                     enum envelope_author author, const json_t *json);
/* Count a row that was in the inbox, behind all that are counted. 0: it stands before one of them, or it is not known
 * where those stand; nothing was counted, and all rows have to be read for case_change_count_all(). */
MUST_CHECK int case_change_count_row(struct case_change *cc, const struct vault_row *row);
/* Count again, from all rows of the case in order of position: those that left the inbox, and `row`. */
void case_change_count_all(struct case_change *cc, const struct vault_page *page, const struct vault_row *row);
/* PART_NOTICE for the person: the state, and what they wished or may ask for, as the draft has it (acts.h). */
void case_change_notice(struct case_change *cc);
/* Seal, sign, commit, then make it the case's state and put it where it belongs. Takes `cc`. `done` as in change.h. */
void case_change_submit(struct case_change *cc, change_done_fn *done, void *room);

#endif
