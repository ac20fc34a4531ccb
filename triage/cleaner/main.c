/* main.c -- recourse-cleaner: makes the copies that staff look at of the files that people attach.
 *
 * One for each desk, its own system user, one unix socket that only its vault may open. It holds no key, knows no
 * database and reaches no network; what it is given it keeps for minutes. Three layers, each with less than the one
 * above: the cleaner hears the vault and can start nothing (room.h), the starter starts (starter.h), a runner and its
 * tools see one file (runner.h). */
#include <pwd.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/base/conf.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/sandbox.h"
#include "triage/cleaner/room.h"
#include "triage/cleaner/work.h"

struct settings {
    char *desk, *listen, *vault_user, *work, *user;
    int64_t bytes_mib, memory_mib, seconds;
};

static const struct conf_row rows[] = {
    {"desk", "code", CONF_TEXT, offsetof(struct settings, desk), NULL, 1, 16, 0, "the desk it works for"},
    {"sockets", "listen", CONF_PATH, offsetof(struct settings, listen), NULL, 0, 0, 0, "where the vault finds us"},
    {"sockets", "vault_user", CONF_TEXT, offsetof(struct settings, vault_user), "", 0, 32, 0,
     "system user of the vault; empty: the same as ours"},
    {"work", "folder", CONF_PATH, offsetof(struct settings, work), NULL, 0, 0, 0,
     "where files stand while they are cleaned; best in memory (a tmpfs)"},
    {"limits", "bytes_mib", CONF_NUMBER, offsetof(struct settings, bytes_mib), "544", 160, 65536, 0,
     "MiB that all files take there; the largest file is half of what is above 128"},
    {"limits", "memory_mib", CONF_NUMBER, offsetof(struct settings, memory_mib), "1024", 256, 65536, 0,
     "MiB of memory for one program"},
    {"limits", "seconds", CONF_NUMBER, offsetof(struct settings, seconds), "60", 1, 3600, 0, "that one file may take"},
    {"run", "user", CONF_TEXT, offsetof(struct settings, user), "", 0, 32, 0, "drop to this user; empty: stay"},
    {0},
};

static void read_settings(int argc, char **argv, struct settings *settings)
{
    char says[256];
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        puts("recourse-cleaner " RECOURSE_VERSION);
        _exit(fflush(stdout) == 0 ? 0 : 1);
    }
    if (argc == 2 && strcmp(argv[1], "--print-config") == 0) {
        conf_print(rows, stdout);
        _exit(fflush(stdout) == 0 ? 0 : 1);
    }
    if (argc != 3 || strcmp(argv[1], "--config") != 0)
        err_die("Usage: recourse-cleaner --config FILE | --print-config | --version");
    if (conf_load(rows, argv[2], settings, says) != ERR_OK)
        err_die("%s", says);
    if (strlen(settings->work) >= STARTER_PATH)
        err_die("The path of the folder for work is too long.");
}

static uid_t uid_of(const char *user)
{
    const struct passwd *who = *user ? getpwnam(user) : NULL;
    return who ? who->pw_uid : geteuid();
}

static void stop(void *loop, int signal_number)
{
    (void)signal_number;
    loop_stop(loop);
}

int main(int argc, char **argv)
{
    static struct settings settings;
    mem_wipe_libraries();
    sandbox_begin();
    log_open("cleaner", LOG_INFO);
    read_settings(argc, argv, &settings);
    const char *user = *settings.user ? settings.user : NULL;
    uid_t vault = uid_of(settings.vault_user);
    work_begin(settings.work);

    const struct runner_limits limits = {.memory = (uint64_t)settings.memory_mib << 20,
                                         .seconds = (uint32_t)settings.seconds,
                                         .own_user = *settings.vault_user && uid_of(settings.user) != vault};
    int starter = starter_fork(settings.work, &limits, user);
    struct loop *loop = loop_new();
    struct cleaner *cleaner = cleaner_new(loop, settings.work, (uint64_t)settings.bytes_mib << 20, starter);
    const struct frame_listen listen = {.path = settings.listen,
                                        .mode = 0666, /* the folder and the uid decide who comes in */
                                        .uids = &vault,
                                        .uid_count = 1,
                                        .payload_max = CLEANER_PAYLOAD_MAX,
                                        .peers_max = 2}; /* a vault, and the one that follows it */
    if (cleaner_open(cleaner, &listen) != ERR_OK)
        err_die("The socket for the vault cannot be made.");
    loop_on_signal(loop, SIGTERM, stop, loop);
    loop_on_signal(loop, SIGINT, stop, loop);
    signal(SIGHUP, SIG_IGN); /* there is nothing to be read again */
    int is_in_memory = work_is_in_memory(settings.work);
    const char *const own[] = {settings.work, NULL};
    const struct sandbox plan = {.calls = SANDBOX_CALLS_CLEANER, .write_paths = own, .room = "cleaner"};
    sandbox_enter(&plan, user);

    if (!is_in_memory)
        log_warn("clean_on_disk", LOG_NAME("desk", settings.desk));
    log_info("cleaner_ready", LOG_NAME("desk", settings.desk));
    loop_run(loop);
    cleaner_free(cleaner);
    loop_free(loop);
    conf_free(rows, &settings);
    return 0;
}
