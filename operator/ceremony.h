/* ceremony.h -- the key ceremonies: the office's root, the desks' keys, and the manifest that tells the public halves.
 *
 * Secrets go into files of one owner and never anywhere else. The manifest is written last: an installation without it
 * has sealed nothing yet, so that an interrupted ceremony is simply held again. */
#ifndef OPERATOR_CEREMONY_H
#define OPERATOR_CEREMONY_H

#include "common/base/buf.h"
#include "common/seal/manifest.h"
#include "operator/house.h"

/* A desk's epoch is sealed to for a quarter of a year. */
enum { CEREMONY_EPOCH_DAYS = 92 };

/* Hold the first ceremony for all desks of the house; does nothing when there is a manifest. `passphrase` locks the key
 * files; NULL: they stay clear. Dies with a sentence. */
void ceremony_first(const struct house *house, const struct buf *passphrase);
/* One desk more: its key file and a new manifest. `passphrase` opens the other desks' files and locks the new one. The
 * root seed must be in keys/ again. Dies with a sentence. */
void ceremony_add_desk(const struct house *house, const char *code, const struct buf *passphrase);
/* The root's public half from keys/root.public, and the manifest verified under it. Dies with a sentence. */
void ceremony_root_public(const struct house *house, uint8_t out[static 32]);
void ceremony_manifest(const struct house *house, struct manifest *out);

#endif
