/* crew.c -- see crew.h. Capabilities go by raw system calls, as in common/base/sandbox.c. */
#include "operator/crew.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/code.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/rng.h"

/* The public doors first: they take reports while the desks are locked. Keys and cleaner stand before the vault that
 * asks them. */
static const struct crew_kind KINDS[] = {
    {"intake", "recourse-intake", "recourse-intake", 0, 0, 0, 10, NULL, 0},
    {"sms", "recourse-sms", "recourse-sms", 0, 0, 0, 12, NULL, 0},
    {"keys", "recourse-keys", "recourse-keys", 1, 1, 1, 0, "desk.key", 0},
    {"clean", "recourse-cleaner", "recourse-clean", 1, 0, 1, 0, NULL, 1},
    {"vault", "recourse-vault", "recourse-vault", 1, 1, 1, 0, NULL, 0},
    {"console", "recourse-triage", "recourse-triage", 0, 0, 1, 11, NULL, 0},
};
enum { KIND_COUNT = sizeof KINDS / sizeof *KINDS };

static struct crew_member member_of(const struct crew_kind *kind, const char *desk)
{
    struct crew_member member = {.kind = kind, .desk = desk};
    const char *dash = desk ? "-" : "", *code = desk ? desk : "";
    snprintf(member.name, CREW_NAME, "%s%s%s", kind->name, dash, code);
    snprintf(member.user, CREW_NAME, "%s%s%s", kind->user, dash, code);
    return member;
}

size_t crew_list(const struct house *house, struct crew_member out[static CREW_MAX])
{
    size_t count = 0;
    for (size_t k = 0; k < KIND_COUNT; k++) {
        if (!KINDS[k].per_desk)
            out[count++] = member_of(&KINDS[k], NULL);
        for (size_t d = 0; KINDS[k].per_desk && d < house->desk_count; d++)
            out[count++] = member_of(&KINDS[k], house->desks[d].name);
    }
    return count;
}

/* ---- users ---- */

static void make_user(const char *user)
{
    if (getpwnam(user))
        return;
    pid_t child = fork();
    if (child == 0) {
        execl("/usr/sbin/useradd", "useradd", "--system", "--user-group", "--no-create-home", "--home-dir",
              "/nonexistent", "--shell", "/usr/sbin/nologin", user, (char *)NULL);
        _exit(127);
    }
    int status = -1;
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
        err_die("The system user %s cannot be made (useradd --system).", user);
}

void crew_make_users(const struct house *house)
{
    struct crew_member members[CREW_MAX];
    size_t count = crew_list(house, members);
    if (!house->separate)
        return;
    if (house->own_database)
        make_user(CREW_DATABASE_USER);
    for (size_t i = 0; i < count; i++)
        make_user(members[i].user);
}

void crew_ids(const struct house *house, const char *user, uid_t *uid, gid_t *gid)
{
    *uid = geteuid();
    *gid = getegid();
    if (!house->separate || !user)
        return;
    const struct passwd *who = getpwnam(user);
    if (!who)
        err_die("There is no system user %s: run recourse init again.", user);
    *uid = who->pw_uid;
    *gid = who->pw_gid;
}

/* ---- the change of user ---- */

static _Noreturn void cannot(const char *what)
{
    fprintf(stderr, "recourse: %s: %s\n", what, strerror(errno));
    _exit(127);
}

/* An ambient capability survives the exec of a program that is not set-uid. */
static void keep_lock_capability(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {0};
    data[0].permitted = data[0].effective = data[0].inheritable = 1u << CAP_IPC_LOCK;
    /* Where it cannot be had (a container) the process itself says so and decides. */
    if (syscall(SYS_capset, &header, data) == 0)
        (void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_IPC_LOCK, 0, 0);
}

void crew_become(const struct house *house, const char *user, int holds_keys, int signal_at_end, pid_t parent)
{
    if (house->separate) {
        uid_t uid;
        gid_t gid;
        crew_ids(house, user, &uid, &gid);
        (void)prctl(PR_SET_KEEPCAPS, holds_keys);
        if (setgroups(0, NULL) != 0 || setgid(gid) != 0 || setuid(uid) != 0)
            cannot("the user cannot be changed");
        if (holds_keys)
            keep_lock_capability();
    }
    /* After the change of user, which clears it. */
    if (prctl(PR_SET_PDEATHSIG, signal_at_end) != 0)
        cannot("the end of the launcher cannot be watched");
    if (getppid() != parent)
        _exit(127);
}

/* ---- folders and secrets ---- */

void crew_give(const struct house *house, const char *path, const char *user)
{
    uid_t uid;
    gid_t gid;
    crew_ids(house, user, &uid, &gid);
    if (house->separate && lchown(path, uid, gid) != 0)
        err_die("%s cannot be given to %s: %s.", path, user ? user : "root", strerror(errno));
}

void crew_folder(const struct house *house, const char *path, const char *user, mode_t mode)
{
    if (mkdir(path, mode) != 0 && errno != EEXIST)
        err_die("The folder %s cannot be made: %s.", path, strerror(errno));
    crew_give(house, path, user);
    if (chmod(path, mode) != 0)
        err_die("The permissions of %s cannot be set: %s.", path, strerror(errno));
}

void crew_secret(const struct house *house, const char *path, const char *user, const void *bytes, size_t len)
{
    if (file_write_secret(path, bytes, len) != ERR_OK)
        err_die("%s cannot be written: %s.", path, strerror(errno));
    crew_give(house, path, user);
}

void crew_secret_hex(const struct house *house, const char *path, const char *user, const uint8_t *bytes, size_t len)
{
    char text[CODE_HEX_SIZE(CREW_HEX_BYTES)];
    need(len <= CREW_HEX_BYTES);
    code_hex(bytes, len, text);
    text[CODE_HEX_SIZE(len) - 1] = '\n'; /* in the place of the NUL, which no file has */
    crew_secret(house, path, user, text, CODE_HEX_SIZE(len));
    mem_wipe(text, sizeof text);
}

void crew_random_secret(const struct house *house, const char *path, const char *user, size_t count)
{
    uint8_t bytes[CREW_HEX_BYTES];
    need(count <= sizeof bytes);
    if (access(path, F_OK) == 0)
        return;
    rng_bytes(bytes, count);
    crew_secret_hex(house, path, user, bytes, count);
    mem_wipe(bytes, sizeof bytes);
}
