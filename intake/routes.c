/* routes.c -- see routes.h. Cookies are read by none of them. Health and metrics are on a port of their own. */
#include "intake/routes.h"

#include <string.h>

#include "intake/about.h"
#include "intake/api.h"
#include "intake/api_reports.h"
#include "intake/api_thread.h"
#include "intake/limits.h"
#include "intake/page_add.h"
#include "intake/page_files.h"
#include "intake/page_receipt.h"
#include "intake/page_report.h"
#include "intake/pages.h"
#include "intake/partner.h"
#include "intake/tus.h"

/* A page whose address only takes what was typed, asked for again by a phone that had closed it. */
static void begin_again(struct http_req *req, void *room)
{
    (void)room;
    http_see_other(req, strncmp(http_req_path(req), "/report", 7) == 0 ? "/report" : "/receipt");
}

const struct http_route intake_routes[] = {
    {HTTP_GET, "/", page_report_home, 0, NULL},
    {HTTP_GET, "/report", page_report_begin, 0, NULL},
    {HTTP_POST, "/report", page_report_post, LIMIT_FORM_BODY, NULL},
    {HTTP_GET, "/script.js", pages_script, 0, NULL},
    {HTTP_GET, "/upload.js", pages_script, 0, NULL},
    {HTTP_GET, "/proof.js", pages_script, 0, NULL},
    {HTTP_POST | HTTP_MAY_BE_SLOW, "/report/files", page_files_post, LIMIT_PATCH, page_files_piece},
    {HTTP_GET, "/report/files", begin_again, 0, NULL},
    {HTTP_GET, "/receipt", page_receipt_begin, 0, NULL},
    {HTTP_POST, "/receipt", page_receipt_post, LIMIT_FORM_BODY, NULL},
    {HTTP_POST | HTTP_MAY_BE_SLOW, "/receipt/files", page_add_post, LIMIT_PATCH, page_add_piece},
    {HTTP_GET, "/receipt/files", begin_again, 0, NULL},
    {HTTP_GET, "/safety", pages_safety, 0, NULL},
    {HTTP_GET, "/about", about_page, 0, NULL},
    {HTTP_GET, "/exit", page_report_leave, 0, NULL}, /* a tab that is opened again says nothing either */
    {HTTP_POST, "/exit", page_report_leave, LIMIT_FORM_BODY, NULL},
    {HTTP_GET, "/api/v1/openapi.json", api_openapi, 0, NULL},
    {HTTP_GET, "/api/v1/about", about_api, 0, NULL},
    {HTTP_POST, "/api/v1/reports", api_reports, LIMIT_REPORT_BODY, NULL},
    {HTTP_POST, "/api/v1/thread", api_thread, LIMIT_API_BODY, NULL},
    {HTTP_POST, "/api/v1/thread/messages", api_messages, LIMIT_REPORT_BODY, NULL},
    {HTTP_POST, "/api/v1/consultations/{round}/submissions", partner_handle, LIMIT_UPLOAD, partner_piece},
    {HTTP_OPTIONS, "/api/v1/uploads", tus_options, 0, NULL},
    {HTTP_POST, "/api/v1/uploads", tus_create, 0, NULL},
    {HTTP_OPTIONS, "/api/v1/uploads/{id}", tus_options, 0, NULL},
    {HTTP_HEAD, "/api/v1/uploads/{id}", tus_look, 0, NULL},
    {HTTP_PATCH | HTTP_MAY_BE_SLOW, "/api/v1/uploads/{id}", tus_patched, LIMIT_PATCH, tus_piece},
    {HTTP_DELETE, "/api/v1/uploads/{id}", tus_end, 0, NULL},
    {0},
};
