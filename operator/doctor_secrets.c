/* doctor_secrets.c -- who may read what: secrets, folders, settings; and whether the keys are those that are needed. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "operator/backup_check.h"
#include "operator/backup_places.h"
#include "operator/crew.h"
#include "operator/database.h"
#include "operator/doctor.h"
#include "triage/keys/keyfile.h"

/* ---- secrets ---- */

/* Prints nothing when all is well; else says so and returns. */
static void check_secret(struct doctor *d, const char *path, const char *user, mode_t most)
{
    struct stat st;
    uid_t uid;
    gid_t gid;
    char cure[DOCTOR_CURE];
    crew_ids(d->house, *user ? user : NULL, &uid, &gid);
    if (lstat(path, &st) != 0) {
        doctor_cure(d, cure, "keys restore FILE");
        doctor_bad(d, cure, "secret: %s is missing", path);
    } else if (st.st_mode & ~most & 0777) {
        snprintf(cure, sizeof cure, "chmod %o %s", (unsigned)most, path);
        doctor_bad(d, cure, "secret: %s may be read by others", path);
    } else if (st.st_uid != uid) {
        snprintf(cure, sizeof cure, "chown %s: %s", *user ? user : "root", path);
        doctor_bad(d, cure, "secret: %s does not belong to %s", path, *user ? user : "root");
    }
}

static enum err check_place(void *room, const struct backup_place *place)
{
    struct doctor *d = room;
    char path[HOUSE_PATH];
    house_path(d->house, path, "%s", place->path);
    check_secret(d, path, place->user, place->mode);
    return ERR_OK;
}

void doctor_secrets(struct doctor *d)
{
    struct crew_member members[CREW_MAX];
    struct database_login logins[DATABASE_LOGINS_MAX];
    char path[HOUSE_PATH];
    int before = d->bad;
    size_t count = crew_list(d->house, members);
    for (size_t i = 0; i < count; i++) {
        if (members[i].kind->has_work)
            continue;
        house_path(d->house, path, "secrets/%s", members[i].name);
        check_secret(d, path, members[i].user, 0700);
    }
    count = database_logins(d->house, logins);
    for (size_t i = 0; i < count; i++)
        if (!house_has(d->house, "%s", logins[i].path + strlen(d->house->dir) + 1))
            check_secret(d, logins[i].path, logins[i].user, 0600);
    if (backup_places(d->house, BACKUP_KEYS, check_place, d) != ERR_OK)
        doctor_bad(d, "look at it as root", "secrets: %s/secrets cannot be listed", d->house->dir);
    if (d->bad == before)
        doctor_good(d, "secrets belong to the one process that needs them");
}

/* ---- keys ---- */

/* An installation is called locked; is it? */
static void check_locked(struct doctor *d, const char *code)
{
    char path[HOUSE_PATH];
    struct buf file = BUF_INIT(KEYFILE_BYTES_MAX);
    house_path(d->house, path, "secrets/keys-%s/desk.key", code);
    if (d->house->locked && keyfile_read(path, &file) == ERR_OK && !keyfile_is_locked(file.bytes, file.len))
        doctor_bad(d, "put the file back that lies under the passphrase",
                   "the keys of desk %s lie without a passphrase: %s", code, path);
    buf_free(&file);
}

void doctor_keys(struct doctor *d)
{
    struct audit_findings found = {0};
    char cure[DOCTOR_CURE];
    doctor_cure(d, cure, "keys restore FILE");
    for (size_t i = 0; i < d->house->desk_count; i++)
        check_locked(d, d->house->desks[i].name);
    backup_check_keys(d->house, NULL, &found);
    for (size_t i = 0; i < found.kept; i++)
        doctor_bad(d, cure, "%.*s", (int)strlen(found.sentences[i]) - 1, found.sentences[i]);
    if (!found.count)
        doctor_good(d, "the keys are those that the list of keys names%s",
                    d->house->locked ? ", as far as can be seen without the passphrase" : "");
    audit_findings_free(&found);
}

/* ---- folders and settings ---- */

static const struct {
    const char *path, *what;
    mode_t most;
} FOLDERS[] = {
    {"", "the installation's folder may be listed or changed by others", 0711},
    {"recourse.ini", "the settings may be changed by others", 0644},
    {"office.yaml", "what the office says to people may be changed by others", 0644},
    {"etc", "the processes' settings may be changed by others", 0755},
    {"keys", "the list of keys may be changed by others", 0711},
    {"keys/manifest", "the list of keys may be changed by others", 0644},
    {"offline", "the office's keys may be reached by others", 0700},
    {"log", "the logs may be read by others", 0750},
    {"pg", "the database's files may be read by others", 0700},
    {"spool/intake", "rows that wait for the database may be reached by others", 0700},
    {"drafts", "what people have not sent yet may be reached by others", 0700},
    {"spool/sms", "texts that wait for the database may be reached by others", 0700},
};

void doctor_folders(struct doctor *d)
{
    struct stat st;
    char path[HOUSE_PATH], cure[DOCTOR_CURE];
    int before = d->bad;
    for (size_t i = 0; i < sizeof FOLDERS / sizeof *FOLDERS; i++) {
        house_path(d->house, path, "%s", FOLDERS[i].path);
        if (stat(path, &st) != 0 || !(st.st_mode & ~FOLDERS[i].most & 0777))
            continue;
        snprintf(cure, sizeof cure, "chmod %o %s", (unsigned)FOLDERS[i].most, path);
        doctor_bad(d, cure, "%s", FOLDERS[i].what);
    }
    if (d->bad == before)
        doctor_good(d, "folders, settings and logs are open to nobody else");
}
