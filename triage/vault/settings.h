/* settings.h -- what a vault is told at its start: vault-DESK.ini. */
#ifndef TRIAGE_VAULT_SETTINGS_H
#define TRIAGE_VAULT_SETTINGS_H

#include "common/base/conf.h"

struct settings {
    char *desk, *title, *danger_desk, *user;
    int route;
    int64_t office, retention_months, retention_s, wish_wait_s, copies_days;
    char *conninfo, *password;
    char *console, *operator_socket, *keys, *console_user, *operator_user, *keys_user;
    char *cleaner, *cleaner_user;
    char *manifest, *root, *pepper;
    char *snapshot;
    int64_t snapshot_every_s;
    char *rules, *codes, *languages;
    char *deadlines, *profiles, *rest_days, *holidays;
    int64_t ahead_minutes;
    int64_t escalate_look_h, escalate_contact_h, escalate_acknowledge_h, escalate_outcome_h, escalate_receiver_h;
    char *alarm_channel, *alarm_email_channel, *alarm_language;
    int64_t alarm_repeat_s, alarm_gather_s, alarm_next_s;
    int64_t drift_days, graphic_day, aside_hours;
    int64_t per_hour, per_day;
    char *second_factor, *issuer, *signin_origin;
    int64_t recovery_hours;
    int sequencer;
    char *audit_conninfo, *audit_password, *checkpoint, *origin;
};

extern const struct conf_row settings_rows[];

#endif
