/* cms.h -- sealing a referral for another mechanism: CMS (RFC 5652) to the receiver's certificate, authenticated
 * (AuthEnvelopedData, RFC 5083, with AES-256-GCM, RFC 5084), so that nobody on the way can read or change it. The
 * receiver opens it with common tools: openssl cms -decrypt. */
#ifndef TRIAGE_VAULT_CMS_H
#define TRIAGE_VAULT_CMS_H

#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/err.h"

enum { CMS_CERTIFICATE_MAX = 16 * 1024, CMS_CONTENT_MAX = 8 << 20 };

/* What somebody who adds a receiver wants to see of its certificate before trusting it. */
struct cms_certificate {
    char sha256[65]; /* of the DER, in hex: to be compared by telephone */
    int64_t until;   /* wall seconds; it cannot be sealed to afterwards */
};

/* One PEM certificate. ERR_MALFORMED: it is none, or more than one; ERR_TOO_BIG; ERR_CRYPTO: its key is too weak (RSA
 * under 2048 bits), or nothing can be sealed to it (RSA and elliptic curves can); ERR_LOCKED: its time is over or has
 * not come. */
MUST_CHECK enum err cms_read(const char *pem, size_t len, int64_t now, struct cms_certificate *out);
/* DER of `content` sealed to it. Appends to `out`; on error it is as it was. Errors as above. */
MUST_CHECK enum err cms_seal(const char *pem, size_t len, int64_t now, const void *content, size_t content_len,
                             struct buf *out);

#endif
