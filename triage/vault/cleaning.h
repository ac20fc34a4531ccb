/* cleaning.h -- what this vault asks of its cleaner: a copy of a file without metadata, or one picture of it
 * (docs/cleaner.md).
 *
 * A reconnecting client of the cleaner's socket. A job is named by an id; the file goes there piece by piece as the
 * cleaner takes them, so that nobody holds all of it, and the result comes back by offset. Nothing is kept: a job whose
 * connection is lost is over. */
#ifndef TRIAGE_VAULT_CLEANING_H
#define TRIAGE_VAULT_CLEANING_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/base/err.h"
#include "common/base/loop.h"

struct cleaning;

enum { CLEANING_PIECE_MAX = 256 * 1024, CLEANING_JOBS_MAX = 10, CLEANING_TYPE_SIZE = 96 };
enum cleaning_want { CLEANING_COPY = 1, CLEANING_PIXELS = 2 };
enum cleaning_status {
    CLEANING_CLEANED,   /* there is a result */
    CLEANING_UNCLEANED, /* nothing cleans or draws that kind, or something stayed in it: only the original is there */
    CLEANING_REFUSED,   /* over the limits, or broken: the same */
};

struct cleaning_result {
    enum cleaning_status status;
    char type[CLEANING_TYPE_SIZE];        /* what the file is, by its content; "" when it was not found out */
    char result_type[CLEANING_TYPE_SIZE]; /* of the result; "" without one */
    char by[16];                          /* "mat2", "ffmpeg", "exiftool", "pdftoppm" or "" */
    char says[16];                        /* "ok", "type-unknown", "left", "limits", "broken", "no-tool" */
    uint64_t size;                        /* of the result, 0 without one */
};

/* The cleaner wants the next piece: answer it, now or later, with one cleaning_give() (or cleaning_drop()). */
typedef void cleaning_more_fn(void *room, uint64_t id);
/* Once for each job that cleaning_run() began, never before it returned. ERR_OK: `result` is borrowed until return, and
 * the job stays for cleaning_read() until cleaning_drop(), which must follow. Else `result` is NULL and the id is gone:
 * ERR_BUSY (later perhaps), ERR_TOO_BIG, ERR_SYSTEM (link lost), ERR_TIMEOUT, ERR_MALFORMED, ERR_CANCELLED. */
typedef void cleaning_done_fn(void *room, uint64_t id, enum err err, const struct cleaning_result *result);
/* Once for each cleaning_read() that returned ERR_OK, never before. ERR_OK: `bytes` is borrowed until return and then
 * wiped; `len` is 0 at the end only. Else NULL: ERR_SYSTEM, ERR_TIMEOUT, ERR_MALFORMED, ERR_NOT_FOUND (the cleaner kept
 * it for five minutes, or was started anew), ERR_CANCELLED (dropped meanwhile). */
typedef void cleaning_read_fn(void *room, uint64_t id, enum err err, const uint8_t *bytes, size_t len);

/* Never NULL. */
struct cleaning *cleaning_new(struct loop *loop, const char *path, uid_t cleaner_uid);
/* Jobs and reads still waiting are told ERR_CANCELLED before this returns. */
void cleaning_free(struct cleaning *cleaning);
int cleaning_is_up(const struct cleaning *cleaning);

/* Begin a job for a file of `size` bytes (at least 1). `extension` is a hint: lower-case letters and digits of the
 * name's end, at most 8, else it is left out. ERR_SYSTEM: the cleaner is not there; ERR_BUSY: CLEANING_JOBS_MAX are
 * under way; then nothing is called. */
MUST_CHECK enum err cleaning_run(struct cleaning *cleaning, enum cleaning_want want, const char *extension,
                                 uint64_t size, cleaning_more_fn *more, cleaning_done_fn *done, void *room,
                                 uint64_t *id);
/* The next `len` bytes, read before this returns: at least one, at most CLEANING_PIECE_MAX and what is left of the
 * size; only when they were wanted. An id that is gone is ignored. */
void cleaning_give(struct cleaning *cleaning, uint64_t id, const void *bytes, size_t len);
/* Up to CLEANING_PIECE_MAX bytes of the result from `offset`. One at a time for each job: ERR_BUSY. ERR_NOT_FOUND: no
 * such id, or not done. ERR_SYSTEM: the link is down. Then nothing is called. */
MUST_CHECK enum err cleaning_read(struct cleaning *cleaning, uint64_t id, uint64_t offset, cleaning_read_fn *fn,
                                  void *room);
/* The job is not needed any more; the cleaner removes its files. One that is not done is told ERR_CANCELLED after this
 * returned, a read under way likewise. An id that is gone is ignored. */
void cleaning_drop(struct cleaning *cleaning, uint64_t id);

#endif
