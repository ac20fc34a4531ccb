/* page_report.h -- the door to the web form: step by step (page_steps.h) or all questions on one page; then the
 * receipt, once more if it was lost; and the way out. */
#ifndef INTAKE_PAGE_REPORT_H
#define INTAKE_PAGE_REPORT_H

#include "common/http/http.h"

/* Handlers; `room` is the intake. */
void page_report_home(struct http_req *req, void *room);
void page_report_begin(struct http_req *req, void *room); /* GET /report */
void page_report_post(struct http_req *req, void *room);  /* POST /report, its field "step" tells which */
void page_report_leave(struct http_req *req, void *room); /* POST /exit */

#endif
