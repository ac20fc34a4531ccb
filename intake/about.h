/* about.h -- what this is and how it works, told to people and to programs: who runs it, what happens with a report and
 * within which time, what it cannot do, and who else there is.
 *
 * Of office.yaml where the office says it (docs/office.md), else in our own words with the times by which the office
 * works. Nothing here is about the person who asks. */
#ifndef INTAKE_ABOUT_H
#define INTAKE_ABOUT_H

#include "intake/intake.h"

/* GET /about; `room` is the intake. */
void about_page(struct http_req *req, void *room);
/* GET /api/v1/about: the same facts. */
void about_api(struct http_req *req, void *room);
/* What both tell: {"about", "cannot", "kept", "steps": [{"what", "within"}], "other_ways": [{"code", "kind", "ways":
 * [{"name", "what", "telephone", "dials", "web"}]}]}. New reference. */
json_t *about_facts(const struct intake *intake, const char *language);
/* For the first page: "welcome", where the office has one. */
void about_put_welcome(const struct intake *intake, const char *language, json_t *context);

#endif
