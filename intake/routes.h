/* routes.h -- every address of the public door, in one table. */
#ifndef INTAKE_ROUTES_H
#define INTAKE_ROUTES_H

#include "common/http/http.h"

extern const struct http_route intake_routes[];

#endif
