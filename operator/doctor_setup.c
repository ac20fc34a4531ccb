/* doctor_setup.c -- how the installation is set up: users, passphrase, host names, where the office's keys lie. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "operator/doctor.h"

static void check_names(struct doctor *d)
{
    const struct house *house = d->house;
    if (strcasecmp(house->public_name, house->staff_name) != 0)
        doctor_good(d, "people and staff have host names of their own");
    else if (!house->locked)
        doctor_good(d, "people and staff share a host name, which a demonstration may");
    else
        doctor_bad(d, "recourse.ini: give [http] staff_name a name of its own",
                   "people and staff share the host name %.100s, and a port is no boundary for cookies",
                   house->staff_name);
}

static void check_signin(struct doctor *d)
{
    const struct house *house = d->house;
    int is_required = strcmp(house_second_factor(house), "required") == 0;
    if (is_required)
        doctor_good(d, "staff sign in with a second factor");
    else if (!house->locked)
        doctor_good(d, "staff may do without a second factor, which a demonstration may");
    else
        doctor_bad(d, "recourse.ini: [signin] second_factor = required, then start again",
                   "staff may sign in without a second factor: a password that leaks opens the desk");
    if (house->locked && house->recovery_hours < 24)
        doctor_bad(d, "recourse.ini: [signin] recovery_hours = 24",
                   "who is let in anew by others has less than a day to stop it");
}

static void check_offline(struct doctor *d)
{
    static const struct {
        const char *file, *what;
    } OFFLINE[] = {{"root.seed", "the root seed, which signs the list of keys,"},
                   {"auditor.key", "the auditors' key, which opens the log,"}};
    char cure[DOCTOR_CURE];
    for (size_t i = 0; i < 2; i++)
        if (!house_has(d->house, "offline/%s", OFFLINE[i].file)) {
            doctor_good(d, "%s is kept away from this machine", OFFLINE[i].what);
        } else {
            snprintf(cure, sizeof cure, "copy it to two places, then shred -u %s/offline/%s", d->house->dir,
                     OFFLINE[i].file);
            doctor_bad(d, cure, "%s is on this machine", OFFLINE[i].what);
        }
}

void doctor_setup(struct doctor *d)
{
    if (d->house->separate)
        doctor_good(d, "every process has a system user of its own");
    else
        doctor_bad(
            d, "make one as root (docs/operating.md) and restore a backup into it: each process then has its own user",
            "all processes share one system user: one that is taken over reads the others' secrets");
    if (d->house->locked)
        doctor_good(d, "desk keys lie under a passphrase");
    else
        doctor_bad(d, "make an installation for real reports with: recourse init --locked",
                   "desk keys lie in files without a passphrase: this is a demonstration");
    check_names(d);
    check_signin(d);
    check_offline(d);
}
