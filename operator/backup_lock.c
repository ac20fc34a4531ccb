/* backup_lock.c -- see backup_lock.h. */
#include "operator/backup_lock.h"

#include <stdio.h>
#include <string.h>

#include "common/base/code.h"
#include "common/base/mem.h"
#include "common/base/rw.h"
#include "common/seal/hpke_open.h"
#include "common/seal/sign.h"
#include "triage/keys/keyfile.h"

static const char MAGIC[16] = {'r', 'e', 'c', 'o', 'u', 'r', 's', 'e', '-', 'b', 'a', 'c', 'k', 'u', 'p', '\n'};
static const char STREAM_NAME[] = "recourse backup stream";

enum {
    VERSION = 1,
    COMMON = sizeof MAGIC + 2,
    ROWS_HEAD = COMMON + BACKUP_KEY_ID + HPKE_ENC,
    KEYS_HEAD = COMMON + 4 + 4 + 16,
    INFO = COMMON + BACKUP_KEY_ID
};

static void head_begin(struct buf *head, enum backup_form form)
{
    need(head->len == 0);
    enum err bad = buf_add(head, MAGIC, sizeof MAGIC);
    bad |= wr_u8(head, VERSION);
    bad |= wr_u8(head, (uint8_t)form);
    need(bad == ERR_OK);
}

static void key_id(const uint8_t open_public[static 32], uint8_t id[static BACKUP_KEY_ID])
{
    uint8_t hash[32];
    sign_sha256(open_public, 32, hash);
    memcpy(id, hash, BACKUP_KEY_ID);
}

/* The head in front of `enc` is bound into the key. */
static struct hpke_params params_of(const void *head)
{
    return (struct hpke_params){.suite = HPKE_SUITE, .mode = HPKE_AUTH, .info = head, .info_len = INFO};
}

/* ---- rows ---- */

enum err backup_lock_rows(const uint8_t open_public[static 32], const uint8_t from_private[static 32], struct buf *head,
                          uint8_t key[static STREAM_KEY])
{
    struct hpke_context context;
    uint8_t id[BACKUP_KEY_ID], enc[HPKE_ENC];
    key_id(open_public, id);
    head_begin(head, BACKUP_ROWS);
    need(buf_add(head, id, sizeof id) == ERR_OK);
    struct hpke_params params = params_of(head->bytes);
    enum err err = hpke_setup_sender(&params, open_public, from_private, NULL, enc, &context);
    if (err != ERR_OK)
        return err;
    need(hpke_export(&context, STREAM_NAME, sizeof STREAM_NAME - 1, key, STREAM_KEY) == ERR_OK);
    hpke_wipe(&context);
    need(buf_add(head, enc, sizeof enc) == ERR_OK);
    return ERR_OK;
}

enum err backup_unlock_rows(const struct backup_key *with, const void *head, size_t len, uint8_t key[static STREAM_KEY])
{
    struct hpke_context context;
    struct hpke_params params = params_of(head);
    uint8_t open_public[32], id[BACKUP_KEY_ID];
    size_t head_len;
    enum backup_form form;
    if (backup_head_read(head, len, &head_len, &form) != ERR_OK || form != BACKUP_ROWS)
        return ERR_MALFORMED;
    if (hpke_key_public(with->open, open_public) != ERR_OK)
        return ERR_DENIED;
    key_id(open_public, id);
    if (memcmp((const uint8_t *)head + COMMON, id, sizeof id) != 0)
        return ERR_DENIED;
    enum err err = hpke_open_setup(&params, (const uint8_t *)head + INFO, with->open, with->from, &context);
    if (err == ERR_OK) {
        need(hpke_export(&context, STREAM_NAME, sizeof STREAM_NAME - 1, key, STREAM_KEY) == ERR_OK);
        hpke_wipe(&context);
    }
    hpke_open_forget();
    return err;
}

/* ---- keys ---- */

static enum err key_under(const struct keyfile_cost *cost, const char *passphrase, size_t len, const void *head,
                          uint8_t key[static STREAM_KEY])
{
    uint8_t stretched[32];
    enum err err = keyfile_stretch(cost, passphrase, len, stretched);
    if (err != ERR_OK)
        return err;
    sign_hkdf(stretched, sizeof stretched, head, KEYS_HEAD, STREAM_NAME, sizeof STREAM_NAME - 1, key, STREAM_KEY);
    mem_wipe(stretched, sizeof stretched);
    return ERR_OK;
}

enum err backup_lock_keys(const char *passphrase, size_t len, struct buf *head, uint8_t key[static STREAM_KEY])
{
    struct keyfile_cost cost;
    keyfile_cost_new(&cost);
    head_begin(head, BACKUP_KEYS);
    enum err bad = wr_u32(head, cost.memory_kib);
    bad |= wr_u32(head, cost.passes);
    bad |= buf_add(head, cost.salt, sizeof cost.salt);
    need(bad == ERR_OK && head->len == KEYS_HEAD);
    return key_under(&cost, passphrase, len, head->bytes, key);
}

enum err backup_unlock_keys(const char *passphrase, size_t passphrase_len, const void *head, size_t len,
                            uint8_t key[static STREAM_KEY])
{
    struct keyfile_cost cost;
    size_t head_len;
    enum backup_form form;
    if (backup_head_read(head, len, &head_len, &form) != ERR_OK || form != BACKUP_KEYS)
        return ERR_MALFORMED;
    struct rd r = rd_from((const uint8_t *)head + COMMON, head_len - COMMON);
    cost.memory_kib = rd_u32(&r);
    cost.passes = rd_u32(&r);
    rd_raw(&r, cost.salt, sizeof cost.salt);
    need(rd_end(&r) == ERR_OK);
    return key_under(&cost, passphrase, passphrase_len, head, key);
}

enum err backup_head_read(const void *bytes, size_t len, size_t *head_len, enum backup_form *form)
{
    static const size_t SIZES[] = {[BACKUP_ROWS] = ROWS_HEAD, [BACKUP_KEYS] = KEYS_HEAD};
    const uint8_t *at = bytes;
    if (len < COMMON || memcmp(at, MAGIC, sizeof MAGIC) != 0 || at[sizeof MAGIC] != VERSION)
        return ERR_MALFORMED;
    uint8_t which = at[sizeof MAGIC + 1];
    if ((which != BACKUP_ROWS && which != BACKUP_KEYS) || len < SIZES[which])
        return ERR_MALFORMED;
    *form = which;
    *head_len = SIZES[which];
    return ERR_OK;
}

/* ---- the kept key ---- */

static const char KEY_TEXT[] = "recourse-backup-key 1\nopen %.64s\nfrom %.64s\n";

void backup_key_write(const struct backup_key *key, struct buf *out)
{
    char open[CODE_HEX_SIZE(32)], from[CODE_HEX_SIZE(32)];
    code_hex(key->open, 32, open);
    code_hex(key->from, 32, from);
    need(buf_addf(out, KEY_TEXT, open, from) == ERR_OK);
    mem_wipe(open, sizeof open);
}

enum err backup_key_read(const char *text, size_t len, struct backup_key *out)
{
    struct buf again = BUF_INIT(BACKUP_KEY_TEXT_MAX);
    static const size_t open_at = sizeof "recourse-backup-key 1\nopen " - 1,
                        from_at = open_at + 64 + sizeof "\nfrom " - 1;
    enum err err = len < from_at + 64 ? ERR_MALFORMED : code_unhex(text + open_at, 64, out->open, 32);
    if (err == ERR_OK)
        err = code_unhex(text + from_at, 64, out->from, 32);
    if (err == ERR_OK) {
        backup_key_write(out, &again);
        /* A line's end may have been lost on the way through an editor. */
        if (len + 1 < again.len || len > again.len + 1 || memcmp(text, again.bytes, again.len - 1) != 0)
            err = ERR_MALFORMED;
    }
    buf_free(&again);
    if (err != ERR_OK)
        mem_wipe(out, sizeof *out);
    return err;
}
