/* writing.c -- see writing.h. */
#include "operator/writing.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/base/conf.h"
#include "common/base/file.h"
#include "operator/database.h"

enum { LINE_MAX_BYTES = 196 };

void writing_line(struct writing *w, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    need(len >= 0 && (size_t)len < sizeof text);
    const char *last = strrchr(text, '\n');
    if (strlen(last ? last + 1 : text) > LINE_MAX_BYTES)
        err_die("A line of the settings is too long: choose a shorter folder than %s.", w->house->dir);
    need(buf_addf(&w->text, "%s\n", text) == ERR_OK);
}

void writing_save(struct writing *w, const char *process)
{
    char path[HOUSE_PATH];
    house_path(w->house, path, "etc/%s.ini", process);
    if (file_write_public(path, w->text.bytes, w->text.len) != ERR_OK)
        err_die("%s cannot be written: %s.", path, strerror(errno));
    buf_clear(&w->text);
}

/* ---- sections that several have ---- */

void writing_office(struct writing *w)
{
    writing_line(w, "[office]\nid = %" PRId64, w->house->office);
    writing_line(w, "retention_months = %" PRId64, w->house->retention_months);
}

void writing_http(struct writing *w, const char *process, int behind)
{
    writing_line(w, "[http]\naddress = 0.0.0.0\nport = %" PRId64, w->port + behind);
    writing_line(w, "health_port = %" PRId64, w->port + behind + WRITING_HEALTH_BEHIND);
    writing_line(w, "certificate = %s/tls/cert.pem", w->house->dir);
    writing_line(w, "key = %s/secrets/%s/tls.key", w->house->dir, process);
}

void writing_database(struct writing *w, const char *process, const char *role)
{
    char conninfo[HOUSE_PATH];
    database_conninfo(w->house, role, conninfo);
    writing_line(w, "[database]\nconninfo = %s", conninfo);
    writing_line(w, "password = %s/secrets/%s/db.password", w->house->dir, process);
}

void writing_keys(struct writing *w)
{
    writing_line(w, "[keys]\nmanifest = %s/keys/manifest", w->house->dir);
    writing_line(w, "root = %s", w->root);
}

void writing_secret(struct writing *w, const char *key, const char *process, const char *file)
{
    writing_line(w, "%s = %s/secrets/%s/%s", key, w->house->dir, process, file);
}

void writing_folder(struct writing *w, const char *key, const char *below)
{
    writing_line(w, "%s = %s/%s", key, w->program->share, below);
}

static const char *copy_line(void *room, const char *name, const char *key, const char *value)
{
    struct writing *w = room;
    char section[sizeof w->section];
    const char *const *each = w->of_keys;
    while (each && *each && strcmp(*each, key) != 0)
        each++;
    if (each && !*each)
        return NULL;
    snprintf(section, sizeof section, "%s %.20s", w->copying, name);
    if (strcmp(section, w->section) != 0)
        writing_line(w, "[%s]", section);
    memcpy(w->section, section, sizeof section);
    writing_line(w, "%s = %s", key, value);
    return NULL;
}

void writing_copy_of(struct writing *w, const char *kind, const char *const *of_keys)
{
    char path[HOUSE_PATH], says[256];
    house_path(w->house, path, "recourse.ini");
    w->copying = kind;
    w->of_keys = of_keys;
    w->section[0] = '\0';
    if (conf_each(path, kind, copy_line, w, says) != ERR_OK)
        err_die("%s", says);
}

void writing_copy(struct writing *w, const char *kind)
{
    writing_copy_of(w, kind, NULL);
}

struct title {
    const char *desk;
    char text[104];
};

static const char *find_title(void *room, const char *name, const char *key, const char *value)
{
    struct title *title = room;
    if (strcmp(name, title->desk) == 0 && strcmp(key, "title") == 0)
        snprintf(title->text, sizeof title->text, "%s", value);
    return NULL;
}

void writing_title(struct writing *w, const char *desk)
{
    char path[HOUSE_PATH], says[256];
    struct title title = {.desk = desk};
    house_path(w->house, path, "recourse.ini");
    snprintf(title.text, sizeof title.text, "%s", desk);
    if (conf_each(path, "desk", find_title, &title, says) != ERR_OK)
        err_die("%s", says);
    writing_line(w, "title = %s", title.text);
}

/* A user's name where the kernel is asked who is at the other end; empty when all share one. */
void writing_user(struct writing *w, const char *key, const char *name, const char *desk)
{
    if (w->house->separate)
        writing_line(w, "%s = %s%s%s", key, name, desk ? "-" : "", desk ? desk : "");
}

void writing_spool(struct writing *w, const char *process)
{
    writing_line(w, "[spool]\nfolder = %s/spool/%s", w->house->dir, process);
}
