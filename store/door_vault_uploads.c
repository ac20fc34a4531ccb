/* door_vault_uploads.c -- see door_vault.h: the files of a case, some pieces at a time. */
#include "store/door_ask.h"
#include "store/door_vault_inside.h"

static const struct store_statement vault_upload = {
    "vault_upload", "SELECT n, body, pieces, is_whole FROM door_vault.upload($1, $2, $3, $4)", 4};

static void upload_done(void *room, uint64_t tag, enum err err, const struct store_result *result)
{
    (void)tag;
    struct door_ask ask = door_ask_take(room);
    struct vault_piece pieces[VAULT_PIECES_MAX];
    struct vault_upload upload = {.piece = pieces};
    if (err == ERR_OK && store_rows(result, 0) == 0)
        err = ERR_NOT_FOUND;
    for (unsigned i = 0; err == ERR_OK && i < store_rows(result, 0); i++) {
        int64_t n = store_i64(result, 0, i, 0);
        if (n < 0) {
            upload.head = store_bytes(result, 0, i, 1, &upload.head_len);
            upload.pieces = (int32_t)store_i64(result, 0, i, 2);
            upload.is_whole = store_i64(result, 0, i, 3) != 0;
        } else if (upload.count < VAULT_PIECES_MAX) {
            struct vault_piece *piece = &pieces[upload.count++];
            piece->n = (int32_t)n;
            piece->body = store_bytes(result, 0, i, 1, &piece->len);
        }
    }
    ((vault_upload_fn *)ask.done)(ask.room, ask.tag, err, err == ERR_OK ? &upload : NULL);
}

void door_vault_upload(struct door_vault *door, const uint8_t case_id[static 16], const uint8_t id[static 16],
                       int32_t from, int32_t limit, int64_t deadline_ms, vault_upload_fn *done, void *room,
                       uint64_t tag)
{
    struct store_unit *unit = store_unit_new(1);
    store_begin(unit, &vault_upload);
    store_put_id(unit, case_id);
    store_put_id(unit, id);
    store_put_i32(unit, from);
    store_put_i32(unit, limit < VAULT_PIECES_MAX ? limit : VAULT_PIECES_MAX);
    store_end(unit);
    store_submit(door->store, unit, deadline_ms, upload_done, door_ask_new((door_any_fn *)done, room, tag), 0);
}
