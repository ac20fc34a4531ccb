/* file_head.h -- what is told about a file, sealed under the file's own key (docs/evidence.md). Pure. Neighbours:
 * upload.c writes it with each piece, evidence.c reads it when the report that names the file is sent. */
#ifndef INTAKE_FILE_HEAD_H
#define INTAKE_FILE_HEAD_H

#include "common/seal/piece.h"

enum { UPLOAD_NAME = 256, UPLOAD_TYPE = 101 };

struct file_head {
    char name[UPLOAD_NAME], type[UPLOAD_TYPE]; /* as the sender said them */
    int64_t size, got;                         /* size -1: not known yet; got: so much has come */
};

/* What a sender said, as a head can hold it: at most `size` - 1 bytes of whole characters, without controls; what
 * stands behind a byte that is no text is left out. `text` may be NULL. */
void file_head_text(const char *text, size_t len, char *out, size_t size);
/* Appended to `out`. Name and type are of file_head_text(). */
MUST_CHECK enum err file_head_seal(const uint8_t key[static PIECE_KEY], const uint8_t id[static PIECE_ID],
                                   uint32_t office, const struct file_head *head, struct buf *out);
/* ERR_CRYPTO, ERR_MALFORMED; `out` is then as it was. */
MUST_CHECK enum err file_head_open(const uint8_t key[static PIECE_KEY], const uint8_t id[static PIECE_ID],
                                   uint32_t office, const uint8_t *sealed, size_t len, struct file_head *out);

#endif
