/* audit_note.h -- checkpoints of the audit log: C2SP tlog-checkpoint notes, read and checked. Pure.
 *
 * Text of a note: the log's name, the size in decimal, the root in base64, each on a line; more lines may follow. */
#ifndef OPERATOR_AUDIT_NOTE_H
#define OPERATOR_AUDIT_NOTE_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"

enum { AUDIT_NOTE_MAX = 16 * 1024, AUDIT_ORIGIN_MAX = 121 };

struct audit_note {
    char origin[AUDIT_ORIGIN_MAX]; /* the log's name, which is also the signer's */
    uint64_t size;
    uint8_t root[32];
    char day[11]; /* of its line "time 2026-11-22T..."; "" without one */
};

/* Read a note and check its signature by the log it names, under `public_key`. ERR_MALFORMED: of another form;
 * ERR_NOT_FOUND: not signed by that key; ERR_CRYPTO: the signature is wrong. */
MUST_CHECK enum err audit_note_read(const char *note, size_t len, const uint8_t public_key[static 32],
                                    struct audit_note *out);
/* The next note of a file that holds one behind the other, empty lines between them or not: *out begins at `*at`, which
 * moves behind it. ERR_NOT_FOUND: there is none any more; ERR_MALFORMED: what is left is no note. */
MUST_CHECK enum err audit_note_next(const char *file, size_t len, size_t *at, const char **out, size_t *out_len);

#endif
