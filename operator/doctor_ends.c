/* doctor_ends.c -- what ends one day: certificate, desks' epochs; and whether there are copies for the day when
 * everything does. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "operator/backup_marker.h"
#include "operator/certificate.h"
#include "operator/doctor.h"
#include "operator/house_public.h"

enum { DAY = 24 * 3600, WARN_DAYS = 14 };

static void check_until(struct doctor *d, const char *what, int64_t end, const char *cure)
{
    char day[11];
    int64_t left = (end - clock_wall()) / DAY;
    clock_day(end, day);
    if (left >= WARN_DAYS)
        doctor_good(d, "%s: until %s, %" PRId64 " days", what, day, left);
    else
        doctor_bad(d, cure, "%s: until %s, %" PRId64 " days", what, day, left);
}

/* Each process has a copy of the key. One that does not fit shows at its next start alone: it would not come up. */
static void check_tls_keys(struct doctor *d, const char *certificate)
{
    static const char *const PROCESSES[] = {"intake", "sms", "console"};
    char key[HOUSE_PATH];
    for (size_t i = 0; i < sizeof PROCESSES / sizeof *PROCESSES; i++) {
        int fits = 0;
        house_path(d->house, key, "secrets/%s/tls.key", PROCESSES[i]);
        enum err err = certificate_fits(certificate, key, &fits);
        if (err != ERR_OK || !fits)
            doctor_bad(d, "put the certificate's own key there, or its process will not start again",
                       "certificate: %s is not its key", key);
    }
}

void doctor_certificate(struct doctor *d)
{
    static const char cure[] = "get one from an authority that browsers know, and put it into tls/ (docs/operating.md)";
    char path[HOUSE_PATH];
    int64_t end;
    int own = 0;
    house_path(d->house, path, "tls/cert.pem");
    enum err err = certificate_ends(path, &end);
    if (err == ERR_OK)
        err = certificate_is_own(path, &own);
    if (err != ERR_OK) {
        doctor_bad(d, cure, "certificate: %s: %s", path, err_says(err));
        return;
    }
    check_until(d, "certificate", end, cure);
    check_tls_keys(d, path);
    if (own && d->house->locked)
        doctor_bad(d, cure, "certificate: it is self-signed, and browsers warn people away");
    else if (own)
        doctor_good(d, "certificate is self-signed: good for trying out; browsers will warn people");
}

void doctor_epochs(struct doctor *d)
{
    char what[64], cure[DOCTOR_CURE];
    struct manifest *manifest = mem_new(sizeof *manifest);
    house_public_manifest(d->house, manifest);
    for (size_t i = 0; i < d->house->desk_count; i++) {
        const char *code = d->house->desks[i].name;
        int64_t last = 0;
        for (size_t k = 0; k < manifest->desk_count; k++)
            if (strcmp(manifest->desks[k].desk.code, code) == 0 && manifest->desks[k].last_day > last)
                last = manifest->desks[k].last_day;
        snprintf(what, sizeof what, "reports can be sealed to desk %s", code);
        doctor_cure(d, cure, "keys renew --desk %s", code);
        check_until(d, what, last, cure);
    }
    mem_free(manifest);
}

/* ---- copies ---- */

static void check_rows(struct doctor *d)
{
    char cure[DOCTOR_CURE], day[11];
    int64_t made = backup_made_read(d->house), days = (clock_wall() - made) / DAY;
    clock_day(made, day);
    doctor_cure(d, cure, "backup FILE");
    if (!made)
        doctor_bad(d, cure, "backup: none was ever made");
    else if (days >= d->house->backup_days)
        doctor_bad(d, cure, "backup: the last one was made on %s, %" PRId64 " days ago", day, days);
    else
        doctor_good(d, "backup: the last one was made on %s", day);
}

void doctor_backups(struct doctor *d)
{
    char cure[DOCTOR_CURE], day[11];
    struct backup_marker marker;
    if (!house_has(d->house, "keys/backup.public")) {
        doctor_cure(d, cure, "backup key FILE");
        doctor_bad(d, cure, "backup: there is no backup key, so none can be made");
    } else {
        check_rows(d);
    }
    backup_marker_compare(d->house, &marker);
    clock_day(marker.made, day);
    doctor_cure(d, cure, "keys backup FILE");
    if (!marker.id[0])
        doctor_bad(d, cure, "backup of keys: none was ever made; without one no backup can be read");
    else if (marker.newer)
        doctor_bad(d, cure, "backup of keys: the last one was made on %s, and %s is newer", day, marker.first);
    else
        doctor_good(d, "backup of keys: the last one, of %s, holds all that are here", day);
}
