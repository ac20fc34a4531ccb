/* spool_folder.h -- the files of a spool's folder: names, order, locks, and getting a change of the folder to disk. */
#ifndef STORE_SPOOL_FOLDER_H
#define STORE_SPOOL_FOLDER_H

#include <stdint.h>

#include "common/base/buf.h"

enum { SPOOL_PATH = 320 };

/* A file that is no longer written. */
struct spool_file {
    struct spool_file *next;
    unsigned worker;
    uint64_t number, bytes, rows;
};

void spool_path(const char *folder, unsigned worker, uint64_t number, const char *ending, char out[static SPOOL_PATH]);
/* All NAME.spool in the folder whose worker modulo `workers` is `worker`, oldest first, with their sizes; *next_number
 * is over all of them. `*oldest_wall`: the earliest last change, 0 when there is none. ERR_SYSTEM. */
MUST_CHECK enum err spool_folder_list(const char *folder, unsigned worker, unsigned workers, struct spool_file **out,
                                      uint64_t *next_number, int64_t *oldest_wall);
/* ERR_SYSTEM when it failed: names may then not survive the machine's end. */
MUST_CHECK enum err spool_folder_sync(const char *folder);
/* For as long as `fd` is open, nobody else's. ERR_AGAIN: it is another process's. */
MUST_CHECK enum err spool_lock(int fd);
/* All of it, whatever the kernel takes at once. ERR_BUSY: no room; ERR_SYSTEM. */
MUST_CHECK enum err spool_write_all(int fd, const void *bytes, size_t len);

#endif
