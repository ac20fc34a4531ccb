/* spool.h -- what a public room keeps on its own disk while PostgreSQL is away: sealed units, durable at return, in the
 * order in which they came, until they are in the database.
 *
 * One folder a room, files of their own for each worker (WORKER-NUMBER.spool, spool_frame.h), so that no two processes
 * write one file. What is in it is what would be in the database: sealed rows. It holds at most `bytes_max`.
 *
 * After an fsync that failed nobody knows what is on the disk: spool_put() takes nothing more, and the process must end
 * and begin again from what is there. A file that another process left is only ever drained, never appended to, so an
 * uncertain end of one is always an end.
 *
 * Neighbours: appender_spool.c decides what is put here, drain.c brings it to the database. */
#ifndef STORE_SPOOL_H
#define STORE_SPOOL_H

#include "store/spool_unit.h"

struct spool;
struct spool_options {
    const char *folder; /* borrowed until return; it must exist and be writable */
    unsigned worker, workers;
    uint64_t bytes_max; /* of this worker */
};

/* Finds what earlier workers with this worker's number left (modulo `workers`). ERR_SYSTEM: the folder cannot be read.
 * NULL is fine for spool_close(); nothing on disk changes by it. */
MUST_CHECK enum err spool_open(const struct spool_options *options, struct spool **out);
void spool_close(struct spool *spool);

/* All `count` units or none; ERR_OK only when they are on the disk. Borrows. ERR_BUSY: no room (its own limit, or the
 * disk is full): nothing of it stays, and a later call may succeed. ERR_SYSTEM: what is on the disk is not known, now
 * and for every later call. ERR_TOO_BIG: over SPOOL_PAYLOAD_MAX together. */
enum { SPOOL_UNITS_MAX = 256, SPOOL_BODIES_MAX = 4 * 1024 * 1024 };
MUST_CHECK enum err spool_put(struct spool *spool, const struct append_unit *const *units, size_t count);
int spool_is_broken(const struct spool *spool);

/* The units that stand first; the same again until spool_done(). A unit that cannot be read is left out and its file
 * kept aside. */
struct spool_batch {
    struct spool_unit *units; /* owned by the caller; spool_batch_free() */
    size_t count;
};
/* ERR_NOT_FOUND: nothing waits. ERR_AGAIN: another process still has the file. A file that cannot be read is counted as
 * a fault and left for the next start. */
MUST_CHECK enum err spool_next(struct spool *spool, struct spool_batch *out);
void spool_batch_free(struct spool_batch *batch);
/* What spool_next() gave last is in the database. `keep` 1: some of it was refused, so the file is kept aside when it
 * is through, as WORKER-NUMBER.kept, and counted as a fault: nothing that was acknowledged is thrown away. */
void spool_done(struct spool *spool, int keep);

struct spool_stats {
    uint64_t bytes, rows;       /* that wait */
    int64_t age_ms;             /* since something waits without a break; 0 when nothing does */
    uint64_t put, full, faults; /* rows taken; rows refused for want of room; damaged or refused stretches */
};
void spool_stats(const struct spool *spool, struct spool_stats *out);

#endif
