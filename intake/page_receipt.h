/* page_receipt.h -- coming back: the receipt is typed, the conversation is shown, a message can be added. The receipt
 * travels only in bodies of POST requests. */
#ifndef INTAKE_PAGE_RECEIPT_H
#define INTAKE_PAGE_RECEIPT_H

#include "intake/intake.h"

void page_receipt_begin(struct http_req *req, void *room); /* GET /receipt */
void page_receipt_post(struct http_req *req, void *room);  /* POST /receipt */
/* The same for a form that came in another way (page_add.h); its fields are the request's body. */
void page_receipt_form(struct intake *intake, struct http_req *req, const struct form *form);
/* "There is nothing under this number." */
void page_receipt_unknown(struct intake *intake, struct http_req *req, const char *language);

#endif
