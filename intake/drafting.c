/* drafting.c -- see drafting.h. */
#include "intake/drafting.h"

#include "common/base/clock.h"
#include "common/base/log.h"
#include "intake/flood.h"
#include "intake/limits.h"
#include "intake/pages.h"
#include "intake/steps.h"

enum { MEGABYTE = 1024 * 1024 };

const char *const *drafting_writes(const struct settings *settings, const char *out[static DRAFTING_WRITES])
{
    size_t count = 0;
    if (*settings->spool)
        out[count++] = settings->spool;
    if (*settings->drafts)
        out[count++] = settings->drafts;
    out[count] = NULL;
    return out;
}

void drafting_open(struct intake *intake)
{
    const struct settings *settings = intake->settings;
    if (*settings->drafts &&
        drafts_new(settings->drafts, (uint64_t)settings->drafts_megabytes * MEGABYTE, &intake->drafts) != ERR_OK)
        log_error("drafts_not_kept", LOG_WORD("cause", "folder"));
}

void drafting_sweep(struct intake *intake, int64_t now_ms)
{
    struct drafts_stats stats;
    if (!intake->drafts || now_ms < intake->drafts_at)
        return;
    intake->drafts_at = now_ms + DRAFTS_SCAN_MS;
    drafts_sweep(intake->drafts, clock_wall());
    drafts_stats(intake->drafts, &stats);
    metrics_set(GAUGE_DRAFTS_BYTES, (int64_t)stats.bytes);
}

enum err drafting_told(struct intake *intake, const char *key, struct form *told)
{
    enum draft_kind kind;
    struct buf text = BUF_INIT(DRAFT_MAX);
    *told = (struct form){0};
    enum err err = intake->drafts && pages_is_key(key) ? drafts_get(intake->drafts, key, &kind, &text) : ERR_NOT_FOUND;
    if (err == ERR_OK)
        err = kind == DRAFT_ANSWERS ? steps_read(&text, told) : ERR_DENIED;
    buf_free(&text);
    return err == ERR_OK || err == ERR_CONFLICT || err == ERR_DENIED ? err : ERR_NOT_FOUND;
}

/* In the day for which drafts are kept one network fills little more than half of the room; a long story always fits.
 */
struct budget *drafting_budget(const struct settings *settings)
{
    enum { WINDOWS = DRAFTS_HOURS * 3600 / LIMIT_BUDGET_WINDOW_S, STORY = 32 };
    int64_t pieces = settings->drafts_megabytes * MEGABYTE / DRAFTS_SMALLEST / 2 / WINDOWS;
    pieces = pieces < STORY ? STORY : pieces < BUDGET_MOST ? pieces : BUDGET_MOST;
    return budget_new(
        &(struct budget_limits){.network = settings->per_network ? pieces : 0, .aside_times = BUDGET_TIMES_MOST});
}

static int fits(struct intake *intake, struct http_req *req, const char *key, size_t len)
{
    size_t adds = drafts_adds(intake->drafts, key, len);
    return adds == 0 || flood_keeps(intake, req, (int64_t)(adds + DRAFTS_SMALLEST - 1) / DRAFTS_SMALLEST);
}

enum err drafting_keep(struct intake *intake, struct http_req *req, const char *key, const struct form *told)
{
    struct buf text = BUF_INIT(DRAFT_MAX);
    enum err err = intake->drafts ? steps_write(told, &text) : ERR_NOT_FOUND;
    if (err == ERR_OK && !fits(intake, req, key, text.len))
        err = ERR_BUSY;
    if (err == ERR_OK)
        err = drafts_put(intake->drafts, key, DRAFT_ANSWERS, buf_text(&text), text.len);
    if (err != ERR_OK && err != ERR_CONFLICT)
        metrics_add(COUNT_DRAFTS_FULL, 1);
    buf_free(&text);
    return err;
}
