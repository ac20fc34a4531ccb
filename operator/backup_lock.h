/* backup_lock.h -- what a backup is locked with: the head of its file, and from it the key of its stream. Pure.
 *
 * Rows are locked to the backup key: HPKE in its authenticated mode, so that the file opens with the private key that
 * is kept away from the machine, and only if this machine wrote it. Nothing that stays on the machine opens it. Keys
 * are locked under a passphrase (Argon2id, as desk keys). docs/backup.md shows the bytes. */
#ifndef OPERATOR_BACKUP_LOCK_H
#define OPERATOR_BACKUP_LOCK_H

#include "common/base/buf.h"
#include "common/seal/stream.h"

enum backup_form { BACKUP_ROWS = 1, BACKUP_KEYS = 2 };
enum { BACKUP_HEAD_MAX = 64, BACKUP_KEY_ID = 8, BACKUP_KEY_TEXT_MAX = 256 };

/* What is kept away from the machine. */
struct backup_key {
    uint8_t open[32]; /* X25519, private: opens backups */
    uint8_t from[32]; /* X25519, public: of the machine that writes them */
};

/* Append a new head to `head` (empty, at least BACKUP_HEAD_MAX) and give its stream's key, which the caller wipes.
 * ERR_CRYPTO: not a public key. */
MUST_CHECK enum err backup_lock_rows(const uint8_t open_public[static 32], const uint8_t from_private[static 32],
                                     struct buf *head, uint8_t key[static STREAM_KEY]);
MUST_CHECK enum err backup_lock_keys(const char *passphrase, size_t len, struct buf *head,
                                     uint8_t key[static STREAM_KEY]);

/* How long the head is that begins with these bytes, and what it locks. ERR_MALFORMED: no backup, or of a later
 * version. `len` at least BACKUP_HEAD_MAX, or all that there is. */
MUST_CHECK enum err backup_head_read(const void *bytes, size_t len, size_t *head_len, enum backup_form *form);
/* The stream's key. A wrong one is found by the stream's first piece, but for rows that are locked to another backup
 * key: ERR_DENIED. ERR_MALFORMED: the head is not of that form, or asks for more than is believed. */
MUST_CHECK enum err backup_unlock_rows(const struct backup_key *with, const void *head, size_t len,
                                       uint8_t key[static STREAM_KEY]);
MUST_CHECK enum err backup_unlock_keys(const char *passphrase, size_t passphrase_len, const void *head, size_t len,
                                       uint8_t key[static STREAM_KEY]);

/* The kept key as the text of its file: "recourse-backup-key 1", "open HEX", "from HEX". */
void backup_key_write(const struct backup_key *key, struct buf *out);
MUST_CHECK enum err backup_key_read(const char *text, size_t len, struct backup_key *out); /* ERR_MALFORMED */

#endif
