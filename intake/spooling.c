/* spooling.c -- see spooling.h. */
#include "intake/spooling.h"

#include "common/base/log.h"
#include "intake/limits.h"
#include "intake/worker.h"

enum { MEGABYTE = 1024 * 1024 };

void spooling_open(struct intake *intake, unsigned worker)
{
    const struct settings *settings = intake->settings;
    if (!*settings->spool)
        return;
    uint64_t workers = (uint64_t)settings->workers;
    struct spool_options options = {.folder = settings->spool,
                                    .worker = worker,
                                    .workers = (unsigned)workers,
                                    .bytes_max = (uint64_t)settings->spool_megabytes * MEGABYTE / workers};
    if (spool_open(&options, &intake->spool) != ERR_OK)
        err_die("recourse-intake: the folder of [spool] is not there, or may not be written by this user");
    intake->waiting = spool_waiting_new(settings->spool);
    spooling_count(intake);
}

void spooling_count(struct intake *intake)
{
    struct spool_stats now, *was = &intake->spool_counted;
    if (!intake->spool)
        return;
    spool_stats(intake->spool, &now);
    metrics_set(GAUGE_SPOOL_BYTES, (int64_t)now.bytes);
    metrics_set(GAUGE_SPOOL_ROWS, (int64_t)now.rows);
    metrics_set(GAUGE_SPOOL_AGE, now.age_ms / 1000);
    metrics_add(COUNT_SPOOLED, (int64_t)(now.put - was->put));
    metrics_add(COUNT_SPOOL_FULL, (int64_t)(now.full - was->full));
    metrics_add(COUNT_SPOOL_FAULTS, (int64_t)(now.faults - was->faults));
    *was = now;
}

int spooling_takes(const struct settings *settings)
{
    return *settings->spool && metrics_get(GAUGE_SPOOL_BYTES) < settings->spool_megabytes * MEGABYTE;
}

static void row_drained(void *room, const struct envelope_place *place, enum err err, enum append_outcome outcome)
{
    struct intake *intake = room;
    struct row_counter_number number = {place->incarnation, place->n};
    row_counter_end(&intake->counter, &number, row_counter_fate_of(err, outcome));
}

static void changed(void *room)
{
    spooling_count(room);
}

/* What the disk holds is uncertain: no more is acknowledged here; the next process begins from what is there. */
static void broken(void *room)
{
    struct intake *intake = room;
    log_error("worker_begins_again", LOG_WORD("cause", "spool"));
    intake->spool_is_broken = 1;
    worker_stop(intake, LIMIT_BREAK_GRACE_MS);
}

void spooling_begin(struct intake *intake)
{
    if (intake->spool)
        door_intake_spool(
            intake->store,
            &(struct append_spool){
                .spool = intake->spool, .drained = row_drained, .changed = changed, .broken = broken, .room = intake});
}
