/* taking_job.h -- a file on its way through the cleaner: fed from the database piece by piece, its result read back by
 * offset. Lives until the ticket has let it go and nothing that it asked is unanswered. */
#ifndef TRIAGE_VAULT_TAKING_JOB_H
#define TRIAGE_VAULT_TAKING_JOB_H

#include "triage/vault/takings.h"

struct taking_job *taking_job_new(struct taking *taking);
/* The ticket knows its file, how many pieces it has and how many bytes. The ticket becomes READY or REFUSED, with what
 * the cleaner said, and taking_tell() is called: never before this returned. */
void taking_job_run(struct taking_job *job);
/* The ticket goes. NULL is ignored. */
void taking_job_drop(struct taking_job *job);

/* What leaves next, for the one request that asks for it. Fires once, never before the call returned; the ticket may be
 * gone by then (taking_of()). `bytes` is borrowed until return, NULL unless ERR_OK. */
typedef void taking_bytes_fn(struct request *request, enum err err, const uint8_t *bytes, size_t len);
/* Of a result. ERR_BUSY: the cleaner has lost it, or is away. */
void taking_job_read(struct taking_job *job, struct request *request, taking_bytes_fn *done);
/* Of an original: a piece, opened in its place. ERR_CRYPTO, ERR_MALFORMED: it is broken; errors of the door. */
void taking_piece_read(struct taking *taking, struct request *request, taking_bytes_fn *done);

#endif
