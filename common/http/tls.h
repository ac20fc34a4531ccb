/* tls.h -- TLS 1.2 and 1.3 as Mozilla "intermediate" says (tests/vectors/tls/mozilla-server-side-tls-6.0.json). */
#ifndef COMMON_HTTP_TLS_H
#define COMMON_HTTP_TLS_H

#include <openssl/ssl.h>

#include "common/base/err.h"

/* A server context from PEM files (certificate chain, private key). No tickets, no session cache (both would link the
 * visits of one person), no renegotiation, plaintext cleansed. ERR_NOT_FOUND, ERR_CRYPTO with one log line. */
MUST_CHECK enum err tls_server_new(const char *certificate_path, const char *key_path, SSL_CTX **out);

struct http_server;
/* On SIGHUP: read the files again, let new connections come under them, and free the old *ctx; connections that run
 * keep theirs. On an error (as above) everything stays as it was. */
MUST_CHECK enum err tls_server_reload(struct http_server *server, const char *certificate_path, const char *key_path,
                                      SSL_CTX **ctx);

#endif
