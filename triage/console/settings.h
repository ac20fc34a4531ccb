/* settings.h -- console.ini, read once at start: where to listen, which desks there are and at which sockets. */
#ifndef TRIAGE_CONSOLE_SETTINGS_H
#define TRIAGE_CONSOLE_SETTINGS_H

#include <netinet/in.h>
#include <stdio.h>

#include "common/base/conf.h"

enum { SETTINGS_DESKS_MAX = 16, SETTINGS_DESK_CODE = 17 };

/* A [desk CODE] section. */
struct desk {
    char code[SETTINGS_DESK_CODE]; /* a-z 0-9 -, at most 16 */
    char *socket, *title;          /* owned */
};

/* The processes beside us that say what waits on disk (spools.h). */
enum neighbour { NEIGHBOUR_INTAKE, NEIGHBOUR_SMS, NEIGHBOUR_COUNT };

struct settings_health {
    char *text;                 /* "127.0.0.1:PORT", or "" */
    struct sockaddr_in address; /* its port is 0 where there is none */
};

struct settings {
    int64_t office;
    char *office_name;
    char *address;
    int64_t port, health_port, workers;
    char *certificate, *key;
    int hsts;
    char *pages, *languages, *codes, *office_path;
    char *conninfo, *password;
    struct settings_health health[NEIGHBOUR_COUNT];
    char *user;
    struct desk desks[SETTINGS_DESKS_MAX];
    size_t desk_count;
};

/* Fill from the file at `path`. On error `says` holds a sentence for the operator and nothing is left to free. Errors
 * as conf_load(). */
MUST_CHECK enum err settings_load(struct settings *settings, const char *path, char says[static 256]);
void settings_free(struct settings *settings);
void settings_print(FILE *to);
/* NULL: there is no such desk. */
const struct desk *settings_desk(const struct settings *settings, const char *code);
/* The desk meant where none is named: `usual`, or the first there is. */
const struct desk *settings_first_desk(const struct settings *settings);

#endif
