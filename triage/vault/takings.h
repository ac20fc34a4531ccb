/* takings.h -- files on their way out of the desk, to be looked at or kept: tickets, and what each still owes.
 *
 * A ticket belongs to the session or token that asked; it is good for five minutes and for the pieces in their order,
 * each once. What is cleaned or drawn lies with the cleaner (cleaning.h) until it was fetched; an original comes
 * straight from the database. Nothing is ever whole in memory. */
#ifndef TRIAGE_VAULT_TAKINGS_H
#define TRIAGE_VAULT_TAKINGS_H

#include <jansson.h>

#include "triage/vault/evidence.h"
#include "triage/vault/vault.h"

struct request;
struct takings;
struct taking_job;

enum taking_what { TAKING_LOOK, TAKING_CLEAN, TAKING_ORIGINAL };
enum taking_state { TAKING_NONE, TAKING_WORKING, TAKING_READY, TAKING_REFUSED };

enum {
    TAKING_ID = 33, /* characters of a ticket, with the NUL */
    TAKINGS_OF_SESSION = 2,
    TAKINGS_MAX = 16,
    TAKINGS_JOBS = 2,          /* of cleaning, at a time */
    TAKING_S = 300,            /* how long a ticket is good */
    TAKING_REPLACED_S = 15,    /* without a question for the next piece, where somebody else waits for the place */
    TAKING_WAIT_S = 6,         /* how long a question waits for the cleaner before it is told to ask again */
    TAKING_LOOK_MAX = 4 << 20, /* bytes of a picture to look at */
};

struct taking {
    struct vault *vault;
    char id[TAKING_ID], who[VAULT_WHO_MAX + 1];
    uint8_t session[16], case_id[16];
    struct evidence_file file;
    size_t number; /* of the file in its case */
    char name[FILE_NAME_SIZE], extension[EVIDENCE_EXTENSION_SIZE];
    enum taking_what what;
    enum taking_state state;
    uint64_t rebuilds; /* of then */
    int32_t next, pieces;
    int64_t size, given; /* of what leaves: how much it is, and how much has left; size -1: not known */
    int64_t began, touched;
    int is_busy;             /* a piece is being made, or the cleaner fed: its place is not given to others */
    struct taking_job *job;  /* taking_job.h; NULL: an original */
    struct request *waiting; /* for the cleaner; answered by takings_tell() */
    int64_t waits_since;
    /* What became of it at the cleaner. */
    char type[EVIDENCE_TYPE_SIZE], result_type[EVIDENCE_TYPE_SIZE], by[16], says[24];
};

struct takings *takings_new(void);
/* All that wait are told ERR_CANCELLED; called while requests can still be answered. */
void takings_cancel(struct vault *vault);
void takings_free(struct takings *takings);

/* A place for one more with a fresh id, WORKING and busy, its key still to be filled in; or the one that this session
 * has for the same already, as long as nothing of it has left (then `pieces` is not 0): who asks again while the
 * cleaner works loses nothing. ERR_BUSY: this session has as many as it may; ERR_TIMEOUT: the desk has, or the cleaner.
 */
MUST_CHECK enum err takings_add(struct request *request, enum taking_what what, const uint8_t case_id[static 16],
                                const uint8_t file_id[static 16], struct taking **out);
/* The one that the request names in "ticket", if it is its own and still good; NULL. */
struct taking *taking_asked(const struct request *request);
/* The same, good or not: for what was under way. */
struct taking *taking_of(const struct request *request);
/* It is over: all that belongs to it goes, its key is wiped. */
void taking_end(struct taking *taking);
/* The job is through, or will never be: READY or REFUSED is set. Who waits is answered by running the operation again.
 */
void taking_tell(struct taking *taking);
/* What is over, and who has waited long enough. From the loop's tick, with or without an open vault. */
void takings_tick(struct vault *vault, int64_t now);

#endif
