/* conflict.h -- whom a case is about among our own staff: found by name in what the person wrote, or said by a person.
 *
 * Who stands in a state's "named" does not have the case (seen.h): in no list, search or count, by no operation.
 * Changes drafts. docs/whose-desk.md, "A case about our own staff", has the reasons. Neighbours: names.h (finding),
 * route.h (a hit goes to oversight). */
#ifndef TRIAGE_VAULT_CONFLICT_H
#define TRIAGE_VAULT_CONFLICT_H

#include "triage/vault/case_change.h"
#include "triage/vault/names.h"

struct message;

/* An account, as looked for. */
struct conflict_staff {
    const char *name;
    const json_t *aliases; /* a list or NULL */
    int may_take;          /* an officer who works here */
};

/* What is looked through, and how. */
struct conflict_ask {
    const struct names_text *text;
    const struct conflict_staff *staff;
    size_t count;
    const char *desk;
    int64_t message;  /* which of the case's messages, from 1; 0: all of them */
    int only_hints;   /* no hit is one: thanks */
    int may_take_all; /* also from all who may take it: somebody elsewhere will have it */
};

/* Put those that are hit to "named" and those that are hinted at to "hinted" of `state`. Who was named by mistake
 * before
 * ("unnamed") is not named again by a rule. How many are newly named. Whoever of them holds it, holds it no more. */
size_t conflict_find(json_t *state, const struct conflict_ask *ask);
/* 1 if `who` stands in "named". */
int conflict_is(const json_t *state, const char *who);
/* A person says so: of themselves or of a colleague. 0: they are named already. */
int conflict_name(json_t *state, const char *desk, const char *name, const char *by, const char *reason);
/* And takes it back. 0: they are not named. */
int conflict_unname(json_t *state, const char *name, const char *by, const char *reason);

/* 1 if an officer of this desk is left who may take it. */
int conflict_leaves_somebody(const struct vault *vault, const json_t *state);

/* It stays here after all: where nobody would be left, what rules of this desk found is no more than hints. */
void conflict_loosen(const struct vault *vault, json_t *state);

/* What a message that arrives says of our staff, into the draft and the log. How many are newly named. */
size_t conflict_look(struct case_change *cc, const struct message *message, int64_t number, int may_take_all);
/* The same of texts that were put together already (`only_hints` 0). */
size_t conflict_look_through(struct case_change *cc, const struct names_text *text, int64_t number, int only_hints,
                             int may_take_all);

#endif
