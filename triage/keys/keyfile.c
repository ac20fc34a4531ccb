/* keyfile.c -- see keyfile.h. The passphrase becomes a key by Argon2id, in one lane so that no thread is needed inside
 * the sandbox; the envelope does the rest, at a place that no row can have. */
#include "triage/keys/keyfile.h"

#include <argon2.h>
#include <string.h>

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/rng.h"
#include "common/base/rw.h"
#include "common/seal/envelope.h"

static const char MAGIC[16] = {'r', 'e', 'c', 'o', 'u', 'r', 's', 'e', '-', 'k', 'e', 'y', 'f', 'i', 'l', 'e'};

enum { VERSION = 1, FORM_CLEAR = 0, FORM_PASSPHRASE = 1 };
/* What is written, and the most that is believed of a file: one that asks for more would only exhaust memory. */
enum { MEMORY_KIB = 64 * 1024, PASSES = 3, MEMORY_KIB_MAX = 1024 * 1024, PASSES_MAX = 16 };

static struct envelope_place place_of(const struct keyfile_cost *cost)
{
    struct envelope_place place = {0};
    memcpy(place.case_id, cost->salt, sizeof place.case_id);
    memcpy(place.row_id, MAGIC, sizeof place.row_id);
    return place;
}

void keyfile_cost_new(struct keyfile_cost *out)
{
    *out = (struct keyfile_cost){.memory_kib = MEMORY_KIB, .passes = PASSES};
    rng_bytes(out->salt, sizeof out->salt);
}

enum err keyfile_stretch(const struct keyfile_cost *cost, const char *passphrase, size_t len, uint8_t key[static 32])
{
    if (cost->memory_kib < 8 || cost->memory_kib > MEMORY_KIB_MAX || cost->passes < 1 || cost->passes > PASSES_MAX)
        return ERR_MALFORMED;
    if (len > KEYFILE_PASSPHRASE_MAX)
        return ERR_TOO_BIG;
    int result =
        argon2id_hash_raw(cost->passes, cost->memory_kib, 1, passphrase, len, cost->salt, sizeof cost->salt, key, 32);
    need(result == ARGON2_OK);
    return ERR_OK;
}

enum err keyfile_read(const char *path, struct buf *out)
{
    if (file_is_open_to_others(path))
        return ERR_DENIED;
    return file_read(path, out);
}

/* The part in front; `r` then stands at what follows it. */
static enum err read_head(struct rd *r, uint8_t *form)
{
    char magic[sizeof MAGIC];
    rd_raw(r, magic, sizeof magic);
    uint8_t version = rd_u8(r);
    *form = rd_u8(r);
    if (r->bad || memcmp(magic, MAGIC, sizeof MAGIC) != 0 || version != VERSION || *form > FORM_PASSPHRASE)
        return ERR_MALFORMED;
    return ERR_OK;
}

int keyfile_is_locked(const void *bytes, size_t len)
{
    struct rd r = rd_from(bytes, len);
    uint8_t form;
    return read_head(&r, &form) == ERR_OK && form == FORM_PASSPHRASE;
}

static enum err read_keys(struct rd r, struct keyfile *out)
{
    out->office = rd_u32(&r);
    size_t desk_len;
    const uint8_t *desk = rd_bytes(&r, sizeof out->desk - 1, &desk_len);
    /* A NUL inside would let two files be the same keys. */
    if (!desk || memchr(desk, 0, desk_len))
        return ERR_MALFORMED;
    memcpy(out->desk, desk, desk_len);
    out->epoch_count = rd_u8(&r);
    if (out->epoch_count < 1 || out->epoch_count > KEYFILE_EPOCHS_MAX)
        return ERR_MALFORMED;
    for (size_t i = 0; i < out->epoch_count; i++) {
        out->epochs[i].epoch = rd_u32(&r);
        rd_raw(&r, out->epochs[i].private_key, 32);
    }
    rd_raw(&r, out->state_seed, 32);
    rd_raw(&r, out->record_key, 32);
    rd_raw(&r, out->register_key, 32);
    out->has_checkpoint = rd_u8(&r);
    rd_raw(&r, out->checkpoint_seed, 32);
    if (out->has_checkpoint > 1 || out->desk[0] == '\0')
        return ERR_MALFORMED;
    return rd_end(&r);
}

static enum err unseal(struct rd *r, const char *passphrase, size_t passphrase_len, struct buf *text)
{
    struct keyfile_cost cost = {.memory_kib = rd_u32(r), .passes = rd_u32(r)};
    rd_raw(r, cost.salt, sizeof cost.salt);
    if (r->bad)
        return ERR_MALFORMED;
    uint8_t key[32];
    enum err err = passphrase ? keyfile_stretch(&cost, passphrase, passphrase_len, key) : ERR_LOCKED;
    if (err != ERR_OK)
        return err == ERR_TOO_BIG ? ERR_DENIED : err;
    struct envelope_place place = place_of(&cost);
    err = envelope_open(key, &place, r->at, r->left, text);
    mem_wipe(key, sizeof key);
    return err == ERR_CRYPTO ? ERR_DENIED : err;
}

enum err keyfile_open(const void *bytes, size_t len, const char *passphrase, size_t passphrase_len, struct keyfile *out)
{
    memset(out, 0, sizeof *out);
    struct buf text = BUF_INIT(KEYFILE_BYTES_MAX);
    struct rd r = rd_from(bytes, len);
    uint8_t form;
    enum err err = read_head(&r, &form);
    if (err == ERR_OK && form == FORM_PASSPHRASE) {
        err = unseal(&r, passphrase, passphrase_len, &text);
        r = rd_from(text.bytes, text.len);
    }
    if (err == ERR_OK)
        err = read_keys(r, out);
    buf_free(&text);
    if (err != ERR_OK)
        keyfile_wipe(out);
    return err;
}

const uint8_t *keyfile_epoch(const struct keyfile *keys, uint32_t epoch)
{
    for (size_t i = 0; i < keys->epoch_count; i++)
        if (keys->epochs[i].epoch == epoch)
            return keys->epochs[i].private_key;
    return NULL;
}

void keyfile_wipe(struct keyfile *keys)
{
    mem_wipe(keys, sizeof *keys);
}

static enum err write_keys(const struct keyfile *keys, struct buf *out)
{
    enum err bad = wr_u32(out, keys->office);
    bad |= wr_bytes(out, keys->desk, strlen(keys->desk));
    bad |= wr_u8(out, (uint8_t)keys->epoch_count);
    for (size_t i = 0; i < keys->epoch_count; i++) {
        bad |= wr_u32(out, keys->epochs[i].epoch);
        bad |= buf_add(out, keys->epochs[i].private_key, 32);
    }
    bad |= buf_add(out, keys->state_seed, 32);
    bad |= buf_add(out, keys->record_key, 32);
    bad |= buf_add(out, keys->register_key, 32);
    bad |= wr_u8(out, keys->has_checkpoint != 0);
    bad |= buf_add(out, keys->checkpoint_seed, 32);
    return bad == ERR_OK ? ERR_OK : ERR_TOO_BIG;
}

static enum err seal(const struct buf *text, const char *passphrase, size_t passphrase_len, struct buf *out)
{
    struct keyfile_cost cost;
    keyfile_cost_new(&cost);
    enum err bad = wr_u32(out, cost.memory_kib);
    bad |= wr_u32(out, cost.passes);
    bad |= buf_add(out, cost.salt, sizeof cost.salt);
    if (bad != ERR_OK)
        return ERR_TOO_BIG;
    uint8_t key[32];
    enum err err = keyfile_stretch(&cost, passphrase, passphrase_len, key);
    if (err != ERR_OK)
        return err;
    struct envelope_place place = place_of(&cost);
    err = envelope_seal(key, &place, text->bytes, text->len, out);
    mem_wipe(key, sizeof key);
    return err;
}

enum err keyfile_write(const char *path, const struct keyfile *keys, const char *passphrase, size_t passphrase_len)
{
    if (keys->epoch_count < 1 || keys->epoch_count > KEYFILE_EPOCHS_MAX || passphrase_len > KEYFILE_PASSPHRASE_MAX)
        return ERR_TOO_BIG;
    struct buf text = BUF_INIT(KEYFILE_BYTES_MAX), file = BUF_INIT(KEYFILE_BYTES_MAX);
    enum err err = write_keys(keys, &text);
    if (err == ERR_OK)
        err = buf_add(&file, MAGIC, sizeof MAGIC);
    if (err == ERR_OK)
        err = wr_u8(&file, VERSION);
    if (err == ERR_OK)
        err = wr_u8(&file, passphrase ? FORM_PASSPHRASE : FORM_CLEAR);
    if (err == ERR_OK)
        err = passphrase ? seal(&text, passphrase, passphrase_len, &file) : buf_add(&file, text.bytes, text.len);
    if (err == ERR_OK)
        err = file_write_secret(path, file.bytes, file.len);
    buf_free(&text);
    buf_free(&file);
    return err;
}
