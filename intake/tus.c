/* tus.c -- see tus.h.
 *
 * A request holds its file as long as it lives; when it ends, however it ends, the hold goes and what was taken is
 * stored. Nothing is taken before the file is open and the client's offset is the true one. */
#include "intake/tus.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/code.h"
#include "common/base/mem.h"
#include "common/base/num.h"
#include "common/seal/once.h"
#include "intake/api.h"
#include "intake/limits.h"
#include "intake/tus_metadata.h"
#include "intake/upload.h"

#define VERSION    "1.0.0"
#define EXTENSIONS "creation,termination"
#define PATCH_TYPE "application/offset+octet-stream"

enum { METADATA_MAX = 1024 };

struct hold {
    struct waiter waiter;
    struct upload *upload; /* NULL: refused before it was opened */
    int64_t offset;        /* that the client goes on from */
    int is_open, is_complete, is_ending;
};

/* ---- what every answer says ---- */

static int64_t most_bytes(const struct intake *intake)
{
    return intake->settings->files_megabytes * 1024 * 1024;
}

static void set_number(struct http_req *req, const char *name, int64_t value)
{
    char text[32];
    snprintf(text, sizeof text, "%" PRId64, value);
    http_set(req, name, text);
}

static void done(struct http_req *req, unsigned status)
{
    http_set(req, "Tus-Resumable", VERSION);
    http_answer(req, status, NULL, "", 0);
}

static void refuse(struct http_req *req, unsigned status, const char *type, const char *detail, const char *field)
{
    http_set(req, "Tus-Resumable", VERSION);
    http_problem(req, status, type, detail, field);
}

static void refuse_size(struct http_req *req)
{
    refuse(req, 413, "too-large", "A file may have as many bytes as Tus-Max-Size says, and no more than Upload-Length.",
           "Upload-Length");
}

static void refuse_err(struct http_req *req, enum err err)
{
    if (err == ERR_NOT_FOUND || err == ERR_CRYPTO) {
        refuse(req, 404, "not-found", "There is no such upload.", NULL);
    } else if (err == ERR_CONFLICT) {
        refuse(req, 409, "conflict", "Another request has changed this upload. Ask for its offset and go on.", NULL);
    } else {
        http_set(req, "Tus-Resumable", VERSION);
        api_away(req);
    }
}

/* ---- what a request must bring; NULL: it has been answered ---- */

static const char *request_key(struct http_req *req)
{
    const char *version = http_req_header(req, "Tus-Resumable"), *key = http_req_header(req, "Upload-Key");
    if (!version || strcmp(version, VERSION) != 0) {
        http_set(req, "Tus-Version", VERSION);
        refuse(req, 412, "tus-version", "This needs the header Tus-Resumable: 1.0.0.", "Tus-Resumable");
        return NULL;
    }
    if (!key || once_key_check(key, strlen(key)) != ERR_OK) {
        refuse(req, 400, "weak-key", "Upload-Key must be a random UUID (version 4) or 22 to 128 base64url characters.",
               "Upload-Key");
        return NULL;
    }
    return key;
}

/* A whole number from 0, as a header; -1 when it is none. */
static int64_t request_number(const struct http_req *req, const char *name)
{
    const char *text = http_req_header(req, name);
    uint64_t value;
    return text && num_parse(text, strlen(text), 0, INT64_MAX / 2, &value) == ERR_OK ? (int64_t)value : -1;
}

/* Whether the id in the path is the one of this key; where it is not, nobody learns more. */
static int is_its_id(const struct intake *intake, const struct http_req *req, const char *key)
{
    uint8_t id[PIECE_ID];
    char hex[CODE_HEX_SIZE(PIECE_ID)];
    piece_id(intake->once_secret, key, strlen(key), id);
    code_hex(id, sizeof id, hex);
    return strcmp(hex, http_req_param(req, 0)) == 0;
}

/* ---- holding a file ---- */

static void hold_free(void *kept)
{
    struct hold *hold = kept;
    if (hold->upload)
        upload_leave(hold->upload, hold->is_open);
    mem_free(hold);
}

static struct hold *hold_new(struct intake *intake, struct http_req *req)
{
    struct hold *hold = mem_new(sizeof *hold);
    hold->waiter = intake_waiter(intake, req);
    http_req_keep(req, hold, hold_free);
    return hold;
}

static void hold_open(struct hold *hold, struct http_req *req, const char *key, const struct upload_about *about,
                      upload_step_fn *step)
{
    hold->upload = upload_open(hold->waiter.intake, key, about, step, hold);
    if (!hold->upload)
        api_away(req);
}

/* ---- creation ---- */

static void created(void *room, enum err err)
{
    struct hold *hold = room;
    struct http_req *req = intake_waiter_req(&hold->waiter);
    char location[64], hex[CODE_HEX_SIZE(PIECE_ID)];
    if (!req)
        return;
    if (err != ERR_OK) {
        refuse_err(req, err);
        return;
    }
    code_hex(upload_id(hold->upload), PIECE_ID, hex);
    snprintf(location, sizeof location, "/api/v1/uploads/%s", hex);
    http_set(req, "Location", location);
    set_number(req, "Upload-Offset", upload_stored(hold->upload));
    done(req, 201);
}

void tus_create(struct http_req *req, void *room)
{
    struct intake *intake = room;
    const char *key = request_key(req), *told = http_req_header(req, "Upload-Metadata");
    int64_t size = request_number(req, "Upload-Length");
    if (!key)
        return;
    if (size < 0) {
        refuse(req, 400, "malformed", "Upload-Length must be a whole number.", "Upload-Length");
        return;
    }
    if (size > most_bytes(intake)) {
        set_number(req, "Tus-Max-Size", most_bytes(intake));
        refuse_size(req);
        return;
    }
    struct buf name = BUF_INIT(METADATA_MAX), type = BUF_INIT(METADATA_MAX);
    tus_metadata(told, "filename", &name);
    tus_metadata(told, "filetype", &type);
    struct upload_about about = {
        .name = buf_text(&name), .name_len = name.len, .type = buf_text(&type), .type_len = type.len, .size = size};
    hold_open(hold_new(intake, req), req, key, &about, created);
    buf_free(&name);
    buf_free(&type);
}

/* ---- looking ---- */

static void looked(void *room, enum err err)
{
    struct hold *hold = room;
    struct http_req *req = intake_waiter_req(&hold->waiter);
    if (!req)
        return;
    if (err != ERR_OK) {
        refuse_err(req, err);
        return;
    }
    set_number(req, "Upload-Offset", upload_stored(hold->upload));
    if (upload_size(hold->upload) >= 0)
        set_number(req, "Upload-Length", upload_size(hold->upload));
    done(req, 200);
}

void tus_look(struct http_req *req, void *room)
{
    struct intake *intake = room;
    const char *key = request_key(req);
    if (key && !is_its_id(intake, req, key))
        refuse_err(req, ERR_NOT_FOUND);
    else if (key)
        hold_open(hold_new(intake, req), req, key, NULL, looked);
}

/* ---- pieces ---- */

/* All that came with this request is to be stored, and then it is answered. */
static void patch_end(struct hold *hold)
{
    hold->is_ending = 1;
    upload_flush(hold->upload, upload_got(hold->upload) == upload_size(hold->upload));
}

static void patch_opened(struct hold *hold, struct http_req *req)
{
    int64_t coming = request_number(req, "Content-Length"), stored = upload_stored(hold->upload);
    if (hold->offset != stored) {
        set_number(req, "Upload-Offset", stored);
        refuse(req, 409, "offset", "Upload-Offset is not where this upload stands.", "Upload-Offset");
    } else if (upload_got(hold->upload) > upload_size(hold->upload) || stored + coming > upload_size(hold->upload)) {
        refuse_size(req);
    } else {
        hold->is_open = 1;
        if (hold->is_complete)
            patch_end(hold);
        else
            http_body_go_on(req);
    }
}

static void patch_stepped(void *room, enum err err)
{
    struct hold *hold = room;
    struct http_req *req = intake_waiter_req(&hold->waiter);
    if (!req)
        return;
    if (err != ERR_OK) {
        refuse_err(req, err);
    } else if (!hold->is_open) {
        patch_opened(hold, req);
    } else if (hold->is_ending) {
        set_number(req, "Upload-Offset", upload_stored(hold->upload));
        done(req, 204);
    } else {
        http_body_go_on(req);
    }
}

/* NULL: it has been answered. */
static struct hold *patch_begin(struct intake *intake, struct http_req *req)
{
    const char *key = request_key(req);
    int64_t offset = request_number(req, "Upload-Offset");
    if (!key)
        return NULL;
    if (!api_is_type(req, PATCH_TYPE)) {
        refuse(req, 415, "media-type", "The body must be " PATCH_TYPE ".", NULL);
        return NULL;
    }
    if (offset < 0) {
        refuse(req, 400, "malformed", "Upload-Offset must be a whole number.", "Upload-Offset");
        return NULL;
    }
    if (!is_its_id(intake, req, key)) {
        refuse_err(req, ERR_NOT_FOUND);
        return NULL;
    }
    struct hold *hold = hold_new(intake, req);
    hold->offset = offset;
    hold_open(hold, req, key, NULL, patch_stepped);
    return hold->upload ? hold : NULL;
}

enum err tus_piece(struct http_req *req, void *room, const uint8_t *piece, size_t len)
{
    struct hold *hold = http_req_kept(req);
    if (!hold)
        hold = patch_begin(room, req);
    if (!hold)
        return ERR_OK;
    if (hold->is_open && upload_got(hold->upload) + (int64_t)len > upload_size(hold->upload)) {
        refuse_size(req);
        return ERR_OK;
    }
    if (upload_take(hold->upload, piece, len) || !hold->is_open)
        http_body_wait(req);
    return ERR_OK;
}

void tus_patched(struct http_req *req, void *room)
{
    struct hold *hold = http_req_kept(req);
    if (!hold)
        hold = patch_begin(room, req);
    if (!hold)
        return;
    hold->is_complete = 1;
    if (hold->is_open)
        patch_end(hold);
}

/* ---- ending ---- */

static void ended(void *room, uint64_t tag, enum err err)
{
    struct waiter *waiter = room;
    struct http_req *req = intake_waiter_req(waiter);
    (void)tag;
    if (req && err == ERR_OK)
        done(req, 204);
    else if (req)
        refuse_err(req, err);
    mem_free(waiter);
}

void tus_end(struct http_req *req, void *room)
{
    struct intake *intake = room;
    const char *key = request_key(req);
    uint8_t id[PIECE_ID];
    if (key && !is_its_id(intake, req, key)) {
        refuse_err(req, ERR_NOT_FOUND);
    } else if (key) {
        struct waiter *waiter = mem_new(sizeof *waiter);
        *waiter = intake_waiter(intake, req);
        piece_id(intake->once_secret, key, strlen(key), id);
        door_intake_upload_end(intake->store, id, LIMIT_STORE_MS, ended, waiter, 0);
    }
}

void tus_options(struct http_req *req, void *room)
{
    const struct intake *intake = room;
    http_set(req, "Allow", "GET, HEAD, OPTIONS, POST, PATCH, DELETE");
    http_set(req, "Tus-Version", VERSION);
    http_set(req, "Tus-Extension", EXTENSIONS);
    set_number(req, "Tus-Max-Size", most_bytes(intake));
    done(req, 204);
}
