/* settings.h -- intake.ini, read once at start.
 *
 * Secrets are not in it: their settings name files, and settings_forget() drops those names once the files are read. */
#ifndef INTAKE_SETTINGS_H
#define INTAKE_SETTINGS_H

#include <stdio.h>

#include "common/base/conf.h"
#include "common/text/language.h"

/* What the operator wants people to read, in one language. */
struct settings_words {
    char code[17];
    char *emergency, *hours, *instead; /* owned; NULL when not set */
};

/* A service or technology that people can choose, and what it is called. */
enum { SETTINGS_SERVICES_MAX = 40 };
struct settings_service {
    char code[41];
    char *names[LANGUAGE_MAX]; /* owned; in the order of language_table() */
};

struct budget;

struct settings {
    int64_t office, retention_months;
    char *office_name;
    char *address, *onion, *slip;
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
    struct budget *budget; /* made from these before forking, shared by all workers (budget.h) */
    struct settings_words words[LANGUAGE_MAX];
    size_t word_count;
    struct settings_service services[SETTINGS_SERVICES_MAX];
    size_t service_count;
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
/* The operator's text in `language`, else in English, else "". Never NULL. */
const char *settings_emergency(const struct settings *settings, const char *language);
/* What a service is called in `language`, else in English, else its code; "" when there is none of that code. */
const char *settings_service(const struct settings *settings, const char *code, const char *language);
const char *settings_hours(const struct settings *settings, const char *language);
const char *settings_instead(const struct settings *settings, const char *language);

#endif
