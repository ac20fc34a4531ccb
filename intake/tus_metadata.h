/* tus_metadata.h -- the header Upload-Metadata of tus: what a client says about a file, as pairs of a key and a value
 * in base64, with commas between. Pure. */
#ifndef INTAKE_TUS_METADATA_H
#define INTAKE_TUS_METADATA_H

#include "common/base/buf.h"

/* Appends the value of the first pair with this key to `out`, decoded; nothing where there is none, or where it is no
 * base64 or has no room. `header` may be NULL. */
void tus_metadata(const char *header, const char *key, struct buf *out);

#endif
