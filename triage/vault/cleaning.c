/* cleaning.c -- see cleaning.h. A job is on the list until it is over and nothing it asked is unanswered; who is told
 * what is decided in job_over() and nowhere else. */
#include "triage/vault/cleaning.h"

#include <string.h>

#include "common/base/frame.h"
#include "common/base/mem.h"
#include "common/base/rw.h"
#include "common/text/json.h"

/* Pieces are smaller: a link takes four times this on its way, and all jobs may give one at a time. */
enum { PAYLOAD_MAX = 1024 * 1024, EXTENSION_MAX = 8, BYTES_FOLLOW = 1 };
/* Eight others may be in front, two at a time, a minute each. */
enum { STEP_MS = 20 * 1000, DONE_MS = 10 * 60 * 1000 };

struct job {
    struct job *next;
    struct cleaning *cleaning; /* NULL: freed meanwhile */
    uint64_t id, size, given;
    uint32_t number; /* the cleaner's; 0: not known yet */
    unsigned asks;   /* unanswered */
    int is_wanted;   /* a piece */
    int is_done;     /* told, and kept for reading */
    int is_over, is_late;
    enum err late;
    cleaning_more_fn *more;
    cleaning_done_fn *done; /* NULL once told */
    void *room;
    cleaning_read_fn *read; /* NULL: none under way */
    void *read_room;
    uint64_t offset, result_size;
};

struct cleaning {
    struct loop *loop;
    struct frame_client *client;
    struct job *jobs;
    uint64_t next_id;
    int is_ending;
};

/* Sizes are counted beforehand: PAYLOAD_MAX holds the longest message. */
static void put(enum err err)
{
    need(err == ERR_OK);
}

static struct job *job_of(struct cleaning *cleaning, uint64_t id)
{
    for (struct job *job = cleaning->jobs; job; job = job->next)
        if (job->id == id)
            return job;
    return NULL;
}

static struct job *live_job(struct cleaning *cleaning, uint64_t id)
{
    struct job *job = job_of(cleaning, id);
    return job && !job->is_over ? job : NULL;
}

static void job_free_if_idle(struct job *job)
{
    struct cleaning *cleaning = job->cleaning;
    if (!job->is_over || job->asks || job->is_late)
        return;
    for (struct job **at = cleaning ? &cleaning->jobs : NULL; at && *at; at = &(*at)->next)
        if (*at == job) {
            *at = job->next;
            break;
        }
    mem_free(job);
}

static void tell_over(struct job *job, enum err err)
{
    cleaning_read_fn *read = job->read;
    cleaning_done_fn *done = job->done;
    job->read = NULL;
    job->done = NULL;
    if (read)
        read(job->read_room, job->id, err, NULL, 0);
    if (done)
        done(job->room, job->id, err, NULL);
}

static void tell_late(void *arg)
{
    struct job *job = arg;
    tell_over(job, job->late);
    job->is_late = 0;
    job_free_if_idle(job);
}

static void dropped(void *room, uint64_t id, enum err err, const uint8_t *payload, size_t len)
{
    (void)room;
    (void)id;
    (void)err;
    (void)payload;
    (void)len;
}

/* The cleaner removes its files; when it cannot be asked the link is down, and it does so by itself. */
static void tell_cleaner(struct job *job)
{
    struct buf message = BUF_INIT(16);
    if (!job->number || job->cleaning->is_ending)
        return;
    put(wr_u8(&message, 'X'));
    put(wr_u32(&message, job->number));
    if (frame_ask(job->cleaning->client, message.bytes, message.len, STEP_MS, dropped, NULL, 0) != ERR_OK)
        job->number = 0;
    buf_free(&message);
}

/* Told at the next turn: whoever calls us is not called back meanwhile. */
static void job_over(struct job *job, enum err err)
{
    if (job->is_over)
        return;
    job->is_over = 1;
    tell_cleaner(job);
    job->late = err;
    job->is_late = 1;
    loop_later(job->cleaning->loop, tell_late, job);
}

/* ---- asking ---- */

static void ask(struct job *job, struct buf *message, int64_t deadline_ms, frame_answer_fn *fn)
{
    enum err err =
        frame_ask(job->cleaning->client, message->bytes, message->len, deadline_ms, fn, job->cleaning, job->id);
    buf_free(message);
    if (err == ERR_OK)
        job->asks++;
    else
        job_over(job, err);
}

static struct buf message_of(const struct job *job, char op)
{
    struct buf message = BUF_INIT(PAYLOAD_MAX);
    put(wr_u8(&message, (uint8_t)op));
    put(wr_u32(&message, job->number));
    return message;
}

/* The job that was answered, or NULL when it is over; *err becomes what the cleaner said. The caller ends *object. */
static struct job *answered(struct cleaning *cleaning, uint64_t id, enum err *err, const uint8_t *payload, size_t len,
                            json_t **object)
{
    static const char *const words[] = {"busy", "too-big", "no-job", "malformed", NULL};
    static const enum err errs[] = {ERR_BUSY, ERR_TOO_BIG, ERR_NOT_FOUND, ERR_MALFORMED};
    struct json_fault fault;
    struct job *job = job_of(cleaning, id);
    size_t which = 4;
    *object = NULL;
    need(job && job->asks);
    job->asks--;
    if (*err == ERR_OK && json_read_object(payload, len, object, &fault) != ERR_OK)
        *err = ERR_MALFORMED;
    if (*err == ERR_OK && json_object_get(*object, "error"))
        *err =
            json_choice(*object, "error", JSON_REQUIRED, words, &which, &fault) == ERR_OK ? errs[which] : ERR_MALFORMED;
    return job;
}

static void want_more(struct job *job)
{
    job->is_wanted = 1;
    job->more(job->room, job->id);
}

static void settle(struct job *job, enum err err)
{
    if (err != ERR_OK)
        job_over(job, err);
    job_free_if_idle(job);
}

/* ---- the end ---- */

static enum err copy_word(const json_t *object, const char *key, char *out, size_t size)
{
    const char *text = "";
    struct json_fault fault;
    enum err err = json_text(object, key, JSON_MAY_MISS, size - 1, &text, &fault);
    if (err == ERR_OK)
        memcpy(out, text, strlen(text) + 1);
    return err;
}

static enum err read_result(const json_t *object, struct cleaning_result *result)
{
    static const char *const statuses[] = {"cleaned", "uncleaned", "refused", NULL};
    struct json_fault fault;
    size_t status = 0;
    int64_t size = 0;
    enum err bad = json_choice(object, "status", JSON_REQUIRED, statuses, &status, &fault);
    bad |= json_int(object, "size", JSON_REQUIRED, 0, INT64_MAX, &size, &fault);
    bad |= copy_word(object, "type", result->type, sizeof result->type);
    bad |= copy_word(object, "result_type", result->result_type, sizeof result->result_type);
    bad |= copy_word(object, "by", result->by, sizeof result->by);
    bad |= copy_word(object, "says", result->says, sizeof result->says);
    result->status = (enum cleaning_status)status;
    result->size = (uint64_t)size;
    int has_result = result->size > 0 && result->result_type[0];
    return bad == ERR_OK && (result->status == CLEANING_CLEANED) == has_result ? ERR_OK : ERR_MALFORMED;
}

static void told_end(void *room, uint64_t id, enum err err, const uint8_t *payload, size_t len)
{
    json_t *object;
    struct cleaning_result result = {0};
    struct job *job = answered(room, id, &err, payload, len, &object);
    if (err == ERR_OK && !job->is_over)
        err = read_result(object, &result);
    json_decref(object);
    if (err == ERR_OK && !job->is_over) {
        cleaning_done_fn *done = job->done;
        job->is_done = 1;
        job->done = NULL;
        job->result_size = result.size;
        job->asks++; /* it is not freed below us when it is dropped there */
        done(job->room, id, ERR_OK, &result);
        job->asks--;
    }
    settle(job, err);
}

static void told_piece(void *room, uint64_t id, enum err err, const uint8_t *payload, size_t len)
{
    json_t *object;
    struct job *job = answered(room, id, &err, payload, len, &object);
    json_decref(object);
    if (err == ERR_OK && !job->is_over && job->given < job->size) {
        job->asks++;
        want_more(job);
        job->asks--;
    } else if (err == ERR_OK && !job->is_over) {
        struct buf message = message_of(job, 'E');
        ask(job, &message, DONE_MS, told_end);
    }
    settle(job, err);
}

/* ---- the beginning ---- */

static void told_begin(void *room, uint64_t id, enum err err, const uint8_t *payload, size_t len)
{
    json_t *object;
    struct json_fault fault;
    int64_t number = 0;
    struct job *job = answered(room, id, &err, payload, len, &object);
    if (err == ERR_OK)
        err = json_int(object, "job", JSON_REQUIRED, 1, UINT32_MAX, &number, &fault) == ERR_OK ? ERR_OK : ERR_MALFORMED;
    json_decref(object);
    job->number = (uint32_t)number;
    if (err == ERR_OK && job->is_over) {
        /* Dropped before it had a number. */
        tell_cleaner(job);
    } else if (err == ERR_OK) {
        job->asks++;
        want_more(job);
        job->asks--;
    }
    settle(job, err);
}

static size_t extension_len(const char *extension)
{
    size_t len = strspn(extension, "abcdefghijklmnopqrstuvwxyz0123456789");
    return len <= EXTENSION_MAX && extension[len] == '\0' ? len : 0;
}

enum err cleaning_run(struct cleaning *cleaning, enum cleaning_want want, const char *extension, uint64_t size,
                      cleaning_more_fn *more, cleaning_done_fn *done, void *room, uint64_t *id)
{
    struct buf message = BUF_INIT(64);
    unsigned count = 0;
    need(size > 0);
    for (const struct job *job = cleaning->jobs; job; job = job->next)
        count += !job->is_over;
    if (count >= CLEANING_JOBS_MAX)
        return ERR_BUSY;
    put(wr_u8(&message, 'B'));
    put(wr_u64(&message, size));
    put(wr_u8(&message, (uint8_t)want));
    put(wr_u8(&message, (uint8_t)extension_len(extension)));
    put(buf_add(&message, extension, extension_len(extension)));
    enum err err =
        frame_ask(cleaning->client, message.bytes, message.len, STEP_MS, told_begin, cleaning, cleaning->next_id);
    buf_free(&message);
    if (err != ERR_OK)
        return err;
    struct job *job = mem_new(sizeof *job);
    *job = (struct job){.next = cleaning->jobs,
                        .cleaning = cleaning,
                        .id = cleaning->next_id++,
                        .size = size,
                        .asks = 1,
                        .more = more,
                        .done = done,
                        .room = room};
    cleaning->jobs = job;
    *id = job->id;
    return ERR_OK;
}

void cleaning_give(struct cleaning *cleaning, uint64_t id, const void *bytes, size_t len)
{
    struct job *job = live_job(cleaning, id);
    if (!job)
        return;
    need(job->is_wanted && len > 0 && len <= CLEANING_PIECE_MAX && len <= job->size - job->given);
    struct buf message = message_of(job, 'P');
    job->is_wanted = 0;
    job->given += len;
    put(buf_add(&message, bytes, len));
    ask(job, &message, STEP_MS, told_piece);
}

void cleaning_drop(struct cleaning *cleaning, uint64_t id)
{
    struct job *job = live_job(cleaning, id);
    if (job)
        job_over(job, ERR_CANCELLED);
}

/* ---- reading ---- */

static void told_read(void *room, uint64_t id, enum err err, const uint8_t *payload, size_t len)
{
    struct job *job = job_of(room, id);
    need(job && job->asks);
    job->asks--;
    cleaning_read_fn *read = job->read;
    if (err == ERR_OK && (len < 1 || payload[0] != BYTES_FOLLOW))
        err = len > 0 && payload[0] == '{' ? ERR_NOT_FOUND : ERR_MALFORMED;
    uint64_t left = job->offset < job->result_size ? job->result_size - job->offset : 0;
    if (err == ERR_OK && len - 1 != (left < CLEANING_PIECE_MAX ? left : CLEANING_PIECE_MAX))
        err = ERR_MALFORMED;
    if (!job->is_over && read) {
        job->read = NULL;
        job->asks++;
        read(job->read_room, id, err, err == ERR_OK ? payload + 1 : NULL, err == ERR_OK ? len - 1 : 0);
        job->asks--;
    }
    job_free_if_idle(job);
}

enum err cleaning_read(struct cleaning *cleaning, uint64_t id, uint64_t offset, cleaning_read_fn *fn, void *room)
{
    struct job *job = live_job(cleaning, id);
    if (!job || !job->is_done)
        return ERR_NOT_FOUND;
    if (job->read)
        return ERR_BUSY;
    struct buf message = message_of(job, 'G');
    put(wr_u64(&message, offset));
    enum err err = frame_ask(cleaning->client, message.bytes, message.len, STEP_MS, told_read, cleaning, id);
    buf_free(&message);
    if (err != ERR_OK)
        return err;
    job->asks++;
    job->offset = offset;
    job->read = fn;
    job->read_room = room;
    return ERR_OK;
}

/* ---- all of it ---- */

struct cleaning *cleaning_new(struct loop *loop, const char *path, uid_t cleaner_uid)
{
    struct cleaning *cleaning = mem_new(sizeof *cleaning);
    cleaning->loop = loop;
    cleaning->next_id = 1;
    cleaning->client = frame_client_new(loop, path, cleaner_uid, 1, PAYLOAD_MAX);
    return cleaning;
}

void cleaning_free(struct cleaning *cleaning)
{
    if (!cleaning)
        return;
    cleaning->is_ending = 1;
    /* Answers what was asked: all jobs but those that are kept for reading are over. */
    frame_client_free(cleaning->client);
    for (struct job *job = cleaning->jobs, *next; job; job = next) {
        next = job->next;
        tell_over(job, ERR_CANCELLED);
        job->cleaning = NULL;
        job->is_over = 1;
        job_free_if_idle(job);
    }
    mem_free(cleaning);
}

int cleaning_is_up(const struct cleaning *cleaning)
{
    return frame_client_is_up(cleaning->client);
}
