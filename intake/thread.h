/* thread.h -- the conversation that a receipt leads to.
 *
 * Opened while the request with the receipt is being answered and wiped right after. What staff wrote is shown only
 * when it bears the signature of the case's desk. A receipt that is unknown and one whose case was erased take the same
 * way: the same statements, the same work, the same answer. */
#ifndef INTAKE_THREAD_H
#define INTAKE_THREAD_H

#include "intake/intake.h"

struct thread {
    uint8_t case_id[16];
    char desk[17];
    int is_stored;   /* it waits on disk: no case yet */
    int read_back;   /* the person chose to see their own words: what they add lies under the thread key too */
    uint8_t key[32]; /* the newest thread key that the receipt unwraps, with its generation */
    uint64_t generation;
    json_t *shown; /* {"state","since","messages":[...],"can":[...]} and more (docs/api.md) as the API gives it */
};

/* ERR_NOT_FOUND: no such receipt (any more). ERR_AGAIN: not there, but rows wait in the spool: ask again. ERR_OK with
 * `is_stored`: the report waits on this server's disk, and there is nothing else to show yet. `thread` is borrowed
 * until return and then wiped; NULL unless ERR_OK. */
typedef void thread_opened_fn(void *room, enum err err, const struct thread *thread);
/* Exactly one callback, never before this returns. Keeps nothing of `receipt`. */
void thread_open(struct intake *intake, const struct receipt *receipt, int64_t deadline_ms, thread_opened_fn *done,
                 void *room);

/* Build what is shown from rows: separate from the database for tests. Fills read_back and shown of `thread`, whose
 * desk is set; `keys` are the unwrapped thread keys with their generations. */
struct thread_key {
    uint64_t generation;
    uint8_t key[32];
};
void thread_show(const struct manifest *manifest, const struct thread_key *keys, size_t key_count,
                 const struct thread_row *rows, size_t row_count, struct thread *thread);

#endif
