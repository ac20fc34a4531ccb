/* ops_file.c -- files that came with a message: looked at as a picture that the cleaner made, or taken out with a
 * reason, as a copy without hidden data or as they came (docs/evidence.md, "At the desk").
 *
 * Each begins with a leaf of the audit log and ends in a ticket (takings.h); what leaves is fetched piece by piece. */
#include <string.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/mem.h"
#include "triage/vault/audit.h"
#include "triage/vault/case_state.h"
#include "triage/vault/case_view.h"
#include "triage/vault/conversation.h"
#include "triage/vault/ops.h"
#include "triage/vault/seen.h"
#include "triage/vault/taking_job.h"

enum { REASON_MAX = 2000, WHICH_MAX = 10 };

/* ---- a ticket ---- */

static int read_file_id(struct request *request, uint8_t out[static 16])
{
    const char *text;
    if (!request_text(request, "file", 1, CODE_ID_SIZE, &text))
        return 0;
    if (code_unid(text, strlen(text), out) == ERR_OK)
        return 1;
    request_fail(request, "malformed", "This is missing, or not in the form it must have.", "file");
    return 0;
}

/* The ticket that was begun for the request; its id was kept there. */
static struct taking *begun(struct request *request)
{
    json_object_set_new(request->body, "ticket", json_string(json_string_value(request->kept)));
    return taking_of(request);
}

static void answer_ticket(struct request *request, const struct taking *t)
{
    request_ok(request, json_pack("{s:s,s:s,s:I}", "ticket", t->id, "name", t->name, "number", (json_int_t)t->number));
}

static void head_read(void *room, uint64_t tag, enum err err, const struct vault_upload *upload)
{
    (void)tag;
    struct request *request = room;
    struct taking *t = begun(request);
    struct evidence_head head = {.size = -1};
    if (!t || err == ERR_CANCELLED) {
        request_fail_with(request, ERR_CANCELLED);
        return;
    }
    if (err == ERR_OK)
        err = evidence_head_open(&t->file, vault_office(request->vault), upload->head, upload->head_len, &head);
    int is_broken = err == ERR_CRYPTO || err == ERR_MALFORMED || (err == ERR_OK && head.size < 0);
    int is_missing = err == ERR_NOT_FOUND || (err == ERR_OK && !upload->is_whole);
    if (err != ERR_OK || is_broken || is_missing) {
        taking_end(t);
        if (is_missing)
            request_fail(request, "not_found", "This file never arrived whole.", "file");
        else if (is_broken)
            request_fail(request, "conflict", "This file is broken: it was changed, or a part is missing.", "file");
        else
            request_fail_with(request, err);
        return;
    }
    t->pieces = upload->pieces;
    t->size = head.size;
    memcpy(t->name, head.name, sizeof t->name);
    memcpy(t->extension, head.extension, sizeof t->extension);
    if (t->job)
        taking_job_run(t->job);
    else {
        t->state = TAKING_READY;
        t->is_busy = 0;
    }
    answer_ticket(request, t);
}

static void found(void *room, enum err err, const struct evidence_file *file, size_t number)
{
    struct request *request = room;
    struct taking *t = begun(request);
    const struct case_file *of = t && err == ERR_OK ? case_asked(request, 0) : NULL;
    if (of) {
        t->file = *file;
        t->number = number;
        door_vault_upload(request->vault->door, of->id, file->id, 0, 0, VAULT_DEADLINE_MS, head_read, request, 0);
        return;
    }
    int was_answered = t && err == ERR_OK; /* by case_asked() */
    if (t)
        taking_end(t);
    if (!was_answered && err == ERR_NOT_FOUND)
        request_fail(request, "not_found", "There is no such file in this case.", "file");
    else if (!was_answered)
        request_fail_with(request, err == ERR_OK ? ERR_CANCELLED : err);
}

static enum taking_what what_of(const struct request *request)
{
    const char *which = state_text(request->body, "which");
    return !*which ? TAKING_LOOK : strcmp(which, "original") == 0 ? TAKING_ORIGINAL : TAKING_CLEAN;
}

static void kept(void *room, enum err err)
{
    struct request *request = room;
    uint8_t id[16];
    struct taking *t;
    const struct case_file *file = err == ERR_OK ? case_asked(request, 0) : NULL;
    if (err != ERR_OK)
        request_fail_with(request, err);
    if (!file || !read_file_id(request, id))
        return;
    err = takings_add(request, what_of(request), file->id, id, &t);
    if (err != ERR_OK) {
        request_fail(request, "busy",
                     err == ERR_BUSY ? "You are fetching two files already. Let one of them end first."
                                     : "Other files are being prepared. Try again in a minute.",
                     NULL);
        return;
    }
    if (t->pieces) {
        answer_ticket(request, t);
        return;
    }
    json_decref(request->kept);
    request->kept = json_string(t->id);
    conversation_file(request->vault, file->id, id, found, request);
}

/* ---- the operations ---- */

void ops_file_look(struct request *request)
{
    uint8_t id[16];
    const struct case_file *file = case_asked_as_second(request, 0);
    if (!file || !read_file_id(request, id))
        return;
    json_object_del(request->body, "which");
    audit_alone(request->vault, request->who, "file.look", file->id,
                json_pack("{s:s}", "file", state_text(request->body, "file")), kept, request);
}

void ops_file_download(struct request *request)
{
    uint8_t id[16];
    const char *which, *reason;
    const struct case_file *file = case_asked(request, 0);
    if (!file || !read_file_id(request, id) || !request_text(request, "which", 1, WHICH_MAX, &which) ||
        !request_text(request, "reason", 1, REASON_MAX, &reason))
        return;
    if (strcmp(which, "clean") != 0 && strcmp(which, "original") != 0) {
        request_fail(request, "malformed", "This is missing, or not in the form it must have.", "which");
        return;
    }
    audit_alone(request->vault, request->who, "file.download", file->id,
                json_pack("{s:s,s:s,s:s}", "file", state_text(request->body, "file"), "which", which, "reason", reason),
                kept, request);
}

/* ---- a piece ---- */

/* The last piece may end it: what it says is taken before. */
static json_t *piece_json(const struct taking *t, const uint8_t *bytes, size_t len, int is_last)
{
    char name[EVIDENCE_LEAVES_SIZE];
    char *text = mem_new(CODE_BASE64_SIZE(len));
    code_base64(bytes, len, text);
    evidence_leaves(t->number, t->job ? t->result_type : NULL, t->extension, name);
    json_t *json = json_pack("{s:s,s:b,s:s,s:I,s:s,s:s,s:s}", "bytes", text, "last", is_last, "leaves_as", name, "size",
                             (json_int_t)t->size, "type", t->type, "result_type", t->result_type, "by", t->by);
    need(json != NULL);
    mem_free(text);
    return json;
}

static void given(struct request *request, enum err err, const uint8_t *bytes, size_t len)
{
    struct taking *t = taking_of(request);
    if (t && err == ERR_OK && !seen_find(request->vault, request->who, json_string_value(request->kept)))
        err = ERR_NOT_FOUND; /* it went meanwhile, or for who asks */
    if (!t || err != ERR_OK) {
        if (t)
            taking_end(t);
        if (err == ERR_CRYPTO || err == ERR_MALFORMED)
            request_fail(request, "conflict", "This file is broken: it was changed, or a part is missing.", NULL);
        else
            request_fail_with(request, err == ERR_OK ? ERR_CANCELLED : err);
        return;
    }
    t->given += (int64_t)len;
    t->next++;
    t->is_busy = 0;
    t->touched = clock_wall();
    int is_last = t->job ? t->given >= t->size : t->next == t->pieces;
    if (is_last && t->given != t->size) {
        taking_end(t);
        request_fail(request, "conflict", "This file is broken: it was changed, or a part is missing.", NULL);
        return;
    }
    json_t *answer = piece_json(t, bytes, len, is_last);
    if (is_last)
        taking_end(t);
    request_ok(request, answer);
}

/* What the cleaner could not do is an answer, not a fault: the original is there all the same. */
static void refused(struct request *request, struct taking *t)
{
    json_t *answer = json_pack("{s:s,s:s,s:s}", "refused", t->says, "type", t->type, "by", t->by);
    taking_end(t);
    request_ok(request, answer);
}

static void give(struct request *request, struct taking *t)
{
    char id[CODE_ID_SIZE];
    code_id(t->case_id, id);
    json_decref(request->kept);
    request->kept = json_string(id);
    t->is_busy = 1;
    if (t->job)
        taking_job_read(t->job, request, given);
    else
        taking_piece_read(t, request, given);
}

void ops_file_piece(struct request *request)
{
    const char *ticket;
    int64_t n = 0;
    int leave = 0;
    if (!request_text(request, "ticket", 1, TAKING_ID, &ticket) || !request_int(request, "n", 0, 0, INT32_MAX, &n) ||
        !request_flag(request, "leave", 0, &leave))
        return;
    struct taking *t = taking_asked(request);
    if (!t) {
        request_fail(request, "not_found", "This ticket is not good any more. Ask for the file again.", "ticket");
    } else if (leave) {
        taking_end(t);
        request_ok(request, NULL);
    } else if (t->waiting || (t->is_busy && t->state != TAKING_WORKING)) {
        request_fail_with(request, ERR_BUSY);
    } else if (n != t->next) {
        request_fail(request, "malformed", "The pieces of a file come in their order, each once.", "n");
    } else if (t->state == TAKING_READY) {
        give(request, t);
    } else if (t->state == TAKING_REFUSED) {
        refused(request, t);
    } else if (request->kept) { /* it has waited */
        t->touched = clock_wall();
        request_ok(request, json_pack("{s:b}", "waits", 1));
    } else {
        request->kept = json_true();
        t->waiting = request;
        t->waits_since = clock_wall();
        t->touched = clock_wall();
    }
}
