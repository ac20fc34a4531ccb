/* submit.h -- from "this is what was told" to sealed rows to COMMIT.
 *
 * Order is the whole point: the text is sealed before anything leaves this process, and the caller may speak of success
 * only when the callback says so, which is after COMMIT. Nothing readable is left behind on any way out. */
#ifndef INTAKE_SUBMIT_H
#define INTAKE_SUBMIT_H

#include "common/seal/once.h"
#include "intake/intake.h"

/* One unit on its way: exactly one callback, never before the call returned; outcome only with ERR_OK. */
typedef void submit_done_fn(void *room, uint64_t tag, enum err err, enum append_outcome outcome);

/* A new case with its first message. */
struct submit_case {
    const char *desk;
    const struct once *once;
    int is_once;                   /* the client brought a key: keep the record */
    const struct receipt *receipt; /* NULL: nobody comes back for it (partners) */
    int read_back;                 /* the person's words lie under the thread root */
    enum envelope_author author;
    const struct buf *inside; /* the JSON to be sealed; borrowed, the caller wipes it */
};
/* Errors before anything is sent (no callback then): ERR_NOT_FOUND no such desk, ERR_LOCKED its keys have expired,
 * ERR_BUSY, ERR_CRYPTO, ERR_TOO_BIG. */
MUST_CHECK enum err submit_case(struct intake *intake, const struct submit_case *what, submit_done_fn *done, void *room,
                                uint64_t tag);

/* One more message to a case that a receipt led to. */
struct submit_message {
    const char *desk;
    const uint8_t *case_id;
    const struct once *once;
    int is_once;
    const uint8_t *thread_key; /* with its generation; NULL: under a fresh key that only the desk unwraps */
    uint64_t generation;
    const struct buf *inside;
};
MUST_CHECK enum err submit_message(struct intake *intake, const struct submit_message *what, submit_done_fn *done,
                                   void *room, uint64_t tag);

/* A letter (door_append.h): the receipt's handles are known, its case is not. Sealed to every desk of the manifest,
 * kept in the spool. Errors as submit_message(); the callback says ERR_DB_DOWN where it cannot be kept. */
struct submit_letter {
    const uint8_t (*handles)[32];
    size_t handle_count;
    const struct once *once;
    int is_once;
    const struct buf *inside;
};
MUST_CHECK enum err submit_letter(struct intake *intake, const struct submit_letter *what, submit_done_fn *done,
                                  void *room, uint64_t tag);

#endif
