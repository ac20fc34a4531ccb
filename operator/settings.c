/* settings.c -- see settings.h. The files hold no secret: those are named by path. */
#include "operator/settings.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/base/code.h"
#include "common/base/conf.h"
#include "common/base/file.h"
#include "operator/crew.h"
#include "operator/database.h"
#include "operator/house_public.h"
#include "operator/office_file.h"
#include "operator/times.h"

enum {
    CONSOLE_BEHIND = 1,
    SMS_BEHIND = 2,
    HEALTH_BEHIND = 10,
    PLAIN_BEHIND = 20,
    FILE_MAX = 32 * 1024,
    LINE_MAX_BYTES = 196
};

/* Danger that is told to another desk in thanks or consultation is reported there, where the installation has it. */
static const char DANGER_DESK[] = "safeguarding";

struct writing {
    const struct house *house;
    const struct program *program;
    int64_t port;
    const char *root; /* the pinned public key, base64 */
    struct buf text;
    const char *copying;        /* kind of the section that is being copied */
    const char *const *of_keys; /* these keys of it alone; NULL: all */
    char section[32];
};

__attribute__((format(printf, 2, 3))) static void line(struct writing *w, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    need(len >= 0 && (size_t)len < sizeof text);
    const char *last = strrchr(text, '\n');
    if (strlen(last ? last + 1 : text) > LINE_MAX_BYTES)
        err_die("A line of the settings is too long: choose a shorter folder than %s.", w->house->dir);
    need(buf_addf(&w->text, "%s\n", text) == ERR_OK);
}

static void save(struct writing *w, const char *process)
{
    char path[HOUSE_PATH];
    house_path(w->house, path, "etc/%s.ini", process);
    if (file_write_public(path, w->text.bytes, w->text.len) != ERR_OK)
        err_die("%s cannot be written: %s.", path, strerror(errno));
    buf_clear(&w->text);
}

/* ---- sections that several have ---- */

static void office(struct writing *w)
{
    line(w, "[office]\nid = %" PRId64, w->house->office);
    line(w, "retention_months = %" PRId64, w->house->retention_months);
}

static void http(struct writing *w, const char *process, int behind)
{
    line(w, "[http]\naddress = 0.0.0.0\nport = %" PRId64, w->port + behind);
    line(w, "health_port = %" PRId64, w->port + behind + HEALTH_BEHIND);
    line(w, "certificate = %s/tls/cert.pem", w->house->dir);
    line(w, "key = %s/secrets/%s/tls.key", w->house->dir, process);
}

static void database(struct writing *w, const char *process, const char *role)
{
    char conninfo[HOUSE_PATH];
    database_conninfo(w->house, role, conninfo);
    line(w, "[database]\nconninfo = %s", conninfo);
    line(w, "password = %s/secrets/%s/db.password", w->house->dir, process);
}

static void keys(struct writing *w)
{
    line(w, "[keys]\nmanifest = %s/keys/manifest", w->house->dir);
    line(w, "root = %s", w->root);
}

static void secret(struct writing *w, const char *key, const char *process, const char *file)
{
    line(w, "%s = %s/secrets/%s/%s", key, w->house->dir, process, file);
}

static void folder(struct writing *w, const char *key, const char *below)
{
    line(w, "%s = %s/%s", key, w->program->share, below);
}

static const char *copy_line(void *room, const char *name, const char *key, const char *value)
{
    struct writing *w = room;
    char section[sizeof w->section];
    const char *const *each = w->of_keys;
    while (each && *each && strcmp(*each, key) != 0)
        each++;
    if (each && !*each)
        return NULL;
    snprintf(section, sizeof section, "%s %.20s", w->copying, name);
    if (strcmp(section, w->section) != 0)
        line(w, "[%s]", section);
    memcpy(w->section, section, sizeof section);
    line(w, "%s = %s", key, value);
    return NULL;
}

/* The sections [kind NAME] of recourse.ini; `keys` of them (ends with NULL), or NULL: as they are. */
static void copy_of_sections(struct writing *w, const char *kind, const char *const *of_keys)
{
    char path[HOUSE_PATH], says[256];
    house_path(w->house, path, "recourse.ini");
    w->copying = kind;
    w->of_keys = of_keys;
    w->section[0] = '\0';
    if (conf_each(path, kind, copy_line, w, says) != ERR_OK)
        err_die("%s", says);
}

static void copy_sections(struct writing *w, const char *kind)
{
    copy_of_sections(w, kind, NULL);
}

struct title {
    const char *desk;
    char text[104];
};

static const char *find_title(void *room, const char *name, const char *key, const char *value)
{
    struct title *title = room;
    if (strcmp(name, title->desk) == 0 && strcmp(key, "title") == 0)
        snprintf(title->text, sizeof title->text, "%s", value);
    return NULL;
}

static void desk_title(struct writing *w, const char *desk)
{
    char path[HOUSE_PATH], says[256];
    struct title title = {.desk = desk};
    house_path(w->house, path, "recourse.ini");
    snprintf(title.text, sizeof title.text, "%s", desk);
    if (conf_each(path, "desk", find_title, &title, says) != ERR_OK)
        err_die("%s", says);
    line(w, "title = %s", title.text);
}

/* A user's name where the kernel is asked who is at the other end; empty when all share one. */
static void user(struct writing *w, const char *key, const char *name, const char *desk)
{
    if (w->house->separate)
        line(w, "%s = %s%s%s", key, name, desk ? "-" : "", desk ? desk : "");
}

static void spool(struct writing *w, const char *process)
{
    line(w, "[spool]\nfolder = %s/spool/%s", w->house->dir, process);
}

/* ---- the processes ---- */

/* Each in a line of its own even where nothing is counted: what holds is to be seen in one place. */
static void budgets(struct writing *w)
{
    const struct house *house = w->house;
    int64_t on = house->budgets;
    line(w, "[abuse]\nconnection = %" PRId64, on * house->abuse_connection);
    line(w, "network = %" PRId64, on * house->abuse_network);
    line(w, "office = %" PRId64, on * house->abuse_office);
    line(w, "aside_times = %" PRId64, house->abuse_times);
    line(w, "wait_s = %" PRId64, house->abuse_wait_s);
}

/* What the page about how this works tells people. */
static void times(struct writing *w)
{
    char path[HOUSE_PATH];
    struct times times;
    program_shared(path, "triage/deadlines");
    times_read(w->house, path, &times);
    line(w, "[times]\nlook = %s\nacknowledge = %s\noutcome = %s", times.look, times.acknowledge, times.outcome);
}

static void write_intake(struct writing *w, const char *desk)
{
    (void)desk;
    office(w);
    line(w, "name = %s", w->house->name);
    http(w, "intake", 0);
    line(w, "plain_port = %" PRId64, w->house->intake_plain_port);
    line(w, "onion = %s", w->house->onion);
    database(w, "intake", "recourse_intake");
    line(w, "connections = 2");
    keys(w);
    secret(w, "pepper", "intake", "pepper");
    secret(w, "once", "intake", "once");
    secret(w, "seed", "intake", "door.seed");
    spool(w, "intake");
    budgets(w);
    times(w);
    line(w, "\n[evidence]\nfiles = %" PRId64, w->house->files_most);
    line(w, "megabytes = %" PRId64, w->house->files_megabytes);
    line(w, "[drafts]\nfolder = %s/drafts", w->house->dir);
    line(w, "[files]");
    folder(w, "pages", "intake/pages");
    folder(w, "languages", "intake/languages");
    line(w, "office = %s/etc/office.yaml", w->house->dir);
    save(w, "intake");
}

static void write_sms(struct writing *w, const char *desk)
{
    (void)desk;
    office(w);
    http(w, "sms", SMS_BEHIND);
    line(w, "plain_port = %" PRId64, w->port + PLAIN_BEHIND);
    database(w, "sms", "recourse_sms");
    keys(w);
    secret(w, "once", "sms", "once");
    secret(w, "seed", "sms", "door.seed");
    spool(w, "sms");
    line(w, "[files]");
    folder(w, "languages", "sms-gateway/languages");
    line(w, "office = %s/etc/office.yaml", w->house->dir);
    copy_sections(w, "channel");
    copy_sections(w, "webhook");
    save(w, "sms");
}

static void write_console(struct writing *w, const char *desk)
{
    (void)desk;
    line(w, "[office]\nid = %" PRId64 "\nname = %s", w->house->office, w->house->name);
    http(w, "console", CONSOLE_BEHIND);
    line(w, "[files]");
    folder(w, "pages", "triage/console/pages");
    folder(w, "languages", "triage/console/languages");
    folder(w, "codes", "triage/codes");
    line(w, "office = %s/etc/office.yaml", w->house->dir);
    database(w, "console", "recourse_triage");
    line(w, "[health]\nintake = 127.0.0.1:%" PRId64, w->port + HEALTH_BEHIND);
    line(w, "sms = 127.0.0.1:%" PRId64, w->port + SMS_BEHIND + HEALTH_BEHIND);
    for (size_t i = 0; i < w->house->desk_count; i++) {
        line(w, "[desk %s]", w->house->desks[i].name);
        line(w, "socket = %s/run/vault-%s/console.sock", w->house->dir, w->house->desks[i].name);
        desk_title(w, w->house->desks[i].name);
    }
    save(w, "console");
}

/* How staff sign in; the address is what a browser binds passkeys to. */
static void signin(struct writing *w)
{
    const struct house *house = w->house;
    line(w, "[signin]\nsecond_factor = %s", house_second_factor(house));
    line(w, "recovery_hours = %" PRId64, house->recovery_hours);
    line(w, "issuer = %.60s", house->name && *house->name ? house->name : "recourse");
    if (house->origin && *house->origin)
        line(w, "origin = %s", house->origin);
    else
        line(w, "origin = https://%s:%" PRId64, house->staff_name, w->port + CONSOLE_BEHIND);
}

static void vault_sockets(struct writing *w, const char *desk, const char *process)
{
    line(w, "[sockets]\nconsole = %s/run/%s/console.sock", w->house->dir, process);
    line(w, "operator = %s/run/%s/operator.sock", w->house->dir, process);
    line(w, "keys = %s/run/keys-%s/keys.sock", w->house->dir, desk);
    user(w, "console_user", "recourse-triage", NULL);
    user(w, "operator_user", "root", NULL);
    user(w, "keys_user", "recourse-keys", desk);
    line(w, "[cleaner]\nsocket = %s/run/clean-%s/clean.sock", w->house->dir, desk);
    user(w, "user", "recourse-clean", desk);
}

static void deadlines(struct writing *w)
{
    const struct house *house = w->house;
    line(w, "[deadlines]\nprofiles = %s\nrest_days = %s", house->profiles, house->rest_days);
    line(w, "holidays = %s\nahead_minutes = %" PRId64, house->holidays, house->ahead_minutes);
    folder(w, "folder", "triage/deadlines");
    line(w, "[escalation]\nlook_h = %" PRId64 "\ncontact_h = %" PRId64, house->escalate_look_h,
         house->escalate_contact_h);
    line(w, "acknowledge_h = %" PRId64 "\noutcome_h = %" PRId64, house->escalate_acknowledge_h,
         house->escalate_outcome_h);
    line(w, "receiver_h = %" PRId64, house->escalate_receiver_h);
}

static void alarm_of(struct writing *w)
{
    const struct house *house = w->house;
    line(w, "[alarm]\nchannel = %s\nlanguage = %s", house->alarm_channel, house->alarm_language);
    line(w, "email_channel = %s", house->alarm_email_channel);
    line(w, "repeat_s = %" PRId64 "\ngather_s = %" PRId64, house->alarm_repeat_s, house->alarm_gather_s);
    line(w, "next_s = %" PRId64, house->alarm_next_s);
}

/* The first desk's vault keeps the log in order. */
static void sequencer(struct writing *w, const char *desk, const char *process)
{
    char audit[HOUSE_PATH];
    int is_first = strcmp(desk, w->house->desks[0].name) == 0;
    line(w, "[audit]\nsequencer = %s", is_first ? "yes" : "no");
    if (!is_first)
        return;
    database_conninfo(w->house, "recourse_audit", audit);
    line(w, "conninfo = %s", audit);
    secret(w, "password", process, "audit.password");
    line(w, "checkpoint = %s/audit/checkpoint", w->house->dir);
    line(w, "origin = recourse/office-%" PRId64, w->house->office);
}

static void snapshot(struct writing *w, const char *process)
{
    const struct house *house = w->house;
    if (house->snapshot_s)
        line(w, "[snapshot]\nfolder = %s/snapshot/%s\nevery_s = %" PRId64, house->dir, process, house->snapshot_s);
}

static void write_vault(struct writing *w, const char *desk)
{
    /* Where it leads and how it is signed is the gateway's matter alone. */
    static const char *const of_webhooks[] = {"desks", "events", NULL};
    char process[CREW_NAME], role[CREW_NAME];
    snprintf(process, sizeof process, "vault-%s", desk);
    snprintf(role, sizeof role, "recourse_vault_%s", desk);
    line(w, "[desk]\ncode = %s\noffice = %" PRId64, desk, w->house->office);
    line(w, "retention_months = %" PRId64, w->house->retention_months);
    line(w, "copies_days = %" PRId64, w->house->copies_days);
    desk_title(w, desk);
    if (strcmp(desk, DANGER_DESK) != 0 && house_has_desk(w->house, DANGER_DESK))
        line(w, "danger_desk = %s", DANGER_DESK);
    line(w, "route = %s", w->house->route ? "yes" : "no");
    database(w, process, role);
    vault_sockets(w, desk, process);
    keys(w);
    secret(w, "pepper", process, "pepper");
    signin(w);
    line(w, "[budget]\nper_hour = %" PRId64, w->house->open_hour);
    line(w, "per_day = %" PRId64, w->house->open_day);
    line(w, "[rules]");
    folder(w, "folder", "triage/rules");
    folder(w, "codes", "triage/codes");
    line(w, "drift_days = %" PRId64, w->house->drift_days);
    line(w, "graphic_day = %" PRId64, w->house->graphic_day);
    line(w, "aside_hours = %" PRId64, w->house->abuse_hours);
    deadlines(w);
    alarm_of(w);
    sequencer(w, desk, process);
    snapshot(w, process);
    line(w, "[files]");
    folder(w, "languages", "triage/vault/languages");
    copy_of_sections(w, "webhook", of_webhooks);
    save(w, process);
}

static void write_keys(struct writing *w, const char *desk)
{
    char process[CREW_NAME];
    snprintf(process, sizeof process, "keys-%s", desk);
    line(w, "[desk]\ncode = %s\noffice = %" PRId64, desk, w->house->office);
    line(w, "[sockets]\nlisten = %s/run/%s/keys.sock", w->house->dir, process);
    user(w, "vault_user", "recourse-vault", desk);
    line(w, "[keys]\nfile = %s/secrets/%s/desk.key", w->house->dir, process);
    save(w, process);
}

static void write_cleaner(struct writing *w, const char *desk)
{
    char process[CREW_NAME];
    const struct house *house = w->house;
    snprintf(process, sizeof process, "clean-%s", desk);
    line(w, "[desk]\ncode = %s", desk);
    line(w, "[sockets]\nlisten = %s/run/%s/clean.sock", house->dir, process);
    user(w, "vault_user", "recourse-vault", desk);
    line(w, "[work]\nfolder = %s/run/%s/work", house->dir, process);
    line(w, "[limits]\nbytes_mib = %" PRId64 "\nmemory_mib = %" PRId64, house->clean_bytes_mib,
         house->clean_memory_mib);
    line(w, "seconds = %" PRId64, house->clean_seconds);
    save(w, process);
}

static const struct {
    const char *kind;
    void (*write)(struct writing *w, const char *desk);
} WRITERS[] = {
    {"intake", write_intake}, {"sms", write_sms},   {"console", write_console},
    {"vault", write_vault},   {"keys", write_keys}, {"clean", write_cleaner},
};

void settings_write(const struct house *house, const struct program *program, int64_t port)
{
    uint8_t public_key[32];
    char root[CODE_BASE64_SIZE(32)];
    struct writing w = {.house = house, .program = program, .port = port, .root = root, .text = BUF_INIT(FILE_MAX)};
    struct crew_member members[CREW_MAX];
    size_t count = crew_list(house, members);
    char says[256];
    /* The gateway could seal no text to such a desk, and would answer each of them 503. */
    if (house_channels_lead(house, says) != ERR_OK)
        err_die("%s", says);
    office_file_publish(house);
    house_public_root(house, public_key);
    code_base64(public_key, 32, root);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < sizeof WRITERS / sizeof *WRITERS; k++)
            if (strcmp(WRITERS[k].kind, members[i].kind->name) == 0) {
                line(&w, "; Written by recourse from recourse.ini at every start: change that one.");
                WRITERS[k].write(&w, members[i].desk);
            }
    buf_free(&w.text);
}
