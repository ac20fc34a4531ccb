/* snapshot.c -- see snapshot.h: its files, and when the next one is due. */
#include "triage/vault/snapshot.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "triage/vault/book.h"
#include "triage/vault/indexer.h"
#include "triage/vault/search.h"
#include "triage/vault/snapshot_inside.h"

/* The first after a start does not wait an hour: whoever starts it twice in a day shall gain from it. */
enum { FIRST_MS = 60 * 1000, PATH_BYTES = 4096 };

struct snapshot_owner snapshot_owner_of(const struct vault *vault)
{
    return (struct snapshot_owner){.record_key = vault->record_key, .desk = vault_desk(vault)};
}

/* Both or none: one alone would be read at every start, and never written anew. */
static void close_files(struct snapshot *s)
{
    for (int i = 0; i < SNAPSHOT_FILES; i++) {
        if (s->fds[i] >= 0)
            close(s->fds[i]);
        s->fds[i] = -1;
    }
    s->newest = -1;
}

static void open_files(struct snapshot *s)
{
    char path[PATH_BYTES];
    const struct settings *settings = &s->vault->settings;
    for (int i = 0; i < SNAPSHOT_FILES; i++) {
        snprintf(path, sizeof path, "%s/%s.%c", settings->snapshot, settings->desk, 'a' + i);
        s->fds[i] = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (s->fds[i] < 0) {
            log_warn("snapshot_without", LOG_NAME("desk", settings->desk));
            close_files(s);
            return;
        }
        uint64_t serial = snapshot_file_serial(s->fds[i]);
        if (serial > s->serial) {
            s->serial = serial;
            s->newest = i;
        }
    }
}

struct snapshot *snapshot_new(struct vault *vault)
{
    struct snapshot *s = mem_new(sizeof *s);
    *s = (struct snapshot){.vault = vault, .newest = -1};
    for (int i = 0; i < SNAPSHOT_FILES; i++)
        s->fds[i] = -1;
    if (vault->settings.snapshot && *vault->settings.snapshot)
        open_files(s);
    return s;
}

void snapshot_free(struct snapshot *s)
{
    if (!s)
        return;
    snapshot_write_stop(s);
    close_files(s);
    mem_free(s);
}

/* 1 if what is in memory is another thing than what the newest has. */
static int has_changed(const struct snapshot *s)
{
    const struct vault *vault = s->vault;
    return s->newest < 0 || s->of_rebuild != vault->rebuilds || s->placed != vault->placed ||
           s->writings != search_writings(vault->search);
}

/* Words of an erased case are still in the newest. */
static int is_purged(const struct snapshot *s)
{
    const struct vault *vault = s->vault;
    return s->newest >= 0 && s->of_rebuild == vault->rebuilds && s->writings != search_writings(vault->search);
}

/* Numbers are read from files that anybody may have written: 0 is none, and the highest may stand in one. */
static uint64_t next_serial(const struct snapshot *s)
{
    return s->serial < UINT64_MAX ? s->serial + 1 : 1;
}

void snapshot_tick(struct snapshot *s, int64_t now_ms)
{
    const struct vault *vault = s->vault;
    int64_t every_ms = vault->settings.snapshot_every_s * 1000;
    if (s->fds[SNAPSHOT_FILES - 1] < 0 || s->writing)
        return;
    if (!s->at)
        s->at = now_ms + (every_ms < FIRST_MS ? every_ms : FIRST_MS);
    if ((now_ms < s->at && !is_purged(s)) || !indexer_is_idle(vault->indexer))
        return;
    s->at = now_ms + every_ms;
    if (has_changed(s))
        snapshot_write(s, s->newest == 0 ? 1 : 0, next_serial(s));
}

void snapshot_written(struct snapshot *s, const struct snapshot_writing *w, enum err err)
{
    if (err != ERR_OK)
        snapshot_file_empty(s->fds[w->slot]);
    if (err == ERR_CANCELLED)
        return; /* it is out of date before it was there; another one is due */
    if (err != ERR_OK) {
        log_warn("snapshot_failed", LOG_NAME("desk", vault_desk(s->vault)), LOG_ERR(err));
        /* No quick start is worth words that were to be forgotten; nor is every tick another attempt. */
        if (is_purged(s)) {
            snapshot_file_empty(s->fds[s->newest]);
            s->newest = -1;
        }
        return;
    }
    if (s->newest >= 0)
        snapshot_file_empty(s->fds[s->newest]);
    s->newest = w->slot;
    s->serial = w->serial;
    s->placed = w->placed;
    s->writings = w->writings;
    s->of_rebuild = w->rebuilds;
    log_info("snapshot", LOG_NAME("desk", vault_desk(s->vault)), LOG_NUM("cases", w->cases));
}
