/* life.h -- the life of a case: its states, one table of legal moves, and the one setter that makes them.
 *
 * Names of states are what programs are told (docs/api.md) and never change. A move says who may make it and what it
 * needs; nothing ends by a rule or by time alone (docs/case-life.md). Works on the JSON of a state
 * (case_state.h): "life" holds the name, "history" every move. */
#ifndef TRIAGE_VAULT_LIFE_H
#define TRIAGE_VAULT_LIFE_H

#include <jansson.h>

#include "common/base/err.h"

enum life {
    LIFE_RECEIVED,
    LIFE_FIRST_LOOK,
    LIFE_ACKNOWLEDGED,
    LIFE_ASSESSED,
    LIFE_IN_ACTION,
    LIFE_WAITING_FOR_YOU,
    LIFE_REMEDY_OFFERED,
    LIFE_DECLINED, /* the person refused the remedy */
    LIFE_DELIVERED,
    LIFE_VERIFIED, /* the person said that it is solved */
    LIFE_REFERRED,
    LIFE_OUT_OF_SCOPE,
    LIFE_UNFOUNDED,
    LIFE_WITHDRAWN,
    LIFE_UNANSWERED, /* closed without an answer after safe attempts */
    LIFE_UNDER_REVIEW,
    LIFE_REOPENED,
    LIFE_CLOSED, /* by an earlier version, which kept no more than this: no move leads to it */
    LIFE_COUNT
};

/* Who moves. LIFE_BY_RULE: a message that arrived. LIFE_BY_SECOND: someone else than those who decided. Bits. */
enum life_mover { LIFE_BY_RULE = 1, LIFE_BY_OFFICER = 2, LIFE_BY_PERSON = 4, LIFE_BY_SECOND = 8 };
/* What a move needs. LIFE_REMEDIES: which other remedies stay open, told to the person. Bits. */
enum life_need { LIFE_REASON = 1, LIFE_REMEDIES = 2, LIFE_SECOND_IF_GRAVE = 4, LIFE_SECOND_ALWAYS = 8 };

/* "received", ... Never NULL. */
const char *life_name(enum life life);
/* LIFE_COUNT for an unknown name. */
enum life life_of(const char *name);
/* Of a case's state; what an earlier version wrote under "public" is read as what it stands for. */
enum life life_now(const json_t *state);

/* Nobody works on it any more. */
int life_is_ending(enum life life);
/* It is the person's turn: it stands in no lane until they write. */
int life_waits_for_person(enum life life);
/* An answer may leave the case in it; other states come by looking, assessing, deciding or what is offered (remedy.h).
 */
int life_comes_with_answer(enum life life);
/* The office ended it: the person may ask for one review. */
int life_can_be_reviewed(enum life life);
/* 1 if that mover may; *needs (may be NULL) gets bits of enum life_need. */
int life_may(enum life from, enum life to, enum life_mover mover, unsigned *needs);

enum life_end { LIFE_MOVED, LIFE_NO_SUCH_MOVE, LIFE_WANTS_REASON, LIFE_WANTS_REMEDIES, LIFE_WANTS_SECOND };

struct life_step {
    enum life to;
    enum life_mover mover;
    const char *who;               /* who decided; "" for the person and for rules */
    const char *second;            /* who confirmed; NULL: nobody */
    const char *reason, *remedies; /* NULL or "": none */
    int is_grave;                  /* the case is in the floor */
};
/* The only way a state changes. Anything but LIFE_MOVED leaves `state` as it was. An ending lets go of the case: nobody
 * holds it, and what was wished, asked for or paused is over. */
MUST_CHECK enum life_end life_move(json_t *state, const struct life_step *step);
/* Moves that need nothing but the mover: made when they are legal, else nothing happens. 1: it was made. */
int life_follow(json_t *state, enum life to, enum life_mover mover, const char *who);

#endif
