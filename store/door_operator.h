/* door_operator.h -- what the operator's command may do in the database: desks, passwords, partners, rounds, health,
 * and reading all that the audit's verification hashes. Role recourse_operator. Blocking: the command has no loop.
 *
 * It opens nothing: what it reads is sealed. Every call that fails says why in one sentence for the operator, never
 * with the server's own text. Besides what is told below: ERR_DB_DOWN, ERR_DB_REFUSED, ERR_DENIED. */
#ifndef STORE_DOOR_OPERATOR_H
#define STORE_DOOR_OPERATOR_H

#include "common/base/buf.h"
#include "common/seal/envelope.h"

enum { DOOR_OPERATOR_SAYS = 256 };

struct door_operator;

MUST_CHECK enum err door_operator_open(const char *conninfo, const char *password_path, struct door_operator **out,
                                       char says[static DOOR_OPERATOR_SAYS]);
void door_operator_close(struct door_operator *door); /* NULL is fine */

/* Give a role (recourse_intake, recourse_vault_usual, recourse_operator itself) a new password. Only its SCRAM verifier
 * travels. ERR_NOT_FOUND, ERR_MALFORMED: not one of our roles. */
MUST_CHECK enum err door_operator_set_password(struct door_operator *door, const char *role, const char *password,
                                               char says[static DOOR_OPERATOR_SAYS]);

/* A desk (a-z, 0-9, _, at most 16, a letter first) and its vault's role recourse_vault_<code>, without a password yet.
 * A second time does nothing. ERR_MALFORMED. */
MUST_CHECK enum err door_operator_desk_add(struct door_operator *door, const char *code,
                                           char says[static DOOR_OPERATOR_SAYS]);
struct operator_desk {
    char code[17];
    uint64_t fence;
    int offered;
};
typedef void operator_desk_fn(void *room, const struct operator_desk *desk);
MUST_CHECK enum err door_operator_desks(struct door_operator *door, operator_desk_fn *each, void *room,
                                        char says[static DOOR_OPERATOR_SAYS]);

/* An organisation that submits consultation input. `name` at most 64 bytes, unique; `scopes` separated by spaces
 * ("submit"); the token's SHA-256 alone is kept. ERR_CONFLICT: there is one of that name. ERR_MALFORMED. */
MUST_CHECK enum err door_operator_partner_add(struct door_operator *door, const uint8_t partner_id[static 16],
                                              const char *name, const char *scopes,
                                              const uint8_t token_sha256[static 32],
                                              char says[static DOOR_OPERATOR_SAYS]);
/* Take its token away for good. ERR_NOT_FOUND. */
MUST_CHECK enum err door_operator_partner_end(struct door_operator *door, const char *name,
                                              char says[static DOOR_OPERATOR_SAYS]);
struct operator_partner {
    uint8_t partner_id[16];
    char name[65], scopes[129];
    int active;
};
typedef void operator_partner_fn(void *room, const struct operator_partner *partner);
MUST_CHECK enum err door_operator_partners(struct door_operator *door, operator_partner_fn *each, void *room,
                                           char says[static DOOR_OPERATOR_SAYS]);

/* A consultation round. `code`: a-z, 0-9, -, at most 32. `questions`: a JSON array. Times in wall seconds. The same
 * code again changes its title, questions and times. ERR_MALFORMED; ERR_NOT_FOUND: no such desk. */
struct operator_round {
    const char *code, *desk, *title, *questions;
    int64_t opens, closes;
};
MUST_CHECK enum err door_operator_round_add(struct door_operator *door, const struct operator_round *round,
                                            char says[static DOOR_OPERATOR_SAYS]);
typedef void operator_round_fn(void *room, const struct operator_round *round);
MUST_CHECK enum err door_operator_rounds(struct door_operator *door, operator_round_fn *each, void *room,
                                         char says[static DOOR_OPERATOR_SAYS]);

/* The beat of each room: a number that grows while it lives. */
typedef void operator_health_fn(void *room, const char *name, int64_t beat);
MUST_CHECK enum err door_operator_health(struct door_operator *door, operator_health_fn *each, void *room,
                                         char says[static DOOR_OPERATOR_SAYS]);

/* What the server is set to: the settings of docs/database.md, and data_checksums. */
typedef void operator_setting_fn(void *room, const char *name, const char *value);
MUST_CHECK enum err door_operator_settings(struct door_operator *door, operator_setting_fn *each, void *room,
                                           char says[static DOOR_OPERATOR_SAYS]);

/* --- reading for `recourse audit verify`; page by page, so that memory stays small however much there is ---
 * `each` returns ERR_OK to go on; anything else ends the reading and is returned (says is then empty). What it is given
 * is borrowed until it returns. */

struct operator_leaf {
    uint8_t leaf_id[16];
    char desk[17];
    const uint8_t *entry; /* sealed */
    size_t entry_len;
    uint8_t entry_sha256[32], state_hash[32], before_hash[32]; /* zeroes: none */
    int64_t seq;                                               /* 0: not placed yet */
    uint8_t leaf_hash[32];                                     /* as placed */
};
typedef enum err operator_leaf_fn(void *room, const struct operator_leaf *leaf);
/* Placed ones in order of seq, then those not placed. A seq whose leaf is missing comes with entry NULL. */
MUST_CHECK enum err door_operator_leaves(struct door_operator *door, operator_leaf_fn *each, void *room,
                                         char says[static DOOR_OPERATOR_SAYS]);

typedef enum err operator_checkpoint_fn(void *room, int64_t size, const char *note);
MUST_CHECK enum err door_operator_checkpoints(struct door_operator *door, operator_checkpoint_fn *each, void *room,
                                              char says[static DOOR_OPERATOR_SAYS]);

/* A case as it stands: what its state says, and what there is. `body` NULL: it has no state. */
struct operator_case {
    uint8_t case_id[16];
    char desk[17];       /* of the case */
    char state_desk[17]; /* of its state */
    int64_t version;
    uint64_t fence;
    const uint8_t *body, *signature; /* signature: 64 bytes */
    size_t body_len;
    int64_t messages;                                  /* as the state counts */
    uint8_t rows_hash[32], state_hash[32];             /* as stored beside it */
    int64_t found_messages;                            /* rows of the case that are not in the inbox */
    uint8_t found_rows_hash[32], found_state_hash[32]; /* computed now from what is there (hashes.h) */
    const uint8_t *body_hash;                          /* of an erased one, in the place of its body; else NULL */
    int has_head; /* 0: rows or a state without a sealed_case: something was removed or slipped in */
};
typedef enum err operator_case_fn(void *room, const struct operator_case *one);
MUST_CHECK enum err door_operator_cases(struct door_operator *door, operator_case_fn *each, void *room,
                                        char says[static DOOR_OPERATOR_SAYS]);

/* What is left of cases that were erased: hashes in the place of bodies; has_head 1: something of it is there all the
 * same. */
MUST_CHECK enum err door_operator_erased(struct door_operator *door, operator_case_fn *each, void *room,
                                         char says[static DOOR_OPERATOR_SAYS]);

/* Records and impacts (every version): signed items. `shelf` as in door_vault.h: 2 record, 3 impact. */
struct operator_item {
    uint8_t id[16];
    char desk[17];
    int64_t version;
    uint64_t fence;
    const uint8_t *body, *signature;
    size_t body_len;
};
typedef enum err operator_item_fn(void *room, const struct operator_item *item);
MUST_CHECK enum err door_operator_items(struct door_operator *door, int shelf, operator_item_fn *each, void *room,
                                        char says[static DOOR_OPERATOR_SAYS]);

/* What each writer said that it wrote, and what is there of it: rows found, and the highest number among them. */
struct operator_count {
    uint8_t door;
    uint64_t incarnation, n, highest;
    int64_t rows;
    const uint8_t *signature; /* 64 bytes; NULL: rows of a writer that never counted */
    uint32_t manifest_version;
};
typedef enum err operator_count_fn(void *room, const struct operator_count *count);
MUST_CHECK enum err door_operator_counts(struct door_operator *door, operator_count_fn *each, void *room,
                                         char says[static DOOR_OPERATOR_SAYS]);

#endif
