/* taking_job.c -- see taking_job.h. Whoever let the ticket go meanwhile is told nothing: the ticket is asked for by its
 * id each time. */
#include "triage/vault/taking_job.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "triage/vault/cleaning.h"

struct taking_job {
    struct taking *taking; /* NULL: let go */
    struct vault *vault;
    uint64_t id; /* of the cleaner's client */
    int is_running;
    unsigned asks; /* unanswered */
    int32_t next;
    int64_t given;
    taking_bytes_fn *read;
    struct request *reader;
};

struct taking_job *taking_job_new(struct taking *taking)
{
    struct taking_job *job = mem_new(sizeof *job);
    job->taking = taking;
    job->vault = taking->vault;
    return job;
}

static void free_if_idle(struct taking_job *job)
{
    if (!job->taking && job->asks == 0)
        mem_free(job);
}

/* The last thing that a callback does: whoever is told may have let the ticket go. */
static void answered(struct taking_job *job)
{
    job->asks--;
    free_if_idle(job);
}

static void leave_cleaner(struct taking_job *job)
{
    if (job->is_running)
        cleaning_drop(job->vault->cleaning, job->id);
    job->is_running = 0;
}

void taking_job_drop(struct taking_job *job)
{
    if (!job)
        return;
    job->taking = NULL;
    leave_cleaner(job);
    free_if_idle(job);
}

static void copy(char *to, size_t size, const char *from)
{
    size_t len = strlen(from) < size ? strlen(from) : size - 1;
    memcpy(to, from, len);
    to[len] = 0;
}

static void refuse(struct taking_job *job, const char *says)
{
    struct taking *t = job->taking;
    leave_cleaner(job);
    if (!t)
        return;
    copy(t->says, sizeof t->says, says);
    t->state = TAKING_REFUSED;
    t->is_busy = 0;
    taking_tell(t);
}

/* ---- pieces from the database ---- */

static enum err open_piece(const struct taking *t, const struct vault_upload *upload, int32_t n, struct buf *out)
{
    struct piece_place place = {
        .office = vault_office(t->vault), .n = (uint32_t)n, .is_last = upload->is_whole && n == upload->pieces - 1};
    memcpy(place.file, t->file.id, sizeof place.file);
    if (!upload->is_whole || upload->pieces != t->pieces || upload->count != 1 || upload->piece[0].n != n)
        return ERR_MALFORMED;
    return piece_open(t->file.key, &place, upload->piece[0].body, upload->piece[0].len, out);
}

static void want_piece(struct taking_job *job);

static void piece_read(void *room, uint64_t tag, enum err err, const struct vault_upload *upload)
{
    (void)tag;
    struct taking_job *job = room;
    struct buf text = BUF_INIT(PIECE_TEXT);
    struct taking *t = job->taking;
    int is_database = err == ERR_DB_DOWN || err == ERR_TIMEOUT || err == ERR_BUSY || err == ERR_CANCELLED;
    if (t && err == ERR_OK)
        err = open_piece(t, upload, job->next, &text);
    if (t && err == ERR_OK && text.len > (uint64_t)(t->size - job->given))
        err = ERR_MALFORMED;
    if (t && err != ERR_OK) {
        refuse(job, is_database ? "busy" : "broken");
    } else if (t) {
        job->next++;
        job->given += (int64_t)text.len;
        if (text.len)
            cleaning_give(job->vault->cleaning, job->id, text.bytes, text.len);
        else
            want_piece(job); /* zeroes alone */
    }
    buf_free(&text);
    answered(job);
}

static void want_piece(struct taking_job *job)
{
    const struct taking *t = job->taking;
    if (job->next >= t->pieces) {
        refuse(job, "broken"); /* it ends before its size */
        return;
    }
    job->asks++;
    door_vault_upload(job->vault->door, t->case_id, t->file.id, job->next, 1, VAULT_DEADLINE_MS, piece_read, job, 0);
}

/* ---- the cleaner ---- */

static void wanted(void *room, uint64_t id)
{
    (void)id;
    struct taking_job *job = room;
    if (job->taking)
        want_piece(job);
}

static const char *words_of(enum err err)
{
    return err == ERR_BUSY ? "busy" : err == ERR_TOO_BIG ? "limits" : err == ERR_TIMEOUT ? "limits" : "away";
}

static void cleaned(void *room, uint64_t id, enum err err, const struct cleaning_result *result)
{
    (void)id;
    struct taking_job *job = room;
    struct taking *t = job->taking;
    if (err != ERR_OK)
        job->is_running = 0;
    if (t && err == ERR_OK) {
        copy(t->type, sizeof t->type, result->type);
        copy(t->by, sizeof t->by, result->by);
        copy(t->result_type, sizeof t->result_type, result->result_type);
    }
    if (t && err == ERR_OK && result->status == CLEANING_CLEANED) {
        int is_too_big = t->what == TAKING_LOOK && result->size > TAKING_LOOK_MAX;
        t->size = (int64_t)result->size;
        copy(t->says, sizeof t->says, result->says);
        t->state = TAKING_READY;
        t->is_busy = 0;
        if (is_too_big)
            refuse(job, "limits");
        else
            taking_tell(t);
    } else if (t && t->state == TAKING_WORKING) {
        refuse(job, err == ERR_OK ? result->says : words_of(err));
    } else if (err == ERR_OK) {
        leave_cleaner(job);
    }
    answered(job);
}

static void run(void *arg)
{
    struct taking_job *job = arg;
    struct taking *t = job->taking;
    struct cleaning *cleaning = job->vault->cleaning;
    if (t && t->size == 0) {
        refuse(job, "broken"); /* there is nothing in it */
    } else if (t) {
        enum err err = cleaning ? cleaning_run(cleaning, t->what == TAKING_LOOK ? CLEANING_PIXELS : CLEANING_COPY,
                                               t->extension, (uint64_t)t->size, wanted, cleaned, job, &job->id)
                                : ERR_SYSTEM;
        if (err == ERR_OK) {
            job->is_running = 1;
            job->asks++;
        } else {
            refuse(job, words_of(err));
        }
    }
    answered(job);
}

void taking_job_run(struct taking_job *job)
{
    job->asks++;
    loop_later(job->vault->loop, run, job);
}

/* ---- what leaves ---- */

static void result_read(void *room, uint64_t id, enum err err, const uint8_t *bytes, size_t len)
{
    (void)id;
    struct taking_job *job = room;
    job->read(job->reader, err == ERR_OK ? ERR_OK : ERR_BUSY, bytes, len);
    answered(job);
}

static void could_not_read(void *room)
{
    result_read(room, 0, ERR_SYSTEM, NULL, 0);
}

void taking_job_read(struct taking_job *job, struct request *request, taking_bytes_fn *done)
{
    job->read = done;
    job->reader = request;
    job->asks++;
    if (cleaning_read(job->vault->cleaning, job->id, (uint64_t)job->taking->given, result_read, job) != ERR_OK)
        loop_later(job->vault->loop, could_not_read, job);
}

struct piece_asked {
    struct request *request;
    taking_bytes_fn *done;
};

static void original_read(void *room, uint64_t tag, enum err err, const struct vault_upload *upload)
{
    (void)tag;
    struct piece_asked asked = *(struct piece_asked *)room;
    const struct taking *t = taking_of(asked.request);
    struct buf text = BUF_INIT(PIECE_TEXT);
    mem_free(room);
    if (err == ERR_OK)
        err = t ? open_piece(t, upload, t->next, &text) : ERR_CANCELLED;
    asked.done(asked.request, err, err == ERR_OK ? (const uint8_t *)buf_text(&text) : NULL, text.len);
    buf_free(&text);
}

void taking_piece_read(struct taking *t, struct request *request, taking_bytes_fn *done)
{
    struct piece_asked *asked = mem_new(sizeof *asked);
    *asked = (struct piece_asked){request, done};
    door_vault_upload(t->vault->door, t->case_id, t->file.id, t->next, 1, VAULT_DEADLINE_MS, original_read, asked, 0);
}
