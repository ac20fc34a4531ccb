/* ask.c -- see ask.h. */
#include "triage/cleaner/ask.h"

#include <string.h>

#include "common/base/rw.h"

static int is_extension(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!(text[i] >= 'a' && text[i] <= 'z') && !(text[i] >= '0' && text[i] <= '9'))
            return 0;
    return 1;
}

static enum err read_begin(struct rd *r, struct ask *out)
{
    out->size = rd_u64(r);
    uint8_t want = rd_u8(r), len = rd_u8(r);
    if (r->bad || out->size == 0 || (want != ASK_CLEAN && want != ASK_PIXELS) || len > CLEANER_EXTENSION_MAX)
        return ERR_MALFORMED;
    out->want = want;
    rd_raw(r, out->extension, len);
    if (r->bad || !is_extension(out->extension, len))
        return ERR_MALFORMED;
    return rd_end(r);
}

static enum err read_piece(struct rd *r, struct ask *out)
{
    out->bytes = r->at;
    out->len = r->left;
    return out->len > 0 && out->len <= CLEANER_PIECE_MAX ? ERR_OK : ERR_MALFORMED;
}

enum err ask_read(const uint8_t *payload, size_t len, struct ask *out)
{
    memset(out, 0, sizeof *out);
    struct rd r = rd_from(payload, len);
    out->op = (char)rd_u8(&r);
    if (r.bad)
        return ERR_MALFORMED;
    if (out->op == 'B')
        return read_begin(&r, out);
    out->job = rd_u32(&r);
    if (r.bad)
        return ERR_MALFORMED;
    switch (out->op) {
    case 'P':
        return read_piece(&r, out);
    case 'G':
        out->offset = rd_u64(&r);
        return rd_end(&r);
    case 'E':
    case 'X':
        return rd_end(&r);
    default:
        return ERR_MALFORMED;
    }
}
