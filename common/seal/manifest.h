/* manifest.h -- the signed list of public keys: which desks exist, to which key each is sealed, who may sign what.
 *
 * A signed note (note.h) named "recourse-root", signed by the office's offline root whose public key is pinned in every
 * room's configuration. A room that has seen version n refuses an older one. Lines:
 *   recourse-manifest 1 / office 1 / version 3 / issued 2026-11-22
 *   desk usual epoch 1 suite 1 key BASE64 last-day 2027-02-21
 *   sign state usual BASE64      sign checkpoint office BASE64      sign gateway sms BASE64   sign door intake BASE64
 *   seal audit office BASE64     (X25519: to whom audit entries are sealed) */
#ifndef COMMON_SEAL_MANIFEST_H
#define COMMON_SEAL_MANIFEST_H

#include "common/base/buf.h"
#include "common/seal/envelope.h"
#include "common/seal/sign.h"

enum { MANIFEST_BYTES_MAX = 64 * 1024, MANIFEST_DESKS_MAX = 64, MANIFEST_KEYS_MAX = 64 };

struct manifest_desk {
    struct envelope_desk desk;
    int64_t last_day; /* wall seconds of the end of the last day of sealing */
};
struct manifest_key {
    char use[17], name[17]; /* "state","usual" */
    uint8_t key[32];
    int seals; /* 1: X25519 line ("seal"), 0: Ed25519 ("sign") */
};
struct manifest {
    uint32_t office, version;
    int64_t issued;
    struct manifest_desk desks[MANIFEST_DESKS_MAX];
    size_t desk_count;
    struct manifest_key keys[MANIFEST_KEYS_MAX];
    size_t key_count;
    char fingerprint[65]; /* hex SHA-256 of the signed text */
};

/* Verify and read. ERR_CRYPTO: not signed by this root; ERR_MALFORMED; ERR_CONFLICT when its version is below
 * `least_version`. */
MUST_CHECK enum err manifest_read(const char *text, size_t len, const uint8_t root_public[static 32],
                                  uint32_t least_version, struct manifest *out);
/* The same from a file; also ERR_NOT_FOUND, ERR_SYSTEM. */
MUST_CHECK enum err manifest_load(const char *path, const uint8_t root_public[static 32], uint32_t least_version,
                                  struct manifest *out);
/* The key to seal to today: the newest epoch of that desk whose last day has not passed. ERR_NOT_FOUND: no such desk;
 * ERR_LOCKED: its keys are past their last day (intake answers 503). */
MUST_CHECK enum err manifest_desk_today(const struct manifest *manifest, const char *code, int64_t now,
                                        const struct envelope_desk **out);
/* ERR_NOT_FOUND. `use` "state", `name` "usual". */
MUST_CHECK enum err manifest_key(const struct manifest *manifest, const char *use, const char *name,
                                 const uint8_t **out);
/* Write it, signed (key ceremonies and tests). */
MUST_CHECK enum err manifest_write(const struct manifest *manifest, const struct sign_key *root, struct buf *out);

#endif
