/* page_busy.h -- many reports come in just now: the page that keeps everything that was typed and asks for a short
 * wait, or computes in its place where scripts run (pages/proof.js). docs/abuse.md. */
#ifndef INTAKE_PAGE_BUSY_H
#define INTAKE_PAGE_BUSY_H

#include "intake/intake.h"

/* A whole report that is about to be sent to the store. 0: go on, with the mark *aside ("flood" or NULL) inside the
 * seal. 1: the request has been answered with this page. */
int page_busy_stops(struct intake *intake, struct http_req *req, const struct form *form, const char *language,
                    const char **aside);
/* 1: it is this page that was sent back. */
int page_busy_is(const struct form *form);
/* Shown, or shown again in another language with the same wait. */
void page_busy_show(struct intake *intake, struct http_req *req, const struct form *form, const char *language);

#endif
