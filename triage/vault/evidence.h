/* evidence.h -- files that came with a message: which the message names, and what may be shown of their heads
 * (docs/evidence.md).
 *
 * Pure. A stranger chose every byte: an id or key of another form is passed over, and of a name stays what can be shown
 * on a line without harm. */
#ifndef TRIAGE_VAULT_EVIDENCE_H
#define TRIAGE_VAULT_EVIDENCE_H

#include <jansson.h>

#include "common/seal/piece.h"
#include "common/text/file_name.h"

enum {
    EVIDENCE_FILES_MAX = 20, /* of one message */
    EVIDENCE_TYPE_SIZE = 81,
    EVIDENCE_EXTENSION_SIZE = 9,
};

struct evidence_file {
    uint8_t id[PIECE_ID], key[PIECE_KEY];
};

/* Those that the inside of a message names, each once, at most `max`; how many. The caller wipes `out`. */
size_t evidence_files(const json_t *inside, struct evidence_file *out, size_t max);

/* What its sender said of a file, fit to be shown. */
struct evidence_head {
    char name[FILE_NAME_SIZE];               /* as it may be shown */
    char type[EVIDENCE_TYPE_SIZE];           /* "image/jpeg"; "" where it is of another form */
    char extension[EVIDENCE_EXTENSION_SIZE]; /* of the name: lower-case letters and digits; "" without one */
    int64_t size;                            /* as far as it is known; -1: it is not */
};
/* Out of its seal. ERR_CRYPTO, ERR_MALFORMED. */
MUST_CHECK enum err evidence_head_open(const struct evidence_file *file, uint32_t office, const uint8_t *sealed,
                                       size_t len, struct evidence_head *out);

/* The name under which a file leaves: "file-3.jpg". Only what is known to be no program keeps its extension, by its
 * type where that is known (else "" or NULL); everything else is "bin". */
enum { EVIDENCE_LEAVES_SIZE = 32 };
void evidence_leaves(size_t number, const char *type, const char *extension, char out[static EVIDENCE_LEAVES_SIZE]);

#endif
