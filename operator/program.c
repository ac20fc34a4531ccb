/* program.c -- see program.h. */
#include "operator/program.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "operator/crew.h"
#include "operator/process.h"
#include "operator/say.h"

/* What processes read at start, below the share folder. Code is not among it. */
static const char *const SHARED[] = {
    "intake/pages", "intake/languages", "sms-gateway/languages",  "triage/console/pages", "triage/console/languages",
    "triage/rules", "triage/codes",     "triage/vault/languages", "triage/deadlines",
};
enum { SHARED_COUNT = sizeof SHARED / sizeof *SHARED };

static void folder_of_this_command(char out[static HOUSE_PATH])
{
    char path[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", path, sizeof path - 1);
    if (len <= 0)
        err_die("This command cannot tell where it lies.");
    path[len] = '\0';
    *strrchr(path, '/') = '\0';
    if (strlen(path) >= HOUSE_PATH - 32)
        err_die("%s is too long.", path);
    snprintf(out, HOUSE_PATH, "%.*s", HOUSE_PATH - 32, path);
}

static const char *share_folder(void)
{
    const char *elsewhere = getenv("RECOURSE_SHARE");
    return elsewhere && *elsewhere ? elsewhere : RECOURSE_SHARE;
}

void program_shared(char out[static HOUSE_PATH], const char *below)
{
    if (snprintf(out, HOUSE_PATH, "%s/%s", share_folder(), below) >= HOUSE_PATH)
        err_die("%s is too long.", share_folder());
}

static void copy(const struct house *house, const char *from, const char *into)
{
    const char *argv[] = {"/bin/cp", "-RLu", "--preserve=timestamps", from, into, NULL};
    struct process_plan plan = {.argv = argv, .end_signal = 9, .output = -1};
    if (process_run(house, &plan) != 0)
        err_die("%s cannot be copied to %s.", from, into);
}

/* DIR/program/share/intake/pages and the folders above it, enterable by all. */
static void make_folders(const struct house *house, const char *below)
{
    char path[HOUSE_PATH];
    house_path(house, path, "program/%s", below);
    for (char *slash = strstr(path, "/program/") + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        crew_folder(house, path, NULL, 0755);
        *slash = '/';
    }
    crew_folder(house, path, NULL, 0755);
}

static void copy_all(const struct house *house, struct program *program)
{
    char from[HOUSE_PATH * 2], into[HOUSE_PATH];
    struct crew_member members[CREW_MAX];
    size_t count = crew_list(house, members);
    mode_t before = umask(022);
    make_folders(house, "bin");
    house_path(house, into, "program/bin/");
    for (size_t i = 0; i < count; i++) {
        snprintf(from, sizeof from, "%s/%s", program->bin, members[i].kind->program);
        copy(house, from, into);
    }
    for (size_t i = 0; i < SHARED_COUNT; i++) {
        char below[128];
        snprintf(below, sizeof below, "share/%s", SHARED[i]);
        make_folders(house, below);
        snprintf(from, sizeof from, "%s/%s/.", program->share, SHARED[i]);
        house_path(house, into, "program/%s/", below);
        copy(house, from, into);
    }
    umask(before);
    house_path(house, program->bin, "program/bin");
    house_path(house, program->share, "program/share");
}

static void need_all(const struct house *house, const struct program *program)
{
    char path[HOUSE_PATH * 2];
    struct crew_member members[CREW_MAX];
    size_t count = crew_list(house, members);
    for (size_t i = 0; i < count; i++) {
        snprintf(path, sizeof path, "%s/%s", program->bin, members[i].kind->program);
        if (access(path, X_OK) != 0)
            err_die("%s is missing: build all of it (./run does).", path);
    }
}

void program_find(const struct house *house, struct program *out)
{
    folder_of_this_command(out->bin);
    if (snprintf(out->share, HOUSE_PATH, "%s", share_folder()) >= HOUSE_PATH)
        err_die("%s is too long.", share_folder());
    need_all(house, out);
    if (house->separate && (!house_is_reachable(out->bin) || !house_is_reachable(out->share))) {
        say("The programs lie where other users cannot reach them: copies in %s/program are used.", house->dir);
        copy_all(house, out);
    }
}
