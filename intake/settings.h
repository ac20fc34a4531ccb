/* settings.h -- intake.ini, read once at start.
 *
 * Secrets are not in it: their settings name files, and settings_forget() drops those names once the files are read. */
#ifndef INTAKE_SETTINGS_H
#define INTAKE_SETTINGS_H

#include <stdio.h>

#include "common/base/conf.h"
#include "common/office/office.h"
#include "common/text/term.h"

struct budget;

/* Within which a complaint is read, its writer is told that it was, and is told what became of it. */
enum settings_time { SETTINGS_LOOK, SETTINGS_ACKNOWLEDGE, SETTINGS_OUTCOME, SETTINGS_TIMES };

struct settings {
    int64_t office, retention_months;
    char *office_name;
    char *address, *onion;
    int64_t port, plain_port, health_port, workers;
    char *certificate, *key;
    int hsts;
    char *conninfo, *password;
    int64_t connections;
    char *manifest, *root, *pepper, *once, *seed;
    char *spool;
    int64_t spool_megabytes;
    int64_t files_most, files_megabytes;
    char *pages, *languages;
    char *user;
    int64_t per_connection, per_network, per_office, aside_times, wait_s; /* docs/abuse.md */
    struct budget *budget;        /* made from these before forking, shared by all workers (budget.h) */
    struct budget *drafts_budget; /* the same for the room that drafts take */
    char *office_path;
    struct office *office_says; /* owned, never NULL once loaded: texts, services, questions */
    char *time_texts[SETTINGS_TIMES];
    struct term times[SETTINGS_TIMES]; /* the same, read; TERM_NONE: the office has set none */
    char *drafts;
    int64_t drafts_megabytes;
};

/* Fill from the file at `path`. On error `says` holds a sentence for the operator and nothing is left to free. Errors
 * as conf_load(). */
MUST_CHECK enum err settings_load(struct settings *settings, const char *path, char says[static 256]);
void settings_free(struct settings *settings);
/* Drop the names of files that are read once. */
void settings_forget(struct settings *settings);
void settings_print(FILE *to);

#endif
