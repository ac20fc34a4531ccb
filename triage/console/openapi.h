/* openapi.h -- the API for staff's programs as an OpenAPI 3.1 document, made from the tables that serve it: addresses
 * and roles from routes.h, parameters and bodies from the field tables, kinds of problems from refuse.c.
 *
 * What cannot be read out of a table, the shape of each answer, stands in pages/openapi.json by hand; flow tests hold
 * real answers against it. */
#ifndef TRIAGE_CONSOLE_OPENAPI_H
#define TRIAGE_CONSOLE_OPENAPI_H

#include <jansson.h>

#include "common/base/buf.h"
#include "common/base/err.h"
#include "common/text/says.h"

enum { OPENAPI_MAX = 512 * 1024 };

/* The whole document, appended to `out`; `pages` is the folder of openapi.json. Errors of file_read();
 * ERR_MALFORMED when it is no JSON object, or an operation of the table is not described there. Then `says` holds a
 * sentence. */
MUST_CHECK enum err openapi_write(const char *pages, struct buf *out, char says[static SAYS_SIZE]);

#endif
