/* drafting.c -- see drafting.h. */
#include "intake/drafting.h"

#include "common/base/clock.h"
#include "common/base/log.h"
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

enum err drafting_keep(struct intake *intake, const char *key, const struct form *told)
{
    struct buf text = BUF_INIT(DRAFT_MAX);
    enum err err = intake->drafts ? steps_write(told, &text) : ERR_NOT_FOUND;
    if (err == ERR_OK)
        err = drafts_put(intake->drafts, key, DRAFT_ANSWERS, buf_text(&text), text.len);
    if (err != ERR_OK && err != ERR_CONFLICT)
        metrics_add(COUNT_DRAFTS_FULL, 1);
    buf_free(&text);
    return err;
}
