/* folder.h -- a temporary folder for tests that read files. */
#ifndef TESTS_UNIT_TEXT_FOLDER_H
#define TESTS_UNIT_TEXT_FOLDER_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static inline void folder_new(char path[static 64])
{
    snprintf(path, 64, "/tmp/recourse-test-XXXXXX");
    if (!mkdtemp(path))
        abort();
}

static inline void folder_put(const char *folder, const char *name, const char *text)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    if (!file || fputs(text, file) < 0 || fclose(file) != 0)
        abort();
}

/* Files in it, then itself. */
static inline void folder_remove(const char *folder)
{
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir && (entry = readdir(dir)) != NULL;) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        unlink(path);
    }
    if (dir)
        closedir(dir);
    rmdir(folder);
}

#endif
