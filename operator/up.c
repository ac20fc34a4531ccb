/* up.c -- `recourse up`: bring an installation up, stay with it, and take all of it down again.
 *
 * Order: database, migrations, the public doors, keys, vaults, console. With locked keys the doors take reports while a
 * child of ours asks for the passphrase, so that the launcher itself never holds it. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/num.h"
#include "operator/args.h"
#include "operator/commands.h"
#include "operator/database.h"
#include "operator/demo.h"
#include "operator/greet.h"
#include "operator/init.h"
#include "operator/launcher.h"
#include "operator/say.h"
#include "operator/schema.h"
#include "operator/settings.h"
#include "operator/unlock.h"
#include "operator/watch.h"

enum { SLOW_MS = 60000, QUICK_TURN_MS = 40, CALM_TURN_MS = 1000 };

struct up {
    struct house *house;
    struct program program;
    struct watch watch;
    int64_t port;
    int demo;
};

/* ---- before anything runs ---- */

static void prepare(struct house *house, const struct init_options *options)
{
    if (house->exists && options->locked && !house->locked)
        err_die("The key files of this installation have no passphrase. Start it without --locked, or make a new one.");
    if (house->exists && options->database && house->own_database)
        err_die("This installation has a database of its own. Start it without --database, or make a new one.");
    if (house->exists && options->database)
        database_keep_url(house, options->database);
    if (!house->exists)
        say("Making a new installation in %s.", house->dir);
    init_house(house, options);
}

static void say_mode(const struct house *house)
{
    if (!house->separate)
        say("Started without root: all processes share one system user, so that one that is taken over can reach the "
            "others' secrets.");
    if (!house->locked)
        say("Demonstration mode: the desks' private keys lie in files without a passphrase. For real reports make an "
            "installation with --locked.");
}

/* ---- coming up ---- */

/* Until `is_so`; ERR_CANCELLED, ERR_SYSTEM as watch_turn(). */
static enum err wait_until(struct up *up, int after_unlock)
{
    char waiting_for[HOUSE_PATH];
    int64_t slow = clock_ms() + SLOW_MS;
    while (!greet_answers(up->house, up->port, after_unlock, waiting_for)) {
        enum err err = watch_turn(&up->watch, QUICK_TURN_MS, 0);
        if (err != ERR_OK)
            return err;
        if (clock_ms() > slow) {
            say_wrong("%s does not answer: %s/log/%s.log may say why.", waiting_for, up->house->dir, waiting_for);
            return ERR_SYSTEM;
        }
    }
    return ERR_OK;
}

static enum err unlock_here(const struct up *up)
{
    return unlock_desks(up->house, NULL);
}

static enum err fill_here(const struct up *up)
{
    return demo_fill(up->house, up->port);
}

/* What takes long or holds a secret is done by a child, in the terminal's foreground where Ctrl-C reaches it. The watch
 * buries it. */
static void in_child(struct up *up, enum err (*work)(const struct up *up))
{
    pid_t parent = getpid();
    fflush(NULL);
    pid_t child = fork();
    if (child != 0) {
        watch_errand(&up->watch, child);
        return;
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(1);
    _exit(work(up) == ERR_OK ? 0 : 1);
}

/* In a child, because a mistake in recourse.ini ends it with a sentence. */
static void reload(struct up *up)
{
    int status = -1;
    up->watch.reload = 0;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        house_reload(up->house);
        settings_write(up->house, &up->program, up->port);
        _exit(0);
    }
    if (child > 0 && waitpid(child, &status, 0) == child && status == 0)
        watch_hang_up(&up->watch);
    else
        say_wrong("The settings stay as they were.");
}

/* Locked vaults are unlocked here or by `recourse unlock`, whichever comes first. */
static enum err wait_for_unlock(struct up *up)
{
    struct termios shown;
    int terminal = tcgetattr(STDIN_FILENO, &shown) == 0;
    int64_t slow = clock_ms() + SLOW_MS;
    enum err err = ERR_OK;
    if (up->house->locked)
        in_child(up, unlock_here);
    while (err == ERR_OK && !greet_is_unlocked(up->house)) {
        err = watch_turn(&up->watch, up->house->locked ? CALM_TURN_MS : QUICK_TURN_MS, 0);
        if (up->watch.reload)
            reload(up);
        if (!up->house->locked && clock_ms() > slow) {
            say_wrong("A vault does not unlock: %s/log/vault-*.log may say why.", up->house->dir);
            err = ERR_SYSTEM;
        }
    }
    watch_errand_end(&up->watch);
    /* It may have ended while the terminal showed nothing. */
    if (up->house->locked && terminal)
        tcsetattr(STDIN_FILENO, TCSADRAIN, &shown);
    return err;
}

static enum err come_up(struct up *up)
{
    enum err err = up->house->own_database ? watch_start_database(&up->watch) : ERR_OK;
    if (err == ERR_OK)
        err = schema_bring_up(up->house);
    if (err != ERR_OK)
        return err;
    watch_start(&up->watch, 0);
    watch_start(&up->watch, 1);
    err = wait_until(up, 0);
    if (err == ERR_OK)
        err = wait_until(up, 1);
    /* After the vaults answer: who reads this may unlock, and must not be told that nothing runs. */
    if (err == ERR_OK && up->house->locked) {
        say("The vaults are locked. Reports are taken meanwhile:");
        greet_addresses(up->house, up->port);
    }
    if (err == ERR_OK)
        err = wait_for_unlock(up);
    if (err != ERR_OK)
        return err;
    say("recourse is running; Ctrl-C stops it.");
    greet_addresses(up->house, up->port);
    int fresh = greet_first_officer(up->house);
    if (up->demo && fresh)
        in_child(up, fill_here);
    else if (up->demo)
        say("--demo fills a fresh installation alone; this one stays as it is.");
    return ERR_OK;
}

/* ---- staying ---- */

static enum err stay(struct up *up)
{
    enum err err;
    while ((err = watch_turn(&up->watch, CALM_TURN_MS, 1)) == ERR_OK)
        if (up->watch.reload)
            reload(up);
    return err;
}

int command_up(struct house *house, int argc, char *const *argv, const char *usage)
{
    struct init_options options = {0};
    struct up up = {.house = house};
    uint64_t port;
    const struct args_row rows[] = {
        {"--port", ARGS_TEXT, &options.port, 0},     {"--database", ARGS_TEXT, &options.database, 0},
        {"--locked", ARGS_FLAG, &options.locked, 0}, {"--no-budgets", ARGS_FLAG, &options.no_budgets, 0},
        {"--demo", ARGS_FLAG, &options.demo, 0},     {0},
    };
    args_read(rows, argc, argv, usage);
    up.demo = options.demo;
    prepare(house, &options);
    launcher_hold(house);
    up.port = house->port;
    if (options.port && num_parse(options.port, strlen(options.port), 1024, 65000, &port) == ERR_OK)
        up.port = (int64_t)port;
    else if (options.port)
        err_die("--port wants a number from 1024 to 65000.");
    program_find(house, &up.program);
    settings_write(house, &up.program, up.port);
    say_mode(house);
    watch_begin(&up.watch, house, &up.program);
    enum err err = come_up(&up);
    if (err == ERR_OK)
        err = stay(&up);
    say("Stopping.");
    watch_stop(&up.watch);
    say("Everything is stopped.");
    return err == ERR_CANCELLED ? 0 : 1;
}
