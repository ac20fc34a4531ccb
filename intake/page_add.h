/* page_add.h -- writing more, with a receipt: words, an act (states.h), files. Neighbours: page_receipt.c has read the
 * receipt, add.c stores, form_files.c takes the files. */
#ifndef INTAKE_PAGE_ADD_H
#define INTAKE_PAGE_ADD_H

#include "intake/intake.h"

void page_add_step(struct intake *intake, struct http_req *req, const struct form *form, const struct receipt *receipt);
/* What was typed and sent with the form, for a page that has it again. */
void page_add_put_typed(const struct form *form, json_t *context);
/* POST /receipt/files: the same form, with files. */
enum err page_add_piece(struct http_req *req, void *room, const uint8_t *piece, size_t len); /* http_piece_fn */
void page_add_post(struct http_req *req, void *room);

#endif
