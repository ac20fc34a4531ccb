/* fuzz_box.c -- what is sealed to a public key: boxes (outbox, audit) and the wraps of a case's root keys. Made here,
 * they open; changed, cut or made by the input, they do not. */
#include "common/seal/envelope_open.h"
#include "common/seal/hpke.h"
#include "tests/fuzz/fuzz.h"

static uint8_t private_key[32];
static struct envelope_desk desk = {.office = 1, .epoch = 2, .code = "usual"};
static const uint8_t case_id[16] = {5}, root_key[32] = {6}, receipt_key[32] = {1}, handle[32] = {2};

void fuzz_start(void)
{
    hpke_key_new(private_key, desk.key);
}

static void box_does_not_open(const uint8_t *sealed, size_t len, const char *label)
{
    struct buf out = BUF_INIT(1 << 20);
    need(envelope_open_box(private_key, label, "aad", 3, sealed, len, &out) != ERR_OK && out.len == 0);
    buf_free(&out);
}

static void box(struct fuzz_cuts *cuts, const uint8_t *data, size_t size)
{
    struct buf sealed = BUF_INIT(1 << 20), opened = BUF_INIT(1 << 20);
    need(envelope_box(desk.key, "outbox", "aad", 3, data, size, &sealed) == ERR_OK);
    need(envelope_open_box(private_key, "outbox", "aad", 3, sealed.bytes, sealed.len, &opened) == ERR_OK);
    need(opened.len == size && memcmp(buf_text(&opened), data, size) == 0);
    box_does_not_open(sealed.bytes, sealed.len, "audit");
    box_does_not_open(sealed.bytes, fuzz_draw(cuts, sealed.len), "outbox");
    sealed.bytes[fuzz_draw(cuts, sealed.len)] ^= 1; /* never the bit of the key that X25519 passes over */
    box_does_not_open(sealed.bytes, sealed.len, "outbox");
    box_does_not_open(data, size, "outbox");
    buf_free(&sealed);
    buf_free(&opened);
}

static void wraps(struct fuzz_cuts *cuts, const uint8_t *data, size_t size)
{
    struct envelope_wrap made[2];
    uint8_t got[32];
    need(envelope_wrap_desk(&desk, case_id, ROOT_STAFF, 4, root_key, &made[0]) == ERR_OK);
    need(envelope_wrap_receipt(1, receipt_key, handle, 1, case_id, ROOT_THREAD, 1, root_key, &made[1]) == ERR_OK);
    need(envelope_open_desk_wrap(&desk, private_key, &made[0], got) == ERR_OK && memcmp(got, root_key, 32) == 0);
    need(envelope_unwrap_receipt(1, receipt_key, &made[1], got) == ERR_OK && memcmp(got, root_key, 32) == 0);
    for (int changed = 0; changed < 2; changed++) {
        for (size_t i = 0; i < 2; i++) {
            struct envelope_wrap wrap = made[i];
            if (changed)
                wrap.wrap[fuzz_draw(cuts, wrap.wrap_len)] ^= 1;
            else
                memcpy(wrap.wrap, data, wrap.wrap_len = size < WRAP_MAX ? size : WRAP_MAX);
            need(envelope_open_desk_wrap(&desk, private_key, &wrap, got) != ERR_OK);
            need(envelope_unwrap_receipt(1, receipt_key, &wrap, got) != ERR_OK);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_cuts cuts = fuzz_cuts(data, size);
    box(&cuts, data, size);
    wraps(&cuts, data, size);
    return 0;
}
