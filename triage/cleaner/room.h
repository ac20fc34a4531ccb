/* room.h -- the jobs of a cleaner: a vault gives it a file in pieces, has it cleaned or drawn, and takes the result in
 * pieces (docs/cleaner.md).
 *
 * Holds the files of jobs in its folder of work (work.h), starts them two at a time (starter.h), and forgets a job when
 * it is dropped, when its connection ends, and five minutes after its last message. */
#ifndef TRIAGE_CLEANER_ROOM_H
#define TRIAGE_CLEANER_ROOM_H

#include "common/base/frame.h"
#include "triage/cleaner/ask.h"
#include "triage/cleaner/starter.h"

enum {
    CLEANER_JOBS_MAX = STARTER_JOBS_MAX + 8,
    CLEANER_KEPT_MS = 5 * 60 * 1000,
    CLEANER_SPARE = 64 << 20 /* what a job's folder may hold beside the file and a copy of it */
};

struct cleaner;

/* Takes `starter_fd` (starter_fork). `bytes_max` is what all jobs together may take in `work`: at least
 * STARTER_JOBS_MAX times CLEANER_SPARE, and twice the largest file on top. Never NULL. */
struct cleaner *cleaner_new(struct loop *loop, const char *work, uint64_t bytes_max, int starter_fd);
/* ERR_SYSTEM when the socket cannot be made. */
MUST_CHECK enum err cleaner_open(struct cleaner *cleaner, const struct frame_listen *listen);
void cleaner_free(struct cleaner *cleaner);
/* How many jobs there are, for tests. */
unsigned cleaner_jobs(const struct cleaner *cleaner);

#endif
