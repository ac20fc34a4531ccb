/* cmd_doctor.c -- recourse doctor: what is unsafe, what is about to expire, what an upgrade would do. One table of
 * checks; each subject has a file of its own. Exit 1 when anything is BAD. */
#include <stdarg.h>
#include <stdio.h>

#include "operator/args.h"
#include "operator/commands.h"
#include "operator/doctor.h"
#include "operator/say.h"

static doctor_check_fn *const CHECKS[] = {
    doctor_setup,  doctor_secrets,  doctor_keys,   doctor_folders,   doctor_certificate, doctor_served,
    doctor_epochs, doctor_backups,  doctor_memory, doctor_processes, doctor_cleaner,     doctor_desks,
    doctor_spool,  doctor_database, doctor_clock,  doctor_space,
};

enum { LINE = 1024 };

void doctor_good(struct doctor *doctor, const char *format, ...)
{
    char text[LINE];
    va_list args;
    (void)doctor;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    say("good  %s", text);
}

void doctor_bad(struct doctor *doctor, const char *cure, const char *format, ...)
{
    char text[LINE];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    say("BAD   %s; %s", text, cure);
    doctor->bad++;
}

void doctor_cure(const struct doctor *doctor, char out[static DOCTOR_CURE], const char *format, ...)
{
    char rest[HOUSE_PATH];
    va_list args;
    va_start(args, format);
    vsnprintf(rest, sizeof rest, format, args);
    va_end(args);
    snprintf(out, DOCTOR_CURE, "recourse --data %s %s", doctor->house->dir, rest);
}

int command_doctor(struct house *house, int argc, char *const *argv, const char *usage)
{
    const struct args_row rows[] = {{0}};
    struct doctor doctor = {.house = house};
    args_read(rows, argc, argv, usage);
    for (size_t i = 0; i < sizeof CHECKS / sizeof *CHECKS; i++)
        CHECKS[i](&doctor);
    if (doctor.bad)
        say("%d things are BAD.", doctor.bad);
    return doctor.bad ? 1 : 0;
}
