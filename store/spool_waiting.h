/* spool_waiting.h -- whose report waits in a spool's folder: handles of receipts, found in the files of every worker.
 *
 * Whoever comes back with a receipt while the database is away meets any of the workers, and the report may lie in the
 * file of another. Files only grow, so each is read once and then from where it ended; of each new case the handle of
 * its receipt is remembered, which is what would be in the database. Nothing on disk is changed. */
#ifndef STORE_SPOOL_WAITING_H
#define STORE_SPOOL_WAITING_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"

struct spool_waiting;

enum { SPOOL_WAITING_STEP = 16 * 1024 * 1024 }; /* bytes that one question reads at most */

struct spool_waiting *spool_waiting_new(const char *folder);
void spool_waiting_free(struct spool_waiting *waiting); /* NULL is fine */

/* ERR_OK: one of `handles` is that of a new case in the folder. ERR_NOT_FOUND: none is. ERR_AGAIN: not all was read
 * yet; the next question goes on. ERR_SYSTEM: the folder cannot be read. */
MUST_CHECK enum err spool_waiting_has(struct spool_waiting *waiting, const uint8_t (*handles)[32], size_t count);

#endif
