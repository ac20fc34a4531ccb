/* spool_frame.h -- the bytes of a spool file: a head, then frames, each with its length and checksum.
 *
 *   head    "recourse spool 1\n" (17), 15 random bytes that name the file
 *   frame   "RCFR" (4), payload length (u32), number in the file (u64, from 1), SHA-256 (32), payload
 *
 * The checksum covers the file's name, the frame's number, its length and its payload, so that what another file left
 * on the same blocks is not taken for a frame. What was being written when the machine stopped is the last frame and
 * was never acknowledged: a bad end is torn and is let go. A bad stretch with a good frame behind it is damage to
 * something that was acknowledged, and is counted. */
#ifndef STORE_SPOOL_FRAME_H
#define STORE_SPOOL_FRAME_H

#include "common/base/buf.h"

enum { SPOOL_HEAD = 32, SPOOL_NAME = 15, SPOOL_FRAME_HEAD = 4 + 4 + 8 + 32, SPOOL_PAYLOAD_MAX = 8 * 1024 * 1024 };

void spool_head_write(const uint8_t name[static SPOOL_NAME], uint8_t out[static SPOOL_HEAD]);

/* Begin a frame at the end of `out`; the caller appends the payload; spool_frame_end() fills in what stands before it.
 * `*at` is kept between the two. ERR_TOO_BIG. */
MUST_CHECK enum err spool_frame_begin(struct buf *out, size_t *at);
void spool_frame_end(struct buf *out, size_t at, const uint8_t name[static SPOOL_NAME], uint64_t number);

/* Reading a whole file. Zero it, set bytes and len, and call spool_frames_next() until it gives 0. */
struct spool_frames {
    const uint8_t *bytes;
    size_t len, at;
    const uint8_t *payload; /* borrowed from bytes */
    size_t payload_len;
    unsigned damaged; /* bad stretches that had a good frame behind them */
    int torn;         /* the end is bad */
};
int spool_frames_next(struct spool_frames *frames);

#endif
