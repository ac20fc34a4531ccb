/* beat.c -- see beat.h. */
#include "intake/beat.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/rw.h"
#include "common/http/tls.h"
#include "common/seal/sign.h"
#include "intake/drafting.h"
#include "intake/limits.h"
#include "intake/spooling.h"

static void beat(struct intake *intake)
{
    uint8_t signature[SIGN_SIZE];
    const struct row_counter *counter = &intake->counter;
    int64_t now = clock_wall();
    if (row_counter_sign(counter, DOOR_INTAKE, intake->manifest.version, intake->seed, signature) != ERR_OK) {
        log_error("beat_not_signed");
        return;
    }
    door_intake_beat(intake->store, counter->incarnation, counter->all_stored, signature, intake->manifest.version,
                     clock_slot(now - LIMIT_ONCE_HOURS * 3600, 3600), clock_slot(now + 3600, 3600));
    /* Reports that wait on this machine's disk may name files. */
    if (!intake->spool || intake->spool_counted.rows == 0)
        door_intake_uploads_purge(intake->store, clock_slot(now - LIMIT_UPLOAD_HOURS * 3600, 3600),
                                  clock_slot(now + 3600, 3600), clock_slot(now - LIMIT_UPLOAD_KEPT_DAYS * 86400, 3600));
}

static void desks_read(void *room, uint64_t tag, enum err err, const char *codes)
{
    struct intake *intake = room;
    (void)tag;
    if (err != ERR_OK || !codes)
        return; /* the last list stays in force; asked again soon */
    if (strlen(codes) < sizeof intake->offered) {
        memcpy(intake->offered, codes, strlen(codes) + 1);
        intake->offers_known = 1;
    } else {
        log_error("desks_too_many");
    }
}

static void on_tick(void *room, int64_t now)
{
    struct intake *intake = room;
    int up = door_intake_is_up(intake->store);
    metrics_set(GAUGE_STORE_UP, up);
    spooling_count(intake);
    drafting_sweep(intake, now);
    if (up && now >= intake->desks_at) {
        intake->desks_at = now + LIMIT_DESKS_MS;
        door_intake_desks(intake->store, LIMIT_STORE_MS, desks_read, intake, 0);
    }
    if (up && now >= intake->beat_at) {
        intake->beat_at = now + LIMIT_BEAT_MS;
        beat(intake);
    }
}

void beat_start(struct intake *intake)
{
    loop_on_tick(intake->loop, on_tick, intake);
}

static void reload_manifest(struct intake *intake)
{
    struct manifest *fresh = mem_new(sizeof *fresh);
    enum err err = manifest_load(intake->settings->manifest, intake->root, intake->manifest.version, fresh);
    if (err == ERR_OK && fresh->office != (uint32_t)intake->settings->office)
        err = ERR_CONFLICT;
    if (err == ERR_OK) {
        memcpy(&intake->manifest, fresh, sizeof *fresh);
        intake->beat_at = 0; /* say at once which one is in force */
        log_info("manifest_read", LOG_NUM("version", fresh->version));
    } else {
        log_error("manifest_kept", LOG_ERR(err));
    }
    mem_free(fresh);
}

static void reload_tls(struct intake *intake)
{
    SSL_CTX *fresh;
    if (!intake->servers[0])
        return;
    if (tls_server_new(intake->settings->certificate, intake->settings->key, &fresh) != ERR_OK) {
        log_error("certificate_kept");
        return;
    }
    http_server_set_tls(intake->servers[0], fresh);
    SSL_CTX_free(intake->tls); /* running connections hold a reference of their own */
    intake->tls = fresh;
    log_info("certificate_read");
}

void beat_reload(struct intake *intake)
{
    reload_manifest(intake);
    reload_tls(intake);
}
