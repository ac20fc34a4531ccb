/* form_files.c -- see form_files.h.
 *
 * Each file has an upload of its own under a key drawn here. While one of them cannot take more, the browser waits. The
 * end is told when the body is whole and every upload has said how it ended. */
#include "intake/form_files.h"

#include <string.h>

#include "common/base/code.h"
#include "common/base/mem.h"
#include "common/base/rng.h"
#include "common/http/multipart.h"

enum { KEY_BYTES = 24 };

struct taking;

struct one_file {
    struct taking *taking;
    struct upload *upload;
    struct form_file file;
    int is_ending, is_over; /* its end was asked for; it is stored */
};

struct taking {
    struct waiter waiter;
    const struct form_files_calls *calls;
    struct multipart *parser;
    struct form form;
    size_t form_bytes;
    char name[FORM_NAME_MAX + 1]; /* of the field that is coming */
    struct buf value;
    struct one_file *now; /* the file that is coming; NULL: a field, or nothing */
    int is_skipped;       /* what is coming is thrown away: no file was chosen */
    struct one_file *files[LIMIT_FILES];
    size_t count, had_count;
    int64_t bytes, had_bytes;
    int asked_had, is_complete, is_answered;
    enum form_files_end end;
};

/* ---- life and death ---- */

static void taking_free(void *kept)
{
    struct taking *taking = kept;
    for (size_t i = 0; i < taking->count; i++) {
        if (taking->files[i]->upload)
            upload_leave(taking->files[i]->upload, 0);
        mem_free(taking->files[i]);
    }
    multipart_free(taking->parser);
    form_free(&taking->form);
    buf_free(&taking->value);
    mem_free(taking);
}

/* Everything is known: the page is answered, whether or not the rest of the body has come. */
static void taking_tell(struct taking *taking, struct http_req *req)
{
    struct form_file files[LIMIT_FILES];
    size_t count = 0;
    taking->is_answered = 1;
    for (size_t i = 0; i < taking->count; i++)
        if (taking->files[i]->is_over)
            files[count++] = taking->files[i]->file;
    struct form_files told = {&taking->form, files, count, taking->end};
    taking->calls->done(taking->waiter.intake, req, &told);
    mem_wipe(files, sizeof files);
}

static int all_are_over(const struct taking *taking)
{
    for (size_t i = 0; i < taking->count; i++)
        if (taking->files[i] != taking->now && !taking->files[i]->is_over && taking->files[i]->upload)
            return 0;
    return 1;
}

/* A fault is told when the files before it are stored; a form that is whole when all are. */
static void taking_check(struct taking *taking)
{
    struct http_req *req = intake_waiter_req(&taking->waiter);
    if (req && !taking->is_answered && (taking->is_complete || taking->end != FORM_FILES_OK) && all_are_over(taking))
        taking_tell(taking, req);
}

static enum err taking_fails(struct taking *taking, enum form_files_end end)
{
    if (taking->end == FORM_FILES_OK)
        taking->end = end;
    if (taking->now && taking->now->upload) {
        upload_leave(taking->now->upload, 0);
        taking->now->upload = NULL;
    }
    taking->now = NULL;
    return ERR_CANCELLED;
}

/* ---- files ---- */

static void file_stepped(void *room, enum err err)
{
    struct one_file *one = room;
    struct taking *taking = one->taking;
    struct http_req *req = intake_waiter_req(&taking->waiter);
    if (err != ERR_OK) {
        upload_leave(one->upload, 0);
        one->upload = NULL;
        if (taking->now == one)
            taking->now = NULL;
        (void)taking_fails(taking, FORM_FILES_AWAY);
    } else if (one->is_ending && upload_is_whole(one->upload)) {
        one->is_over = 1;
    }
    taking_check(taking);
    if (req && !taking->is_answered)
        http_body_go_on(req);
}

static enum err file_begins(struct taking *taking, const char *filename, const char *type)
{
    struct intake *intake = taking->waiter.intake;
    uint8_t random[KEY_BYTES];
    if (!taking->asked_had)
        taking->calls->had(intake, &taking->form, &taking->had_count, &taking->had_bytes);
    taking->asked_had = 1;
    if (taking->had_count + taking->count >= (size_t)intake->settings->files_most)
        return taking_fails(taking, FORM_FILES_MANY);
    struct one_file *one = mem_new(sizeof *one);
    one->taking = taking;
    rng_bytes(random, sizeof random);
    code_base64url(random, sizeof random, one->file.key);
    mem_wipe(random, sizeof random);
    struct upload_about about = {
        .name = filename, .name_len = strlen(filename), .type = type, .type_len = type ? strlen(type) : 0, .size = -1};
    one->upload = upload_open(intake, one->file.key, &about, file_stepped, one);
    if (!one->upload) {
        mem_free(one);
        return taking_fails(taking, FORM_FILES_AWAY);
    }
    upload_name(one->upload, one->file.name);
    taking->files[taking->count++] = one;
    taking->now = one;
    return ERR_OK;
}

static enum err file_piece(struct taking *taking, const uint8_t *piece, size_t len)
{
    struct one_file *one = taking->now;
    int64_t most = taking->waiter.intake->settings->files_megabytes * 1024 * 1024;
    if (taking->had_bytes + taking->bytes + (int64_t)len > most)
        return taking_fails(taking, FORM_FILES_LARGE);
    taking->bytes += (int64_t)len;
    one->file.size += (int64_t)len;
    struct http_req *req = intake_waiter_req(&taking->waiter);
    if (upload_take(one->upload, piece, len) && req)
        http_body_wait(req);
    return ERR_OK;
}

/* ---- the parser's calls ---- */

static enum err part_begins(void *room, const char *name, const char *filename, const char *type)
{
    struct taking *taking = room;
    taking->now = NULL;
    /* A browser sends an empty part where no file was chosen. */
    taking->is_skipped = filename && (!*filename || strcmp(name, "file") != 0);
    if (filename && !taking->is_skipped)
        return file_begins(taking, filename, type);
    if (strlen(name) > FORM_NAME_MAX)
        return taking_fails(taking, FORM_FILES_BROKEN);
    memcpy(taking->name, name, strlen(name) + 1);
    buf_clear(&taking->value);
    return ERR_OK;
}

static enum err part_piece(void *room, const uint8_t *piece, size_t len)
{
    struct taking *taking = room;
    if (taking->now)
        return file_piece(taking, piece, len);
    if (taking->is_skipped)
        return ERR_OK;
    taking->form_bytes += len;
    if (taking->form_bytes > LIMIT_FORM_BODY || buf_add(&taking->value, piece, len) != ERR_OK)
        return taking_fails(taking, FORM_FILES_BROKEN);
    return ERR_OK;
}

static enum err part_ends(void *room)
{
    struct taking *taking = room;
    struct one_file *one = taking->now;
    if (one) {
        one->is_ending = 1;
        upload_flush(one->upload, 1);
        taking->now = NULL;
    } else if (!taking->is_skipped &&
               form_add(&taking->form, taking->name, buf_text(&taking->value), taking->value.len) != ERR_OK) {
        return taking_fails(taking, FORM_FILES_BROKEN);
    }
    return ERR_OK;
}

static const struct multipart_calls parts = {part_begins, part_piece, part_ends};

/* ---- the request ---- */

static struct taking *taking_of(struct http_req *req, struct intake *intake, const struct form_files_calls *calls)
{
    struct taking *taking = http_req_kept(req);
    if (taking)
        return taking;
    const char *type = http_req_header(req, "Content-Type");
    taking = mem_new(sizeof *taking);
    *taking = (struct taking){.waiter = intake_waiter(intake, req), .calls = calls};
    buf_init(&taking->value, LIMIT_FORM_BODY);
    http_req_keep(req, taking, taking_free);
    if (!type || multipart_new(type, &parts, taking, &taking->parser) != ERR_OK)
        (void)taking_fails(taking, FORM_FILES_BROKEN);
    return taking;
}

enum err form_files_piece(struct http_req *req, struct intake *intake, const struct form_files_calls *calls,
                          const uint8_t *piece, size_t len)
{
    struct taking *taking = taking_of(req, intake, calls);
    if (taking->end == FORM_FILES_OK && multipart_feed(taking->parser, piece, len) != ERR_OK)
        (void)taking_fails(taking, FORM_FILES_BROKEN); /* unless a call has said why */
    if (taking->end != FORM_FILES_OK) {
        http_body_wait(req);
        taking_check(taking);
    }
    return ERR_OK;
}

void form_files_complete(struct http_req *req, struct intake *intake, const struct form_files_calls *calls)
{
    struct taking *taking = taking_of(req, intake, calls);
    taking->is_complete = 1;
    if (taking->end == FORM_FILES_OK && multipart_end(taking->parser) != ERR_OK)
        (void)taking_fails(taking, FORM_FILES_BROKEN);
    taking_check(taking);
}
