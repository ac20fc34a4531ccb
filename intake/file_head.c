/* file_head.c -- see file_head.h. */
#include "intake/file_head.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/text/json.h"
#include "common/text/utf8.h"

static struct piece_place place_of(const uint8_t id[static PIECE_ID], uint32_t office)
{
    struct piece_place place = {.office = office, .n = PIECE_HEAD};
    memcpy(place.file, id, PIECE_ID);
    return place;
}

void file_head_text(const char *text, size_t len, char *out, size_t size)
{
    size_t used = 0, step;
    uint32_t point;
    for (; text && (step = utf8_next(text, len, &point)) > 0; text += step, len -= step) {
        if (point < 0x20 || (point >= 0x7f && point < 0xa0))
            continue;
        if (used + step >= size)
            break;
        memcpy(out + used, text, step);
        used += step;
    }
    out[used] = 0;
}

enum err file_head_seal(const uint8_t key[static PIECE_KEY], const uint8_t id[static PIECE_ID], uint32_t office,
                        const struct file_head *head, struct buf *out)
{
    struct piece_place place = place_of(id, office);
    json_t *told =
        json_pack("{s:i, s:s, s:s, s:I}", "v", 1, "name", head->name, "type", head->type, "got", (json_int_t)head->got);
    need(told != NULL);
    if (head->size >= 0)
        need(json_object_set_new(told, "size", json_integer(head->size)) == 0);
    char *text = json_dumps(told, JSON_COMPACT);
    need(text != NULL);
    enum err err = piece_seal(key, &place, text, strlen(text), PIECE_HEAD_TEXT, out);
    mem_wipe(text, strlen(text));
    mem_free(text);
    json_decref(told);
    return err;
}

static void copy_text(const json_t *told, const char *key, char *to, size_t size)
{
    const char *text = json_string_value(json_object_get(told, key));
    size_t len = text ? strnlen(text, size - 1) : 0;
    if (len)
        memcpy(to, text, len);
    to[len] = 0;
}

enum err file_head_open(const uint8_t key[static PIECE_KEY], const uint8_t id[static PIECE_ID], uint32_t office,
                        const uint8_t *sealed, size_t len, struct file_head *out)
{
    struct piece_place place = place_of(id, office);
    struct buf text = BUF_INIT(PIECE_HEAD_TEXT);
    struct json_fault fault;
    json_t *told = NULL;
    enum err err = piece_open(key, &place, sealed, len, &text);
    if (err == ERR_OK)
        err = json_read_object(buf_text(&text), text.len, &told, &fault);
    if (err == ERR_OK) {
        const json_t *size = json_object_get(told, "size");
        copy_text(told, "name", out->name, sizeof out->name);
        copy_text(told, "type", out->type, sizeof out->type);
        out->size = size ? json_integer_value(size) : -1;
        out->got = json_integer_value(json_object_get(told, "got"));
    }
    buf_free(&text);
    json_decref(told);
    return err;
}
