/* rw.h -- write and read binary messages: big-endian numbers, length-prefixed bytes, a cursor that must reach the end.
 *
 * Reading never fails half way: the first fault sets `bad`, later reads give zeroes, and rd_end() says whether all of
 * it was well formed and nothing was left over. */
#ifndef COMMON_BASE_RW_H
#define COMMON_BASE_RW_H

#include "common/base/buf.h"

struct rd {
    const uint8_t *at;
    size_t left;
    int bad;
};

struct rd rd_from(const void *bytes, size_t len);
uint8_t rd_u8(struct rd *r);
uint16_t rd_u16(struct rd *r);
uint32_t rd_u32(struct rd *r);
uint64_t rd_u64(struct rd *r);
/* Exactly `len` raw bytes copied to `out` (zeroes on a fault). */
void rd_raw(struct rd *r, void *out, size_t len);
/* u32 length, then bytes, at most `max`; *out borrows from the message. NULL and 0 on a fault. */
const uint8_t *rd_bytes(struct rd *r, size_t max, size_t *out_len);
/* ERR_OK only when every read was good and nothing is left. */
MUST_CHECK enum err rd_end(const struct rd *r);

/* Writers append; ERR_TOO_BIG is remembered by the caller by or-ing results: see wr_* users. */
MUST_CHECK enum err wr_u8(struct buf *b, uint8_t v);
MUST_CHECK enum err wr_u16(struct buf *b, uint16_t v);
MUST_CHECK enum err wr_u32(struct buf *b, uint32_t v);
MUST_CHECK enum err wr_u64(struct buf *b, uint64_t v);
MUST_CHECK enum err wr_bytes(struct buf *b, const void *from, size_t len);

/* Fixed-size forms for associated data and the like; they return the place behind what they wrote. */
uint8_t *put_u8(uint8_t *at, uint8_t v);
uint8_t *put_u16(uint8_t *at, uint16_t v);
uint8_t *put_u32(uint8_t *at, uint32_t v);
uint8_t *put_u64(uint8_t *at, uint64_t v);
uint8_t *put_raw(uint8_t *at, const void *from, size_t len);

#endif
