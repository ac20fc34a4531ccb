/* work.h -- the folder in which files stand while they are cleaned: one folder a job, gone when the job has ended.
 *
 * What is in it was made by tools that read a stranger's file: links are not followed, counts and depth are bounded. */
#ifndef TRIAGE_CLEANER_WORK_H
#define TRIAGE_CLEANER_WORK_H

#include <stdint.h>

#include "common/base/err.h"

/* Make `folder` where it is missing, and remove all that an earlier process left in it. Dies with a sentence. */
void work_begin(const char *folder);
/* 1: it lies in memory (a tmpfs), so that nothing of it reaches a disk other than by swap. */
int work_is_in_memory(const char *folder);
/* A new, empty folder `number` in it, and in that the file `name`, open for writing. -1: cannot be made. */
int work_job_new(const char *folder, uint32_t number, const char *name);
/* A file that a job made, open for reading: a plain one with one name. -1: there is none. *size is set. */
int work_open(const char *folder, uint32_t number, const char *name, uint64_t *size);
/* Remove the folder of a job with all that is in it. */
void work_job_remove(const char *folder, uint32_t number);
/* How many bytes the files below `path` take; stops counting beyond `max`, and gives more than that where there are
 * more files or deeper folders than are counted. What vanishes meanwhile is left out. */
uint64_t work_bytes(const char *path, uint64_t max);

#endif
