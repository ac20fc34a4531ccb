/* numbered.c -- see numbered.h. */
#include "common/text/numbered.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/base/file.h"
#include "common/base/num.h"
#include "common/text/json.h"

enum { NUMBER_MAX = 1000000, PATH_SIZE = 4096 };

/* N of "NAME-N.json", or 0. */
static unsigned number_of(const char *entry, const char *name)
{
    static const char end[] = ".json";
    size_t len = strlen(entry), start = strlen(name) + 1, tail = sizeof end - 1;
    uint64_t number;
    if (len <= start + tail || strncmp(entry, name, start - 1) != 0 || entry[start - 1] != '-' ||
        strcmp(entry + len - tail, end) != 0)
        return 0;
    enum err err = num_parse(entry + start, len - start - tail, 1, NUMBER_MAX, &number);
    return err == ERR_OK ? (unsigned)number : 0;
}

unsigned numbered_newest(const char *folder, const char *name)
{
    DIR *dir = opendir(folder);
    unsigned newest = 0;
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        unsigned number = number_of(entry->d_name, name);
        newest = number > newest ? number : newest;
    }
    if (dir)
        closedir(dir);
    return newest;
}

enum err numbered_read(const char *folder, const char *name, unsigned number, size_t most, json_t **out,
                       char says[static SAYS_SIZE])
{
    char path[PATH_SIZE];
    struct buf file = BUF_INIT(most);
    struct json_fault fault = {0};
    if (!number)
        return says_fail(says, ERR_NOT_FOUND, "there is no %s-N.json in its folder", name);
    if ((size_t)snprintf(path, sizeof path, "%s/%s-%u.json", folder, name, number) >= sizeof path)
        return says_fail(says, ERR_TOO_BIG, "the folder of %s has too long a name", name);
    enum err err = file_read(path, &file);
    if (err != ERR_OK)
        err = says_fail(says, err, "%s-%u.json %s", name, number, err_says(err));
    else if ((err = json_read_object(file.bytes, file.len, out, &fault)) != ERR_OK)
        err = says_fail(says, err, "%s-%u.json:%u: %s", name, number, fault.line, fault.says);
    buf_free(&file);
    return err;
}
