/* settings.c -- see settings.h. One table; what the office says to people is read beside it (common/office). */
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
    {"files", "office", CONF_PATH, AT(office_path), "", 0, 0, 0,
     "what the office says and asks (docs/office.md); empty: nothing of its own"},
    {"times", "look", CONF_TEXT, AT(time_texts[SETTINGS_LOOK]), "", 0, 40, 0,
     "told to people: within which a complaint is read (7d, 15w, 3m); empty: no time is told"},
    {"times", "acknowledge", CONF_TEXT, AT(time_texts[SETTINGS_ACKNOWLEDGE]), "", 0, 40, 0,
     "the same: within which they are told that it was read"},
    {"times", "outcome", CONF_TEXT, AT(time_texts[SETTINGS_OUTCOME]), "", 0, 40, 0,
     "the same: within which they are told what became of it (\"3m after acknowledge\")"},
    {"run", "user", CONF_TEXT, AT(user), "", 0, 32, 0, "system user to become when started as root"},
    {"abuse", "connection", CONF_NUMBER, AT(per_connection), "20", 0, BUDGET_MOST, 0,
     "reports in ten minutes over one connection, before they have to be paid for by a short wait; 0: not counted"},
    {"abuse", "network", CONF_NUMBER, AT(per_network), "60", 0, BUDGET_MOST, 0,
     "the same from one network (IPv4 /24, IPv6 /56); many people share one"},
    {"abuse", "office", CONF_NUMBER, AT(per_office), "600", 0, BUDGET_MOST, 0, "the same from everywhere"},
    {"abuse", "aside_times", CONF_NUMBER, AT(aside_times), "5", 1, BUDGET_TIMES_MOST, 0,
     "over so many times a budget what is paid for is set aside, for a person to look at"},
    {"abuse", "wait_s", CONF_NUMBER, AT(wait_s), "20", 1, 120, 0, "seconds to wait where no script computes"},
    {0},
};

static enum err read_times(struct settings *settings, char says[static SAYS_SIZE])
{
    for (size_t i = 0; i < SETTINGS_TIMES; i++)
        if (*settings->time_texts[i] && !term_read(settings->time_texts[i], &settings->times[i]))
            return says_fail(says, ERR_MALFORMED, "[times]: a time is 4h, 7d, 5w (working days) or 3m");
    return ERR_OK;
}

enum err settings_load(struct settings *settings, const char *path, char says[static 256])
{
    memset(settings, 0, sizeof *settings);
    enum err err = conf_load(settings_rows, path, settings, says);
    if (err != ERR_OK)
        return err;
    err = office_open(settings->office_path, &settings->office_says, says);
    if (err == ERR_OK && settings->files_most == 0)
        office_leave_out(settings->office_says, "files");
    if (err == ERR_OK)
        err = read_times(settings, says);
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
    office_close(settings->office_says);
    settings->office_says = NULL;
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
