/* ceremony.h -- the key ceremonies: the office's root, the desks' keys, and the manifest that tells the public halves.
 *
 * Secrets go into files of one owner and never anywhere else. The manifest is written last: what it does not name yet,
 * nothing was sealed to, so that an interrupted ceremony is simply held again. One is held at a time. */
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
 * root seed must be in offline/ again. Dies with a sentence. */
void ceremony_add_desk(const struct house *house, const char *code, const struct buf *passphrase);
/* What a renewal carries from its first half to its second. Holds the root's seed until then. */
struct ceremony_renewal {
    struct manifest manifest;
    uint8_t root_seed[32];
    struct {
        char code[HOUSE_NAME];
        uint32_t epoch; /* the new one */
    } desks[HOUSE_NAMED_MAX];
    size_t desk_count;
    int lock;
};

/* First half: an epoch more in the key file of `only`, or of every desk when it is NULL. Epochs of before stay, and so
 * do owner, mode and passphrase; an epoch that an interrupted renewal left there is taken up. `root_path` NULL:
 * offline/root.seed. Fills `out`. Dies with a sentence, before anything is changed when it is the root's seed, the
 * passphrase or the room for one more that is missing. */
void ceremony_renew_keys(const struct house *house, const char *only, const char *root_path,
                         const struct buf *passphrase, struct ceremony_renewal *out);
/* Second half: a manifest that offers the new epochs for CEREMONY_EPOCH_DAYS. Wipes the seed. */
void ceremony_renew_manifest(const struct house *house, struct ceremony_renewal *renewal);

/* No ceremony is held until this process ends: a backup's manifest and rows belong together. Dies with a sentence when
 * one is being held. */
void ceremony_keep_still(const struct house *house);

#endif
