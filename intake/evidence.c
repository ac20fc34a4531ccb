/* evidence.c -- see evidence.h. */
#include "intake/evidence.h"

#include <string.h>

#include "common/base/code.h"
#include "common/base/mem.h"
#include "common/seal/once.h"
#include "common/seal/piece.h"
#include "common/text/file_name.h"
#include "intake/file_head.h"
#include "intake/limits.h"

struct keeping {
    struct intake *intake;
    json_t *inside;
    evidence_kept_fn *done;
    void *room;
};

static enum err evidence_fails(struct json_fault *fault, enum err err, const char *says)
{
    *fault = (struct json_fault){.field = "files", .says = says};
    return err;
}

static int is_twice(const json_t *list, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (json_equal(json_array_get(list, i), json_array_get(list, at)))
            return 1;
    return 0;
}

enum err evidence_read(const struct intake *intake, const json_t *body, const json_t **out, struct json_fault *fault)
{
    const json_t *list = json_object_get(body, "files");
    *out = NULL;
    if (!list || json_is_null(list))
        return ERR_OK;
    if (!json_is_array(list))
        return evidence_fails(fault, ERR_MALFORMED, "must be a list of upload keys");
    if (json_array_size(list) > (size_t)intake->settings->files_most)
        return evidence_fails(fault, ERR_TOO_BIG, "has more files than are taken");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *key = json_string_value(json_array_get(list, i));
        if (!key || once_key_check(key, strlen(key)) != ERR_OK || is_twice(list, i))
            return evidence_fails(fault, ERR_MALFORMED, "must be a list of different upload keys");
    }
    *out = json_array_size(list) ? list : NULL;
    return ERR_OK;
}

static json_t *inside_of(const struct intake *intake, const json_t *keys)
{
    json_t *list = json_array(), *each;
    size_t i;
    json_array_foreach((json_t *)(uintptr_t)keys, i, each)
    {
        uint8_t id[PIECE_ID], key[PIECE_KEY];
        char hex[CODE_HEX_SIZE(PIECE_ID)], base64[CODE_BASE64_SIZE(PIECE_KEY)];
        piece_id(intake->once_secret, json_string_value(each), json_string_length(each), id);
        piece_key(json_string_value(each), json_string_length(each), key);
        code_hex(id, sizeof id, hex);
        code_base64(key, sizeof key, base64);
        need(json_array_append_new(list, json_pack("{s:s, s:s}", "id", hex, "key", base64)) == 0);
        mem_wipe(key, sizeof key);
        mem_wipe(base64, sizeof base64);
    }
    return list;
}

/* Name and size as the sender said them, out of the file's head: with the words they can be read again by who may read
 * the words. A head that does not open is no reason to refuse them. */
static void put_said(const struct intake *intake, const struct upload_kept *kept, json_t *entry)
{
    const char *base64 = json_string_value(json_object_get(entry, "key"));
    char name[FILE_NAME_SIZE];
    struct file_head head;
    uint8_t key[PIECE_KEY];
    need(code_unbase64_exact(base64, strlen(base64), key, sizeof key) == ERR_OK);
    if (kept->head && file_head_open(key, kept->id, (uint32_t)intake->settings->office, kept->head, kept->head_len,
                                     &head) == ERR_OK) {
        file_name_shown(head.name, name);
        need(json_object_set_new(entry, "name", json_string(name)) == 0);
        need(json_object_set_new(entry, "size", json_integer(head.got)) == 0);
    }
    mem_wipe(key, sizeof key);
    mem_wipe(&head, sizeof head);
}

static json_t *entry_of(json_t *inside, const uint8_t id[static PIECE_ID])
{
    char hex[CODE_HEX_SIZE(PIECE_ID)];
    size_t i;
    json_t *each;
    code_hex(id, PIECE_ID, hex);
    json_array_foreach(inside, i,
                       each) if (strcmp(json_string_value(json_object_get(each, "id")), hex) == 0) return each;
    return NULL;
}

static void kept(void *room, uint64_t tag, enum err err, const struct upload_kept *kept, size_t count)
{
    struct keeping keeping = *(struct keeping *)room;
    int64_t most = keeping.intake->settings->files_megabytes * 1024 * 1024, bytes = 0;
    (void)tag;
    mem_free(room);
    for (size_t i = 0; i < count; i++) {
        json_t *entry = entry_of(keeping.inside, kept[i].id);
        bytes += kept[i].bytes;
        if (entry)
            put_said(keeping.intake, &kept[i], entry);
    }
    if (err == ERR_OK && count != json_array_size(keeping.inside))
        err = ERR_NOT_FOUND;
    else if (err == ERR_OK && bytes > most + most / 8) /* what is stored has padding and seals */
        err = ERR_TOO_BIG;
    else if (err != ERR_OK) /* whoever can be asked later is the desk */
        err = ERR_OK;
    keeping.done(keeping.room, err, keeping.inside);
    json_decref(keeping.inside);
}

void evidence_keep(struct intake *intake, const json_t *keys, evidence_kept_fn *done, void *room)
{
    uint8_t ids[LIMIT_FILES][PIECE_ID];
    struct keeping *keeping = mem_new(sizeof *keeping);
    size_t count = json_array_size(keys);
    need(count <= LIMIT_FILES);
    for (size_t i = 0; i < count; i++) {
        const json_t *key = json_array_get(keys, i);
        piece_id(intake->once_secret, json_string_value(key), json_string_length(key), ids[i]);
    }
    *keeping = (struct keeping){intake, inside_of(intake, keys), done, room};
    door_intake_uploads_keep(intake->store, (const uint8_t(*)[16])ids, count, LIMIT_FIND_MS, kept, keeping, 0);
}

json_t *evidence_shown(const json_t *inside)
{
    const json_t *list = json_object_get(inside, "files");
    json_t *shown = json_array();
    for (size_t i = 0; i < json_array_size(list) && i < LIMIT_FILES; i++) {
        const char *said = json_string_value(json_object_get(json_array_get(list, i), "name"));
        json_t *size = json_object_get(json_array_get(list, i), "size");
        char name[FILE_NAME_SIZE];
        file_name_shown(said ? said : "", name);
        size = json_is_integer(size) && json_integer_value(size) >= 0 ? json_incref(size) : json_null();
        need(json_array_append_new(shown, json_pack("{s:s, s:o}", "name", name, "size", size)) == 0);
    }
    return shown;
}
