/* cmd_doctor.c -- recourse doctor: what is wrong, or soon will be. Each check prints one line, good or bad. */
#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "operator/args.h"
#include "operator/ceremony.h"
#include "operator/certificate.h"
#include "operator/commands.h"
#include "operator/crew.h"
#include "operator/database.h"
#include "operator/say.h"

enum { DAY = 24 * 3600, WARN_DAYS = 14 };

struct doctor {
    const struct house *house;
    int bad;
};

static void verdict(struct doctor *d, int good, const char *what, const char *detail)
{
    say("%s  %s%s%s", good ? "good" : "BAD ", what, *detail ? ": " : "", detail);
    d->bad += !good;
}

/* ---- permissions ---- */

static void check_secret(struct doctor *d, const char *path, const char *user)
{
    struct stat st;
    uid_t uid;
    gid_t gid;
    char detail[HOUSE_PATH * 2];
    crew_ids(d->house, user, &uid, &gid);
    if (stat(path, &st) != 0)
        snprintf(detail, sizeof detail, "%s is missing", path);
    else if (st.st_mode & 077)
        snprintf(detail, sizeof detail, "%s may be read by others", path);
    else if (st.st_uid != uid)
        snprintf(detail, sizeof detail, "%s does not belong to %s", path, user);
    else
        return;
    verdict(d, 0, "secret", detail);
}

static void check_secrets(struct doctor *d)
{
    struct crew_member members[CREW_MAX];
    struct database_login logins[DATABASE_LOGINS_MAX];
    char path[HOUSE_PATH];
    int bad_before = d->bad;
    size_t count = crew_list(d->house, members);
    for (size_t i = 0; i < count; i++) {
        house_path(d->house, path, "secrets/%s", members[i].name);
        check_secret(d, path, members[i].user);
        if (strcmp(members[i].kind->name, "keys") == 0) {
            house_path(d->house, path, "secrets/%s/desk.key", members[i].name);
            check_secret(d, path, members[i].user);
        }
    }
    count = database_logins(d->house, logins);
    for (size_t i = 0; i < count; i++)
        check_secret(d, logins[i].path, logins[i].user);
    if (d->bad == bad_before)
        verdict(d, 1, "secrets belong to the one process that needs them", "");
}

/* ---- what ends one day ---- */

/* `cure`: the command that makes it last longer. */
static void check_until(struct doctor *d, const char *what, int64_t end, const char *cure)
{
    char day[11], detail[HOUSE_PATH + 64];
    int64_t left = (end - clock_wall()) / DAY;
    clock_day(end, day);
    int good = left >= WARN_DAYS;
    snprintf(detail, sizeof detail, "until %s, %" PRId64 " days%s%s", day, left, good || !*cure ? "" : "; ",
             good ? "" : cure);
    verdict(d, good, what, detail);
}

static void check_certificate(struct doctor *d)
{
    char path[HOUSE_PATH];
    int64_t end;
    int own = 0;
    house_path(d->house, path, "tls/cert.pem");
    enum err err = certificate_ends(path, &end);
    if (err != ERR_OK) {
        verdict(d, 0, "certificate", err_says(err));
        return;
    }
    check_until(d, "certificate", end, "");
    if (certificate_is_own(path, &own) == ERR_OK && own)
        verdict(d, 1, "certificate is self-signed", "good for trying out; browsers will warn people");
}

static void check_manifest(struct doctor *d)
{
    char what[64], cure[HOUSE_PATH];
    struct manifest *manifest = mem_new(sizeof *manifest);
    ceremony_manifest(d->house, manifest);
    for (size_t i = 0; i < d->house->desk_count; i++) {
        const char *code = d->house->desks[i].name;
        int64_t last = 0;
        for (size_t k = 0; k < manifest->desk_count; k++)
            if (strcmp(manifest->desks[k].desk.code, code) == 0 && manifest->desks[k].last_day > last)
                last = manifest->desks[k].last_day;
        snprintf(what, sizeof what, "reports can be sealed to desk %s", code);
        snprintf(cure, sizeof cure, "recourse --data %s keys renew --desk %s", d->house->dir, code);
        check_until(d, what, last, cure);
    }
    mem_free(manifest);
}

/* ---- what a person must look at ---- */

/* Stretches of a spool that could not be stored, kept aside (docs/spool.md); none where there is no folder. */
static size_t kept_below(const struct doctor *d, const char *room)
{
    char path[HOUSE_PATH];
    size_t count = 0;
    house_path(d->house, path, "spool/%s", room);
    DIR *folder = opendir(path);
    for (const struct dirent *entry; folder && (entry = readdir(folder));) {
        const char *dot = strrchr(entry->d_name, '.');
        count += dot && strcmp(dot, ".kept") == 0;
    }
    if (folder)
        closedir(folder);
    return count;
}

static void check_spools(struct doctor *d)
{
    char detail[HOUSE_PATH];
    static const char *const rooms[] = {"intake", "sms"};
    int bad_before = d->bad;
    for (size_t i = 0; i < sizeof rooms / sizeof *rooms; i++) {
        size_t kept = kept_below(d, rooms[i]);
        snprintf(detail, sizeof detail, "%zu in %.60s/spool/%s; docs/spool.md, \"By hand\"", kept, d->house->dir,
                 rooms[i]);
        if (kept > 0)
            verdict(d, 0, "files that the database did not take were kept aside", detail);
    }
    if (d->bad == bad_before)
        verdict(d, 1, "nothing is kept aside in the spools", "");
}

/* ---- how it is set up ---- */

static void check_setup(struct doctor *d)
{
    const struct house *house = d->house;
    verdict(d, house->separate, "every process has a system user of its own",
            house->separate ? "" : "started without root they share one");
    verdict(d, house->locked, "desk keys lie under a passphrase", house->locked ? "" : "demonstration mode");
    int apart = strcasecmp(house->public_name, house->staff_name) != 0;
    verdict(d, apart || !house->locked, "people and staff have host names of their own",
            apart ? "" : "recourse.ini: public_name and staff_name are the same");
    verdict(d, !house_has(house, "offline/root.seed"), "the root seed is kept away from this machine",
            house_has(house, "offline/root.seed") ? "offline/root.seed is here" : "");
}

int command_doctor(struct house *house, int argc, char *const *argv, const char *usage)
{
    const struct args_row rows[] = {{0}};
    struct doctor d = {.house = house};
    args_read(rows, argc, argv, usage);
    check_secrets(&d);
    check_certificate(&d);
    check_manifest(&d);
    check_spools(&d);
    check_setup(&d);
    return d.bad ? 1 : 0;
}
