/* tus.h -- uploads that survive a broken line: tus 1.0.0, core with creation and termination (https://tus.io).
 *
 *   POST   /api/v1/uploads        Upload-Length, Upload-Metadata (filename, filetype)   201, Location
 *   HEAD   /api/v1/uploads/{id}                                                         Upload-Offset, Upload-Length
 *   PATCH  /api/v1/uploads/{id}   Upload-Offset, application/offset+octet-stream        204, Upload-Offset
 *   DELETE /api/v1/uploads/{id}                                                         204, as long as it was not sent
 *
 * Every request carries Upload-Key, from which id and key of the file come (upload.h); the id alone gives nothing. What
 * came before a line broke is stored, to the byte. */
#ifndef INTAKE_TUS_H
#define INTAKE_TUS_H

#include "common/http/http.h"

void tus_options(struct http_req *req, void *room);
void tus_create(struct http_req *req, void *room);
void tus_look(struct http_req *req, void *room);
enum err tus_piece(struct http_req *req, void *room, const uint8_t *piece, size_t len); /* http_piece_fn */
void tus_patched(struct http_req *req, void *room);
void tus_end(struct http_req *req, void *room);

#endif
