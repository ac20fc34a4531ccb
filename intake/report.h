/* report.h -- what a person tells us: read from JSON, checked against one table, and put into the form in which it is
 * sealed. The web form is first turned into the same JSON (report_form.h), so that there is one set of rules.
 *
 * Members that nobody asked for are left out, never refused: a client may be newer than this server. */
#ifndef INTAKE_REPORT_H
#define INTAKE_REPORT_H

#include "common/base/buf.h"
#include "common/text/json.h"

struct report {
    const char *kind, *language, *desk, *text; /* borrowed from the JSON it was read from, or literals */
    size_t text_len;
    int read_back, synthetic;
    json_t *answers, *contact, *on_behalf_of; /* owned, checked, only what is known */
    json_t *files;                            /* owned, NULL: none; what is sealed of them (evidence.h) */
};

/* Where a piece came from; written inside the seal. */
struct report_origin {
    const char *channel;                   /* "web", "api", "partner" */
    const char *organisation, *round, *id; /* partners, else NULL */
    const char *aside;                     /* "flood": to be set aside for a person to look at; else NULL */
};

/* `body` must outlive `out`. On ERR_MALFORMED or ERR_TOO_BIG `fault` names the field ("answers.people_low") and says
 * why; there is then nothing to free. */
MUST_CHECK enum err report_read(const json_t *body, struct report *out, struct json_fault *fault);
void report_free(struct report *report);
/* The kinds and the words of the choices, for forms and tests; each list ends with NULL. */
extern const char *const report_kinds[],
    *const report_yes_no[], *const report_ongoing[], *const report_levels[], *const report_speaking[],
                                                                                 *const report_ways[],
                                                                                     *const report_consents[];
/* 1 if `tag` has the form of a language tag (BCP 47). */
int report_is_language(const char *tag);
/* 1 if `text` has 1 to `most` characters and no NUL. */
int report_text_fits(const char *text, size_t len, size_t most);

/* The JSON that is sealed (docs/envelope.md, "Inside a message"), appended to `out`. `at` is wall seconds. */
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
MUST_CHECK enum err report_message_inside(const struct report_message *message, int64_t at, struct buf *out);
/* SHA-256 of what was told, without the time, and of files their keys alone: tells whether a form was sent again or
 * changed. */
void report_digest(const struct report *report, uint8_t out[static 32]);

#endif
