/* change_inside.h -- a change in memory. Only for change.c and committer.c. */
#ifndef TRIAGE_VAULT_CHANGE_INSIDE_H
#define TRIAGE_VAULT_CHANGE_INSIDE_H

#include "triage/vault/change.h"

enum piece_kind {
    PIECE_ITEM,
    PIECE_ROW,
    PIECE_WRAP,
    PIECE_CASE,
    PIECE_INBOX,
    PIECE_TAKEN,
    PIECE_CLAIM,
    PIECE_DISSOLVE,
    PIECE_ERASE,
    PIECE_MOVE,
    PIECE_OUTBOX,
    PIECE_ENDED,
    PIECE_OFFERED,
    PIECE_LEAF,
};

/* One call of the unit; which fields are used follows from its kind. */
struct piece {
    struct piece *next;
    enum piece_kind kind;
    struct buf body;
    enum vault_shelf shelf;
    struct vault_item item; /* its body and signature are those of the piece */
    struct envelope_place place;
    struct envelope_wrap wrap;
    uint8_t id[16], key_id[8], signature[SIGN_SIZE], hash[32], before[32];
    char name[33], month[11];
    int64_t number;
    int is_signed;
};

struct change {
    struct vault *vault;
    struct piece *first, **last;
    const struct piece *item, *leaf; /* the first of each */
    int has_impact;
    change_done_fn *done;
    void *room;
    struct change *next; /* in the committer */
    enum err result;
};

void change_write(const struct change *change, struct vault_unit *unit);

#endif
