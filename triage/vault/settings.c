/* settings.c -- see settings.h. */
#include "triage/vault/settings.h"

#include <stddef.h>

#define AT(field) offsetof(struct settings, field)

const struct conf_row settings_rows[] = {
    {"desk", "code", CONF_TEXT, AT(desk), NULL, 0, 16, 0, "the desk this vault is for"},
    {"desk", "office", CONF_NUMBER, AT(office), "1", 1, UINT32_MAX, 0, "the office's number"},
    {"desk", "title", CONF_TEXT, AT(title), "", 0, 120, 0, "what people call the desk"},
    {"desk", "danger_desk", CONF_TEXT, AT(danger_desk), "", 0, 16, 0,
     "where danger found in thanks or consultation opens a case while it has officers; empty: here"},
    {"desk", "retention_months", CONF_NUMBER, AT(retention_months), "84", 1, 1200, 0,
     "how long a case that begins here is kept"},
    {"database", "conninfo", CONF_TEXT, AT(conninfo), NULL, 0, 0, 0, "libpq string without a password"},
    {"database", "password", CONF_PATH, AT(password), "", 0, 0, 0, "file with the role's password"},
    {"sockets", "console", CONF_PATH, AT(console), NULL, 0, 0, 0, "where the console finds us"},
    {"sockets", "operator", CONF_PATH, AT(operator_socket), NULL, 0, 0, 0, "where the operator's command finds us"},
    {"sockets", "keys", CONF_PATH, AT(keys), NULL, 0, 0, 0, "where our keys are"},
    {"sockets", "console_user", CONF_TEXT, AT(console_user), "", 0, 32, 0, "system user; empty: the same as ours"},
    {"sockets", "operator_user", CONF_TEXT, AT(operator_user), "", 0, 32, 0, "system user; empty: the same as ours"},
    {"sockets", "keys_user", CONF_TEXT, AT(keys_user), "", 0, 32, 0, "system user; empty: the same as ours"},
    {"keys", "manifest", CONF_PATH, AT(manifest), NULL, 0, 0, 0, "signed list of public keys"},
    {"keys", "root", CONF_TEXT, AT(root), NULL, 0, 64, 0, "the root's public key in base64: pinned"},
    {"keys", "pepper", CONF_PATH, AT(pepper), "", 0, 0, 0, "file with the receipt pepper; empty: no walk-ins"},
    {"rules", "folder", CONF_PATH, AT(rules), NULL, 0, 0, 0, "folder of the rule sets"},
    {"rules", "codes", CONF_PATH, AT(codes), NULL, 0, 0, 0, "folder of the code lists"},
    {"rules", "drift_days", CONF_NUMBER, AT(drift_days), "30", 1, 3650, 0,
     "days after which an entity that is linked to an impact without action is shown as drifting towards contribution"},
    {"budget", "per_hour", CONF_NUMBER, AT(per_hour), "60", 1, 100000, 0, "openings of cases for each session"},
    {"budget", "per_day", CONF_NUMBER, AT(per_day), "300", 1, 100000, 0, "the same for a day"},
    {"audit", "sequencer", CONF_BOOL, AT(sequencer), "no", 0, 0, 0, "this vault's child puts the audit log in order"},
    {"audit", "conninfo", CONF_TEXT, AT(audit_conninfo), "", 0, 0, 0, "libpq string of the role recourse_audit"},
    {"audit", "password", CONF_PATH, AT(audit_password), "", 0, 0, 0, "file with that role's password"},
    {"audit", "checkpoint", CONF_PATH, AT(checkpoint), "", 0, 0, 0, "where the signed checkpoint is written"},
    {"audit", "origin", CONF_TEXT, AT(origin), "recourse/office-1", 0, 120, 0, "the log's name in its checkpoints"},
    {"files", "languages", CONF_PATH, AT(languages), "", 0, 0, 0, "folder of PO files for texts to reporters"},
    {"run", "user", CONF_TEXT, AT(user), "", 0, 32, 0, "drop to this user; empty: stay"},
    {0},
};
