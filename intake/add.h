/* add.h -- one more message with a receipt, or an act (states.h): find the thread, seal under its key (or, when the
 * person did not want their words to be readable with the receipt, under a key of its own for the desk), append, answer
 * after COMMIT. While the database is away nobody can find the thread: then it is kept as a letter (submit.h). */
#ifndef INTAKE_ADD_H
#define INTAKE_ADD_H

#include "common/seal/once.h"
#include "intake/intake.h"

enum add_end {
    ADD_STORED,
    ADD_UNKNOWN,    /* no such receipt (any more) */
    ADD_AWAY,       /* not stored now: 503 */
    ADD_OTHER_BODY, /* the key was used with another message: 422 */
    ADD_FILES,      /* one is not whole or not there, or they are too much together */
    ADD_TEXT,       /* never given by add_message(): for callers, a text that does not fit */
};

struct add_message {
    const struct receipt *receipt;
    const char *key; /* Idempotency-Key, checked; NULL: none */
    const char *channel, *language, *text;
    const char *act; /* what is done besides writing (states.h); NULL: nothing, and then there is a text */
    size_t text_len;
    const json_t *files; /* upload keys (evidence.h); NULL: none */
};
/* Exactly one callback, never before this returns. Everything in `what` is copied or used before return. */
typedef void add_done_fn(void *room, enum add_end end);
void add_message(struct intake *intake, const struct add_message *what, add_done_fn *done, void *room);

#endif
