/* spool_frame.c -- see spool_frame.h. */
#include "store/spool_frame.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/base/rw.h"
#include "common/seal/sign.h"

static const char head_text[] = "recourse spool 1\n";
static const char frame_mark[] = {'R', 'C', 'F', 'R'};
enum { MARK = sizeof frame_mark, TEXT = sizeof head_text - 1, SUM = 32, BEFORE_SUM = MARK + 4 + 8 };
_Static_assert(TEXT + SPOOL_NAME == SPOOL_HEAD, "the head's parts");

void spool_head_write(const uint8_t name[static SPOOL_NAME], uint8_t out[static SPOOL_HEAD])
{
    put_raw(put_raw(out, head_text, TEXT), name, SPOOL_NAME);
}

/* Over the name, then length, number and payload as they stand in the file. */
static void frame_sum(const uint8_t *name, const uint8_t *frame, size_t payload_len, uint8_t out[static SUM])
{
    uint8_t parts[SPOOL_NAME + 4 + 8 + SUM];
    uint8_t *at = put_raw(put_raw(parts, name, SPOOL_NAME), frame + MARK, 4 + 8);
    sign_sha256(frame + SPOOL_FRAME_HEAD, payload_len, at);
    sign_sha256(parts, sizeof parts, out);
}

enum err spool_frame_begin(struct buf *out, size_t *at)
{
    uint8_t *head;
    *at = out->len;
    return buf_extend(out, SPOOL_FRAME_HEAD, &head);
}

void spool_frame_end(struct buf *out, size_t at, const uint8_t name[static SPOOL_NAME], uint64_t number)
{
    size_t payload_len = out->len - at - SPOOL_FRAME_HEAD;
    uint8_t *frame = out->bytes + at;
    need(payload_len <= SPOOL_PAYLOAD_MAX);
    put_u64(put_u32(put_raw(frame, frame_mark, MARK), (uint32_t)payload_len), number);
    frame_sum(name, frame, payload_len, frame + BEFORE_SUM);
}

/* Is there a good frame at `at`? */
static int frame_is_good(const struct spool_frames *frames, size_t at, size_t *payload_len)
{
    const uint8_t *frame = frames->bytes + at;
    uint8_t sum[SUM];
    if (frames->len - at < SPOOL_FRAME_HEAD || memcmp(frame, frame_mark, MARK) != 0)
        return 0;
    struct rd r = rd_from(frame + MARK, 4);
    *payload_len = rd_u32(&r);
    if (*payload_len > SPOOL_PAYLOAD_MAX || *payload_len > frames->len - at - SPOOL_FRAME_HEAD)
        return 0;
    frame_sum(frames->bytes + TEXT, frame, *payload_len, sum);
    return memcmp(sum, frame + BEFORE_SUM, SUM) == 0;
}

static int frames_begin(struct spool_frames *frames)
{
    if (frames->len >= SPOOL_HEAD && memcmp(frames->bytes, head_text, TEXT) == 0) {
        frames->at = SPOOL_HEAD;
        return 1;
    }
    /* Made, but never acknowledged from: the head is written and synced before the first frame counts. */
    frames->torn = frames->len > 0;
    frames->at = frames->len;
    return 0;
}

int spool_frames_next(struct spool_frames *frames)
{
    size_t payload_len = 0;
    if (frames->at == 0 && !frames_begin(frames))
        return 0;
    size_t at = frames->at;
    while (at < frames->len && !frame_is_good(frames, at, &payload_len))
        at++;
    int good = at<frames->len, skipped = at> frames->at;
    frames->damaged += good && skipped;
    frames->torn |= !good && skipped;
    frames->payload = good ? frames->bytes + at + SPOOL_FRAME_HEAD : NULL;
    frames->payload_len = good ? payload_len : 0;
    frames->at = good ? at + SPOOL_FRAME_HEAD + payload_len : frames->len;
    return good;
}
