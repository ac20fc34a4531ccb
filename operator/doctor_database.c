/* doctor_database.c -- the database: settings on which "an answer means stored" hangs, what its log may hold, what an
 * upgrade would do to it, and the rounds that end. It is not started for this. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "operator/database.h"
#include "operator/doctor.h"
#include "operator/launcher.h"
#include "operator/program.h"
#include "store/copy.h"
#include "store/door_operator.h"
#include "store/migrate.h"

enum { DAY = 24 * 3600, MIGRATIONS_MAX = 999 };

struct database_check {
    struct doctor *doctor;
    struct door_operator *door;
    struct copy *copy;
    int bad_before;
    struct {
        char sha256[65];
    } applied[MIGRATIONS_MAX + 1]; /* by number */
    unsigned newest;
};

/* ---- settings ---- */

/* docs/database.md says why for each. */
static const struct {
    const char *name, *wanted, *why;
} SETTINGS[] = {
    {"fsync", "on", "what was acknowledged can be lost when the machine stops"},
    {"full_page_writes", "on", "what was acknowledged can be lost when the machine stops"},
    {"synchronous_commit", "on", "what was acknowledged can be lost when the machine stops"},
    {"data_checksums", "on", "a disk that turns bits is not noticed (pg_checksums --enable, while it stands still)"},
    {"restart_after_crash", "on", "after a crash of one session it stays down"},
    {"log_statement", "none", "its log holds statements"},
    {"log_min_error_statement", "panic", "its log holds statements"},
    {"log_min_duration_statement", "-1", "its log holds statements"},
    {"log_error_verbosity", "terse", "its log holds values"},
    {"log_parameter_max_length_on_error", "0", "its log holds values"},
    {"log_connections", "off", "its log holds times and addresses"},
    {"log_disconnections", "off", "its log holds times and addresses"},
    {"track_activities", "off", "running statements are shown"},
    {"track_commit_timestamp", "off", "it keeps the exact time of every report"},
    {"password_encryption", "scram-sha-256", "passwords are kept in a form that can be replayed"},
};

static void check_setting(void *room, const char *name, const char *value)
{
    struct database_check *c = room;
    for (size_t i = 0; i < sizeof SETTINGS / sizeof *SETTINGS; i++)
        if (strcmp(SETTINGS[i].name, name) == 0 && strcmp(SETTINGS[i].wanted, value) != 0)
            doctor_bad(c->doctor,
                       c->doctor->house->own_database
                           ? "start the installation again: it writes the settings of its database at every start"
                           : "docs/database.md, Settings that must stay",
                       "database: %s is %s: %s", name, value, SETTINGS[i].why);
}

static void check_settings(struct database_check *c)
{
    char says[DOOR_OPERATOR_SAYS] = "";
    int before = c->doctor->bad;
    if (door_operator_settings(c->door, check_setting, c, says) != ERR_OK)
        doctor_bad(c->doctor, "docs/database.md", "database: its settings cannot be read: %s", says);
    if (c->doctor->bad == before)
        doctor_good(c->doctor, "database: an answer means stored, and its log holds no content");
}

/* ---- what an upgrade would do ---- */

static enum err note_applied(void *room, const char *sha256, int64_t number)
{
    struct database_check *c = room;
    if (number < 1 || number > MIGRATIONS_MAX)
        return ERR_OK;
    snprintf(c->applied[number].sha256, sizeof c->applied[number].sha256, "%s", sha256);
    c->newest = (unsigned)number > c->newest ? (unsigned)number : c->newest;
    return ERR_OK;
}

static void check_migration(void *room, unsigned number, const char *name, const char *sha256)
{
    struct database_check *c = room;
    char cure[DOCTOR_CURE];
    doctor_cure(c->doctor, cure, "migrate");
    if (!c->applied[number].sha256[0])
        doctor_bad(c->doctor, cure, "upgrade: %.64s is not applied yet; the next start does it too", name);
    else if (strcmp(c->applied[number].sha256, sha256) != 0)
        doctor_bad(c->doctor, "put the released files back", "upgrade: %.64s was edited after it was applied", name);
    c->applied[number].sha256[0] = '\0';
}

static void check_migrations(struct database_check *c)
{
    char folder[HOUSE_PATH], says[COPY_SAYS] = "";
    int before = c->doctor->bad;
    program_shared(folder, "migrations");
    if (copy_migrations(c->copy, note_applied, c, says) != ERR_OK ||
        migrate_files(folder, check_migration, c, says) != ERR_OK) {
        doctor_bad(c->doctor, "docs/database.md", "upgrade: the migrations cannot be compared: %s", says);
        return;
    }
    for (unsigned i = 1; i <= c->newest; i++)
        if (c->applied[i].sha256[0])
            doctor_bad(c->doctor, "use the newer version again",
                       "upgrade: the database has migration %03u, which this "
                       "version does not know",
                       i);
    if (c->doctor->bad == before)
        doctor_good(c->doctor, "upgrade: the database is at migration %03u, the newest of version " RECOURSE_VERSION,
                    c->newest);
}

/* ---- rounds ---- */

static void check_round(void *room, const struct operator_round *round)
{
    struct database_check *c = room;
    char day[11];
    int64_t left = (round->closes - clock_wall()) / DAY;
    clock_day(round->closes, day);
    if (round->closes > clock_wall())
        doctor_good(c->doctor, "consultation round %s closes on %s, in %" PRId64 " days", round->code, day, left);
}

/* ---- the whole ---- */

static enum err open_both(struct database_check *c, char says[static DOOR_OPERATOR_SAYS])
{
    char conninfo[DATABASE_URL_MAX];
    database_operator(c->doctor->house, conninfo);
    enum err err = door_operator_open(conninfo, NULL, &c->door, says);
    if (err == ERR_OK)
        err = copy_open(conninfo, &c->copy, says);
    mem_wipe(conninfo, sizeof conninfo);
    return err;
}

void doctor_database(struct doctor *d)
{
    struct database_check *c = mem_new(sizeof *c);
    char says[DOOR_OPERATOR_SAYS] = "", cure[DOCTOR_CURE];
    c->doctor = d;
    doctor_cure(d, cure, "up");
    if (d->house->own_database && !launcher_find(d->house)) {
        doctor_bad(d, cure, "database: it does not run, so nobody looked into it");
    } else if (open_both(c, says) != ERR_OK) {
        doctor_bad(d, cure, "database: %s", says);
    } else {
        check_settings(c);
        check_migrations(c);
        if (door_operator_rounds(c->door, check_round, c, says) != ERR_OK)
            doctor_bad(d, cure, "database: consultation rounds cannot be read: %s", says);
    }
    copy_close(c->copy);
    door_operator_close(c->door);
    mem_free(c);
}
