/* evidence.c -- see evidence.h. */
#include "triage/vault/evidence.h"

#include <stdio.h>
#include <string.h>

#include "common/base/code.h"
#include "common/base/mem.h"
#include "common/text/file_name.h"
#include "common/text/json.h"

enum { NAME_SAID_MAX = 1024, BYTES_MAX = 1 << 30 };

/* ---- which files ---- */

static int read_file(const json_t *one, struct evidence_file *out)
{
    struct json_fault fault;
    const char *id, *key;
    return json_is_object(one) && json_text(one, "id", JSON_REQUIRED, 2 * PIECE_ID, &id, &fault) == ERR_OK &&
           json_text(one, "key", JSON_REQUIRED, CODE_BASE64_SIZE(PIECE_KEY), &key, &fault) == ERR_OK &&
           code_unhex(id, strlen(id), out->id, sizeof out->id) == ERR_OK &&
           code_unbase64_exact(key, strlen(key), out->key, sizeof out->key) == ERR_OK;
}

static int is_among(const struct evidence_file *files, size_t count, const uint8_t id[static PIECE_ID])
{
    for (size_t i = 0; i < count; i++)
        if (memcmp(files[i].id, id, PIECE_ID) == 0)
            return 1;
    return 0;
}

size_t evidence_files(const json_t *inside, struct evidence_file *out, size_t max)
{
    const json_t *list = json_object_get(inside, "files");
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(list) && i < EVIDENCE_FILES_MAX && count < max; i++) {
        struct evidence_file file;
        if (read_file(json_array_get(list, i), &file) && !is_among(out, count, file.id))
            out[count++] = file;
        mem_wipe(&file, sizeof file);
    }
    return count;
}

/* ---- what may be shown ---- */

/* Lower-case letters, digits and . + - with one slash inside. */
static int is_type(const char *type)
{
    const char *slash = strchr(type, '/');
    return slash && slash != type && slash[1] && strchr(slash + 1, '/') == NULL &&
           strspn(type, "abcdefghijklmnopqrstuvwxyz0123456789.+-/") == strlen(type);
}

static void read_extension(const char *name, char out[static EVIDENCE_EXTENSION_SIZE])
{
    const char *dot = strrchr(name, '.');
    size_t len = 0;
    for (const char *p = dot ? dot + 1 : ""; *p; p++) {
        char c = *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : *p;
        if (len + 1 >= EVIDENCE_EXTENSION_SIZE || !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) {
            len = 0;
            break;
        }
        out[len++] = c;
    }
    out[len] = 0;
}

static void read_head(const json_t *json, struct evidence_head *out)
{
    struct json_fault fault;
    const char *name = "", *type = "";
    *out = (struct evidence_head){.size = -1};
    if (json_text(json, "name", JSON_MAY_MISS, NAME_SAID_MAX, &name, &fault) == ERR_OK)
        file_name_shown(name, out->name);
    if (json_text(json, "type", JSON_MAY_MISS, EVIDENCE_TYPE_SIZE - 1, &type, &fault) == ERR_OK && is_type(type))
        memcpy(out->type, type, strlen(type) + 1);
    read_extension(out->name, out->extension);
    json_int_t size = json_integer_value(json_object_get(json, json_object_get(json, "size") ? "size" : "got"));
    if (json_is_integer(json_object_get(json, "got")) && size >= 0 && size <= BYTES_MAX)
        out->size = size;
}

enum err evidence_head_open(const struct evidence_file *file, uint32_t office, const uint8_t *sealed, size_t len,
                            struct evidence_head *out)
{
    struct json_fault fault;
    struct buf text = BUF_INIT(PIECE_HEAD_TEXT);
    struct piece_place place = {.office = office, .n = PIECE_HEAD};
    json_t *json = NULL;
    memcpy(place.file, file->id, sizeof place.file);
    enum err err = piece_open(file->key, &place, sealed, len, &text);
    if (err == ERR_OK)
        err = json_read_object(text.bytes, text.len, &json, &fault);
    if (err == ERR_OK)
        read_head(json, out);
    json_decref(json);
    buf_free(&text);
    return err;
}

/* ---- the name under which it leaves ---- */

static const struct {
    const char *type, *extension;
} known[] = {
    {"image/jpeg", "jpg"},
    {"image/jpeg", "jpeg"},
    {"image/png", "png"},
    {"image/webp", "webp"},
    {"image/gif", "gif"},
    {"image/tiff", "tiff"},
    {"image/bmp", "bmp"},
    {"image/heic", "heic"},
    {"image/avif", "avif"},
    {"application/pdf", "pdf"},
    {"audio/mpeg", "mp3"},
    {"audio/mp4", "m4a"},
    {"audio/x-m4a", "m4a"},
    {"audio/ogg", "ogg"},
    {"audio/ogg", "opus"},
    {"audio/flac", "flac"},
    {"audio/wav", "wav"},
    {"audio/x-wav", "wav"},
    {"audio/amr", "amr"},
    {"audio/aac", "aac"},
    {"video/mp4", "mp4"},
    {"video/quicktime", "mov"},
    {"video/webm", "webm"},
    {"video/x-matroska", "mkv"},
    {"video/3gpp", "3gp"},
    {"video/x-msvideo", "avi"},
    {"text/plain", "txt"},
    {"text/csv", "csv"},
    {"application/zip", "zip"},
    {"application/epub+zip", "epub"},
    {"application/vnd.oasis.opendocument.text", "odt"},
    {"application/vnd.oasis.opendocument.spreadsheet", "ods"},
    {"application/vnd.oasis.opendocument.presentation", "odp"},
    {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"},
    {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"},
    {"application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"},
};

void evidence_leaves(size_t number, const char *type, const char *extension, char out[static EVIDENCE_LEAVES_SIZE])
{
    const char *ending = "bin";
    int by_type = type && *type;
    for (size_t i = sizeof known / sizeof *known; i-- > 0;)
        if (strcmp(by_type ? known[i].type : known[i].extension, by_type ? type : extension) == 0)
            ending = known[i].extension; /* of several the first */
    snprintf(out, EVIDENCE_LEAVES_SIZE, "file-%zu.%s", number, ending);
}
