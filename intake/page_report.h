/* page_report.h -- the web form: first whether someone is in danger, then what happened, then the receipt. */
#ifndef INTAKE_PAGE_REPORT_H
#define INTAKE_PAGE_REPORT_H

#include "common/http/http.h"

/* Handlers; `room` is the intake. */
void page_report_home(struct http_req *req, void *room);
void page_report_begin(struct http_req *req, void *room); /* GET /report */
void page_report_post(struct http_req *req, void *room);  /* POST /report, its field "step" tells which */
void page_report_leave(struct http_req *req, void *room); /* POST /exit */

#endif
