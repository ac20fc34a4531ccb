/* house.c -- see house.h. */
#include "operator/house.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/conf.h"
#include "common/base/file.h"
#include "operator/say.h"

static const char ELSEWHERE[] = "/var/lib/recourse";
/* It stands in connection strings, in PostgreSQL's settings and in configuration files. */
static const char PLAIN[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._+-";

#define AT(member) offsetof(struct house, member)
static const struct conf_row ROWS[] = {
    {"office", "id", CONF_NUMBER, AT(office), "1", 1, 65535, 0, "number of the office, bound into everything sealed"},
    {"office", "name", CONF_TEXT, AT(name), "", 0, 100, 0,
     "at the foot of the pages; empty, because phones are shared, until the operator decides"},
    {"office", "retention_months", CONF_NUMBER, AT(retention_months), "84", 1, 1200, 0,
     "months after the last thing happened in a case that has ended; then it is destroyed"},
    {"office", "drift_days", CONF_NUMBER, AT(drift_days), "30", 1, 3650, 0,
     "days after which staff are reminded of an entity that is linked to an impact and does nothing"},
    {"office", "graphic_day", CONF_NUMBER, AT(graphic_day), "12", 0, 1000, 0,
     "how many cases that are hard to read one person is given in a day; 0: any number"},
    {"office", "snapshot_s", CONF_NUMBER, AT(snapshot_s), "3600", 0, 604800, 0,
     "how often a vault keeps a sealed copy of its memory, for a quick start; 0: never"},
    {"office", "route", CONF_BOOL, AT(route), "yes", 0, 1, 0,
     "a new case goes by itself to the desk that a rule names (safeguarding, oversight), while somebody works there"},
    {"budget", "per_hour", CONF_NUMBER, AT(open_hour), "60", 1, 100000, 0,
     "how many cases one session of staff opens in an hour: what a stolen one can read"},
    {"budget", "per_day", CONF_NUMBER, AT(open_day), "300", 1, 100000, 0, "the same in a day"},
    {"deadlines", "profiles", CONF_TEXT, AT(profiles), "default", 1, 400, 0,
     "whose deadlines count (docs/deadlines.md): default psea ess10 ...; the earliest holds"},
    {"deadlines", "rest_days", CONF_TEXT, AT(rest_days), "saturday sunday", 0, 80, 0, "on which nobody works"},
    {"deadlines", "holidays", CONF_TEXT, AT(holidays), "", 0, 170, 0, "further ones: 2026-12-25 2027-01-01"},
    {"deadlines", "ahead_minutes", CONF_NUMBER, AT(ahead_minutes), "0", -720, 840, 0,
     "of UTC: when the office's day begins"},
    {"escalation", "look_h", CONF_NUMBER, AT(escalate_look_h), "4", 0, 8760, 0,
     "hours of lateness after which a look that is due is escalated; 0: never"},
    {"escalation", "contact_h", CONF_NUMBER, AT(escalate_contact_h), "24", 0, 8760, 0, "the same of a safe contact"},
    {"escalation", "acknowledge_h", CONF_NUMBER, AT(escalate_acknowledge_h), "72", 0, 8760, 0,
     "the same of telling the person that it was read"},
    {"escalation", "outcome_h", CONF_NUMBER, AT(escalate_outcome_h), "336", 0, 8760, 0,
     "the same of telling them what became of it"},
    {"escalation", "receiver_h", CONF_NUMBER, AT(escalate_receiver_h), "72", 0, 8760, 0,
     "the same of the answer of whom a part was referred to"},
    {"alarm", "channel", CONF_TEXT, AT(alarm_channel), "", 0, 32, 0,
     "the telephone channel by which who is on call is told; empty: nobody is"},
    {"alarm", "email_channel", CONF_TEXT, AT(alarm_email_channel), "", 0, 32, 0,
     "the same of kind smtp, for who is told by e-mail"},
    {"alarm", "language", CONF_TEXT, AT(alarm_language), "en", 0, 20, 0, "of what they are told: en, ar, fr, sw"},
    {"alarm", "repeat_s", CONF_NUMBER, AT(alarm_repeat_s), "600", 1, 86400, 0,
     "how soon they are told again while nobody acknowledges"},
    {"alarm", "gather_s", CONF_NUMBER, AT(alarm_gather_s), "60", 0, 3600, 0,
     "what comes within this time of a message is told together"},
    {"alarm", "next_s", CONF_NUMBER, AT(alarm_next_s), "900", 1, 86400, 0,
     "how long the next of the roster is not told while nobody acknowledges"},
    {"http", "port", CONF_NUMBER, AT(port), "8443", 1024, 65000, 0, "first port: intake; console and gateway follow"},
    {"http", "public_name", CONF_TEXT, AT(public_name), "localhost", 0, 120, 0, "host name that people know"},
    {"http", "staff_name", CONF_TEXT, AT(staff_name), "localhost", 0, 120, 0, "another one, for the staff's console"},
    {"http", "intake_plain_port", CONF_NUMBER, AT(intake_plain_port), "0", 0, 65535, 0,
     "intake without TLS on 127.0.0.1, for an onion service on this machine; 0: none"},
    {"http", "onion", CONF_TEXT, AT(onion), "", 0, 80, 0,
     "NAME.onion of that service: told to browsers that can use it, and on the page about safety"},
    {"database", "own", CONF_BOOL, AT(own_database), "yes", 0, 1, 0, "a private PostgreSQL cluster in pg/"},
    {"keys", "locked", CONF_BOOL, AT(locked), "no", 0, 1, 0, "desk keys lie under a passphrase"},
    {"cleaner", "bytes_mib", CONF_NUMBER, AT(clean_bytes_mib), "544", 160, 65536, 0,
     "MiB of memory for the files that a desk's cleaner has at a time; the largest is half of what is above 128"},
    {"cleaner", "memory_mib", CONF_NUMBER, AT(clean_memory_mib), "1024", 256, 65536, 0,
     "MiB of memory for a program that cleans or draws one"},
    {"cleaner", "seconds", CONF_NUMBER, AT(clean_seconds), "60", 1, 3600, 0, "that one file may take"},
    {"backup", "days", CONF_NUMBER, AT(backup_days), "2", 1, 366, 0, "an older backup is BAD to the doctor"},
    {"backup", "copies_days", CONF_NUMBER, AT(copies_days), "365", 1, 36500, 0,
     "days after which no backup that has a case can be opened: said to who asks that theirs is erased"},
    {"evidence", "files", CONF_NUMBER, AT(files_most), "20", 0, 20, 0, "the most files of one report; 0: none"},
    {"evidence", "megabytes", CONF_NUMBER, AT(files_megabytes), "200", 1, 2000, 0, "the most that they have together"},
    {"abuse", "budgets", CONF_BOOL, AT(budgets), "yes", 0, 1, 0,
     "count reports, so that who floods the office does not silence others (docs/abuse.md); no: nothing is counted"},
    {"abuse", "connection", CONF_NUMBER, AT(abuse_connection), "20", 0, 100000, 0,
     "reports in ten minutes over one connection before a short wait is asked for; 0: not counted"},
    {"abuse", "network", CONF_NUMBER, AT(abuse_network), "60", 0, 100000, 0, "the same from one network"},
    {"abuse", "office", CONF_NUMBER, AT(abuse_office), "600", 0, 100000, 0, "the same from everywhere"},
    {"abuse", "aside_times", CONF_NUMBER, AT(abuse_times), "5", 1, 9, 0,
     "over so many times a budget reports are set aside, for a person to look at"},
    {"abuse", "wait_s", CONF_NUMBER, AT(abuse_wait_s), "20", 1, 120, 0, "how long that wait is"},
    {"abuse", "aside_hours", CONF_NUMBER, AT(abuse_hours), "72", 0, 720, 0,
     "after which what was set aside goes into the queue by itself"},
    {"signin", "second_factor", CONF_TEXT, AT(second_factor), "", 0, 16, 0,
     "required: staff sign in with a second factor; offered: they may. Empty: offered in a demonstration alone"},
    {"signin", "recovery_hours", CONF_NUMBER, AT(recovery_hours), "24", 0, 720, 0,
     "how long a member of staff can stop that others let them in anew"},
    {"signin", "origin", CONF_TEXT, AT(origin), "", 0, 150, 0,
     "https://HOST:PORT as staff type it, for passkeys; empty: staff_name and the console's port"},
    {"desk", "*", CONF_TEXT, 0, "", 0, 0, 0, "desks: [desk usual] title = ..."},
    {"channel", "*", CONF_TEXT, 0, "", 0, 0, 0, "telephone channels: [channel NAME] kind = ..."},
    {"webhook", "*", CONF_TEXT, 0, "", 0, 0, 0,
     "systems of the office that are told (docs/webhooks.md): [webhook NAME] url = ..."},
    {0},
};

void house_path(const struct house *house, char out[static HOUSE_PATH], const char *format, ...)
{
    int at = snprintf(out, HOUSE_PATH, "%s/", house->dir);
    va_list args;
    va_start(args, format);
    int more = vsnprintf(out + at, HOUSE_PATH - (size_t)at, format, args);
    va_end(args);
    if (more < 0 || at + more >= HOUSE_PATH)
        err_die("A path under %s is too long.", house->dir);
}

int house_has(const struct house *house, const char *format, ...)
{
    char rest[HOUSE_PATH], path[HOUSE_PATH];
    va_list args;
    va_start(args, format);
    vsnprintf(rest, sizeof rest, format, args);
    va_end(args);
    house_path(house, path, "%s", rest);
    return access(path, F_OK) == 0;
}

int house_is_name(const char *text)
{
    size_t len = strlen(text);
    return len >= 1 && len < HOUSE_NAME && text[0] >= 'a' && text[0] <= 'z' && text[len - 1] != '-' &&
           strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-_") == len;
}

int house_is_line(const char *text)
{
    size_t len = strlen(text);
    if (len < 1 || len > 150 || strstr(text, " ;") || text[0] == ' ' || text[len - 1] == ' ')
        return 0;
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            return 0;
    return 1;
}

const char *house_second_factor(const struct house *house)
{
    if (house->second_factor && *house->second_factor)
        return house->second_factor;
    return house->locked ? "required" : "offered";
}

int house_has_desk(const struct house *house, const char *code)
{
    for (size_t i = 0; i < house->desk_count; i++)
        if (strcmp(house->desks[i].name, code) == 0)
            return 1;
    return 0;
}

static const char *leads_to_desk(void *room, const char *name, const char *key, const char *value)
{
    (void)name;
    return strcmp(key, "desk") == 0 && !house_has_desk(room, value) ? "names a desk that is not there" : NULL;
}

enum err house_channels_lead(const struct house *house, char says[static 256])
{
    char path[HOUSE_PATH];
    house_path(house, path, "recourse.ini");
    return conf_each(path, "channel", leads_to_desk, (void *)(uintptr_t)house, says);
}

/* ---- where ---- */

void house_above(const char *path, char out[static PATH_MAX])
{
    snprintf(out, PATH_MAX, "%s", path);
    for (char *slash; (slash = strrchr(out, '/')) && slash != out;) {
        *slash = '\0';
        if (access(out, F_OK) == 0)
            return;
    }
    snprintf(out, PATH_MAX, "/");
}

int house_is_reachable(const char *path)
{
    char part[PATH_MAX];
    if (!realpath(path, part))
        return 0;
    for (;;) {
        struct stat st;
        if (stat(part, &st) != 0 || !(st.st_mode & S_IXOTH))
            return 0;
        char *slash = strrchr(part, '/');
        if (slash == part)
            return 1;
        *slash = '\0';
    }
}

/* Of what is there already: init makes the rest, and makes it reachable. */
static int can_be_reached(const char *dir)
{
    char above[PATH_MAX];
    house_above(dir, above);
    return strcmp(above, "/") == 0 || house_is_reachable(above);
}

static void make_absolute(const char *dir, char out[static PATH_MAX])
{
    char here[PATH_MAX];
    if (realpath(dir, out))
        return;
    if (*dir == '/')
        snprintf(out, PATH_MAX, "%s", dir);
    else if (getcwd(here, sizeof here) && strlen(here) + strlen(dir) + 2 <= PATH_MAX)
        snprintf(out, PATH_MAX, "%.2047s/%.2047s", here, dir);
    else
        err_die("The current folder cannot be told: %s.", strerror(errno));
    size_t len = strlen(out);
    while (len > 1 && out[len - 1] == '/')
        out[--len] = '\0';
}

/* ---- recourse.ini ---- */

struct gather {
    struct house_named *list;
    size_t *count;
};

static const char *gather_one(void *room, const char *name, const char *key, const char *value)
{
    struct gather *g = room;
    (void)key;
    (void)value;
    for (size_t i = 0; i < *g->count; i++)
        if (strcmp(g->list[i].name, name) == 0)
            return NULL;
    if (!house_is_name(name))
        return "is not a name of at most 16 lower-case letters, digits, - and _";
    if (*g->count == HOUSE_NAMED_MAX)
        return "is one too many";
    snprintf(g->list[(*g->count)++].name, HOUSE_NAME, "%s", name);
    return NULL;
}

static void read_ini(struct house *house, const char *path)
{
    char says[256];
    struct gather desks = {house->desks, &house->desk_count}, channels = {house->channels, &house->channel_count};
    house->desk_count = house->channel_count = 0;
    if (conf_load(ROWS, path, house, says) != ERR_OK || conf_each(path, "desk", gather_one, &desks, says) != ERR_OK ||
        conf_each(path, "channel", gather_one, &channels, says) != ERR_OK)
        err_die("%s", says);
}

void house_open(struct house *house, const char *dir)
{
    char absolute[PATH_MAX];
    memset(house, 0, sizeof *house);
    house->separate = geteuid() == 0;
    make_absolute(dir, absolute);
    if (house->separate && !can_be_reached(absolute)) {
        say_wrong("%s cannot be reached by other users, and every process runs as one of its own: using %s.", absolute,
                  ELSEWHERE);
        snprintf(absolute, sizeof absolute, "%s", ELSEWHERE);
    }
    if (strspn(absolute, PLAIN) != strlen(absolute))
        err_die("%s: the folder's path may hold letters, digits and / . _ + - alone. Use --data.", absolute);
    if (strlen(absolute) > HOUSE_DIR_MAX)
        err_die("%s is too long: unix sockets lie below it, so it may have at most %d bytes. Use --data.", absolute,
                HOUSE_DIR_MAX);
    memcpy(house->dir, absolute, strlen(absolute) + 1);
    house_reload(house);
}

void house_read(struct house *house, const char *name)
{
    char path[HOUSE_PATH];
    house_path(house, path, "%s", name);
    house->exists = access(path, F_OK) == 0;
    if (!house->exists)
        return;
    if (house->name)
        conf_free(ROWS, house);
    read_ini(house, path);
}

void house_reload(struct house *house)
{
    house_read(house, "recourse.ini");
}

void house_close(struct house *house)
{
    if (house->exists)
        conf_free(ROWS, house);
}

void house_must_not_be_half(const struct house *house)
{
    if (house_has(house, "%s", HOUSE_RESTORING))
        err_die("In %s lies a restore that was broken off. Remove the folder, then restore again.", house->dir);
}

void house_must_exist(const struct house *house)
{
    if (!house->exists)
        err_die("There is no installation in %s. Make one with: recourse --data %s init", house->dir, house->dir);
}

/* What root makes belongs to a user for each process, what anybody else makes to that person: half of each starts for
 * nobody. */
void house_must_be_ours(const struct house *house)
{
    char path[HOUSE_PATH];
    struct stat st;
    house_path(house, path, "secrets");
    if (!house->exists || stat(path, &st) != 0 || st.st_uid == geteuid())
        return;
    const struct passwd *whose = getpwuid(st.st_uid);
    if (st.st_uid == 0)
        err_die("The installation in %s was made by root: start this as root.", house->dir);
    if (!house->separate)
        err_die("The installation in %s belongs to the user %s: start this as that user.", house->dir,
                whose ? whose->pw_name : "that made it");
    err_die("The installation in %s was made without root and belongs to the user %s: start this as that user. One in "
            "which every process has a user of its own is made anew, as root, and a backup restored into it "
            "(docs/operating.md).",
            house->dir, whose ? whose->pw_name : "that made it");
}

/* ---- writing it ---- */

static const char NEW_INI[] =
    "; An installation of recourse. The files in etc/ are written from this one at every start.\n"
    "[office]\n"
    "id = %" PRId64 "\n"
    "name = %s\n"
    "retention_months = %" PRId64 "\n"
    "\n"
    "[http]\n"
    "; intake listens here, the staff's console one above, the SMS gateway two above\n"
    "port = %" PRId64 "\n"
    "; host names: staff pages need one of their own, because a port is no boundary for cookies\n"
    "public_name = localhost\n"
    "staff_name = localhost\n"
    "\n"
    "[database]\n"
    "own = %s\n"
    "\n"
    "[keys]\n"
    "locked = %s\n"
    "\n"
    "; who floods the office with reports does not silence others: connection, network, office = reports in ten "
    "minutes\n"
    "[abuse]\n"
    "budgets = %s\n";

void house_write_new(const struct house *house, const char *sections)
{
    char path[HOUSE_PATH];
    struct buf text = BUF_INIT(16384);
    house_path(house, path, "recourse.ini");
    need(buf_addf(&text, NEW_INI, house->office, house->name, house->retention_months, house->port,
                  house->own_database ? "yes" : "no", house->locked ? "yes" : "no",
                  house->budgets ? "yes" : "no") == ERR_OK);
    need(buf_add_text(&text, sections) == ERR_OK);
    if (file_write_public(path, text.bytes, text.len) != ERR_OK)
        err_die("%s cannot be written: %s.", path, strerror(errno));
    buf_free(&text);
}

void house_add_section(const struct house *house, const char *kind, const char *name, const char *lines)
{
    char path[HOUSE_PATH];
    struct buf text = BUF_INIT(64 * 1024);
    house_path(house, path, "recourse.ini");
    if (file_read(path, &text) != ERR_OK || buf_addf(&text, "\n[%s %s]\n%s", kind, name, lines) != ERR_OK ||
        file_write_public(path, text.bytes, text.len) != ERR_OK)
        err_die("%s cannot be written: %s.", path, strerror(errno));
    buf_free(&text);
}
