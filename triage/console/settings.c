/* settings.c -- see settings.h. One table; the [desk CODE] sections repeat and are read beside it. */
#include "triage/console/settings.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/num.h"

#define AT(field) offsetof(struct settings, field)

static const struct conf_row settings_rows[] = {
    {"office", "id", CONF_NUMBER, AT(office), "1", 1, UINT32_MAX, 0, "number of the office"},
    {"office", "name", CONF_TEXT, AT(office_name), "", 0, 120, 0, "name shown to staff and on printed receipts"},
    {"http", "address", CONF_TEXT, AT(address), "0.0.0.0", 0, 64, 0, "numeric address of the staff HTTPS listener"},
    {"http", "port", CONF_NUMBER, AT(port), "8444", 1, 65535, 0, "its port"},
    {"http", "health_port", CONF_NUMBER, AT(health_port), "8454", 0, 65535, 0, "health and metrics on 127.0.0.1"},
    {"http", "workers", CONF_NUMBER, AT(workers), "1", 1, 16, 0, "processes that serve"},
    {"http", "certificate", CONF_PATH, AT(certificate), NULL, 0, 0, 0, "PEM chain, read again at SIGHUP"},
    {"http", "key", CONF_PATH, AT(key), NULL, 0, 0, 0, "PEM private key, read again at SIGHUP"},
    {"http", "hsts", CONF_BOOL, AT(hsts), "no", 0, 0, 0, "Strict-Transport-Security: only under a trusted certificate"},
    {"files", "pages", CONF_PATH, AT(pages), NULL, 0, 0, 0, "folder of page templates and console.css"},
    {"files", "languages", CONF_PATH, AT(languages), NULL, 0, 0, 0, "folder of PO catalogues"},
    {"files", "codes", CONF_PATH, AT(codes), NULL, 0, 0, 0, "folder of the code lists"},
    {"files", "office", CONF_PATH, AT(office_path), "", 0, 0, 0,
     "what the office calls its services (docs/office.md); empty: staff see their codes"},
    {"database", "conninfo", CONF_TEXT, AT(conninfo), "", 0, 180, 0, "libpq string for the health row; may be empty"},
    {"database", "password", CONF_PATH, AT(password), "", 0, 0, 0, "file with the role's password"},
    {"health", "intake", CONF_TEXT, AT(health[NEIGHBOUR_INTAKE].text), "", 0, 24, 0,
     "127.0.0.1:PORT of intake's health port: staff are shown what waits on its disk; empty: not shown"},
    {"health", "sms", CONF_TEXT, AT(health[NEIGHBOUR_SMS].text), "", 0, 24, 0, "the same of the SMS gateway"},
    {"run", "user", CONF_TEXT, AT(user), "", 0, 32, 0, "system user to become when started as root"},
    {"desk", "*", CONF_TEXT, 0, NULL, 0, 0, 0,
     "NAME is a desk's code; socket = its vault's console socket, title = its name"},
    {0},
};

static int settings_is_code(const char *code)
{
    size_t len = strlen(code);
    return len > 0 && len < SETTINGS_DESK_CODE && strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789-") == len;
}

static const char *settings_desk_line(void *room, const char *name, const char *key, const char *value)
{
    struct settings *settings = room;
    struct desk *desk = NULL;
    if (!settings_is_code(name))
        return "has a desk code that cannot be one (a-z, 0-9, -, at most 16)";
    for (size_t i = 0; i < settings->desk_count; i++)
        if (strcmp(settings->desks[i].code, name) == 0)
            desk = &settings->desks[i];
    if (!desk && settings->desk_count == SETTINGS_DESKS_MAX)
        return "is one desk too many";
    if (!desk) {
        desk = &settings->desks[settings->desk_count++];
        memcpy(desk->code, name, strlen(name) + 1);
    }
    char **at = strcmp(key, "socket") == 0 ? &desk->socket : strcmp(key, "title") == 0 ? &desk->title : NULL;
    if (!at)
        return "is not a setting: there are socket and title";
    if (*at)
        return "is set twice";
    *at = mem_copy_text(value);
    return NULL;
}

/* Every desk needs a socket; one without a title is called by its code. */
static enum err settings_check_desks(struct settings *settings, char says[static 256])
{
    if (settings->desk_count == 0) {
        snprintf(says, 256, "there is no [desk CODE] section: the console would have nobody to ask");
        return ERR_MALFORMED;
    }
    for (size_t i = 0; i < settings->desk_count; i++) {
        struct desk *desk = &settings->desks[i];
        if (!desk->socket || !*desk->socket) {
            snprintf(says, 256, "[desk %s] has no socket", desk->code);
            return ERR_MALFORMED;
        }
        if (!desk->title || !*desk->title) {
            mem_free(desk->title);
            desk->title = mem_copy_text(desk->code);
        }
    }
    return ERR_OK;
}

/* Loopback alone: what is asked for goes over no network, and nobody can point the console at a stranger. */
static int settings_is_loopback(const char *text, struct sockaddr_in *out)
{
    char host[INET_ADDRSTRLEN];
    const char *colon = strchr(text, ':');
    size_t len = colon ? (size_t)(colon - text) : sizeof host;
    uint64_t port;
    if (len >= sizeof host || num_parse(colon + 1, strlen(colon + 1), 1, 65535, &port) != ERR_OK)
        return 0;
    memcpy(host, text, len);
    host[len] = 0;
    *out = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    return inet_pton(AF_INET, host, &out->sin_addr) == 1 && ntohl(out->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
}

static enum err settings_check_health(struct settings *settings, char says[static 256])
{
    for (size_t i = 0; i < NEIGHBOUR_COUNT; i++) {
        struct settings_health *health = &settings->health[i];
        if (*health->text && !settings_is_loopback(health->text, &health->address)) {
            snprintf(says, 256, "[health] %s must be 127.0.0.1 and a port, such as 127.0.0.1:8453, or empty",
                     i == NEIGHBOUR_INTAKE ? "intake" : "sms");
            return ERR_MALFORMED;
        }
    }
    return ERR_OK;
}

enum err settings_load(struct settings *settings, const char *path, char says[static 256])
{
    memset(settings, 0, sizeof *settings);
    enum err err = conf_load(settings_rows, path, settings, says);
    if (err != ERR_OK)
        return err;
    err = conf_each(path, "desk", settings_desk_line, settings, says);
    if (err == ERR_OK)
        err = settings_check_desks(settings, says);
    if (err == ERR_OK)
        err = settings_check_health(settings, says);
    if (err != ERR_OK)
        settings_free(settings);
    return err;
}

void settings_free(struct settings *settings)
{
    for (size_t i = 0; i < settings->desk_count; i++) {
        mem_free(settings->desks[i].socket);
        mem_free(settings->desks[i].title);
    }
    conf_free(settings_rows, settings);
    memset(settings, 0, sizeof *settings);
}

void settings_print(FILE *to)
{
    conf_print(settings_rows, to);
}

const struct desk *settings_desk(const struct settings *settings, const char *code)
{
    for (size_t i = 0; i < settings->desk_count; i++)
        if (strcmp(settings->desks[i].code, code) == 0)
            return &settings->desks[i];
    return NULL;
}

const struct desk *settings_first_desk(const struct settings *settings)
{
    const struct desk *usual = settings_desk(settings, "usual");
    return usual ? usual : &settings->desks[0];
}
