/* http_test.h -- what tests may turn on a server that rooms have no business with. */
#ifndef COMMON_HTTP_HTTP_TEST_H
#define COMMON_HTTP_HTTP_TEST_H

#include "common/http/http.h"
#include "common/http/limits.h"

/* Other deadlines for connections and states that begin from now on. */
void http_server_set_deadlines(struct http_server *server, const struct http_deadlines *deadlines);

#endif
