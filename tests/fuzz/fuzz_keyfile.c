/* fuzz_keyfile.c -- any file taken for a desk's keys (triage/keys/keyfile.h): refused and wiped, or keys that written
 * out are the same file. */
#include "common/base/rw.h"
#include "tests/fuzz/fuzz.h"
#include "triage/keys/keyfile.h"

/* Passphrases cost what they should; here only the cheapest are tried. */
static int is_cheap(const uint8_t *data, size_t size)
{
    struct rd r = rd_from(data, size);
    uint8_t head[18];
    rd_raw(&r, head, sizeof head);
    uint32_t memory_kib = rd_u32(&r), passes = rd_u32(&r);
    return memory_kib <= 64 && passes <= 1;
}

/* Every byte, and not only the members: no key may stay between them. */
static int is_wiped(const void *memory, size_t len)
{
    const uint8_t *bytes = memory;
    size_t i = 0;
    while (i < len && bytes[i] == 0)
        i++;
    return i == len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct keyfile keys;
    struct buf written = BUF_INIT(KEYFILE_BYTES_MAX);
    int locked = keyfile_is_locked(data, size);
    if (locked && !is_cheap(data, size))
        return 0;
    need(!locked || keyfile_open(data, size, NULL, 0, &keys) != ERR_OK);
    if (keyfile_open(data, size, "passphrase", 10, &keys) != ERR_OK) {
        need(is_wiped(&keys, sizeof keys));
        return 0;
    }
    need(keys.epoch_count >= 1 && keys.epoch_count <= KEYFILE_EPOCHS_MAX && *keys.desk && strlen(keys.desk) < 17);
    need(keyfile_epoch(&keys, keys.epochs[0].epoch) == keys.epochs[0].private_key);
    const char *path = fuzz_file("desk.key", NULL, 0);
    need(keyfile_write(path, &keys, NULL, 0) == ERR_OK && keyfile_read(path, &written) == ERR_OK);
    need(locked || (written.len == size && memcmp(written.bytes, data, size) == 0));
    buf_free(&written);
    return 0;
}
