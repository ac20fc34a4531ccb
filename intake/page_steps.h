/* page_steps.h -- the report form one matter a page. What was told so far lies in a draft (drafting.h) under the key
 * that the page carries; where none can be kept the page carries the answers too, so that a step is never lost.
 *
 * Neighbours: steps.c says which steps there are, form_words.c how they ask, page_report.c takes the rest of /report.
 */
#ifndef INTAKE_PAGE_STEPS_H
#define INTAKE_PAGE_STEPS_H

#include "intake/intake.h"
#include "intake/steps.h"

/* The first step, empty, under a key of its own. */
void page_steps_begin(struct intake *intake, struct http_req *req, const char *language);
/* A step was posted: its answers are kept, and its field "go" says where to: "next", "back", "check", "send" or a
 * step's name. */
struct page_steps_note {
    unsigned status;
    const char *field, *says; /* says: a msgid */
};
/* `note` NULL: nothing was wrong; else the step is shown again with it. */
void page_steps_post(struct intake *intake, struct http_req *req, const struct step *step, const struct form *form,
                     const char *language, const struct page_steps_note *note);
/* What a page that asks needs in its context: what was told, choices in words, the desks there are. Of one step, or
 * (NULL) of all. */
json_t *page_steps_context(struct intake *intake, const struct step *step, const struct form *told,
                           const char *language);
/* `told` with what holds where nothing was chosen: which desk reads it, and that one's words are hidden. `out` is
 * overwritten; form_free() it. */
MUST_CHECK enum err page_steps_defaults(const struct intake *intake, const struct form *told, struct form *out);

#endif
