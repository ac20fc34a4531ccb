/* house.h -- an installation on disk: where everything lies (ARCHITECTURE.md, "An installation on disk") and what
 * recourse.ini says about it.
 *
 * recourse.ini is the operator's file; etc/PROCESS.ini are written from it (settings.h). */
#ifndef OPERATOR_HOUSE_H
#define OPERATOR_HOUSE_H

#include <limits.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"

/* A configuration line has at most 197 bytes and a unix socket's path 107: with the longest desk code, this is left. */
enum { HOUSE_DIR_MAX = 66, HOUSE_PATH = 256, HOUSE_NAMED_MAX = 16, HOUSE_NAME = 17 };

/* A restore that is not finished, or was broken off, has this in the place of recourse.ini. */
#define HOUSE_RESTORING "recourse.ini.restoring"

/* A [desk CODE] or [channel NAME] section. */
struct house_named {
    char name[HOUSE_NAME];
};

struct house {
    char dir[HOUSE_DIR_MAX + 1]; /* absolute */
    int separate;                /* 1: started as root, every process has a system user of its own */
    int exists;                  /* 1: recourse.ini was there and is read */
    /* recourse.ini */
    int64_t office, retention_months, drift_days, graphic_day, snapshot_s, port, backup_days, copies_days,
        intake_plain_port;
    int64_t files_most, files_megabytes;
    int64_t clean_bytes_mib, clean_memory_mib, clean_seconds;
    char *name, *public_name, *staff_name; /* of the office; host names of intake and console */
    char *second_factor, *origin;          /* "" : by what kind of installation it is; see house_second_factor() */
    int64_t recovery_hours;
    int64_t open_hour, open_day;           /* cases that one session opens */
    char *onion;                           /* for intake's pages */
    char *profiles, *rest_days, *holidays; /* of the deadlines */
    int64_t ahead_minutes;
    int64_t escalate_look_h, escalate_contact_h, escalate_acknowledge_h, escalate_outcome_h, escalate_receiver_h;
    char *alarm_channel, *alarm_email_channel, *alarm_language; /* how who is on call is told */
    int64_t alarm_repeat_s, alarm_gather_s, alarm_next_s;
    int own_database, locked, route, budgets;
    int64_t abuse_connection, abuse_network, abuse_office, abuse_times, abuse_wait_s, abuse_hours; /* docs/abuse.md */
    struct house_named desks[HOUSE_NAMED_MAX], channels[HOUSE_NAMED_MAX];
    size_t desk_count, channel_count;
};

/* Find the installation `dir` (made absolute) and read its recourse.ini if it is there. Started as root, a folder that
 * other users cannot reach is replaced by /var/lib/recourse, which is said once. Dies with a sentence. */
void house_open(struct house *house, const char *dir);
/* The same again after recourse.ini has changed. */
void house_reload(struct house *house);
/* The same from the file `name` in its folder, before there is a recourse.ini. */
void house_read(struct house *house, const char *name);
void house_close(struct house *house);
/* Dies with a sentence when what is there is half of a restore: nothing may be built on it. */
void house_must_not_be_half(const struct house *house);
/* Dies with a sentence when another user made it (root, or not root): nothing is touched. */
void house_must_be_ours(const struct house *house);
/* Dies with a sentence unless `recourse init` has been here. */
void house_must_exist(const struct house *house);

/* "DIR/" and the rest; `out` holds HOUSE_PATH. Dies when it is too long. */
void house_path(const struct house *house, char out[static HOUSE_PATH], const char *format, ...)
    __attribute__((format(printf, 3, 4)));
int house_has(const struct house *house, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Write a new recourse.ini with the default texts and, behind them, `sections`. Dies with a sentence. */
void house_write_new(const struct house *house, const char *sections);
/* Add a section at the end of recourse.ini: "[kind name]" and the lines given ("key = value\n" each). */
void house_add_section(const struct house *house, const char *kind, const char *name, const char *lines);

/* 1: lower-case letters, digits, - and _, begins with a letter, at most 16: what a desk or channel is called.
 */
int house_is_name(const char *text);
/* 1: one line of a configuration file can hold it as it is: printable, no line break, no " ;", at most 150 bytes. */
int house_is_line(const char *text);
/* ERR_MALFORMED: a channel of recourse.ini leads to a desk that is not there, and `says` names its line. */
MUST_CHECK enum err house_channels_lead(const struct house *house, char says[static 256]);
int house_has_desk(const struct house *house, const char *code);
/* "required" or "offered": what recourse.ini says, or else "offered" in a demonstration alone. */
const char *house_second_factor(const struct house *house);

/* The nearest folder above `path` that is there; "/" at last. */
void house_above(const char *path, char out[static PATH_MAX]);
/* 1 if an unprivileged user can reach and enter `path`, by the permissions of every folder above it. */
int house_is_reachable(const char *path);

#endif
