/* page_receipt.h -- coming back: the receipt is typed, the conversation is shown, a message can be added. The receipt
 * travels only in bodies of POST requests. */
#ifndef INTAKE_PAGE_RECEIPT_H
#define INTAKE_PAGE_RECEIPT_H

#include "common/http/http.h"

void page_receipt_begin(struct http_req *req, void *room); /* GET /receipt */
void page_receipt_post(struct http_req *req, void *room);  /* POST /receipt */

#endif
