/* cmd_audit.c -- recourse audit verify: is everything there, unchanged and in its order? Nothing is opened for it, and
 * the database is not believed: what it holds is held against signatures and published checkpoints.
 *
 * Exit 0: nothing wrong; 1: something is. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "operator/audit_read.h"
#include "operator/commands.h"
#include "operator/house_public.h"
#include "operator/say.h"

enum { PAUSE_S = 2 };

static void verify_once(struct audit_reading *reading, const struct manifest *manifest, struct audit_report *out)
{
    struct audit_source source = audit_read_source(reading);
    if (audit_verify(manifest, &source, out) != ERR_OK)
        err_die("The list of keys names none for checkpoints.");
    if (reading->shows_progress)
        fprintf(stderr, "\r%40s\r", "");
}

/* The installation may be running: what was written between two readings is no finding. */
static void verify(struct audit_reading *reading, const struct manifest *manifest, struct audit_report *out)
{
    struct audit_report again;
    verify_once(reading, manifest, out);
    if (out->found.count == 0)
        return;
    struct timespec pause = {.tv_sec = PAUSE_S};
    nanosleep(&pause, NULL);
    verify_once(reading, manifest, &again);
    audit_findings_only_both(&out->found, &again.found);
    audit_findings_free(&again.found);
}

static void tell(const struct audit_report *report)
{
    for (size_t i = 0; i < report->found.kept; i++)
        say("WRONG: %s", report->found.sentences[i]);
    if (report->found.count > report->found.kept)
        say("WRONG: and %" PRIu64 " more.", report->found.count - report->found.kept);
    say("Log entries: %" PRIu64 " in order, %" PRIu64 " newer than the last checkpoint, %" PRIu64
        " waiting for a place.",
        report->log.leaves, report->log.newer, report->log.waiting);
    say("Checkpoints: %" PRIu64 ".", report->log.checkpoints);
    audit_verify_say_cases(report);
    say("Staff records: %" PRIu64 ". Versions of impacts: %" PRIu64 ". Signed counts of rows: %" PRIu64 ".",
        report->records, report->impacts, report->counts);
    if (report->found.count)
        say("%" PRIu64 " things are wrong.", report->found.count);
    else
        say("Nothing is wrong.");
}

int command_audit_verify(struct house *house, int argc, char *const *argv, const char *usage)
{
    struct args_list files = {.count = 0};
    struct audit_reading reading;
    struct audit_report report;
    struct manifest manifest;
    const struct args_row rows[] = {{"--checkpoints", ARGS_LIST, &files, 0}, {0}};
    args_read(rows, argc, argv, usage);
    house_public_manifest(house, &manifest);
    audit_read_open(&reading, house, &files);
    if (reading.file_count == 0)
        say("No checkpoint was kept outside the database: a database that was rolled back cannot be told from a whole "
            "one.");
    verify(&reading, &manifest, &report);
    tell(&report);
    int code = report.found.count ? 1 : 0;
    audit_findings_free(&report.found);
    audit_read_close(&reading);
    return code;
}
