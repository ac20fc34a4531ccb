/* item.c -- see item.h. */
#include "triage/vault/item.h"

#include <string.h>

static struct hashes_item hashed(enum vault_shelf shelf, const struct vault_item *item)
{
    return (struct hashes_item){.shelf = (uint8_t)shelf,
                                .id = item->id,
                                .version = item->version,
                                .messages = item->messages,
                                .fence = item->fence,
                                .rows_hash = item->rows_hash,
                                .body = item->body,
                                .body_len = item->body_len};
}

static struct envelope_place place_of(const struct vault *vault, enum vault_shelf shelf, const struct vault_item *item)
{
    static const uint8_t parts[] = {
        [SHELF_STATE] = PART_STATE, [SHELF_RECORD] = PART_RECORD, [SHELF_IMPACT] = PART_IMPACT};
    struct envelope_place place = {.office = vault_office(vault),
                                   .root = ROOT_STAFF,
                                   .part = parts[shelf],
                                   .author = AUTHOR_VAULT,
                                   .door = DOOR_VAULT,
                                   .generation = 1,
                                   .incarnation = item->fence,
                                   .n = (uint64_t)item->version};
    memcpy(place.case_id, item->id, sizeof place.case_id);
    memcpy(place.row_id, item->id, sizeof place.row_id);
    return place;
}

enum err item_seal(const struct vault *vault, enum vault_shelf shelf, const uint8_t id[static 16], int64_t version,
                   const uint8_t key[static 32], const char *text, size_t len, int64_t messages,
                   const uint8_t *rows_hash, struct sealed_item *out)
{
    uint8_t bytes[HASHES_SIGNED_SIZE];
    *out = (struct sealed_item){.shelf = shelf, .body = BUF_INIT(2 * ITEM_TEXT_MAX)};
    struct vault_item *item = &out->item;
    memcpy(item->id, id, sizeof item->id);
    memcpy(item->desk, vault_desk(vault), strnlen(vault_desk(vault), sizeof item->desk - 1));
    item->version = version;
    item->fence = vault->fence;
    item->messages = messages;
    if (rows_hash)
        memcpy(item->rows_hash, rows_hash, sizeof item->rows_hash);
    struct envelope_place place = place_of(vault, shelf, item);
    enum err err = len > ITEM_TEXT_MAX ? ERR_TOO_BIG : envelope_seal(key, &place, text, len, &out->body);
    if (err != ERR_OK)
        return err;
    item->body = out->body.bytes;
    item->body_len = out->body.len;
    const struct hashes_item signed_item = hashed(shelf, item);
    hashes_signed_bytes(&signed_item, bytes);
    err = sign_make(vault->state_key, bytes, sizeof bytes, out->signature);
    if (err == ERR_OK)
        hashes_state(&signed_item, item->desk, out->signature, out->hash);
    else
        buf_free(&out->body);
    return err;
}

void item_free(struct sealed_item *item)
{
    buf_free(&item->body);
}

static enum err signer_of(const struct vault *vault, enum vault_shelf shelf, const struct vault_item *item,
                          const uint8_t **out)
{
    int is_ours = strcmp(item->desk, vault_desk(vault)) == 0;
    /* The register is all desks'; a state that was moved here bears the signature of the desk it came from. */
    if (shelf == SHELF_IMPACT || (shelf == SHELF_STATE && !is_ours))
        return manifest_key(&vault->manifest, "state", item->desk, out);
    *out = vault->state_public;
    return is_ours ? ERR_OK : ERR_CRYPTO;
}

void item_check_begin(const struct vault *vault, enum vault_shelf shelf, const struct vault_item *item,
                      struct item_check *check)
{
    const uint8_t *signer;
    const struct hashes_item signed_item = hashed(shelf, item);
    *check = (struct item_check){.result = signer_of(vault, shelf, item, &signer)};
    hashes_signed_bytes(&signed_item, check->bytes);
    hashes_state(&signed_item, item->desk, item->signature, check->hash);
    memcpy(check->signature, item->signature, sizeof check->signature);
    if (check->result == ERR_OK)
        memcpy(check->signer, signer, sizeof check->signer);
}

void item_check_run(struct item_check *check)
{
    if (check->result == ERR_OK)
        check->result = sign_check(check->signer, check->bytes, sizeof check->bytes, check->signature);
}

enum err item_open_checked(const struct vault *vault, enum vault_shelf shelf, const struct vault_item *item,
                           const struct item_check *check, const uint8_t key[static 32], struct buf *out)
{
    struct envelope_place place = place_of(vault, shelf, item);
    return check->result == ERR_OK ? envelope_open(key, &place, item->body, item->body_len, out) : check->result;
}

enum err item_open(const struct vault *vault, enum vault_shelf shelf, const struct vault_item *item,
                   const uint8_t key[static 32], struct buf *out, uint8_t hash[static 32])
{
    struct item_check check;
    item_check_begin(vault, shelf, item, &check);
    item_check_run(&check);
    memcpy(hash, check.hash, sizeof check.hash);
    return item_open_checked(vault, shelf, item, &check, key, out);
}
