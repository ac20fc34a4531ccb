/* settings.c -- see settings.h. The files hold no secret: those are named by path. */
#include "operator/settings.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/code.h"
#include "operator/crew.h"
#include "operator/database.h"
#include "operator/house_public.h"
#include "operator/office_file.h"
#include "operator/times.h"
#include "operator/writing.h"

enum { CONSOLE_BEHIND = 1, SMS_BEHIND = 2, PLAIN_BEHIND = 20, FILE_MAX = 32 * 1024 };

/* Danger that is told to another desk in thanks or consultation is reported there, where the installation has it. */
static const char DANGER_DESK[] = "safeguarding";

/* ---- the processes ---- */

/* Each in a line of its own even where nothing is counted: what holds is to be seen in one place. */
static void budgets(struct writing *w)
{
    const struct house *house = w->house;
    int64_t on = house->budgets;
    writing_line(w, "[abuse]\nconnection = %" PRId64, on * house->abuse_connection);
    writing_line(w, "network = %" PRId64, on * house->abuse_network);
    writing_line(w, "office = %" PRId64, on * house->abuse_office);
    writing_line(w, "aside_times = %" PRId64, house->abuse_times);
    writing_line(w, "wait_s = %" PRId64, house->abuse_wait_s);
}

/* What the page about how this works tells people. */
static void times(struct writing *w)
{
    char path[HOUSE_PATH];
    struct times times;
    program_shared(path, "triage/deadlines");
    times_read(w->house, path, &times);
    writing_line(w, "[times]\nlook = %s\nacknowledge = %s\noutcome = %s", times.look, times.acknowledge, times.outcome);
}

static void write_intake(struct writing *w, const char *desk)
{
    (void)desk;
    writing_office(w);
    writing_line(w, "name = %s", w->house->name);
    writing_http(w, "intake", 0);
    writing_line(w, "plain_port = %" PRId64, w->house->intake_plain_port);
    writing_line(w, "onion = %s", w->house->onion);
    writing_database(w, "intake", "recourse_intake");
    writing_line(w, "connections = 2");
    writing_keys(w);
    writing_secret(w, "pepper", "intake", "pepper");
    writing_secret(w, "once", "intake", "once");
    writing_secret(w, "seed", "intake", "door.seed");
    writing_spool(w, "intake");
    budgets(w);
    times(w);
    writing_line(w, "\n[evidence]\nfiles = %" PRId64, w->house->files_most);
    writing_line(w, "megabytes = %" PRId64, w->house->files_megabytes);
    writing_line(w, "[drafts]\nfolder = %s/drafts", w->house->dir);
    writing_line(w, "[files]");
    writing_folder(w, "pages", "intake/pages");
    writing_folder(w, "languages", "intake/languages");
    writing_line(w, "office = %s/etc/office.yaml", w->house->dir);
    writing_save(w, "intake");
}

static void write_sms(struct writing *w, const char *desk)
{
    (void)desk;
    writing_office(w);
    writing_http(w, "sms", SMS_BEHIND);
    writing_line(w, "plain_port = %" PRId64, w->port + PLAIN_BEHIND);
    writing_database(w, "sms", "recourse_sms");
    writing_keys(w);
    writing_secret(w, "once", "sms", "once");
    writing_secret(w, "seed", "sms", "door.seed");
    writing_spool(w, "sms");
    writing_line(w, "[files]");
    writing_folder(w, "languages", "sms-gateway/languages");
    writing_line(w, "office = %s/etc/office.yaml", w->house->dir);
    writing_copy(w, "channel");
    writing_copy(w, "webhook");
    writing_save(w, "sms");
}

static void write_console(struct writing *w, const char *desk)
{
    (void)desk;
    writing_line(w, "[office]\nid = %" PRId64 "\nname = %s", w->house->office, w->house->name);
    writing_http(w, "console", CONSOLE_BEHIND);
    writing_line(w, "[files]");
    writing_folder(w, "pages", "triage/console/pages");
    writing_folder(w, "languages", "triage/console/languages");
    writing_folder(w, "codes", "triage/codes");
    writing_line(w, "office = %s/etc/office.yaml", w->house->dir);
    writing_database(w, "console", "recourse_triage");
    writing_line(w, "[health]\nintake = 127.0.0.1:%" PRId64, w->port + WRITING_HEALTH_BEHIND);
    writing_line(w, "sms = 127.0.0.1:%" PRId64, w->port + SMS_BEHIND + WRITING_HEALTH_BEHIND);
    for (size_t i = 0; i < w->house->desk_count; i++) {
        writing_line(w, "[desk %s]", w->house->desks[i].name);
        writing_line(w, "socket = %s/run/vault-%s/console.sock", w->house->dir, w->house->desks[i].name);
        writing_title(w, w->house->desks[i].name);
    }
    writing_save(w, "console");
}

/* How staff sign in; the address is what a browser binds passkeys to. */
static void signin(struct writing *w)
{
    const struct house *house = w->house;
    writing_line(w, "[signin]\nsecond_factor = %s", house_second_factor(house));
    writing_line(w, "recovery_hours = %" PRId64, house->recovery_hours);
    writing_line(w, "issuer = %.60s", house->name && *house->name ? house->name : "recourse");
    if (house->origin && *house->origin)
        writing_line(w, "origin = %s", house->origin);
    else
        writing_line(w, "origin = https://%s:%" PRId64, house->staff_name, w->port + CONSOLE_BEHIND);
}

static void vault_sockets(struct writing *w, const char *desk, const char *process)
{
    writing_line(w, "[sockets]\nconsole = %s/run/%s/console.sock", w->house->dir, process);
    writing_line(w, "operator = %s/run/%s/operator.sock", w->house->dir, process);
    writing_line(w, "keys = %s/run/keys-%s/keys.sock", w->house->dir, desk);
    writing_user(w, "console_user", "recourse-triage", NULL);
    writing_user(w, "operator_user", "root", NULL);
    writing_user(w, "keys_user", "recourse-keys", desk);
    writing_line(w, "[cleaner]\nsocket = %s/run/clean-%s/clean.sock", w->house->dir, desk);
    writing_user(w, "user", "recourse-clean", desk);
}

static void deadlines(struct writing *w)
{
    const struct house *house = w->house;
    writing_line(w, "[deadlines]\nprofiles = %s\nrest_days = %s", house->profiles, house->rest_days);
    writing_line(w, "holidays = %s\nahead_minutes = %" PRId64, house->holidays, house->ahead_minutes);
    writing_folder(w, "folder", "triage/deadlines");
    writing_line(w, "[escalation]\nlook_h = %" PRId64 "\ncontact_h = %" PRId64, house->escalate_look_h,
                 house->escalate_contact_h);
    writing_line(w, "acknowledge_h = %" PRId64 "\noutcome_h = %" PRId64, house->escalate_acknowledge_h,
                 house->escalate_outcome_h);
    writing_line(w, "receiver_h = %" PRId64, house->escalate_receiver_h);
}

static void alarm_of(struct writing *w)
{
    const struct house *house = w->house;
    writing_line(w, "[alarm]\nchannel = %s\nlanguage = %s", house->alarm_channel, house->alarm_language);
    writing_line(w, "email_channel = %s", house->alarm_email_channel);
    writing_line(w, "repeat_s = %" PRId64 "\ngather_s = %" PRId64, house->alarm_repeat_s, house->alarm_gather_s);
    writing_line(w, "next_s = %" PRId64, house->alarm_next_s);
}

/* The first desk's vault keeps the log in order. */
static void sequencer(struct writing *w, const char *desk, const char *process)
{
    char audit[HOUSE_PATH];
    int is_first = strcmp(desk, w->house->desks[0].name) == 0;
    writing_line(w, "[audit]\nsequencer = %s", is_first ? "yes" : "no");
    if (!is_first)
        return;
    database_conninfo(w->house, "recourse_audit", audit);
    writing_line(w, "conninfo = %s", audit);
    writing_secret(w, "password", process, "audit.password");
    writing_line(w, "checkpoint = %s/audit/checkpoint", w->house->dir);
    writing_line(w, "origin = recourse/office-%" PRId64, w->house->office);
}

static void snapshot(struct writing *w, const char *process)
{
    const struct house *house = w->house;
    if (house->snapshot_s)
        writing_line(w, "[snapshot]\nfolder = %s/snapshot/%s\nevery_s = %" PRId64, house->dir, process,
                     house->snapshot_s);
}

static void write_vault(struct writing *w, const char *desk)
{
    /* Where it leads and how it is signed is the gateway's matter alone. */
    static const char *const of_webhooks[] = {"desks", "events", NULL};
    char process[CREW_NAME], role[CREW_NAME];
    snprintf(process, sizeof process, "vault-%s", desk);
    snprintf(role, sizeof role, "recourse_vault_%s", desk);
    writing_line(w, "[desk]\ncode = %s\noffice = %" PRId64, desk, w->house->office);
    writing_line(w, "retention_months = %" PRId64, w->house->retention_months);
    writing_line(w, "copies_days = %" PRId64, w->house->copies_days);
    writing_title(w, desk);
    if (strcmp(desk, DANGER_DESK) != 0 && house_has_desk(w->house, DANGER_DESK))
        writing_line(w, "danger_desk = %s", DANGER_DESK);
    writing_line(w, "route = %s", w->house->route ? "yes" : "no");
    writing_database(w, process, role);
    vault_sockets(w, desk, process);
    writing_keys(w);
    writing_secret(w, "pepper", process, "pepper");
    signin(w);
    writing_line(w, "[budget]\nper_hour = %" PRId64, w->house->open_hour);
    writing_line(w, "per_day = %" PRId64, w->house->open_day);
    writing_line(w, "[rules]");
    writing_folder(w, "folder", "triage/rules");
    writing_folder(w, "codes", "triage/codes");
    writing_line(w, "drift_days = %" PRId64, w->house->drift_days);
    writing_line(w, "graphic_day = %" PRId64, w->house->graphic_day);
    writing_line(w, "aside_hours = %" PRId64, w->house->abuse_hours);
    deadlines(w);
    alarm_of(w);
    sequencer(w, desk, process);
    snapshot(w, process);
    writing_line(w, "[files]");
    writing_folder(w, "languages", "triage/vault/languages");
    writing_copy_of(w, "webhook", of_webhooks);
    writing_save(w, process);
}

static void write_keys(struct writing *w, const char *desk)
{
    char process[CREW_NAME];
    snprintf(process, sizeof process, "keys-%s", desk);
    writing_line(w, "[desk]\ncode = %s\noffice = %" PRId64, desk, w->house->office);
    writing_line(w, "[sockets]\nlisten = %s/run/%s/keys.sock", w->house->dir, process);
    writing_user(w, "vault_user", "recourse-vault", desk);
    writing_line(w, "[keys]\nfile = %s/secrets/%s/desk.key", w->house->dir, process);
    writing_save(w, process);
}

static void write_cleaner(struct writing *w, const char *desk)
{
    char process[CREW_NAME];
    const struct house *house = w->house;
    snprintf(process, sizeof process, "clean-%s", desk);
    writing_line(w, "[desk]\ncode = %s", desk);
    writing_line(w, "[sockets]\nlisten = %s/run/%s/clean.sock", house->dir, process);
    writing_user(w, "vault_user", "recourse-vault", desk);
    writing_line(w, "[work]\nfolder = %s/run/%s/work", house->dir, process);
    writing_line(w, "[limits]\nbytes_mib = %" PRId64 "\nmemory_mib = %" PRId64, house->clean_bytes_mib,
                 house->clean_memory_mib);
    writing_line(w, "seconds = %" PRId64, house->clean_seconds);
    writing_save(w, process);
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
                writing_line(&w, "; Written by recourse from recourse.ini at every start: change that one.");
                WRITERS[k].write(&w, members[i].desk);
            }
    buf_free(&w.text);
}
