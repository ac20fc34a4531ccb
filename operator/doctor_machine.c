/* doctor_machine.c -- the machine below: memory that could be written to a disk, the clock, room on the disks. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>

#include "operator/crew.h"
#include "operator/doctor.h"
#include "operator/progress.h"

enum { PROC_MAX = 8192, LEAST_PERCENT = 5 };
static const uint64_t LEAST_FREE = 1000 * 1000 * 1000;

/* ---- memory ---- */

/* A line under the heading is a place to swap to. */
static int has_swap(void)
{
    char text[PROC_MAX];
    doctor_proc("/proc/swaps", text, sizeof text);
    const char *line = strchr(text, '\n');
    return line && line[1] != '\0';
}

static void check_swap(struct doctor *d, const char *name, pid_t pid, int *bad)
{
    char path[64], text[PROC_MAX];
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    doctor_proc(path, text, sizeof text);
    const char *locked = doctor_proc_line(text, "VmLck:");
    if (strtol(locked, NULL, 10) > 0)
        return;
    doctor_bad(d, "swapoff -a, or let it lock memory (LimitMEMLOCK=infinity)",
               "%s holds keys in memory that may be written to swap", name);
    *bad = 1;
}

/* A process that may not be dumped belongs to root in /proc. */
static void check_core(struct doctor *d, const char *name, pid_t pid, int to_program, int *bad)
{
    char path[64], text[PROC_MAX];
    struct stat st;
    snprintf(path, sizeof path, "/proc/%d", (int)pid);
    if (stat(path, &st) != 0 || st.st_uid == 0)
        return;
    snprintf(path, sizeof path, "/proc/%d/limits", (int)pid);
    doctor_proc(path, text, sizeof text);
    int has_limit = strtol(doctor_proc_line(text, "Max core file size"), NULL, 10) == 0 &&
                    *doctor_proc_line(text, "Max core file size") == '0';
    if (has_limit && !to_program)
        return;
    doctor_bad(d, "sysctl kernel.core_pattern=core fs.suid_dumpable=0, then start it again",
               "%s may leave a core file with what it holds", name);
    *bad = 1;
}

void doctor_memory(struct doctor *d)
{
    struct crew_member members[CREW_MAX];
    size_t count = crew_list(d->house, members), ignored;
    char pattern[256];
    int swap = has_swap(), bad_swap = 0, bad_core = 0;
    doctor_proc("/proc/sys/kernel/core_pattern", pattern, sizeof pattern);
    for (size_t i = 0; i < count; i++) {
        pid_t pid = doctor_process_of(d, members[i].name, &ignored);
        if (pid && swap && members[i].kind->holds_keys)
            check_swap(d, members[i].name, pid, &bad_swap);
        if (pid)
            check_core(d, members[i].name, pid, pattern[0] == '|', &bad_core);
    }
    if (!bad_swap)
        doctor_good(d, "memory: %s",
                    swap ? "there is swap, and what runs and holds keys has locked its memory" : "there is no swap");
    if (!bad_core)
        doctor_good(d, "memory: no process leaves a core file");
}

/* ---- clock ---- */

void doctor_clock(struct doctor *d)
{
    struct timex state = {0};
    int answer = adjtimex(&state);
    if (answer < 0)
        doctor_bad(d, "look at it as root", "clock: the kernel does not tell whether it is kept right");
    else if (answer == TIME_ERROR || (state.status & STA_UNSYNC))
        doctor_bad(d, "apt-get install chrony",
                   "clock: nobody keeps it right, and last days, checkpoints and certificates hang on it");
    else
        doctor_good(d, "clock: it is kept right");
}

/* ---- room ---- */

static void check_space(struct doctor *d, const char *what, const char *path)
{
    struct statvfs fs;
    char size[PROGRESS_SIZE], cure[DOCTOR_CURE];
    if (statvfs(path, &fs) != 0)
        return;
    uint64_t there = (uint64_t)fs.f_bavail * fs.f_frsize, all = (uint64_t)fs.f_blocks * fs.f_frsize;
    unsigned percent = all ? (unsigned)(there * 100 / all) : 100;
    progress_size(there, size);
    snprintf(cure, sizeof cure, "make room on the file system of %s (docs/operating.md, A full disk)", path);
    if (there < LEAST_FREE || percent < LEAST_PERCENT)
        doctor_bad(d, cure, "%s: %s are free, %u %%", what, size, percent);
    else if (fs.f_files && fs.f_favail < fs.f_files / 100)
        doctor_bad(d, cure, "%s: there is room, and hardly a file can be made any more", what);
    else
        doctor_good(d, "%s: %s are free, %u %%", what, size, percent);
}

void doctor_space(struct doctor *d)
{
    static const struct {
        const char *path, *what;
    } PLACES[] = {{"", "disk of the installation"},
                  {"pg", "disk of the database"},
                  {"log", "disk of the logs"},
                  {"spool/intake", "disk of rows that wait"},
                  {"spool/sms", "disk of texts that wait"}};
    struct stat first, st;
    char path[HOUSE_PATH];
    if (stat(d->house->dir, &first) != 0)
        return;
    for (size_t i = 0; i < sizeof PLACES / sizeof *PLACES; i++) {
        house_path(d->house, path, "%s", PLACES[i].path);
        if (stat(path, &st) == 0 && (i == 0 || st.st_dev != first.st_dev))
            check_space(d, PLACES[i].what, path);
    }
}
