/* report.h -- what became of a job: written by the runner as a file in the job's folder, read by the cleaner, which
 * believes nothing of it but its form, and said to the vault as JSON. */
#ifndef TRIAGE_CLEANER_REPORT_H
#define TRIAGE_CLEANER_REPORT_H

#include "common/base/buf.h"

enum report_status {
    REPORT_CLEANED,   /* there is a result, and nothing known is left in it */
    REPORT_UNCLEANED, /* there is none: nothing cleans (or draws) that kind, or something stayed */
    REPORT_REFUSED,   /* there is none: limits, or a broken file */
    REPORT_STATUSES
};
enum report_says {
    REPORT_OK,
    REPORT_TYPE_UNKNOWN, /* nothing here cleans or draws this kind of file */
    REPORT_LEFT,         /* a tool ran and something about a person or place was still in it */
    REPORT_LIMITS,       /* time, memory or size */
    REPORT_BROKEN,       /* no tool could read it */
    REPORT_NO_TOOL,      /* what would clean it is not installed */
    REPORT_SAYS
};
enum report_by {
    REPORT_BY_NOBODY,
    REPORT_BY_MAT2,
    REPORT_BY_FFMPEG,
    REPORT_BY_EXIFTOOL,
    REPORT_BY_PDFTOPPM,
    REPORT_BYS
};

enum { REPORT_TYPE_SIZE = 96, REPORT_BYTES = 3 + 2 * REPORT_TYPE_SIZE };

struct report {
    enum report_status status;
    enum report_says says;
    enum report_by by;
    char type[REPORT_TYPE_SIZE];        /* by content: "image/jpeg" */
    char result_type[REPORT_TYPE_SIZE]; /* "" without a result */
};

/* 1: lower-case letters, digits and . + - / with one slash inside, short enough. */
int report_is_type(const char *type);
void report_put(const struct report *report, uint8_t out[static REPORT_BYTES]);
/* ERR_MALFORMED: another length, a value that is not in its list, a type of another form. */
MUST_CHECK enum err report_read(const uint8_t *bytes, size_t len, struct report *out);
/* Append {"type":...,"status":...,"by":...,"says":...,"size":N,"result_type":...}; `out` has room for 512 bytes. */
void report_say(const struct report *report, uint64_t size, struct buf *out);

#endif
