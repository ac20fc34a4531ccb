/* settings.c -- see settings.h. One table; the [language xx] sections repeat and are read beside it. */
#include "intake/settings.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "common/base/mem.h"
#include "intake/budget.h"
#include "intake/limits.h"

#define AT(field) offsetof(struct settings, field)

static const struct conf_row settings_rows[] = {
    {"office", "id", CONF_NUMBER, AT(office), "1", 1, UINT32_MAX, 0, "number of the office, bound into every seal"},
    {"office", "name", CONF_TEXT, AT(office_name), "", 0, 120, 0, "name shown to people; may be empty"},
    {"office", "retention_months", CONF_NUMBER, AT(retention_months), "84", 1, 1200, 0, "months a case is kept"},
    {"http", "address", CONF_TEXT, AT(address), "0.0.0.0", 0, 64, 0, "numeric address of the public HTTPS listener"},
    {"http", "port", CONF_NUMBER, AT(port), "8443", 0, 65535, 0, "its port; 0: none"},
    {"http", "plain_port", CONF_NUMBER, AT(plain_port), "0", 0, 65535, 0,
     "plain listener on 127.0.0.1 for an onion service; 0: none"},
    {"http", "health_port", CONF_NUMBER, AT(health_port), "8453", 0, 65535, 0, "health and metrics on 127.0.0.1"},
    {"http", "workers", CONF_NUMBER, AT(workers), "2", 1, 64, 0, "processes that serve"},
    {"http", "certificate", CONF_PATH, AT(certificate), "", 0, 0, 0, "PEM chain, read again at SIGHUP"},
    {"http", "key", CONF_PATH, AT(key), "", 0, 0, 0, "PEM private key, read again at SIGHUP"},
    {"http", "hsts", CONF_BOOL, AT(hsts), "no", 0, 0, 0, "Strict-Transport-Security: only under a trusted certificate"},
    {"http", "onion", CONF_TEXT, AT(onion), "", 0, 80, 0,
     "NAME.onion that leads to plain_port: Onion-Location, and on the page about safety; empty: none"},
    {"slip", "text", CONF_TEXT, AT(slip), "", 0, 60, 0,
     "a line under the number when it is printed; empty: the digits alone"},
    {"database", "conninfo", CONF_TEXT, AT(conninfo), NULL, 1, 0, 0, "libpq string without a password"},
    {"database", "password", CONF_PATH, AT(password), "", 0, 0, 0, "file with the role's password"},
    {"database", "connections", CONF_NUMBER, AT(connections), "2", 1, 8, 0, "connections of each worker"},
    {"keys", "manifest", CONF_PATH, AT(manifest), NULL, 0, 0, 0, "signed list of public keys, read again at SIGHUP"},
    {"keys", "root", CONF_TEXT, AT(root), NULL, 1, 64, 0, "base64 of the office's public root key (pinned)"},
    {"keys", "pepper", CONF_PATH, AT(pepper), NULL, 0, 0, 0, "file of receipt peppers"},
    {"keys", "once", CONF_PATH, AT(once), NULL, 0, 0, 0, "file with 64 hex digits: secret behind Idempotency-Key"},
    {"keys", "seed", CONF_PATH, AT(seed), NULL, 0, 0, 0, "file with 64 hex digits: signs this door's row counts"},
    {"spool", "folder", CONF_PATH, AT(spool), "", 0, 200, 0,
     "where sealed reports wait while the database is away; empty: nowhere, and people are told to come back"},
    {"spool", "megabytes", CONF_NUMBER, AT(spool_megabytes), "256", 1, 1000000, 0,
     "the most it may hold, all workers together"},
    {"evidence", "files", CONF_NUMBER, AT(files_most), "20", 0, LIMIT_FILES, 0, "the most files of one report"},
    {"evidence", "megabytes", CONF_NUMBER, AT(files_megabytes), "200", 1, 2000, 0,
     "the most that all files of one report may have together"},
    {"drafts", "folder", CONF_PATH, AT(drafts), "", 0, 200, 0,
     "where answers that are not sent yet lie sealed for a day; empty: nowhere, and pages carry them"},
    {"drafts", "megabytes", CONF_NUMBER, AT(drafts_megabytes), "64", 1, 100000, 0,
     "about the most they may hold; over it pages carry the answers"},
    {"files", "pages", CONF_PATH, AT(pages), NULL, 0, 0, 0, "folder of page templates"},
    {"files", "languages", CONF_PATH, AT(languages), NULL, 0, 0, 0, "folder of PO catalogues"},
    {"run", "user", CONF_TEXT, AT(user), "", 0, 32, 0, "system user to become when started as root"},
    {"abuse", "connection", CONF_NUMBER, AT(per_connection), "20", 0, BUDGET_MOST, 0,
     "reports in ten minutes over one connection, before they have to be paid for by a short wait; 0: not counted"},
    {"abuse", "network", CONF_NUMBER, AT(per_network), "60", 0, BUDGET_MOST, 0,
     "the same from one network (IPv4 /24, IPv6 /56); many people share one"},
    {"abuse", "office", CONF_NUMBER, AT(per_office), "600", 0, BUDGET_MOST, 0, "the same from everywhere"},
    {"abuse", "aside_times", CONF_NUMBER, AT(aside_times), "5", 1, BUDGET_TIMES_MOST, 0,
     "over so many times a budget what is paid for is set aside, for a person to look at"},
    {"abuse", "wait_s", CONF_NUMBER, AT(wait_s), "20", 1, 120, 0, "seconds to wait where no script computes"},
    {"language", "*", CONF_TEXT, 0, NULL, 0, 0, 0,
     "NAME is a language code; emergency = local help, hours = office hours, instead = who else to go to"},
    {"service", "*", CONF_TEXT, 0, NULL, 0, 0, 0,
     "NAME is a code of a-z 0-9 _ -; LANGUAGE = what people read, for choosing which service a report is about"},
    {0},
};

static size_t place_of(const char *language)
{
    size_t count, i = 0;
    const struct language *table = language_table(&count);
    while (i < count && strcmp(table[i].code, language) != 0)
        i++;
    return i < count ? i : SIZE_MAX;
}

static struct settings_service *find_service(const struct settings *settings, const char *code)
{
    for (size_t i = 0; i < settings->service_count; i++)
        if (strcmp(settings->services[i].code, code) == 0)
            return (struct settings_service *)(uintptr_t)&settings->services[i];
    return NULL;
}

static const char *settings_service_word(void *room, const char *code, const char *language, const char *value)
{
    struct settings *settings = room;
    size_t at = place_of(language), len = strlen(code);
    if (len == 0 || len >= sizeof settings->services[0].code ||
        strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789_-") != len)
        return "is of a service whose code is not 1 to 40 of a-z 0-9 _ -";
    if (at == SIZE_MAX)
        return "is not a language that this program speaks";
    struct settings_service *service = find_service(settings, code);
    if (!service && settings->service_count == SETTINGS_SERVICES_MAX)
        return "is one service too many: there are 40 at most";
    if (!service) {
        service = &settings->services[settings->service_count++];
        memcpy(service->code, code, len + 1);
    }
    if (service->names[at])
        return "is set twice";
    service->names[at] = mem_copy_text(value);
    return NULL;
}

static const char *settings_word(void *room, const char *name, const char *key, const char *value)
{
    struct settings *settings = room;
    struct settings_words *words = NULL;
    if (!language_find(name))
        return "is of a language that this program does not speak";
    for (size_t i = 0; i < settings->word_count; i++)
        if (strcmp(settings->words[i].code, name) == 0)
            words = &settings->words[i];
    if (!words) {
        need(settings->word_count < LANGUAGE_MAX); /* only codes of the language table come here */
        words = &settings->words[settings->word_count++];
        memcpy(words->code, name, strlen(name) + 1);
    }
    char **at = strcmp(key, "emergency") == 0 ? &words->emergency
                : strcmp(key, "hours") == 0   ? &words->hours
                : strcmp(key, "instead") == 0 ? &words->instead
                                              : NULL;
    if (!at)
        return "is not a setting: there are emergency, hours and instead";
    if (*at)
        return "is set twice";
    *at = mem_copy_text(value);
    return NULL;
}

static void settings_free_words(struct settings *settings)
{
    for (size_t i = 0; i < settings->word_count; i++) {
        mem_free(settings->words[i].emergency);
        mem_free(settings->words[i].hours);
        mem_free(settings->words[i].instead);
    }
    memset(settings->words, 0, sizeof settings->words);
    settings->word_count = 0;
    for (size_t i = 0; i < settings->service_count; i++)
        for (size_t k = 0; k < LANGUAGE_MAX; k++)
            mem_free(settings->services[i].names[k]);
    memset(settings->services, 0, sizeof settings->services);
    settings->service_count = 0;
}

enum err settings_load(struct settings *settings, const char *path, char says[static 256])
{
    memset(settings, 0, sizeof *settings);
    enum err err = conf_load(settings_rows, path, settings, says);
    if (err != ERR_OK)
        return err;
    err = conf_each(path, "language", settings_word, settings, says);
    if (err == ERR_OK)
        err = conf_each(path, "service", settings_service_word, settings, says);
    if (err == ERR_OK && settings->port && (!*settings->certificate || !*settings->key)) {
        snprintf(says, 256, "[http] certificate and key must be set: the public listener speaks TLS only");
        err = ERR_MALFORMED;
    }
    if (err == ERR_OK && !settings->port && !settings->plain_port) {
        snprintf(says, 256, "[http] port and plain_port are both 0: nobody could reach this server");
        err = ERR_MALFORMED;
    }
    if (err != ERR_OK)
        settings_free(settings);
    return err;
}

void settings_free(struct settings *settings)
{
    settings_free_words(settings);
    conf_free(settings_rows, settings);
}

void settings_forget(struct settings *settings)
{
    char **once[] = {&settings->pepper, &settings->once, &settings->seed};
    for (size_t i = 0; i < sizeof once / sizeof *once; i++) {
        mem_free(*once[i]);
        *once[i] = mem_copy_text("");
    }
}

void settings_print(FILE *to)
{
    conf_print(settings_rows, to);
}

static const struct settings_words *settings_find(const struct settings *settings, const char *language)
{
    for (size_t i = 0; i < settings->word_count; i++)
        if (strcmp(settings->words[i].code, language) == 0)
            return &settings->words[i];
    return NULL;
}

const char *settings_emergency(const struct settings *settings, const char *language)
{
    const struct settings_words *own = settings_find(settings, language);
    const struct settings_words *english = settings_find(settings, LANGUAGE_ENGLISH);
    if (own && own->emergency)
        return own->emergency;
    return english && english->emergency ? english->emergency : "";
}

const char *settings_hours(const struct settings *settings, const char *language)
{
    const struct settings_words *own = settings_find(settings, language);
    const struct settings_words *english = settings_find(settings, LANGUAGE_ENGLISH);
    if (own && own->hours)
        return own->hours;
    return english && english->hours ? english->hours : "";
}

const char *settings_service(const struct settings *settings, const char *code, const char *language)
{
    const struct settings_service *service = find_service(settings, code);
    size_t own = place_of(language), english = place_of(LANGUAGE_ENGLISH);
    if (!service)
        return "";
    if (own != SIZE_MAX && service->names[own])
        return service->names[own];
    return service->names[english] ? service->names[english] : service->code;
}

const char *settings_instead(const struct settings *settings, const char *language)
{
    const struct settings_words *own = settings_find(settings, language);
    const struct settings_words *english = settings_find(settings, LANGUAGE_ENGLISH);
    if (own && own->instead)
        return own->instead;
    return english && english->instead ? english->instead : "";
}
