/* main.c -- recourse-keys: the desk's private keys, and nothing else.
 *
 * One process for each desk, its own system user, one unix socket that only its vault may open. It parses no text,
 * knows no database and reaches no network. The order of main() is its security story: every line needs something that
 * the sandbox takes away for good, and what comes later has it no more. Neighbours: keyfile.h (the file of keys),
 * room.h (what the vault may ask). */
#include <pwd.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/base/conf.h"
#include "common/base/frame.h"
#include "common/base/log.h"
#include "common/base/loop.h"
#include "common/base/mem.h"
#include "common/base/sandbox.h"
#include "common/seal/hpke.h"
#include "triage/keys/keyfile.h"
#include "triage/keys/room.h"

struct settings {
    char *desk, *listen, *vault_user, *file, *user;
    int64_t office;
};

static const struct conf_row rows[] = {
    {"desk", "code", CONF_TEXT, offsetof(struct settings, desk), NULL, 1, 16, 0, "the desk these keys belong to"},
    {"desk", "office", CONF_NUMBER, offsetof(struct settings, office), "1", 1, UINT32_MAX, 0, "the office's number"},
    {"sockets", "listen", CONF_PATH, offsetof(struct settings, listen), NULL, 0, 0, 0, "where the vault finds us"},
    {"sockets", "vault_user", CONF_TEXT, offsetof(struct settings, vault_user), "", 0, 32, 0,
     "system user of the vault; empty: the same as ours"},
    {"keys", "file", CONF_PATH, offsetof(struct settings, file), NULL, 0, 0, 0, "the desk's key file"},
    {"run", "user", CONF_TEXT, offsetof(struct settings, user), "", 0, 32, 0, "drop to this user; empty: stay"},
    {0},
};

static void usage(void)
{
    err_die("Usage: recourse-keys --config FILE | --print-config | --version");
}

static void read_settings(int argc, char **argv, struct settings *settings)
{
    char says[256];
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        puts("recourse-keys " RECOURSE_VERSION);
        _exit(fflush(stdout) == 0 ? 0 : 1);
    }
    if (argc == 2 && strcmp(argv[1], "--print-config") == 0) {
        conf_print(rows, stdout);
        _exit(fflush(stdout) == 0 ? 0 : 1);
    }
    if (argc != 3 || strcmp(argv[1], "--config") != 0)
        usage();
    if (conf_load(rows, argv[2], settings, says) != ERR_OK)
        err_die("%s", says);
}

static uid_t uid_of(const char *user)
{
    const struct passwd *who = *user ? getpwnam(user) : NULL;
    return who ? who->pw_uid : geteuid();
}

static void read_keys(const char *path, struct buf *out)
{
    enum err err = keyfile_read(path, out);
    if (err == ERR_DENIED)
        err_die("The key file may be read by others; it must have mode 0600.");
    if (err != ERR_OK)
        err_die("The key file cannot be read: it %s.", err_says(err));
}

static void stop(void *loop, int signal_number)
{
    (void)signal_number;
    loop_stop(loop);
}

int main(int argc, char **argv)
{
    static struct settings settings;
    struct buf file = BUF_INIT(KEYFILE_BYTES_MAX);
    mem_wipe_libraries();
    sandbox_begin();
    log_open("keys", LOG_INFO);
    read_settings(argc, argv, &settings);
    read_keys(settings.file, &file);
    hpke_start();

    struct loop *loop = loop_new();
    uid_t vault = uid_of(settings.vault_user);
    struct keys_room *room = keys_room_new(loop, settings.desk, (uint32_t)settings.office, &file);
    struct frame_listen listen = {.path = settings.listen,
                                  .mode = 0666, /* the folder and the uid decide who comes in */
                                  .uids = &vault,
                                  .uid_count = 1,
                                  .payload_max = KEYS_PAYLOAD_MAX,
                                  .peers_max = 1};
    if (keys_room_open(room, &listen) != ERR_OK)
        err_die("The socket for the vault cannot be made.");
    loop_on_signal(loop, SIGTERM, stop, loop);
    loop_on_signal(loop, SIGINT, stop, loop);
    struct sandbox plan = {.calls = SANDBOX_CALLS_KEYS, .lock_memory = 1, .room = "keys"};
    sandbox_enter(&plan, *settings.user ? settings.user : NULL);

    log_info("keys_ready", LOG_NAME("desk", settings.desk), LOG_NUM("locked", keys_room_is_locked(room)));
    loop_run(loop);
    keys_room_free(room);
    loop_free(loop);
    conf_free(rows, &settings);
    return 0;
}
