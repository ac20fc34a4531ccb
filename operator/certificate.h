/* certificate.h -- a self-signed certificate, so that an installation speaks TLS from its first minute. */
#ifndef OPERATOR_CERTIFICATE_H
#define OPERATOR_CERTIFICATE_H

#include <openssl/x509.h>
#include <stdint.h>

#include "common/base/buf.h"

enum { CERTIFICATE_DAYS = 397 };

/* P-256, for localhost, 127.0.0.1, ::1 and this machine's name: the certificate and its private key as PEM, appended to
 * two bufs of at least 4 KiB. Stops the process when OpenSSL fails. */
void certificate_make(struct buf *certificate, struct buf *key);
/* The first certificate of a PEM file; X509_free(). ERR_NOT_FOUND, ERR_MALFORMED. */
MUST_CHECK enum err certificate_load(const char *path, X509 **out);
/* When the first certificate of a PEM file ends, as wall seconds. ERR_NOT_FOUND, ERR_MALFORMED. */
MUST_CHECK enum err certificate_ends(const char *path, int64_t *out);
/* Whether it is signed by itself. ERR_NOT_FOUND, ERR_MALFORMED. */
MUST_CHECK enum err certificate_is_own(const char *path, int *out);
/* Whether the private key in the PEM file `key` is the one that the certificate speaks of. ERR_NOT_FOUND, ERR_MALFORMED
 * of either. */
MUST_CHECK enum err certificate_fits(const char *path, const char *key, int *out);

#endif
