/* rules_load.c -- which file of rules counts: the newest that can be read. Older ones stay, by their number, so that
 * what they proposed can be proposed again. Neighbour: rules_read.c. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "common/base/file.h"
#include "common/base/num.h"
#include "common/text/json.h"
#include "triage/vault/rules.h"

/* N of "rules-N.json", or 0. */
static unsigned number_of(const char *name)
{
    static const char start[] = "rules-", end[] = ".json";
    size_t len = strlen(name);
    uint64_t number;
    if (len <= sizeof start - 1 + sizeof end - 1 || strncmp(name, start, sizeof start - 1) != 0 ||
        strcmp(name + len - (sizeof end - 1), end) != 0)
        return 0;
    return num_parse(name + sizeof start - 1, len - (sizeof start - 1) - (sizeof end - 1), 1, RULES_VERSION_MAX,
                     &number) == ERR_OK
               ? (unsigned)number
               : 0;
}

/* The highest number below `before`; 0: none. */
static unsigned newest_before(const char *folder, unsigned before)
{
    DIR *dir = opendir(folder);
    unsigned newest = 0;
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        unsigned number = number_of(entry->d_name);
        newest = number > newest && number < before ? number : newest;
    }
    if (dir)
        closedir(dir);
    return newest;
}

static enum err read_file(const char *path, unsigned version, json_t **json, char says[static SAYS_SIZE])
{
    struct buf file = BUF_INIT(RULES_FILE_MAX);
    struct json_fault fault = {0};
    enum err err = file_read(path, &file);
    if (err != ERR_OK)
        err = says_fail(says, err, "rules-%u.json %s", version, err_says(err));
    else if ((err = json_read_object(file.bytes, file.len, json, &fault)) != ERR_OK)
        err =
            says_fail(says, err, "rules-%u.json line %u column %u: %s", version, fault.line, fault.column, fault.says);
    buf_free(&file);
    return err;
}

enum err rules_load_version(const char *folder, unsigned version, struct rules **out, char says[static SAYS_SIZE])
{
    char path[4096];
    json_t *json = NULL;
    if ((size_t)snprintf(path, sizeof path, "%s/rules-%u.json", folder, version) >= sizeof path)
        return says_fail(says, ERR_TOO_BIG, "the folder of rules has too long a name");
    enum err err = read_file(path, version, &json, says);
    if (err != ERR_OK)
        return err;
    err = rules_from(json, out, says);
    json_decref(json);
    if (err == ERR_OK && rules_version(*out) != version) {
        err = says_fail(says, ERR_CONFLICT, "its version is %u", rules_version(*out));
        rules_free(*out);
    }
    if (err != ERR_OK)
        says_where(says, "rules-%u.json", version);
    return err;
}

enum err rules_load(const char *folder, struct rules **out, char says[static SAYS_SIZE])
{
    char fault[SAYS_SIZE] = "";
    enum err err = ERR_NOT_FOUND;
    *says = 0;
    for (unsigned version = newest_before(folder, RULES_VERSION_MAX + 1); version;
         version = newest_before(folder, version)) {
        enum err one = rules_load_version(folder, version, out, fault);
        if (one == ERR_OK)
            return ERR_OK;
        if (!*says) /* what is wrong with the newest is what its writer has to hear */
            err = says_fail(says, one, "%s", fault);
    }
    return *says ? err : says_fail(says, ERR_NOT_FOUND, "there is no rules-N.json in the folder of rules");
}
