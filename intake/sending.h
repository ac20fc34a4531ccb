/* sending.h -- a report on its way from a page to the store, and the receipt back. Neighbours: page_report.c and
 * page_steps.c bring it, submit.c seals it. */
#ifndef INTAKE_SENDING_H
#define INTAKE_SENDING_H

#include "intake/intake.h"
#include "intake/report.h"

/* Why there is no receipt: the store is away; the key has carried another text already. */
enum sending_fault { SENDING_AWAY, SENDING_OTHER };
/* Show the page again with all that was told; `posted` is the request's form, borrowed. */
typedef void sending_failed_fn(struct intake *intake, struct http_req *req, const struct form *posted,
                               const char *language, enum sending_fault fault);

/* Seals and sends `report` under the page's `key`, and answers the request: with the receipt, or by `failed`, perhaps
 * before this returns. Where too many come (flood.h) it is not sent: the answer is page_busy.h's page, which posts
 * `posted` again as it came. */
void sending_begin(struct intake *intake, struct http_req *req, const struct form *posted, const struct report *report,
                   const char *language, sending_failed_fn *failed);
/* The page with a receipt; `key` (NULL: none) is what it can be shown once more under. */
void sending_show(struct intake *intake, struct http_req *req, const char *language, const char *digits,
                  const char *key);

/* 1: the receipt that lies under `key` is on its way. `is_last`: also when the person has said that they wrote it down,
 * and then it is destroyed. 0: there is none; nothing was answered. */
int sending_show_again(struct intake *intake, struct http_req *req, const char *language, const char *key, int is_last);
/* The person has written it down. 1: it can be shown once more under `key`. */
int sending_written(struct intake *intake, const char *key);

#endif
