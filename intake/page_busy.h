/* page_busy.h -- many reports come in just now: the page that keeps everything that was typed and asks for a short
 * wait, or computes in its place where scripts run (pages/proof.js). docs/abuse.md. */
#ifndef INTAKE_PAGE_BUSY_H
#define INTAKE_PAGE_BUSY_H

#include "intake/intake.h"

/* A whole report that is about to be sent to the store. 0: go on, with the mark *aside ("flood" or NULL) inside the
 * seal. 1: the request has been answered with this page. */
int page_busy_stops(struct intake *intake, struct http_req *req, const struct form *form, const char *language,
                    const char **aside);
/* The page itself was sent back, for another language: shown again, with the same wait. 0: it was another page. */
int page_busy_again(struct intake *intake, struct http_req *req, const struct form *form, const char *language);
void page_busy_script(struct http_req *req, void *room); /* GET /proof.js */

#endif
