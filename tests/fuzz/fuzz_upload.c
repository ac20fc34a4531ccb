/* fuzz_upload.c -- whatever a stranger says about a file: Upload-Length (common/base/num.h), Upload-Metadata
 * (intake/tus_metadata.h), the name as a form gives it. A pair is found where it stands, the first of two; what is kept
 * of a name is whole characters and always fits into the file's head (intake/file_head.h); the head opens as what was
 * sealed, also in the vault (triage/vault/evidence.h), and not when a byte of it, the file or the office is another;
 * what is shown of a name is one harmless line (common/text/file_name.h). A list of files that comes back with a form
 * (intake/file_list.h) has each key once, and what is put into a form is read as the same.
 *
 * Line 1: Upload-Length; line 2: Upload-Metadata; the rest: a name, and bytes that take the place of a head or list. */
#include <stdio.h>

#include "common/base/code.h"
#include "common/base/num.h"
#include "common/seal/once.h"
#include "common/text/file_name.h"
#include "common/text/utf8.h"
#include "intake/file_head.h"
#include "intake/file_list.h"
#include "intake/settings.h"
#include "intake/tus_metadata.h"
#include "tests/fuzz/fuzz.h"
#include "triage/vault/evidence.h"

enum { METADATA_MAX = 1024, OFFICE = 3 };

static const struct evidence_file file = {.id = {1, 2, 3}, .key = {7, 1}};
static const char *const keys[] = {"filename", "filetype"};

/* ---- a number ---- */

static int64_t read_number(const char *text, size_t len)
{
    uint64_t value = 0;
    char again[32];
    int is_number = len > 0 && strspn(text, "0123456789") == len;
    enum err err = num_parse(text, len, 0, INT64_MAX / 2, &value);
    need((err == ERR_OK || err == ERR_TOO_BIG) == is_number &&
         (is_number || err == ERR_MALFORMED || err == ERR_TOO_BIG));
    if (err != ERR_OK)
        return -1;
    snprintf(again, sizeof again, "%llu", (unsigned long long)value);
    text += strspn(text, "0");
    need(value <= INT64_MAX / 2 && strcmp(again, *text ? text : "0") == 0);
    return (int64_t)value;
}

/* ---- pairs ---- */

static struct buf value_of(const char *header, const char *key)
{
    struct buf out = BUF_INIT(METADATA_MAX);
    tus_metadata(header, key, &out);
    return out;
}

static int is_same(const struct buf *one, const void *bytes, size_t len)
{
    return one->len == len && memcmp(buf_text(one), bytes, len) == 0;
}

static void pairs_are_found(const char *header, const char *key, const uint8_t *data, size_t size)
{
    struct buf value = value_of(header, key), with = BUF_INIT(1 << 20);
    char planted[CODE_BASE64_SIZE(METADATA_MAX)], own[40];
    size = size < METADATA_MAX ? size : METADATA_MAX;
    code_base64(data, size, planted);
    /* what only begins like the key is another */
    need(buf_addf(&with, "%ss eA==,%s,%s %s,%s", key, key, key, planted, header) == ERR_OK);
    struct buf first = value_of(buf_text(&with), key);
    need(is_same(&first, data, size));
    buf_clear(&with);
    need(buf_addf(&with, "%s,%s %s", header, key, planted) == ERR_OK);
    struct buf last = value_of(buf_text(&with), key);
    snprintf(own, sizeof own, "%s ", key);
    if (value.len || !strstr(header, own))
        need(is_same(&last, value.len ? value.bytes : data, value.len ? value.len : size));
    else /* theirs comes first, and may be no base64 */
        need(last.len == 0 || is_same(&last, data, size));
    buf_free(&value);
    buf_free(&with);
    buf_free(&first);
    buf_free(&last);
}

/* ---- what is shown ---- */

/* Controls, what turns or breaks a line, and Unicode's default ignorable characters: they have no shape. */
static int is_harmful(uint32_t c)
{
    static const struct {
        uint32_t from, to;
    } rows[] = {{0, 0x1f},        {0x7f, 0x9f},       {0xad, 0xad},       {0x34f, 0x34f},     {0x61c, 0x61c},
                {0x115f, 0x1160}, {0x17b4, 0x17b5},   {0x180b, 0x180f},   {0x200b, 0x200f},   {0x2028, 0x202e},
                {0x2060, 0x206f}, {0x3164, 0x3164},   {0xfe00, 0xfe0f},   {0xfeff, 0xfeff},   {0xffa0, 0xffa0},
                {0xfff0, 0xfffb}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff}, {'/', '/'},
                {'\\', '\\'}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (c >= rows[i].from && c <= rows[i].to)
            return 1;
    return 0;
}

static void is_one_harmless_line(const char *shown)
{
    size_t len = strnlen(shown, FILE_NAME_SIZE);
    uint32_t c;
    need(len < FILE_NAME_SIZE && utf8_valid(shown, len));
    for (size_t at = 0; at < len; at += utf8_next(shown + at, len - at, &c))
        need(utf8_next(shown + at, len - at, &c) && !is_harmful(c));
    need(len == 0 || (shown[0] != ' ' && shown[len - 1] != ' '));
}

static void shows(const char *name)
{
    char shown[FILE_NAME_SIZE], again[FILE_NAME_SIZE];
    memset(shown, 'x', sizeof shown);
    file_name_shown(name, shown);
    is_one_harmless_line(shown);
    file_name_shown(shown, again);
    need(strcmp(shown, again) == 0);
}

/* ---- the head ---- */

static void keep(const void *text, size_t len, char *out, size_t size)
{
    char again[UPLOAD_NAME];
    uint32_t c;
    file_head_text(text, len, out, size);
    size_t kept = strnlen(out, size);
    need(kept < size && kept <= len && utf8_valid(out, kept));
    for (size_t at = 0; at < kept; at += utf8_next(out + at, kept - at, &c))
        need(utf8_next(out + at, kept - at, &c) && c >= 0x20 && !(c >= 0x7f && c < 0xa0));
    file_head_text(out, kept, again, size);
    need(strcmp(out, again) == 0);
}

static void does_not_open(const struct evidence_file *with, uint32_t office, const uint8_t *sealed, size_t len)
{
    struct file_head head = {.got = 77};
    struct evidence_head shown;
    char *copy = fuzz_text(sealed, len);
    need(file_head_open(with->key, with->id, office, (uint8_t *)copy, len, &head) != ERR_OK && head.got == 77);
    need(evidence_head_open(with, office, (uint8_t *)copy, len, &shown) != ERR_OK);
    free(copy);
}

static void changed_does_not_open(const struct buf *sealed, struct fuzz_cuts *cuts)
{
    struct evidence_file other_id = file, other_key = file;
    other_id.id[fuzz_draw(cuts, PIECE_ID)] ^= 1;
    other_key.key[fuzz_draw(cuts, PIECE_KEY)] ^= 1;
    does_not_open(&other_id, OFFICE, sealed->bytes, sealed->len);
    does_not_open(&other_key, OFFICE, sealed->bytes, sealed->len);
    does_not_open(&file, OFFICE + 1, sealed->bytes, sealed->len);
    does_not_open(&file, OFFICE, sealed->bytes, fuzz_draw(cuts, sealed->len));
    sealed->bytes[fuzz_draw(cuts, sealed->len)] ^= (uint8_t)(1 + fuzz_draw(cuts, 255));
    does_not_open(&file, OFFICE, sealed->bytes, sealed->len);
}

static void shown_head_is_good(const struct evidence_head *shown)
{
    is_one_harmless_line(shown->name);
    need(strlen(shown->type) < EVIDENCE_TYPE_SIZE && strlen(shown->extension) < EVIDENCE_EXTENSION_SIZE);
    need(strspn(shown->extension, "abcdefghijklmnopqrstuvwxyz0123456789") == strlen(shown->extension));
    need(!*shown->type || strchr(shown->type, '/') == strrchr(shown->type, '/'));
    need(strspn(shown->type, "abcdefghijklmnopqrstuvwxyz0123456789.+-/") == strlen(shown->type) && shown->size >= -1);
    for (int by_type = 0; by_type < 2; by_type++) {
        char leaves[EVIDENCE_LEAVES_SIZE];
        evidence_leaves(1, by_type ? shown->type : "", shown->extension, leaves);
        need(strncmp(leaves, "file-1.", 7) == 0 && leaves[7] &&
             strspn(leaves + 7, "abcdefghijklmnopqrstuvwxyz0123456789") == strlen(leaves + 7));
    }
}

static void seals_and_opens(const struct file_head *head, struct fuzz_cuts *cuts)
{
    struct buf sealed = BUF_INIT(PIECE_SEALED_MAX);
    struct file_head opened;
    struct evidence_head shown;
    char name[FILE_NAME_SIZE];
    need(file_head_seal(file.key, file.id, OFFICE, head, &sealed) == ERR_OK);
    need(file_head_open(file.key, file.id, OFFICE, sealed.bytes, sealed.len, &opened) == ERR_OK);
    need(strcmp(opened.name, head->name) == 0 && strcmp(opened.type, head->type) == 0);
    need(opened.size == head->size && opened.got == head->got);
    need(evidence_head_open(&file, OFFICE, sealed.bytes, sealed.len, &shown) == ERR_OK);
    shown_head_is_good(&shown);
    file_name_shown(head->name, name);
    need(strcmp(shown.name, name) == 0 && (!*shown.type || strcmp(shown.type, head->type) == 0));
    need(shown.size == -1 || shown.size == (head->size < 0 ? head->got : head->size));
    changed_does_not_open(&sealed, cuts);
    buf_free(&sealed);
}

/* Not as we would have written it: whoever has the file's key can. */
static void another_head(const uint8_t *data, size_t size)
{
    struct piece_place place = {.office = OFFICE, .n = PIECE_HEAD};
    struct buf sealed = BUF_INIT(PIECE_SEALED_MAX);
    struct file_head head;
    struct evidence_head shown;
    memcpy(place.file, file.id, PIECE_ID);
    size = size < PIECE_HEAD_TEXT ? size : PIECE_HEAD_TEXT;
    need(piece_seal(file.key, &place, data, size, PIECE_HEAD_TEXT, &sealed) == ERR_OK);
    int opens = file_head_open(file.key, file.id, OFFICE, sealed.bytes, sealed.len, &head) == ERR_OK;
    need(opens == (evidence_head_open(&file, OFFICE, sealed.bytes, sealed.len, &shown) == ERR_OK));
    if (opens) {
        need(strlen(head.name) < UPLOAD_NAME && strlen(head.type) < UPLOAD_TYPE);
        shows(head.name);
        shown_head_is_good(&shown);
    }
    buf_free(&sealed);
}

/* ---- a list ---- */

static void entries_are_good(const json_t *list)
{
    const size_t count = json_array_size(list);
    need(count <= LIMIT_FILES && file_list_bytes(list) >= 0);
    for (size_t i = 0; i < count; i++) {
        const json_t *one = json_array_get(list, i);
        const char *key = json_string_value(json_array_get(one, 0)), *name = json_string_value(json_array_get(one, 2));
        char says[FILE_SAYS];
        need(key && once_key_check(key, strlen(key)) == ERR_OK && strlen(key) < FILE_KEY);
        need(name && strlen(name) < UPLOAD_NAME && json_integer_value(json_array_get(one, 1)) >= 0);
        for (size_t other = 0; other < i; other++)
            need(strcmp(json_string_value(json_array_get(json_array_get(list, other), 0)), key) != 0);
        file_list_says(name, json_integer_value(json_array_get(one, 1)), says);
        need(strncmp(says, name, strlen(name)) == 0 && says[strlen(says) - 1] == ')');
    }
}

static void list_comes_back(const char *name, const uint8_t *data, size_t size, struct fuzz_cuts *cuts)
{
    struct form form = {0};
    struct settings settings = {.files_most = (int64_t)fuzz_draw(cuts, LIMIT_FILES + 1), .files_megabytes = 1};
    need(form_add(&form, FILE_LIST_FIELD, (const char *)data, size) == ERR_OK);
    json_t *list = file_list_read(&form, FILE_LIST_FIELD), *again, *rows;
    entries_are_good(list);
    file_list_add(list, "abcdefghijklmnopqrstuv", 5, name);
    entries_are_good(list);
    rows = file_list_rows(list);
    need(json_array_size(rows) == json_array_size(list));
    need(file_list_put(list, &form) == ERR_OK);
    again = file_list_read(&form, FILE_LIST_FIELD);
    need(json_equal(list, again));
    size_t before = json_array_size(list);
    need((file_list_fit(list, &settings) == FORM_FILES_OK) == (json_array_size(list) == before));
    need(json_array_size(list) <= (size_t)settings.files_most && file_list_bytes(list) <= 1024 * 1024);
    json_decref(list);
    json_decref(again);
    json_decref(rows);
    form_free(&form);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_cuts cuts = fuzz_cuts(data, size);
    char *length = fuzz_line(&data, &size), *header = fuzz_line(&data, &size), *name = fuzz_text(data, size);
    struct file_head head = {.got = (int64_t)size};
    head.size = read_number(length, strlen(length));
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        pairs_are_found(header, keys[i], data, size);
    struct buf said = value_of(header, keys[0]), type = value_of(header, keys[1]);
    keep(buf_text(&type), type.len, head.type, sizeof head.type);
    keep(buf_text(&said), said.len, head.name, sizeof head.name);
    seals_and_opens(&head, &cuts);
    keep(data, size, head.name, sizeof head.name);
    seals_and_opens(&head, &cuts);
    another_head(data, size);
    list_comes_back(head.name, data, size, &cuts);
    shows(name);
    buf_free(&said);
    buf_free(&type);
    free(length);
    free(header);
    free(name);
    return 0;
}
