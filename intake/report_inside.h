/* report_inside.h -- what a person tells us in the form in which it is sealed: the JSON of docs/envelope.md, "Inside a
 * message". Neighbours: report.h has read and checked it, submit.h and add.h seal it. */
#ifndef INTAKE_REPORT_INSIDE_H
#define INTAKE_REPORT_INSIDE_H

#include "intake/report.h"

/* Where a piece came from; written inside the seal. */
struct report_origin {
    const char *channel;                   /* "web", "api", "partner" */
    const char *organisation, *round, *id; /* partners, else NULL */
    const char *aside;                     /* "flood": to be set aside for a person to look at; else NULL */
};

/* The JSON that is sealed, appended to `out`. `at` is wall seconds. */
MUST_CHECK enum err report_inside(const struct report *report, const struct report_origin *origin, int64_t at,
                                  struct buf *out);
/* The same for a message that is added later. */
struct report_message {
    const char *language, *channel, *text;
    const char *act; /* what is done with it (states.h); NULL: nothing */
    size_t text_len;
    int read_back;
    json_t *receipts; /* taken, may be NULL: of a letter, the handles in hex */
    json_t *files;    /* borrowed, may be NULL (evidence.h) */
};
MUST_CHECK enum err report_inside_message(const struct report_message *message, int64_t at, struct buf *out);
/* SHA-256 of what was told, without the time, and of files their keys alone: tells whether a form was sent again or
 * changed. */
void report_inside_digest(const struct report *report, uint8_t out[static 32]);

#endif
