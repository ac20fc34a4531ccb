/* ask.h -- what a vault asks of its cleaner, read from one frame (docs/cleaner.md, "Frames").
 *
 * Pure: bytes in, a struct out; what may follow what is room.c's. */
#ifndef TRIAGE_CLEANER_ASK_H
#define TRIAGE_CLEANER_ASK_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"

enum { CLEANER_PAYLOAD_MAX = 512 * 1024, CLEANER_PIECE_MAX = 256 * 1024, CLEANER_EXTENSION_MAX = 8 };
enum { CLEANER_BYTES_FOLLOW = 1 }; /* first byte of the answer to 'G' */
enum ask_want { ASK_CLEAN = 1, ASK_PIXELS = 2 };

struct ask {
    char op;                                   /* 'B' begin, 'P' piece, 'E' end, 'G' get, 'X' drop */
    uint32_t job;                              /* all but 'B' */
    uint64_t size;                             /* 'B': at least 1 */
    enum ask_want want;                        /* 'B' */
    char extension[CLEANER_EXTENSION_MAX + 1]; /* 'B': lower-case ASCII letters and digits, or "" */
    uint64_t offset;                           /* 'G' */
    const uint8_t *bytes;                      /* 'P': borrowed from the payload, 1 to CLEANER_PIECE_MAX */
    size_t len;
};

/* ERR_MALFORMED: not one of these, or anything behind it. */
MUST_CHECK enum err ask_read(const uint8_t *payload, size_t len, struct ask *out);

#endif
