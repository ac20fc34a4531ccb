/* fuzz_keys.c -- any message to the process that holds the private keys (triage/keys/room.h): one result; an answer
 * only with OK; the secrets once for each connection and by no other way; nothing for a wrap that nobody sealed. */
#include "common/seal/envelope.h"
#include "common/seal/hpke.h"
#include "tests/fuzz/fuzz.h"
#include "triage/keys/keyfile.h"
#include "triage/keys/room.h"

static struct keys_room *room;
static struct keyfile keys = {.office = 1, .desk = "usual", .epoch_count = 1};

void fuzz_start(void)
{
    struct buf file = BUF_INIT(KEYFILE_BYTES_MAX);
    uint8_t public_key[32];
    keys.epochs[0].epoch = 7;
    hpke_key_new(keys.epochs[0].private_key, public_key);
    memset(keys.state_seed, 0x51, 32);
    memset(keys.record_key, 0x52, 32);
    memset(keys.register_key, 0x53, 32);
    const char *path = fuzz_file("desk.key", NULL, 0);
    need(keyfile_write(path, &keys, NULL, 0) == ERR_OK && keyfile_read(path, &file) == ERR_OK);
    room = keys_room_new(loop_new(), "usual", 1, &file);
}

static int has_a_secret(const struct buf *out)
{
    return fuzz_has(out, keys.state_seed, 32) || fuzz_has(out, keys.record_key, 32) ||
           fuzz_has(out, keys.register_key, 32) || fuzz_has(out, keys.epochs[0].private_key, 32);
}

/* Nobody sealed these wraps, so none opens, and nothing but zeroes is given. */
static void nothing_is_unwrapped(const struct buf *out)
{
    for (size_t i = 3; i < out->len; i++)
        need(out->bytes[i] == 0);
    need(out->len >= 3 && (out->len - 3) % 33 == 0 &&
         (out->len - 3) / 33 == (size_t)(out->bytes[1] << 8 | out->bytes[2]));
}

/* On a connection that was given the secrets already, or not yet. */
static void ask(const uint8_t *data, size_t size, int had)
{
    uint8_t op = size ? data[0] : 0;
    int has_secrets = had;
    struct buf out = BUF_INIT(KEYS_PAYLOAD_MAX);
    keys_room_answer(room, &has_secrets, data, size, &out);
    need(out.len >= 1 && out.bytes[0] <= KEYS_MALFORMED && (out.bytes[0] == KEYS_OK || out.len == 1));
    int given = op == KEYS_SECRETS && out.bytes[0] == KEYS_OK;
    need(given == has_a_secret(&out) && (!given || (!had && size == 1)));
    need(has_secrets == (had || given));
    if (op == KEYS_UNWRAP && out.bytes[0] == KEYS_OK)
        nothing_is_unwrapped(&out);
    need(op != KEYS_SECRETS || size != 1 || given == !had);
    buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ask(data, size, 0);
    ask(data, size, 1);
    return 0;
}
