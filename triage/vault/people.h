/* people.h -- who works at this desk: accounts, roles, password hashes, API tokens' hashes.
 *
 * Records are versioned, sealed under the record key and signed like case states: a row written by SQL is refused. A
 * person that left stays as a record that says so. At a protected desk a new one waits until a member admits them. */
#ifndef TRIAGE_VAULT_PEOPLE_H
#define TRIAGE_VAULT_PEOPLE_H

#include <jansson.h>

#include "triage/vault/token.h"
#include "triage/vault/vault.h"

/* Bits. What each may do stands in permit.c. */
enum role {
    ROLE_NONE = 0,
    ROLE_OFFICER = 1,
    ROLE_ADMINISTRATOR = 2,
    ROLE_HANDLER = 4,
    ROLE_TRANSLATOR = 8,
    ROLE_MANAGER = 16,
    ROLE_AUDITOR = 32,
    ROLE_REVIEWER = 64, /* from outside: a second person where an office has one */
};
/* Who reads what people wrote: a member of the desk. */
enum { ROLES_MEMBER = ROLE_OFFICER | ROLE_HANDLER };

struct person {
    uint8_t id[16];
    int64_t version;
    uint8_t hash[32];
    json_t *json; /* docs/case-state.md, "Other records of a desk" */
    char name[VAULT_WHO_MAX + 1];
    enum role role;
    int is_ended;
    int is_waiting; /* at a protected desk: not admitted yet */
    int writing;
    int is_ending; /* a version that ends them is being written */
};

/* How the operator, who has no account, stands in records and in the log. */
#define PEOPLE_OPERATOR "operator"

/* Twenty letters and digits that are not mistaken for each other, in groups: 99 bits, shown once. */
enum { PEOPLE_PASSWORD = 25 };
void people_password(char out[static PEOPLE_PASSWORD]);

struct people *people_new(void);
void people_free(struct people *people);
/* Read one record of the shelf; one that does not verify is logged and left out. */
void people_read(struct vault *vault, const struct vault_item *item);
size_t people_count(const struct people *people);
struct person *people_at(const struct people *people, size_t number);
/* By name, those who left included; NULL. */
struct person *people_find(const struct people *people, const char *name);
struct person *people_by_id(const struct people *people, const uint8_t id[static 16]);
/* Who has a living token with this SHA-256 and has not left, and its scope; NULL. Time is a parameter (wall seconds).
 */
struct person *people_by_token(const struct people *people, const uint8_t sha256[static 32], int64_t now,
                               enum token_scope *scope);

const char *people_role_name(enum role role);
/* ROLE_NONE for an unknown name. */
enum role people_role_of(const char *name);
/* 1 for a desk whose members are admitted by members: safeguarding and oversight. */
int people_is_protected(const char *desk);
/* How many members the desk has: admitted, not ended, of ROLES_MEMBER. */
size_t people_members(const struct people *people);
/* 1 if they are a member and nobody else will be one once all that is being written is there. */
int people_is_last(const struct people *people, const struct person *person);
/* 1 for 1 to 64 bytes of visible text without blanks at the ends, but PEOPLE_OPERATOR. */
int people_name_is_good(const char *name);

struct people_new_one {
    const char *name, *password; /* the password's Argon2id hash */
    enum role role;
    int waits;       /* to be admitted by a member */
    json_t *aliases; /* a list (taken), or NULL: what else people call them (names.h) */
};

/* A first record, or the next version of one with the changed `json` (taken); in one change with an audit leaf and
 * whether the desk is offered. Fires once, never before the call returned: ERR_OK, ERR_BUSY when the record is being
 * written, ERR_CONFLICT when there is somebody of this name, or is about to be. Errors of change.h. */
typedef void people_done_fn(void *room, enum err err);
void people_add(struct vault *vault, const char *by, const struct people_new_one *one, people_done_fn *done,
                void *room);
void people_change(struct vault *vault, const char *by, const char *what, struct person *person, json_t *json,
                   people_done_fn *done, void *room);

#endif
