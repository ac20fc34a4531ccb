/* report.h -- what a person tells us: read from JSON and checked against one table. The web form is first turned into
 * the same JSON (report_form.h), so that there is one set of rules. What is sealed of it: report_inside.h.
 *
 * Members that nobody asked for are left out, never refused: a client may be newer than this server. */
#ifndef INTAKE_REPORT_H
#define INTAKE_REPORT_H

#include "common/base/buf.h"
#include "common/office/office.h"
#include "common/text/json.h"

struct report {
    const char *kind, *language, *desk, *text; /* borrowed from the JSON it was read from, or literals */
    size_t text_len;
    int read_back, synthetic;
    json_t *answers, *contact, *on_behalf_of; /* owned, checked, only what is known */
    json_t *files;                            /* owned, NULL: none; what is sealed of them (evidence.h) */
};

/* `office` says which questions of its own there are (own.h). `body` must outlive `out`. On ERR_MALFORMED or
 * ERR_TOO_BIG `fault` names the field ("answers.people_low") and says why; there is then nothing to free. */
MUST_CHECK enum err report_read(const struct office *office, const json_t *body, struct report *out,
                                struct json_fault *fault);
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

#endif
