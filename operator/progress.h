/* progress.h -- how far long work has come, on standard error: a line that changes on a terminal, else one now and
 * then.
 */
#ifndef OPERATOR_PROGRESS_H
#define OPERATOR_PROGRESS_H

#include <stdint.h>

struct progress {
    const char *doing; /* "Saved" */
    uint64_t total;    /* bytes, about; 0: not known */
    int64_t next_ms;
    int is_terminal, has_line;
};

void progress_begin(struct progress *progress, const char *doing, uint64_t total);
/* `what` is being worked at: "message". Cheap: may be called for every row. */
void progress_tell(struct progress *progress, uint64_t bytes, const char *what);
/* Before other sentences. */
void progress_end(struct progress *progress);

/* "12.3 MB". `out` holds PROGRESS_SIZE. */
enum { PROGRESS_SIZE = 24 };
void progress_size(uint64_t bytes, char out[static PROGRESS_SIZE]);

#endif
