/* house_public.h -- what everybody may read of the office's keys, below keys/: public halves and the manifest.
 *
 * The ceremonies (ceremony.h) write it; commands read it. Nothing here sees a secret. */
#ifndef OPERATOR_HOUSE_PUBLIC_H
#define OPERATOR_HOUSE_PUBLIC_H

#include "common/seal/manifest.h"
#include "operator/house.h"

/* The public half of a key as a line of base64, below the house: "keys/root.public". Dies with a sentence. */
void house_public_write(const struct house *house, const char *name, const uint8_t key[static 32]);
/* The root's public half from keys/root.public. Dies with a sentence. */
void house_public_root(const struct house *house, uint8_t out[static 32]);
/* The manifest, verified under the root. Dies with a sentence. */
void house_public_manifest(const struct house *house, struct manifest *out);

#endif
