/* step_page.h -- a step of the report form as a page: its questions, what was told, and what travels in the page where
 * no draft holds it. Neighbours: page_steps.c takes what is posted, form_words.c has the words. */
#ifndef INTAKE_STEP_PAGE_H
#define INTAKE_STEP_PAGE_H

#include "intake/intake.h"
#include "intake/steps.h"

/* One step that was posted, and what is known with it. Borrows all but `told`. */
struct step_visit {
    struct intake *intake;
    struct http_req *req;
    const char *language, *key; /* key NULL: the page had none */
    const struct form *posted;
    struct form told;
    int is_kept, is_lost; /* a draft holds it; the draft that should have held the rest was gone */
};

/* The first step, empty, under a key of its own. */
void step_page_begin(struct intake *intake, struct http_req *req, const char *language);
/* Answers with the step; `then`: it leads back to the check. Takes `notes` (NULL: nothing is wrong). */
void step_page_show(const struct step_visit *visit, unsigned status, const struct step *step, int then, json_t *notes);
/* Nothing of it is shown any more. Who sends a second time, perhaps because the answer did not arrive, gets it again.
 */
void step_page_ended(const struct step_visit *visit, int was_sent);
/* What a page that asks needs in its context: what was told, choices in words, the desks there are. Of one step, or
 * (NULL) of all. */
json_t *step_page_context(struct intake *intake, const struct step *step, const struct form *told,
                          const char *language);
/* `told` with what holds where nothing was chosen: which desk reads it, and that one's words are hidden. `out` is
 * overwritten; form_free() it. */
MUST_CHECK enum err step_page_defaults(const struct intake *intake, const struct form *told, struct form *out);

#endif
