/* api_reports.h -- a report as JSON (docs/api.md): read, its files kept, sealed and stored, and the receipt answered.
 *
 * Neighbours: report.h says what may stand in it, flood.h whether it is taken now, submit.h stores it. 201 means
 * stored. */
#ifndef INTAKE_API_REPORTS_H
#define INTAKE_API_REPORTS_H

#include "common/http/http.h"

void api_reports(struct http_req *req, void *room); /* POST /api/v1/reports; `room` is the intake, borrowed */

#endif
