/* room.c -- see room.h. A job goes one way: filled, waits, runs, done; it is freed in job_end() and nowhere else. One
 * that runs is stopped first, and freed when the starter has told its end. */
#include "triage/cleaner/room.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/rng.h"
#include "triage/cleaner/craft.h"
#include "triage/cleaner/report.h"
#include "triage/cleaner/work.h"

enum state { STATE_FREE, STATE_FILLED, STATE_WAITS, STATE_RUNS, STATE_STOPS, STATE_DONE };

struct job {
    enum state state;
    uint32_t number;
    uint64_t peer;
    uint32_t request; /* of the 'E' that is not answered yet */
    int fd;           /* the file while it is filled, the result when done; -1 */
    uint64_t size, filled;
    uint64_t result_size;
    int64_t touched;
    struct runner_job plan;
};

struct cleaner {
    struct loop *loop;
    struct frame_server *server;
    struct starter *starter;
    char *work;
    uint64_t bytes_max;
    uint32_t next_number;
    struct job jobs[CLEANER_JOBS_MAX];
};

/* ---- answers ---- */

static void answer(struct cleaner *cleaner, uint64_t peer, uint32_t request, const void *bytes, size_t len)
{
    if (frame_answer(cleaner->server, peer, request, bytes, len) != ERR_OK)
        log_warn("clean_answer_lost");
}

static void answer_text(struct cleaner *cleaner, uint64_t peer, uint32_t request, const char *text)
{
    answer(cleaner, peer, request, text, strlen(text));
}

static const char OK[] = "{\"ok\":true}", BUSY[] = "{\"error\":\"busy\"}", TOO_BIG[] = "{\"error\":\"too-big\"}",
                  NO_JOB[] = "{\"error\":\"no-job\"}", MALFORMED[] = "{\"error\":\"malformed\"}";

/* ---- jobs ---- */

static struct job *job_of(struct cleaner *cleaner, uint64_t peer, uint32_t number)
{
    for (size_t i = 0; i < CLEANER_JOBS_MAX; i++) {
        struct job *job = &cleaner->jobs[i];
        if (job->state != STATE_FREE && job->state != STATE_STOPS && job->peer == peer && job->number == number)
            return job;
    }
    return NULL;
}

/* The oldest that waits. Numbers grow. */
static struct job *next_waiting(struct cleaner *cleaner)
{
    struct job *next = NULL;
    for (size_t i = 0; i < CLEANER_JOBS_MAX; i++) {
        struct job *job = &cleaner->jobs[i];
        if (job->state == STATE_WAITS && (!next || job->number < next->number))
            next = job;
    }
    return next;
}

static unsigned jobs_in(const struct cleaner *cleaner, enum state state)
{
    unsigned count = 0;
    for (size_t i = 0; i < CLEANER_JOBS_MAX; i++)
        count += cleaner->jobs[i].state == state;
    return count;
}

static void job_close(struct job *job)
{
    if (job->fd >= 0)
        close(job->fd);
    job->fd = -1;
}

static void job_end(struct cleaner *cleaner, struct job *job)
{
    job_close(job);
    if (job->state == STATE_RUNS) {
        job->state = STATE_STOPS;
        starter_stop(cleaner->starter, job->number);
        return;
    }
    if (job->state == STATE_STOPS)
        return;
    work_job_remove(cleaner->work, job->number);
    *job = (struct job){.fd = -1};
}

static void start_waiting(struct cleaner *cleaner)
{
    while (jobs_in(cleaner, STATE_RUNS) + jobs_in(cleaner, STATE_STOPS) < STARTER_JOBS_MAX) {
        struct job *job = next_waiting(cleaner);
        if (!job)
            return;
        job->state = STATE_RUNS;
        starter_run(cleaner->starter, job->number, &job->plan);
    }
}

/* ---- what the starter tells ---- */

static void read_report(struct cleaner *cleaner, struct job *job, struct report *report)
{
    uint8_t bytes[REPORT_BYTES + 1];
    uint64_t size;
    int fd = work_open(cleaner->work, job->number, RUNNER_REPORT, &size);
    ssize_t got = fd < 0 ? -1 : read(fd, bytes, sizeof bytes);
    if (fd >= 0)
        close(fd);
    if (got < 0 || report_read(bytes, (size_t)got, report) != ERR_OK)
        *report = (struct report){.status = REPORT_REFUSED, .says = REPORT_BROKEN};
    if (report->status != REPORT_CLEANED)
        return;
    job->fd = work_open(cleaner->work, job->number, CRAFT_RESULT, &job->result_size);
    if (job->fd < 0)
        *report = (struct report){.status = REPORT_REFUSED, .says = REPORT_BROKEN};
}

/* How it ended is said, and nothing of what it was about. */
static void log_end(const struct report *report, enum starter_end end)
{
    if (end == STARTER_FAILED)
        log_error("clean_failed", LOG_WORD("cause", "runner"));
    else if (report->says == REPORT_NO_TOOL)
        log_warn("clean_without", LOG_WORD("cause", "tool_missing"));
    else
        log_info("clean_done", LOG_NUM("status", report->status), LOG_NUM("says", report->says));
}

static void job_done(struct cleaner *cleaner, struct job *job, enum starter_end end)
{
    struct report report = {.status = REPORT_REFUSED, .says = end == STARTER_LIMITS ? REPORT_LIMITS : REPORT_BROKEN};
    struct buf out = BUF_INIT(512);
    job->result_size = 0;
    if (end == STARTER_ENDED)
        read_report(cleaner, job, &report);
    /* The result lives on by its descriptor; the rest is not needed any more. */
    work_job_remove(cleaner->work, job->number);
    job->state = STATE_DONE;
    job->touched = loop_now(cleaner->loop);
    log_end(&report, end);
    report_say(&report, job->result_size, &out);
    answer(cleaner, job->peer, job->request, out.bytes, out.len);
    buf_free(&out);
}

static void ended(void *arg, uint32_t number, enum starter_end end)
{
    struct cleaner *cleaner = arg;
    for (size_t i = 0; i < CLEANER_JOBS_MAX; i++) {
        struct job *job = &cleaner->jobs[i];
        if (job->number != number || (job->state != STATE_RUNS && job->state != STATE_STOPS))
            continue;
        if (job->state == STATE_RUNS) {
            job_done(cleaner, job, end);
        } else {
            job->state = STATE_DONE;
            job_end(cleaner, job);
        }
    }
    start_waiting(cleaner);
}

/* Without it nothing can be cleaned: whoever started us starts us again. */
static void lost(void *arg)
{
    struct cleaner *cleaner = arg;
    log_error("clean_starter_lost");
    loop_stop(cleaner->loop);
}

/* ---- what the vault asks ---- */

static void op_begin(struct cleaner *cleaner, uint64_t peer, uint32_t request, const struct ask *ask)
{
    const uint64_t room = cleaner->bytes_max - (uint64_t)STARTER_JOBS_MAX * CLEANER_SPARE;
    char text[32];
    struct job *job = NULL;
    uint64_t taken = 0;
    for (size_t i = 0; i < CLEANER_JOBS_MAX; i++) {
        taken += 2 * cleaner->jobs[i].size;
        if (cleaner->jobs[i].state == STATE_FREE)
            job = &cleaner->jobs[i];
    }
    if (ask->size > room / 2 || !job || taken + 2 * ask->size > room) {
        answer_text(cleaner, peer, request, ask->size > room / 2 ? TOO_BIG : BUSY);
        return;
    }
    *job = (struct job){.state = STATE_FILLED,
                        .number = cleaner->next_number++,
                        .peer = peer,
                        .size = ask->size,
                        .touched = loop_now(cleaner->loop),
                        .plan = {.want = ask->want, .bytes = 2 * ask->size + CLEANER_SPARE}};
    memcpy(job->plan.extension, ask->extension, sizeof job->plan.extension);
    job->fd = work_job_new(cleaner->work, job->number, RUNNER_IN);
    if (job->fd < 0) {
        log_error("clean_folder", LOG_WORD("cause", "cannot_be_made"));
        job_end(cleaner, job);
        answer_text(cleaner, peer, request, BUSY);
        return;
    }
    snprintf(text, sizeof text, "{\"job\":%u}", job->number);
    answer_text(cleaner, peer, request, text);
}

static const char *op_piece(struct cleaner *cleaner, struct job *job, const struct ask *ask)
{
    if (job->state != STATE_FILLED || ask->len > job->size - job->filled) {
        job_end(cleaner, job);
        return MALFORMED;
    }
    for (size_t done = 0; done < ask->len;) {
        ssize_t wrote = write(job->fd, ask->bytes + done, ask->len - done);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0) {
            log_error("clean_folder", LOG_WORD("cause", "full"));
            job_end(cleaner, job);
            return BUSY;
        }
        done += (size_t)wrote;
    }
    job->filled += ask->len;
    return OK;
}

/* Answered by job_done(). */
static const char *op_end(struct cleaner *cleaner, struct job *job, uint32_t request)
{
    if (job->state != STATE_FILLED || job->filled != job->size) {
        job_end(cleaner, job);
        return MALFORMED;
    }
    job_close(job);
    job->request = request;
    job->state = STATE_WAITS;
    start_waiting(cleaner);
    return NULL;
}

/* One byte in front, so that no file can be taken for a refusal. */
static void op_get(struct cleaner *cleaner, struct job *job, uint32_t request, uint64_t offset)
{
    uint8_t *at;
    struct buf out = BUF_INIT(1 + CLEANER_PIECE_MAX);
    need(buf_extend(&out, 1 + CLEANER_PIECE_MAX, &at) == ERR_OK);
    at[0] = CLEANER_BYTES_FOLLOW;
    ssize_t got = job->state == STATE_DONE && job->fd >= 0 && offset < job->result_size
                      ? pread(job->fd, at + 1, CLEANER_PIECE_MAX, (off_t)offset)
                      : 0;
    answer(cleaner, job->peer, request, at, 1 + (got > 0 ? (size_t)got : 0));
    buf_free(&out);
}

static void asked(void *arg, uint64_t peer, uint32_t request, uid_t uid, const uint8_t *payload, size_t len)
{
    (void)uid;
    struct cleaner *cleaner = arg;
    struct ask ask;
    const char *says = NULL;
    if (ask_read(payload, len, &ask) != ERR_OK) {
        answer_text(cleaner, peer, request, MALFORMED);
        return;
    }
    if (ask.op == 'B') {
        op_begin(cleaner, peer, request, &ask);
        return;
    }
    struct job *job = job_of(cleaner, peer, ask.job);
    if (!job) {
        answer_text(cleaner, peer, request, NO_JOB);
        return;
    }
    job->touched = loop_now(cleaner->loop);
    if (ask.op == 'G') {
        op_get(cleaner, job, request, ask.offset);
        return;
    }
    if (ask.op == 'P')
        says = op_piece(cleaner, job, &ask);
    else if (ask.op == 'E')
        says = op_end(cleaner, job, request);
    else {
        job_end(cleaner, job);
        says = OK;
    }
    if (says)
        answer_text(cleaner, peer, request, says);
}

static void gone(void *arg, uint64_t peer)
{
    struct cleaner *cleaner = arg;
    for (size_t i = 0; i < CLEANER_JOBS_MAX; i++)
        if (cleaner->jobs[i].state != STATE_FREE && cleaner->jobs[i].peer == peer)
            job_end(cleaner, &cleaner->jobs[i]);
}

static void tick(void *arg, int64_t now)
{
    struct cleaner *cleaner = arg;
    for (size_t i = 0; i < CLEANER_JOBS_MAX; i++) {
        struct job *job = &cleaner->jobs[i];
        int is_idle = job->state == STATE_FILLED || job->state == STATE_DONE;
        if (is_idle && now - job->touched > CLEANER_KEPT_MS)
            job_end(cleaner, job);
    }
}

/* ---- all of it ---- */

struct cleaner *cleaner_new(struct loop *loop, const char *work, uint64_t bytes_max, int starter_fd)
{
    struct cleaner *cleaner = mem_new(sizeof *cleaner);
    cleaner->loop = loop;
    cleaner->work = mem_copy_text(work);
    cleaner->bytes_max = bytes_max;
    /* A vault that has not seen us end asks for a job of the one before us: it should not find another's. */
    rng_bytes(&cleaner->next_number, sizeof cleaner->next_number);
    cleaner->next_number = cleaner->next_number >> 1 | 1;
    for (size_t i = 0; i < CLEANER_JOBS_MAX; i++)
        cleaner->jobs[i].fd = -1;
    need(bytes_max > (uint64_t)STARTER_JOBS_MAX * CLEANER_SPARE);
    cleaner->starter = starter_new(loop, starter_fd, ended, lost, cleaner);
    loop_on_tick(loop, tick, cleaner);
    return cleaner;
}

enum err cleaner_open(struct cleaner *cleaner, const struct frame_listen *listen)
{
    return frame_server_new(cleaner->loop, listen, asked, gone, cleaner, &cleaner->server);
}

unsigned cleaner_jobs(const struct cleaner *cleaner)
{
    return CLEANER_JOBS_MAX - jobs_in(cleaner, STATE_FREE);
}

void cleaner_free(struct cleaner *cleaner)
{
    if (!cleaner)
        return;
    loop_off_tick(cleaner->loop, tick, cleaner);
    if (cleaner->server)
        frame_server_free(cleaner->server);
    starter_free(cleaner->starter);
    for (size_t i = 0; i < CLEANER_JOBS_MAX; i++) {
        job_close(&cleaner->jobs[i]);
        if (cleaner->jobs[i].state != STATE_FREE)
            work_job_remove(cleaner->work, cleaner->jobs[i].number);
    }
    mem_free(cleaner->work);
    mem_free(cleaner);
}
