/* partner.h -- POST /api/v1/consultations/{round}/submissions: one submission as JSON, or up to 10,000 as NDJSON with
 * one verdict a line. The body is read as it comes; at most LIMIT_LINES_ON_THE_WAY of its lines wait for the store. */
#ifndef INTAKE_PARTNER_H
#define INTAKE_PARTNER_H

#include "common/http/http.h"

enum err partner_piece(struct http_req *req, void *room, const uint8_t *piece, size_t len); /* http_piece_fn */
void partner_handle(struct http_req *req, void *room);

#endif
