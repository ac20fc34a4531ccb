/* envelope_open_box.c -- boxes, see envelope_open.h. A file of its own, so that the gateway, which opens boxes with its
 * outbox key, does not link what unwraps a desk's keys. */
#include "common/seal/envelope_open.h"

#include "common/base/mem.h"
#include "common/seal/envelope_inside.h"
#include "common/seal/hpke_open.h"

enum err envelope_open_box(const uint8_t private_key[static 32], const char *label, const void *aad, size_t aad_len,
                           const uint8_t *sealed, size_t len, struct buf *out)
{
    if (len < BOX_HEAD + ENVELOPE_BOX_LEAST + HPKE_TAG || sealed[0] != ENVELOPE_FORMAT || sealed[1] != ENVELOPE_SUITE)
        return ERR_MALFORMED;
    uint8_t info[BOX_INFO_MAX];
    struct hpke_params params = envelope_box_params(label, info);
    struct hpke_context context;
    enum err err = hpke_open_setup(&params, sealed + 2, private_key, NULL, &context);
    if (err != ERR_OK)
        return err;
    size_t text_len, padded = len - BOX_HEAD - HPKE_TAG;
    uint8_t *inside = mem_new(padded);
    err = hpke_open(&context, aad, aad_len, sealed + BOX_HEAD, len - BOX_HEAD, inside);
    hpke_wipe(&context);
    if (err == ERR_OK)
        err = envelope_unpad(inside, padded, ENVELOPE_BOX_LEAST, &text_len);
    if (err == ERR_OK)
        err = buf_add(out, inside + 4, text_len);
    mem_free(inside);
    return err;
}
