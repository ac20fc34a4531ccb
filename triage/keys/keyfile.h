/* keyfile.h -- a desk's private keys as one file: clear (demonstration mode) or under a passphrase.
 *
 * Owned by the keys room; written by the operator's key ceremonies. Linked only into recourse-keys and recourse
 * (tests/tools/check_symbols.sh). Reading the file and opening it are two steps, because recourse-keys reads the bytes
 * before its sandbox closes the file system and is told the passphrase long after.
 *
 * Form (rw.h): "recourse-keyfile", u8 version 1, u8 form. Form 0 (clear): the keys. Form 1: u32 KiB of memory, u32
 * passes, 16 bytes salt, then the keys sealed with AES-256-GCM by envelope_seal() under Argon2id of the passphrase.
 * The keys: u32 office, bytes desk, u8 count, count times (u32 epoch, 32 private key), 32 state seed, 32 record key,
 * 32 register key, u8 has_checkpoint, 32 checkpoint seed (zeroes when there is none). */
#ifndef TRIAGE_KEYS_KEYFILE_H
#define TRIAGE_KEYS_KEYFILE_H

#include "common/base/buf.h"

/* Ten years of quarters: an epoch is needed for as long as a case that was sealed to it is kept. */
enum { KEYFILE_EPOCHS_MAX = 40, KEYFILE_BYTES_MAX = 4096, KEYFILE_PASSPHRASE_MAX = 1024 };

struct keyfile_epoch {
    uint32_t epoch;
    uint8_t private_key[32]; /* X25519 */
};

struct keyfile {
    uint32_t office;
    char desk[17];                                   /* "usual" */
    struct keyfile_epoch epochs[KEYFILE_EPOCHS_MAX]; /* newest first; at least one */
    size_t epoch_count;
    uint8_t state_seed[32];   /* Ed25519: the desk's signature over states and answers */
    uint8_t record_key[32];   /* AES-256: staff, grants and tokens of this desk */
    uint8_t register_key[32]; /* AES-256: the office's register of impacts, the same for all its desks */
    int has_checkpoint;       /* 1: the next is set (the desk whose vault runs the sequencer) */
    uint8_t checkpoint_seed[32];
};

/* Append the file's bytes to `out` (maximum at least KEYFILE_BYTES_MAX). ERR_NOT_FOUND, ERR_SYSTEM, ERR_TOO_BIG;
 * ERR_DENIED: others than the owner may read or write it. */
MUST_CHECK enum err keyfile_read(const char *path, struct buf *out);
/* 1: needs a passphrase; 0: clear, or not a key file at all (keyfile_open tells). */
int keyfile_is_locked(const void *bytes, size_t len);
/* Fill `out` from the file's bytes. `passphrase` may be NULL for a clear file and is ignored there. ERR_LOCKED: it is
 * needed and NULL; ERR_DENIED: it is the wrong one, or the file was changed; ERR_MALFORMED. On error `out` is wiped.
 * Takes about a quarter of a second and 64 MiB with a passphrase; no thread is made and no file opened. */
MUST_CHECK enum err keyfile_open(const void *bytes, size_t len, const char *passphrase, size_t passphrase_len,
                                 struct keyfile *out);
/* The private key of an epoch, borrowed; NULL when it is not there. */
const uint8_t *keyfile_epoch(const struct keyfile *keys, uint32_t epoch);
void keyfile_wipe(struct keyfile *keys);

/* Write `path`, mode 0600 (file_write_secret). `passphrase` NULL: clear. ERR_TOO_BIG: passphrase or epochs over their
 * limit; ERR_SYSTEM. */
MUST_CHECK enum err keyfile_write(const char *path, const struct keyfile *keys, const char *passphrase,
                                  size_t passphrase_len);

/* ---- the passphrase's key, for this and for the operator's backup of keys ---- */

/* What it costs to try one passphrase. Stands in clear beside what is sealed. */
struct keyfile_cost {
    uint32_t memory_kib, passes;
    uint8_t salt[16];
};
/* What is used for something new, with a random salt. */
void keyfile_cost_new(struct keyfile_cost *out);
/* Argon2id in one lane. ERR_MALFORMED: a cost that is not believed, because it would only exhaust memory; ERR_TOO_BIG:
 * a passphrase over KEYFILE_PASSPHRASE_MAX. The caller wipes `key`. */
MUST_CHECK enum err keyfile_stretch(const struct keyfile_cost *cost, const char *passphrase, size_t len,
                                    uint8_t key[static 32]);

#endif
