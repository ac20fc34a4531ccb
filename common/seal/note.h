/* note.h -- C2SP signed notes: text, an empty line, lines of "— name base64(key id ‖ signature)". */
#ifndef COMMON_SEAL_NOTE_H
#define COMMON_SEAL_NOTE_H

#include "common/base/buf.h"
#include "common/seal/sign.h"

/* `text` ends with a newline. Appends text, blank line and one signature line to `out`. */
MUST_CHECK enum err note_sign(const char *name, const struct sign_key *key, const char *text, struct buf *out);
/* Verify the signature of `name` under `public_key`; *out_text_len tells how much of `note` is the signed text.
 * ERR_MALFORMED, ERR_NOT_FOUND (no line of that name and key), ERR_CRYPTO. Other signers' lines are passed over. */
MUST_CHECK enum err note_check(const char *note, size_t len, const char *name, const uint8_t public_key[static 32],
                               size_t *out_text_len);

#endif
