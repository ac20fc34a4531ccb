/* backup_places.c -- see backup_places.h. */
#include "operator/backup_places.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* One file, or (ending in "/") all files of a folder. */
static const struct place {
    enum backup_form form;
    const char *path, *user;
    mode_t mode, folder_mode;
    int is_key;
} PLACES[] = {
    {BACKUP_ROWS, "recourse.ini", NULL, 0644, 0711, 0},
    {BACKUP_ROWS, "office.yaml", NULL, 0644, 0711, 0},
    {BACKUP_ROWS, "keys/manifest", NULL, 0644, 0711, 0},
    {BACKUP_ROWS, "keys/root.public", NULL, 0644, 0711, 0},
    {BACKUP_ROWS, "keys/backup.public", NULL, 0644, 0711, 0},
    {BACKUP_ROWS, "audit/checkpoint", "recourse-vault-usual", 0644, 0755, 0},
    {BACKUP_ROWS, "audit/checkpoints.log", "recourse-vault-usual", 0644, 0755, 0},
    /* Acknowledged, and not in the database yet: read before its moment, so that each row is in one of the two. */
    {BACKUP_ROWS, "spool/intake/", "recourse-intake", 0600, 0700, 0},
    {BACKUP_ROWS, "spool/sms/", "recourse-sms", 0600, 0700, 0},
    {BACKUP_KEYS, "keys/root.public", NULL, 0644, 0711, 0},
    {BACKUP_KEYS, "tls/cert.pem", NULL, 0644, 0755, 0},
    {BACKUP_KEYS, "offline/", NULL, 0600, 0700, 1},
    {BACKUP_KEYS, "secrets/operator/", NULL, 0600, 0700, 1},
};
enum { PLACE_COUNT = sizeof PLACES / sizeof *PLACES };

/* Made anew wherever they are missing, or bought anew: their change needs no new backup of keys. */
static const char *const NO_KEYS[] = {"tls.key", "db.password", "audit.password", "database.url"};
/* What this command itself remembers of backups; it is never in one. */
static const char *const OUR_NOTES[] = {"backup.made", "keys.saved"};

static int is_among(const char *name, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(name, list[i]) == 0)
            return 1;
    return 0;
}

static int is_plain_name(const char *name)
{
    size_t len = strlen(name);
    return len >= 1 && len <= 100 && name[0] != '.' &&
           strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") == len &&
           (len < 4 || strcmp(name + len - 4, ".new") != 0) && !is_among(name, OUR_NOTES, 2);
}

static void fill(struct backup_place *out, const struct place *of, const char *user, const char *folder,
                 const char *name)
{
    *out = (struct backup_place){.mode = of->mode, .folder_mode = of->folder_mode};
    out->is_key = of->is_key && !is_among(name, NO_KEYS, sizeof NO_KEYS / sizeof *NO_KEYS);
    snprintf(out->user, sizeof out->user, "%s", user ? user : "");
    snprintf(out->folder, sizeof out->folder, "%.127s", folder);
    snprintf(out->path, sizeof out->path, "%.127s%s%.100s", folder, *folder ? "/" : "", name);
}

/* ---- one path ---- */

static void split(const char *path, char folder[static HOUSE_PATH], const char **name)
{
    const char *slash = strrchr(path, '/');
    snprintf(folder, HOUSE_PATH, "%.*s", slash ? (int)(slash - path) : 0, path);
    *name = slash ? slash + 1 : path;
}

/* secrets/PROCESS/NAME of a process that this installation has. */
static enum err find_secret(const struct house *house, const char *folder, const char *name, struct backup_place *out)
{
    static const struct place SECRET = {BACKUP_KEYS, NULL, NULL, 0600, 0700, 1};
    struct crew_member members[CREW_MAX];
    size_t count = crew_list(house, members);
    if (strncmp(folder, "secrets/", 8) != 0)
        return ERR_NOT_FOUND;
    for (size_t i = 0; i < count; i++)
        if (strcmp(folder + 8, members[i].name) == 0) {
            fill(out, &SECRET, members[i].user, folder, name);
            return ERR_OK;
        }
    return ERR_NOT_FOUND;
}

enum err backup_place_of(const struct house *house, enum backup_form form, const char *path, struct backup_place *out)
{
    char folder[HOUSE_PATH];
    const char *name;
    if (strlen(path) >= 128)
        return ERR_NOT_FOUND;
    split(path, folder, &name);
    if (!is_plain_name(name))
        return ERR_NOT_FOUND;
    for (size_t i = 0; i < PLACE_COUNT; i++) {
        size_t len = strlen(PLACES[i].path);
        int is_folder = PLACES[i].path[len - 1] == '/';
        if (PLACES[i].form != form || strncmp(path, PLACES[i].path, is_folder ? len : len + 1) != 0 ||
            (is_folder && strchr(path + len, '/')))
            continue;
        fill(out, &PLACES[i], PLACES[i].user, folder, name);
        return ERR_OK;
    }
    return form == BACKUP_KEYS ? find_secret(house, folder, name, out) : ERR_NOT_FOUND;
}

/* ---- all of them ---- */

struct walk {
    const struct house *house;
    enum backup_form form;
    backup_place_fn *each;
    void *room;
};

static enum err walk_file(const struct walk *walk, const char *path)
{
    struct backup_place place;
    struct stat st;
    char at[HOUSE_PATH];
    if (backup_place_of(walk->house, walk->form, path, &place) != ERR_OK)
        return ERR_OK;
    house_path(walk->house, at, "%s", place.path);
    if (lstat(at, &st) != 0 || !S_ISREG(st.st_mode))
        return ERR_OK;
    return walk->each(walk->room, &place);
}

static enum err walk_folder(const struct walk *walk, const char *folder)
{
    char at[HOUSE_PATH], path[HOUSE_PATH * 2];
    struct dirent **names = NULL;
    house_path(walk->house, at, "%s", folder);
    int count = scandir(at, &names, NULL, alphasort);
    if (count < 0)
        return errno == ENOENT ? ERR_OK : ERR_SYSTEM;
    enum err err = ERR_OK;
    for (int i = 0; i < count; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]->d_name);
        if (err == ERR_OK)
            err = walk_file(walk, path);
        free(names[i]);
    }
    free(names);
    return err;
}

enum err backup_places(const struct house *house, enum backup_form form, backup_place_fn *each, void *room)
{
    const struct walk walk = {house, form, each, room};
    struct crew_member members[CREW_MAX];
    char folder[HOUSE_PATH];
    enum err err = ERR_OK;
    for (size_t i = 0; i < PLACE_COUNT && err == ERR_OK; i++) {
        size_t len = strlen(PLACES[i].path);
        if (PLACES[i].form != form)
            continue;
        snprintf(folder, sizeof folder, "%.*s", (int)len - 1, PLACES[i].path);
        err = PLACES[i].path[len - 1] == '/' ? walk_folder(&walk, folder) : walk_file(&walk, PLACES[i].path);
    }
    size_t count = form == BACKUP_KEYS ? crew_list(house, members) : 0;
    for (size_t i = 0; i < count && err == ERR_OK; i++) {
        snprintf(folder, sizeof folder, "secrets/%s", members[i].name);
        err = walk_folder(&walk, folder);
    }
    return err;
}
