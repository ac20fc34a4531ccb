/* page_files.h -- the step of the report form that takes files, with scripts off: POST /report/files as a browser sends
 * it. The files are uploads of their own; the draft keeps which they are (file_list.h). Scripts use tus.h instead and
 * name what they have sent in the field "uploaded". */
#ifndef INTAKE_PAGE_FILES_H
#define INTAKE_PAGE_FILES_H

#include "common/http/http.h"

enum err page_files_piece(struct http_req *req, void *room, const uint8_t *piece, size_t len); /* http_piece_fn */
void page_files_post(struct http_req *req, void *room);

#endif
