/* cmd_reload.c -- recourse reload: a running installation reads its certificate, its list of keys and what of
 * recourse.ini may change again. Nothing ends, and nobody has to unlock. */
#include "operator/args.h"
#include "operator/commands.h"
#include "operator/launcher.h"
#include "operator/say.h"

int command_reload(struct house *house, int argc, char *const *argv, const char *usage)
{
    const struct args_row rows[] = {{0}};
    args_read(rows, argc, argv, usage);
    if (!launcher_reload(house))
        err_die("No `recourse up` runs here, so there is nothing to tell. Under systemd: systemctl reload "
                "recourse-intake recourse-sms recourse-console");
    say("Certificate, list of keys and settings are read again. A channel, a desk and whatever else is read at a start "
        "alone wait for the next one.");
    return 0;
}
