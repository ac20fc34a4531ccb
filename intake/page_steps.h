/* page_steps.h -- the report form one matter a page. What was told so far lies in a draft (drafting.h) under the key
 * that the page carries; where none can be kept the page carries the answers too, so that a step is never lost.
 *
 * Neighbours: steps.c says which steps there are, step_page.c shows one, page_report.c takes the rest of /report.
 */
#ifndef INTAKE_PAGE_STEPS_H
#define INTAKE_PAGE_STEPS_H

#include "intake/intake.h"
#include "intake/steps.h"

/* A step was posted: its answers are kept, and its field "go" says where to: "next", "back", "check", "send" or a
 * step's name. */
struct page_steps_note {
    unsigned status;
    const char *field, *says; /* says: a msgid */
};
/* `note` NULL: nothing was wrong; else the step is shown again with it. */
void page_steps_post(struct intake *intake, struct http_req *req, const struct step *step, const struct form *form,
                     const char *language, const struct page_steps_note *note);

#endif
