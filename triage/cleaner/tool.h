/* tool.h -- run one of Debian's programs on a file, inside a job that is shut in already, and say how it ended.
 *
 * Runs in the job's folder. What it writes to its outputs goes into files of
 * the job; nothing of that is ever logged.
 */
#ifndef TRIAGE_CLEANER_TOOL_H
#define TRIAGE_CLEANER_TOOL_H

#include "common/base/buf.h"

enum tool_end {
    TOOL_DONE,
    TOOL_LIMITS,  /* ran into the limits of time, memory or size */
    TOOL_UNKNOWN, /* says itself that this kind, or a part of it, is not one that it cleans */
    TOOL_BROKEN,  /* failed for another reason */
    TOOL_MISSING  /* is not installed */
};

/* What both cleans and looks. */
#define TOOL_EXIFTOOL "/usr/bin/exiftool"

enum { TOOL_WORDS_MAX = 48, TOOL_OUT = 16 * 1024 };

/* `words` ends with NULL; the first is the program's path. What it prints is left in `out` (cleared; maximum TOOL_OUT,
 * more is cut off), which may be NULL. Blocks until it has ended. */
enum tool_end tool_run(const char *const *words, struct buf *out);
/* How much memory (address space, bytes) the next programs may use. */
void tool_memory(uint64_t bytes);

#endif
