/* doctor_spool.c -- what waits on disk for the database, and what was kept aside there for a person (docs/spool.md). */
#include <dirent.h>
#include <string.h>

#include "operator/doctor.h"

static size_t files_with(const struct doctor *d, const char *room, const char *ending)
{
    char path[HOUSE_PATH];
    size_t count = 0;
    house_path(d->house, path, "spool/%s", room);
    DIR *folder = opendir(path);
    for (const struct dirent *entry; folder && (entry = readdir(folder));) {
        const char *dot = strrchr(entry->d_name, '.');
        count += dot && strcmp(dot, ending) == 0;
    }
    if (folder)
        closedir(folder);
    return count;
}

void doctor_spool(struct doctor *d)
{
    static const char *const ROOMS[] = {"intake", "sms"};
    for (size_t i = 0; i < sizeof ROOMS / sizeof *ROOMS; i++) {
        size_t kept = files_with(d, ROOMS[i], ".kept"), waiting = files_with(d, ROOMS[i], ".spool");
        if (kept)
            doctor_bad(d, "docs/spool.md, \"By hand\"",
                       "files that were damaged or that the database did not take were kept aside: %zu in %s/spool/%s",
                       kept, d->house->dir, ROOMS[i]);
        else
            doctor_good(d, "spool/%s: nothing was kept aside, %zu files wait for the database", ROOMS[i], waiting);
    }
}
